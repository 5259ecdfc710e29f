//! A measured body.

use std::{collections::HashMap, fs, path::Path};

use glam::{Quat, Vec3};
use signing::{BodySite, Bone, Finger, HandPart, Lateral, Side, SpacePoint};

use crate::{
    BodyError, digits,
    limits::{self, JointLimits},
    measure::{self, Capsule, HandPoints, Joints, Skin, SurfacePoint},
    rest::{self, Rest},
    twist::Twist,
};

/// Where a bone is: `point_in_world = rotation * point_in_bone + translation`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rigid {
    /// World from bone.
    pub rotation: Quat,
    /// The joint, world, metres.
    pub translation: Vec3,
}

impl Rigid {
    /// Nowhere moved.
    pub const IDENTITY: Self = Self { rotation: Quat::IDENTITY, translation: Vec3::ZERO };

    /// A point of the bone in the world.
    pub fn point(&self, point_in_bone: Vec3) -> Vec3 {
        self.rotation * point_in_bone + self.translation
    }
}

/// All bones' transforms, by [`Bone::index`].
pub type Posture = [Rigid; Bone::COUNT];

/// A joint of the body in T-pose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// Metres, world: feet at y = 0 in the default avatar.
    pub head_in_world: Vec3,
    /// The nearest ancestor that this body has; `None` for the hips.
    pub parent: Option<Bone>,
}

/// A human body as motion needs it: joints, surface, volumes, limits.
#[derive(Debug, Clone)]
pub struct Body {
    joints: [Option<Joint>; Bone::COUNT],
    /// For each bone the offset of its joint from its parent's; zero where the body lacks it.
    offset_in_parent: [Vec3; Bone::COUNT],
    /// For each bone the index of the parent it hangs from.
    parents: [Option<usize>; Bone::COUNT],
    sites: HashMap<(BodySite, Lateral), SurfacePoint>,
    hands: [HandPoints; 2],
    capsules: Vec<Capsule>,
    limits: [JointLimits; Bone::COUNT],
    twists: Vec<Twist>,
    stature: f32,
    hand_length: f32,
    breastbone_z: f32,
}

impl Body {
    /// Reads a VRM 1.0 or glTF humanoid file.
    ///
    /// # Errors
    /// As [`Body::from_bytes`], and [`BodyError::Read`].
    pub fn read(path: &Path) -> Result<Self, BodyError> {
        let bytes = fs::read(path).map_err(|source| BodyError::Read { path: path.to_owned(), source })?;
        Self::from_bytes(&bytes)
    }

    /// Measures a VRM 1.0 or glTF humanoid in memory.
    ///
    /// # Errors
    /// [`BodyError`]: not a GLB; bones missing that signing needs; not in T-pose; no surface where
    /// a landmark should be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BodyError> {
        let Rest { heads, surface, twists } = rest::read(bytes)?;
        check_bones(&heads)?;
        let joints = Joints { heads: &heads };
        check_t_pose(joints)?;

        let skin = Skin::new(&surface);
        let mut sites = HashMap::new();
        measure::head_points(&skin, joints, &mut sites)?;
        measure::trunk_points(&skin, joints, &mut sites)?;
        let hands =
            [measure::hand_points(&skin, joints, Side::Left)?, measure::hand_points(&skin, joints, Side::Right)?];
        let in_world = |point: &SurfacePoint| joints.at(point.bone) + point.point_in_bone;
        let tips: Vec<(Bone, Vec3)> = hands
            .iter()
            .flat_map(|hand| Finger::ALL.into_iter().filter_map(|finger| hand.get(&HandPart::Tip(finger))))
            .map(|tip| (tip.bone, in_world(tip)))
            .collect();
        let capsules = measure::capsules(&skin, joints, &tips);

        let mut offset_in_parent = [Vec3::ZERO; Bone::COUNT];
        let mut parents = [None; Bone::COUNT];
        let mut measured = [None; Bone::COUNT];
        for bone in Bone::ALL {
            let parent = bone.parent().map(|parent| joints.present(parent));
            parents[bone.index()] = parent.map(Bone::index);
            let origin = parent.map_or(Vec3::ZERO, |parent| joints.at(parent));
            if let Some(head_in_world) = heads[bone.index()] {
                offset_in_parent[bone.index()] = head_in_world - origin;
                measured[bone.index()] = Some(Joint { head_in_world, parent });
            }
        }
        let heights = surface.positions.iter().map(|position| position.y);
        let (low, high) = heights.fold((f32::MAX, f32::MIN), |(low, high), y| (low.min(y), high.max(y)));
        let middle_tip = tips.iter().find(|(bone, _)| *bone == Bone::LeftMiddleDistal);
        let hand_length = middle_tip.map_or(0.0, |(_, tip)| tip.distance(joints.at(Bone::LeftHand)));
        let breastbone_z =
            sites.get(&(BodySite::Chest, Lateral::Centre)).map_or(0.0, |breastbone| in_world(breastbone).z);
        Ok(Self {
            joints: measured,
            offset_in_parent,
            parents,
            sites,
            hands,
            capsules,
            limits: Bone::ALL.map(limits::joint_limits),
            twists,
            stature: high - low,
            hand_length,
            breastbone_z,
        })
    }

    /// A joint in T-pose; `None` if the body lacks the bone.
    pub const fn joint(&self, bone: Bone) -> Option<Joint> {
        self.joints[bone.index()]
    }

    /// The bones that VRM knows and this body lacks.
    pub fn missing(&self) -> impl Iterator<Item = Bone> {
        Bone::ALL.into_iter().filter(|bone| self.joints[bone.index()].is_none())
    }

    /// A bone's joint seen from its parent's, in the parent's axes; zero if the body lacks it.
    pub const fn offset_in_parent(&self, bone: Bone) -> Vec3 {
        self.offset_in_parent[bone.index()]
    }

    /// Where each bone is for a pose: `hips` is the hips' translation from rest, metres;
    /// `rotations` are normalised local rotations.
    ///
    /// A bone the body lacks stays with the parent it would hang from.
    pub fn solve(&self, hips: Vec3, rotations: &[Quat; Bone::COUNT], out: &mut Posture) {
        for index in 0..Bone::COUNT {
            let parent =
                self.parents[index].map_or(Rigid { translation: hips, ..Rigid::IDENTITY }, |parent| out[parent]);
            // Parents come before their children in `Bone::ALL`.
            out[index] = if self.joints[index].is_some() {
                Rigid {
                    rotation: (parent.rotation * rotations[index]).normalize(),
                    translation: parent.point(self.offset_in_parent[index]),
                }
            } else {
                parent
            };
        }
    }

    /// A place on head, trunk or thighs. Unpaired sites are the same on each side.
    ///
    /// Every site is found when the body is read.
    pub fn site(&self, site: BodySite, lateral: Lateral) -> Option<&SurfacePoint> {
        self.sites.get(&(site, lateral))
    }

    /// A part of the hand or arm on `side`; `None` only for parts of a finger that the body lacks.
    ///
    /// Parts of several fingers (fingertips, pads, backs) are the middle of the four long
    /// fingers' own parts in T-pose; a handshape's fingers that are out have theirs by finger.
    pub fn hand_part(&self, side: Side, part: HandPart) -> Option<&SurfacePoint> {
        self.hands[usize::from(side == Side::Right)].get(&part)
    }

    /// Volumes that hands must not enter.
    pub fn capsules(&self) -> &[Capsule] {
        &self.capsules
    }

    /// How far a bone's joint turns.
    pub const fn limits(&self, bone: Bone) -> &JointLimits {
        &self.limits[bone.index()]
    }

    /// Extra joints that whoever draws the avatar must turn.
    pub fn twists(&self) -> &[Twist] {
        &self.twists
    }

    /// The direction a finger's pad looks in T-pose (unit, world); flexion turns the finger that way.
    pub fn pad_direction(&self, side: Side, finger: Finger) -> Vec3 {
        digits::pad_direction(side, finger)
    }

    /// The three bones of a finger, base first.
    pub fn finger_bones(&self, side: Side, finger: Finger) -> [Bone; 3] {
        digits::bones_of(side, finger)
    }

    /// From sole to the top of the hair, metres.
    pub const fn stature(&self) -> f32 {
        self.stature
    }

    /// From shoulder to wrist along the left arm, metres.
    pub fn arm_length(&self) -> f32 {
        self.offset_in_parent[Bone::LeftLowerArm.index()].length()
            + self.offset_in_parent[Bone::LeftHand.index()].length()
    }

    /// Between the shoulder joints, metres.
    pub fn shoulder_width(&self) -> f32 {
        self.at(Bone::LeftUpperArm).distance(self.at(Bone::RightUpperArm))
    }

    /// From wrist to the tip of the left middle finger, metres.
    pub const fn hand_length(&self) -> f32 {
        self.hand_length
    }

    /// A point of signing space on this body in T-pose, metres, world.
    pub fn point_of(&self, point: SpacePoint) -> Vec3 {
        let (hips, shoulder) = (self.at(Bone::Hips), self.at(Bone::LeftUpperArm));
        Vec3::new(
            point.x * self.shoulder_width() / 2.0,
            hips.y + point.y * (shoulder.y - hips.y),
            self.breastbone_z + point.z * self.arm_length(),
        )
    }

    /// A joint that reading has made sure of.
    fn at(&self, bone: Bone) -> Vec3 {
        self.joints[bone.index()].map_or(Vec3::ZERO, |joint| joint.head_in_world)
    }
}

/// Bones without which signs can't be made: VRM's required ones, and all fingers but the little one.
fn check_bones(heads: &[Option<Vec3>; Bone::COUNT]) -> Result<(), BodyError> {
    use Bone::*;
    let optional = |bone: Bone| {
        matches!(
            bone,
            Chest | UpperChest | Neck | LeftEye | RightEye | Jaw | LeftToes | RightToes | LeftShoulder | RightShoulder
        ) || bone.name().contains("Little")
    };
    let missing: Vec<Bone> =
        Bone::ALL.into_iter().filter(|bone| heads[bone.index()].is_none() && !optional(*bone)).collect();
    if missing.is_empty() { Ok(()) } else { Err(BodyError::MissingBones { missing }) }
}

/// Arms and fingers within 20° of ±X, the signer facing +Z.
fn check_t_pose(joints: Joints<'_>) -> Result<(), BodyError> {
    const TOLERANCE_RAD: f32 = 0.35;
    if joints.heads.iter().flatten().any(|head| !head.is_finite()) {
        return Err(BodyError::Malformed {
            found: "joints that are not finite numbers".to_owned(),
            expected: "finite node transforms",
        });
    }
    if joints.at(Bone::LeftHand).x < joints.at(Bone::RightHand).x {
        return Err(BodyError::NotTPose {
            found: "the left hand is on −X: the avatar faces −Z, as VRM 0.x does".to_owned(),
            expected: "the left hand on +X",
        });
    }
    for side in [Side::Left, Side::Right] {
        let out = Vec3::X * side.sign();
        let bone = |name: &str| digits::arm_bone(side, name);
        for (from, to) in [
            (bone("UpperArm"), bone("LowerArm")),
            (bone("LowerArm"), bone("Hand")),
            (bone("IndexProximal"), bone("IndexIntermediate")),
            (bone("MiddleProximal"), bone("MiddleIntermediate")),
        ] {
            let along = (joints.at(to) - joints.at(from)).try_normalize();
            let off = along.map_or(f32::MAX, |along| along.angle_between(out));
            if off > TOLERANCE_RAD {
                return Err(BodyError::NotTPose {
                    found: format!("{} points {:.0}° away from the side", from.name(), off.to_degrees().min(180.0)),
                    expected: "arms and fingers along ±X, within 20°",
                });
            }
        }
    }
    Ok(())
}
