//! Reading a GLB or VRM file.

use std::{fs, io, path::Path};

use glam::{Affine3A, Mat4, Quat, Vec3, Vec3A};
use gltf::mesh::Mode;
use serde_json::Value;
use signing::{Bone, FaceShape};

use super::{
    Batch, Joint, Measures, Model, Node, Paint, Shape, Texture, humanoid,
    morph::{self},
};
use crate::AvatarError;

/// Bones without which nobody can sign.
const NEEDED: [Bone; 9] = [
    Bone::Hips,
    Bone::Head,
    Bone::LeftUpperArm,
    Bone::LeftLowerArm,
    Bone::LeftHand,
    Bone::RightUpperArm,
    Bone::RightLowerArm,
    Bone::RightHand,
    Bone::Spine,
];

/// A refusal without the file's name, which the caller adds.
struct Refusal {
    found: String,
    expected: &'static str,
}

fn refuse<T>(found: impl Into<String>, expected: &'static str) -> Result<T, Refusal> {
    Err(Refusal { found: found.into(), expected })
}

impl Model {
    /// Reads a GLB or VRM 1.0 file.
    pub(crate) fn load(path: &Path) -> Result<Self, AvatarError> {
        let bytes = fs::read(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => AvatarError::Missing { path: path.to_owned() },
            _ => AvatarError::Read { path: path.to_owned(), source },
        })?;
        Self::parse(&bytes, path)
    }

    /// A model without anything.
    pub(crate) fn empty() -> Self {
        Self {
            nodes: Vec::new(),
            bones: [None; Bone::COUNT],
            twists: Vec::new(),
            joints: Vec::new(),
            positions: Vec::new(),
            normals: Vec::new(),
            joint_indices: Vec::new(),
            joint_weights: Vec::new(),
            paint: Vec::new(),
            indices: Vec::new(),
            batches: Vec::new(),
            textures: Vec::new(),
            shapes: std::array::from_fn(|_| Shape::default()),
            measures: Measures::NONE,
        }
    }

    fn parse(bytes: &[u8], path: &Path) -> Result<Self, AvatarError> {
        let unreadable = |source| AvatarError::Gltf { path: path.to_owned(), source };
        let model = |refusal: Refusal| AvatarError::Model {
            path: path.to_owned(),
            found: refusal.found,
            expected: refusal.expected,
        };
        let gltf = gltf::Gltf::from_slice(bytes).map_err(unreadable)?;
        let glb = gltf::Glb::from_slice(bytes).map_err(unreadable)?;
        let json: Value = serde_json::from_slice(&glb.json)
            .map_err(|error| model(Refusal { found: format!("unreadable JSON: {error}"), expected: "glTF 2.0" }))?;
        let blob = glb.bin.as_deref().unwrap_or_default();
        build(&gltf.document, blob, &json).map_err(model)
    }
}

fn build(document: &gltf::Document, blob: &[u8], json: &Value) -> Result<Model, Refusal> {
    if document.buffers().any(|buffer| matches!(buffer.source(), gltf::buffer::Source::Uri(_))) {
        return refuse("data in other files", "one GLB or VRM file that holds all its data");
    }
    let (nodes, new_index) = nodes(document)?;
    let names: Vec<String> = document.nodes().map(|node| node.name().unwrap_or_default().to_owned()).collect();
    let file_bones = humanoid::bones(json, &names);
    let bones = file_bones.map(|bone| bone.map(|node| new_index[node]));
    if let Some(missing) = NEEDED.into_iter().find(|bone| bones[bone.index()].is_none()) {
        return refuse(
            format!("no bone {}", missing.name()),
            "a VRMC_vrm humanoid map, or nodes with VRM's bone names",
        );
    }
    let twists = humanoid::twists(json, &names)
        .map_err(|found| Refusal { found, expected: "a list of {source, fraction}" })?
        .into_iter()
        .map(|(node, twist)| (new_index[node], twist))
        .collect();
    let mut model = Model { nodes, bones, twists, ..Model::empty() };
    let mut textures = Textures { of_image: Vec::new() };
    for node in document.nodes() {
        let Some(mesh) = node.mesh() else { continue };
        let first_joint = model.joints.len();
        match node.skin() {
            Some(skin) => {
                let reader = skin.reader(|_| Some(blob));
                let bind: Vec<Affine3A> = match reader.read_inverse_bind_matrices() {
                    Some(matrices) => matrices.map(|m| Affine3A::from_mat4(Mat4::from_cols_array_2d(&m))).collect(),
                    None => vec![Affine3A::IDENTITY; skin.joints().count()],
                };
                model.joints.extend(
                    skin.joints()
                        .zip(bind)
                        .map(|(joint, joint_from_mesh)| Joint { node: new_index[joint.index()], joint_from_mesh }),
                );
            }
            // A rigid part, such as glasses: all of it hangs on its own node.
            None => {
                model.joints.push(Joint { node: new_index[node.index()], joint_from_mesh: Affine3A::IDENTITY });
            }
        }
        let targets = target_names(json, mesh.index());
        for primitive in mesh.primitives() {
            add_primitive(&mut model, &mut textures, &primitive, blob, first_joint, &targets)?;
        }
    }
    if model.indices.is_empty() {
        return refuse("no triangles", "a skinned mesh");
    }
    if model.joints.len() > usize::from(u16::MAX) {
        return refuse(format!("{} joints", model.joints.len()), "at most 65,535");
    }
    merge_batches(&mut model);
    model.measures = Measures::of(&model);
    Ok(model)
}

/// All nodes, parents first, and the place of each file index in that order.
fn nodes(document: &gltf::Document) -> Result<(Vec<Node>, Vec<usize>), Refusal> {
    let count = document.nodes().count();
    let mut parents: Vec<Option<usize>> = vec![None; count];
    for node in document.nodes() {
        for child in node.children() {
            if parents[child.index()].replace(node.index()).is_some() || child.index() == node.index() {
                return refuse(format!("node {} has two parents", child.index()), "a tree of nodes");
            }
        }
    }
    let mut new_index = vec![usize::MAX; count];
    let mut sorted = Vec::with_capacity(count);
    let mut waiting: Vec<gltf::Node<'_>> = document.nodes().filter(|node| parents[node.index()].is_none()).collect();
    while let Some(node) = waiting.pop() {
        let (translation, rotation, scale) = node.transform().decomposed();
        new_index[node.index()] = sorted.len();
        sorted.push(Node {
            parent: parents[node.index()].map(|parent| new_index[parent]),
            translation: Vec3::from(translation),
            rotation: Quat::from_array(rotation).normalize(),
            scale: Vec3::from(scale),
        });
        waiting.extend(node.children());
    }
    if sorted.len() < count {
        return refuse("nodes that are their own ancestors", "a tree of nodes");
    }
    Ok((sorted, new_index))
}

/// The face shape of each morph target of a mesh, by `extras.targetNames`.
fn target_names(json: &Value, mesh: usize) -> Vec<Option<FaceShape>> {
    let names = json["meshes"][mesh]["extras"]["targetNames"].as_array().map_or(&[][..], Vec::as_slice);
    names.iter().map(|name| face_shape(name.as_str()?)).collect()
}

/// ARKit's names are written with either case of the first letter.
fn face_shape(name: &str) -> Option<FaceShape> {
    FaceShape::ALL.into_iter().find(|shape| shape.name().eq_ignore_ascii_case(name))
}

fn add_primitive(
    model: &mut Model,
    textures: &mut Textures,
    primitive: &gltf::Primitive<'_>,
    blob: &[u8],
    first_joint: usize,
    targets: &[Option<FaceShape>],
) -> Result<(), Refusal> {
    if primitive.mode() != Mode::Triangles {
        return Ok(());
    }
    let reader = primitive.reader(|_| Some(blob));
    let Some(positions) = reader.read_positions() else { return Ok(()) };
    let rest: Vec<Vec3> = positions.map(Vec3::from).collect();
    let count = rest.len();
    let triangles: Vec<u32> = match reader.read_indices() {
        Some(indices) => indices.into_u32().collect(),
        None => (0..u32::try_from(count).unwrap_or(0)).collect(),
    };
    if triangles.iter().any(|index| *index as usize >= count) {
        return refuse("a triangle with a vertex that isn't there", "indices below the number of vertices");
    }
    let normals: Vec<Vec3> = match reader.read_normals() {
        Some(normals) => normals.map(|normal| Vec3::from(normal).normalize_or(Vec3::Z)).collect(),
        None => morph::surface_normals(&rest, &triangles),
    };
    let first = u32::try_from(model.positions.len()).unwrap_or(u32::MAX);
    // Skin.
    let joints = reader.read_joints(0).map(|joints| joints.into_u16().collect::<Vec<_>>());
    let weights = reader.read_weights(0).map(|weights| weights.into_f32().collect::<Vec<_>>());
    for vertex in 0..count {
        let indices = joints.as_ref().and_then(|joints| joints.get(vertex)).copied().unwrap_or_default();
        let weights = weights.as_ref().and_then(|weights| weights.get(vertex)).copied().unwrap_or([1.0, 0.0, 0.0, 0.0]);
        let (indices, weights) = heaviest_first(indices, weights);
        let indices = indices.map(|joint| first_joint + usize::from(joint));
        if indices.iter().any(|joint| *joint >= model.joints.len()) {
            return refuse("a vertex on a joint that isn't there", "joints below the skin's number");
        }
        model.joint_indices.push(indices.map(|joint| u16::try_from(joint).unwrap_or(u16::MAX)));
        model.joint_weights.push(weights);
    }
    // Colour.
    let material = primitive.material();
    let pbr = material.pbr_metallic_roughness();
    let base = pbr.base_color_factor();
    let colors = reader.read_colors(0).map(|colors| colors.into_rgba_f32().collect::<Vec<_>>());
    let texture = pbr.base_color_texture();
    let uvs = texture
        .as_ref()
        .and_then(|texture| reader.read_tex_coords(texture.tex_coord()))
        .map(|uvs| uvs.into_f32().collect::<Vec<_>>());
    let gloss = 1.0 - pbr.roughness_factor();
    for vertex in 0..count {
        let color = colors.as_ref().and_then(|colors| colors.get(vertex)).copied().unwrap_or([1.0; 4]);
        let color = [base[0] * color[0], base[1] * color[1], base[2] * color[2], gloss];
        let uv = uvs.as_ref().and_then(|uvs| uvs.get(vertex)).copied().unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=65535")]
        let color = color.map(|c| (c.clamp(0.0, 1.0) * 65_535.0).round() as u16);
        model.paint.push(Paint { color, uv });
    }
    // Shapes.
    for (index, target) in reader.read_morph_targets().enumerate() {
        let Some(shape) = targets.get(index).copied().flatten() else { continue };
        let (Some(positions), normals) = (target.0, target.1) else { continue };
        let positions: Vec<Vec3> = positions.map(Vec3::from).collect();
        let normals: Option<Vec<Vec3>> = normals.map(|normals| normals.map(Vec3::from).collect());
        model.shapes[shape.index()].extend(first, &rest, &triangles, &positions, normals.as_deref());
    }
    let texture = match texture {
        Some(texture) if uvs.is_some() => Some(textures.index(&texture.texture(), blob, &mut model.textures)?),
        _ => None,
    };
    let start = u32::try_from(model.indices.len()).unwrap_or(u32::MAX);
    model.indices.extend(triangles.iter().map(|index| first + index));
    let end = u32::try_from(model.indices.len()).unwrap_or(u32::MAX);
    model.batches.push(Batch { indices: start..end, double_sided: material.double_sided(), texture });
    model.positions.extend(rest.into_iter().map(Vec3A::from));
    model.normals.extend(normals.into_iter().map(Vec3A::from));
    Ok(())
}

/// The heaviest joint first; weights that sum to 1.
fn heaviest_first(indices: [u16; 4], weights: [f32; 4]) -> ([u16; 4], [f32; 4]) {
    let mut order = [0, 1, 2, 3];
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
    let sum: f32 = weights.iter().sum();
    if sum <= 0.0 {
        return (indices, [1.0, 0.0, 0.0, 0.0]);
    }
    // Joints without weight point at the first one: they are read, never summed.
    let picked = order.map(|i| if weights[i] > 0.0 { indices[i] } else { indices[order[0]] });
    (picked, order.map(|i| weights[i] / sum))
}

/// Joins batches of one state, so that the default avatar is two draws.
fn merge_batches(model: &mut Model) {
    let mut batches = std::mem::take(&mut model.batches);
    batches.sort_by_key(|batch| (batch.texture, batch.double_sided));
    let mut indices = Vec::with_capacity(model.indices.len());
    for batch in batches {
        let start = u32::try_from(indices.len()).unwrap_or(u32::MAX);
        indices.extend_from_slice(&model.indices[batch.indices.start as usize..batch.indices.end as usize]);
        let end = u32::try_from(indices.len()).unwrap_or(u32::MAX);
        match model.batches.last_mut() {
            Some(last) if last.double_sided == batch.double_sided && last.texture == batch.texture => {
                last.indices.end = end;
            }
            _ => model.batches.push(Batch { indices: start..end, ..batch }),
        }
    }
    model.indices = indices;
}

/// Images already decoded, by their index in the file.
struct Textures {
    of_image: Vec<(usize, usize)>,
}

impl Textures {
    fn index(
        &mut self,
        texture: &gltf::Texture<'_>,
        blob: &[u8],
        decoded: &mut Vec<Texture>,
    ) -> Result<usize, Refusal> {
        let image = texture.source();
        if let Some((_, index)) = self.of_image.iter().find(|(file, _)| *file == image.index()) {
            return Ok(*index);
        }
        let gltf::image::Source::View { view, mime_type } = image.source() else {
            return refuse("a texture in another file", "one GLB or VRM file that holds all its data");
        };
        let Some(bytes) = blob.get(view.offset()..view.offset() + view.length()) else {
            return refuse("a texture beyond the end of the file", "a complete file");
        };
        let picture = image::load_from_memory(bytes).map_err(|error| Refusal {
            found: format!("a texture of type {mime_type} that can't be decoded: {error}"),
            expected: "PNG textures",
        })?;
        let picture = picture.into_rgba8();
        decoded.push(Texture { width: picture.width(), height: picture.height(), rgba: picture.into_raw() });
        self.of_image.push((image.index(), decoded.len() - 1));
        Ok(decoded.len() - 1)
    }
}

impl Measures {
    const NONE: Self = Self {
        top: 0.0,
        ground: 0.0,
        hips: 0.0,
        head: Vec3::ZERO,
        shoulder: 0.0,
        elbow_reach: 0.0,
        hand: 0.0,
        depth: 0.0,
    };

    fn of(model: &Model) -> Self {
        let mut worlds: Vec<Affine3A> = Vec::with_capacity(model.nodes.len());
        for node in &model.nodes {
            let local = node.parent_from_node();
            worlds.push(node.parent.map_or(local, |parent| worlds[parent] * local));
        }
        let at = |bone: Bone| model.bones[bone.index()].map_or(Vec3::ZERO, |node| Vec3::from(worlds[node].translation));
        // Vertices at rest, where the skin puts them.
        let joints: Vec<Affine3A> =
            model.joints.iter().map(|joint| worlds[joint.node] * joint.joint_from_mesh).collect();
        let (mut low, mut high) = (Vec3A::INFINITY, Vec3A::NEG_INFINITY);
        for (position, joint) in model.positions.iter().zip(&model.joint_indices) {
            let placed = joints[usize::from(joint[0])].transform_point3a(*position);
            low = low.min(placed);
            high = high.max(placed);
        }
        let (elbow, wrist) = (at(Bone::LeftLowerArm), at(Bone::LeftHand));
        let reach = high.x.max(wrist.x.abs());
        Self {
            top: high.y,
            ground: low.y,
            hips: at(Bone::Hips).y,
            head: at(Bone::Head),
            shoulder: at(Bone::LeftUpperArm).y,
            elbow_reach: elbow.x.abs().max(0.2),
            hand: (reach - wrist.x.abs()).max(0.05),
            depth: at(Bone::Head).z,
        }
    }
}
