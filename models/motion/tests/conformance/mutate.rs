//! Features broken on purpose: what each check must notice.

use signing::{
    BodySite, Distance, HandConfig, HandPart, Hands, Inflection, Lateral, LocusId, Place, SignSentence, Site, Tiers,
};

use crate::check::Check;

/// A way to break a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// Verbs don't move from whom to whom, pointings all go to one place, nothing is repeated.
    Inflection,
    /// Verbs move from the receiver to the giver.
    Reversed,
    /// Every second referent is taken to be on the other side.
    Places,
    /// Nothing marks the end of a phrase or a sentence.
    Boundaries,
    /// Face, head, gaze and mouth do nothing, in the sentence or in its forms.
    NonManual,
    /// The weak hand does nothing.
    Weak,
    /// Every sign is that of its neighbour: numbers, shapes and movements are others.
    Forms,
    /// The sentence is signed backwards.
    Order,
    /// No letter is known to be the one before it.
    Doubled,
    /// What is signed at the head is signed before the face.
    BeforeFace,
    /// Nobody is known from one text of a session to the next.
    Forgets,
}

impl Mutation {
    /// What a check is about.
    pub(crate) fn of(check: &Check) -> Option<Self> {
        Some(match check.name.as_str() {
            "brows" if check.args != ["flat"] => Self::NonManual,
            "brows_until" | "shakes" | "looks" | "leans_in" | "mouths" => Self::NonManual,
            "two_places" | "more_than_in" => Self::Inflection,
            "goes" | "opposed_to" => Self::Reversed,
            "same_place" => Self::Places,
            "right_below_left" | "two_hands" | "hands" | "at_wrist" | "both_move" | "on_hand" => Self::Weak,
            "fingers" | "digits" | "rises" | "waves" | "points" => Self::Forms,
            "before" => Self::Order,
            "eyes_seen" => Self::BeforeFace,
            "nods" => Self::Boundaries,
            "moves_aside" => Self::Doubled,
            // What must not be there can't be taken away (flat, still_head, one_hand, off_wrist); a blink may be the body's
            // own, and a sign may end in a stand of its own (blinks, stands).
            _ => return None,
        })
    }

    /// Breaks sentences that follow each other.
    pub(crate) fn apply(self, sentences: &mut [SignSentence]) {
        if self == Self::Places {
            let tokens = sentences.iter_mut().flat_map(|sentence| &mut sentence.tokens);
            let placed = tokens.filter_map(|token| match &mut token.inflection.locus {
                Some(LocusId::Side(side, _)) => Some(side),
                _ => None,
            });
            placed.skip(1).step_by(2).for_each(|side| *side = side.other());
            return;
        }
        sentences.iter_mut().for_each(|sentence| self.apply_to(sentence));
    }

    fn apply_to(self, sentence: &mut SignSentence) {
        match self {
            Self::Inflection => sentence.tokens.iter_mut().for_each(|token| token.inflection = Inflection::default()),
            Self::Reversed => {
                for token in &mut sentence.tokens {
                    token.inflection.direction = token.inflection.direction.map(|(from, to)| (to, from));
                }
            }
            // Broken for sentences together, and where they are understood.
            Self::Places | Self::Forgets => {}
            Self::Boundaries => sentence.tokens.iter_mut().for_each(|token| token.boundary = None),
            Self::NonManual => {
                sentence.tiers = Tiers::default();
                for form in sentence.tokens.iter_mut().flat_map(|token| &mut token.forms) {
                    form.form.steps.iter_mut().for_each(|step| step.nonmanuals.clear());
                }
            }
            Self::Weak => {
                sentence.constructions.clear();
                sentence.manual[1].0.clear();
                for form in sentence.tokens.iter_mut().flat_map(|token| &mut token.forms) {
                    for step in &mut form.form.steps {
                        if let Hands::Two { dominant, .. } = &step.hands {
                            let mut alone = dominant.clone();
                            // A place on a hand that isn't there is no place.
                            alone.place =
                                alone.place.filter(|place| !matches!(place.site, signing::Site::OtherHand(_)));
                            step.hands = Hands::One(alone);
                        }
                    }
                    // Movements of the hand that is gone, or to it, go with it.
                    if form.form.validate().is_err() {
                        form.form.steps.iter_mut().for_each(|step| step.action = signing::Action::Seq(Vec::new()));
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
            Self::BeforeFace => {
                let face = Site::Body { site: BodySite::Face, lateral: Lateral::Centre };
                let before = |config: &mut HandConfig| {
                    config.place = Some(Place { distance: Distance::Near, ..Place::touching(HandPart::Palm, face) });
                    (config.palm, config.fingers, config.radial) = (None, None, None);
                };
                for step in
                    sentence.tokens.iter_mut().flat_map(|token| &mut token.forms).flat_map(|f| &mut f.form.steps)
                {
                    step.action = signing::Action::Seq(Vec::new());
                    match &mut step.hands {
                        Hands::None => {}
                        Hands::One(config) => before(config),
                        Hands::Two { dominant, weak, .. } => {
                            before(dominant);
                            before(weak);
                        }
                    }
                }
            }
            Self::Doubled => {
                let forms = sentence.tokens.iter_mut().flat_map(|token| &mut token.forms);
                forms.enumerate().for_each(|(nth, form)| form.name = format!("{}{nth}", form.name));
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
