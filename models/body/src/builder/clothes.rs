//! A plain dark knit with long sleeves, trousers and shoes, from the source's body suit.

use std::collections::HashMap;

use glam::Vec3;
use signing::{Bone, Side};

use super::{
    BuildError,
    head::{bell, smooth},
    part::{Part, Vertex},
    sculpt::Sculpt,
    skeleton::Skeleton,
    source::Source,
};
use crate::digits;

const KNIT: Vec3 = Vec3::new(0.020, 0.027, 0.050);
const TROUSERS: Vec3 = Vec3::new(0.012, 0.013, 0.017);
const SHOES: Vec3 = Vec3::new(0.006, 0.006, 0.007);
/// Rounds of smoothing that turn a body suit into cloth that hangs over the body's dips.
const SMOOTHING: usize = 26;

/// Lines where cloth ends and skin begins, relaxed pose, metres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tailoring {
    neck: Vec3,
    /// For each side: elbow, unit direction to the wrist, and forearm's length.
    forearms: [(Vec3, Vec3, f32); 2],
    hips_y: f32,
    feet_y: f32,
    chest_y: f32,
}

impl Tailoring {
    pub(crate) fn measure(skeleton: &Skeleton) -> Self {
        let at = |bone: Bone| {
            let node = bone.index();
            skeleton.relaxed_from_rest[node].transform_point3(skeleton.nodes[node].head)
        };
        let forearms = [Side::Left, Side::Right].map(|side| {
            let (elbow, wrist) = (at(digits::arm_bone(side, "LowerArm")), at(digits::arm_bone(side, "Hand")));
            (elbow, (wrist - elbow).normalize_or_zero(), wrist.distance(elbow))
        });
        Self {
            neck: at(Bone::Neck),
            forearms,
            hips_y: at(Bone::Hips).y,
            feet_y: at(Bone::LeftFoot).y,
            chest_y: at(Bone::Chest).y,
        }
    }

    /// Metres above the neckline: a round collar, lower in front.
    pub(crate) fn above_collar(&self, point: Vec3) -> f32 {
        let ahead = point.z - self.neck.z;
        point.y - (self.neck.y + 0.016 - 0.52 * ahead - 0.12 * (ahead * 9.0).max(0.0).powi(2) * 0.1)
    }

    /// Metres beyond the cuffs, towards the hands; negative inside the sleeves.
    pub(crate) fn beyond_cuff(&self, point: Vec3) -> f32 {
        let (elbow, along, length) = self.forearms[usize::from(point.x < 0.0)];
        let ahead = (point - elbow).dot(along);
        // Only near the forearm: elsewhere the plane means nothing.
        let aside = ((point - elbow) - along * ahead).length();
        if aside > 0.12 { -1.0 } else { ahead - (length - 0.016) }
    }

    /// How far the skin lies under the collar's edge is pressed in, metres: cloth and skin bend
    /// alike but not equally.
    pub(crate) fn pressed(&self, point: Vec3) -> f32 {
        0.006 * smooth((-self.above_collar(point) - 0.004) / 0.016)
    }

    /// Narrows a sleeve towards its cuff, which the source leaves wide.
    fn tapered(&self, point: Vec3) -> Vec3 {
        let beyond = self.beyond_cuff(point);
        if beyond <= -0.14 || point.x.abs() < 0.15 {
            return point;
        }
        let (elbow, along, _) = self.forearms[usize::from(point.x < 0.0)];
        let axis = elbow + along * (point - elbow).dot(along);
        axis + (point - axis) * (1.0 - 0.20 * smooth((beyond + 0.14) / 0.12))
    }

    /// Whether clothes hide a point of the skin, with some to spare under their edges.
    pub(crate) fn hides(&self, point: Vec3) -> bool {
        // The collar's plane goes on over the shoulders, which are hidden wherever they are.
        let aside = (point.x).hypot(point.z - self.neck.z - 0.02);
        let above = self.above_collar(point);
        (above < -0.030 || above < -0.004 && aside > 0.082) && self.beyond_cuff(point) < -0.045
    }
}

/// Top, trousers and shoes.
pub(crate) fn clothes(source: &Source, sculpt: &Sculpt, tailoring: &Tailoring) -> Result<Part, BuildError> {
    let quads = source.group("helper-tights")?;
    let suit = hanging(sculpt, quads, tailoring);
    let hem = tailoring.hips_y - 0.035;
    let mut top = suit
        .clone()
        .cut(|vertex| hem - vertex.position.y)
        .cut(|vertex| tailoring.above_collar(vertex.position))
        .cut(|vertex| tailoring.beyond_cuff(vertex.position))
        // Elbows bend: the source's rings are too few for a round one.
        .refined(|middle| tailoring.forearms.iter().any(|(elbow, ..)| middle.distance(*elbow) < 0.095));
    for vertex in &mut top.vertices {
        let normal = vertex.normal.unwrap_or(Vec3::Y);
        let torso = 1.0 - smooth((vertex.position.x.abs() - 0.15) / 0.05);
        let collar = smooth(-tailoring.above_collar(vertex.position) / 0.05);
        vertex.position += normal * (0.0025 + (0.0035 + 0.004 * torso) * collar);
        vertex.position = tailoring.tapered(vertex.position);
        vertex.colour = KNIT * ribbing(tailoring, vertex.position);
    }
    let mut trousers = suit.cut(|vertex| vertex.position.y - (hem + 0.04)).clustered(0.042);
    renew_normals(&mut trousers.vertices, &trousers.triangles);
    for vertex in &mut trousers.vertices {
        let normal = vertex.normal.unwrap_or(Vec3::Y);
        vertex.position += normal * 0.002;
        vertex.colour = if vertex.position.y < tailoring.feet_y + 0.01 { SHOES } else { TROUSERS };
    }
    // At the collar the cloth turns in onto the neck; elsewhere it is only as thick as a hem.
    let mut part = top.hemmed(|at| if tailoring.above_collar(at) > -0.03 { 0.022 } else { 0.007 });
    part.append(trousers);
    Ok(part)
}

/// Cuffs are a shade darker.
fn ribbing(tailoring: &Tailoring, at: Vec3) -> f32 {
    if tailoring.beyond_cuff(at) > -0.03 { 0.72 } else { 1.0 }
}

/// The body suit, smoothed where cloth would span the body's dips.
fn hanging(sculpt: &Sculpt, quads: &[[u32; 4]], tailoring: &Tailoring) -> Part {
    let mut part = Part::of_faces(sculpt, quads, |_| 0.0, |_| KNIT);
    let mut neighbours: HashMap<u32, Vec<u32>> = HashMap::new();
    for [a, b, c] in &part.triangles {
        for (from, to) in [(*a, *b), (*b, *c), (*c, *a)] {
            let list = neighbours.entry(from).or_default();
            if !list.contains(&to) {
                list.push(to);
            }
        }
    }
    let fixed: Vec<bool> = {
        let mut fixed = vec![false; part.vertices.len()];
        for index in part.border().iter().flatten() {
            fixed[*index as usize] = true;
        }
        fixed
    };
    let start: Vec<Vec3> = part.vertices.iter().map(|vertex| vertex.position).collect();
    for _ in 0..SMOOTHING {
        let before: Vec<Vec3> = part.vertices.iter().map(|vertex| vertex.position).collect();
        for (index, vertex) in part.vertices.iter_mut().enumerate() {
            if fixed[index] {
                continue;
            }
            let Some(around) = neighbours.get(&(index as u32)) else { continue };
            let mean: Vec3 = around.iter().map(|other| before[*other as usize]).sum::<Vec3>() / around.len() as f32;
            let torso = 1.0 - smooth((start[index].x.abs() - 0.12) / 0.06);
            vertex.position = before[index].lerp(mean, 0.55 * (0.15 + 0.85 * torso));
        }
    }
    for (vertex, start) in part.vertices.iter_mut().zip(&start) {
        // Cloth never goes into the body, and hangs away from a waist.
        let normal = vertex.normal.unwrap_or(Vec3::Y);
        let inwards = (vertex.position - *start).dot(normal).min(0.0);
        vertex.position -= normal * inwards;
        let torso = 1.0 - smooth((start.x.abs() - 0.15) / 0.04);
        let waist = f32::midpoint(tailoring.hips_y, tailoring.chest_y) + 0.03;
        let sideways = 0.25 + 0.75 * normal.x.abs();
        vertex.position += normal * (0.016 * sideways * torso * bell(start.y - waist, 0.085));
    }
    renew_normals(&mut part.vertices, &part.triangles);
    part
}

fn renew_normals(vertices: &mut [Vertex], triangles: &[[u32; 3]]) {
    let positions: Vec<Vec3> = vertices.iter().map(|vertex| vertex.position).collect();
    let normals = super::sculpt::normals(&positions, triangles.iter().copied());
    for (vertex, normal) in vertices.iter_mut().zip(normals) {
        vertex.normal = Some(normal);
    }
}
