//! Biovision hierarchy: a skeleton and its angles as text.
//!
//! Lengths are centimetres, angles degrees, +Y up, the signer faces +Z, +X is the signer's left.
//! All angles zero is the T-pose. Joints bear VRM's bone names; bones that the avatar lacks are left
//! out and their children hang from the next one above. The root's offset is zero and its position
//! channels say where the hips are in the world, so readers that add the offset and readers that
//! replace it agree. Rotation channels are Z, X, Y: `parent_from_joint = Rz · Rx · Ry`. Each frame's
//! angles are, of all that say the same, those nearest to the last frame's, so that readers that
//! interpolate angles don't spin.

use std::{
    f64::consts::{PI, TAU},
    io::{self, Write},
};

use glam::{DQuat, EulerRot, Vec3};
use signing::{BodySite, Bone, Finger, FrameRate, HandPart, Lateral, PoseFrame, Side};

use super::{ExportError, buffered, checked};
use crate::Body;

const CENTIMETRES_PER_METRE: f32 = 100.0;
/// A bone whose end nobody measured (eyes, jaw, toes) is drawn this long, metres.
const STUB_M: f32 = 0.03;

/// Writes a BVH file.
///
/// # Errors
/// [`ExportError::NoFrames`], [`ExportError::Uneven`], [`ExportError::NotAPose`], [`ExportError::Write`].
pub fn write_bvh<'a>(
    out: impl Write,
    body: &Body,
    rate: FrameRate,
    frames: impl IntoIterator<Item = &'a PoseFrame>,
) -> Result<(), ExportError> {
    let frames = checked(rate, frames)?;
    let skeleton = Skeleton::of(body);
    buffered(out, |out| {
        writeln!(out, "HIERARCHY")?;
        let mut order = Vec::with_capacity(Bone::COUNT);
        skeleton.joint(out, Bone::Hips, 0, &mut order)?;
        writeln!(out, "MOTION\nFrames: {}", frames.len())?;
        writeln!(out, "Frame Time: {}", f64::from(rate.den()) / f64::from(rate.num()))?;
        let mut last = vec![[0.0; 3]; order.len()];
        for frame in frames {
            let hips = (skeleton.hips_in_world + frame.hips) * CENTIMETRES_PER_METRE;
            write!(out, "{:.5} {:.5} {:.5}", hips.x, hips.y, hips.z)?;
            for (bone, angles) in order.iter().zip(&mut last) {
                *angles = angles_near(frame.rotation(*bone).as_dquat().normalize(), *angles);
                for angle in *angles {
                    write!(out, " {:.6}", angle.to_degrees())?;
                }
            }
            writeln!(out)?;
        }
        Ok(())
    })
}

/// Which joint hangs from which, and where it ends.
struct Skeleton<'a> {
    body: &'a Body,
    hips_in_world: Vec3,
    children: [Vec<Bone>; Bone::COUNT],
}

impl<'a> Skeleton<'a> {
    fn of(body: &'a Body) -> Self {
        let mut children = [const { Vec::new() }; Bone::COUNT];
        for bone in Bone::ALL {
            if let Some(parent) = body.joint(bone).and_then(|joint| joint.parent) {
                children[parent.index()].push(bone);
            }
        }
        Self { body, hips_in_world: body.offset_in_parent(Bone::Hips), children }
    }

    /// Writes `bone` and what hangs from it; `order` gathers the joints as their channels follow.
    fn joint(&self, out: &mut impl Write, bone: Bone, depth: usize, order: &mut Vec<Bone>) -> io::Result<()> {
        let pad = "\t".repeat(depth);
        let (kind, offset, channels) = if bone == Bone::Hips {
            ("ROOT", Vec3::ZERO, "6 Xposition Yposition Zposition Zrotation Xrotation Yrotation")
        } else {
            ("JOINT", self.body.offset_in_parent(bone), "3 Zrotation Xrotation Yrotation")
        };
        order.push(bone);
        writeln!(out, "{pad}{kind} {}\n{pad}{{", bone.name())?;
        writeln!(out, "{pad}\tOFFSET {}\n{pad}\tCHANNELS {channels}", centimetres(offset))?;
        for child in &self.children[bone.index()] {
            self.joint(out, *child, depth + 1, order)?;
        }
        if self.children[bone.index()].is_empty() {
            let end = centimetres(self.end_in_bone(bone));
            writeln!(out, "{pad}\tEnd Site\n{pad}\t{{\n{pad}\t\tOFFSET {end}\n{pad}\t}}")?;
        }
        writeln!(out, "{pad}}}")
    }

    /// Where a bone without children ends: a fingertip, the crown, else a short way on.
    fn end_in_bone(&self, bone: Bone) -> Vec3 {
        let tip = [Side::Left, Side::Right].into_iter().find_map(|side| {
            let finger = Finger::ALL.into_iter().find(|finger| self.body.finger_bones(side, *finger)[2] == bone)?;
            self.body.hand_part(side, HandPart::Tip(finger))
        });
        let crown = self.body.site(BodySite::HeadTop, Lateral::Centre).filter(|_| bone == Bone::Head);
        match tip.or(crown).filter(|end| end.bone == bone) {
            Some(end) => end.point_in_bone,
            None => Vec3::Z * STUB_M,
        }
    }
}

fn centimetres(metres: Vec3) -> String {
    let Vec3 { x, y, z } = metres * CENTIMETRES_PER_METRE;
    format!("{x:.5} {y:.5} {z:.5}")
}

/// The angles about Z, X, Y (radians) of a rotation, those nearest to `last`.
fn angles_near(rotation: DQuat, last: [f64; 3]) -> [f64; 3] {
    let (z, x, y) = rotation.to_euler(EulerRot::ZXY);
    // Half a turn about Z and Y with X the other way round is the same rotation.
    [[z, x, y], [z + PI, PI - x, y + PI]]
        .map(|angles| std::array::from_fn(|axis| angles[axis] - TAU * ((angles[axis] - last[axis]) / TAU).round()))
        .into_iter()
        .min_by(|a, b| distance(a, &last).total_cmp(&distance(b, &last)))
        .unwrap_or([z, x, y])
}

fn distance(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum()
}
