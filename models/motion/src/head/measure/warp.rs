//! Dynamic time warping. Source: H. Sakoe and S. Chiba, “Dynamic programming algorithm optimization for spoken word
//! recognition”, 1978.

use super::track::{BODY_POINTS, Compared, HAND_POINTS, PoseTrack};

/// Mean distances along the best common times.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Distances {
    /// Wrists and fingertips, thousandths of an arm's length.
    pub hands: f32,
    /// Elbows, shoulders, neck, head, thousandths of an arm's length.
    pub body: f32,
    /// Root of the mean square over the face's weights, thousandths.
    pub face: f32,
}

impl Distances {
    /// The mean of many; 0 of none.
    pub fn mean(all: &[Self]) -> Self {
        let count = all.len().max(1) as f32;
        let mean = |part: fn(&Self) -> f32| all.iter().map(part).sum::<f32>() / count;
        Self { hands: mean(|d| d.hands), body: mean(|d| d.body), face: mean(|d| d.face) }
    }

    /// All in one: hands count most, as they say most.
    pub fn whole(&self) -> f32 {
        self.hands + 0.3 * self.body + 0.1 * self.face
    }
}

impl Compared {
    /// How far two instants are apart.
    pub fn distances(&self, other: &Self) -> Distances {
        Distances { hands: hands(self, other), body: body(self, other), face: face(self, other) }
    }
}

fn hands(a: &Compared, b: &Compared) -> f32 {
    a.hands.iter().zip(&b.hands).map(|(a, b)| a.distance(*b)).sum::<f32>() / HAND_POINTS as f32 * 1e3
}

fn body(a: &Compared, b: &Compared) -> f32 {
    a.body.iter().zip(&b.body).map(|(a, b)| a.distance(*b)).sum::<f32>() / BODY_POINTS as f32 * 1e3
}

fn face(a: &Compared, b: &Compared) -> f32 {
    let square: f32 = a.face.iter().zip(&b.face).map(|(a, b)| (a - b) * (a - b)).sum();
    (square / a.face.len() as f32).sqrt() * 1e3
}

/// Each part along its own best times, normalised by the length of the way.
pub fn distances(a: &PoseTrack, b: &PoseTrack) -> Distances {
    let mean = |cost: fn(&Compared, &Compared) -> f32| {
        let way = way(a, b, cost);
        let sum: f32 = way.iter().map(|&(i, j)| cost(&a.frames[i], &b.frames[j])).sum();
        sum / way.len().max(1) as f32
    };
    Distances { hands: mean(hands), body: mean(body), face: mean(face) }
}

/// Which frames of `b` belong to a frame of `a`, by the hands: for each frame of `a` the first and the last of `b`.
pub fn matched(a: &PoseTrack, b: &PoseTrack) -> Vec<(usize, usize)> {
    let mut of = vec![(usize::MAX, 0); a.frames.len()];
    for (i, j) in way(a, b, hands) {
        of[i] = (of[i].0.min(j), of[i].1.max(j));
    }
    of
}

/// The cheapest way through both from beginning to end: pairs of frames.
fn way(a: &PoseTrack, b: &PoseTrack, cost: fn(&Compared, &Compared) -> f32) -> Vec<(usize, usize)> {
    let (rows, columns) = (a.frames.len(), b.frames.len());
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    let mut sums = vec![f32::INFINITY; rows * columns];
    for i in 0..rows {
        for j in 0..columns {
            let before = match (i, j) {
                (0, 0) => 0.0,
                _ => {
                    let get = |i: Option<usize>, j: Option<usize>| match (i, j) {
                        (Some(i), Some(j)) => sums[i * columns + j],
                        _ => f32::INFINITY,
                    };
                    let (up, left) = (i.checked_sub(1), j.checked_sub(1));
                    get(up, left).min(get(up, Some(j))).min(get(Some(i), left))
                }
            };
            sums[i * columns + j] = before + cost(&a.frames[i], &b.frames[j]);
        }
    }
    let (mut i, mut j) = (rows - 1, columns - 1);
    let mut way = vec![(i, j)];
    while (i, j) != (0, 0) {
        let steps = [(1, 1), (1, 0), (0, 1)];
        let next = steps
            .into_iter()
            .filter_map(|(di, dj)| Some((i.checked_sub(di)?, j.checked_sub(dj)?)))
            .min_by(|x, y| sums[x.0 * columns + x.1].total_cmp(&sums[y.0 * columns + y.1]));
        let Some(next) = next else { break };
        (i, j) = next;
        way.push(next);
    }
    way.reverse();
    way
}
