//! `SigningService`: what clients call.

mod clock;
mod convert;
mod stream_in;
mod stream_out;

use std::{
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{SyncSender, sync_channel},
    },
    time::Duration,
};

use proto::v1::{self, signing_service_server::SigningService, streaming_sign_request::Content as In};
use session::live::{self, Ear, Input, Listen, Output, Pace, RunConfig, RunEnd};
use signing::Transcript;
use tokio::sync::{mpsc, oneshot};
use tonic::{Request, Response, Status, Streaming, metadata::MetadataMap};
use tracing::Instrument as _;

use self::{
    clock::Clock,
    convert::{Asked, response},
    stream_out::StreamOut,
};
use crate::{
    admit::{Caller, Place},
    metrics::{Labelled, Metrics, SessionWatch},
    motion_service::silent,
    speech::{self, Pcm},
    stages,
    state::State,
    status::{invalid, of_end},
    trace::Trace,
    understanding_service::check_text,
};

pub(crate) struct Service(pub(crate) Arc<State>);

/// Responses between the session and the connection, in messages; when full the session's own queue fills.
const RESPONSES: usize = 4;
/// Output that may wait for a slow client, in seconds of session.
const WAITING_SECS: f64 = 2.0;
/// Longest text of a unary call, characters.
const SHORT: usize = 200;
/// Longest output of a unary call.
const SHORT_OUTPUT: Duration = Duration::from_secs(60);

type Responses = Result<v1::StreamingSignResponse, Status>;

#[tonic::async_trait]
impl SigningService for Service {
    type StreamingSignStream = StreamOut;

    async fn streaming_sign(
        &self,
        request: Request<Streaming<v1::StreamingSignRequest>>,
    ) -> Result<Response<Self::StreamingSignStream>, Status> {
        self.0.check_draining()?;
        let caller = Caller::of(&request)?;
        let (metadata, _, mut requests) = request.into_parts();
        let first = tokio::time::timeout(self.0.config.limits.first_message(), requests.message());
        let first = first.await.map_err(|_| silent())??.and_then(|first| first.content);
        let Some(In::Config(config)) = first else {
            return Err(invalid("CONFIG_FIRST", "the first message must be a config"));
        };
        let pcm = config.audio.as_ref().map(|audio| Pcm::of(audio, &config.language)).transpose()?;
        let (asked, place) = self.admit(&config, &caller)?;
        let (id, span, trace) = self.name(&caller, &metadata);
        let listen = match &pcm {
            Some(pcm) => Some(speech::listen(&self.0, pcm.language, trace).await?),
            None => None,
        };
        let (responses, stream) = mpsc::channel(RESPONSES);
        let (last, end) = oneshot::channel();
        let limits = &self.0.config.limits;
        let run = RunConfig {
            pace: Pace::RealTime,
            outputs: asked.outputs_a_second(WAITING_SECS),
            grace: limits.grace(),
            silence: Duration::from_secs(limits.silence_secs),
            length: caller.0.session_length(Duration::from_secs(limits.session_secs)),
        };
        let started = self.start(&asked, &id, run, &span, trace)?;
        let inputs = started.handle.inputs();
        let clock = Arc::new(Clock::default());
        let ear = match listen.zip(pcm) {
            Some((listen, pcm)) => Some((self.ear(&id, listen, inputs.clone(), Arc::clone(&clock), &span)?, pcm)),
            None => None,
        };
        let allowance = caller.0.characters();
        let into =
            stream_in::Into { inputs, ear, language: asked.language.clone(), clock: Arc::clone(&clock), allowance };
        let (runs, over) = oneshot::channel();
        tokio::spawn(stream_in::read(requests, into, Arc::clone(&self.0), over).instrument(span.clone()));
        let out =
            Out { asked, id, responses, last, metrics: Arc::clone(&self.0.metrics), clock, grace: limits.grace() };
        let runtime = tokio::runtime::Handle::current();
        std::thread::Builder::new()
            .name(format!("out {}", out.id))
            .spawn(move || {
                let _entered = span.entered();
                let (_place, _runs) = (place, runs);
                out.carry(started, &runtime);
            })
            .map_err(|error| Status::resource_exhausted(error.to_string()))?;
        Ok(Response::new(StreamOut::new(stream, end)))
    }

    async fn sign(&self, request: Request<v1::SignRequest>) -> Result<Response<v1::SignResponse>, Status> {
        self.0.check_draining()?;
        let _permit = self.0.capacity.call()?;
        let caller = Caller::of(&request)?;
        let (metadata, _, v1::SignRequest { text, config }) = request.into_parts();
        check_text(&text, SHORT)?;
        let (asked, place) = self.admit(&config.unwrap_or_default(), &caller)?;
        let (id, span, trace) = self.name(&caller, &metadata);
        let run = RunConfig {
            pace: Pace::Free,
            outputs: asked.outputs_a_second(WAITING_SECS),
            grace: SHORT_OUTPUT,
            silence: Duration::from_secs(5),
            length: SHORT_OUTPUT,
        };
        let started = self.start(&asked, &id, run, &span, trace)?;
        let work = tokio::task::spawn_blocking(move || {
            let _place = place;
            let transcript = Transcript::plain(text, asked.language.clone());
            let inputs = started.handle.inputs();
            for input in [Input::Say { utterance: id.as_str().into(), transcript }, Input::End] {
                // It fails only if the session has ended, which `join` tells.
                let _ = inputs.send(input);
            }
            let mut whole = v1::SignResponse::default();
            if asked.poses {
                whole.pose_header = Some(proto::pose_header(asked.rate));
            }
            for output in &started.outputs {
                convert::collect(output, &mut whole);
            }
            (whole, started.handle.join())
        });
        let (whole, end) = work.await.map_err(|error| Status::internal(error.to_string()))?;
        match of_end(end) {
            None => Ok(Response::new(whole)),
            Some(error) => Err(error),
        }
    }
}

/// A session's threads and where its outputs come out.
struct Started {
    handle: live::LiveHandle,
    outputs: std::sync::mpsc::Receiver<Output>,
}

impl Service {
    /// Checks what is asked for and takes a place for it, a smaller one if the client accepts that.
    fn admit(&self, config: &v1::SigningConfig, caller: &Caller) -> Result<(Asked, Place), Status> {
        let mut asked = Asked::of(config, &self.0)?;
        loop {
            match self.0.capacity.session(caller, asked.pixels_per_sec()) {
                Ok(place) => return Ok((asked, place)),
                Err(error) => match asked.degraded() {
                    Some(smaller) => asked = smaller,
                    None => return Err(error),
                },
            }
        }
    }

    /// A session's name, and its part of the caller's trace.
    fn name(&self, caller: &Caller, metadata: &MetadataMap) -> (String, tracing::Span, Trace) {
        let id = format!("s{}", self.0.serial.fetch_add(1, Ordering::Relaxed));
        let trace = tracing::field::Empty;
        let span = tracing::info_span!("session", trace, session = %id, key = %caller.0.name);
        let trace = Trace::of(metadata, &span);
        (id, span, trace)
    }

    fn start(
        &self,
        asked: &Asked,
        id: &str,
        run: RunConfig,
        span: &tracing::Span,
        trace: Trace,
    ) -> Result<Started, Status> {
        let interpret = stages::interpret(&self.0, trace)?;
        let opener = stages::opener(&self.0, asked.plan(id), trace)?;
        let (sender, outputs) = sync_channel(run.outputs);
        let frame = Duration::from_secs_f64(1.0 / asked.rate.as_f64());
        let watch = Arc::new(SessionWatch::new(Arc::clone(&self.0.metrics), frame, asked.draws()));
        let _entered = span.enter();
        let handle = live::start(id, run, interpret, opener, sender, watch)
            .map_err(|error| Status::resource_exhausted(error.to_string()))?;
        Ok(Started { handle, outputs })
    }

    /// Listens on a thread of its own; what is made out goes into the session.
    fn ear(
        &self,
        id: &str,
        listen: Box<dyn Listen>,
        inputs: SyncSender<Input>,
        clock: Arc<Clock>,
        span: &tracing::Span,
    ) -> Result<Ear, Status> {
        let session = span.clone();
        let take = move |input| {
            if let Input::Say { utterance, transcript } = &input
                && transcript.stable
            {
                clock.came(utterance);
                clock.trace(utterance, transcript, &session);
                let (from, until) = (transcript.start.as_secs(), transcript.end.as_secs());
                tracing::info!(%utterance, from, until, text = transcript.text, "speech: heard");
            }
            inputs.send(input).is_ok()
        };
        let metrics = Arc::clone(&self.0.metrics);
        let watch = move |took: Duration| metrics.speech.observe(took.as_secs_f64());
        let _entered = span.enter();
        Ear::start(id, listen, take, watch).map_err(|error| Status::resource_exhausted(error.to_string()))
    }
}

/// Carries a session's outputs to its client.
struct Out {
    asked: Asked,
    id: String,
    responses: mpsc::Sender<Responses>,
    /// How the session ended, if not well: comes behind all responses, however slowly they are read.
    last: oneshot::Sender<Status>,
    metrics: Arc<Metrics>,
    clock: Arc<Clock>,
    grace: Duration,
}

impl Out {
    fn carry(self, started: Started, runtime: &tokio::runtime::Handle) {
        let Started { handle, outputs } = started;
        tracing::info!("session started");
        let mut left = false;
        for output in &outputs {
            if left {
                break;
            }
            self.count(&output);
            for content in convert::contents(output, &self.asked, &self.id) {
                left |= !self.give(Ok(response(content)), runtime);
            }
        }
        drop(outputs);
        if left {
            handle.stop();
        }
        let end = handle.join();
        tracing::info!(?end, "session ended");
        if let Some(error) = of_end(if left { RunEnd::SlowTaker } else { end }) {
            // Fails if the client has left.
            let _ = self.last.send(error);
        }
    }

    /// False if the client takes nothing any more.
    fn give(&self, response: Responses, runtime: &tokio::runtime::Handle) -> bool {
        match self.responses.try_send(response) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Closed(_)) => false,
            Err(mpsc::error::TrySendError::Full(response)) => runtime
                .block_on(async { tokio::time::timeout(self.grace, self.responses.send(response)).await })
                .is_ok_and(|sent| sent.is_ok()),
        }
    }

    fn count(&self, output: &Output) {
        match output {
            Output::Sentence { utterance, sentence } => {
                if let Some(since) = self.clock.since(utterance, false) {
                    self.metrics.first_sentence.observe(since.as_secs_f64());
                }
                for token in &sentence.tokens {
                    let what = convert::origin_name(token.origin);
                    self.metrics.signs.get_or_create(&Labelled { what }).inc();
                }
                let dropped = sentence.dropped.len() as u64;
                self.metrics.dropped.get_or_create(&Labelled { what: "understanding" }).inc_by(dropped);
            }
            Output::Video(piece) => {
                self.metrics.video_bytes.inc_by(piece.data.len() as u64);
            }
            Output::Event(event) => {
                self.metrics.events.get_or_create(&Labelled { what: convert::kind_name(event.kind) }).inc();
                if event.kind == live::EventKind::UtteranceStarted
                    && let Some(since) = event.utterance.as_ref().and_then(|it| self.clock.since(it, true))
                {
                    self.metrics.first_sign.observe(since.as_secs_f64());
                }
            }
            Output::Started | Output::Transcript { .. } | Output::Pose(_) => {}
        }
    }
}
