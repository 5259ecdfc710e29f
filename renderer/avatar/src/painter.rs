//! One pose → one frame to draw: turns the skeleton, deforms the mesh, finds what it covers.

use glam::{Vec2, Vec3};
use signing::{Bone, PoseFrame};

use crate::{
    Antialias,
    canvas::{Drawing, OCCLUDERS, Scene},
    deform::Deformer,
    edges::{Edges, Fins},
    model::Model,
    region::Region,
    rig::Rig,
    view::View,
    visible::Visible,
};

/// What casts soft shadow: the middle between two bones, and a radius in metres.
const SHADOWS: [(Bone, Bone, f32); OCCLUDERS - 1] = [
    (Bone::LeftHand, Bone::LeftMiddleProximal, 0.045),
    (Bone::LeftIndexProximal, Bone::LeftIndexDistal, 0.026),
    (Bone::LeftRingProximal, Bone::LeftRingDistal, 0.028),
    (Bone::LeftLowerArm, Bone::LeftHand, 0.050),
    (Bone::LeftHand, Bone::LeftHand, 0.040),
    (Bone::RightHand, Bone::RightMiddleProximal, 0.045),
    (Bone::RightIndexProximal, Bone::RightIndexDistal, 0.026),
    (Bone::RightRingProximal, Bone::RightRingDistal, 0.028),
    (Bone::RightLowerArm, Bone::RightHand, 0.050),
    (Bone::RightHand, Bone::RightHand, 0.040),
    (Bone::Neck, Bone::Head, 0.050),
];

/// Prepares frames of one avatar.
pub(crate) struct Painter {
    model: Model,
    rig: Rig,
    deformer: Deformer,
    /// Where vertices are seen, normalised device coordinates.
    places: Vec<Vec2>,
    visible: Visible,
    edges: Option<Edges>,
    size: (u32, u32),
    scale: u32,
}

impl Painter {
    pub(crate) fn new(model: Model, size: (u32, u32), antialias: Antialias) -> Self {
        Self {
            rig: Rig::new(&model),
            deformer: Deformer::new(&model),
            places: Vec::new(),
            visible: Visible::default(),
            edges: antialias.fades().then(|| Edges::new(&model)),
            model,
            size,
            scale: antialias.scale(),
        }
    }

    /// What to draw for `pose` as seen by `view`.
    pub(crate) fn drawing(&mut self, pose: &PoseFrame, view: View) -> Drawing {
        let aspect = self.size.0 as f32 / self.size.1 as f32;
        let camera = view.camera(&self.model.measures, aspect);
        let clip_from_world = camera.clip_from_world(aspect);
        self.rig.pose(pose);
        let mut vertices = Vec::new();
        let bounds =
            self.deformer.deform(&self.model, &self.rig, &pose.face, &clip_from_world, &mut vertices, &mut self.places);
        let region = Region::covering(bounds, self.size);
        let part_from_world = region.part_from_whole(self.size) * clip_from_world;
        let drawn = Vec2::new(region.width as f32, region.height as f32) * self.scale as f32;
        let scene = Scene {
            clip_from_world: part_from_world.to_cols_array_2d(),
            eye: camera.eye.extend(1.0).to_array(),
            pixel: [2.0 / drawn.x, 2.0 / drawn.y, 0.0, 0.0],
            occluders: self.occluders(),
        };
        let mut indices = Vec::new();
        let batches = self.visible.find(&self.model, &self.places, &mut indices);
        let half = 0.5 * Vec2::new(self.size.0 as f32, self.size.1 as f32);
        let fins = match &mut self.edges {
            Some(edges) => edges.fins(&vertices, &self.places, half, &self.visible, &self.model.paint),
            None => Fins::default(),
        };
        Drawing { vertices, scene, region, indices, batches, fins }
    }

    fn occluders(&self) -> [[f32; 4]; OCCLUDERS] {
        // Bones that an avatar lacks cast no shadow: a sphere far below the ground.
        let nowhere = [0.0, -1e3, 0.0, 0.01];
        let mut spheres = [nowhere; OCCLUDERS];
        for (sphere, (from, to, radius)) in spheres.iter_mut().zip(SHADOWS) {
            if let (Some(from), Some(to)) = (self.rig.position(from), self.rig.position(to)) {
                *sphere = (0.5 * (from + to)).extend(radius).to_array();
            }
        }
        if let Some(head) = self.rig.position(Bone::Head) {
            let middle = 0.5 * (self.model.measures.top - self.model.measures.head.y);
            let up = self.rig.position(Bone::Neck).map_or(Vec3::Y, |neck| (head - neck).normalize_or(Vec3::Y));
            spheres[OCCLUDERS - 1] = (head + middle * up).extend(0.09).to_array();
        }
        spheres
    }
}
