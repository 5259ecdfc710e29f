//! Joins the stages of one session: those of this process in memory, those elsewhere over their channels.

use std::{sync::Arc, time::Instant};

use motion::MotionConfig;
use session::live::{
    Interpret, LagLimits, Live, LocalInterpret, LocalMove, LocalShow, Move, Moved, Show, StageError, Wants,
};
use signing::{FrameRate, Side, SignSentence};
use tokio::runtime::Handle;
use tonic::{Code, Status};

use crate::{
    metrics::Metrics,
    remote::{RemoteInterpret, RemoteMove, RemoteShow},
    render::Picture,
    state::State,
    status::status,
    trace::Trace,
};

/// What a session is made of.
pub(crate) struct Plan {
    pub(crate) rate: FrameRate,
    pub(crate) dominant: Side,
    pub(crate) seed: u64,
    pub(crate) picture: Option<Picture>,
    pub(crate) wants: Wants,
    pub(crate) name: String,
}

/// Motion in this process, with what its frames take.
pub(crate) struct TimedMove {
    pub(crate) inner: LocalMove,
    pub(crate) metrics: Arc<Metrics>,
}

impl Move for TimedMove {
    fn push(&mut self, sentence: &SignSentence) -> Result<(), StageError> {
        self.inner.push(sentence)
    }

    fn step(&mut self) -> Result<Moved, StageError> {
        let began = Instant::now();
        let moved = self.inner.step();
        self.metrics.moved(began.elapsed());
        moved
    }

    fn interrupt(&mut self) -> Result<(), StageError> {
        self.inner.interrupt()
    }

    fn revive(&mut self) -> Result<(), StageError> {
        self.inner.revive()
    }
}

/// Who understands.
pub(crate) fn interpret(state: &State, trace: Trace) -> Result<Box<dyn Interpret>, Status> {
    Ok(match &state.remotes.understanding {
        Some(channel) => Box::new(RemoteInterpret {
            channel: channel.clone(),
            runtime: Handle::current(),
            limit: state.config.limits.stage(),
            message_bytes: state.config.limits.message_bytes,
            trace,
        }),
        None => Box::new(LocalInterpret::new(state.loaded()?.understanding()?)),
    })
}

/// Opens motion and render when it is called, on the session's own thread.
pub(crate) fn opener(
    state: &Arc<State>,
    plan: Plan,
    trace: Trace,
) -> Result<impl FnOnce() -> Result<Live, StageError> + Send + 'static, Status> {
    let loaded = state.loaded()?;
    let (body, avatar) = (loaded.body()?, loaded.avatar.clone());
    let runtime = Handle::try_current().map_err(|error| status(Code::Internal, "NO_RUNTIME", error.to_string()))?;
    let (remotes, metrics) = (state.remotes.clone(), Arc::clone(&state.metrics));
    let limit = state.config.limits.stage();
    Ok(move || {
        let Plan { rate, dominant, seed, picture, wants, name } = plan;
        let idle = MotionConfig { rate, dominant, seed, ..MotionConfig::default() };
        let bad_body = |error: motion::MotionError| StageError::Refused { stage: "motion", reason: error.to_string() };
        let mover: Box<dyn Move> = match remotes.motion {
            Some(channel) => Box::new(RemoteMove {
                channel,
                runtime: runtime.clone(),
                limit,
                rate,
                dominant,
                seed,
                trace,
                open: None,
            }),
            None => {
                let inner = LocalMove::with(Arc::clone(&body), rate, dominant, seed).map_err(bad_body)?;
                Box::new(TimedMove { inner, metrics: Arc::clone(&metrics) })
            }
        };
        let show: Option<Box<dyn Show>> = match (picture, remotes.render) {
            (None, _) => None,
            (Some(picture), Some(channel)) => {
                Some(Box::new(RemoteShow::open(channel, runtime, limit, &picture, trace)?))
            }
            (Some(picture), None) => {
                let lost =
                    |error: session::SessionError| StageError::Lost { stage: "render", reason: error.to_string() };
                let show = LocalShow::open(picture.show(avatar, name)).map_err(lost)?;
                Some(Box::new(show.watched(move |cost| metrics.pictured(cost))))
            }
        };
        Live::new(mover, show, (body, idle), wants, LagLimits::default()).map_err(bad_body)
    })
}
