//! The servers over loopback: what a client gets, what is refused, what is bounded.

use std::{net::SocketAddr, time::Duration};

use proto::v1::{
    self, Output, signing_service_client::SigningServiceClient, streaming_sign_request::Content as In,
    streaming_sign_response::Content as Out, understanding_service_client::UnderstandingServiceClient,
};
use server::{Config, Key, Server, sha256_hex};
use tokio::{sync::oneshot, task::JoinHandle};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Status, transport::Channel};
use tonic_types::StatusExt as _;

/// A server that ends with its guard.
struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
        config.limits.calls = 1_000;
        config.limits.drain_secs = 20;
        config.speech.enabled = false;
        change(&mut config);
        let server = Server::bind(config).await.unwrap();
        let address = server.address().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            server.run(stop).await.unwrap();
        });
        let this = Self { address, stop: Some(stop), task };
        this.wait_until_warm().await;
        this
    }

    async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    async fn client(&self) -> SigningServiceClient<Channel> {
        SigningServiceClient::new(self.channel().await).max_decoding_message_size(64 << 20)
    }

    async fn wait_until_warm(&self) {
        loop {
            // Nothing to interpret: refused as such as soon as something could be.
            let mut client = UnderstandingServiceClient::new(self.channel().await);
            match client.interpret(v1::InterpretRequest::default()).await.unwrap_err().code() {
                Code::Unavailable => tokio::time::sleep(Duration::from_millis(50)).await,
                _ => return,
            }
            if self.task.is_finished() {
                panic!("the server ended");
            }
        }
    }

    async fn stop(mut self) {
        let _ = self.stop.take().unwrap().send(());
        self.task.await.unwrap();
    }
}

fn config(outputs: &[Output]) -> v1::SigningConfig {
    v1::SigningConfig {
        outputs: outputs.iter().map(|&output| output.into()).collect(),
        video: Some(v1::VideoConfig { width: 160, height: 120, ..v1::VideoConfig::default() }),
        ..v1::SigningConfig::default()
    }
}

fn say(id: &str, text: &str) -> In {
    In::Text(v1::TextInput { text: text.to_owned(), utterance_id: id.to_owned(), said_at_flicks: None })
}

/// Sends `contents` in one session and reads it to its end.
async fn session(client: &mut SigningServiceClient<Channel>, contents: Vec<In>) -> (Vec<Out>, Result<(), Status>) {
    let requests = contents.into_iter().map(|content| v1::StreamingSignRequest { content: Some(content) });
    let mut responses = match client.streaming_sign(tokio_stream::iter(requests.collect::<Vec<_>>())).await {
        Ok(responses) => responses.into_inner(),
        Err(status) => return (Vec::new(), Err(status)),
    };
    let mut out = Vec::new();
    loop {
        match responses.message().await {
            Ok(Some(response)) => out.push(response.content.unwrap()),
            Ok(None) => return (out, Ok(())),
            Err(status) => return (out, Err(status)),
        }
    }
}

fn events(out: &[Out]) -> Vec<(v1::EventKind, String)> {
    out.iter()
        .filter_map(|content| match content {
            Out::Event(event) => Some((event.kind(), event.utterance_id.clone())),
            _ => None,
        })
        .collect()
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_carries_sentences_poses_and_video_that_plays_without_a_gap() {
    let server = Running::start(|_| {}).await;
    let mut client = server.client().await;
    let outputs = [Output::Transcript, Output::Sentence, Output::Pose, Output::Video];
    let contents = vec![In::Config(config(&outputs)), say("a", "你好。"), In::End(v1::EndOfInput {})];
    let (out, end) = session(&mut client, contents).await;
    end.unwrap();
    assert!(matches!(out[0], Out::SessionStarted(_)) && matches!(out[1], Out::PoseHeader(_)));
    let times: Vec<i64> = out
        .iter()
        .filter_map(|content| if let Out::Poses(chunk) = content { Some(&chunk.frames) } else { None })
        .flatten()
        .map(|frame| frame.time_flicks)
        .collect();
    assert!(times.iter().enumerate().all(|(index, time)| *time == index as i64 * 28_224_000), "{times:?}");
    let mut bytes = Vec::new();
    for content in &out {
        if let Out::Video(chunk) = content {
            bytes.extend_from_slice(&chunk.data);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(stream::probe(&path).unwrap().frames.len(), times.len(), "a picture for each pose");
    let kinds = events(&out);
    let own = |kind| (kind, "a".to_owned());
    assert_eq!(kinds, [own(v1::EventKind::UtteranceStarted), own(v1::EventKind::UtteranceFinished)]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_at_once_never_mix() {
    let server = Running::start(|_| {}).await;
    let texts = ["我去北京。", "他喜欢下雪。"];
    let mut alone = Vec::new();
    for text in texts {
        let request =
            v1::SignRequest { text: text.to_owned(), config: Some(config(&[Output::Sentence, Output::Pose])) };
        alone.push(server.client().await.sign(request).await.unwrap().into_inner());
    }
    for _ in 0..20 {
        let both = [0, 1].map(|index| {
            let text = texts[index].to_owned();
            let client = server.client();
            async move {
                let request = v1::SignRequest { text, config: Some(config(&[Output::Sentence, Output::Pose])) };
                client.await.sign(request).await.unwrap().into_inner()
            }
        });
        let [first, second] = both;
        let (first, second) = tokio::join!(first, second);
        for (found, expected) in [(first, &alone[0]), (second, &alone[1])] {
            assert!(found.poses == expected.poses && found.sentences == expected.sentences, "a session heard another");
        }
    }
    assert!(alone[0].poses != alone[1].poses, "the comparison can fail");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_refused_by_reason_and_the_server_goes_on() {
    let server = Running::start(|config| config.limits.first_message_secs = 1).await;
    let mut client = server.client().await;
    let video = |width, height| {
        let mut config = config(&[Output::Video]);
        config.video = Some(v1::VideoConfig { width, height, ..v1::VideoConfig::default() });
        In::Config(config)
    };
    let bad_output = v1::SigningConfig { outputs: vec![99], ..v1::SigningConfig::default() };
    for (first, expected) in [
        (say("a", "你好"), "CONFIG_FIRST"),
        (In::Config(bad_output), "OUTPUT"),
        (video(321, 240), "SIZE"),
        (video(100_000, 240), "SIZE"),
        (In::Config(v1::SigningConfig { sign_language: "ase".to_owned(), ..config(&[]) }), "SIGN_LANGUAGE"),
    ] {
        let (_, end) = session(&mut client, vec![first]).await;
        assert_eq!(reason(&end.unwrap_err()), expected);
    }
    // What is wrong within a session is said, and the session goes on.
    let contents = vec![
        In::Config(config(&[Output::Sentence])),
        In::Audio(vec![0; 100]),
        say("long", &"长".repeat(10_001)),
        say("a", "你好。"),
        In::End(v1::EndOfInput {}),
    ];
    let (out, end) = session(&mut client, contents).await;
    end.unwrap();
    let kinds: Vec<v1::EventKind> = events(&out).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds[..2], [v1::EventKind::Warning; 2]);
    assert!(kinds.contains(&v1::EventKind::UtteranceFinished));
    // A client that sends nothing.
    let (_held, requests) = tokio::sync::mpsc::channel::<v1::StreamingSignRequest>(1);
    let error = client.streaming_sign(ReceiverStream::new(requests)).await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::DeadlineExceeded, "CLIENT_SILENT"));
    // A message beyond the limit.
    let big = v1::SignRequest { text: "a".repeat(5 << 20), config: None };
    assert_eq!(client.sign(big).await.unwrap_err().code(), Code::OutOfRange);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_session_is_refused_and_told_when_to_come_back() {
    let server = Running::start(|config| config.limits.pixels_per_sec = (160 * 120 + 460_800) * 25 * 3 / 2).await;
    let (hold, requests) = tokio::sync::mpsc::channel(4);
    let first = v1::StreamingSignRequest { content: Some(In::Config(config(&[Output::Video]))) };
    hold.send(first).await.unwrap();
    let mut client = server.client().await;
    let mut running = client.streaming_sign(ReceiverStream::new(requests)).await.unwrap().into_inner();
    running.message().await.unwrap().unwrap();
    let (_, end) = session(&mut server.client().await, vec![In::Config(config(&[Output::Video]))]).await;
    let error = end.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::ResourceExhausted, "RENDER_CAPACITY"));
    assert!(error.get_details_retry_info().unwrap().retry_delay.is_some());
    // Poses cost no pixels.
    let contents = vec![In::Config(config(&[Output::Pose])), In::End(v1::EndOfInput {})];
    session(&mut server.client().await, contents).await.1.unwrap();
    drop(hold);
    while running.message().await.unwrap().is_some() {}
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_asked_for_and_their_quota_holds() {
    let key = Key { sha256: sha256_hex("secret"), sessions: 1, calls_per_minute: 3, ..Key::new("a") };
    let mut config = Config { listen: ([127, 0, 0, 1], 0).into(), keys: vec![key], ..Config::default() };
    config.role = server::Role::Understanding;
    let bound = Server::bind(config).await.unwrap();
    let address = bound.address().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(bound.run(async {
        let _ = stopped.await;
    }));
    let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    let mut client = v1::lexicon_service_client::LexiconServiceClient::new(channel);
    let mut call = async |key: Option<&str>| {
        let mut request = Request::new(v1::LookUpRequest { word: "没有这个词".to_owned() });
        if let Some(key) = key {
            request.metadata_mut().insert("x-api-key", key.parse().unwrap());
        }
        reason(&client.look_up(request).await.unwrap_err())
    };
    assert_eq!(call(None).await, "KEY_MISSING");
    assert_eq!(call(Some("guess")).await, "KEY_UNKNOWN");
    let known: Vec<String> =
        [call(Some("secret")).await, call(Some("secret")).await, call(Some("secret")).await].into();
    assert!(known.iter().all(|reason| ["NO_SIGN", "WARMING_UP"].contains(&reason.as_str())), "{known:?}");
    assert_eq!(call(Some("secret")).await, "CALLS_PER_MINUTE");
    let _ = stop.send(());
    task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_lets_a_session_sign_what_waits_and_then_ends_it() {
    let server = Running::start(|_| {}).await;
    let (hold, requests) = tokio::sync::mpsc::channel(4);
    for content in [In::Config(config(&[Output::Pose])), say("a", "我去北京。")] {
        hold.send(v1::StreamingSignRequest { content: Some(content) }).await.unwrap();
    }
    let mut client = server.client().await;
    let mut running = client.streaming_sign(ReceiverStream::new(requests)).await.unwrap().into_inner();
    let mut out = vec![running.message().await.unwrap().unwrap().content.unwrap()];
    while !events(&out).iter().any(|(kind, _)| *kind == v1::EventKind::UtteranceStarted) {
        out.push(running.message().await.unwrap().unwrap().content.unwrap());
    }
    let stopping = tokio::spawn(server.stop());
    while let Some(response) = running.message().await.unwrap() {
        out.push(response.content.unwrap());
    }
    assert!(events(&out).contains(&(v1::EventKind::UtteranceFinished, "a".to_owned())));
    drop((hold, running, client));
    stopping.await.unwrap();
}

/// The sound of a spoken sentence, 24 kHz, as the wire wants it.
fn spoken() -> (v1::AudioConfig, Vec<Vec<u8>>) {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/speech/tests/fixtures/said/hospital.wav");
    let (mut rate, mut bytes) = (0, Vec::new());
    for chunk in stream::decode_sound(&path).unwrap() {
        let chunk = chunk.unwrap();
        assert_eq!(chunk.channels, 1);
        rate = chunk.rate;
        bytes.extend(chunk.samples.iter().flat_map(|sample| sample.to_le_bytes()));
    }
    let config = v1::AudioConfig {
        encoding: v1::AudioEncoding::PcmF32le.into(),
        sample_rate: rate,
        channels: 1,
        language: "zh".to_owned(),
    };
    // Cut in the middle of samples.
    (config, bytes.chunks(9_999).map(<[u8]>::to_vec).collect())
}

async fn recognize(
    channel: Channel,
    config: v1::AudioConfig,
    pieces: Vec<Vec<u8>>,
) -> Result<Vec<v1::Transcript>, Status> {
    use v1::streaming_recognize_request::Content;
    let contents = std::iter::once(Content::Config(config)).chain(pieces.into_iter().map(Content::Audio));
    let requests: Vec<_> = contents.map(|it| v1::StreamingRecognizeRequest { content: Some(it) }).collect();
    let mut client = v1::speech_service_client::SpeechServiceClient::new(channel);
    let mut responses = client.streaming_recognize(tokio_stream::iter(requests)).await?.into_inner();
    let mut transcripts = Vec::new();
    while let Some(response) = responses.message().await? {
        transcripts.push(response.transcript.unwrap());
    }
    Ok(transcripts)
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_is_heard_and_signed_in_one_process_and_by_a_role_of_its_own() {
    let server = Running::start(|config| config.speech.enabled = true).await;
    let (audio, pieces) = spoken();
    let transcripts = recognize(server.channel().await, audio.clone(), pieces.clone()).await.unwrap();
    let said = |it: &v1::Transcript| it.stable.then(|| it.text.clone());
    let alone: String = transcripts.iter().filter_map(said).collect();
    assert!(alone.contains("医院"), "{transcripts:?}");
    assert!(transcripts.windows(2).all(|pair| pair[0].start_flicks <= pair[1].start_flicks), "{transcripts:?}");

    let peer = format!("http://{}", server.address);
    let gateway = Running::start(|config| {
        config.role = server::Role::Gateway;
        config.speech.enabled = true;
        config.peers.speech = vec![peer];
    })
    .await;
    // A gateway does not understand itself; it answers when it is warm.
    let asked = v1::SignRequest { text: "你好".to_owned(), config: None };
    while let Err(error) = gateway.client().await.sign(asked.clone()).await {
        assert_eq!(reason(&error), "WARMING_UP");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for server in [&server, &gateway] {
        let mut first = config(&[Output::Transcript, Output::Sentence]);
        first.audio = Some(audio.clone());
        let sound = pieces.iter().cloned().map(In::Audio);
        let contents = std::iter::once(In::Config(first)).chain(sound).chain([In::End(v1::EndOfInput {})]).collect();
        let (out, end) = session(&mut server.client().await, contents).await;
        end.unwrap();
        let heard: String = out
            .iter()
            .filter_map(|content| match content {
                Out::Transcript(it) => it.transcript.as_ref().and_then(said),
                _ => None,
            })
            .collect();
        assert_eq!(heard, alone);
        assert!(events(&out).contains(&(v1::EventKind::UtteranceFinished, "a1".to_owned())), "{:?}", events(&out));
    }
    gateway.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_that_can_not_be_heard_is_refused_by_reason() {
    let missing = Running::start(|config| {
        config.speech.enabled = true;
        config.speech.model = Some("no-such-folder".into());
    })
    .await;
    let off = Running::start(|_| {}).await;
    let (audio, pieces) = spoken();
    for (server, code, expected) in
        [(&missing, Code::FailedPrecondition, "NO_SPEECH_MODEL"), (&off, Code::Unimplemented, "NO_SPEECH")]
    {
        let error = recognize(server.channel().await, audio.clone(), pieces.clone()).await.unwrap_err();
        assert_eq!((error.code(), reason(&error).as_str()), (code, expected));
        assert!(code == Code::Unimplemented || error.message().contains("cargo xtask setup"), "{error}");
        let first = v1::SigningConfig { audio: Some(audio.clone()), ..config(&[]) };
        let (_, end) = session(&mut server.client().await, vec![In::Config(first)]).await;
        assert_eq!(reason(&end.unwrap_err()), expected);
    }
    let bad = v1::AudioConfig { sample_rate: 96_000, ..audio };
    let error = recognize(off.channel().await, bad, Vec::new()).await.unwrap_err();
    assert_eq!(reason(&error), "SAMPLE_RATE");
    missing.stop().await;
    off.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_crate_signs_corrects_and_says_why_it_was_refused() {
    use client::{Client, ClientError, Output as Said};
    let server = Running::start(|config| config.limits.sessions = 1).await;
    let client = Client::connect(&format!("http://{}", server.address)).await.unwrap();
    let mut running = client.session(config(&[Output::Sentence])).await.unwrap();
    assert!(!running.started.session_id.is_empty());
    match client.session(config(&[Output::Sentence])).await.unwrap_err() {
        ClientError::Refused(refusal) => {
            assert_eq!((refusal.code, refusal.reason.as_str()), (Code::ResourceExhausted, "SESSIONS"));
            assert!(refusal.retry_after.is_some());
        }
        other => panic!("{other}"),
    }
    running.inputs.text("a", "你好。").await.unwrap();
    running.inputs.text("b", "我去北京。").await.unwrap();
    running.inputs.replace("b", "我去上海。").await.unwrap();
    running.inputs.flush().await.unwrap();
    running.inputs.end().await.unwrap();
    let (mut glosses, mut flushed) = (Vec::new(), false);
    while let Some(output) = running.outputs.next().await.unwrap() {
        match output {
            Said::Sentence(found) => glosses.extend(found.sentence.unwrap().tokens.into_iter().map(|it| it.gloss)),
            Said::Event(event) => flushed |= event.kind() == v1::EventKind::Flushed,
            _ => {}
        }
    }
    assert!(flushed && glosses.iter().any(|gloss| gloss == "上海"), "{glosses:?}");
    // The place of the session is given back a moment after its stream has ended.
    let whole = loop {
        match client.sign("谢谢。", config(&[Output::Sentence, Output::Pose])).await {
            Ok(whole) => break whole,
            Err(ClientError::Refused(refusal)) if refusal.reason == "SESSIONS" => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Err(other) => panic!("{other}"),
        }
    };
    assert!(whole.poses.len() > 10 && whole.sentences.len() == 1);
    server.stop().await;
    let error = Client::connect("http://127.0.0.1:1").await.unwrap_err().to_string();
    assert!(error.contains("is `shouyu serve` running there?"), "{error}");
}
