//! A pose's normalised rotations → where each joint of this avatar goes.
//!
//! A normalised rotation `q` is said in the model's axes, as if every bone rested at identity. For
//! a node whose rest rotation is `local_rest`, and in the model `world_rest`:
//!
//! `local = local_rest · world_rest⁻¹ · q · world_rest`
//!
//! so that with the parents at rest the node's world rotation is `q · world_rest`. Source: VRM 1.0,
//! "normalized pose". The hips' translation is said in the model's axes too.

use glam::{Affine3A, Quat, Vec3};
use signing::{Bone, PoseFrame};

use crate::model::Model;

/// What of a node's rest doesn't change between frames.
#[derive(Debug, Clone)]
struct Rest {
    parent: Option<usize>,
    translation: Vec3,
    rotation: Quat,
    scale: Vec3,
    model_from_rest: Quat,
}

/// What turns a node.
#[derive(Debug, Clone, Copy)]
enum Driver {
    Still,
    Bone(Bone),
    Twist(usize),
}

/// A model's skeleton, posed frame by frame.
#[derive(Debug, Clone)]
pub(crate) struct Rig {
    rest: Vec<Rest>,
    drivers: Vec<Driver>,
    twists: Vec<body::Twist>,
    hips: Option<usize>,
    /// World from the hips' parent at rest, inverted: takes the hips' translation into its axes.
    hips_parent_from_model: Affine3A,
    joints: Vec<(usize, Affine3A)>,
    world_from_node: Vec<Affine3A>,
    world_from_mesh: Vec<Affine3A>,
    bones: [Option<usize>; Bone::COUNT],
}

impl Rig {
    pub(crate) fn new(model: &Model) -> Self {
        let mut rest: Vec<Rest> = Vec::with_capacity(model.nodes.len());
        let mut world_from_node: Vec<Affine3A> = Vec::with_capacity(model.nodes.len());
        for node in &model.nodes {
            let parent_rotation = node.parent.map_or(Quat::IDENTITY, |parent| rest[parent].model_from_rest);
            rest.push(Rest {
                parent: node.parent,
                translation: node.translation,
                rotation: node.rotation,
                scale: node.scale,
                model_from_rest: (parent_rotation * node.rotation).normalize(),
            });
            let local = node.parent_from_node();
            world_from_node.push(node.parent.map_or(local, |parent| world_from_node[parent] * local));
        }
        let mut drivers = vec![Driver::Still; rest.len()];
        for bone in Bone::ALL {
            if let Some(node) = model.bones[bone.index()] {
                drivers[node] = Driver::Bone(bone);
            }
        }
        for (index, (node, _)) in model.twists.iter().enumerate() {
            drivers[*node] = Driver::Twist(index);
        }
        let hips = model.bones[Bone::Hips.index()];
        let hips_parent = hips.and_then(|hips| rest[hips].parent);
        Self {
            hips,
            hips_parent_from_model: hips_parent.map_or(Affine3A::IDENTITY, |parent| world_from_node[parent].inverse()),
            drivers,
            twists: model.twists.iter().map(|(_, twist)| twist.clone()).collect(),
            joints: model.joints.iter().map(|joint| (joint.node, joint.joint_from_mesh)).collect(),
            world_from_mesh: vec![Affine3A::IDENTITY; model.joints.len()],
            world_from_node,
            bones: model.bones,
            rest,
        }
    }

    /// Turns all nodes as `pose` says.
    pub(crate) fn pose(&mut self, pose: &PoseFrame) {
        for (index, rest) in self.rest.iter().enumerate() {
            let normalised = match self.drivers[index] {
                Driver::Still => Quat::IDENTITY,
                Driver::Bone(bone) => pose.rotation(bone),
                Driver::Twist(twist) => self.twists[twist].rotation(&pose.rotations),
            };
            let rotation = local_rotation(normalised, rest.rotation, rest.model_from_rest);
            let mut translation = rest.translation;
            if self.hips == Some(index) {
                translation += self.hips_parent_from_model.transform_vector3(pose.hips);
            }
            let local = Affine3A::from_scale_rotation_translation(rest.scale, rotation, translation);
            self.world_from_node[index] = match rest.parent {
                Some(parent) => self.world_from_node[parent] * local,
                None => local,
            };
        }
        for (world_from_mesh, (node, joint_from_mesh)) in self.world_from_mesh.iter_mut().zip(&self.joints) {
            *world_from_mesh = self.world_from_node[*node] * *joint_from_mesh;
        }
    }

    /// For each joint, where a vertex that hangs on it alone goes.
    pub(crate) fn world_from_mesh(&self) -> &[Affine3A] {
        &self.world_from_mesh
    }

    /// Where a bone is; `None` if the avatar lacks it.
    pub(crate) fn position(&self, bone: Bone) -> Option<Vec3> {
        self.bones[bone.index()].map(|node| Vec3::from(self.world_from_node[node].translation))
    }
}

/// The rig's own local rotation for a normalised one (see the module).
fn local_rotation(normalised: Quat, local_rest: Quat, model_from_rest: Quat) -> Quat {
    local_rest * (model_from_rest.inverse() * normalised * model_from_rest)
}

#[cfg(test)]
mod tests {
    use std::f32::consts::FRAC_PI_2;

    use super::*;

    #[test]
    fn a_turned_rest_turns_in_the_models_axes() {
        // A bone that rests along +X by a quarter turn, as many rigs have it.
        let parent_rest = Quat::from_rotation_y(0.4);
        let local_rest = Quat::from_rotation_z(-FRAC_PI_2) * Quat::from_rotation_x(0.3);
        let model_from_rest = parent_rest * local_rest;
        let normalised = Quat::from_rotation_z(1.1) * Quat::from_rotation_y(-0.2);
        let world = parent_rest * local_rotation(normalised, local_rest, model_from_rest);
        assert!(world.angle_between(normalised * model_from_rest) < 1e-3);
    }

    #[test]
    fn an_identity_rest_takes_the_rotation_as_it_is() {
        let q = Quat::from_rotation_x(0.7);
        assert!(local_rotation(q, Quat::IDENTITY, Quat::IDENTITY).angle_between(q) < 1e-3);
    }

    #[test]
    fn identity_leaves_any_rest_alone() {
        let (local, model) = (Quat::from_rotation_z(0.5), Quat::from_rotation_x(1.2));
        assert!(local_rotation(Quat::IDENTITY, local, model).angle_between(local) < 1e-3);
    }
}
