//! Sides, hands and directions.
//!
//! Space is right-handed: +Y up, the signer faces +Z, +X is the signer's left. Metres and radians.

use std::ops::Neg;

use glam::Vec3;
use serde::{Deserialize, Serialize};

/// A side of the signer, as the signer has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// +X.
    Left,
    /// −X.
    Right,
}

impl Side {
    /// The other side.
    pub const fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// +1 for left, −1 for right: the sign of X.
    pub const fn sign(self) -> f32 {
        match self {
            Self::Left => 1.0,
            Self::Right => -1.0,
        }
    }
}

/// A hand by its role: packs are written for a right-handed signer, whose dominant hand is the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// 一手, 主手.
    Dominant,
    /// 辅手.
    Weak,
}

impl Hand {
    /// Both hands, the dominant one first.
    pub const BOTH: [Self; 2] = [Self::Dominant, Self::Weak];

    /// The other hand.
    pub const fn other(self) -> Self {
        match self {
            Self::Dominant => Self::Weak,
            Self::Weak => Self::Dominant,
        }
    }

    /// 0 for the dominant hand, 1 for the weak one.
    pub const fn index(self) -> usize {
        match self {
            Self::Dominant => 0,
            Self::Weak => 1,
        }
    }

    /// The side this hand is on for a signer whose dominant hand is on `dominant`.
    pub const fn side(self, dominant: Side) -> Side {
        match self {
            Self::Dominant => dominant,
            Self::Weak => dominant.other(),
        }
    }
}

/// A direction in the signer's space, a unit vector.
///
/// Written for a right-handed signer; [`Dir::mirrored`] gives the left-handed one's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "[f32; 3]", into = "[f32; 3]")]
pub struct Dir(Vec3);

impl Dir {
    /// +X.
    pub const LEFT: Self = Self(Vec3::X);
    /// −X.
    pub const RIGHT: Self = Self(Vec3::NEG_X);
    /// +Y.
    pub const UP: Self = Self(Vec3::Y);
    /// −Y.
    pub const DOWN: Self = Self(Vec3::NEG_Y);
    /// +Z, away from the signer (朝前, 向外).
    pub const FORWARD: Self = Self(Vec3::Z);
    /// −Z, towards the signer (朝内, 向后).
    pub const BACK: Self = Self(Vec3::NEG_Z);

    /// The direction of `vector`; `None` if it has no length or is not finite.
    pub fn new(vector: Vec3) -> Option<Self> {
        vector.try_normalize().map(Self)
    }

    /// The direction half-way between two; `None` if they are opposite.
    pub fn between(self, other: Self) -> Option<Self> {
        Self::new(self.0 + other.0)
    }

    /// As a unit vector.
    pub const fn vec(self) -> Vec3 {
        self.0
    }

    /// Mirrored in the signer's sagittal plane: left becomes right.
    pub fn mirrored(self) -> Self {
        Self(Vec3::new(-self.0.x, self.0.y, self.0.z))
    }

    /// Angle to another direction, radians, 0 to π.
    pub fn angle_to(self, other: Self) -> f32 {
        self.0.dot(other.0).clamp(-1.0, 1.0).acos()
    }
}

impl Neg for Dir {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl From<Dir> for [f32; 3] {
    fn from(dir: Dir) -> Self {
        dir.0.to_array()
    }
}

impl TryFrom<[f32; 3]> for Dir {
    type Error = String;
    fn try_from(array: [f32; 3]) -> Result<Self, Self::Error> {
        let vector = Vec3::from_array(array);
        // A stored direction comes back bit for bit; anything else is brought to unit length.
        if (vector.length_squared() - 1.0).abs() < 1e-5 {
            return Ok(Self(vector));
        }
        Self::new(vector).ok_or_else(|| format!("direction {array:?}: expected a finite vector with a length"))
    }
}
