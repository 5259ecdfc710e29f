//! Reads the CC0 MakeHuman data: base mesh, targets, rig and weights.
//!
//! Units on disk are decimetres; they stay so until [`super::shape`] scales the body.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;
use glam::Vec3;
use serde::Deserialize;

use super::BuildError;

/// Quads of one named group of the base mesh; indices count all vertices of the file.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) quads: Vec<[u32; 4]>,
}

/// Displacements of some vertices, decimetres.
pub(crate) type Target = Vec<(u32, Vec3)>;

/// Where a rig's joint is, in terms of mesh vertices.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Locator {
    strategy: String,
    cube_name: Option<String>,
    vertex_index: Option<u32>,
    vertex_indices: Option<Vec<u32>>,
}

#[derive(Debug, Clone, Deserialize)]
struct RigBone {
    head: Locator,
}

#[derive(Deserialize)]
struct WeightsFile {
    weights: BTreeMap<String, Vec<(u32, f32)>>,
}

/// The unpacked data folder with what every build needs already read.
#[derive(Debug)]
pub(crate) struct Source {
    root: PathBuf,
    /// Vertices of the base mesh, decimetres.
    pub(crate) positions: Vec<Vec3>,
    groups: Vec<Group>,
    rig: BTreeMap<String, RigBone>,
    /// Rig bone → its vertices and weights.
    pub(crate) weights: BTreeMap<String, Vec<(u32, f32)>>,
}

impl Source {
    /// Reads the folder that holds `mpfb2` and `faceunits01`.
    pub(crate) fn read(root: &Path) -> Result<Self, BuildError> {
        let (positions, groups) = read_obj(&root.join("mpfb2/3dobjs/base.obj"))?;
        let rig = read_json(&root.join("mpfb2/rigs/standard/rig.default.json"))?;
        let weights: WeightsFile = read_json(&root.join("mpfb2/rigs/standard/weights.default.json"))?;
        Ok(Self { root: root.to_owned(), positions, groups, rig, weights: weights.weights })
    }

    /// A target of the body's shape, such as `macrodetails/asian-female-young`.
    pub(crate) fn shape_target(&self, name: &str) -> Result<Target, BuildError> {
        read_target(&self.root.join(format!("mpfb2/targets/{name}.target.gz")), self.positions.len())
    }

    /// The target of a face shape by its ARKit name.
    pub(crate) fn face_target(&self, name: &str) -> Result<Target, BuildError> {
        let path = self.root.join(format!("faceunits01/targets/faceunits/{name}.target"));
        read_target(&path, self.positions.len())
    }

    /// Quads of the group of this name.
    pub(crate) fn group(&self, name: &str) -> Result<&[[u32; 4]], BuildError> {
        let group = self.groups.iter().find(|group| group.name == name);
        group.map(|group| group.quads.as_slice()).ok_or_else(|| BuildError::Missing {
            what: format!("group {name}"),
            path: self.root.join("mpfb2/3dobjs/base.obj"),
        })
    }

    /// Quads of all groups whose name contains `part`.
    pub(crate) fn groups_with(&self, part: &str) -> Vec<[u32; 4]> {
        self.groups.iter().filter(|group| group.name.contains(part)).flat_map(|group| group.quads.clone()).collect()
    }

    /// Centre of a joint cube (the name without `joint-`) on a shaped mesh.
    pub(crate) fn cube(&self, name: &str, positions: &[Vec3]) -> Result<Vec3, BuildError> {
        let quads = self.group(&format!("joint-{name}"))?;
        let mut corners: Vec<u32> = quads.iter().flatten().copied().collect();
        corners.sort_unstable();
        corners.dedup();
        Ok(mean(&corners, positions))
    }

    /// Where a rig bone starts on a shaped mesh.
    pub(crate) fn bone_head(&self, bone: &str, positions: &[Vec3]) -> Result<Vec3, BuildError> {
        let path = || self.root.join("mpfb2/rigs/standard/rig.default.json");
        let locator =
            &self.rig.get(bone).ok_or_else(|| BuildError::Missing { what: format!("bone {bone}"), path: path() })?.head;
        match (locator.strategy.as_str(), &locator.cube_name, locator.vertex_index, &locator.vertex_indices) {
            ("CUBE", Some(cube), ..) => self.cube(cube.strip_prefix("joint-").unwrap_or(cube), positions),
            ("VERTEX", _, Some(index), _) if (index as usize) < positions.len() => Ok(positions[index as usize]),
            ("MEAN", .., Some(indices)) if indices.iter().all(|&index| (index as usize) < positions.len()) => {
                Ok(mean(indices, positions))
            }
            _ => Err(BuildError::Malformed {
                path: path(),
                line: 0,
                found: format!("bone {bone} with locator {locator:?}"),
                expected: "a CUBE, VERTEX or MEAN locator of existing vertices",
            }),
        }
    }
}

fn mean(indices: &[u32], positions: &[Vec3]) -> Vec3 {
    indices.iter().map(|&index| positions[index as usize]).sum::<Vec3>() / indices.len().max(1) as f32
}

fn read_file(path: &Path) -> Result<Vec<u8>, BuildError> {
    fs::read(path).map_err(|source| BuildError::Read { path: path.to_owned(), source })
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, BuildError> {
    serde_json::from_slice(&read_file(path)?).map_err(|error| BuildError::Malformed {
        path: path.to_owned(),
        line: error.line(),
        found: error.to_string(),
        expected: "rig JSON as MPFB2 writes it",
    })
}

fn read_text(path: &Path) -> Result<String, BuildError> {
    let bytes = read_file(path)?;
    let mut text = String::new();
    let read = if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)
    } else {
        bytes.as_slice().read_to_string(&mut text)
    };
    read.map_err(|source| BuildError::Read { path: path.to_owned(), source })?;
    Ok(text)
}

fn read_target(path: &Path, vertex_count: usize) -> Result<Target, BuildError> {
    let malformed = |line: usize, found: &str| BuildError::Malformed {
        path: path.to_owned(),
        line: line + 1,
        found: found.to_owned(),
        expected: "a vertex index and three numbers",
    };
    let text = read_text(path)?;
    let mut target = Target::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let mut fields = line.split_whitespace();
        let index: Option<u32> = fields.next().and_then(|field| field.parse().ok());
        let delta = three(&mut fields);
        match (index, delta) {
            (Some(index), Some(delta)) if (index as usize) < vertex_count => target.push((index, delta)),
            _ => return Err(malformed(number, line)),
        }
    }
    Ok(target)
}

fn three<'a>(fields: &mut impl Iterator<Item = &'a str>) -> Option<Vec3> {
    let mut next = || fields.next()?.parse::<f32>().ok().filter(|value| value.is_finite());
    Some(Vec3::new(next()?, next()?, next()?))
}

fn read_obj(path: &Path) -> Result<(Vec<Vec3>, Vec<Group>), BuildError> {
    let text = read_text(path)?;
    let mut positions = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let malformed = |expected| BuildError::Malformed {
            path: path.to_owned(),
            line: number + 1,
            found: line.to_owned(),
            expected,
        };
        let mut fields = line.split_whitespace();
        match fields.next() {
            Some("v") => positions.push(three(&mut fields).ok_or_else(|| malformed("three coordinates"))?),
            Some("g") => groups.push(Group { name: fields.next().unwrap_or_default().to_owned(), quads: Vec::new() }),
            Some("f") => {
                let corner = |field: &str| field.split('/').next()?.parse::<u32>().ok()?.checked_sub(1);
                let corners: Option<Vec<u32>> = fields.map(corner).collect();
                let quad: [u32; 4] = corners
                    .and_then(|corners| corners.try_into().ok())
                    .ok_or_else(|| malformed("a quad of vertex indices"))?;
                groups.last_mut().ok_or_else(|| malformed("a group before the first face"))?.quads.push(quad);
            }
            _ => {}
        }
    }
    let count = positions.len() as u32;
    if let Some(group) = groups.iter().find(|group| group.quads.iter().flatten().any(|&index| index >= count)) {
        return Err(BuildError::Malformed {
            path: path.to_owned(),
            line: 0,
            found: format!("group {} with an index past the last vertex", group.name),
            expected: "indices of existing vertices",
        });
    }
    Ok((positions, groups))
}
