//! A folder of recordings with their glosses beside them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use body::import::{Clip, ClipComplaint, is_clip, read_clip};
use lexicon::Lexicon;
use motion::head::{Recording, Teacher};
use signing::SignSentence;

use crate::{SessionError, sentence_of_glosses};

/// A recording of a sentence.
#[derive(Debug)]
pub struct PoseClip {
    /// The recording on the body.
    pub clip: Clip,
    /// What is signed in it, as the lexicon has its signs.
    pub sentence: SignSentence,
    /// Its signs found in it.
    pub recording: Recording,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct PoseClips {
    /// Recordings that can be used, in the order of their names.
    pub clips: Vec<PoseClip>,
    /// What cannot: files, frames, glosses, signs.
    pub complaints: Vec<ClipComplaint>,
}

/// The file that has the glosses of many recordings: lines of a file's name, a tab, and glosses.
const LIST: &str = "glosses.tsv";

/// Reads every recording of a folder onto the teacher's body. Glosses stand in `NAME.txt` beside `NAME.bvh`, or in
/// `glosses.tsv`, with spaces between.
///
/// Errors: [`SessionError::NoClips`] if nothing can be used, with the first reason; a folder that can't be read.
pub fn pose_clips(folder: &Path, lexicon: &Lexicon, teacher: &Teacher) -> Result<PoseClips, SessionError> {
    let unread = |source| SessionError::Read { path: folder.to_owned(), source };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.is_file() && is_clip(&path) {
            files.push(path);
        }
    }
    files.sort();
    let list = list_of(&folder.join(LIST))?;
    let mut found = PoseClips::default();
    for path in files {
        let complain = |what: String| ClipComplaint { path: path.clone(), frame: None, what };
        match usable(&path, &list, lexicon, teacher) {
            Ok((clip, told)) => {
                found.complaints.extend(clip.clip.complaints.iter().cloned());
                found.complaints.extend(told.into_iter().map(complain));
                found.clips.push(clip);
            }
            Err(reason) => found.complaints.push(complain(reason)),
        }
    }
    if found.clips.is_empty() {
        let reason = found.complaints.first().map_or_else(
            || "it has no .bvh, .glb, .gltf or .pose file".to_owned(),
            |first| format!("none of its recordings can be used; the first: {first}"),
        );
        return Err(SessionError::NoClips { folder: folder.to_owned(), reason });
    }
    Ok(found)
}

fn list_of(path: &Path) -> Result<BTreeMap<String, String>, SessionError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(SessionError::Read { path: path.to_owned(), source }),
    };
    let rows = text.lines().filter_map(|line| line.split_once('\t'));
    Ok(rows.map(|(name, glosses)| (name.trim().to_owned(), glosses.to_owned())).collect())
}

/// A recording with what is odd about it, or why it can't be used.
fn usable(
    path: &Path,
    list: &BTreeMap<String, String>,
    lexicon: &Lexicon,
    teacher: &Teacher,
) -> Result<(PoseClip, Vec<String>), String> {
    let beside = path.with_extension("txt");
    let name = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).unwrap_or_default().to_owned();
    let glosses = match std::fs::read_to_string(&beside) {
        Ok(text) => text,
        Err(_) => [name(path.file_name()), name(path.file_stem())]
            .iter()
            .find_map(|name| list.get(name).cloned())
            .ok_or_else(|| format!("it has no glosses: write them into {} or {LIST}", beside.display()))?,
    };
    let glosses: Vec<String> = glosses.split_whitespace().map(str::to_owned).collect();
    if glosses.is_empty() {
        return Err("its glosses are empty".to_owned());
    }
    let sentence = sentence_of_glosses(lexicon, &glosses)
        .map_err(|missing| format!("the packs have no sign for {}", missing.join(", ")))?;
    let clip = read_clip(path, teacher.body()).map_err(|error| error.to_string())?;
    let recording = teacher.align(&sentence, &clip.frames).map_err(|error| error.to_string())?;
    let recording = recording.map_err(|mismatch| mismatch.to_string())?;
    let lost = (0..sentence.tokens.len()).filter(|token| recording.token(*token).is_none());
    let mut told: Vec<String> =
        lost.map(|token| format!("“{}” was not found in it; the rest is used", sentence.tokens[token].gloss)).collect();
    if !clip.missing.is_empty() {
        let names: Vec<&str> = clip.missing.iter().map(|bone| bone.name()).collect();
        told.push(format!("it has no {}: they stay as they are", names.join(", ")));
    }
    Ok((PoseClip { clip, sentence, recording }, told))
}
