//! Which triangles may be seen in a frame.
//!
//! A software rasteriser shades the vertices of triangles that face away or lie outside of the picture
//! before it drops them; here their corners' places are known already.

use std::ops::Range;

use glam::Vec2;

use crate::model::Model;

/// A picture's edges are at ±1; what is only just outside may still have a fin inside.
const EDGE: f32 = 1.02;

/// Finds the triangles that may be seen; holds what is reused between frames.
#[derive(Debug, Default)]
pub(crate) struct Visible {
    /// For each triangle of the model, whether its front is seen, as if nothing were before it.
    pub facing: Vec<bool>,
    /// For each triangle of the model, whether some of it may lie in the picture.
    pub inside: Vec<bool>,
}

impl Visible {
    /// Fills `indices` with the corners of the triangles that may be seen, batch by batch.
    ///
    /// `places` are where vertices are, in normalised device coordinates; NaN is behind the camera.
    pub(crate) fn find(&mut self, model: &Model, places: &[Vec2], indices: &mut Vec<u32>) -> Vec<Range<u32>> {
        let triangles = model.indices.as_chunks::<3>().0;
        self.facing.resize(triangles.len(), false);
        self.inside.resize(triangles.len(), false);
        indices.clear();
        indices.reserve(model.indices.len());
        let end = |indices: &[u32]| u32::try_from(indices.len()).unwrap_or(u32::MAX);
        let mut batches = Vec::with_capacity(model.batches.len());
        for batch in &model.batches {
            let start = end(indices);
            let range = batch.indices.start as usize / 3..batch.indices.end as usize / 3;
            for triangle in range {
                let [a, b, c] = triangles[triangle].map(|corner| places[corner as usize]);
                // Comparisons with NaN are false: what reaches behind the camera is drawn.
                let outside =
                    a.min(b).min(c).cmpgt(Vec2::splat(EDGE)).any() || a.max(b).max(c).cmplt(Vec2::splat(-EDGE)).any();
                let away = (b - a).perp_dot(c - a) <= 0.0;
                self.facing[triangle] = !away;
                self.inside[triangle] = !outside;
                if !outside && (batch.double_sided || !away) {
                    indices.extend(triangles[triangle]);
                }
            }
            batches.push(start..end(indices));
        }
        batches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Batch;

    fn check(places: [[f32; 2]; 3], double_sided: bool, seen: bool) {
        let mut model = Model::empty();
        model.indices = vec![0, 1, 2];
        model.batches = vec![Batch { indices: 0..3, double_sided, texture: None }];
        let mut indices = Vec::new();
        let batches = Visible::default().find(&model, &places.map(Vec2::from), &mut indices);
        assert_eq!(batches.len(), 1);
        assert_eq!(batches[0], 0..if seen { 3 } else { 0 }, "{places:?}");
    }

    #[test]
    fn fronts_inside_of_the_picture_are_seen() {
        check([[0.0, 0.0], [0.5, 0.0], [0.0, 0.5]], false, true);
        check([[0.0, 0.0], [0.0, 0.5], [0.5, 0.0]], false, false);
        check([[0.0, 0.0], [0.0, 0.5], [0.5, 0.0]], true, true);
    }

    #[test]
    fn what_lies_beside_the_picture_is_not_seen() {
        check([[1.1, 0.0], [1.5, 0.0], [1.1, 0.5]], true, false);
        check([[0.0, -3.0], [0.5, -2.0], [0.0, -1.5]], true, false);
        check([[-3.0, -3.0], [3.0, -3.0], [0.0, 5.0]], false, true);
    }

    #[test]
    fn what_reaches_behind_the_camera_is_drawn() {
        check([[f32::NAN, f32::NAN], [0.5, 0.0], [0.0, 0.5]], false, true);
    }
}
