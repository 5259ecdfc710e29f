//! `SpeechService`: a listener a stream, on a thread of its own; the weights are shared.

use std::{sync::Arc, time::Duration};

use proto::v1::{self, speech_service_server::SpeechService, streaming_recognize_request::Content};
use session::{
    Language, PcmChunk, SessionError, SpeechError,
    live::{Ear, EarError, EventKind, Input, Listen, LocalListen, Sound},
};
use signing::{Flicks, SourceTime};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::{
    admit::Caller,
    motion_service::silent,
    remote::RemoteListen,
    state::State,
    status::{exhausted, invalid, status},
    trace::Trace,
};

pub(crate) struct Service(pub(crate) Arc<State>);

/// Transcripts that wait for the caller, in transcripts; when full the listener waits, and then the transport.
const RESPONSES: usize = 64;
/// Sound is handed on in pieces of at most this part of a second.
const PIECES_A_SEC: usize = 5;
/// Most bytes of sound in a message.
const MOST_BYTES: usize = 1 << 20;

/// Bytes of a client → pieces of sound with times.
#[derive(Debug)]
pub(crate) struct Pcm {
    float: bool,
    rate: u32,
    channels: u16,
    pub(crate) language: Language,
    /// The beginning of a sample whose rest is in the next message.
    rest: Vec<u8>,
    /// Samples of a channel so far.
    heard: u64,
}

impl Pcm {
    /// What a client announces; `language` stands for an empty tag.
    pub(crate) fn of(config: &v1::AudioConfig, language: &str) -> Result<Self, Status> {
        let float = match v1::AudioEncoding::try_from(config.encoding) {
            Ok(v1::AudioEncoding::Unspecified | v1::AudioEncoding::PcmS16le) => false,
            Ok(v1::AudioEncoding::PcmF32le) => true,
            Err(_) => {
                let message = format!("audio.encoding: {} is not known; use PCM_S16LE or PCM_F32LE", config.encoding);
                return Err(invalid("ENCODING", message));
            }
        };
        let or = |found: u32, default: u32| if found == 0 { default } else { found };
        let (rate, channels) = (or(config.sample_rate, 16_000), or(config.channels, 1));
        if !(8_000..=48_000).contains(&rate) {
            let message = format!("audio.sample_rate is {rate}: expected 8000 to 48000");
            return Err(invalid("SAMPLE_RATE", message));
        }
        let channels = u16::try_from(channels).ok().filter(|channels| (1..=2).contains(channels)).ok_or_else(|| {
            invalid("CHANNELS", format!("audio.channels is {channels}: expected 1 or 2; mix the sound down first"))
        })?;
        let tag = if config.language.is_empty() { language } else { &config.language };
        let language = match tag.split(['-', '_']).next().unwrap_or_default().to_lowercase().as_str() {
            "" | "zh" | "cmn" => Language::Chinese,
            "en" => Language::English,
            "auto" => Language::Detected,
            _ => {
                let message = format!("audio.language “{tag}” is not understood here: use zh, en or auto");
                return Err(invalid("LANGUAGE", message));
            }
        };
        Ok(Self { float, rate, channels, language, rest: Vec::new(), heard: 0 })
    }

    /// The pieces of a message. A message that is no sound is not taken; the ones before and after it are.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<PcmChunk>, Status> {
        if bytes.len() > MOST_BYTES {
            let message =
                format!("{} bytes of sound in a message: at most {MOST_BYTES}; send it in pieces", bytes.len());
            return Err(invalid("AUDIO_TOO_BIG", message));
        }
        let width = if self.float { 4 } else { 2 };
        let frame = width * usize::from(self.channels);
        let mut whole = std::mem::take(&mut self.rest);
        whole.extend_from_slice(bytes);
        self.rest = whole.split_off(whole.len() / frame * frame);
        let samples: Vec<f32> = if self.float {
            whole.chunks_exact(4).map(|it| f32::from_le_bytes([it[0], it[1], it[2], it[3]])).collect()
        } else {
            whole.chunks_exact(2).map(|it| f32::from(i16::from_le_bytes([it[0], it[1]])) / 32_768.0).collect()
        };
        if let Some(at) = samples.iter().position(|sample| !sample.is_finite()) {
            // Its time passes all the same.
            self.heard += (samples.len() / usize::from(self.channels)) as u64;
            let message = format!("sample {at} of the message is {}: expected a finite number", samples[at]);
            return Err(invalid("AUDIO_NOT_FINITE", message));
        }
        let most = self.rate as usize / PIECES_A_SEC * usize::from(self.channels);
        Ok(samples.chunks(most).map(|samples| self.piece(samples)).collect())
    }

    fn piece(&mut self, samples: &[f32]) -> PcmChunk {
        let flicks = i128::from(self.heard) * i128::from(Flicks::PER_SECOND) / i128::from(self.rate);
        let start = SourceTime(Flicks(i64::try_from(flicks).unwrap_or(i64::MAX)));
        self.heard += (samples.len() / usize::from(self.channels)) as u64;
        PcmChunk { start, rate: self.rate, channels: self.channels, samples: samples.to_vec() }
    }
}

/// Who listens to a session: this process, or the role at its address. A role that is only away does not keep a session
/// from beginning.
pub(crate) async fn listen(state: &State, language: Language, trace: Trace) -> Result<Box<dyn Listen>, Status> {
    let Some(channel) = &state.remotes.speech else { return local(state, language) };
    let mut remote = RemoteListen::new(channel.clone(), state.config.limits.stage(), language, trace);
    match remote.connect().await {
        Err(error) if error.code() != Code::Unavailable && error.code() != Code::DeadlineExceeded => Err(error),
        _ => Ok(Box::new(remote)),
    }
}

fn local(state: &State, language: Language) -> Result<Box<dyn Listen>, Status> {
    let hearing = state.loaded()?.hearing()?;
    match LocalListen::new(hearing, language) {
        Ok(listen) => Ok(Box::new(listen)),
        Err(SessionError::Speech(error)) if matches!(*error, SpeechError::Busy { .. }) => {
            Err(exhausted("LISTENERS", error.to_string(), Duration::from_secs(5)))
        }
        Err(error) => Err(status(Code::FailedPrecondition, "SPEECH_MODEL", error.to_string())),
    }
}

/// Waits while too much sound waits: the transport then slows the client. False if nobody listens any more.
pub(crate) async fn send(ear: &Ear, mut sound: Sound) -> bool {
    loop {
        match ear.try_send(sound) {
            Ok(()) => return true,
            Err(EarError::Ended) => return false,
            Err(EarError::Full(back)) => sound = back,
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tonic::async_trait]
impl SpeechService for Service {
    type StreamingRecognizeStream = ReceiverStream<Result<v1::StreamingRecognizeResponse, Status>>;

    async fn streaming_recognize(
        &self,
        request: Request<Streaming<v1::StreamingRecognizeRequest>>,
    ) -> Result<Response<Self::StreamingRecognizeStream>, Status> {
        self.0.check_draining()?;
        let caller = Caller::of(&request)?;
        let span = tracing::info_span!("speech stream", trace = tracing::field::Empty);
        Trace::of(request.metadata(), &span);
        let limits = &self.0.config.limits;
        let mut requests = request.into_inner();
        let first = tokio::time::timeout(limits.first_message(), requests.message());
        let first = first.await.map_err(|_| silent())??.and_then(|first| first.content);
        let Some(Content::Config(config)) = first else {
            return Err(invalid("CONFIG_FIRST", "the first message must be a config"));
        };
        let pcm = Pcm::of(&config, "zh")?;
        let place = self.0.capacity.session(&caller, 0)?;
        let listen = local(&self.0, pcm.language)?;
        let (responses, stream) = mpsc::channel(RESPONSES);
        let failed = responses.clone();
        let take = move |input| {
            let _held = &place;
            take(input, &responses)
        };
        let metrics = Arc::clone(&self.0.metrics);
        let watch = move |took: Duration| metrics.speech.observe(took.as_secs_f64());
        let ear = span
            .in_scope(|| Ear::start("speech", listen, take, watch))
            .map_err(|error| status(Code::ResourceExhausted, "NO_THREAD", error.to_string()))?;
        let state = Arc::clone(&self.0);
        tokio::spawn(async move {
            if let Err(error) = read(&mut requests, pcm, ear, &state).await {
                // Nobody is left to hear it if this fails.
                let _ = failed.send(Err(error)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

/// Hands on what was made out. False if nobody takes it any more.
fn take(input: Input, responses: &mpsc::Sender<Result<v1::StreamingRecognizeResponse, Status>>) -> bool {
    let response = match input {
        Input::Say { transcript, .. } => Ok(v1::StreamingRecognizeResponse { transcript: Some(transcript.into()) }),
        Input::Tell { kind: EventKind::Warning, message } => Err(status(Code::Internal, "SPEECH_FAILED", message)),
        _ => return !responses.is_closed(),
    };
    responses.blocking_send(response).is_ok()
}

async fn read(
    requests: &mut Streaming<v1::StreamingRecognizeRequest>,
    mut pcm: Pcm,
    ear: Ear,
    state: &State,
) -> Result<(), Status> {
    let silence = Duration::from_secs(state.config.limits.silence_secs);
    let mut draining = state.draining.clone();
    loop {
        let next = tokio::select! {
            next = tokio::time::timeout(silence, requests.message()) => next.map_err(|_| silent())??,
            // What was heard is still answered; an error means that the server is gone already.
            _ = draining.wait_for(|draining| *draining) => return Ok(()),
        };
        let Some(request) = next else { return Ok(()) };
        match request.content {
            Some(Content::Audio(bytes)) => {
                for piece in pcm.push(&bytes)? {
                    if !send(&ear, Sound::Chunk(piece)).await {
                        return Ok(());
                    }
                }
            }
            Some(Content::Config(_)) => return Err(invalid("CONFIG_TWICE", "only the first message is a config")),
            None => return Err(invalid("EMPTY", "a message without content")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(encoding: i32, sample_rate: u32, channels: u32, language: &str) -> v1::AudioConfig {
        v1::AudioConfig { encoding, sample_rate, channels, language: language.to_owned() }
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        for (config, expected) in [
            (config(9, 0, 0, ""), "encoding"),
            (config(0, 7_999, 0, ""), "sample_rate"),
            (config(0, 48_001, 0, ""), "sample_rate"),
            (config(0, 0, 3, ""), "channels"),
            (config(0, 0, 0, "fr"), "language"),
        ] {
            let error = Pcm::of(&config, "zh").unwrap_err();
            assert!(error.message().contains(expected), "{error}");
        }
        let mut pcm = Pcm::of(&config(2, 0, 0, ""), "zh").unwrap();
        assert!(pcm.push(&f32::NAN.to_le_bytes()).unwrap_err().message().contains("finite"));
        assert!(pcm.push(&vec![0; MOST_BYTES + 1]).unwrap_err().message().contains("at most"));
    }

    #[test]
    fn messages_may_be_cut_anywhere_and_times_count_samples() {
        let samples: Vec<i16> = (0..20_000).map(|n| (n % 1_000) as i16).collect();
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        for size in [1, 3, 4, 7, 1_001, 40_000] {
            let mut pcm = Pcm::of(&config(1, 8_000, 2, "en-GB"), "zh").unwrap();
            assert_eq!(pcm.language, Language::English);
            let pieces: Vec<PcmChunk> = bytes.chunks(size).flat_map(|part| pcm.push(part).unwrap()).collect();
            let heard: Vec<i16> = pieces.iter().flat_map(|it| &it.samples).map(|it| (it * 32_768.0) as i16).collect();
            assert_eq!(heard, samples, "messages of {size} bytes");
            let mut count = 0;
            for piece in &pieces {
                assert_eq!(piece.start.0, Flicks(count * Flicks::PER_SECOND / 8_000), "messages of {size} bytes");
                assert!(piece.samples.len() <= 3_200);
                count += piece.samples.len() as i64 / 2;
            }
        }
    }
}
