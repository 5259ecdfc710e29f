//! How much of each output is believed: chosen on sentences that were not learnt, by what they cost.

use std::sync::Arc;

use signing::SignSentence;

use crate::{
    MotionError,
    head::{OUTPUTS, PoseNetwork, Teacher, teacher::GROUPS},
};

/// What is tried for each group of outputs.
const GAINS: [f32; 5] = [0.0, 0.4, 0.7, 1.0, 1.4];

/// Outputs from this one on are not believed whatever sentences cost with them: with when hands set out, how idle ones are
/// let go, and what is added to hands, conformance is not sound at 100 frames a second.
const SOUND: usize = 4;

/// The network with gains under which `sentences` cost least, and what they cost: with planning as it is, and so.
/// `watch` is told of every measurement; there are at most [`measurements`] of them.
///
/// Errors: as [`crate::sign_all`].
pub fn believe(
    network: PoseNetwork,
    teacher: &Teacher,
    sentences: &[SignSentence],
    mut watch: impl FnMut(),
) -> Result<(PoseNetwork, [f64; 2]), MotionError> {
    let mut cost = |gain: &[f32; OUTPUTS]| -> Result<f64, MotionError> {
        let network = Arc::new(network.clone().with_gain(gain));
        let mut sum = 0.0;
        for sentence in sentences {
            sum += teacher.score_of(sentence, &network)?.total();
        }
        watch();
        Ok(sum)
    };
    let analytic = cost(&[0.0; OUTPUTS])?;
    let mut gain = [0.0; OUTPUTS];
    gain[..SOUND].fill(1.0);
    let mut least = cost(&gain)?;
    for (from, to) in GROUPS.into_iter().filter(|(from, _)| *from < SOUND) {
        for tried in GAINS {
            let mut other = gain;
            other[from..to.min(SOUND)].fill(tried);
            if other == gain {
                continue;
            }
            let found = cost(&other)?;
            if found < least {
                (gain, least) = (other, found);
            }
        }
    }
    Ok((network.with_gain(&gain), [analytic, least]))
}

/// The most measurements that [`believe`] makes.
pub const fn measurements() -> usize {
    2 + GROUPS.len() * GAINS.len()
}
