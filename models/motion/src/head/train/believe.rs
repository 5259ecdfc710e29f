//! How much of each output is believed: chosen on sentences that were not learnt, by what they cost.

use std::sync::Arc;

use signing::SignSentence;

use crate::{
    MotionError,
    head::{OUTPUTS, PoseNetwork, Shape, Teacher},
};

/// What is tried for each output. Of what few sentences ask for, such as holds at boundaries, a network says too little.
const GAINS: [f32; 9] = [0.0, 0.5, 0.75, 1.0, 1.25, 1.6, 2.0, 4.0, 8.0];

/// Whether an output may be believed, whatever sentences cost with it: with how idle hands are let go, and with what is added to
/// hands, conformance is not sound at 100 frames a second; of head and face no cost says anything.
pub(super) const fn may_be(output: usize) -> bool {
    output < Shape::PACE
}

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
    let mut gain: [f32; OUTPUTS] = std::array::from_fn(|output| if may_be(output) { 1.0 } else { 0.0 });
    let mut least = cost(&gain)?;
    for output in (0..OUTPUTS).filter(|output| may_be(*output)) {
        for tried in GAINS {
            let mut other = gain;
            other[output] = tried;
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
    2 + Shape::PACE * GAINS.len()
}
