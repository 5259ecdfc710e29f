//! What hands, face and head do over a sentence's tokens.

use signing::{
    Boundary, Brows, ChannelUse, Dir, Gaze, Hand, HeadMotion, HeadMotionKind, LocusId, ManualChannel, ManualSegment,
    SentenceType, Side, SignToken, Span, Tier, Tiers, Timed, Viseme,
};

/// Tokens of one clause, first and last included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClauseSpan {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) condition: bool,
    pub(crate) topic: bool,
    pub(crate) asks: bool,
}

/// Brows over a topic or condition: less than over a question.
const TOPIC_INTENSITY: f32 = 0.6;
/// Brows over what 很 and the like stand before.
const WEIGHT_INTENSITY: f32 = 0.5;
/// How the ids of figures on a ground begin in the packs.
const DEPICTING: &str = "cl_";
/// The head's advance over a yes/no question.
const HEAD_INTENSITY: f32 = 0.7;

/// Each hand signs its part of every token it takes part in.
pub(crate) fn manual(tokens: &[SignToken]) -> [ManualChannel; 2] {
    Hand::BOTH.map(|hand| {
        let takes_part = |token: &SignToken| {
            token.forms.iter().any(|form| form.form.steps.iter().any(|step| step.hands.config(hand).is_some()))
        };
        ManualChannel(
            (0_u32..)
                .zip(tokens)
                .filter(|(_, token)| takes_part(token))
                .map(|(at, _)| ManualSegment { token: at, kind: ChannelUse::Lexeme, span: Span::tokens(at, at) })
                .collect(),
        )
    })
}

/// Brows, head and mouth.
///
/// Yes/no: brows up and head forward over the clause that asks. Content question: brows drawn over it. Topic
/// and condition: brows up. `shaken` are tokens whose negation has no sign: a headshake stands for it. `weighed` are
/// tokens of which there is much: brows drawn, where nothing else moves them.
/// The eyes go to whom the hands point at or give to, and follow a figure on its ground.
pub(crate) fn tiers(
    kind: SentenceType,
    tokens: &[SignToken],
    clauses: &[ClauseSpan],
    mouthing: Vec<Vec<Viseme>>,
    shaken: &[u32],
    weighed: &[u32],
) -> Tiers {
    let mut tiers = Tiers { gaze: gazes(tokens), ..Tiers::default() };
    let asking = asking(kind, clauses);
    for (index, clause) in clauses.iter().enumerate() {
        let span = Span::tokens(clause.first, clause.last);
        let brows = |what, intensity| Timed { what, intensity, span };
        match kind {
            SentenceType::YesNoQuestion if asking == Some(index) => {
                tiers.brows.push(brows(Brows::Raised, 1.0));
                tiers.head.push(Timed {
                    what: HeadMotion { kind: HeadMotionKind::Forward, times: 1 },
                    intensity: HEAD_INTENSITY,
                    span,
                });
            }
            SentenceType::ContentQuestion if asking == Some(index) => tiers.brows.push(brows(Brows::Furrowed, 1.0)),
            _ if clause.topic || clause.condition => tiers.brows.push(brows(Brows::Raised, TOPIC_INTENSITY)),
            _ => {}
        }
    }
    for &token in weighed {
        let free = tiers.brows.iter().all(|brows| token < brows.span.start.token || token > brows.span.end.token);
        if free {
            let span = Span::tokens(token, token);
            tiers.brows.push(Timed { what: Brows::Furrowed, intensity: WEIGHT_INTENSITY, span });
        }
    }
    tiers.brows.sort_by_key(|timed| timed.span.start.token);
    tiers.head.extend(shaken.iter().map(|&token| Timed {
        what: HeadMotion { kind: HeadMotionKind::Shake, times: 2 },
        intensity: 1.0,
        span: Span::tokens(token, token),
    }));
    tiers.head.sort_by_key(|timed| timed.span.start.token);
    tiers.mouthing = (0_u32..)
        .zip(mouthing)
        .filter(|(_, visemes)| !visemes.is_empty())
        .map(|(at, what)| Timed { what, intensity: 1.0, span: Span::tokens(at, at) })
        .collect();
    tiers
}

fn gazes(tokens: &[SignToken]) -> Tier<Gaze> {
    (0_u32..)
        .zip(tokens)
        .filter_map(|(at, token)| {
            let follows = token.lexeme.as_deref().is_some_and(|lexeme| lexeme.starts_with(DEPICTING));
            let target = token.inflection.direction.map(|(_, to)| to).or(token.inflection.locus);
            let what = match target {
                _ if follows => Gaze::DominantHand,
                Some(LocusId::Side(side, _)) => {
                    let aside = if side == Side::Left { Dir::LEFT } else { Dir::RIGHT };
                    Gaze::Towards(Dir::FORWARD.between(aside)?)
                }
                _ => return None,
            };
            Some(Timed { what, intensity: 1.0, span: Span::tokens(at, at) })
        })
        .collect()
}

/// Which clause asks: the last that holds a question word, else the last.
fn asking(kind: SentenceType, clauses: &[ClauseSpan]) -> Option<usize> {
    let worded = || clauses.iter().rposition(|clause| clause.asks);
    match kind {
        SentenceType::ContentQuestion => worded().or_else(|| clauses.len().checked_sub(1)),
        SentenceType::YesNoQuestion => clauses.len().checked_sub(1),
        SentenceType::Statement | SentenceType::Imperative | SentenceType::Exclamation => None,
    }
}

/// The boundary after each clause's last token. A text that `goes_on` ends with a clause, not with the sentence.
pub(crate) fn boundaries(tokens: &mut [SignToken], clauses: &[ClauseSpan], goes_on: bool) {
    for clause in clauses {
        if let Some(token) = tokens.get_mut(clause.last as usize) {
            token.boundary = Some(if clause.topic { Boundary::Phrase } else { Boundary::Clause });
        }
    }
    if let Some(last) = tokens.last_mut() {
        last.boundary = Some(if goes_on { Boundary::Clause } else { Boundary::Sentence });
    }
}
