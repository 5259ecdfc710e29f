//! Animations of glTF 2.0: `.glb`, or `.gltf` with its buffers in files beside it.

use std::path::Path;

use ::gltf::{
    Document, Gltf,
    animation::{Interpolation, util::ReadOutputs},
    buffer::Source,
};
use glam::{Quat, Vec3};

use super::{
    ClipComplaint, ImportError,
    rig::{SourceJoint, SourceRig, SourceTurn},
};
use crate::names;

/// Keys are sampled so many times a second.
const RATE: f64 = 30.0;
/// Longer animations are cut, seconds.
const LONGEST_SECS: f64 = 3600.0;

pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<SourceRig, ImportError> {
    let wrong = |found: String, expected: &str| ImportError::Malformed {
        path: path.to_owned(),
        line: None,
        found,
        expected: expected.to_owned(),
    };
    let gltf = Gltf::from_slice(bytes).map_err(|error| wrong(error.to_string(), "a glTF 2.0 file"))?;
    let buffers = buffers(path, &gltf)?;
    let animation = gltf
        .animations()
        .max_by_key(|animation| animation.channels().count())
        .ok_or_else(|| wrong("no animation".to_owned(), "an animation of a skeleton"))?;
    let order = order(&gltf.document);
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, (node, _))| place[*node] = at);
    let nodes: Vec<_> = gltf.nodes().collect();
    let mut rig = SourceRig { said: said(path, bytes, &place), ..SourceRig::default() };
    for (node, parent) in &order {
        let (offset, rest, _) = nodes[*node].transform().decomposed();
        rig.joints.push(SourceJoint {
            name: nodes[*node].name().unwrap_or("unnamed").to_owned(),
            parent: parent.map(|parent| place[parent]),
            offset: Vec3::from(offset),
            rest: Quat::from_array(rest),
        });
    }
    let mut tracks = Vec::new();
    let mut end: f64 = 0.0;
    for channel in animation.channels() {
        let joint = place[channel.target().node().index()];
        let reader = channel.reader(|buffer| buffers.get(buffer.index()).map(Vec::as_slice));
        let (Some(times), Some(values)) = (reader.read_inputs(), reader.read_outputs()) else {
            let what = format!("a channel of “{}” can't be read; it is left out", rig.joints[joint].name);
            rig.complaints.push(ClipComplaint { path: path.to_owned(), frame: None, what });
            continue;
        };
        let times: Vec<f64> = times.map(f64::from).collect();
        let interpolation = channel.sampler().interpolation();
        let keys = match values {
            ReadOutputs::Rotations(turns) => Keys::Turns(knots(turns.into_f32().map(Quat::from_array), interpolation)),
            ReadOutputs::Translations(places) => Keys::Places(knots(places.map(Vec3::from), interpolation)),
            ReadOutputs::Scales(_) | ReadOutputs::MorphTargetWeights(_) => continue,
        };
        let fits = times.len() == keys.len() && !times.is_empty() && times.windows(2).all(|pair| pair[0] < pair[1]);
        if !fits {
            let what = format!("a channel of “{}” has times that don't rise or don't fit", rig.joints[joint].name);
            rig.complaints.push(ClipComplaint { path: path.to_owned(), frame: None, what });
            continue;
        }
        end = end.max(times.last().copied().unwrap_or(0.0));
        tracks.push(Track { joint, times, keys, step: interpolation == Interpolation::Step });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most an hour")]
    let count = (end.min(LONGEST_SECS) * RATE).floor() as usize + 1;
    for frame in 0..count {
        let secs = frame as f64 / RATE;
        let mut turns: Vec<SourceTurn> =
            rig.joints.iter().map(|joint| SourceTurn { turn: joint.rest, at: None }).collect();
        tracks.iter().for_each(|track| track.apply(secs, &mut turns[track.joint]));
        rig.frames.push((secs, turns));
    }
    Ok(rig)
}

/// All buffers: within the file, or beside it.
fn buffers(path: &Path, gltf: &Gltf) -> Result<Vec<Vec<u8>>, ImportError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    gltf.buffers()
        .map(|buffer| match buffer.source() {
            Source::Bin => Ok(gltf.blob.clone().unwrap_or_default()),
            Source::Uri(uri) if !uri.starts_with("data:") && !uri.contains("..") && !uri.starts_with('/') => {
                let beside = folder.join(uri);
                std::fs::read(&beside).map_err(|source| ImportError::Read { path: beside, source })
            }
            Source::Uri(uri) => Err(ImportError::Malformed {
                path: path.to_owned(),
                line: None,
                found: format!("a buffer at “{}”", uri.chars().take(24).collect::<String>()),
                expected: "buffers within a .glb, or in files beside the .gltf: export it as .glb".to_owned(),
            }),
        })
        .collect()
}

/// Nodes with their parents, parents first.
fn order(document: &Document) -> Vec<(usize, Option<usize>)> {
    let mut has_parent = vec![false; document.nodes().count()];
    document.nodes().flat_map(|node| node.children()).for_each(|child| has_parent[child.index()] = true);
    let mut order = Vec::with_capacity(has_parent.len());
    let mut waiting: Vec<_> =
        document.nodes().filter(|node| !has_parent[node.index()]).map(|node| (node, None)).collect();
    waiting.reverse();
    while let Some((node, parent)) = waiting.pop() {
        order.push((node.index(), parent));
        let index = node.index();
        waiting.extend(node.children().map(|child| (child, Some(index))));
    }
    order
}

/// Which node is which bone, where the file is a VRM.
fn said(_: &Path, bytes: &[u8], place: &[usize]) -> Option<Vec<Option<signing::Bone>>> {
    let json = match ::gltf::Glb::from_slice(bytes) {
        Ok(glb) => glb.json.into_owned(),
        Err(_) => bytes.to_vec(),
    };
    let map = names::from_extension(&serde_json::from_slice(&json).ok()?)?;
    let mut said = vec![None; place.len()];
    for bone in signing::Bone::ALL {
        if let Some(at) = map[bone.index()].and_then(|node| place.get(node)) {
            said[*at] = Some(bone);
        }
    }
    Some(said)
}

/// The values at the keys; a cubic spline has two tangents beside each.
fn knots<T>(values: impl Iterator<Item = T>, interpolation: Interpolation) -> Vec<T> {
    match interpolation {
        Interpolation::CubicSpline => values.skip(1).step_by(3).collect(),
        Interpolation::Linear | Interpolation::Step => values.collect(),
    }
}

enum Keys {
    Turns(Vec<Quat>),
    Places(Vec<Vec3>),
}

impl Keys {
    const fn len(&self) -> usize {
        match self {
            Self::Turns(turns) => turns.len(),
            Self::Places(places) => places.len(),
        }
    }
}

struct Track {
    joint: usize,
    times: Vec<f64>,
    keys: Keys,
    step: bool,
}

impl Track {
    fn apply(&self, secs: f64, to: &mut SourceTurn) {
        let next = self.times.partition_point(|time| *time <= secs);
        let before = next.saturating_sub(1);
        let next = next.min(self.times.len() - 1);
        let (from, until) = (self.times[before], self.times[next]);
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        let share =
            if until > from && !self.step { ((secs - from) / (until - from)).clamp(0.0, 1.0) as f32 } else { 0.0 };
        match &self.keys {
            Keys::Turns(turns) => to.turn = turns[before].slerp(turns[next], share).normalize(),
            Keys::Places(places) => to.at = Some(places[before].lerp(places[next], share)),
        }
    }
}
