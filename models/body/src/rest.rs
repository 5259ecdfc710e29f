//! A humanoid file in its rest pose: joints and surface in world space.

use glam::{Mat4, Vec3};
use gltf::{
    Accessor, Gltf, Node, Semantic,
    accessor::{DataType, Dimensions},
};
use serde_json::Value;
use signing::Bone;

use crate::{
    BodyError,
    names::{self, HumanMap},
    twist::{TWIST_KEY, Twist, TwistDriver},
};

/// The surface, with the bone that each vertex hangs on most.
#[derive(Debug, Default)]
pub(crate) struct Surface {
    pub(crate) positions: Vec<Vec3>,
    /// For each vertex the nearest humanoid ancestor of its strongest joint.
    pub(crate) bones: Vec<Option<Bone>>,
    pub(crate) triangles: Vec<[u32; 3]>,
}

/// What a file says, before anything is measured.
#[derive(Debug)]
pub(crate) struct Rest {
    /// Joint of each bone, world, metres.
    pub(crate) heads: [Option<Vec3>; Bone::COUNT],
    pub(crate) surface: Surface,
    pub(crate) twists: Vec<Twist>,
}

/// Reads a GLB or VRM.
pub(crate) fn read(bytes: &[u8]) -> Result<Rest, BodyError> {
    let glb = gltf::Glb::from_slice(bytes).map_err(|error| BodyError::NotGlb(error.to_string()))?;
    let document: Value =
        serde_json::from_slice(&glb.json).map_err(|error| BodyError::NotGlb(format!("its JSON: {error}")))?;
    check_positions(&document)?;
    let gltf = Gltf::from_slice(bytes).map_err(|error| BodyError::NotGlb(error.to_string()))?;
    let blob = gltf.blob.as_deref().unwrap_or_default();
    check_buffers(&gltf, blob)?;

    let nodes: Vec<Node<'_>> = gltf.nodes().collect();
    let mut parents = vec![None; nodes.len()];
    for node in &nodes {
        for child in node.children() {
            parents[child.index()] = Some(node.index());
        }
    }
    let human = names::from_extension(&document)
        .unwrap_or_else(|| names::from_names(nodes.iter().filter_map(|node| Some((node.index(), node.name()?)))));
    if let Some(node) = human.iter().flatten().find(|node| **node >= nodes.len()) {
        return Err(BodyError::Malformed {
            found: format!("humanoid bone at node {node} of {}", nodes.len()),
            expected: "indices of existing nodes",
        });
    }
    let worlds = world_transforms(&nodes, &parents)?;
    let mut heads = [None; Bone::COUNT];
    for bone in Bone::ALL {
        heads[bone.index()] = human[bone.index()].map(|node| worlds[node].transform_point3(Vec3::ZERO));
    }
    let surface = read_surface(&nodes, &parents, &worlds, &human, blob)?;
    let twists = read_twists(&nodes, &parents, &human)?;
    Ok(Rest { heads, surface, twists })
}

/// Every mesh's positions are there: the `gltf` crate looks them up without asking.
fn check_positions(document: &Value) -> Result<(), BodyError> {
    let accessors = list(&document["accessors"]).len();
    for primitive in list(&document["meshes"]).iter().flat_map(|mesh| list(&mesh["primitives"])) {
        if let Some(index) = primitive["attributes"]["POSITION"].as_u64().filter(|index| *index >= accessors as u64) {
            return Err(BodyError::Malformed {
                found: format!("positions at accessor {index} of {accessors}"),
                expected: "indices of existing accessors",
            });
        }
    }
    Ok(())
}

/// The elements of a JSON array; none if it is something else.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// No avatar is this fine; a file that says so would only fill the memory.
const MOST_ELEMENTS: usize = 4_000_000;

/// Accessors must stay inside the one embedded buffer and have the types that are read: the
/// `gltf` crate slices without asking.
fn check_buffers(gltf: &Gltf, blob: &[u8]) -> Result<(), BodyError> {
    let malformed = |found: String, expected| Err(BodyError::Malformed { found, expected });
    for view in gltf.views() {
        let embedded = matches!(view.buffer().source(), gltf::buffer::Source::Bin);
        let end = view.offset().checked_add(view.length());
        if !embedded || end.is_none_or(|end| end > blob.len()) {
            return malformed(
                format!("buffer view {} outside the file's own buffer", view.index()),
                "a GLB with all its data inside",
            );
        }
    }
    for accessor in gltf.accessors() {
        if accessor.count() > MOST_ELEMENTS {
            return malformed(
                format!("accessor {} of {} elements", accessor.index(), accessor.count()),
                "at most four million vertices or indices",
            );
        }
        let fits = |view: &gltf::buffer::View<'_>, offset: usize, count: usize, size: usize| {
            let stride = view.stride().unwrap_or(size);
            let last = count.saturating_sub(1).checked_mul(stride);
            let end = last.and_then(|last| last.checked_add(offset)?.checked_add(size));
            stride >= size && end.is_some_and(|end| end <= view.length())
        };
        let plain =
            accessor.view().is_none_or(|view| fits(&view, accessor.offset(), accessor.count(), accessor.size()));
        let sparse = accessor.sparse().is_none_or(|sparse| {
            let (indices, values) = (sparse.indices(), sparse.values());
            let index_size = match indices.index_type() {
                gltf::accessor::sparse::IndexType::U8 => 1,
                gltf::accessor::sparse::IndexType::U16 => 2,
                gltf::accessor::sparse::IndexType::U32 => 4,
            };
            fits(&indices.view(), indices.offset(), sparse.count(), index_size)
                && fits(&values.view(), values.offset(), sparse.count(), accessor.size())
        });
        if !plain || !sparse {
            return malformed(
                format!("accessor {} longer than its buffer view", accessor.index()),
                "accessors within their views",
            );
        }
    }
    for skin in gltf.skins() {
        if skin.inverse_bind_matrices().is_some_and(|binds| !is(&binds, Dimensions::Mat4, &[DataType::F32])) {
            return malformed(format!("inverse bind matrices of skin {}", skin.index()), "4×4 matrices of floats");
        }
    }
    for (mesh, primitive) in gltf.meshes().flat_map(|mesh| mesh.primitives().map(move |part| (mesh.index(), part))) {
        let integers = [DataType::U8, DataType::U16];
        let shares = [DataType::U8, DataType::U16, DataType::F32];
        let wrong = |semantic: Semantic, shape, types: &[DataType]| {
            primitive.get(&semantic).is_some_and(|accessor| !is(&accessor, shape, types))
        };
        let indices = primitive
            .indices()
            .is_some_and(|accessor| !is(&accessor, Dimensions::Scalar, &[DataType::U8, DataType::U16, DataType::U32]));
        if indices
            || wrong(Semantic::Positions, Dimensions::Vec3, &[DataType::F32])
            || wrong(Semantic::Joints(0), Dimensions::Vec4, &integers)
            || wrong(Semantic::Weights(0), Dimensions::Vec4, &shares)
        {
            return malformed(
                format!("a vertex attribute or index of mesh {mesh} of another type"),
                "the component types of the glTF 2.0 specification",
            );
        }
    }
    Ok(())
}

fn is(accessor: &Accessor<'_>, shape: Dimensions, types: &[DataType]) -> bool {
    accessor.dimensions() == shape && types.contains(&accessor.data_type())
}

fn world_transforms(nodes: &[Node<'_>], parents: &[Option<usize>]) -> Result<Vec<Mat4>, BodyError> {
    let local: Vec<Mat4> = nodes.iter().map(|node| Mat4::from_cols_array_2d(&node.transform().matrix())).collect();
    (0..nodes.len())
        .map(|start| {
            let mut world = local[start];
            let mut at = start;
            for _ in 0..=nodes.len() {
                match parents[at] {
                    None => return Ok(world),
                    Some(parent) => {
                        world = local[parent] * world;
                        at = parent;
                    }
                }
            }
            Err(BodyError::Malformed {
                found: format!("node {start} is its own ancestor"),
                expected: "a tree of nodes",
            })
        })
        .collect()
}

/// The nearest humanoid bone at or above a node.
fn bone_above(node: usize, parents: &[Option<usize>], human: &HumanMap) -> Option<Bone> {
    let mut at = Some(node);
    while let Some(node) = at {
        if let Some(bone) = Bone::ALL.into_iter().find(|bone| human[bone.index()] == Some(node)) {
            return Some(bone);
        }
        at = parents[node];
    }
    None
}

fn read_surface(
    nodes: &[Node<'_>],
    parents: &[Option<usize>],
    worlds: &[Mat4],
    human: &HumanMap,
    blob: &[u8],
) -> Result<Surface, BodyError> {
    let above: Vec<Option<Bone>> = (0..nodes.len()).map(|node| bone_above(node, parents, human)).collect();
    let mut surface = Surface::default();
    for node in nodes {
        let Some(mesh) = node.mesh() else { continue };
        let skin = node.skin();
        let joints: Vec<usize> =
            skin.as_ref().map(|skin| skin.joints().map(|joint| joint.index()).collect()).unwrap_or_default();
        let binds: Vec<Mat4> = skin
            .as_ref()
            .and_then(|skin| skin.reader(|_| Some(blob)).read_inverse_bind_matrices())
            .map(|matrices| matrices.map(|matrix| Mat4::from_cols_array_2d(&matrix)).collect())
            .unwrap_or_else(|| vec![Mat4::IDENTITY; joints.len()]);
        let skinning: Vec<Mat4> = joints.iter().zip(&binds).map(|(&joint, bind)| worlds[joint] * *bind).collect();
        for primitive in mesh.primitives().filter(|primitive| primitive.mode() == gltf::mesh::Mode::Triangles) {
            let reader = primitive.reader(|_| Some(blob));
            let Some(positions) = reader.read_positions() else { continue };
            let base = surface.positions.len() as u32;
            let positions: Vec<Vec3> = positions.map(Vec3::from).collect();
            let influences = reader.read_joints(0).zip(reader.read_weights(0));
            if let (Some((joint_sets, weight_sets)), false) = (influences, skinning.is_empty()) {
                for ((position, joint_set), weights) in
                    positions.iter().zip(joint_sets.into_u16()).zip(weight_sets.into_f32())
                {
                    let mut world = Vec3::ZERO;
                    let mut strongest = (0.0, None);
                    for (joint, weight) in joint_set.into_iter().zip(weights) {
                        let Some(matrix) = skinning.get(usize::from(joint)) else {
                            return Err(BodyError::Malformed {
                                found: format!("joint {joint} of {}", skinning.len()),
                                expected: "vertices bound to existing joints",
                            });
                        };
                        world += matrix.transform_point3(*position) * weight;
                        if weight > strongest.0 {
                            strongest = (weight, above[joints[usize::from(joint)]]);
                        }
                    }
                    surface.positions.push(world);
                    surface.bones.push(strongest.1);
                }
            } else {
                let world = worlds[node.index()];
                surface.positions.extend(positions.iter().map(|position| world.transform_point3(*position)));
                surface.bones.extend(positions.iter().map(|_| above[node.index()]));
            }
            let count = surface.positions.len() as u32 - base;
            let indices: Vec<u32> =
                reader.read_indices().map_or_else(|| (0..count).collect(), |indices| indices.into_u32().collect());
            for triangle in indices.as_chunks::<3>().0 {
                if triangle.iter().any(|&index| index >= count) {
                    return Err(BodyError::Malformed {
                        found: format!("triangle {triangle:?} in a mesh of {count} vertices"),
                        expected: "indices of existing vertices",
                    });
                }
                surface.triangles.push(triangle.map(|index| index + base));
            }
        }
    }
    if surface.positions.iter().any(|position| !position.is_finite()) {
        return Err(BodyError::Malformed {
            found: "vertices that are not finite numbers".to_owned(),
            expected: "finite positions",
        });
    }
    surface.bones.resize(surface.positions.len(), None);
    Ok(surface)
}

fn read_twists(nodes: &[Node<'_>], parents: &[Option<usize>], human: &HumanMap) -> Result<Vec<Twist>, BodyError> {
    let mut twists = Vec::new();
    for node in nodes {
        let Some(extras) = node.extras() else { continue };
        let Ok(mut extras) = serde_json::from_str::<serde_json::Map<String, Value>>(extras.get()) else { continue };
        let Some(drivers) = extras.remove(TWIST_KEY) else { continue };
        let name = node.name().unwrap_or_default().to_owned();
        let drivers: Vec<TwistDriver> = serde_json::from_value(drivers).map_err(|error| BodyError::Malformed {
            found: format!("{TWIST_KEY} of node {name}: {error}"),
            expected: "a list of {source, fraction}",
        })?;
        let parent = parents[node.index()].and_then(|parent| bone_above(parent, parents, human)).ok_or_else(|| {
            BodyError::Malformed {
                found: format!("twist node {name} outside the humanoid"),
                expected: "twist nodes below a humanoid bone",
            }
        })?;
        twists.push(Twist { node: name, parent, drivers });
    }
    Ok(twists)
}
