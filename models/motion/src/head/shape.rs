//! What the head says of one configuration of the hands: numbers by index, 0 everywhere is what planning has.
//!
//! | index | what | at ±1 |
//! | --- | --- | --- |
//! | 0 | time of the way to the configuration | × e^±0.35 |
//! | 1 | time of its movement | × e^±0.30 |
//! | 2 | time that it stands where nothing moves | × e^±0.35 |
//! | 3 | hold at a boundary behind it | × e^±0.35 |
//! | 4 | how much earlier the next sign sets out | ± 0.05 s |
//! | 5 | time in which an idle hand is let go | × e^±0.5 |
//! | 6 | how far down an idle hand goes that is needed again | ± 0.35 of the way |
//! | 7 | when it is let go | ± 0.05 s |
//! | 8–19 | the dominant hand, as [`HandResidual`] | |
//! | 20–31 | the weak hand, likewise | |
//! | 32–37 | head pitch, yaw, roll; torso lean, twist, side | ± 0.10, 0.06 rad |
//! | 38–41 | brows up, brows down, jaw open, smile | ± 0.3 |
//!
//! A hand's twelve: offset of the configuration x, y, z (± 0.03 m on a body of 1.70 m), elbow's swivel (± 0.35 rad), turn
//! of the hand about x, y, z (± 0.15 rad), bend of the long fingers' knuckles (± 0.15 rad), bow of the way there x, y, z
//! (± 0.06 m), elbow's swivel on the way (± 0.35 rad). Chest frame, right-handed signer.

use glam::Vec3;

/// How many numbers a shape has.
pub const OUTPUTS: usize = 42;
/// Raise it whenever an index or a range of this table changes: weights of another version are refused.
pub const OUTPUTS_VERSION: u32 = 1;

/// Where the hands' residuals begin.
pub(crate) const HANDS: usize = 8;
/// How many a hand has.
pub(crate) const OF_HAND: usize = 12;
/// Where head and torso begin.
pub(crate) const BODY: usize = HANDS + 2 * OF_HAND;
/// Numbers of head, torso and face.
pub(crate) const OF_BODY: usize = 10;
const _: () = assert!(BODY + OF_BODY == OUTPUTS);

/// One configuration's shape; each number from −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape(pub(crate) [f32; OUTPUTS]);

/// What is added to one hand. Chest frame, metres on a body of 1.70 m, radians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HandResidual {
    /// Moves the configuration, and what is done from there.
    pub(crate) offset: Vec3,
    pub(crate) swivel: f32,
    /// Rotation vector.
    pub(crate) turn: Vec3,
    pub(crate) bend: f32,
    /// Moves the middle of the way there and neither of its ends.
    pub(crate) bow: Vec3,
    pub(crate) bow_swivel: f32,
}

impl HandResidual {
    /// The other hand's, as its mirror image.
    pub(crate) fn mirrored(mut self) -> Self {
        self.offset.x = -self.offset.x;
        self.bow.x = -self.bow.x;
        self.turn = Vec3::new(self.turn.x, -self.turn.y, -self.turn.z);
        self
    }
}

/// What is added to head, torso and face: radians, weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BodyResidual {
    /// Pitch (up), yaw (left), roll (to the left shoulder).
    pub(crate) head: [f32; 3],
    /// Lean (forward), twist (left), side (left).
    pub(crate) torso: [f32; 3],
    /// Brows up, brows down, jaw open, smile.
    pub(crate) face: [f32; 4],
}

impl Shape {
    /// What planning has, unchanged.
    pub const ANALYTIC: Self = Self([0.0; OUTPUTS]);

    /// How many numbers set the pace; they come first.
    pub const PACE: usize = 5;

    /// A shape of numbers, each brought within −1 to 1; what is not a number becomes 0.
    pub fn new(numbers: [f32; OUTPUTS]) -> Self {
        Self(numbers.map(|number| if number.is_finite() { number.clamp(-1.0, 1.0) } else { 0.0 }))
    }

    /// Its numbers.
    pub const fn numbers(&self) -> &[f32; OUTPUTS] {
        &self.0
    }

    /// Both, each number within −1 to 1.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::new(std::array::from_fn(|index| self.0[index] + other.0[index]))
    }

    /// The same with so much of what is said of times, and so much of what is added to hands, head and face.
    #[must_use]
    pub(crate) fn weakened(mut self, of_times: f32, added: f32) -> Self {
        self.0[..HANDS].iter_mut().for_each(|number| *number *= of_times);
        self.0[HANDS..].iter_mut().for_each(|number| *number *= added);
        self
    }

    /// Planning, with ways and movements that take longer: `by` of the most that a shape can say.
    pub(crate) fn slower(by: f32) -> Self {
        let mut numbers = [0.0; OUTPUTS];
        numbers[..2].fill(by);
        Self::new(numbers)
    }

    /// Planning, with this said of how an idle hand is let go: in what time, how far down, when.
    pub(crate) fn letting_go(ways: [f32; 3]) -> Self {
        let mut numbers = [0.0; OUTPUTS];
        numbers[5..HANDS].copy_from_slice(&ways);
        Self::new(numbers)
    }

    fn factor(&self, index: usize, most: f64) -> f64 {
        (f64::from(self.0[index]) * most).exp()
    }

    pub(crate) fn transition(&self) -> f64 {
        self.factor(0, 0.35)
    }

    pub(crate) fn movement(&self) -> f64 {
        self.factor(1, 0.30)
    }

    pub(crate) fn hold(&self) -> f64 {
        self.factor(2, 0.35)
    }

    pub(crate) fn boundary(&self) -> f64 {
        self.factor(3, 0.35)
    }

    pub(crate) fn earlier_secs(&self) -> f64 {
        f64::from(self.0[4]) * 0.05
    }

    pub(crate) fn release(&self) -> f64 {
        self.factor(5, 0.5)
    }

    pub(crate) fn release_share(&self, usual: f32) -> f32 {
        (usual + self.0[6] * 0.35).clamp(0.15, 0.95)
    }

    pub(crate) fn release_later_secs(&self) -> f64 {
        f64::from(self.0[7]) * 0.05
    }

    /// `hand`: 0 dominant, 1 weak; `None` if nothing is added.
    pub(crate) fn hand(&self, hand: usize) -> Option<HandResidual> {
        let of = &self.0[HANDS + hand * OF_HAND..][..OF_HAND];
        let vector = |from: usize, most: f32| Vec3::from_slice(&of[from..from + 3]) * most;
        of.iter().any(|number| *number != 0.0).then(|| HandResidual {
            offset: vector(0, 0.03),
            swivel: of[3] * 0.35,
            turn: vector(4, 0.15),
            bend: of[7] * 0.15,
            bow: vector(8, 0.06),
            bow_swivel: of[11] * 0.35,
        })
    }

    /// `None` if nothing is added.
    pub(crate) fn body(&self) -> Option<BodyResidual> {
        let of = &self.0[BODY..][..OF_BODY];
        of.iter().any(|number| *number != 0.0).then(|| BodyResidual {
            head: [of[0], of[1], of[2]].map(|number| number * 0.10),
            torso: [of[3], of[4], of[5]].map(|number| number * 0.06),
            face: [of[6], of[7], of[8], of[9]].map(|number| number * 0.3),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_what_planning_has() {
        let shape = Shape::ANALYTIC;
        for factor in [shape.transition(), shape.movement(), shape.hold(), shape.boundary(), shape.release()] {
            assert_eq!(factor.to_bits(), 1.0_f64.to_bits());
        }
        assert_eq!((shape.earlier_secs(), shape.release_later_secs(), shape.release_share(0.55)), (0.0, 0.0, 0.55));
        assert_eq!((shape.hand(0), shape.hand(1), shape.body()), (None, None, None));
    }

    #[test]
    fn numbers_are_brought_within_range() {
        let mut numbers = [7.0; OUTPUTS];
        numbers[0] = f32::NAN;
        numbers[1] = f32::NEG_INFINITY;
        let shape = Shape::new(numbers);
        assert_eq!(shape.numbers()[..3], [0.0, 0.0, 1.0]);
        assert!((shape.hand(1).unwrap().offset - Vec3::splat(0.03)).length() < 1e-6);
    }

    #[test]
    fn each_number_changes_something_of_its_own() {
        let seen = |shape: Shape| {
            format!(
                "{:?} {:?} {:?} {:?}",
                [shape.transition(), shape.movement(), shape.hold(), shape.boundary(), shape.earlier_secs()],
                [shape.release(), f64::from(shape.release_share(0.5)), shape.release_later_secs()],
                [shape.hand(0), shape.hand(1)],
                shape.body()
            )
        };
        let mut all = std::collections::BTreeSet::from([seen(Shape::ANALYTIC)]);
        for index in 0..OUTPUTS {
            let mut numbers = [0.0; OUTPUTS];
            numbers[index] = 0.5;
            assert!(all.insert(seen(Shape::new(numbers))), "{index}");
        }
    }
}
