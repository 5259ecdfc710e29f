//! A skeleton through time, and its way onto a body.
//!
//! A joint's turn is counted from the rig's own rest pose, in the body's directions; what the rest pose is off the T-pose is
//! put before it, bone by bone. So a rig may rest with its arms down, face any way, stand on any axis and be of any size.

use std::path::Path;

use glam::{Mat3, Quat, Vec3};
use signing::{Bone, Flicks, OutputTime, PoseFrame};

use super::{Clip, ClipComplaint, ImportError, naming::bones_of};
use crate::Body;

/// A joint at rest.
#[derive(Debug, Clone)]
pub(super) struct SourceJoint {
    pub(super) name: String,
    /// Comes before its children.
    pub(super) parent: Option<usize>,
    /// From the parent's joint, in the parent's axes, in the file's units.
    pub(super) offset: Vec3,
    /// Parent from joint.
    pub(super) rest: Quat,
}

/// What a joint does in one frame: parent from joint.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceTurn {
    pub(super) turn: Quat,
    /// In the place of its offset.
    pub(super) at: Option<Vec3>,
}

/// A skeleton through time.
#[derive(Debug, Clone, Default)]
pub(super) struct SourceRig {
    pub(super) joints: Vec<SourceJoint>,
    /// Time in seconds, and a turn for each joint.
    pub(super) frames: Vec<(f64, Vec<SourceTurn>)>,
    /// Which bone each joint is, if the file says so itself.
    pub(super) said: Option<Vec<Option<Bone>>>,
    pub(super) complaints: Vec<ClipComplaint>,
}

/// Without these nothing is signed.
const NEEDED: [Bone; 6] =
    [Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::LeftHand, Bone::RightUpperArm, Bone::RightLowerArm, Bone::RightHand];

struct Placed {
    turns: Vec<Quat>,
    points: Vec<Vec3>,
}

impl SourceRig {
    fn place(&self, of: impl Fn(usize) -> (Quat, Vec3)) -> Placed {
        let mut placed = Placed { turns: Vec::new(), points: Vec::new() };
        for (index, joint) in self.joints.iter().enumerate() {
            let (turn, offset) = of(index);
            let (parent_turn, parent_at) = match joint.parent {
                Some(parent) => (placed.turns[parent], placed.points[parent]),
                None => (Quat::IDENTITY, Vec3::ZERO),
            };
            placed.turns.push((parent_turn * turn).normalize());
            placed.points.push(parent_at + parent_turn * offset);
        }
        placed
    }

    /// Onto a body.
    pub(super) fn onto(self, path: &Path, body: &Body) -> Result<Clip, ImportError> {
        let names: Vec<String> = self.joints.iter().map(|joint| joint.name.clone()).collect();
        let bones = self.said.clone().unwrap_or_else(|| bones_of(&names));
        let mut joint_of = [None; Bone::COUNT];
        for (joint, bone) in bones.iter().enumerate() {
            if let Some(bone) = bone {
                joint_of[bone.index()] = Some(joint);
            }
        }
        let lacking: Vec<&str> =
            NEEDED.into_iter().filter(|bone| joint_of[bone.index()].is_none()).map(Bone::name).collect();
        if !lacking.is_empty() {
            let mut joints = names.join(", ");
            joints.truncate(joints.char_indices().nth(300).map_or(joints.len(), |(at, _)| at));
            return Err(ImportError::NoArms { path: path.to_owned(), bones: lacking.join(", "), joints });
        }
        let rest = self.place(|joint| (self.joints[joint].rest, self.joints[joint].offset));
        let Some(way) = Way::of(&rest, &joint_of, body) else {
            let found = "a rest pose in which shoulders or trunk have no extent".to_owned();
            let expected = "joints with offsets from their parents".to_owned();
            return Err(ImportError::Malformed { path: path.to_owned(), line: None, found, expected });
        };
        let mut clip = Clip {
            path: path.to_owned(),
            frames: Vec::with_capacity(self.frames.len()),
            missing: body_bones(body).filter(|bone| joint_of[bone.index()].is_none()).collect(),
            complaints: self.complaints.clone(),
        };
        let mut first_hips = None;
        for (index, (secs, turns)) in self.frames.iter().enumerate() {
            let bad = turns.iter().position(|turn| !turn.turn.is_finite() || turn.at.is_some_and(|at| !at.is_finite()));
            if let Some(joint) = bad {
                let what = format!("joint “{}” holds what is not a number; the frame is left out", names[joint]);
                clip.complaints.push(ClipComplaint { path: path.to_owned(), frame: Some(index), what });
                continue;
            }
            let placed = self.place(|joint| {
                let SourceTurn { turn, at } = turns[joint];
                (turn, at.unwrap_or(self.joints[joint].offset))
            });
            let mut frame = way.frame(&rest, &placed, &joint_of, body);
            frame.time = OutputTime(Flicks::from_secs(*secs));
            if let Some(hips) = joint_of[Bone::Hips.index()] {
                let at = way.body_from_source * placed.points[hips] * way.metres;
                frame.hips = at - *first_hips.get_or_insert(at);
            }
            clip.frames.push(frame);
        }
        Ok(clip)
    }
}

/// Bones of arms, hands, trunk and head that a body has.
fn body_bones(body: &Body) -> impl Iterator<Item = Bone> {
    Bone::ALL.into_iter().filter(|bone| {
        let name = bone.name();
        let other = ["Leg", "Foot", "Toes", "Eye", "jaw", "upperChest"].iter().any(|part| name.contains(part));
        !other && body.joint(*bone).is_some()
    })
}

/// How the rig's directions and rest pose become the body's.
struct Way {
    body_from_source: Quat,
    metres: f32,
    /// For each bone what takes its direction in the body's T-pose to that of the rig's rest pose, in the body's axes.
    rest_from_t: [Quat; Bone::COUNT],
}

impl Way {
    fn of(rest: &Placed, joint_of: &[Option<usize>; Bone::COUNT], body: &Body) -> Option<Self> {
        let at = |bone: Bone| joint_of[bone.index()].map(|joint| rest.points[joint]);
        let across = at(Bone::LeftUpperArm)? - at(Bone::RightUpperArm)?;
        let shoulders = at(Bone::LeftUpperArm)?.midpoint(at(Bone::RightUpperArm)?);
        let low = at(Bone::Hips).or_else(|| at(Bone::Spine)).or_else(|| at(Bone::Chest));
        let up = match (low, at(Bone::Head).or_else(|| at(Bone::Neck))) {
            (Some(low), _) if (shoulders - low).length() > 1e-4 * across.length() => shoulders - low,
            (_, Some(high)) => high - shoulders,
            _ => return None,
        };
        let left = across.try_normalize()?;
        let up = (up - left * up.dot(left)).try_normalize()?;
        let axes = Mat3::from_cols(left, up, left.cross(up));
        let body_from_source = Quat::from_mat3(&axes.transpose());
        // By the arms, which are there.
        let length =
            |bones: [Bone; 3]| Some(at(bones[0])?.distance(at(bones[1])?) + at(bones[1])?.distance(at(bones[2])?));
        let source_arm = length([Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::LeftHand])?;
        let metres = if source_arm > 0.0 { body.arm_length() / source_arm } else { return None };
        let mut rest_from_t = [Quat::IDENTITY; Bone::COUNT];
        for bone in Bone::ALL {
            let next = Bone::ALL.into_iter().filter(|other| {
                other.parent() == Some(bone) && joint_of[other.index()].is_some() && body.joint(*other).is_some()
            });
            // A hand points along its middle finger; a trunk that forks has no direction of its own.
            let child = match bone {
                Bone::LeftHand => Some(Bone::LeftMiddleProximal),
                Bone::RightHand => Some(Bone::RightMiddleProximal),
                Bone::Hips | Bone::UpperChest | Bone::Chest | Bone::Spine | Bone::Neck | Bone::Head => None,
                _ => next.clone().next(),
            };
            let Some(child) = child else { continue };
            let (Some(from), Some(to)) = (at(bone), at(child)) else { continue };
            let (Some(t_from), Some(t_to)) = (body.joint(bone), body.joint(child)) else { continue };
            let source = (body_from_source * (to - from)).try_normalize();
            let t_pose = (t_to.head_in_world - t_from.head_in_world).try_normalize();
            if let (Some(source), Some(t_pose)) = (source, t_pose) {
                rest_from_t[bone.index()] = Quat::from_rotation_arc(t_pose, source);
            }
        }
        // The last bone of a finger goes as the one before it, as does a hand whose fingers are not there.
        for bone in Bone::ALL {
            let has_none = rest_from_t[bone.index()] == Quat::IDENTITY;
            if let (true, Some(parent)) = (has_none, bone.parent())
                && (bone.name().contains("Distal") || bone.name().ends_with("Hand"))
            {
                rest_from_t[bone.index()] = rest_from_t[parent.index()];
            }
        }
        Some(Self { body_from_source, metres, rest_from_t })
    }

    fn frame(&self, rest: &Placed, now: &Placed, joint_of: &[Option<usize>; Bone::COUNT], body: &Body) -> PoseFrame {
        let mut frame = PoseFrame::t_pose(OutputTime::ZERO);
        let mut worlds = [Quat::IDENTITY; Bone::COUNT];
        for bone in Bone::ALL {
            let index = bone.index();
            let parent = bone.parent().map_or(Quat::IDENTITY, |parent| worlds[parent.index()]);
            worlds[index] = match joint_of[index] {
                Some(joint) if body.joint(bone).is_some() => {
                    let turned = now.turns[joint] * rest.turns[joint].inverse();
                    let turned = self.body_from_source * turned * self.body_from_source.inverse();
                    (turned * self.rest_from_t[index]).normalize()
                }
                _ => parent,
            };
            frame.rotations[index] = (parent.inverse() * worlds[index]).normalize();
        }
        frame
    }
}
