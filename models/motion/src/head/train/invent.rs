//! Sign forms that no pack has: the parts of real ones, put together anew.

use signing::{HandConfig, Hands, SignForm, Step, Symmetry};

use crate::random::Random;

/// `count` forms, each of one step, with the shape, directions, place and action of different `forms`. Only forms that are
/// valid are given; fewer than `count` if `forms` has no step with a hand.
pub fn invent(forms: &[SignForm], count: usize, seed: u64) -> Vec<SignForm> {
    let one: Vec<&HandConfig> = steps(forms).filter_map(|step| step.hands.config(signing::Hand::Dominant)).collect();
    let actions: Vec<&Step> = steps(forms).collect();
    let mut random = Random::new(seed);
    let mut invented = Vec::with_capacity(count);
    // Some combinations are not valid: a weak hand that moves and is not there.
    for _ in 0..count * 8 {
        if invented.len() == count || one.is_empty() {
            break;
        }
        let mut pick = || one[random.below(one.len())];
        let config = HandConfig { shape: pick().shape.clone(), place: pick().place, ..pick().clone() };
        let step = actions[random.below(actions.len())];
        let hands = match &step.hands {
            Hands::Two { symmetry: Symmetry::Independent, weak, .. } => {
                Hands::Two { dominant: config, weak: weak.clone(), symmetry: Symmetry::Independent }
            }
            Hands::Two { symmetry, .. } => {
                let weak = config.mirrored();
                Hands::Two { dominant: config, weak, symmetry: *symmetry }
            }
            Hands::None | Hands::One(_) => Hands::One(config),
        };
        let step = Step { hands, action: step.action.clone(), nonmanuals: Vec::new() };
        let form = SignForm { steps: vec![step], notes: Vec::new() };
        if form.validate().is_ok() {
            invented.push(form);
        }
    }
    invented
}

fn steps(forms: &[SignForm]) -> impl Iterator<Item = &Step> {
    forms.iter().flat_map(|form| &form.steps)
}
