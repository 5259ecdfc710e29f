//! The avatar's own file with the motion in it as a glTF animation.
//!
//! Everything that the file has stays; its data keep their place, and the animation's are appended.
//! The animation is the first, so that viewers which play one play this. It turns each humanoid
//! bone and twist bone, moves the hips, and weighs the morph targets that bear ARKit's names, all
//! with linear samplers at the frames' times.
//!
//! A pose's rotation `q` is normalised: it is said in the world's axes at rest. For a node whose
//! rest rotation is `parent_from_node`, below a parent that rests turned by `world_from_parent`,
//! the node's own is `world_from_parent⁻¹ · q · world_from_parent · parent_from_node` (VRM 1.0,
//! "normalized pose").

use std::{collections::BTreeMap, fs, io::Write, path::Path};

use glam::{Mat4, Quat, Vec3};
use gltf::{Glb, Gltf};
use serde_json::{Value, json};
use signing::{Bone, FaceShape, FrameRate, PoseFrame};

use super::{ExportError, buffered, checked};
use crate::{BodyError, Twist, names, rest, twist::TWIST_KEY};

const FLOAT: u32 = 5126;
const NAME: &str = "signing";

/// Writes the avatar at `avatar` with `frames` as its first animation.
///
/// # Errors
/// [`ExportError::NoFrames`], [`ExportError::Uneven`], [`ExportError::NotAPose`];
/// [`ExportError::Avatar`] when the avatar can't be read; [`ExportError::TooLong`] past 4 GiB or
/// when two frames' times are the same in 32 bits; [`ExportError::Write`].
pub fn write_glb<'a>(
    out: impl Write,
    avatar: &Path,
    rate: FrameRate,
    frames: impl IntoIterator<Item = &'a PoseFrame>,
) -> Result<(), ExportError> {
    let frames = checked(rate, frames)?;
    let bytes = fs::read(avatar).map_err(|source| BodyError::Read { path: avatar.to_owned(), source })?;
    let animated = animate(&bytes, rate, &frames)?;
    buffered(out, |out| out.write_all(&animated))
}

/// The bytes of `avatar` with the animation added.
pub(super) fn animate(avatar: &[u8], rate: FrameRate, frames: &[&PoseFrame]) -> Result<Vec<u8>, ExportError> {
    let not_glb = |error: String| ExportError::Avatar(BodyError::NotGlb(error));
    let glb = Glb::from_slice(avatar).map_err(|error| not_glb(error.to_string()))?;
    let mut document: Value =
        serde_json::from_slice(&glb.json).map_err(|error| not_glb(format!("its JSON: {error}")))?;
    let twists = rest::read(avatar)?.twists;
    let gltf = Gltf::from_slice(avatar).map_err(|error| not_glb(error.to_string()))?;
    if document.pointer("/buffers/0/uri").is_some() {
        return Err(ExportError::Avatar(BodyError::Malformed {
            found: "a first buffer in another file".to_owned(),
            expected: "a GLB with all its data inside",
        }));
    }

    let rig = Rig::new(&gltf, &document, twists)?;
    let mut data = Appended::new(glb.bin.as_deref().unwrap_or_default(), &document);
    let times = data.times(rate, frames.len())?;
    let mut clip = Clip { times, samplers: Vec::new(), channels: Vec::new() };
    for (node, driven) in &rig.driven {
        let mut last = driven.parent_from_node;
        let rotations = frames.iter().flat_map(|frame| {
            let q = driven.rotation(frame);
            // q and −q turn alike, but only neighbours of one sign are interpolated the short way by all viewers.
            last = if q.dot(last) < 0.0 { -q } else { q };
            last.to_array()
        });
        let output = data.accessor(rotations.collect(), 4);
        clip.channel(*node, "rotation", output);
    }
    if let Some((node, translations)) = rig.hips(frames) {
        let output = data.accessor(translations, 3);
        clip.channel(node, "translation", output);
    }
    for (node, targets) in morphs(&document) {
        let weights = frames.iter().flat_map(|frame| targets.iter().map(|target| target.weight(frame)));
        let output = data.accessor(weights.collect(), 1);
        clip.channel(node, "weights", output);
    }
    rig.untangle(&mut document);
    let animation = json!({"name": NAME, "samplers": clip.samplers, "channels": clip.channels});
    match document["animations"].as_array_mut() {
        Some(animations) => animations.insert(0, animation),
        None => document["animations"] = json!([animation]),
    }
    data.into_glb(document, frames.len())
}

/// A node that poses turn.
struct Driven {
    driver: Driver,
    world_from_parent: Quat,
    parent_from_node: Quat,
}

enum Driver {
    Bone(Bone),
    Twist(Twist),
}

impl Driven {
    /// The node's local rotation in a pose.
    fn rotation(&self, frame: &PoseFrame) -> Quat {
        let normalised = match &self.driver {
            Driver::Bone(bone) => frame.rotation(*bone),
            Driver::Twist(twist) => twist.rotation(&frame.rotations),
        };
        (self.world_from_parent.inverse() * normalised * self.world_from_parent * self.parent_from_node).normalize()
    }
}

/// The nodes that poses turn, by index.
struct Rig {
    driven: BTreeMap<usize, Driven>,
    hips: Option<(usize, Vec3, Mat4)>,
    /// Translation, rotation, scale of nodes at rest.
    local: Vec<(Vec3, Quat, Vec3)>,
}

impl Rig {
    /// # Errors
    /// [`BodyError::Malformed`] when a node above or at a bone rests at no rotation or no size.
    fn new(gltf: &Gltf, document: &Value, twists: Vec<Twist>) -> Result<Self, BodyError> {
        let human = names::from_extension(document)
            .unwrap_or_else(|| names::from_names(gltf.nodes().filter_map(|node| Some((node.index(), node.name()?)))));
        let mut parents = vec![None; gltf.nodes().count()];
        for node in gltf.nodes() {
            for child in node.children() {
                parents[child.index()] = Some(node.index());
            }
        }
        let local: Vec<(Vec3, Quat, Vec3)> = gltf
            .nodes()
            .map(|node| {
                let (translation, rotation, scale) = node.transform().decomposed();
                (Vec3::from(translation), Quat::from_array(rotation).normalize(), Vec3::from(scale))
            })
            .collect();
        // Reading the body has shown that the nodes are trees.
        let above = |node: usize| std::iter::successors(parents[node], |parent| parents[*parent]);
        let world_from_parent =
            |node: usize| above(node).fold(Quat::IDENTITY, |turned, parent| local[parent].1 * turned).normalize();
        let driven = |node: usize, driver| {
            (node, Driven { driver, world_from_parent: world_from_parent(node), parent_from_node: local[node].1 })
        };
        let bones = Bone::ALL.into_iter().filter_map(|bone| Some((human[bone.index()]?, Driver::Bone(bone))));
        let twist_nodes = (0..local.len()).filter(|node| !document["nodes"][*node]["extras"][TWIST_KEY].is_null());
        let twists = twist_nodes.zip(twists.into_iter().map(Driver::Twist));
        let hips = human[Bone::Hips.index()].map(|node| {
            let world_from_parent = above(node).fold(Mat4::IDENTITY, |world, parent| {
                let (translation, rotation, scale) = local[parent];
                Mat4::from_scale_rotation_translation(scale, rotation, translation) * world
            });
            (node, local[node].0, world_from_parent.inverse())
        });
        let driven: BTreeMap<usize, Driven> = bones.chain(twists).map(|(node, driver)| driven(node, driver)).collect();
        let flat = driven
            .iter()
            .find(|(_, driven)| !(driven.world_from_parent.is_normalized() && driven.parent_from_node.is_normalized()));
        let flat = flat.map(|(node, _)| *node);
        if let Some(node) =
            flat.or_else(|| hips.filter(|(_, _, from_world)| !from_world.is_finite()).map(|hips| hips.0))
        {
            return Err(BodyError::Malformed {
                found: format!("node {node}, a bone, at or below a node without a rotation or a size"),
                expected: "unit quaternions and scales other than zero",
            });
        }
        Ok(Self { driven, hips, local })
    }

    /// The hips' node and its translations.
    fn hips(&self, frames: &[&PoseFrame]) -> Option<(usize, Vec<f32>)> {
        let (node, at_rest, parent_from_world) = self.hips?;
        let moved = |frame: &&PoseFrame| (at_rest + parent_from_world.transform_vector3(frame.hips)).to_array();
        Some((node, frames.iter().flat_map(moved).collect()))
    }

    /// Gives driven nodes that are written as a matrix their three parts: glTF animates no matrix.
    fn untangle(&self, document: &mut Value) {
        for index in self.driven.keys() {
            let Some(node) = document["nodes"][*index].as_object_mut() else { continue };
            if node.remove("matrix").is_some() {
                let (translation, rotation, scale) = self.local[*index];
                node.insert("translation".to_owned(), json!(translation.to_array()));
                node.insert("rotation".to_owned(), json!(rotation.to_array()));
                node.insert("scale".to_owned(), json!(scale.to_array()));
            }
        }
    }
}

/// What weighs a morph target.
enum Target {
    Shape(FaceShape),
    /// Not a shape of the face: it keeps the weight it has in the file.
    Still(f32),
}

impl Target {
    fn weight(&self, frame: &PoseFrame) -> f32 {
        match self {
            Self::Shape(shape) => frame.face[shape.index()],
            Self::Still(weight) => *weight,
        }
    }
}

/// The nodes whose mesh has morph targets named as ARKit's shapes (in any case), and their targets.
fn morphs(document: &Value) -> Vec<(usize, Vec<Target>)> {
    let nodes = list(&document["nodes"]);
    let of_node = |(index, node): (usize, &Value)| {
        let mesh = &document["meshes"][usize::try_from(node["mesh"].as_u64()?).ok()?];
        let count = mesh["primitives"][0]["targets"].as_array()?.len();
        let targets: Vec<Target> = (0..count)
            .map(|target| {
                let name = mesh["extras"]["targetNames"][target].as_str().unwrap_or_default();
                let shape = FaceShape::ALL.into_iter().find(|shape| shape.name().eq_ignore_ascii_case(name));
                let own = node["weights"][target].as_f64().or_else(|| mesh["weights"][target].as_f64());
                #[expect(clippy::cast_possible_truncation, reason = "a weight is written in 32 bits")]
                shape.map_or(Target::Still(own.unwrap_or(0.0) as f32), Target::Shape)
            })
            .collect();
        targets.iter().any(|target| matches!(target, Target::Shape(_))).then_some((index, targets))
    };
    nodes.iter().enumerate().filter_map(of_node).collect()
}

/// An animation being put together.
struct Clip {
    /// The accessor of the frames' times.
    times: usize,
    samplers: Vec<Value>,
    channels: Vec<Value>,
}

impl Clip {
    fn channel(&mut self, node: usize, path: &str, output: usize) {
        self.channels.push(json!({"sampler": self.samplers.len(), "target": {"node": node, "path": path}}));
        self.samplers.push(json!({"input": self.times, "output": output, "interpolation": "LINEAR"}));
    }
}

/// The file's binary data and what is appended to them.
struct Appended {
    bin: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Appended {
    fn new(bin: &[u8], document: &Value) -> Self {
        let mut bin = bin.to_vec();
        bin.resize(bin.len().next_multiple_of(4), 0);
        let [views, accessors] = ["bufferViews", "accessors"].map(|key| list(&document[key]).to_vec());
        Self { bin, views, accessors }
    }

    /// Appends `values`; `width` of them are one element: 1, 3 or 4.
    fn accessor(&mut self, values: Vec<f32>, width: usize) -> usize {
        let (offset, length) = (self.bin.len(), values.len() * size_of::<f32>());
        self.bin.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        self.views.push(json!({"buffer": 0, "byteOffset": offset, "byteLength": length}));
        let shape = match width {
            1 => "SCALAR",
            3 => "VEC3",
            _ => "VEC4",
        };
        self.accessors.push(json!({
            "bufferView": self.views.len() - 1, "componentType": FLOAT, "count": values.len() / width, "type": shape,
        }));
        self.accessors.len() - 1
    }

    /// The frames' times, seconds from the first.
    fn times(&mut self, rate: FrameRate, count: usize) -> Result<usize, ExportError> {
        #[expect(clippy::cast_possible_truncation, reason = "glTF's times have 32 bits; what that merges is refused")]
        let times: Vec<f32> = (0..count).map(|index| rate.time_of(index as u64).0.as_secs() as f32).collect();
        if times.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(too_long(count, "two of their times are the same in 32 bits"));
        }
        let ends = (times.first().copied(), times.last().copied());
        let accessor = self.accessor(times, 1);
        if let (Some(first), Some(last)) = ends {
            self.accessors[accessor]["min"] = json!([first]);
            self.accessors[accessor]["max"] = json!([last]);
        }
        Ok(accessor)
    }

    /// glTF 2.0 binary container: header, JSON chunk, BIN chunk.
    fn into_glb(self, mut document: Value, frames: usize) -> Result<Vec<u8>, ExportError> {
        document["bufferViews"] = Value::Array(self.views);
        document["accessors"] = Value::Array(self.accessors);
        match document.pointer_mut("/buffers/0") {
            Some(buffer) => buffer["byteLength"] = json!(self.bin.len()),
            None => document["buffers"] = json!([{"byteLength": self.bin.len()}]),
        }
        let mut json = document.to_string().into_bytes();
        json.resize(json.len().next_multiple_of(4), b' ');
        let word = |length: usize| u32::try_from(length).map_err(|_| too_long(frames, "a GLB has at most 4 GiB"));
        let total = 12 + 8 + json.len() + 8 + self.bin.len();
        let mut out = Vec::with_capacity(total);
        out.extend(b"glTF");
        for value in [2, word(total)?, word(json.len())?] {
            out.extend(value.to_le_bytes());
        }
        out.extend(b"JSON");
        out.extend(json);
        out.extend(word(self.bin.len())?.to_le_bytes());
        out.extend(b"BIN\0");
        out.extend(self.bin);
        Ok(out)
    }
}

/// The elements of an array; none of what isn't there.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn too_long(frames: usize, limit: &'static str) -> ExportError {
    ExportError::TooLong { frames, format: ".glb", limit }
}
