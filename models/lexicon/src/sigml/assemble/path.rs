//! Paths: lines, arcs, circles, ellipses, crosses.

use std::f32::consts::TAU;

use glam::Vec3;
use signing::{ArcPlane, Dir, Path, PathShape, Place, Size};

use crate::sigml::{
    direction::{across, frame},
    sign::{Circle, Line, Sized, flipped},
};

/// The long axis of an ellipse of usual size, metres.
const ELLIPSE: f32 = 0.20;
/// Short to long axis of an ellipse.
const FLATNESS: f32 = 0.5;
/// Points of an ellipse's outline.
const POINTS: u16 = 24;

pub(super) const fn size(size: Option<Sized>) -> Size {
    match size {
        None => Size::Normal,
        Some(Sized::Small) => Size::Small,
        Some(Sized::Large) => Size::Large,
    }
}

/// So many metres, by size.
const fn scale(size: Option<Sized>) -> f32 {
    match size {
        None => 1.0,
        Some(Sized::Small) => 0.4,
        Some(Sized::Large) => 1.5,
    }
}

/// A path along a line; `turns_back`: there and back.
pub(super) fn travel(direction: Dir, line: Line, sized: Option<Sized>, to: Option<Place>, flip: [bool; 3]) -> Path {
    let (side, top) = frame(direction);
    // From side to side for a vertical path, else up and down.
    let vertical = direction.vec().y.abs() > 0.9;
    let sway = |said: Option<[f32; 2]>| {
        let said = said.and_then(|[left, up]| across(direction, left, up));
        let usual = Dir::new(if vertical { side } else { top });
        flipped(said.or(usual).unwrap_or(Dir::UP), flip)
    };
    let shape = match line {
        Line::Straight => PathShape::Straight,
        Line::Arc { left, up, .. } => match across(direction, left, up) {
            Some(bulge) => PathShape::Arc(ArcPlane::Towards(flipped(bulge, flip))),
            None => PathShape::Arc(ArcPlane::Usual),
        },
        Line::Wavy(said) => PathShape::Wave { across: sway(said), waves: 3 },
        Line::ZigZag(said) => PathShape::ZigZag { across: sway(said), strokes: 4 },
    };
    Path { shape, direction: Some(flipped(direction, flip)), to, size: size(sized), there_and_back: false }
}

/// How many turns a circle makes.
pub(super) fn turns(circle: &Circle) -> f32 {
    let whole = f32::from(u16::try_from(circle.full).unwrap_or(u16::MAX));
    let turns = match (circle.start, circle.end) {
        (Some(start), Some(end)) => {
            let angle = (phase(circle, end) - phase(circle, start)).rem_euclid(TAU);
            // From a point to itself is the whole way round.
            if angle < 1e-3 || TAU - angle < 1e-3 { whole.max(1.0) } else { whole + angle / TAU }
        }
        _ => whole + 1.0,
    };
    turns.clamp(0.05, 20.0)
}

/// The angle of a point on the circle in the sense in which the hand goes, from the plane's left.
fn phase(circle: &Circle, [left, up]: [f32; 2]) -> f32 {
    let (side, top) = frame(circle.axis);
    let handed = side.cross(top).dot(circle.axis.vec());
    (up * handed.signum()).atan2(left)
}

/// A circle about an axis, or an ellipse's outline.
pub(super) fn circle(circle: &Circle, sized: Option<Sized>, to: Option<Place>, flip: [bool; 3]) -> Path {
    let mirrored = flip.into_iter().filter(|&flip| flip).count() % 2 == 1;
    let shape = match circle.ellipse {
        None => {
            // A mirror turns the sense of a rotation round.
            let axis = flipped(circle.axis, flip);
            PathShape::Circle { axis: if mirrored { -axis } else { axis }, turns: turns(circle) }
        }
        Some(long) => PathShape::Trace(vec![ellipse(circle, long, sized, flip)]),
    };
    Path { shape, direction: None, to, size: size(sized), there_and_back: false }
}

fn ellipse(circle: &Circle, long: [f32; 2], sized: Option<Sized>, flip: [bool; 3]) -> Vec<[f32; 3]> {
    let (side, top) = frame(circle.axis);
    let half = ELLIPSE / 2.0 * scale(sized);
    let along = (side * long[0] + top * long[1]).normalize_or(top) * half;
    let across = circle.axis.vec().cross(along) * FLATNESS;
    let at = |angle: f32| along * angle.cos() + across * angle.sin();
    let start = circle.start.map_or(0.0, |[left, up]| {
        let point = side * left + top * up;
        point.dot(across).atan2(point.dot(along) * FLATNESS)
    });
    let turns = turns(circle).min(5.0);
    let last = f32::from(POINTS) * turns;
    let mut points = Vec::new();
    let mut step = 0.0_f32;
    while step <= last + 0.5 {
        let angle = start + TAU * step / f32::from(POINTS);
        points.push(mirror(at(angle) - at(start), flip));
        step += 1.0;
    }
    points
}

/// Two strokes that cross, in the plane before the signer.
pub(super) fn cross(slanted: bool, sized: Option<Sized>, flip: [bool; 3]) -> Path {
    let reach = 0.08 * scale(sized);
    let strokes: [[Vec3; 2]; 2] = if slanted {
        [[Vec3::ZERO, Vec3::new(-2.0, -2.0, 0.0)], [Vec3::new(-2.0, 0.0, 0.0), Vec3::new(0.0, -2.0, 0.0)]]
    } else {
        [[Vec3::ZERO, Vec3::new(0.0, -2.0, 0.0)], [Vec3::new(1.0, -1.0, 0.0), Vec3::new(-1.0, -1.0, 0.0)]]
    };
    let strokes = strokes
        .into_iter()
        .map(|stroke| stroke.into_iter().map(|point| mirror(point * reach, flip)).collect())
        .collect();
    Path { shape: PathShape::Trace(strokes), direction: None, to: None, size: size(sized), there_and_back: false }
}

fn mirror(point: Vec3, flip: [bool; 3]) -> [f32; 3] {
    let mut point = point.to_array();
    for (coordinate, flip) in point.iter_mut().zip(flip) {
        if flip {
            *coordinate = -*coordinate;
        }
    }
    point
}
