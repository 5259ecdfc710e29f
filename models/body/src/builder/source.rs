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
    /// Texture coordinates of each quad's corners: indices into [`Source::texture`].
    uvs: Vec<[u32; 4]>,
}

/// A painted region of the skin, by texture coordinates.
pub(crate) struct Mask {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Mask {
    /// 0 to 1 at a texture coordinate (origin at the bottom left, as OBJ has it).
    fn at(&self, [u, v]: [f32; 2]) -> f32 {
        let x = ((u.clamp(0.0, 1.0) * self.width as f32) as usize).min(self.width - 1);
        let y = (((1.0 - v.clamp(0.0, 1.0)) * self.height as f32) as usize).min(self.height - 1);
        f32::from(self.pixels[y * self.width + x]) / 255.0
    }
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
    texture: Vec<[f32; 2]>,
    rig: BTreeMap<String, RigBone>,
    /// Rig bone → its vertices and weights.
    pub(crate) weights: BTreeMap<String, Vec<(u32, f32)>>,
}

impl Source {
    /// Reads the folder that holds `mpfb2` and `faceunits01`.
    pub(crate) fn read(root: &Path) -> Result<Self, BuildError> {
        let (positions, texture, groups) = read_obj(&root.join("mpfb2/3dobjs/base.obj"))?;
        let rig = read_json(&root.join("mpfb2/rigs/standard/rig.default.json"))?;
        let weights: WeightsFile = read_json(&root.join("mpfb2/rigs/standard/weights.default.json"))?;
        Ok(Self { root: root.to_owned(), positions, groups, texture, rig, weights: weights.weights })
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

    /// How much of a painted region (`lips`, `fingernails`, …) each vertex and each quad of the
    /// skin is in, 0 to 1. Quads are sampled at their middle.
    pub(crate) fn region(&self, name: &str) -> Result<(Vec<f32>, Vec<f32>), BuildError> {
        let mask = self.mask(&self.root.join(format!("mpfb2/textures/mpfb_{name}.jpg")))?;
        let body = self.groups.iter().find(|group| group.name == "body");
        let mut vertices = vec![0.0_f32; self.positions.len()];
        let mut quads = Vec::new();
        for (quad, uvs) in body.iter().flat_map(|body| body.quads.iter().zip(&body.uvs)) {
            let corners = uvs.map(|uv| self.texture[uv as usize]);
            for (index, corner) in quad.iter().zip(corners) {
                let value = &mut vertices[*index as usize];
                *value = value.max(mask.at(corner));
            }
            let middle = [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).sum::<f32>() / 4.0);
            quads.push(mask.at(middle));
        }
        Ok((vertices, quads))
    }

    fn mask(&self, path: &Path) -> Result<Mask, BuildError> {
        let bytes = read_file(path)?;
        let malformed =
            |found: String| BuildError::Malformed { path: path.to_owned(), line: 0, found, expected: "a grey JPEG" };
        let mut decoder = jpeg_decoder::Decoder::new(bytes.as_slice());
        let pixels = decoder.decode().map_err(|error| malformed(error.to_string()))?;
        let info = decoder.info().ok_or_else(|| malformed("no header".to_owned()))?;
        let (width, height) = (usize::from(info.width), usize::from(info.height));
        if width == 0 || pixels.len() != width * height {
            return Err(malformed(format!("{width}×{height} with {} values", pixels.len())));
        }
        Ok(Mask { width, height, pixels })
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

type Obj = (Vec<Vec3>, Vec<[f32; 2]>, Vec<Group>);

fn read_obj(path: &Path) -> Result<Obj, BuildError> {
    let text = read_text(path)?;
    let mut positions = Vec::new();
    let mut texture = Vec::new();
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
            Some("vt") => {
                let mut next = || fields.next()?.parse::<f32>().ok();
                let uv = next().zip(next()).ok_or_else(|| malformed("two texture coordinates"))?;
                texture.push([uv.0, uv.1]);
            }
            Some("g") => {
                let name = fields.next().unwrap_or_default().to_owned();
                groups.push(Group { name, quads: Vec::new(), uvs: Vec::new() });
            }
            Some("f") => {
                let corner = |field: &str| {
                    let mut parts = field.split('/').map(|part| part.parse::<u32>().ok()?.checked_sub(1));
                    parts.next().flatten().zip(parts.next().flatten())
                };
                let corners: Option<Vec<(u32, u32)>> = fields.map(corner).collect();
                let quad: [(u32, u32); 4] = corners
                    .and_then(|corners| corners.try_into().ok())
                    .ok_or_else(|| malformed("a quad of vertex/texture indices"))?;
                let group = groups.last_mut().ok_or_else(|| malformed("a group before the first face"))?;
                group.quads.push(quad.map(|corner| corner.0));
                group.uvs.push(quad.map(|corner| corner.1));
            }
            _ => {}
        }
    }
    let count = positions.len() as u32;
    let uv_count = texture.len() as u32;
    let beyond = |group: &&Group| {
        group.quads.iter().flatten().any(|&index| index >= count)
            || group.uvs.iter().flatten().any(|&index| index >= uv_count)
    };
    if let Some(group) = groups.iter().find(beyond) {
        return Err(BuildError::Malformed {
            path: path.to_owned(),
            line: 0,
            found: format!("group {} with an index past the last vertex", group.name),
            expected: "indices of existing vertices",
        });
    }
    Ok((positions, texture, groups))
}
