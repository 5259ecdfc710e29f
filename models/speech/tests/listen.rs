//! One stream from sound to text, with the packaged weights, which `cargo xtask setup` puts into the cache: without them
//! these tests fail.
#![allow(clippy::unwrap_used, reason = "tests state what they expect")]

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use signing::{Flicks, SourceTime};
use speech::{Language, Listener, Model, Numbers, Options, PcmChunk, Span, SpeechError, Vocabulary};

const RATE: u32 = 24_000;

/// Where set-up puts the packaged weights.
fn weights() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let root = set("SHOUYU_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("shouyu")))
        .or_else(|| set("HOME").map(|folder| folder.join(".cache/shouyu")))
        .unwrap();
    root.join("speech")
}

/// The packaged model. Without it nothing here can be tested: what is missing, and that set-up brings it, is in the error.
fn load(limit: usize) -> Arc<Model> {
    let folder = weights();
    let detector = folder.join("silero_vad_16k.safetensors");
    match Model::load(&folder.join("whisper-base-1"), &detector, Numbers::Fast) {
        Ok(model) => Arc::new(model.with_limit(limit)),
        Err(error) => panic!("these tests need what `cargo xtask setup` installs: {error}"),
    }
}

fn model() -> Arc<Model> {
    static MODEL: OnceLock<Arc<Model>> = OnceLock::new();
    // Tests run side by side: more listeners than a machine would serve.
    MODEL.get_or_init(|| load(64)).clone()
}

fn vocabulary() -> Arc<Vocabulary> {
    static VOCABULARY: OnceLock<Arc<Vocabulary>> = OnceLock::new();
    VOCABULARY.get_or_init(|| Arc::new(Vocabulary::new(["医院", "医生"]))).clone()
}

/// 我明天要去医院看医生。
fn said() -> Vec<f32> {
    let bytes = include_bytes!("fixtures/said/hospital.wav");
    bytes[44..].chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0).collect()
}

fn silence(secs: f64) -> Vec<f32> {
    vec![0.0; (secs * f64::from(RATE)) as usize]
}

fn listener(model: &Arc<Model>, interim: bool) -> Listener {
    let interim = interim.then(|| Flicks::from_millis(1_000));
    Listener::new(model, vocabulary(), Options { interim, ..Options::default() }).unwrap()
}

fn chunks(start: SourceTime, samples: &[f32]) -> Vec<PcmChunk> {
    const PART: usize = 2_400;
    let step = Flicks(Flicks::PER_SECOND / 10);
    (0..)
        .zip(samples.chunks(PART))
        .map(|(n, part)| PcmChunk { start: start + step * n, rate: RATE, channels: 1, samples: part.to_vec() })
        .collect()
}

fn heard(listener: &mut Listener, chunks: &[PcmChunk]) -> Vec<Span> {
    let mut spans: Vec<Span> = chunks.iter().flat_map(|chunk| listener.push(chunk).unwrap()).collect();
    spans.extend(listener.finish().unwrap());
    spans
}

fn stable(spans: &[Span]) -> String {
    spans.iter().filter(|span| span.transcript.stable).map(|span| span.transcript.text.as_str()).collect()
}

#[test]
fn a_sentence_is_heard_at_its_time_also_after_ten_hours() {
    let model = model();
    let zero = heard(&mut listener(&model, false), &chunks(SourceTime::ZERO, &said()));
    assert!(stable(&zero).contains("医院"), "{zero:?}");
    let ten_hours = Flicks(Flicks::PER_SECOND * 36_000);
    let later = heard(&mut listener(&model, false), &chunks(SourceTime(ten_hours), &said()));
    assert_eq!(zero.len(), later.len());
    for (a, b) in zero.iter().zip(&later) {
        assert_eq!(a.transcript.text, b.transcript.text);
        assert_eq!(b.transcript.start - a.transcript.start, ten_hours);
        assert_eq!(b.transcript.end - a.transcript.end, ten_hours);
    }
}

#[test]
fn live_text_is_interim_first_and_stable_spans_do_not_overlap() {
    let model = model();
    let sound = [said(), silence(1.0), said(), silence(1.0)].concat();
    let spans = heard(&mut listener(&model, true), &chunks(SourceTime::ZERO, &sound));
    assert!(spans.iter().any(|span| !span.transcript.stable), "{spans:?}");
    let stable: Vec<&Span> = spans.iter().filter(|span| span.transcript.stable).collect();
    assert!(stable.len() >= 2, "{spans:?}");
    for pair in stable.windows(2) {
        assert!(pair[0].transcript.end <= pair[1].transcript.start, "{pair:?}");
    }
}

#[test]
fn a_reader_who_hardly_breathes_is_heard_in_clauses() {
    let said = said();
    let loud = |sample: &f32| sample.abs() > 0.02;
    let voice = said.iter().position(loud).unwrap()..said.iter().rposition(loud).unwrap();
    let sound = [&said[voice], &silence(0.2)].concat().repeat(6);
    let spans = heard(&mut listener(&model(), true), &chunks(SourceTime::ZERO, &sound));
    let stable: Vec<&Span> = spans.iter().filter(|span| span.transcript.stable).collect();
    assert!(stable.len() >= 3, "{spans:?}");
    for span in stable {
        // A sentence that is said again at once may be written once.
        assert!(span.transcript.text.contains("医院"), "{span:?}");
        let secs = (span.transcript.end - span.transcript.start).as_secs();
        assert!(secs < 6.5, "{secs} s: {span:?}");
    }
}

#[test]
fn a_gap_keeps_its_time_and_closes_what_was_said() {
    let model = model();
    let jump = SourceTime(Flicks(Flicks::PER_SECOND * 100));
    let all = [chunks(SourceTime::ZERO, &said()), chunks(jump, &said())].concat();
    let spans = heard(&mut listener(&model, false), &all);
    assert!(spans.first().unwrap().transcript.end < SourceTime(Flicks::from_millis(4_000)));
    assert!(spans.last().unwrap().transcript.start >= jump);
}

#[test]
fn silence_noise_and_music_say_nothing() {
    let model = model();
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    let noise: Vec<f32> = (0..RATE * 10).map(|_| random() * 0.4).collect();
    let chord: Vec<f32> = (0..RATE * 10)
        .map(|n| {
            let secs = n as f32 / RATE as f32;
            let beat = (-4.0 * (secs % 0.5)).exp();
            [262.0, 330.0, 392.0].iter().map(|tone| (std::f32::consts::TAU * tone * secs).sin()).sum::<f32>()
                * 0.2
                * beat
        })
        .collect();
    for (name, sound) in [("silence", silence(10.0)), ("noise", noise), ("music", chord)] {
        let spans = heard(&mut listener(&model, true), &chunks(SourceTime::ZERO, &sound));
        assert_eq!(stable(&spans), "", "{name}");
    }
}

#[test]
fn streams_side_by_side_hear_only_themselves() {
    let model = model();
    let (speech, nothing) = (chunks(SourceTime::ZERO, &said()), chunks(SourceTime::ZERO, &silence(3.4)));
    let alone = heard(&mut listener(&model, false), &speech);
    let (mut a, mut b) = (listener(&model, false), listener(&model, false));
    let (mut from_a, mut from_b) = (Vec::new(), Vec::new());
    for (one, other) in speech.iter().zip(&nothing) {
        from_a.extend(a.push(one).unwrap());
        from_b.extend(b.push(other).unwrap());
    }
    from_a.extend(speech[nothing.len().min(speech.len())..].iter().flat_map(|chunk| a.push(chunk).unwrap()));
    from_a.extend(a.finish().unwrap());
    from_b.extend(b.finish().unwrap());
    assert_eq!(from_a, alone);
    assert_eq!(from_b, []);
}

#[test]
fn one_listener_too_many_is_refused_until_another_has_ended() {
    let model = load(1);
    let first = listener(&model, false);
    let refused = Listener::new(&model, vocabulary(), Options { language: Language::Chinese, ..Options::default() });
    assert!(matches!(refused, Err(SpeechError::Busy { found: 1, limit: 1 })));
    drop(first);
    listener(&model, false);
}
