//! One instant of a body.

use glam::{Quat, Vec3};
use serde::{Deserialize, Serialize, de::Error as _};

use crate::{face::FaceShape, humanoid::Bone, time::OutputTime};

/// One instant: where the hips are, how each bone is turned, what the face does.
///
/// Rotations are VRM 1.0 normalised local rotations (unit quaternions, identity = T-pose);
/// `hips` is the hips' translation from their T-pose place, metres.
#[derive(Debug, Clone, PartialEq)]
pub struct PoseFrame {
    /// When.
    pub time: OutputTime,
    /// Translation of the hips from their rest place, metres.
    pub hips: Vec3,
    /// Local rotations `[55]`, in the order of [`Bone::ALL`].
    pub rotations: [Quat; Bone::COUNT],
    /// Face weights `[52]` in 0 to 1, in the order of [`FaceShape::ALL`].
    pub face: [f32; FaceShape::COUNT],
}

impl PoseFrame {
    /// The T-pose with a resting face.
    pub const fn t_pose(time: OutputTime) -> Self {
        Self { time, hips: Vec3::ZERO, rotations: [Quat::IDENTITY; Bone::COUNT], face: [0.0; FaceShape::COUNT] }
    }

    /// The rotation of `bone`.
    pub const fn rotation(&self, bone: Bone) -> Quat {
        self.rotations[bone.index()]
    }

    /// Mirrored in the sagittal plane: the left hand does what the right one did.
    ///
    /// Face shapes named `…Left` and `…Right` are swapped as well.
    pub fn mirrored(&self) -> Self {
        let mut out = Self::t_pose(self.time);
        out.hips = Vec3::new(-self.hips.x, self.hips.y, self.hips.z);
        for bone in Bone::ALL {
            let q = self.rotation(bone.mirrored());
            out.rotations[bone.index()] = Quat::from_xyzw(q.x, -q.y, -q.z, q.w);
        }
        for shape in FaceShape::ALL {
            let name = shape.name();
            let twin = match (name.strip_suffix("Left"), name.strip_suffix("Right")) {
                (Some(stem), _) => FaceShape::from_name(&format!("{stem}Right")),
                (_, Some(stem)) => FaceShape::from_name(&format!("{stem}Left")),
                _ => None,
            };
            out.face[shape.index()] = self.face[twin.unwrap_or(shape).index()];
        }
        out
    }
}

/// How a pose is written: `{"time", "hips", "rotations": [[x, y, z, w]; 55], "face": [52]}`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    time: OutputTime,
    hips: [f32; 3],
    rotations: Vec<[f32; 4]>,
    face: Vec<f32>,
}

impl Serialize for PoseFrame {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written {
            time: self.time,
            hips: self.hips.to_array(),
            rotations: self.rotations.iter().map(|q| q.to_array()).collect(),
            face: self.face.to_vec(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PoseFrame {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let count = |what, expected, found: usize| {
            D::Error::custom(format!("a pose has {expected} {what}, {found} were found"))
        };
        let rotations: Vec<Quat> = written.rotations.into_iter().map(Quat::from_array).collect();
        if let Some(bad) = rotations.iter().position(|q| !q.is_normalized()) {
            return Err(D::Error::custom(format!("rotation {bad} is not a unit quaternion")));
        }
        let (rotation_count, face_count) = (rotations.len(), written.face.len());
        Ok(Self {
            time: written.time,
            hips: Vec3::from_array(written.hips),
            rotations: rotations.try_into().map_err(|_| count("rotations", Bone::COUNT, rotation_count))?,
            face: written.face.try_into().map_err(|_| count("face weights", FaceShape::COUNT, face_count))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pose_round_trips_through_json() {
        let mut pose = PoseFrame::t_pose(OutputTime(crate::Flicks(28_224_000)));
        pose.hips = Vec3::new(0.01, -0.02, 0.1);
        pose.rotations[Bone::LeftUpperArm.index()] = Quat::from_rotation_z(-1.234);
        pose.face[FaceShape::JawOpen.index()] = 0.3;
        let json = serde_json::to_string(&pose).unwrap();
        assert_eq!(serde_json::from_str::<PoseFrame>(&json).unwrap(), pose);
    }

    #[test]
    fn a_pose_with_54_rotations_is_refused() {
        let mut json = serde_json::to_value(PoseFrame::t_pose(OutputTime::ZERO)).unwrap();
        json["rotations"].as_array_mut().unwrap().pop();
        let error = serde_json::from_value::<PoseFrame>(json).unwrap_err().to_string();
        assert!(error.contains("55 rotations, 54"), "{error}");
    }

    #[test]
    fn mirroring_turns_the_other_arm_the_other_way() {
        let mut pose = PoseFrame::t_pose(OutputTime::ZERO);
        pose.rotations[Bone::LeftUpperArm.index()] = Quat::from_rotation_z(-1.2);
        pose.face[FaceShape::BrowOuterUpLeft.index()] = 0.7;
        let mirrored = pose.mirrored();
        // The left arm (+X) lowered by −1.2 about Z; its mirror is the right arm (−X) lowered by +1.2.
        let tip = mirrored.rotation(Bone::RightUpperArm) * Vec3::NEG_X;
        assert!(tip.y < -0.9, "{tip}");
        assert_eq!(mirrored.face[FaceShape::BrowOuterUpRight.index()], 0.7);
        assert_eq!(mirrored.mirrored(), pose);
    }
}
