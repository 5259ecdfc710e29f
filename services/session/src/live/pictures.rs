//! A picture for every pose, whatever happens to the renderer.
//!
//! A renderer that is lost is stood in for by the last picture; meanwhile another one is opened on a thread of its own.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        mpsc::{Receiver, TryRecvError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use avatar::{AvatarError, Background, Renderer, RendererConfig};
use signing::{OutputTime, PoseFrame, VideoFrame};

use super::{Angle, Drawers, EventKind};

/// What pictures say that stand in, in turn, so that it is seen that the stream goes on: all equally wide.
const STANDS_IN: [&str; 3] = ["画面恢复中●○○", "画面恢复中○●○", "画面恢复中○○●"];
/// For how many pictures each of it stands.
const STANDS: u64 = 10;
/// From one attempt to open a renderer to the next.
const AGAIN: Duration = Duration::from_secs(1);

/// Whoever draws: the renderer here or in a process of its own, or a stand-in for tests.
pub(super) trait Drawer: Send {
    /// Starts to draw; gives what is finished, in order.
    fn draw(&mut self, pose: &PoseFrame, angle: Angle) -> Result<Vec<VideoFrame>, AvatarError>;
    /// What is still inside.
    fn flush(&mut self) -> Result<Vec<VideoFrame>, AvatarError>;
}

impl Drawer for Renderer {
    fn draw(&mut self, pose: &PoseFrame, angle: Angle) -> Result<Vec<VideoFrame>, AvatarError> {
        self.set_view(angle.view());
        self.push(pose)?;
        Ok(self.step()?.into_iter().collect())
    }

    fn flush(&mut self) -> Result<Vec<VideoFrame>, AvatarError> {
        Self::flush(self)
    }
}

type Open = Arc<dyn Fn() -> Result<Box<dyn Drawer>, AvatarError> + Send + Sync>;
type Opened = Result<Box<dyn Drawer>, AvatarError>;

/// One picture.
pub(super) struct Picture {
    pub(super) frame: VideoFrame,
    /// What it must say if the renderer did not make it.
    pub(super) stands_in: Option<&'static str>,
}

/// Draws, and goes on when drawing fails.
pub(super) struct Pictures {
    open: Open,
    drawer: Option<Box<dyn Drawer>>,
    opening: Option<Receiver<Opened>>,
    tried: Instant,
    /// Times of poses whose picture has not come.
    in_flight: VecDeque<OutputTime>,
    stand_in: VideoFrame,
    away: u64,
    news: VecDeque<(EventKind, String)>,
}

impl Pictures {
    /// Opens and warms a renderer: here, or where `elsewhere` opens them.
    ///
    /// Errors: those of [`Renderer::start`].
    pub(super) fn open(config: RendererConfig, elsewhere: Option<Arc<Drawers>>) -> Result<Self, AvatarError> {
        let color = match config.background {
            Background::Color([red, green, blue]) => [red, green, blue, u8::MAX],
            Background::Transparent => [0; 4],
        };
        let (width, height) = config.size;
        let blank = color.repeat(width as usize * height as usize);
        // Sizes are the renderer's own affair: it refuses those that are out of range.
        let open: Open = Arc::new(move || match &elsewhere {
            Some(drawers) => drawers.take(&config),
            None => Renderer::start(config.clone()).map(|it| Box::new(it) as Box<dyn Drawer>),
        });
        let drawer = open()?;
        let blank = VideoFrame::new(OutputTime::ZERO, width, height, blank)
            .map_err(|error| AvatarError::Draw { reason: error.to_string() })?;
        Ok(Self::with(open, drawer, blank))
    }

    fn with(open: Open, drawer: Box<dyn Drawer>, blank: VideoFrame) -> Self {
        Self {
            open,
            drawer: Some(drawer),
            opening: None,
            tried: Instant::now(),
            in_flight: VecDeque::new(),
            stand_in: blank,
            away: 0,
            news: VecDeque::new(),
        }
    }

    /// Takes the next pose; gives the pictures that are finished, each once, in order.
    pub(super) fn push(&mut self, pose: &PoseFrame, angle: Angle) -> Vec<Picture> {
        self.find_drawer();
        self.in_flight.push_back(pose.time);
        let drawn = self.drawer.as_mut().map(|drawer| drawer.draw(pose, angle));
        self.book(drawn)
    }

    /// The pictures that are still inside.
    pub(super) fn finish(&mut self) -> Vec<Picture> {
        let drawn = self.drawer.as_mut().map(|drawer| drawer.flush());
        let mut pictures = self.book(drawn);
        pictures.extend(self.stand_in());
        pictures
    }

    /// Keeps the newest finished picture, to stand in; not one that stands in itself.
    pub(super) fn keep(&mut self, frame: VideoFrame) {
        self.stand_in = frame;
    }

    /// What has happened since it was asked.
    pub(super) fn news(&mut self) -> Option<(EventKind, String)> {
        self.news.pop_front()
    }

    fn book(&mut self, drawn: Option<Result<Vec<VideoFrame>, AvatarError>>) -> Vec<Picture> {
        match drawn {
            Some(Ok(frames)) => {
                self.in_flight.drain(..frames.len().min(self.in_flight.len()));
                frames.into_iter().map(|frame| Picture { frame, stands_in: None }).collect()
            }
            Some(Err(error)) => {
                tracing::warn!(%error, "the renderer is lost; its last picture stands in");
                self.news
                    .push_back((EventKind::Fallback, format!("{error}; the last picture stands until it is back")));
                let lost = self.drawer.take();
                self.start(lost);
                self.stand_in()
            }
            None => self.stand_in(),
        }
    }

    /// A picture for each pose that waits.
    fn stand_in(&mut self) -> Vec<Picture> {
        let times = std::mem::take(&mut self.in_flight);
        let (stand_in, away) = (&self.stand_in, &mut self.away);
        let again = |time| {
            let says = STANDS_IN[(*away / STANDS) as usize % STANDS_IN.len()];
            *away += 1;
            VideoFrame::new(time, stand_in.width(), stand_in.height(), stand_in.rgba().to_vec())
                .ok()
                .map(|frame| Picture { frame, stands_in: Some(says) })
        };
        // The same size as before always fits.
        times.into_iter().filter_map(again).collect()
    }

    /// Looks whether another renderer is open.
    fn find_drawer(&mut self) {
        if self.drawer.is_some() {
            return;
        }
        let opened = match self.opening.as_ref().map(Receiver::try_recv) {
            Some(Ok(opened)) => opened.map_err(|error| error.to_string()),
            Some(Err(TryRecvError::Empty)) => return,
            Some(Err(TryRecvError::Disconnected)) => Err("opening it panicked".to_owned()),
            None if self.tried.elapsed() < AGAIN => return,
            None => return self.start(None),
        };
        self.opening = None;
        match opened {
            Ok(drawer) => {
                self.drawer = Some(drawer);
                let away = std::mem::take(&mut self.away);
                self.news
                    .push_back((EventKind::Recovered, format!("render is back; a picture stood in for {away} frames")));
            }
            Err(error) => tracing::warn!(error, "the renderer can't be opened; it is tried again"),
        }
    }

    /// Opens another one on a thread of its own, and lets go of the one that was lost there.
    fn start(&mut self, lost: Option<Box<dyn Drawer>>) {
        self.tried = Instant::now();
        let open = Arc::clone(&self.open);
        let (outbox, opened) = sync_channel(1);
        let started = thread::Builder::new().name("reopen".to_owned()).spawn(move || {
            drop(lost);
            // A session that is over needs none.
            let _ = outbox.send(open());
        });
        match started {
            Ok(_) => self.opening = Some(opened),
            Err(error) => tracing::warn!(%error, "no thread to open a renderer"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use signing::FrameRate;

    use super::*;

    /// Gives a picture two poses later; fails at the pose of a number.
    struct Failing {
        inside: VecDeque<OutputTime>,
        fails_after: u32,
    }

    fn picture(time: OutputTime, value: u8) -> VideoFrame {
        VideoFrame::new(time, 1, 1, vec![value; 4]).unwrap()
    }

    impl Drawer for Failing {
        fn draw(&mut self, pose: &PoseFrame, _: Angle) -> Result<Vec<VideoFrame>, AvatarError> {
            if self.fails_after == 0 {
                return Err(AvatarError::Draw { reason: "as the test wants".to_owned() });
            }
            self.fails_after -= 1;
            self.inside.push_back(pose.time);
            Ok((self.inside.len() > 2)
                .then(|| self.inside.pop_front())
                .flatten()
                .map(|it| picture(it, 9))
                .into_iter()
                .collect())
        }

        fn flush(&mut self) -> Result<Vec<VideoFrame>, AvatarError> {
            Ok(self.inside.drain(..).map(|time| picture(time, 9)).collect())
        }
    }

    #[test]
    fn every_pose_has_its_picture_though_the_renderer_is_lost() {
        let opened = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&opened);
        let open: Open = Arc::new(move || {
            // The first attempt to open another one fails, too.
            match count.fetch_add(1, Ordering::Relaxed) {
                0 => Err(AvatarError::Draw { reason: "not yet".to_owned() }),
                _ => Ok(Box::new(Failing { inside: VecDeque::new(), fails_after: u32::MAX }) as Box<dyn Drawer>),
            }
        });
        let first = Box::new(Failing { inside: VecDeque::new(), fails_after: 20 });
        let mut pictures = Pictures::with(open, first, picture(OutputTime::ZERO, 1));
        let (mut times, mut stood_in, mut news) = (Vec::new(), 0, Vec::new());
        let mut frame = 0;
        let mut said = std::collections::BTreeSet::new();
        let mut take = |made: Vec<Picture>, times: &mut Vec<OutputTime>, stood_in: &mut u64| {
            for Picture { frame, stands_in } in made {
                times.push(frame.time());
                said.extend(stands_in);
                *stood_in += u64::from(stands_in.is_some());
            }
        };
        while news.len() < 2 || frame < 100 {
            let pose = PoseFrame::t_pose(FrameRate::PAL.time_of(frame));
            take(pictures.push(&pose, Angle::Front), &mut times, &mut stood_in);
            news.extend(std::iter::from_fn(|| pictures.news()).map(|(kind, _)| kind));
            frame += 1;
            thread::sleep(Duration::from_millis(2));
        }
        take(pictures.finish(), &mut times, &mut stood_in);
        let expected: Vec<OutputTime> = (0..frame).map(|frame| FrameRate::PAL.time_of(frame)).collect();
        assert_eq!(times, expected);
        assert!(stood_in >= 3, "{stood_in} pictures stood in");
        assert!(said.len() > 1 || stood_in <= STANDS, "what stands in for long moves: {said:?} in {stood_in} pictures");
        assert_eq!(news, [EventKind::Fallback, EventKind::Recovered]);
        assert_eq!(opened.load(Ordering::Relaxed), 2);
    }
}
