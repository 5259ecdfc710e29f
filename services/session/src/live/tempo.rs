//! Plays a mover's poses faster or slower than they come: short signs slower, so that none is over before it can be
//! read, and all of them faster where the signer would fall behind.

use std::collections::VecDeque;

use motion::TokenTime;
use signing::PoseFrame;

use super::{Move, StageError};

/// Most that the speed changes from one frame to the next.
const EASE: f64 = 0.15;
/// Positions this close to a frame are that frame.
const CLOSE: f64 = 1e-6;
/// Faster than this no joint is seen to turn, radians a second: where a way between two signs would be, it takes longer.
const FASTEST_TURN: f64 = 25.0;
/// Of a frame's step, what is left of it at least.
const SLOWEST: f64 = 0.1;
/// How often a step is made smaller: a turn is not even between two of the mover's poses.
const TRIALS: usize = 4;
/// The mover's poses that are kept: a step is at most two frames, and may be taken back.
const KEPT: usize = 4;

/// Where a mover's poses are read. At speed 1 they come out as they are, else between two of them.
#[derive(Debug, Default)]
pub(super) struct Tempo {
    /// In frames of the mover: of the next pose, and of the last one.
    position: f64,
    before: Option<(f64, PoseFrame)>,
    speed: Option<f64>,
    /// The mover's last poses; the last one is number `made − 1`.
    poses: VecDeque<PoseFrame>,
    made: u64,
    waiting: usize,
    idle: bool,
}

/// What a tick gives.
pub(super) struct Played {
    pub(super) pose: PoseFrame,
    /// Tokens whose time has become known, on the mover's clock.
    pub(super) times: Vec<TokenTime>,
    pub(super) waiting: usize,
    pub(super) idle: bool,
    /// The mover's time of the pose, seconds.
    pub(super) secs: f64,
}

impl Tempo {
    /// The next pose. `speed_at` says how fast the mover's time passes at a moment of it.
    pub(super) fn step(
        &mut self,
        mover: &mut dyn Move,
        rate: f64,
        speed_at: impl Fn(f64) -> f64,
    ) -> Result<Played, StageError> {
        let mut times = Vec::new();
        if self.idle && self.between() > 0.0 {
            // At rest nobody sees where a frame begins.
            self.position = self.position.ceil();
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of frames")]
        let last = (self.position - CLOSE).ceil().max(0.0) as u64;
        while self.made <= last {
            let moved = mover.step()?;
            times.extend(moved.times);
            (self.waiting, self.idle) = (moved.waiting, moved.idle);
            self.poses.push_back(moved.pose);
            self.made += 1;
            if self.poses.len() > KEPT {
                self.poses.pop_front();
            }
        }
        let mut pose = self.pose(self.position)?;
        if let Some((before, last)) = &self.before {
            let least = before + (self.position - before) * SLOWEST;
            for _ in 0..TRIALS {
                let turns = last.rotations.iter().zip(&pose.rotations).map(|(a, b)| f64::from(a.angle_between(*b)));
                let share = FASTEST_TURN / rate / turns.fold(0.0, f64::max);
                if share >= 1.0 {
                    break;
                }
                self.position = (before + (self.position - before) * share).max(least);
                pose = self.pose(self.position)?;
            }
        }
        self.before = Some((self.position, pose.clone()));
        let secs = self.position / rate;
        let wanted = speed_at(secs).clamp(0.1, 2.0);
        let speed = self.speed.map_or(wanted, |speed| speed + (wanted - speed).clamp(-EASE, EASE));
        self.speed = Some(speed);
        self.position += speed;
        if self.between() == 0.0 {
            self.position = self.position.round();
        }
        Ok(Played { pose, times, waiting: self.waiting, idle: self.idle, secs })
    }

    /// The pose at a position that was made a moment ago.
    fn pose(&self, position: f64) -> Result<PoseFrame, StageError> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of frames")]
        let frame = (position + CLOSE).floor().max(0.0) as u64;
        let first = self.made - self.poses.len() as u64;
        let at = |frame: u64| self.poses.get(usize::try_from(frame.checked_sub(first)?).ok()?);
        let share = (position - frame as f64).max(0.0);
        match (at(frame), at(frame + 1)) {
            (Some(before), Some(after)) if share > CLOSE => Ok(between(before, after, share)),
            (Some(pose), _) => Ok(pose.clone()),
            _ => Err(StageError::Lost { stage: "motion", reason: "it gave no pose".to_owned() }),
        }
    }

    /// How far the position is from the frame before it, 0 to 1.
    fn between(&self) -> f64 {
        let share = self.position.fract();
        if (CLOSE..=1.0 - CLOSE).contains(&share) { share } else { 0.0 }
    }
}

/// A pose on the way from one to another.
pub(super) fn between(from: &PoseFrame, to: &PoseFrame, share: f64) -> PoseFrame {
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let share = share as f32;
    let mut pose = to.clone();
    pose.hips = from.hips.lerp(to.hips, share);
    for (to, from) in pose.rotations.iter_mut().zip(&from.rotations) {
        *to = from.slerp(*to, share).normalize();
    }
    for (to, from) in pose.face.iter_mut().zip(&from.face) {
        *to = (from + (*to - from) * share).clamp(0.0, 1.0);
    }
    pose
}

#[cfg(test)]
mod tests {
    use signing::{FrameRate, OutputTime, SignSentence};

    use super::*;
    use crate::live::Moved;

    /// Makes frame after frame: how many, and what each looks like.
    struct Made(u64, fn(&mut PoseFrame, u64));

    /// The hips stand at the number of the frame.
    fn counting(pose: &mut PoseFrame, frame: u64) {
        pose.hips.x = frame as f32;
    }

    /// An elbow turns by a right angle from one frame to the next, every tenth.
    fn jerky(pose: &mut PoseFrame, frame: u64) {
        let half = (frame / 10) as f32 * 0.8;
        (pose.rotations[23].y, pose.rotations[23].w) = half.sin_cos();
    }

    impl Move for Made {
        fn push(&mut self, _: &SignSentence) -> Result<(), StageError> {
            Ok(())
        }
        fn step(&mut self) -> Result<Moved, StageError> {
            let mut pose = PoseFrame::t_pose(OutputTime::ZERO);
            pose.time = FrameRate::PAL.time_of(self.0);
            self.1(&mut pose, self.0);
            self.0 += 1;
            Ok(Moved { pose, times: Vec::new(), waiting: 0, idle: false })
        }
        fn interrupt(&mut self) -> Result<(), StageError> {
            Ok(())
        }
        fn revive(&mut self) -> Result<(), StageError> {
            Ok(())
        }
    }

    #[test]
    fn at_speed_one_poses_come_out_as_they_are() {
        let (mut tempo, mut mover) = (Tempo::default(), Made(0, counting));
        for frame in 0..100_u64 {
            let played = tempo.step(&mut mover, 25.0, |_| 1.0).unwrap();
            assert_eq!(played.pose.hips.x, frame as f32);
            assert_eq!(mover.0, frame + 1, "no frame is made ahead");
        }
    }

    #[test]
    fn no_joint_is_hurried_beyond_what_it_can_do() {
        for speed in [0.7, 1.0, 1.4] {
            let (mut tempo, mut mover) = (Tempo::default(), Made(0, jerky));
            let poses: Vec<PoseFrame> =
                (0..200).map(|_| tempo.step(&mut mover, 25.0, |_| speed).unwrap().pose).collect();
            let turn = |pair: &[PoseFrame]| pair[0].rotations[23].angle_between(pair[1].rotations[23]);
            let most = poses.windows(2).map(turn).fold(0.0, f32::max);
            assert!(most < 1.2, "{speed}: {most}");
            assert!(mover.0 as f64 > 200.0 * speed * 0.85, "{speed}: it goes on, {}", mover.0);
        }
    }

    #[test]
    fn at_others_they_come_between_and_evenly() {
        let (mut tempo, mut mover) = (Tempo::default(), Made(0, counting));
        let slow = |secs: f64| if (1.0..2.0).contains(&secs) { 0.5 } else { 1.0 };
        let at: Vec<f32> = (0..120).map(|_| tempo.step(&mut mover, 25.0, slow).unwrap().pose.hips.x).collect();
        let steps: Vec<f32> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| (0.499..1.001).contains(step)), "{steps:?}");
        assert!(steps.windows(2).all(|pair| (pair[1] - pair[0]).abs() < EASE as f32 + 1e-4), "{steps:?}");
        let slowed = steps.iter().filter(|step| **step < 0.51).count();
        assert!((35..50).contains(&slowed), "a second at half speed is about fifty frames: {slowed}");
    }
}
