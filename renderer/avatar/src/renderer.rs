//! The renderer: a stage with `push`, `step` and `finish`, and the thread behind it.

use std::{
    any::Any,
    collections::VecDeque,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use signing::{OutputTime, PoseFrame, VideoFrame};

use crate::{
    AdapterInfo, AvatarError, RendererConfig, View,
    canvas::{PATIENCE, Subject},
    composite::{Drawn, compose},
    device,
    engine::Engine,
    model::Model,
    painter::Painter,
};

/// Frames that the thread itself keeps on the device: one is drawn while the next is prepared.
const DEPTH: usize = 2;
/// How long to wait for the thread: longer than the thread waits for the device, so that its own
/// error is the one that is seen. The first frame of a device also compiles its shaders.
const LONGEST: Duration = Duration::from_secs(2 * PATIENCE.as_secs());

/// A pose and how it is to be seen.
struct Order {
    pose: Box<PoseFrame>,
    view: View,
}

/// Turns poses into pictures, in order.
///
/// Lookahead: at most `config.lookahead` frames are on their way. `step` hands out the oldest picture
/// as soon as it is there, and waits for it only when that many are on their way; so with a
/// lookahead of 2 a picture comes out one `push` after its own, at the latest. Memory is bounded:
/// `push` refuses what is beyond the lookahead.
///
/// Bevy and the device live on a thread named `avatar`; each renderer has its own, and several may
/// run at once. Dropping a renderer ends its thread.
pub struct Renderer {
    orders: Option<SyncSender<Order>>,
    pictures: Receiver<Result<VideoFrame, AvatarError>>,
    thread: Option<JoinHandle<()>>,
    /// Pictures that came back while another was waited for.
    early: VecDeque<VideoFrame>,
    /// Orders without a picture yet.
    waiting: usize,
    lookahead: usize,
    view: View,
    adapter: AdapterInfo,
}

impl Renderer {
    /// Reads the avatar, opens the adapter and draws one picture to warm up.
    ///
    /// Errors: a size or lookahead out of range; an avatar that is missing or isn't a human; no
    /// adapter, or one that refuses.
    pub fn start(config: RendererConfig) -> Result<Self, AvatarError> {
        config.check()?;
        let (lookahead, view) = (config.lookahead, config.view);
        let (orders, inbox) = sync_channel(lookahead);
        let (outbox, pictures) = sync_channel(lookahead + 1);
        let (started, start) = sync_channel(1);
        let thread = thread::Builder::new()
            .name("avatar".into())
            .spawn(move || match Studio::open(config) {
                Ok((studio, adapter)) => {
                    // If nobody waits for the start, nobody will send orders either.
                    let _ = started.send(Ok(adapter));
                    studio.run(&inbox, &outbox);
                }
                Err(error) => {
                    let _ = started.send(Err(error));
                }
            })
            .map_err(AvatarError::Thread)?;
        let adapter = match start.recv() {
            Ok(result) => result?,
            Err(_) => return Err(AvatarError::Stopped { reason: last_words(thread.join()) }),
        };
        Ok(Self {
            orders: Some(orders),
            pictures,
            thread: Some(thread),
            early: VecDeque::new(),
            waiting: 0,
            lookahead,
            view,
            adapter,
        })
    }

    /// What pictures are drawn with.
    pub fn adapter(&self) -> &AdapterInfo {
        &self.adapter
    }

    /// Poses pushed from now on are seen like this.
    pub fn set_view(&mut self, view: View) {
        self.view = view;
    }

    /// Starts to draw `pose`.
    ///
    /// Errors: [`AvatarError::Backlog`] when the lookahead is used up; [`AvatarError::Stopped`] after
    /// an error or panic of the thread.
    pub fn push(&mut self, pose: &PoseFrame) -> Result<(), AvatarError> {
        if self.waiting + self.early.len() >= self.lookahead {
            return Err(AvatarError::Backlog { limit: self.lookahead });
        }
        self.order(pose)
    }

    /// The oldest picture, if it is there; waits for it when the lookahead is used up.
    ///
    /// Errors: those of drawing; after one, the renderer is of no more use.
    pub fn step(&mut self) -> Result<Option<VideoFrame>, AvatarError> {
        if let Some(frame) = self.early.pop_front() {
            return Ok(Some(frame));
        }
        if self.waiting == 0 {
            return Ok(None);
        }
        if self.waiting >= self.lookahead {
            return self.wait().map(Some);
        }
        match self.pictures.try_recv() {
            Ok(result) => {
                self.waiting -= 1;
                result.map(Some)
            }
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(self.ended()),
        }
    }

    /// Waits for all pictures that are on their way; the renderer can go on afterwards.
    ///
    /// Errors: as for [`step`](Self::step).
    pub fn flush(&mut self) -> Result<Vec<VideoFrame>, AvatarError> {
        let mut frames: Vec<VideoFrame> = self.early.drain(..).collect();
        while self.waiting > 0 {
            frames.push(self.wait()?);
        }
        Ok(frames)
    }

    /// Waits for all pictures that are on their way and ends the thread.
    ///
    /// Errors: as for [`step`](Self::step).
    pub fn finish(mut self) -> Result<Vec<VideoFrame>, AvatarError> {
        self.flush()
    }

    /// Draws one picture and waits for it. Pictures pushed before keep their place for `step`.
    ///
    /// Errors: as for [`push`](Self::push) and [`step`](Self::step).
    pub fn render_still(&mut self, pose: &PoseFrame) -> Result<VideoFrame, AvatarError> {
        while self.waiting > 0 {
            let frame = self.wait()?;
            self.early.push_back(frame);
        }
        self.order(pose)?;
        self.wait()
    }

    fn order(&mut self, pose: &PoseFrame) -> Result<(), AvatarError> {
        let order = Order { pose: Box::new(pose.clone()), view: self.view };
        match &self.orders {
            Some(orders) if orders.send(order).is_ok() => {
                self.waiting += 1;
                Ok(())
            }
            _ => Err(self.ended()),
        }
    }

    fn wait(&mut self) -> Result<VideoFrame, AvatarError> {
        match self.pictures.recv_timeout(LONGEST) {
            Ok(result) => {
                self.waiting -= 1;
                result
            }
            Err(RecvTimeoutError::Timeout) => Err(AvatarError::Timeout { seconds: LONGEST.as_secs() }),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    /// Why the thread is gone.
    fn ended(&mut self) -> AvatarError {
        self.waiting = 0;
        self.orders = None;
        let reason = match self.thread.take() {
            Some(thread) => last_words(thread.join()),
            None => "after an earlier error".into(),
        };
        AvatarError::Stopped { reason }
    }
}

impl Drop for Renderer {
    fn drop(&mut self) {
        self.orders = None;
        // A thread that hangs in a driver is left behind rather than waited for.
        if let Some(thread) = self.thread.take()
            && self.waiting == 0
        {
            // Its panic, if it had one, has no one left to hear it.
            let _ = thread.join();
        }
    }
}

fn last_words(ended: Result<(), Box<dyn Any + Send>>) -> String {
    match ended {
        Ok(()) => "after an earlier error".into(),
        Err(panic) => match panic.downcast_ref::<String>() {
            Some(message) => message.clone(),
            None => panic.downcast_ref::<&str>().map_or("a panic", |message| message).to_owned(),
        },
    }
}

/// What the thread owns.
struct Studio {
    engine: Engine,
    painter: Painter,
    config: RendererConfig,
    times: VecDeque<OutputTime>,
}

impl Studio {
    fn open(config: RendererConfig) -> Result<(Self, AdapterInfo), AvatarError> {
        let model = Model::load(&config.avatar)?;
        let (resources, adapter) = device::open()?;
        let engine = Engine::new(resources, Subject::new(&model, config.antialias))?;
        tracing::debug!(adapter = adapter.name, driver = adapter.driver, "avatar opened");
        let painter = Painter::new(model, config.size, config.antialias);
        let mut studio = Self { engine, painter, config, times: VecDeque::new() };
        // The first frame compiles the device's code; the caller's first frame shouldn't.
        let view = studio.config.view;
        studio.draw(&crate::bench::sample_pose(0), view)?;
        studio.picture()?;
        Ok((studio, adapter))
    }

    /// Draws orders until there are no more to come.
    fn run(mut self, orders: &Receiver<Order>, pictures: &SyncSender<Result<VideoFrame, AvatarError>>) {
        loop {
            let order = if self.engine.in_flight() == 0 {
                match orders.recv() {
                    Ok(order) => Some(order),
                    Err(_) => return,
                }
            } else {
                orders.try_recv().ok()
            };
            let result = match order {
                Some(order) => match self.draw(&order.pose, order.view) {
                    Ok(()) if self.engine.in_flight() < DEPTH => continue,
                    Ok(()) => self.picture(),
                    Err(error) => Err(error),
                },
                None => self.picture(),
            };
            let failed = result.is_err();
            if pictures.send(result).is_err() || failed {
                return;
            }
        }
    }

    fn draw(&mut self, pose: &PoseFrame, view: View) -> Result<(), AvatarError> {
        let drawing = self.painter.drawing(pose, view);
        self.engine.submit(drawing)?;
        self.times.push_back(pose.time);
        Ok(())
    }

    /// The oldest picture on its way.
    fn picture(&mut self) -> Result<VideoFrame, AvatarError> {
        let (size, background) = (self.config.size, self.config.background);
        let rgba = self.engine.receive(|returned| {
            returned.read(|bytes| {
                let drawn = Drawn { bytes, stride: returned.stride, scale: returned.scale };
                compose(&drawn, returned.region, size, background)
            })
        })?;
        let lost = || AvatarError::Draw { reason: "a frame was lost".into() };
        let (Some(rgba), Some(time)) = (rgba, self.times.pop_front()) else { return Err(lost()) };
        VideoFrame::new(time, size.0, size.1, rgba).map_err(|error| AvatarError::Draw { reason: error.to_string() })
    }
}
