//! What frames would show of a plan, by what is measured of it: how deep hands and arms are in what they should not be in, how wrists
//! and fingertips jerk, and how far what is asked is missed. [`super::look`] finds it out.

/// What is measured of a plan, in the order of [`Verdict`]'s numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Measure {
    /// Palm or fingers in head and trunk beyond what gives, metres; negative: so far out of it, as far as that was looked at.
    HandInBody,
    /// The forearm likewise.
    ForearmInBody,
    /// Hands in each other likewise.
    HandInHand,
    /// A forearm in the other arm or hand likewise.
    ArmInArm,
    /// Thumb in fingers of the same hand, metres.
    Thumb,
    /// m/s³.
    WristJerk,
    /// m/s³.
    TipJerk,
    /// Off what is asked, radians.
    Palm,
    /// Off what is asked, radians.
    Fingers,
    /// A part of a hand off what it should touch, metres, beyond what its reach leaves open.
    Missed,
}

impl Measure {
    /// Whether an amount is so near to the bound that it should be looked at closely: what is looked at coarsely may be half
    /// of what it is.
    pub(super) fn is_near(self, amount: f32) -> bool {
        const NEAR: f32 = 0.45;
        amount > BOUNDS[self as usize] * NEAR
    }
}

const MEASURES: usize = 10;

/// What a motion should keep to. A little within what [`crate::check::Kind::limit`] grants: a plan is looked at more
/// coarsely than its frames are.
const BOUNDS: [f32; MEASURES] = [-0.001, -0.001, -0.001, -0.001, 0.0047, 2500.0, 5000.0, 0.15, 0.70, 0.004];
/// What of those that change little from one moment to the next differs by no more than this is no worse than planning.
const SAME: [Option<f32>; MEASURES] = [None, None, None, None, None, None, None, None, Some(0.005), None];
/// What differs by no more than this, in each measure, is the same motion.
const ALIKE: [f32; MEASURES] = [2e-4, 2e-4, 2e-4, 2e-4, 5e-5, 40.0, 40.0, 0.002, 0.002, 2e-4];
/// Depths that were not looked at more closely: nothing is near, metres.
pub(super) const NOT_NEAR_M: f32 = -0.03;

/// The worst of each measure.
type Worst = [f32; MEASURES];

/// When something is: hands are moved out of each other's way before what needs it begins, and what went before may be deep
/// in anything itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Before the plan begins.
    Before,
    /// Since then.
    Since,
}

/// What comes of a plan: the worst of each measure, before it begins and since.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Verdict([Worst; 2]);

impl Default for Verdict {
    fn default() -> Self {
        let mut worst = [0.0; MEASURES];
        worst[..=Measure::ArmInArm as usize].fill(NOT_NEAR_M);
        Self([worst; 2])
    }
}

impl Verdict {
    /// Whether everything keeps to its bound.
    pub(super) fn is_sound(&self) -> bool {
        self.0.iter().all(|worst| worst.iter().zip(BOUNDS).all(|(found, bound)| *found <= bound))
    }

    /// Whether nothing is deep in anything and nothing jerks, and all else keeps to its bound, or to what planning alone has
    /// where that does not.
    ///
    /// Palms that are off are mended with care where nothing is said. What is deep or jerks with planning alone may be so for a moment that no frame shows: then only planning as it is,
    /// with the same moments, is sure to be no worse.
    pub(super) fn will_do(&self, planned: &Self) -> bool {
        self.0.iter().zip(&planned.0).all(|(worst, planned)| {
            let all = worst.iter().zip(planned).zip(BOUNDS.into_iter().zip(SAME));
            all.into_iter()
                .all(|((found, planned), (bound, same))| *found <= same.map_or(bound, |same| bound.max(planned + same)))
        })
    }

    /// Whether it is deep in something or jerks: it [will not do](Self::will_do), whatever planning alone has.
    pub(super) fn cannot_do(&self) -> bool {
        self.0.iter().any(|worst| {
            let all = worst.iter().zip(BOUNDS.into_iter().zip(SAME));
            all.into_iter().any(|(found, (bound, same))| same.is_none() && *found > bound)
        })
    }

    /// Whether it is the same motion as planning alone has, at another time.
    pub(super) fn is_same(&self, planned: &Self) -> bool {
        self.0
            .iter()
            .flatten()
            .zip(planned.0.iter().flatten())
            .zip(ALIKE.iter().cycle())
            .all(|((found, planned), alike)| found - planned <= *alike)
    }

    pub(super) fn note(&mut self, measure: Measure, when: When, amount: f32) {
        let worst = &mut self.0[when as usize][measure as usize];
        *worst = worst.max(if amount.is_finite() { amount } else { f32::MAX });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(measure: Measure, amount: f32) -> Verdict {
        let mut verdict = Verdict::default();
        verdict.note(measure, When::Since, amount);
        verdict
    }

    #[test]
    fn what_faces_no_worse_than_planning_will_do_and_what_is_deep_will_not() {
        let (deep, deeper) = (verdict(Measure::HandInHand, 0.010), verdict(Measure::HandInHand, 0.012));
        assert!(!deep.is_sound() && !deep.will_do(&deeper));
        let (off, further) = (verdict(Measure::Fingers, 0.75), verdict(Measure::Fingers, 0.77));
        assert!(!off.is_sound() && off.will_do(&further) && !further.will_do(&off));
        assert!(!verdict(Measure::ArmInArm, 0.001).will_do(&deeper), "another measure");
        assert!(!verdict(Measure::Palm, f32::NAN).will_do(&deeper));
        assert!(!verdict(Measure::TipJerk, 5100.0).is_sound() && verdict(Measure::TipJerk, 4950.0).is_sound());
    }
}
