//! Round trips and refusals of sentences.

use proptest::prelude::*;

use super::*;
use crate::{HeadMotionKind, form::tests::sign_form};

fn sentence(forms: Vec<SignForm>) -> SignSentence {
    let tokens: Vec<SignToken> = forms
        .into_iter()
        .enumerate()
        .map(|(index, form)| SignToken {
            gloss: format!("词{index}"),
            lexeme: Some(format!("ci{index}")),
            pack: Some(PackRef { name: "csl".into(), version: "1".into() }),
            origin: Origin::ALL[index % Origin::ALL.len()],
            source: vec![SourceRange::new(0, 1), SourceRange::new(2, 3)],
            grounding: Grounding::SameWord,
            confidence: 0.75,
            inflection: Inflection {
                locus: Some(LocusId::Side(Side::Left, 1)),
                direction: Some((LocusId::Signer, LocusId::Addressee)),
                repetitions: Some(2),
                aspect: Some(Aspect::Completed),
            },
            forms: vec![TokenForm { name: "部分".into(), lexeme: None, form }],
            caption: Some("李明".into()),
            boundary: Some(Boundary::Clause),
        })
        .collect();
    let last = u32::try_from(tokens.len()).unwrap() - 1;
    let segment = |token, kind| ManualSegment { token, kind, span: Span::tokens(token, token) };
    let timed = |what| Timed { what, intensity: 0.5, span: Span::tokens(0, last) };
    SignSentence {
        sign_language: "csl".into(),
        source: Transcript::plain("我叫李明", "zh"),
        sentence_type: SentenceType::YesNoQuestion,
        manual: [
            ManualChannel((0..=last).map(|token| segment(token, ChannelUse::Lexeme)).collect()),
            ManualChannel(vec![segment(0, ChannelUse::Spread)]),
        ],
        constructions: vec![Construction { dominant: last, weak: 0 }],
        tiers: Tiers {
            head: vec![Timed {
                what: HeadMotion { kind: HeadMotionKind::Nod, times: 2 },
                intensity: 1.0,
                span: Span::tokens(last, last),
            }],
            brows: vec![timed(Brows::Raised)],
            mouthing: vec![Timed { what: vec![Viseme::Pp, Viseme::Yu], intensity: 0.5, span: Span::tokens(0, 0) }],
            ..Tiers::default()
        },
        dropped: vec![Dropped { source: SourceRange::new(1, 2), text: "叫".into(), reason: "particle".into() }],
        versions: Versions { software: "0.1.0".into(), understanding: "knowledge".into(), packs: vec![] },
        tokens,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_sentence_round_trips_through_json(forms in proptest::collection::vec(sign_form(), 1..4)) {
        let sentence = sentence(forms);
        prop_assert_eq!(sentence.validate(), Ok(()));
        let json = serde_json::to_string(&sentence).unwrap();
        prop_assert_eq!(serde_json::from_str::<SignSentence>(&json).unwrap(), sentence);
    }
}

#[test]
fn broken_sentences_are_refused() {
    let form = SignForm {
        steps: vec![crate::Step { hands: crate::Hands::None, action: crate::Action::NONE, nonmanuals: vec![] }],
        notes: vec![],
    };
    let good = sentence(vec![form.clone(), form]);
    assert_eq!(good.validate(), Ok(()));
    type Spoil = fn(&mut SignSentence);
    let broken: [(&str, Spoil); 7] = [
        ("carries no sign form", |s| s.tokens[1].forms.clear()),
        ("at least one step", |s| s.tokens[0].forms[0].form.steps.clear()),
        ("beyond the text's 4 characters", |s| s.tokens[0].source[0] = SourceRange::new(3, 5)),
        ("dominant hand: span 1", |s| s.manual[0].0[1].span = Span::tokens(0, 1)),
        ("brows: span 0", |s| s.tiers.brows[0].span = Span::tokens(0, 2)),
        ("head: span 0", |s| s.tiers.head[0].span.start.fraction = f32::NAN),
        ("construction 0", |s| s.constructions[0].weak = 1),
    ];
    for (expected, spoil) in broken {
        let mut bad = good.clone();
        spoil(&mut bad);
        let error = bad.validate().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
