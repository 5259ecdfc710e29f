//! Measures a body from its surface in T-pose.
//!
//! Read in this order: `ray` (how a surface is found), `hand`, `head`, `trunk` (landmarks),
//! `capsule` (volumes).

mod capsule;
mod hand;
mod head;
mod ray;
mod trunk;

use glam::Vec3;
use signing::Bone;

use crate::BodyError;

pub(crate) use capsule::capsules;
pub use capsule::{Capsule, CapsuleKind};
pub(crate) use hand::{HandPoints, hand_points};
pub(crate) use head::head_points;
pub(crate) use ray::{Hit, Skin};
pub(crate) use trunk::trunk_points;

/// A point on the body's surface, moving with a bone.
///
/// In T-pose every bone's axes are the world's, so `point_in_bone` is the point's offset from the
/// bone's joint there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfacePoint {
    /// The bone it moves with.
    pub bone: Bone,
    /// Metres from the bone's joint, in the bone's axes.
    pub point_in_bone: Vec3,
    /// Unit, outward, in the bone's axes.
    pub normal_in_bone: Vec3,
}

/// Joints in T-pose that are surely there or stand in for what is missing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joints<'a> {
    pub(crate) heads: &'a [Option<Vec3>; Bone::COUNT],
}

impl Joints<'_> {
    /// The bone's joint, or that of its nearest ancestor that has one.
    pub(crate) fn at(&self, bone: Bone) -> Vec3 {
        let present = self.present(bone);
        self.heads[present.index()].unwrap_or(Vec3::ZERO)
    }

    pub(crate) fn has(&self, bone: Bone) -> bool {
        self.heads[bone.index()].is_some()
    }

    /// The bone itself, or its nearest ancestor that the avatar has.
    pub(crate) fn present(&self, bone: Bone) -> Bone {
        let mut bone = bone;
        while self.heads[bone.index()].is_none() {
            match bone.parent() {
                Some(parent) => bone = parent,
                None => return Bone::Hips,
            }
        }
        bone
    }

    /// A surface point that moves with `bone`.
    pub(crate) fn surface_point(&self, bone: Bone, point: Vec3, normal: Vec3) -> SurfacePoint {
        let bone = self.present(bone);
        SurfacePoint { bone, point_in_bone: point - self.at(bone), normal_in_bone: normal }
    }
}

pub(crate) fn no_surface(place: impl Into<String>, reason: &'static str) -> BodyError {
    BodyError::NoSurface { place: place.into(), reason }
}
