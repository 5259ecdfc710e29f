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

/// Where a mover's poses are read. At speed 1 they come out as they are, else between two of them.
#[derive(Debug, Default)]
pub(super) struct Tempo {
    /// In frames of the mover.
    position: f64,
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
            if self.poses.len() > 2 {
                self.poses.pop_front();
            }
        }
        let share = self.between();
        let pose = match (self.poses.front(), self.poses.back()) {
            (Some(before), Some(after)) if share > 0.0 && self.poses.len() == 2 => between(before, after, share),
            (_, Some(after)) => after.clone(),
            _ => return Err(StageError::Lost { stage: "motion", reason: "it gave no pose".to_owned() }),
        };
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

    /// Its hips stand at the number of the frame.
    struct Counting(u64);

    impl Move for Counting {
        fn push(&mut self, _: &SignSentence) -> Result<(), StageError> {
            Ok(())
        }
        fn step(&mut self) -> Result<Moved, StageError> {
            let mut pose = PoseFrame::t_pose(OutputTime::ZERO);
            pose.time = FrameRate::PAL.time_of(self.0);
            pose.hips.x = self.0 as f32;
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
        let (mut tempo, mut mover) = (Tempo::default(), Counting(0));
        for frame in 0..100_u64 {
            let played = tempo.step(&mut mover, 25.0, |_| 1.0).unwrap();
            assert_eq!(played.pose.hips.x, frame as f32);
            assert_eq!(mover.0, frame + 1, "no frame is made ahead");
        }
    }

    #[test]
    fn at_others_they_come_between_and_evenly() {
        let (mut tempo, mut mover) = (Tempo::default(), Counting(0));
        let slow = |secs: f64| if (1.0..2.0).contains(&secs) { 0.5 } else { 1.0 };
        let at: Vec<f32> = (0..120).map(|_| tempo.step(&mut mover, 25.0, slow).unwrap().pose.hips.x).collect();
        let steps: Vec<f32> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| (0.499..1.001).contains(step)), "{steps:?}");
        assert!(steps.windows(2).all(|pair| (pair[1] - pair[0]).abs() < EASE as f32 + 1e-4), "{steps:?}");
        let slowed = steps.iter().filter(|step| **step < 0.51).count();
        assert!((35..50).contains(&slowed), "a second at half speed is about fifty frames: {slowed}");
    }
}
