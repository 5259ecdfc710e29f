//! The binary of the Python library `pose-format`, version 0.2.
//!
//! Source of the layout: that library's reader (`pose_header.py`, `pose_body.py`), little-endian:
//! version f32; width, height, depth u16; components u16, each its name and format (u16 length and
//! UTF-8), counts of points, limbs and colours u16, the points' names, limbs as two u16, colours as
//! three; then frames a second f32, frames u32, people u16, all coordinates f32 `[frames, people,
//! points, 3]`, all confidences f32 `[frames, people, points]`.
//!
//! Coordinates are what the library writes of a camera in front of the signer, without perspective:
//!
//! - The picture is [`SIDE_PX`] wide and high and shows [`VIEW_IN_STATURES`] of the body's stature,
//!   so a metre is `SIDE_PX / (VIEW_IN_STATURES · stature)` pixels. Its middle is the hips of the
//!   T-pose; its upper edge is [`HEADROOM_IN_STATURES`] above the crown. Legs are below its edge.
//! - `x` pixels to the right, where the signer's left is; `y` pixels down from the upper edge.
//! - `z` away from the camera in picture widths (pixels / [`SIDE_PX`]), as MediaPipe's: for the body from the
//!   middle of the hips, for the face from the middle of the head, for a hand from its wrist.
//! - `POSE_WORLD_LANDMARKS`: from the middle of the hips in MediaPipe's directions, in metres; the
//!   library multiplies `x` and `y` of these too by width and height, so they are millimetres here
//!   and `z` is metres.
//!
//! An unknown point is zero with confidence 0. A place of the head that face shapes displace has
//! 1 less the sum of their weights, but no less than [`FLOOR`].

use std::io::{self, Write};

use glam::{Quat, Vec3};
use signing::{BodySite, Bone, FaceShape, FrameRate, HandPart, Lateral, PoseFrame, Side};

use super::{
    ExportError, buffered, checked,
    holistic::{self, Component, MovedBy, Origin, Source},
};
use crate::{Body, Posture, Rigid, SurfacePoint};

const VERSION: f32 = 0.2;
/// `z` has no extent of its own: the library's holistic writes 0 here.
const DEPTH: u16 = 0;
/// Width and height of the picture, pixels: the library's own default.
pub(super) const SIDE_PX: u16 = 1000;
/// How much of a stature the picture shows: from the middle of the thighs to above the crown.
pub(super) const VIEW_IN_STATURES: f32 = 0.8;
/// Room above the crown, for a raised hand.
pub(super) const HEADROOM_IN_STATURES: f32 = 0.12;
/// A displaced place of the head is still within two centimetres or so.
const FLOOR: f32 = 0.2;

/// Writes a `.pose` file.
///
/// # Errors
/// [`ExportError::NoFrames`], [`ExportError::Uneven`], [`ExportError::NotAPose`],
/// [`ExportError::TooLong`] from 2³² frames, [`ExportError::Write`].
pub fn write_pose<'a>(
    out: impl Write,
    body: &Body,
    rate: FrameRate,
    frames: impl IntoIterator<Item = &'a PoseFrame>,
) -> Result<(), ExportError> {
    let frames = checked(rate, frames)?;
    let count = u32::try_from(frames.len()).map_err(|_| ExportError::TooLong {
        frames: frames.len(),
        format: ".pose",
        limit: "its count has 32 bits",
    })?;
    let components = holistic::components();
    let layout = Layout::of(body, &components);
    buffered(out, |out| {
        header(out, &components)?;
        #[expect(clippy::cast_possible_truncation, reason = "the format has 32 bits; a rate has few digits")]
        out.write_all(&(rate.as_f64() as f32).to_le_bytes())?;
        out.write_all(&count.to_le_bytes())?;
        out.write_all(&1_u16.to_le_bytes())?;
        let mut posture = [Rigid::IDENTITY; Bone::COUNT];
        for frame in &frames {
            body.solve(frame.hips, &frame.rotations, &mut posture);
            layout.coordinates(&posture, |point| {
                point.to_array().into_iter().try_for_each(|value| out.write_all(&value.to_le_bytes()))
            })?;
        }
        for frame in &frames {
            for confidence in layout.confidences(&frame.face) {
                out.write_all(&confidence.to_le_bytes())?;
            }
        }
        Ok(())
    })
}

fn header(out: &mut impl Write, components: &[Component]) -> io::Result<()> {
    out.write_all(&VERSION.to_le_bytes())?;
    shorts(out, &[SIDE_PX, SIDE_PX, DEPTH])?;
    shorts(out, &[length(components.len())?])?;
    for component in components {
        text(out, component.name)?;
        text(out, "XYZC")?;
        shorts(out, &[length(component.points.len())?, length(component.limbs.len())?])?;
        shorts(out, &[length(component.colours.len())?])?;
        component.points.iter().try_for_each(|(name, _)| text(out, name))?;
        component.limbs.iter().try_for_each(|(from, to)| shorts(out, &[*from, *to]))?;
        component.colours.iter().try_for_each(|colour| shorts(out, colour))?;
    }
    Ok(())
}

fn shorts(out: &mut impl Write, values: &[u16]) -> io::Result<()> {
    values.iter().try_for_each(|value| out.write_all(&value.to_le_bytes()))
}

fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    shorts(out, &[length(text.len())?])?;
    out.write_all(text.as_bytes())
}

fn length(length: usize) -> io::Result<u16> {
    u16::try_from(length).map_err(io::Error::other)
}

/// A point that moves with a bone.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    bone: Bone,
    point_in_bone: Vec3,
}

impl Anchor {
    fn of(body: &Body, source: Source) -> Option<(Self, MovedBy)> {
        let on = |point: &SurfacePoint| Self { bone: point.bone, point_in_bone: point.point_in_bone };
        match source {
            Source::Unknown => None,
            Source::Joint(bone) => {
                body.joint(bone).map(|_| (Self { bone, point_in_bone: Vec3::ZERO }, MovedBy::Nothing))
            }
            Source::Tip(side, finger) => {
                body.hand_part(side, HandPart::Tip(finger)).map(|tip| (on(tip), MovedBy::Nothing))
            }
            Source::Head(site, lateral, moved) => body.site(site, lateral).map(|point| (on(point), moved)),
        }
    }

    fn in_world(&self, posture: &Posture) -> Vec3 {
        posture[self.bone.index()].point(self.point_in_bone)
    }
}

/// Where the points are, and how they become the file's numbers.
struct Layout {
    points: Vec<(Option<(Anchor, MovedBy)>, Origin)>,
    ears: [Option<Anchor>; 2],
    /// Of the picture: the hips' x in T-pose and the upper edge's y, metres, world.
    left_top: Vec3,
    px_per_metre: f32,
}

impl Layout {
    fn of(body: &Body, components: &[Component]) -> Self {
        let points = components.iter().flat_map(|component| {
            component.points.iter().map(|(_, source)| (Anchor::of(body, *source), component.origin))
        });
        let ears = [Lateral::Left, Lateral::Right].map(|lateral| {
            Anchor::of(body, Source::Head(BodySite::Ear, lateral, MovedBy::Nothing)).map(|(anchor, _)| anchor)
        });
        let mut t_pose = [Rigid::IDENTITY; Bone::COUNT];
        body.solve(Vec3::ZERO, &[Quat::IDENTITY; Bone::COUNT], &mut t_pose);
        let head = t_pose[Bone::Head.index()].translation;
        let crown = body
            .site(BodySite::HeadTop, Lateral::Centre)
            .map_or(head, |crown| t_pose[crown.bone.index()].point(crown.point_in_bone));
        let view = VIEW_IN_STATURES * body.stature();
        let middle = t_pose[Bone::Hips.index()].translation.x;
        let top = crown.y + HEADROOM_IN_STATURES * body.stature();
        Self {
            points: points.collect(),
            ears,
            left_top: Vec3::new(middle - view / 2.0, top, 0.0),
            px_per_metre: f32::from(SIDE_PX) / view,
        }
    }

    /// Hands each point's coordinates to `put`, in the file's order.
    fn coordinates(&self, posture: &Posture, mut put: impl FnMut(Vec3) -> io::Result<()>) -> io::Result<()> {
        let at = |bone: Bone| posture[bone.index()].translation;
        let hips = at(Bone::LeftUpperLeg).midpoint(at(Bone::RightUpperLeg));
        let head = match self.ears {
            [Some(left), Some(right)] => left.in_world(posture).midpoint(right.in_world(posture)),
            _ => at(Bone::Head),
        };
        let side = f32::from(SIDE_PX);
        let image = |point: Vec3, origin: Vec3| {
            let seen = (point - self.left_top) * self.px_per_metre;
            Vec3::new(seen.x, -seen.y, (origin.z - point.z) * self.px_per_metre / side)
        };
        for (anchor, origin) in &self.points {
            let Some((anchor, _)) = anchor else {
                put(Vec3::ZERO)?;
                continue;
            };
            let point = anchor.in_world(posture);
            put(match origin {
                Origin::Hips => image(point, hips),
                Origin::Head => image(point, head),
                Origin::Wrist(Side::Left) => image(point, at(Bone::LeftHand)),
                Origin::Wrist(Side::Right) => image(point, at(Bone::RightHand)),
                Origin::World => (point - hips) * Vec3::new(side, -side, -1.0),
            })?;
        }
        Ok(())
    }

    /// How sure each point is, 0 to 1, in the file's order.
    fn confidences(&self, face: &[f32; FaceShape::COUNT]) -> impl Iterator<Item = f32> {
        let known = |moved: MovedBy| {
            let weights = FaceShape::ALL.into_iter().filter(|shape| moved.holds(*shape));
            let displaced: f32 = weights.map(|shape| face[shape.index()].max(0.0)).sum();
            (1.0 - displaced).max(FLOOR)
        };
        self.points.iter().map(move |(anchor, _)| anchor.map_or(0.0, |(_, moved)| known(moved)))
    }
}
