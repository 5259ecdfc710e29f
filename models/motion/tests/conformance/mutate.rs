//! Features broken on purpose: what each check must notice.

use signing::{Hands, Inflection, SignSentence, Tiers};

/// A way to break a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// Verbs don't move from whom to whom, pointings all go to one place, nothing is repeated.
    Inflection,
    /// Face, head, gaze and mouth do nothing, in the sentence or in its forms.
    NonManual,
    /// The weak hand does nothing.
    Weak,
    /// Every sign is that of its neighbour: numbers, shapes and movements are others.
    Forms,
    /// The sentence is signed backwards.
    Order,
}

impl Mutation {
    /// What a check is about.
    pub(crate) fn of(check: &str) -> Option<Self> {
        Some(match check {
            "brows_until" | "shakes" | "looks" | "leans_in" | "mouths" => Self::NonManual,
            "same_place" | "two_places" | "opposed_to" | "more_than_in" => Self::Inflection,
            "both_move" | "two_hands" | "right_below_left" | "hands" | "at_wrist" => Self::Weak,
            "fingers" | "digits" | "rises" | "waves" => Self::Forms,
            "before" => Self::Order,
            // What must not be there: nothing can be taken away.
            _ => return None,
        })
    }

    pub(crate) fn apply(self, sentence: &mut SignSentence) {
        match self {
            Self::Inflection => sentence.tokens.iter_mut().for_each(|token| token.inflection = Inflection::default()),
            Self::NonManual => {
                sentence.tiers = Tiers::default();
                for form in sentence.tokens.iter_mut().flat_map(|token| &mut token.forms) {
                    form.form.steps.iter_mut().for_each(|step| step.nonmanuals.clear());
                }
            }
            Self::Weak => {
                sentence.constructions.clear();
                sentence.manual[1].0.clear();
                for step in
                    sentence.tokens.iter_mut().flat_map(|token| &mut token.forms).flat_map(|form| &mut form.form.steps)
                {
                    if let Hands::Two { dominant, .. } = &step.hands {
                        let mut alone = dominant.clone();
                        // A place on a hand that isn't there is no place.
                        alone.place = alone.place.filter(|place| !matches!(place.site, signing::Site::OtherHand(_)));
                        step.hands = Hands::One(alone);
                    }
                }
            }
            Self::Forms => {
                let flat = |form: &mut signing::SignForm| {
                    for step in &mut form.steps {
                        step.action = signing::Action::Seq(Vec::new());
                        let still = |config: &mut signing::HandConfig| config.shape = fist();
                        match &mut step.hands {
                            Hands::None => {}
                            Hands::One(config) => still(config),
                            Hands::Two { dominant, weak, .. } => {
                                still(dominant);
                                still(weak);
                            }
                        }
                    }
                };
                let forms = sentence.tokens.iter_mut().flat_map(|token| &mut token.forms);
                forms.for_each(|form| flat(&mut form.form));
            }
            Self::Order => {
                sentence.tokens.reverse();
                sentence.tiers = Tiers::default();
                sentence.constructions.clear();
                let last = u32::try_from(sentence.tokens.len()).unwrap() - 1;
                for channel in &mut sentence.manual {
                    channel.0.reverse();
                    for segment in &mut channel.0 {
                        let at = last - segment.token;
                        segment.token = at;
                        segment.span = signing::Span::tokens(at, at);
                    }
                }
            }
        }
    }
}

/// A closed hand.
fn fist() -> signing::Handshape {
    let compiled = lexicon::compile("一手握拳，手背向外。");
    let form = compiled.form.expect("a fist is a form");
    match &form.steps[0].hands {
        Hands::One(config) => config.shape.clone(),
        other => panic!("a fist is of one hand: {other:?}"),
    }
}
