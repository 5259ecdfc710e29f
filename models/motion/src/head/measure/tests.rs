use glam::Vec3;

use super::*;

/// A hand that goes along a line of its own, at a speed of its own.
fn going(direction: Vec3, frames: usize) -> PoseTrack {
    let frame = |at: usize| {
        let point = direction * (at as f32 / (frames - 1) as f32);
        Compared { hands: [point; 12], body: [point * 0.1; 6], face: [0.0; 52] }
    };
    PoseTrack { frames: (0..frames).map(frame).collect() }
}

#[test]
fn the_same_way_at_another_speed_is_near_another_way_is_far() {
    let (slow, fast, other) = (going(Vec3::X, 60), going(Vec3::X, 30), going(Vec3::Y, 60));
    let (near, far) = (distances(&slow, &fast), distances(&slow, &other));
    assert!(near.hands < 12.0 && far.hands > 300.0, "{near:?} {far:?}");
    assert_eq!(distances(&slow, &slow), Distances::default());
}

#[test]
fn frames_are_matched_in_order() {
    let found = matched(&going(Vec3::X, 60), &going(Vec3::X, 30));
    assert_eq!((found[0].0, found[59].1), (0, 29));
    assert!(found.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    assert!((found[30].0 as i32 - 15).abs() <= 1, "{:?}", found[30]);
}

#[test]
fn who_swaps_motions_is_noticed() {
    let ways = [Vec3::X, Vec3::Y, Vec3::Z];
    let references: Vec<PoseTrack> = ways.iter().map(|way| going(*way, 40)).collect();
    let motions: Vec<PoseTrack> = ways.iter().map(|way| going(*way, 33)).collect();
    let kept = compare(&motions, &references);
    assert_eq!(kept.follows, Some(1.0));
    assert!(kept.diversity.hands > 10.0 * kept.distances.hands);
    let turned: Vec<PoseTrack> = [1, 2, 0].iter().map(|&index| motions[index].clone()).collect();
    let turned = compare(&turned, &references);
    assert_eq!(turned.follows, Some(0.0));
    assert!(turned.distances.hands > 5.0 * kept.distances.hands);
    assert_eq!(compare(&motions[..1], &references[..1]).follows, None);
}

#[test]
fn faster_motions_have_another_distribution_of_speed() {
    let (usual, hasty) = (vec![going(Vec3::X, 60)], vec![going(Vec3::X, 20)]);
    assert!(compare(&usual, &usual).speed < 1e-6);
    assert!(compare(&hasty, &usual).speed > 0.5);
}
