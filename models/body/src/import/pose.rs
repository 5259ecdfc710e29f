//! `.pose` files of MediaPipe's points: places in a video become turns of a body.
//!
//! Source of the layout: see `export::pose`. Trunk, arms and head come from the body's points (in metres where the file has
//! them), hands and fingers from the hands' own. What a point does not say stays as in T-pose: the roll of a straight arm, the
//! spine's bend, the face.

use std::{collections::HashMap, path::Path};

use glam::{Mat3, Quat, Vec3};
use signing::{BodySite, Bone, Finger, Flicks, HandPart, Lateral, OutputTime, PoseFrame, Side};

use super::{Clip, ClipComplaint, ImportError};
use crate::Body;

/// Points less sure than this are not there.
const SURE: f32 = 0.2;
/// Longer recordings are not read.
const MOST_NUMBERS: usize = 1 << 29;

struct Reader<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn wrong(&self, found: String, expected: &str) -> ImportError {
        ImportError::Malformed { path: self.path.to_owned(), line: None, found, expected: expected.to_owned() }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ImportError> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let Some(end) = end else {
            let found = format!("the file's end at byte {}", self.bytes.len());
            return Err(self.wrong(found, "a .pose file of version 0.1 or 0.2"));
        };
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn short(&mut self) -> Result<usize, ImportError> {
        self.take(2).map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])))
    }

    fn long(&mut self) -> Result<usize, ImportError> {
        self.take(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize)
    }

    fn float(&mut self) -> Result<f32, ImportError> {
        self.take(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    }

    fn text(&mut self) -> Result<String, ImportError> {
        let length = self.short()?;
        Ok(String::from_utf8_lossy(self.take(length)?).into_owned())
    }
}

/// Where a component's points are among all.
struct Component {
    first: usize,
    points: HashMap<String, usize>,
}

struct File {
    size: [f32; 2],
    components: HashMap<String, Component>,
    secs: f64,
    frames: usize,
    people: usize,
    points: usize,
    dimensions: usize,
    numbers: Vec<f32>,
    sure: Vec<f32>,
}

fn parse(path: &Path, bytes: &[u8]) -> Result<File, ImportError> {
    let mut reader = Reader { path, bytes, at: 0 };
    let version = reader.float()?;
    let old = (version - 0.1).abs() < 1e-3;
    if !old && (version - 0.2).abs() > 1e-3 {
        return Err(reader.wrong(format!("version {version}"), "version 0.1 or 0.2"));
    }
    let size = [reader.short()? as f32, reader.short()? as f32];
    reader.short()?;
    let (mut components, mut points, mut dimensions) = (HashMap::new(), 0, 0);
    for _ in 0..reader.short()? {
        let (name, format) = (reader.text()?, reader.text()?);
        let (count, limbs, colours) = (reader.short()?, reader.short()?, reader.short()?);
        let mut names = HashMap::new();
        for index in 0..count {
            names.insert(reader.text()?, index);
        }
        reader.take(limbs * 4 + colours * 6)?;
        dimensions = dimensions.max(format.len().saturating_sub(1));
        components.insert(name, Component { first: points, points: names });
        points += count;
    }
    let (rate, frames) =
        if old { (reader.short()? as f32, reader.short()?) } else { (reader.float()?, reader.long()?) };
    let people = reader.short()?;
    let count = frames.checked_mul(people).and_then(|count| count.checked_mul(points));
    let count = count.filter(|count| *count <= MOST_NUMBERS / 4);
    let (Some(count), true) = (count, rate.is_finite() && rate > 0.5 && people > 0 && dimensions >= 2) else {
        let found = format!("{frames} frames of {people} people, {rate} a second, {dimensions} dimensions");
        return Err(reader.wrong(found, "a recording of somebody"));
    };
    if dimensions < 3 {
        return Err(reader.wrong("points without depth".to_owned(), "points with x, y and z, as of MediaPipe Holistic"));
    }
    let mut floats = |count: usize| -> Result<Vec<f32>, ImportError> {
        let bytes = reader.take(count * 4)?;
        Ok(bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect())
    };
    let (numbers, sure) = (floats(count * dimensions)?, floats(count)?);
    Ok(File { size, components, secs: 1.0 / f64::from(rate), frames, people, points, dimensions, numbers, sure })
}

impl File {
    /// A point of the first person, in the body's directions; in no particular unit.
    fn point(&self, frame: usize, component: &str, name: &str) -> Option<Vec3> {
        let known = self.components.get(component)?;
        let index = (frame * self.people) * self.points + known.first + known.points.get(name)?;
        if self.sure.get(index).is_none_or(|sure| *sure < SURE) {
            return None;
        }
        let at = self.numbers.get(index * self.dimensions..index * self.dimensions + 3)?;
        let [width, height] = self.size;
        Some(if component.contains("WORLD") {
            // Of these too the library multiplies x and y by the picture's size.
            Vec3::new(at[0] / width.max(1.0), -at[1] / height.max(1.0), -at[2])
        } else {
            Vec3::new(at[0], -at[1], -at[2] * width)
        })
    }
}

pub(super) fn read(path: &Path, bytes: &[u8], body: &Body) -> Result<Clip, ImportError> {
    let file = parse(path, bytes)?;
    let component = ["POSE_WORLD_LANDMARKS", "POSE_LANDMARKS"]
        .into_iter()
        .find(|name| file.components.get(*name).is_some_and(|component| component.points.contains_key("LEFT_WRIST")));
    let Some(component) = component else {
        let mut names: Vec<String> = file.components.keys().cloned().collect();
        names.sort();
        let bones = "points of MediaPipe's body (POSE_LANDMARKS, POSE_WORLD_LANDMARKS)".to_owned();
        return Err(ImportError::NoArms { path: path.to_owned(), bones, joints: names.join(", ") });
    };
    let mut clip = Clip { path: path.to_owned(), frames: Vec::new(), missing: Vec::new(), complaints: Vec::new() };
    for side in [Side::Left, Side::Right] {
        if !file.components.contains_key(&format!("{}_HAND_LANDMARKS", upper(side))) {
            let bones = Finger::ALL.into_iter().flat_map(|finger| body.finger_bones(side, finger));
            clip.missing.extend(bones);
        }
    }
    for frame in 0..file.frames {
        let figure = Figure { file: &file, frame, component, body };
        match figure.pose() {
            Ok(mut pose) => {
                pose.time = OutputTime(Flicks::from_secs(frame as f64 * file.secs));
                clip.frames.push(pose);
            }
            Err(what) => {
                clip.complaints.push(ClipComplaint { path: path.to_owned(), frame: Some(frame), what });
            }
        }
    }
    Ok(clip)
}

const fn upper(side: Side) -> &'static str {
    match side {
        Side::Left => "LEFT",
        Side::Right => "RIGHT",
    }
}

/// Axes of two directions: the first, and what of the second is square to it.
fn axes(first: Vec3, second: Vec3) -> Option<Mat3> {
    let first = first.try_normalize()?;
    let second = (second - first * second.dot(first)).try_normalize()?;
    Some(Mat3::from_cols(first, second, first.cross(second)))
}

/// What takes one pair of directions to another.
fn turn(from: (Vec3, Vec3), to: (Vec3, Vec3)) -> Option<Quat> {
    let turn = Quat::from_mat3(&(axes(to.0, to.1)? * axes(from.0, from.1)?.transpose()));
    turn.is_finite().then(|| turn.normalize())
}

/// One frame of somebody.
struct Figure<'a> {
    file: &'a File,
    frame: usize,
    component: &'a str,
    body: &'a Body,
}

impl Figure<'_> {
    fn at(&self, name: &str) -> Result<Vec3, String> {
        match self.file.point(self.frame, self.component, name) {
            Some(point) if point.is_finite() => Ok(point),
            Some(_) => Err(format!("{name} holds what is not a number; the frame is left out")),
            None => Err(format!("{name} is not seen; the frame is left out")),
        }
    }

    fn joint(&self, bone: Bone) -> Vec3 {
        self.body.joint(bone).map_or(Vec3::ZERO, |joint| joint.head_in_world)
    }

    fn pose(&self) -> Result<PoseFrame, String> {
        let mut worlds: [Option<Quat>; Bone::COUNT] = [None; Bone::COUNT];
        let shoulders = (self.at("LEFT_SHOULDER")?, self.at("RIGHT_SHOULDER")?);
        let middle = shoulders.0.midpoint(shoulders.1);
        // Hips are often below the picture: then the trunk stands upright.
        let hips = self.at("LEFT_HIP").and_then(|left| Ok(left.midpoint(self.at("RIGHT_HIP")?)));
        let up = hips.map_or(Vec3::Y, |hips| middle - hips);
        let flat = "the shoulders are one above the other; the frame is left out";
        let trunk = turn((Vec3::X, Vec3::Y), (shoulders.0 - shoulders.1, up)).ok_or(flat)?;
        worlds[Bone::Hips.index()] = Some(trunk);
        worlds[Bone::Head.index()] = self.head();
        for side in [Side::Left, Side::Right] {
            self.arm(side, &mut worlds)?;
        }
        let mut frame = PoseFrame::t_pose(OutputTime::ZERO);
        let mut known = [Quat::IDENTITY; Bone::COUNT];
        for bone in Bone::ALL {
            let parent = bone.parent().map_or(Quat::IDENTITY, |parent| known[parent.index()]);
            let there = self.body.joint(bone).is_some();
            known[bone.index()] = worlds[bone.index()].filter(|_| there).unwrap_or(parent);
            frame.rotations[bone.index()] = (parent.inverse() * known[bone.index()]).normalize();
        }
        Ok(frame)
    }

    fn head(&self) -> Option<Quat> {
        let site = |site, lateral| {
            let point = self.body.site(site, lateral)?;
            Some(self.joint(point.bone) + point.point_in_bone)
        };
        let (left, right) = (site(BodySite::Ear, Lateral::Left)?, site(BodySite::Ear, Lateral::Right)?);
        let nose = site(BodySite::NoseTip, Lateral::Centre)?;
        let seen = (self.at("LEFT_EAR").ok()?, self.at("RIGHT_EAR").ok()?, self.at("NOSE").ok()?);
        turn((left - right, nose - left.midpoint(right)), (seen.0 - seen.1, seen.2 - seen.0.midpoint(seen.1)))
    }

    fn arm(&self, side: Side, worlds: &mut [Option<Quat>; Bone::COUNT]) -> Result<(), String> {
        let name = |what: &str| format!("{}_{what}", upper(side));
        let bone = |what: &str| Bone::on(side, what).unwrap_or(Bone::Hips);
        let (shoulder, elbow, wrist) =
            (self.at(&name("SHOULDER"))?, self.at(&name("ELBOW"))?, self.at(&name("WRIST"))?);
        let out = Vec3::X * side.sign();
        // The elbow's hinge: a bent forearm comes forwards in T-pose.
        let hinge = out.cross(Vec3::Z);
        let bend = (elbow - shoulder).cross(wrist - elbow);
        let bent = bend.length() > 0.15 * (elbow - shoulder).length() * (wrist - elbow).length();
        let trunk = worlds[Bone::Hips.index()].unwrap_or(Quat::IDENTITY);
        for (what, along) in [("UpperArm", elbow - shoulder), ("LowerArm", wrist - elbow)] {
            let along = along.try_normalize().ok_or_else(|| format!("{} has no length", name(what)))?;
            let straight = Quat::from_rotation_arc((trunk * out).normalize(), along) * trunk;
            let turned = if bent { turn((out, hinge), (along, bend)) } else { None };
            worlds[bone(what).index()] = Some(turned.unwrap_or(straight));
        }
        self.hand(side, worlds);
        Ok(())
    }

    /// A hand that isn't seen goes on from its forearm.
    fn hand(&self, side: Side, worlds: &mut [Option<Quat>; Bone::COUNT]) {
        let component = format!("{}_HAND_LANDMARKS", upper(side));
        let at = |name: &str| self.file.point(self.frame, &component, name).filter(|point| point.is_finite());
        let bone = |what: &str| Bone::on(side, what).unwrap_or(Bone::Hips);
        let seen = (|| {
            let (wrist, index) = (at("WRIST")?, at("INDEX_FINGER_MCP")?);
            Some((at("MIDDLE_FINGER_MCP")? - wrist, index - at("PINKY_MCP")?))
        })();
        let wrist = self.joint(bone("Hand"));
        let rest = (
            self.joint(bone("MiddleProximal")) - wrist,
            self.joint(bone("IndexProximal")) - self.joint(bone("LittleProximal")),
        );
        let Some(hand) = seen.and_then(|seen| turn(rest, seen)) else { return };
        worlds[bone("Hand").index()] = Some(hand);
        for finger in Finger::ALL {
            let points: Option<Vec<Vec3>> = names_of(finger).into_iter().map(&at).collect();
            let Some(points) = points else { continue };
            let bones = self.body.finger_bones(side, finger);
            let tip = self.body.hand_part(side, HandPart::Tip(finger));
            let tip = tip.map(|tip| self.joint(tip.bone) + tip.point_in_bone);
            let mut parent = hand;
            for (segment, bone) in bones.into_iter().enumerate() {
                let from = self.joint(bone);
                let to = bones.get(segment + 1).map(|next| self.joint(*next)).or(tip);
                let rest = to.and_then(|to| (to - from).try_normalize());
                let seen = (points[segment + 1] - points[segment]).try_normalize();
                if let (Some(rest), Some(seen)) = (rest, seen) {
                    parent = (Quat::from_rotation_arc((parent * rest).normalize(), seen) * parent).normalize();
                }
                worlds[bone.index()] = Some(parent);
            }
        }
    }
}

/// MediaPipe's names of a finger's points, from the hand to the tip.
const fn names_of(finger: Finger) -> [&'static str; 4] {
    match finger {
        Finger::Thumb => ["THUMB_CMC", "THUMB_MCP", "THUMB_IP", "THUMB_TIP"],
        Finger::Index => ["INDEX_FINGER_MCP", "INDEX_FINGER_PIP", "INDEX_FINGER_DIP", "INDEX_FINGER_TIP"],
        Finger::Middle => ["MIDDLE_FINGER_MCP", "MIDDLE_FINGER_PIP", "MIDDLE_FINGER_DIP", "MIDDLE_FINGER_TIP"],
        Finger::Ring => ["RING_FINGER_MCP", "RING_FINGER_PIP", "RING_FINGER_DIP", "RING_FINGER_TIP"],
        Finger::Little => ["PINKY_MCP", "PINKY_PIP", "PINKY_DIP", "PINKY_TIP"],
    }
}
