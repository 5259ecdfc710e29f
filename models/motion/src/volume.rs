//! Segments with a radius: the shapes that hands, arms and trunk are taken for.

use glam::Vec3;

/// A segment with a radius. Chest frame; of head and trunk in the T-pose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Segment {
    pub(crate) from: Vec3,
    pub(crate) to: Vec3,
    pub(crate) radius: f32,
}

impl Segment {
    /// From a point to the segment's axis, metres.
    pub(crate) fn distance(&self, point: Vec3) -> f32 {
        let axis = self.to - self.from;
        let t = ((point - self.from).dot(axis) / axis.length_squared().max(1e-9)).clamp(0.0, 1.0);
        point.distance(self.from + axis * t)
    }
}

/// A volume of the body, with a sphere around it that is asked first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Volume {
    pub(crate) segment: Segment,
    pub(crate) middle: Vec3,
    pub(crate) reach: f32,
}

impl Volume {
    /// The sphere around it: middle and radius, metres.
    pub(crate) const fn around(&self) -> (Vec3, f32) {
        (self.middle, self.reach)
    }

    /// Whether a point is within `far` metres of the middle.
    pub(crate) fn is_within(&self, point: Vec3, far: f32) -> bool {
        point.distance_squared(self.middle) <= far * far
    }
}

impl From<Segment> for Volume {
    fn from(segment: Segment) -> Self {
        let middle = segment.from.midpoint(segment.to);
        Self { segment, middle, reach: middle.distance(segment.to) + segment.radius }
    }
}

/// Four of the palm, three of each finger.
const MOST_SEGMENTS: usize = 19;

/// Palm and fingers of a posed hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HandSegments {
    all: [Segment; MOST_SEGMENTS],
    count: usize,
}

impl HandSegments {
    /// Those segments; what there is no room for is left out. `at`: anywhere in the hand.
    pub(crate) fn new(at: Vec3, segments: impl Iterator<Item = Segment>) -> Self {
        let mut found = Self { all: [Segment { from: at, to: at, radius: 0.0 }; MOST_SEGMENTS], count: 0 };
        for (slot, segment) in found.all.iter_mut().zip(segments) {
            *slot = segment;
            found.count += 1;
        }
        found
    }

    /// Keeps those segments of which that holds, by where they are.
    pub(crate) fn keep(&mut self, holds: impl Fn(usize) -> bool) {
        let before = std::mem::take(&mut self.count);
        for index in 0..before {
            if holds(index) {
                self.all[self.count] = self.all[index];
                self.count += 1;
            }
        }
    }

    /// Something of each segment; of what lies behind the last one it says nothing.
    pub(crate) fn each<T>(&self, of: impl Fn(&Segment) -> T) -> [T; MOST_SEGMENTS] {
        self.all.each_ref().map(of)
    }
}

impl std::ops::DerefMut for HandSegments {
    fn deref_mut(&mut self) -> &mut [Segment] {
        &mut self.all[..self.count]
    }
}

impl std::ops::Deref for HandSegments {
    type Target = [Segment];

    fn deref(&self) -> &[Segment] {
        &self.all[..self.count]
    }
}

/// How far above a spot of a hand, along its normal, the outermost of the fingers that lie there ends, metres: 0 if none
/// does. What is still inside of something a finger's thickness above a fist is not covered by it, but behind it.
pub(crate) fn covered_by(fingers: &[Segment], spot: Vec3, normal: Vec3) -> f32 {
    /// The thickness of a closed hand above its palm, or beside its edges.
    const MOST_M: f32 = 0.04;
    const MET_M: f32 = 2e-4;
    let clearance = |at: f32| {
        let point = spot + normal * at;
        fingers.iter().map(|finger| finger.distance(point) - finger.radius).fold(f32::INFINITY, f32::min)
    };
    let mut at = MOST_M;
    if clearance(at) <= 0.0 {
        return 0.0;
    }
    // Never further than what is nearest: from outside inwards, until something is met.
    for _ in 0..48 {
        let clear = clearance(at);
        if clear < MET_M {
            break;
        }
        at -= clear;
        if at <= 0.0 {
            return 0.0;
        }
    }
    at
}

/// The distance between two segments, and where along each (0 to 1) it is.
///
/// Source of the method: C. Ericson, *Real-Time Collision Detection*, 2005, 5.1.9.
pub(crate) fn between_segments(a_from: Vec3, a_to: Vec3, b_from: Vec3, b_to: Vec3) -> (f32, f32, f32) {
    let (along_a, along_b, apart) = (a_to - a_from, b_to - b_from, a_from - b_from);
    let (aa, bb) = (along_a.length_squared(), along_b.length_squared());
    let b_apart = along_b.dot(apart);
    let (s, t) = if aa <= 1e-10 {
        (0.0, if bb <= 1e-10 { 0.0 } else { (b_apart / bb).clamp(0.0, 1.0) })
    } else {
        let a_apart = along_a.dot(apart);
        if bb <= 1e-10 {
            ((-a_apart / aa).clamp(0.0, 1.0), 0.0)
        } else {
            let ab = along_a.dot(along_b);
            let denominator = aa * bb - ab * ab;
            let s =
                if denominator > 1e-12 { ((ab * b_apart - a_apart * bb) / denominator).clamp(0.0, 1.0) } else { 0.0 };
            let t = (ab * s + b_apart) / bb;
            if t < 0.0 {
                ((-a_apart / aa).clamp(0.0, 1.0), 0.0)
            } else if t > 1.0 {
                (((ab - a_apart) / aa).clamp(0.0, 1.0), 1.0)
            } else {
                (s, t)
            }
        }
    };
    ((a_from + along_a * s).distance(b_from + along_b * t), s, t)
}
