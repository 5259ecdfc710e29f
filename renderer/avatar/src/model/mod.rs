//! The avatar's file as flat arrays: nodes, vertices, triangles, shapes.

mod humanoid;
mod load;
mod morph;

use std::ops::Range;

use body::Twist;
use bytemuck::{Pod, Zeroable};
use glam::{Affine3A, Quat, Vec3, Vec3A};
use signing::{Bone, FaceShape};

pub(crate) use morph::Shape;

/// A node of the file's tree.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Index of the parent, which comes before its children.
    pub parent: Option<usize>,
    pub translation: Vec3,
    pub rotation: Quat,
    pub scale: Vec3,
}

impl Node {
    pub(crate) fn parent_from_node(&self) -> Affine3A {
        Affine3A::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }
}

/// A node that carries vertices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joint {
    pub node: usize,
    /// The inverse bind matrix: from the mesh at rest into the joint.
    pub joint_from_mesh: Affine3A,
}

/// What is the same for a vertex in every frame, as the graphics card reads it.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub(crate) struct Paint {
    /// Base colour times vertex colour, linear; alpha is the gloss, 1 − roughness.
    pub color: [u16; 4],
    /// Texture coordinates.
    pub uv: [f32; 2],
}

/// Triangles drawn with one state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    /// Which of the model's indices.
    pub indices: Range<u32>,
    /// Drawn from behind as well.
    pub double_sided: bool,
    /// Index of the texture, if it has one.
    pub texture: Option<usize>,
}

/// A base colour texture: sRGB, straight alpha.
#[derive(Debug, Clone)]
pub(crate) struct Texture {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// Lengths of the body in T-pose that framing needs, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measures {
    /// Top of the head.
    pub top: f32,
    /// Lowest vertex.
    pub ground: f32,
    /// Height of the hips' joint.
    pub hips: f32,
    /// Where the head hangs on the neck.
    pub head: Vec3,
    /// Height of the shoulder's joint.
    pub shoulder: f32,
    /// From the midline to the tip of an elbow stretched sideways.
    pub elbow_reach: f32,
    /// From the wrist to the farthest fingertip.
    pub hand: f32,
    /// Depth of the body's midline.
    pub depth: f32,
}

/// An avatar, ready to be posed.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub nodes: Vec<Node>,
    /// Node of each humanoid bone, in the order of [`Bone::ALL`]; `None` where the avatar has none.
    pub bones: [Option<usize>; Bone::COUNT],
    pub twists: Vec<(usize, Twist)>,
    pub joints: Vec<Joint>,
    /// Positions at rest `[vertices]`.
    pub positions: Vec<Vec3A>,
    /// Unit normals at rest `[vertices]`.
    pub normals: Vec<Vec3A>,
    /// Up to four joints a vertex `[vertices]`, heaviest first, and their weights, which sum to 1.
    pub joint_indices: Vec<[u16; 4]>,
    pub joint_weights: Vec<[f32; 4]>,
    pub paint: Vec<Paint>,
    pub indices: Vec<u32>,
    pub batches: Vec<Batch>,
    pub textures: Vec<Texture>,
    /// What each face shape moves, in the order of [`FaceShape::ALL`].
    pub shapes: [Shape; FaceShape::COUNT],
    pub measures: Measures,
}
