//! What the pose head learns from: sentences of a corpus, signs of the packs, letters, and forms that no pack has, on bodies
//! of several proportions.

use std::{path::Path, sync::Arc};

use body::{
    Body, avatar_source_dir,
    builder::{Figure, build_as},
    default_avatar_path,
};
use lexicon::{Lang, Lexicon};
use motion::head::train::invent;
use signing::{
    Boundary, ChannelUse, Grounding, Hand, Inflection, ManualChannel, ManualSegment, Origin, SentenceType, SignForm,
    SignSentence, SignToken, Span, Tiers, TokenForm, Transcript, Versions,
};
use understanding::{Understanding, evaluate::samples};

use crate::SessionError;

/// A sentence to be learnt from, and on which of the bodies.
#[derive(Debug, Clone)]
pub struct PoseLesson {
    /// What tells it from the others.
    pub id: String,
    /// Index into [`pose_bodies`].
    pub body: usize,
    /// The sentence.
    pub sentence: SignSentence,
}

/// How many of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoseLessons {
    /// Sentences of the corpus.
    pub corpus: usize,
    /// Rows of signs of the packs.
    pub signs: usize,
    /// Rows of letters.
    pub letters: usize,
    /// Rows of forms that no pack has.
    pub invented: usize,
    /// The same seed gives the same rows.
    pub seed: u64,
}

/// Signs of a row.
const ROW: usize = 4;
/// Longer sentences of the corpus are left out: what they teach, shorter ones teach sooner.
const LONGEST: usize = 9;

/// The default avatar's body, a tall one with long arms and large hands, and a short one with short arms.
///
/// Errors: the avatar or its source is missing (`cargo xtask setup` fetches both).
pub fn pose_bodies() -> Result<Vec<Arc<Body>>, SessionError> {
    let figure = |stature_m: f32, targets: &[(&str, f32)]| Figure {
        stature_m,
        targets: targets.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect(),
    };
    let figures = [
        figure(
            1.86,
            &[
                ("arms/measure-upperarm-length-incr", 0.6),
                ("arms/measure-lowerarm-length-incr", 0.6),
                ("torso/measure-shoulder-dist-incr", 0.8),
                ("hands/l-hand-scale-incr", 0.4),
                ("hands/r-hand-scale-incr", 0.4),
            ],
        ),
        figure(
            1.56,
            &[
                ("arms/measure-upperarm-length-decr", 0.5),
                ("arms/measure-lowerarm-length-decr", 0.4),
                ("torso/measure-shoulder-dist-decr", 0.5),
            ],
        ),
    ];
    let mut bodies = vec![Arc::new(Body::read(&default_avatar_path()?)?)];
    let source = avatar_source_dir()?;
    for figure in figures {
        bodies.push(Arc::new(Body::from_bytes(&build_as(&source, &figure)?)?));
    }
    Ok(bodies)
}

/// Sentences of one split of a corpus, evenly spread over it, as understanding has them: at most `count`.
///
/// Errors: a file that can't be read or has lines that are no samples, a text that understanding refuses.
pub fn corpus_sentences(
    file: &Path,
    split: &str,
    count: usize,
    understanding: &Understanding,
) -> Result<Vec<(String, SignSentence)>, SessionError> {
    let text = std::fs::read_to_string(file)
        .map_err(|source| SessionError::Corpus { path: file.to_owned(), reason: source.to_string() })?;
    let samples = samples(&text, split, false)
        .map_err(|error| SessionError::Corpus { path: file.to_owned(), reason: error.to_string() })?;
    let mut found = Vec::new();
    for sample in &samples {
        for sentence in understanding.interpret(&Transcript::plain(sample.text.clone(), "zh"))?.sentences {
            if (2..=LONGEST).contains(&sentence.tokens.len()) {
                found.push((sample.text.clone(), sentence));
            }
        }
    }
    let every = (found.len() as f64 / count.max(1) as f64).max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let kept = (0..count.min(found.len())).map(|index| (index as f64 * every) as usize);
    Ok(kept.filter_map(|index| found.get(index).cloned()).collect())
}

/// All lessons, kinds and bodies mixed evenly: half of them on the default body.
///
/// Errors: as [`corpus_sentences`].
pub fn pose_lessons(
    counts: PoseLessons,
    corpus: &Path,
    understanding: &Understanding,
    bodies: usize,
) -> Result<Vec<PoseLesson>, SessionError> {
    let lexicon = understanding.lexicon();
    let mut kinds: Vec<Vec<(String, SignSentence)>> = Vec::new();
    kinds.push(corpus_sentences(corpus, "train", counts.corpus, understanding)?);
    let (mut signs, mut letters) = (Vec::new(), Vec::new());
    for entry in lexicon.entries() {
        let Some(form) = entry.form() else { continue };
        let is_letter = entry.id.starts_with("letter_");
        let row = if is_letter { &mut letters } else { &mut signs };
        row.push((entry.headword.clone(), form.clone()));
    }
    let forms: Vec<SignForm> = signs.iter().map(|(_, form)| form.clone()).collect();
    let invented: Vec<(String, SignForm)> = invent(&forms, counts.invented * ROW, counts.seed)
        .into_iter()
        .enumerate()
        .map(|(index, form)| (format!("×{}-{index}", counts.seed), form))
        .collect();
    kinds.push(rows(&signs, counts.signs, counts.seed, Origin::Sign));
    kinds.push(rows(&letters, counts.letters, counts.seed, Origin::Letters));
    kinds.push(rows(&invented, counts.invented, counts.seed, Origin::Sign));

    let whole: usize = kinds.iter().map(Vec::len).sum();
    let mut lessons = Vec::with_capacity(whole);
    let mut mixed: Vec<(f64, String, SignSentence)> = Vec::with_capacity(whole);
    for kind in kinds {
        let count = kind.len() as f64;
        mixed
            .extend(kind.into_iter().enumerate().map(|(at, (id, sentence))| ((at as f64 + 0.5) / count, id, sentence)));
    }
    mixed.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    for (index, (_, id, sentence)) in mixed.into_iter().enumerate() {
        let body = if index % 2 == 0 || bodies < 2 { 0 } else { 1 + (index / 2) % (bodies - 1) };
        lessons.push(PoseLesson { id: format!("{index}:{body}:{id}"), body, sentence });
    }
    Ok(lessons)
}

/// Rows of forms in an order that the seed says.
fn rows(forms: &[(String, SignForm)], count: usize, seed: u64, origin: Origin) -> Vec<(String, SignSentence)> {
    let row = |nth: usize| {
        let pick = |place: usize| {
            // Steps that share no factor with most lengths: neighbours differ from row to row.
            let at = (nth * ROW + place) as u64;
            let at = at.wrapping_mul(7919).wrapping_add(seed.wrapping_mul(104_729)).wrapping_add(at / 97);
            &forms[(at % forms.len() as u64) as usize]
        };
        let picked: Vec<(String, SignForm)> = (0..ROW).map(|place| pick(place).clone()).collect();
        let name: Vec<&str> = picked.iter().map(|(name, _)| name.as_str()).collect();
        (name.join(" "), row_sentence(picked, origin))
    };
    if forms.is_empty() { Vec::new() } else { (0..count).map(row).collect() }
}

/// A sentence of forms one after the other, each a token of its own.
fn row_sentence(forms: Vec<(String, SignForm)>, origin: Origin) -> SignSentence {
    let last = forms.len().saturating_sub(1);
    let manual = Hand::BOTH.map(|hand| {
        let takes_part = |form: &SignForm| form.steps.iter().any(|step| step.hands.config(hand).is_some());
        let segments = (0..).zip(&forms).filter(|(_, (_, form))| takes_part(form)).map(|(token, _)| ManualSegment {
            token,
            kind: ChannelUse::Lexeme,
            span: Span::tokens(token, token),
        });
        ManualChannel(segments.collect())
    });
    let token = |(index, (name, form)): (usize, (String, SignForm))| SignToken {
        gloss: name.clone(),
        lexeme: None,
        pack: None,
        origin,
        source: Vec::new(),
        grounding: Grounding::SameWord,
        confidence: 1.0,
        inflection: Inflection::default(),
        forms: vec![TokenForm { name, lexeme: None, form }],
        caption: None,
        boundary: (index == last).then_some(Boundary::Sentence),
    };
    SignSentence {
        sign_language: "csl".to_owned(),
        source: Transcript::plain(String::new(), "zh"),
        sentence_type: SentenceType::Statement,
        tokens: forms.into_iter().enumerate().map(token).collect(),
        manual,
        constructions: Vec::new(),
        tiers: Tiers::default(),
        dropped: Vec::new(),
        versions: Versions::default(),
    }
}

/// The sentence of these glosses, as the lexicon has their signs; or those that it has not.
///
/// Errors: the glosses without a sign.
pub fn sentence_of_glosses(lexicon: &Lexicon, glosses: &[String]) -> Result<SignSentence, Vec<String>> {
    let form = |gloss: &String| {
        let found = lexicon.lookup(gloss, Lang::Zh).into_iter().chain(lexicon.lookup(gloss, Lang::En));
        let entry = found.map(|found| found.entry).find_map(|entry| entry.form());
        entry.or_else(|| lexicon.entry(gloss).and_then(|entry| entry.form())).cloned()
    };
    let (mut forms, mut missing) = (Vec::new(), Vec::new());
    for gloss in glosses {
        match form(gloss) {
            Some(form) => forms.push((gloss.clone(), form)),
            None => missing.push(gloss.clone()),
        }
    }
    if missing.is_empty() { Ok(row_sentence(forms, Origin::Sign)) } else { Err(missing) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_valid_sentences_of_all_kinds_on_all_bodies() {
        let understanding = Understanding::new(Lexicon::core().unwrap());
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/understanding/corpus/authored.jsonl");
        let counts = PoseLessons { corpus: 10, signs: 6, letters: 2, invented: 3, seed: 4 };
        let lessons = pose_lessons(counts, &corpus, &understanding, 3).unwrap();
        assert_eq!(lessons.len(), 21);
        for lesson in &lessons {
            lesson.sentence.validate().unwrap_or_else(|error| panic!("{}: {error}", lesson.id));
        }
        for body in 0..3 {
            assert!(lessons.iter().any(|lesson| lesson.body == body));
        }
        let ids: std::collections::BTreeSet<&str> = lessons.iter().map(|lesson| lesson.id.as_str()).collect();
        assert_eq!(ids.len(), lessons.len());
        let again = pose_lessons(counts, &corpus, &understanding, 3).unwrap();
        assert!(lessons.iter().zip(&again).all(|(a, b)| a.id == b.id && a.sentence == b.sentence));
    }

    #[test]
    fn glosses_without_a_sign_are_named() {
        let lexicon = Lexicon::core().unwrap();
        let glosses = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(sentence_of_glosses(&lexicon, &glosses(&["我", "去", "学校"])).unwrap().tokens.len(), 3);
        assert_eq!(sentence_of_glosses(&lexicon, &glosses(&["我", "zzz"])).unwrap_err(), ["zzz"]);
    }
}
