//! The 52 face shapes of ARKit.
//!
//! Source: Apple's `ARFaceAnchor.BlendShapeLocation`. Weights run from 0 (rest) to 1 (full).

use serde::{Deserialize, Serialize};

macro_rules! shapes {
    ($($variant:ident $name:literal,)*) => {
        /// A face shape of ARKit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum FaceShape {
            $(#[doc = concat!("`", $name, "`")] #[serde(rename = $name)] $variant,)*
        }

        impl FaceShape {
            /// How many shapes there are.
            pub const COUNT: usize = [$($name),*].len();
            /// All shapes in the order of [`FaceShape::index`].
            pub const ALL: [Self; Self::COUNT] = [$(Self::$variant),*];

            /// ARKit's name, such as `browInnerUp`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

shapes! {
    EyeBlinkLeft "eyeBlinkLeft",
    EyeLookDownLeft "eyeLookDownLeft",
    EyeLookInLeft "eyeLookInLeft",
    EyeLookOutLeft "eyeLookOutLeft",
    EyeLookUpLeft "eyeLookUpLeft",
    EyeSquintLeft "eyeSquintLeft",
    EyeWideLeft "eyeWideLeft",
    EyeBlinkRight "eyeBlinkRight",
    EyeLookDownRight "eyeLookDownRight",
    EyeLookInRight "eyeLookInRight",
    EyeLookOutRight "eyeLookOutRight",
    EyeLookUpRight "eyeLookUpRight",
    EyeSquintRight "eyeSquintRight",
    EyeWideRight "eyeWideRight",
    JawForward "jawForward",
    JawLeft "jawLeft",
    JawRight "jawRight",
    JawOpen "jawOpen",
    MouthClose "mouthClose",
    MouthFunnel "mouthFunnel",
    MouthPucker "mouthPucker",
    MouthLeft "mouthLeft",
    MouthRight "mouthRight",
    MouthSmileLeft "mouthSmileLeft",
    MouthSmileRight "mouthSmileRight",
    MouthFrownLeft "mouthFrownLeft",
    MouthFrownRight "mouthFrownRight",
    MouthDimpleLeft "mouthDimpleLeft",
    MouthDimpleRight "mouthDimpleRight",
    MouthStretchLeft "mouthStretchLeft",
    MouthStretchRight "mouthStretchRight",
    MouthRollLower "mouthRollLower",
    MouthRollUpper "mouthRollUpper",
    MouthShrugLower "mouthShrugLower",
    MouthShrugUpper "mouthShrugUpper",
    MouthPressLeft "mouthPressLeft",
    MouthPressRight "mouthPressRight",
    MouthLowerDownLeft "mouthLowerDownLeft",
    MouthLowerDownRight "mouthLowerDownRight",
    MouthUpperUpLeft "mouthUpperUpLeft",
    MouthUpperUpRight "mouthUpperUpRight",
    BrowDownLeft "browDownLeft",
    BrowDownRight "browDownRight",
    BrowInnerUp "browInnerUp",
    BrowOuterUpLeft "browOuterUpLeft",
    BrowOuterUpRight "browOuterUpRight",
    CheekPuff "cheekPuff",
    CheekSquintLeft "cheekSquintLeft",
    CheekSquintRight "cheekSquintRight",
    NoseSneerLeft "noseSneerLeft",
    NoseSneerRight "noseSneerRight",
    TongueOut "tongueOut",
}

impl FaceShape {
    /// Its place in a pose's weights: 0 to 51.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The shape of this ARKit name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_52_and_names_lead_back() {
        assert_eq!(FaceShape::COUNT, 52);
        for shape in FaceShape::ALL {
            assert_eq!(FaceShape::ALL[shape.index()], shape);
            assert_eq!(FaceShape::from_name(shape.name()), Some(shape));
        }
    }
}
