//! A sign on its own, as the lexicon has it.

use lexicon::{Entry, Lexicon, LexiconError};
use signing::{
    Boundary, ChannelUse, Grounding, Hand, Inflection, ManualChannel, ManualSegment, Origin, SentenceType, SignForm,
    SignSentence, SignToken, SourceRange, Span, Tiers, TokenForm, Transcript, Versions,
};

/// The number that a sign with a number's place is shown with, or the nearest that it takes.
const SHOWN_NUMBER: u32 = 3;

/// A sentence of one sign. Its source is the headword.
///
/// Errors: the entry has no form that could be signed.
pub(crate) fn sentence(lexicon: &Lexicon, entry: &Entry) -> Result<SignSentence, LexiconError> {
    let form = form(lexicon, entry)?;
    let length = u32::try_from(entry.headword.chars().count()).unwrap_or(u32::MAX);
    let manual = Hand::BOTH.map(|hand| {
        let takes_part = form.steps.iter().any(|step| step.hands.config(hand).is_some());
        let segment = ManualSegment { token: 0, kind: ChannelUse::Lexeme, span: Span::tokens(0, 0) };
        ManualChannel(takes_part.then_some(segment).into_iter().collect())
    });
    let token = SignToken {
        gloss: entry.headword.clone(),
        lexeme: Some(entry.id.clone()),
        pack: Some(entry.pack.clone()),
        origin: Origin::Sign,
        source: vec![SourceRange::new(0, length)],
        grounding: Grounding::SameWord,
        confidence: entry.provenance.confidence,
        inflection: Inflection::default(),
        forms: vec![TokenForm { name: entry.headword.clone(), lexeme: Some(entry.id.clone()), form }],
        caption: None,
        boundary: Some(Boundary::Sentence),
    };
    Ok(SignSentence {
        sign_language: lexicon
            .packs()
            .iter()
            .find(|pack| pack.name == entry.pack.name)
            .map_or_else(|| "csl".to_owned(), |pack| pack.sign_language.clone()),
        source: Transcript::plain(entry.headword.clone(), "zh"),
        sentence_type: SentenceType::Statement,
        tokens: vec![token],
        manual,
        constructions: Vec::new(),
        tiers: Tiers::default(),
        dropped: Vec::new(),
        versions: Versions {
            software: concat!("shouyu ", env!("CARGO_PKG_VERSION")).to_owned(),
            understanding: "lexicon".to_owned(),
            packs: lexicon.references(),
        },
    })
}

fn form(lexicon: &Lexicon, entry: &Entry) -> Result<SignForm, LexiconError> {
    if let Some(slot) = &entry.number_slot {
        return lexicon.form_with_number(entry, SHOWN_NUMBER.clamp(slot.min, slot.max.max(slot.min)));
    }
    entry.form().cloned().ok_or_else(|| LexiconError::NoForm {
        id: entry.id.clone(),
        headword: entry.headword.clone(),
        reason: entry.form.message(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_of_the_core_pack_is_a_sentence_of_its_own() {
        let lexicon = Lexicon::core().unwrap();
        for entry in lexicon.entries() {
            let sentence = sentence(&lexicon, entry).unwrap();
            sentence.validate().unwrap();
            assert!(!sentence.manual[0].0.is_empty(), "{}: the dominant hand signs", entry.id);
            assert_eq!(sentence.tokens[0].source[0].slice(&sentence.source.text), Some(entry.headword.as_str()));
        }
    }
}
