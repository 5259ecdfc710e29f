//! Poses that wait for the renderer: none is lost with it, and all are drawn when it is back.

use std::collections::VecDeque;

use signing::{FrameRate, PoseFrame};
use stream::Piece;
use tracing::Span;

use super::{EventKind, Show, StageError};

/// How long poses wait for a renderer that is lost, seconds: after that the session ends.
pub(super) const WAIT_SECS: u32 = 30;
/// Poses given to the renderer in one tick, to catch up after it was lost.
const AT_ONCE: usize = 2;

/// A renderer, and the poses whose pictures have not come out.
pub(super) struct Draw {
    show: Box<dyn Show>,
    undrawn: VecDeque<Undrawn>,
    /// Of these, how many the renderer has been given.
    given: usize,
    /// Frames that have come out.
    drawn: u64,
    lost: Option<StageError>,
}

/// A pose whose picture has not come out.
struct Undrawn {
    pose: PoseFrame,
    caption: Option<String>,
    /// An utterance's first pose is traced within this.
    trace: Option<Span>,
}

impl Undrawn {
    fn show(&self, show: &mut dyn Show) -> Result<Vec<Piece>, StageError> {
        if let Some(span) = &self.trace {
            show.trace(span);
        }
        show.push(&self.pose, self.caption.as_deref())
    }
}

/// What became of a tick.
pub(super) enum Stepped {
    /// Pieces came out, or none because the renderer is away.
    Drew(Vec<Piece>),
    /// It has just been lost; these pieces came out before.
    Lost(Vec<Piece>, StageError),
    /// It has just come back; so many frames wait for it.
    Back(usize),
}

impl Draw {
    pub(super) fn new(show: Box<dyn Show>) -> Self {
        Self { show, undrawn: VecDeque::new(), given: 0, drawn: 0, lost: None }
    }

    pub(super) fn push(&mut self, pose: PoseFrame, caption: Option<String>, trace: Option<Span>) {
        self.undrawn.push_back(Undrawn { pose, caption, trace });
    }

    /// What has happened to the renderer that it stands in for itself.
    pub(super) fn news(&mut self) -> Option<(EventKind, String)> {
        self.show.news()
    }

    /// Whether pictures come back as pieces.
    pub(super) fn gives_back(&self) -> bool {
        self.show.gives_back()
    }

    /// Poses whose pictures have not come out.
    pub(super) fn undrawn(&self) -> usize {
        self.undrawn.len()
    }

    pub(super) fn is_done(&self) -> bool {
        self.lost.is_none() && self.given == self.undrawn.len()
    }

    /// Errors: the renderer can't come back, or has not for [`WAIT_SECS`].
    pub(super) fn step(&mut self, rate: FrameRate) -> Result<Stepped, StageError> {
        if let Some(lost) = &self.lost {
            if self.undrawn.len() as f64 > f64::from(WAIT_SECS) * rate.as_f64() {
                let reason = format!("it has been away for {WAIT_SECS} s: {lost}");
                return Err(StageError::Lost { stage: "render", reason });
            }
            return match self.show.revive(self.drawn) {
                Ok(true) => {
                    self.lost = None;
                    Ok(Stepped::Back(self.undrawn.len()))
                }
                Ok(false) | Err(StageError::Lost { .. }) => Ok(Stepped::Drew(Vec::new())),
                Err(refused @ StageError::Refused { .. }) => Err(refused),
            };
        }
        let mut pieces = Vec::new();
        for _ in 0..AT_ONCE {
            let Some(next) = self.undrawn.get(self.given) else { break };
            match next.show(&mut *self.show) {
                Ok(more) => {
                    self.gave(&more);
                    pieces.extend(more);
                }
                Err(error) => {
                    // What it had and has not shown is drawn again.
                    self.given = 0;
                    if matches!(self.show.revive(self.drawn), Err(StageError::Refused { .. })) {
                        return Err(error);
                    }
                    self.lost = Some(error.clone());
                    return Ok(Stepped::Lost(pieces, error));
                }
            }
        }
        Ok(Stepped::Drew(pieces))
    }

    /// The next pose has been given, and these pieces came out.
    fn gave(&mut self, pieces: &[Piece]) {
        if self.show.gives_back() {
            self.given += 1;
            self.book(pieces);
        } else {
            self.undrawn.remove(self.given);
            self.drawn += 1;
        }
    }

    fn book(&mut self, pieces: &[Piece]) {
        for _ in 0..pieces.iter().map(|piece| piece.frames).sum::<u32>() {
            self.undrawn.pop_front();
            self.given = self.given.saturating_sub(1);
            self.drawn += 1;
        }
    }

    /// The last pieces; what still waits is drawn first.
    pub(super) fn finish(mut self) -> Result<Vec<Piece>, StageError> {
        if let Some(lost) = self.lost {
            return Err(lost);
        }
        let mut pieces = Vec::new();
        while let Some(next) = self.undrawn.get(self.given) {
            let more = next.show(&mut *self.show)?;
            self.gave(&more);
            pieces.extend(more);
        }
        pieces.extend(self.show.finish()?);
        Ok(pieces)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    };

    use signing::OutputTime;

    use super::*;

    const ON: u8 = 0;
    const OFF: u8 = 1;
    const OPENING: u8 = 2;

    /// Shows a frame two pushes after its pose.
    struct Slow {
        state: Arc<AtomicU8>,
        inside: VecDeque<OutputTime>,
        first: bool,
    }

    impl Show for Slow {
        fn push(&mut self, pose: &PoseFrame, _caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
            if self.state.load(Ordering::Relaxed) != ON {
                return Err(StageError::Lost { stage: "render", reason: "switched off".to_owned() });
            }
            self.inside.push_back(pose.time);
            let mut pieces = Vec::new();
            if std::mem::take(&mut self.first) {
                pieces.push(Piece { data: vec![0], time: pose.time, frames: 0, key: true });
            }
            if self.inside.len() > 2 {
                let time = self.inside.pop_front().unwrap();
                pieces.push(Piece { data: vec![1], time, frames: 1, key: false });
            }
            Ok(pieces)
        }

        fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
            Ok(self.inside.iter().map(|&time| Piece { data: vec![1], time, frames: 1, key: false }).collect())
        }

        fn revive(&mut self, first_frame: u64) -> Result<bool, StageError> {
            match self.state.load(Ordering::Relaxed) {
                ON => {
                    self.inside.clear();
                    self.first = true;
                    assert!(first_frame > 0);
                    Ok(true)
                }
                OPENING => Ok(false),
                _ => Err(StageError::Lost { stage: "render", reason: "still off".to_owned() }),
            }
        }
    }

    fn run(states: impl Fn(u64) -> u8, ticks: u64) -> Result<(Vec<OutputTime>, Vec<&'static str>), StageError> {
        let state = Arc::new(AtomicU8::new(ON));
        let mut draw = Draw::new(Box::new(Slow { state: Arc::clone(&state), inside: VecDeque::new(), first: true }));
        let (mut pieces, mut told) = (Vec::new(), Vec::new());
        for tick in 0..ticks {
            state.store(states(tick), Ordering::Relaxed);
            draw.push(PoseFrame::t_pose(FrameRate::PAL.time_of(tick)), None, None);
            match draw.step(FrameRate::PAL)? {
                Stepped::Drew(more) => pieces.extend(more),
                Stepped::Lost(more, _) => {
                    pieces.extend(more);
                    told.push("lost");
                }
                Stepped::Back(_) => told.push("back"),
            }
        }
        pieces.extend(draw.finish()?);
        Ok((pieces.iter().filter(|piece| piece.frames > 0).map(|piece| piece.time).collect(), told))
    }

    #[test]
    fn no_frame_is_lost_or_shown_twice_with_a_renderer() {
        let away = |tick| match tick {
            20..40 => OFF,
            40..50 => OPENING,
            _ => ON,
        };
        let (times, told) = run(away, 200).unwrap();
        let expected: Vec<OutputTime> = (0..200).map(|frame| FrameRate::PAL.time_of(frame)).collect();
        assert_eq!(times, expected);
        assert_eq!(told, ["lost", "back"]);
    }

    /// Draws somewhere else.
    struct Elsewhere;

    impl Show for Elsewhere {
        fn push(&mut self, _: &PoseFrame, _: Option<&str>) -> Result<Vec<Piece>, StageError> {
            Ok(Vec::new())
        }

        fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
            Ok(Vec::new())
        }

        fn gives_back(&self) -> bool {
            false
        }
    }

    #[test]
    fn poses_whose_pictures_go_elsewhere_are_not_kept() {
        let mut draw = Draw::new(Box::new(Elsewhere));
        for tick in 0..1_000 {
            draw.push(PoseFrame::t_pose(FrameRate::PAL.time_of(tick)), None, None);
            draw.step(FrameRate::PAL).unwrap();
            assert!(draw.undrawn.is_empty() && draw.is_done(), "at {tick}");
        }
    }

    #[test]
    fn a_renderer_that_stays_away_ends_the_session() {
        let error = run(|tick| u8::from(tick > 20), 30 * 25 + 60).unwrap_err();
        assert!(error.to_string().contains("30 s"), "{error}");
    }
}
