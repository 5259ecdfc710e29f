//! How near one motion is to another: what `shouyu eval pose` prints.
//!
//! Read in this order: `track` (what of a pose is compared), `warp` (along which times), `spread` (distributions).

mod spread;
mod track;
mod warp;

pub use spread::{Distribution, frechet, wasserstein};
pub use track::{Compared, PoseTrack};
pub use warp::{Distances, distances, matched};

/// What is compared of a set of motions and their references.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Comparison {
    /// Mean distances of motions to their references.
    pub distances: Distances,
    /// How far speeds of the wrists are from the references', m/s.
    pub speed: f32,
    /// How far jerks of the wrists are from the references', m/s³.
    pub jerk: f32,
    /// Fréchet distance of features of short windows.
    pub frechet: f64,
    /// Mean distance between motions of different sentences.
    pub diversity: Distances,
    /// The share of pairs in which motions are nearer to their own references than to each other's; `None` for fewer
    /// than two.
    pub follows: Option<f32>,
}

/// At most so many pairs are held against each other.
const MOST_PAIRS: usize = 200;

/// Compares motions with their references, one for one.
pub fn compare(motions: &[PoseTrack], references: &[PoseTrack]) -> Comparison {
    let count = motions.len().min(references.len());
    let (motions, references) = (&motions[..count], &references[..count]);
    let own: Vec<Distances> = motions.iter().zip(references).map(|(a, b)| distances(a, b)).collect();
    let (mut follow, mut swapped, mut apart) = (0_usize, 0_usize, Vec::new());
    // Neighbours, then further ones: every motion is in as many pairs as any other.
    'pairs: for step in 1..count {
        for first in 0..count - step {
            if swapped >= MOST_PAIRS {
                break 'pairs;
            }
            let second = first + step;
            let kept = own[first].whole() + own[second].whole();
            let crossed = distances(&motions[first], &references[second]).whole()
                + distances(&motions[second], &references[first]).whole();
            swapped += 1;
            follow += usize::from(kept < crossed);
            apart.push(distances(&motions[first], &motions[second]));
        }
    }
    let gather =
        |of: fn(&PoseTrack) -> Vec<f32>, tracks: &[PoseTrack]| Distribution::of(tracks.iter().flat_map(of).collect());
    let windows = |tracks: &[PoseTrack]| tracks.iter().flat_map(PoseTrack::windows).collect::<Vec<_>>();
    Comparison {
        distances: Distances::mean(&own),
        speed: wasserstein(&gather(PoseTrack::speeds, motions), &gather(PoseTrack::speeds, references)),
        jerk: wasserstein(&gather(PoseTrack::jerks, motions), &gather(PoseTrack::jerks, references)),
        frechet: frechet(&windows(motions), &windows(references)),
        diversity: Distances::mean(&apart),
        #[expect(clippy::cast_precision_loss, reason = "a few pairs")]
        follows: (swapped > 0).then(|| follow as f32 / swapped as f32),
    }
}

#[cfg(test)]
mod tests;
