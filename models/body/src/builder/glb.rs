//! Writes parts and skeleton as a VRM 1.0 GLB.

use std::collections::BTreeMap;

use glam::Vec3;
use serde_json::{Value, json};
use signing::Bone;

use super::{VERSION, part::Baked, skeleton::Skeleton};
use crate::twist::TWIST_KEY;

const ARRAY_BUFFER: u32 = 34962;
const ELEMENT_ARRAY_BUFFER: u32 = 34963;
const FLOAT: u32 = 5126;
const UNSIGNED_INT: u32 = 5125;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_BYTE: u32 = 5121;

/// How a part's surface answers light in a full renderer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surface {
    pub(crate) roughness: f32,
    pub(crate) double_sided: bool,
}

#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Buffer {
    fn view(&mut self, bytes: impl IntoIterator<Item = u8>, target: Option<u32>) -> usize {
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
        let offset = self.bytes.len();
        self.bytes.extend(bytes);
        let mut view = json!({"buffer": 0, "byteOffset": offset, "byteLength": self.bytes.len() - offset});
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        self.views.push(view);
        self.views.len() - 1
    }

    fn accessor(&mut self, accessor: Value) -> usize {
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    fn vec3(&mut self, values: &[Vec3], bounds: bool) -> usize {
        let view = self.view(bytes_of(values), Some(ARRAY_BUFFER));
        let mut accessor = json!({"bufferView": view, "componentType": FLOAT, "count": values.len(), "type": "VEC3"});
        if bounds {
            let (low, high) = bounds_of(values.iter().copied());
            accessor["min"] = json!(low.to_array());
            accessor["max"] = json!(high.to_array());
        }
        self.accessor(accessor)
    }

    /// A sparse accessor of `count` displacements, zero but for `indices`.
    fn sparse(&mut self, count: usize, indices: &[u32], values: &[Vec3], bounds: bool) -> usize {
        let mut accessor = json!({"componentType": FLOAT, "count": count, "type": "VEC3"});
        if bounds {
            let rest = (indices.len() < count).then_some(Vec3::ZERO);
            let (low, high) = bounds_of(values.iter().copied().chain(rest));
            accessor["min"] = json!(low.to_array());
            accessor["max"] = json!(high.to_array());
        }
        // A shape that moves nothing here is one unmoved vertex: a sparse count of 0 is not valid.
        let (indices, values): (Vec<u32>, Vec<Vec3>) =
            if indices.is_empty() { (vec![0], vec![Vec3::ZERO]) } else { (indices.to_vec(), values.to_vec()) };
        let index_view = self.view(indices.iter().flat_map(|index| (*index as u16).to_le_bytes()), None);
        let value_view = self.view(bytes_of(&values), None);
        accessor["sparse"] = json!({
            "count": indices.len(),
            "indices": {"bufferView": index_view, "componentType": UNSIGNED_SHORT},
            "values": {"bufferView": value_view},
        });
        self.accessor(accessor)
    }
}

fn bytes_of(values: &[Vec3]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_array()).flat_map(f32::to_le_bytes).collect()
}

fn bounds_of(values: impl Iterator<Item = Vec3>) -> (Vec3, Vec3) {
    values.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// The bytes of the whole file.
pub(crate) fn write(skeleton: &Skeleton, parts: &[(Baked, Surface)]) -> Vec<u8> {
    let mut buffer = Buffer::default();
    let mut nodes: Vec<Value> = skeleton.nodes.iter().map(|node| node_json(skeleton, node)).collect();
    for (index, node) in skeleton.nodes.iter().enumerate() {
        if let Some(parent) = node.parent {
            let children = &mut nodes[parent]["children"];
            match children.as_array_mut() {
                Some(list) => list.push(json!(index)),
                None => *children = json!([index]),
            }
        }
    }
    let inverse_binds: Vec<u8> = skeleton
        .nodes
        .iter()
        .flat_map(|node| glam::Mat4::from_translation(-node.head).to_cols_array())
        .flat_map(f32::to_le_bytes)
        .collect();
    let bind_view = buffer.view(inverse_binds, None);
    let binds = buffer.accessor(json!({
        "bufferView": bind_view, "componentType": FLOAT, "count": skeleton.nodes.len(), "type": "MAT4",
    }));

    let mut meshes = Vec::new();
    let mut materials = Vec::new();
    let mut roots = vec![Bone::Hips.index()];
    for (baked, surface) in parts {
        materials.push(json!({
            "name": baked.name,
            "doubleSided": surface.double_sided,
            "pbrMetallicRoughness": {
                "baseColorFactor": [1.0, 1.0, 1.0, 1.0], "metallicFactor": 0.0, "roughnessFactor": surface.roughness,
            },
        }));
        meshes.push(mesh_json(&mut buffer, baked, materials.len() - 1));
        roots.push(nodes.len());
        nodes.push(json!({"name": baked.name, "mesh": meshes.len() - 1, "skin": 0}));
    }
    let human: BTreeMap<&str, Value> =
        Bone::ALL.into_iter().map(|bone| (bone.name(), json!({"node": bone.index()}))).collect();
    while !buffer.bytes.len().is_multiple_of(4) {
        buffer.bytes.push(0);
    }
    let document = json!({
        "asset": {
            "version": "2.0",
            "generator": format!("shouyu avatar builder {VERSION}"),
            "copyright": "CC0 1.0: MakeHuman base mesh and targets, MPFB2 rig and weights, Face Units by Mika Suominen",
        },
        "extensionsUsed": ["VRMC_vrm"],
        "extensions": {"VRMC_vrm": {
            "specVersion": "1.0",
            "meta": {
                "name": "Shouyu default signer",
                "version": VERSION,
                "authors": ["MakeHuman Community", "Mika Suominen", "Shouyu"],
                "copyrightInformation": "CC0 1.0 Universal",
                "references": ["https://static.makehumancommunity.org/mpfb.html"],
                "licenseUrl": "https://vrm.dev/licenses/1.0/",
                "otherLicenseUrl": "https://creativecommons.org/publicdomain/zero/1.0/",
                "avatarPermission": "everyone",
                "allowExcessivelyViolentUsage": false,
                "allowExcessivelySexualUsage": false,
                "commercialUsage": "corporation",
                "allowPoliticalOrReligiousUsage": true,
                "allowAntisocialOrHateUsage": false,
                "creditNotation": "unnecessary",
                "allowRedistribution": true,
                "modification": "allowModificationRedistribution",
            },
            "humanoid": {"humanBones": human},
        }},
        "scene": 0,
        "scenes": [{"nodes": roots}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": materials,
        "skins": [{
            "name": "body",
            "joints": (0..skeleton.nodes.len()).collect::<Vec<_>>(),
            "inverseBindMatrices": binds,
            "skeleton": Bone::Hips.index(),
        }],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": buffer.bytes.len()}],
    });
    container(&document.to_string(), &buffer.bytes)
}

fn node_json(skeleton: &Skeleton, node: &super::skeleton::Node) -> Value {
    let parent = node.parent.map_or(Vec3::ZERO, |parent| skeleton.nodes[parent].head);
    let mut value = json!({"name": node.name, "translation": (node.head - parent).to_array()});
    if let Some(twist) = &node.twist {
        let mut extras = serde_json::Map::new();
        extras.insert(TWIST_KEY.to_owned(), json!(twist.drivers));
        value["extras"] = Value::Object(extras);
    }
    value
}

fn mesh_json(buffer: &mut Buffer, baked: &Baked, material: usize) -> Value {
    let count = baked.positions.len();
    let position = buffer.vec3(&baked.positions, true);
    let normal = buffer.vec3(&baked.normals, false);
    let colours: Vec<u8> = baked
        .colours
        .iter()
        .flat_map(|colour| [colour.x, colour.y, colour.z, 1.0])
        .flat_map(|value| ((value.clamp(0.0, 1.0) * f32::from(u16::MAX)).round() as u16).to_le_bytes())
        .collect();
    let view = buffer.view(colours, Some(ARRAY_BUFFER));
    let colour = buffer.accessor(json!({
        "bufferView": view, "componentType": UNSIGNED_SHORT, "normalized": true, "count": count, "type": "VEC4",
    }));
    let joint_bytes: Vec<u8> =
        baked.influences.iter().flat_map(|influence| influence.joints.map(|joint| joint as u8)).collect();
    let view = buffer.view(joint_bytes, Some(ARRAY_BUFFER));
    let joints =
        buffer.accessor(json!({"bufferView": view, "componentType": UNSIGNED_BYTE, "count": count, "type": "VEC4"}));
    let weight_bytes: Vec<u8> =
        baked.influences.iter().flat_map(|influence| influence.weights).flat_map(f32::to_le_bytes).collect();
    let view = buffer.view(weight_bytes, Some(ARRAY_BUFFER));
    let weights = buffer.accessor(json!({"bufferView": view, "componentType": FLOAT, "count": count, "type": "VEC4"}));
    let index_bytes: Vec<u8> = baked.triangles.iter().flatten().flat_map(|index| index.to_le_bytes()).collect();
    let view = buffer.view(index_bytes, Some(ELEMENT_ARRAY_BUFFER));
    let indices = buffer.accessor(json!({
        "bufferView": view, "componentType": UNSIGNED_INT, "count": baked.triangles.len() * 3, "type": "SCALAR",
    }));
    let mut primitive = json!({
        "attributes": {
            "POSITION": position, "NORMAL": normal, "COLOR_0": colour, "JOINTS_0": joints, "WEIGHTS_0": weights,
        },
        "indices": indices,
        "material": material,
    });
    let mut mesh = json!({"name": baked.name});
    if !baked.morphs.is_empty() {
        let targets: Vec<Value> = baked
            .morphs
            .iter()
            .map(|morph| {
                let indices: Vec<u32> = morph.deltas.iter().map(|delta| delta.0).collect();
                let moves: Vec<Vec3> = morph.deltas.iter().map(|delta| delta.1).collect();
                let turns: Vec<Vec3> = morph.deltas.iter().map(|delta| delta.2).collect();
                let position = buffer.sparse(count, &indices, &moves, true);
                let normal = buffer.sparse(count, &indices, &turns, false);
                json!({"POSITION": position, "NORMAL": normal})
            })
            .collect();
        primitive["targets"] = json!(targets);
        mesh["weights"] = json!(vec![0.0; targets.len()]);
        let names: Vec<&str> = baked.morphs.iter().map(|morph| morph.shape.name()).collect();
        mesh["extras"] = json!({"targetNames": names});
    }
    mesh["primitives"] = json!([primitive]);
    mesh
}

/// glTF 2.0 binary container: header, JSON chunk, BIN chunk.
fn container(json: &str, bin: &[u8]) -> Vec<u8> {
    let mut json = json.as_bytes().to_vec();
    while !json.len().is_multiple_of(4) {
        json.push(b' ');
    }
    let total = 12 + 8 + json.len() + 8 + bin.len();
    let mut out = Vec::with_capacity(total);
    out.extend(b"glTF");
    out.extend(2_u32.to_le_bytes());
    out.extend((total as u32).to_le_bytes());
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(b"JSON");
    out.extend(json);
    out.extend((bin.len() as u32).to_le_bytes());
    out.extend(b"BIN\0");
    out.extend(bin);
    out
}
