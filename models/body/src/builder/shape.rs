//! Who the default signer is: a woman presenter of about thirty, 1.68 m tall.

use glam::Vec3;

use super::{BuildError, source::Source};

/// Stature of the built avatar, metres.
pub(crate) const STATURE_M: f32 = 1.68;

/// MakeHuman targets and their weights.
///
/// Hands are a little over the average for the stature, so that handshapes read at inset size.
const RECIPE: [(&str, f32); 39] = [
    ("macrodetails/asian-female-young", 0.9),
    ("macrodetails/asian-female-old", 0.1),
    ("macrodetails/universal-female-young-averagemuscle-averageweight", 0.9),
    ("macrodetails/universal-female-old-averagemuscle-averageweight", 0.1),
    ("macrodetails/height/female-young-averagemuscle-averageweight-maxheight", 0.27),
    ("macrodetails/proportions/female-young-averagemuscle-averageweight-idealproportions", 0.25),
    ("hands/l-hand-scale-incr", 0.22),
    ("hands/r-hand-scale-incr", 0.22),
    ("hands/l-hand-fingers-length-incr", 0.05),
    ("hands/r-hand-fingers-length-incr", 0.05),
    ("hands/l-hand-fingers-diameter-incr", 0.22),
    ("hands/r-hand-fingers-diameter-incr", 0.22),
    ("arms/measure-upperarm-length-incr", 0.35),
    ("arms/measure-lowerarm-length-incr", 0.25),
    ("head/head-oval", 0.75),
    ("head/head-scale-horiz-decr", 0.12),
    ("head/head-fat-decr", 0.15),
    ("eyes/l-eye-scale-incr", 0.25),
    ("eyes/r-eye-scale-incr", 0.25),
    ("eyes/l-eye-height2-incr", 0.35),
    ("eyes/r-eye-height2-incr", 0.35),
    ("chin/chin-width-decr", 0.5),
    ("mouth/mouth-upperlip-volume-decr", 0.35),
    ("mouth/mouth-upperlip-height-decr", 0.35),
    ("mouth/mouth-lowerlip-volume-decr", 0.15),
    ("mouth/mouth-lowerlip-height-decr", 0.25),
    ("mouth/mouth-scale-horiz-incr", 0.10),
    ("nose/nose-width1-decr", 0.15),
    ("nose/nose-width2-decr", 0.3),
    ("nose/nose-width3-decr", 0.55),
    ("ears/l-ear-wing-decr", 0.5),
    ("ears/r-ear-wing-decr", 0.5),
    ("torso/measure-shoulder-dist-incr", 0.1),
    ("neck/neck-scale-horiz-decr", 0.15),
    ("hip/hip-scale-horiz-decr", 0.45),
    ("torso/measure-hips-circ-decr", 0.35),
    ("torso/measure-bust-circ-decr", 0.3),
    ("mouth/mouth-angles-up", 0.7),
    ("eyebrows/eyebrows-trans-up", 0.1),
];

/// The shaped body before posing: metres, feet at y = 0.
pub(crate) struct Shape {
    /// One position for each vertex of the base mesh.
    pub(crate) positions: Vec<Vec3>,
    /// Metres a decimetre of the source becomes: scales face targets too.
    pub(crate) scale: f32,
}

/// Someone whose proportions differ from the default signer's.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Stature, metres.
    pub stature_m: f32,
    /// MakeHuman targets and their weights, on top of the default signer's.
    pub targets: Vec<(String, f32)>,
}

impl Default for Figure {
    fn default() -> Self {
        Self { stature_m: STATURE_M, targets: Vec::new() }
    }
}

/// Applies the recipe and the figure's own targets, and scales to its stature.
pub(crate) fn shape(source: &Source, figure: &Figure) -> Result<Shape, BuildError> {
    let mut positions = source.positions.clone();
    let own = figure.targets.iter().map(|(name, weight)| (name.as_str(), *weight));
    for (name, weight) in RECIPE.into_iter().chain(own) {
        for (index, delta) in source.shape_target(name)? {
            positions[index as usize] += delta * weight;
        }
    }
    let body = source.group("body")?;
    let heights = || body.iter().flatten().map(|&index| positions[index as usize].y);
    let (low, high) = heights().fold((f32::MAX, f32::MIN), |(low, high), y| (low.min(y), high.max(y)));
    let scale = figure.stature_m / (high - low);
    for position in &mut positions {
        *position = (*position - Vec3::Y * low) * scale;
    }
    Ok(Shape { positions, scale })
}
