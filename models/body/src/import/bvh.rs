//! Biovision hierarchy, by whoever wrote it: any order of channels, any names, any units.

use std::path::Path;

use glam::{Quat, Vec3};

use super::{
    ClipComplaint, ImportError,
    rig::{SourceJoint, SourceRig, SourceTurn},
};

/// What a channel is: a place along an axis, or a turn about it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Channel {
    Place(usize),
    Turn(usize),
}

/// More joints than any recording of people has.
const MOST_JOINTS: usize = 4096;
/// Longer recordings are cut.
const MOST_FRAMES: usize = 200_000;

struct Words<'a> {
    path: &'a Path,
    words: Vec<(&'a str, usize)>,
    at: usize,
}

impl<'a> Words<'a> {
    fn new(path: &'a Path, text: &'a str) -> Self {
        let lines = text.lines().enumerate();
        let words = lines.flat_map(|(line, text)| text.split_whitespace().map(move |word| (word, line + 1))).collect();
        Self { path, words, at: 0 }
    }

    fn wrong(&self, expected: &str) -> ImportError {
        let here = self.words.get(self.at).or(self.words.last());
        ImportError::Malformed {
            path: self.path.to_owned(),
            line: Some(here.map_or(1, |(_, line)| *line)),
            found: self.words.get(self.at).map_or_else(|| "the file's end".to_owned(), |(word, _)| format!("“{word}”")),
            expected: expected.to_owned(),
        }
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).map(|(word, _)| *word)
    }

    fn next(&mut self, expected: &str) -> Result<&'a str, ImportError> {
        let word = self.peek().ok_or_else(|| self.wrong(expected))?;
        self.at += 1;
        Ok(word)
    }

    fn expect(&mut self, word: &str) -> Result<(), ImportError> {
        match self.peek() {
            Some(found) if found.eq_ignore_ascii_case(word) => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.wrong(word)),
        }
    }

    /// A number; NaN where a word is one.
    fn number(&mut self, expected: &str) -> Result<f32, ImportError> {
        let number = self.peek().and_then(|word| word.parse().ok()).ok_or_else(|| self.wrong(expected))?;
        self.at += 1;
        Ok(number)
    }

    fn vector(&mut self) -> Result<Vec3, ImportError> {
        let expected = "three numbers of an offset";
        Ok(Vec3::new(self.number(expected)?, self.number(expected)?, self.number(expected)?))
    }
}

pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<SourceRig, ImportError> {
    let text = String::from_utf8_lossy(bytes);
    let mut words = Words::new(path, text.trim_start_matches('\u{feff}'));
    words.expect("HIERARCHY")?;
    words.expect("ROOT")?;
    let mut rig = SourceRig::default();
    let mut channels: Vec<(usize, Channel)> = Vec::new();
    hierarchy(&mut words, &mut rig, &mut channels)?;
    words.expect("MOTION")?;
    words.expect("Frames:")?;
    let said = words.number("a number of frames")?;
    words.expect("Frame")?;
    words.expect("Time:")?;
    let secs = f64::from(words.number("the seconds of a frame")?);
    if !(1e-4..=1.0).contains(&secs) {
        words.at -= 1;
        return Err(words.wrong("between 0.0001 and 1 second a frame"));
    }
    frames(&mut words, &mut rig, &channels, secs)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let said = said.max(0.0) as usize;
    if said != rig.frames.len() {
        let what = format!("{said} frames are announced, {} are there", rig.frames.len());
        rig.complaints.push(ClipComplaint { path: path.to_owned(), frame: None, what });
    }
    Ok(rig)
}

/// From a root's name to its closing brace.
fn hierarchy(
    words: &mut Words<'_>,
    rig: &mut SourceRig,
    channels: &mut Vec<(usize, Channel)>,
) -> Result<(), ImportError> {
    let mut open: Vec<usize> = Vec::new();
    let mut name = name_of(words)?;
    loop {
        words.expect("{")?;
        words.expect("OFFSET")?;
        let offset = words.vector()?;
        if rig.joints.len() >= MOST_JOINTS {
            return Err(words.wrong("at most 4096 joints"));
        }
        let joint = rig.joints.len();
        rig.joints.push(SourceJoint {
            name: std::mem::take(&mut name),
            parent: open.last().copied(),
            offset,
            rest: Quat::IDENTITY,
        });
        open.push(joint);
        loop {
            match words.next("CHANNELS, JOINT, End Site or }")? {
                word if word.eq_ignore_ascii_case("CHANNELS") => {
                    let count = words.number("a number of channels")?;
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most six")]
                    let count = count.clamp(0.0, 6.0) as usize;
                    for _ in 0..count {
                        let channel = channel_of(words.peek().unwrap_or_default())
                            .ok_or_else(|| words.wrong("a channel such as Xrotation"))?;
                        words.at += 1;
                        channels.push((joint, channel));
                    }
                }
                word if word.eq_ignore_ascii_case("JOINT") => {
                    name = name_of(words)?;
                    break;
                }
                word if word.eq_ignore_ascii_case("End") => {
                    words.expect("Site")?;
                    words.expect("{")?;
                    words.expect("OFFSET")?;
                    words.vector()?;
                    words.expect("}")?;
                }
                "}" => {
                    open.pop();
                    if open.is_empty() {
                        return Ok(());
                    }
                }
                _ => {
                    words.at -= 1;
                    return Err(words.wrong("CHANNELS, JOINT, End Site or }"));
                }
            }
        }
    }
}

/// Names may have spaces: all up to the brace.
fn name_of(words: &mut Words<'_>) -> Result<String, ImportError> {
    let mut parts = Vec::new();
    while words.peek().is_some_and(|word| word != "{") {
        parts.push(words.next("a joint's name")?);
    }
    if parts.is_empty() { Err(words.wrong("a joint's name")) } else { Ok(parts.join(" ")) }
}

fn channel_of(word: &str) -> Option<Channel> {
    let word = word.to_ascii_lowercase();
    let axis = ["x", "y", "z"].iter().position(|axis| word.starts_with(axis))?;
    match &word[1..] {
        "position" => Some(Channel::Place(axis)),
        "rotation" => Some(Channel::Turn(axis)),
        _ => None,
    }
}

fn frames(
    words: &mut Words<'_>,
    rig: &mut SourceRig,
    channels: &[(usize, Channel)],
    secs: f64,
) -> Result<(), ImportError> {
    if channels.is_empty() {
        return Err(words.wrong("at least one channel"));
    }
    while words.peek().is_some() && rig.frames.len() < MOST_FRAMES {
        let index = rig.frames.len();
        if words.words.len() - words.at < channels.len() {
            let what = "it has fewer numbers than there are channels; it is left out".to_owned();
            rig.complaints.push(ClipComplaint { path: words.path.to_owned(), frame: Some(index), what });
            break;
        }
        let mut turns: Vec<SourceTurn> =
            rig.joints.iter().map(|_| SourceTurn { turn: Quat::IDENTITY, at: None }).collect();
        for &(joint, channel) in channels {
            let value = words.number("a number of a channel")?;
            match channel {
                // A place of a joint replaces its offset, except where the root is given from it.
                Channel::Place(axis) => turns[joint].at.get_or_insert(Vec3::ZERO)[axis] = value,
                Channel::Turn(axis) => turns[joint].turn *= Quat::from_axis_angle(Vec3::AXES[axis], value.to_radians()),
            }
        }
        rig.frames.push((index as f64 * secs, turns));
    }
    Ok(())
}
