//! The 55 humanoid bones of VRM 1.0.
//!
//! Source: VRM 1.0 specification, `VRMC_vrm` humanoid. A pose gives each bone a normalised local
//! rotation: identity is the T-pose, whatever the rig's own rest rotations are.

use serde::{Deserialize, Serialize};

use crate::space::Side;

/// On which side of the body a bone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoneSide {
    /// On the midline.
    Centre,
    /// On one side.
    On(Side),
}

macro_rules! bones {
    ($($variant:ident $name:literal $parent:expr,)*) => {
        /// A humanoid bone of VRM 1.0. Parents come before their children in [`Bone::ALL`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Bone {
            $(#[doc = concat!("`", $name, "`")] #[serde(rename = $name)] $variant,)*
        }

        impl Bone {
            /// How many bones there are.
            pub const COUNT: usize = [$($name),*].len();
            /// All bones in the order of [`Bone::index`].
            pub const ALL: [Self; Self::COUNT] = [$(Self::$variant),*];

            /// The name VRM 1.0 gives it, such as `leftUpperArm`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The bone it hangs from where all bones are present; `None` for the hips.
            pub const fn parent(self) -> Option<Self> {
                use Bone::*;
                match self { $($variant => $parent,)* }
            }
        }
    };
}

bones! {
    Hips "hips" None,
    Spine "spine" Some(Hips),
    Chest "chest" Some(Spine),
    UpperChest "upperChest" Some(Chest),
    Neck "neck" Some(UpperChest),
    Head "head" Some(Neck),
    LeftEye "leftEye" Some(Head),
    RightEye "rightEye" Some(Head),
    Jaw "jaw" Some(Head),
    LeftUpperLeg "leftUpperLeg" Some(Hips),
    LeftLowerLeg "leftLowerLeg" Some(LeftUpperLeg),
    LeftFoot "leftFoot" Some(LeftLowerLeg),
    LeftToes "leftToes" Some(LeftFoot),
    RightUpperLeg "rightUpperLeg" Some(Hips),
    RightLowerLeg "rightLowerLeg" Some(RightUpperLeg),
    RightFoot "rightFoot" Some(RightLowerLeg),
    RightToes "rightToes" Some(RightFoot),
    LeftShoulder "leftShoulder" Some(UpperChest),
    LeftUpperArm "leftUpperArm" Some(LeftShoulder),
    LeftLowerArm "leftLowerArm" Some(LeftUpperArm),
    LeftHand "leftHand" Some(LeftLowerArm),
    RightShoulder "rightShoulder" Some(UpperChest),
    RightUpperArm "rightUpperArm" Some(RightShoulder),
    RightLowerArm "rightLowerArm" Some(RightUpperArm),
    RightHand "rightHand" Some(RightLowerArm),
    LeftThumbMetacarpal "leftThumbMetacarpal" Some(LeftHand),
    LeftThumbProximal "leftThumbProximal" Some(LeftThumbMetacarpal),
    LeftThumbDistal "leftThumbDistal" Some(LeftThumbProximal),
    LeftIndexProximal "leftIndexProximal" Some(LeftHand),
    LeftIndexIntermediate "leftIndexIntermediate" Some(LeftIndexProximal),
    LeftIndexDistal "leftIndexDistal" Some(LeftIndexIntermediate),
    LeftMiddleProximal "leftMiddleProximal" Some(LeftHand),
    LeftMiddleIntermediate "leftMiddleIntermediate" Some(LeftMiddleProximal),
    LeftMiddleDistal "leftMiddleDistal" Some(LeftMiddleIntermediate),
    LeftRingProximal "leftRingProximal" Some(LeftHand),
    LeftRingIntermediate "leftRingIntermediate" Some(LeftRingProximal),
    LeftRingDistal "leftRingDistal" Some(LeftRingIntermediate),
    LeftLittleProximal "leftLittleProximal" Some(LeftHand),
    LeftLittleIntermediate "leftLittleIntermediate" Some(LeftLittleProximal),
    LeftLittleDistal "leftLittleDistal" Some(LeftLittleIntermediate),
    RightThumbMetacarpal "rightThumbMetacarpal" Some(RightHand),
    RightThumbProximal "rightThumbProximal" Some(RightThumbMetacarpal),
    RightThumbDistal "rightThumbDistal" Some(RightThumbProximal),
    RightIndexProximal "rightIndexProximal" Some(RightHand),
    RightIndexIntermediate "rightIndexIntermediate" Some(RightIndexProximal),
    RightIndexDistal "rightIndexDistal" Some(RightIndexIntermediate),
    RightMiddleProximal "rightMiddleProximal" Some(RightHand),
    RightMiddleIntermediate "rightMiddleIntermediate" Some(RightMiddleProximal),
    RightMiddleDistal "rightMiddleDistal" Some(RightMiddleIntermediate),
    RightRingProximal "rightRingProximal" Some(RightHand),
    RightRingIntermediate "rightRingIntermediate" Some(RightRingProximal),
    RightRingDistal "rightRingDistal" Some(RightRingIntermediate),
    RightLittleProximal "rightLittleProximal" Some(RightHand),
    RightLittleIntermediate "rightLittleIntermediate" Some(RightLittleProximal),
    RightLittleDistal "rightLittleDistal" Some(RightLittleIntermediate),
}

impl Bone {
    /// Its place in a pose's rotations: 0 to 54.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The bone of this VRM 1.0 name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bone| bone.name() == name)
    }

    /// Which side it is on.
    pub fn side(self) -> BoneSide {
        match self.name() {
            name if name.starts_with("left") => BoneSide::On(Side::Left),
            name if name.starts_with("right") => BoneSide::On(Side::Right),
            _ => BoneSide::Centre,
        }
    }

    /// The same bone on the other side; itself on the midline.
    pub fn mirrored(self) -> Self {
        let name = self.name();
        let twin = match (name.strip_prefix("left"), name.strip_prefix("right")) {
            (Some(rest), _) => Self::on(Side::Right, rest),
            (_, Some(rest)) => Self::on(Side::Left, rest),
            _ => None,
        };
        twin.unwrap_or(self)
    }

    /// The bone of that name on `side`, named without its side: `on(Side::Left, "UpperArm")`.
    pub fn on(side: Side, name: &str) -> Option<Self> {
        let prefix = match side {
            Side::Left => "left",
            Side::Right => "right",
        };
        Self::ALL.into_iter().find(|bone| bone.name().strip_prefix(prefix) == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_55_and_parents_come_first() {
        assert_eq!(Bone::COUNT, 55);
        for bone in Bone::ALL {
            assert_eq!(Bone::ALL[bone.index()], bone);
            assert_eq!(Bone::from_name(bone.name()), Some(bone));
            if let Some(parent) = bone.parent() {
                assert!(parent.index() < bone.index(), "{bone:?} before its parent");
            }
        }
    }

    #[test]
    fn mirroring_twice_is_nothing() {
        for bone in Bone::ALL {
            assert_eq!(bone.mirrored().mirrored(), bone);
            assert_eq!(bone.mirrored() == bone, bone.side() == BoneSide::Centre, "{bone:?}");
        }
        assert_eq!(Bone::LeftLittleDistal.mirrored(), Bone::RightLittleDistal);
    }
}
