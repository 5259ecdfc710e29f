//! What can't be written is refused clearly, and nothing is left behind.

use std::{fs, path::Path};

use signing::{FrameRate, VideoFrame};
use stream::{Encoder, EncoderConfig, OutputFormat, StreamError, Transparency, decode_rgba, probe};

use crate::support::{config, listing, moving};

fn mp4() -> EncoderConfig {
    config(OutputFormat::Mp4, Transparency::Opaque)
}

fn refusal(path: &Path, config: EncoderConfig) -> StreamError {
    Encoder::open(path, config).map(|_| ()).expect_err("must be refused")
}

#[test]
fn impossible_requests_are_refused_before_a_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    let size = |width, height| EncoderConfig { width, height, ..mp4() };
    let nul = {
        let mut config = mp4();
        config.metadata.comment = Some("a\0b".to_owned());
        config
    };
    for (config, expected) in [
        (size(1, 1), "1×1"),
        (size(20_000, 20_000), "20000×20000"),
        (size(0, 720), "16 to 7680"),
        (size(1280, 7681), "16 to 7680"),
        (size(u32::MAX, u32::MAX), "16 to 7680"),
        (size(1281, 721), "1280×720"),
        (EncoderConfig { transparency: Transparency::Alpha, ..mp4() }, ".webm (VP9) or .mov"),
        (nul, "metadata comment"),
    ] {
        let message = refusal(&path, config.clone()).to_string();
        assert!(message.contains(expected), "{message}: expected to hold {expected:?}");
        assert_eq!(config.validate().unwrap_err().to_string(), message, "checked without a file too");
    }
    assert!(listing(folder.path()).is_empty());
}

#[test]
fn impossible_rates_cannot_be_asked_for() {
    for (num, den) in [(0, 1), (241, 1), (25, 0)] {
        assert!(FrameRate::new(num, den).is_err(), "{num}/{den}");
    }
}

#[test]
fn impossible_paths_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "").unwrap();
    fs::create_dir(at("folder.mp4")).unwrap();
    let before = listing(folder.path());
    for (path, expected) in [
        (at("missing/a.mp4"), "folder"),
        (at("file/a.mp4"), "folder"),
        (at("folder.mp4"), "it is a folder"),
        ("/proc/a.mp4".into(), "can't be written"),
        ("".into(), "folder"),
        ("/".into(), "folder"),
        ("..".into(), "folder"),
        (at(&format!("{}.mp4", "长".repeat(100))), "can't be written"),
    ] {
        let message = refusal(&path, mp4()).to_string();
        assert!(message.contains(expected), "{}: {message}", path.display());
    }
    assert_eq!(listing(folder.path()), before);
}

#[test]
fn a_name_like_a_protocol_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["tcp:9.mp4", "%03d 'a'.mp4", "-y.mp4", "字幕？.mp4"] {
        let mut encoder = Encoder::open(folder.path().join(name), mp4()).unwrap();
        encoder.push(&moving(&mp4(), 0)).unwrap();
        encoder.finish().unwrap();
        assert_eq!(probe(folder.path().join(name)).unwrap().frames.len(), 1, "{name}");
    }
    assert_eq!(listing(folder.path()).len(), 4);
}

#[test]
fn nothing_is_left_when_a_stream_is_dropped() {
    for format in OutputFormat::ALL {
        let folder = tempfile::tempdir().unwrap();
        let config = config(format, Transparency::Opaque);
        let path = folder.path().join(format!("a.{}", format.extension()));
        fs::write(&path, "an older file").unwrap();
        let mut encoder = Encoder::open(&path, config.clone()).unwrap();
        for index in 0..3 {
            encoder.push(&moving(&config, index)).unwrap();
        }
        assert_eq!(listing(folder.path()).len(), 2, "{format}: the hidden file and the older one");
        assert_eq!(fs::read(&path).unwrap(), b"an older file", "{format}");
        drop(encoder);
        assert_eq!(listing(folder.path()).len(), 1, "{format}");
        assert_eq!(fs::read(&path).unwrap(), b"an older file", "{format}");
    }
}

#[test]
fn an_older_file_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    fs::write(&path, vec![7; 1_000_000]).unwrap();
    let mut encoder = Encoder::open(&path, mp4()).unwrap();
    encoder.push(&moving(&mp4(), 0)).unwrap();
    encoder.finish().unwrap();
    assert_eq!(probe(&path).unwrap().frames.len(), 1);
    assert_eq!(listing(folder.path()), ["a.mp4"]);
}

#[test]
fn a_stream_without_a_frame_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let encoder = Encoder::open(folder.path().join("a.mp4"), mp4()).unwrap();
    assert!(matches!(encoder.finish(), Err(StreamError::Empty { .. })));
    assert!(listing(folder.path()).is_empty());
}

#[test]
fn a_wrong_frame_is_refused_and_the_stream_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    let mut encoder = Encoder::open(&path, mp4()).unwrap();
    for index in [0, 1, 2] {
        encoder.push(&moving(&mp4(), index)).unwrap();
    }
    assert!(matches!(encoder.push(&moving(&mp4(), 2)), Err(StreamError::NotMonotonic { .. })), "repeated");
    assert!(matches!(encoder.push(&moving(&mp4(), 0)), Err(StreamError::NotMonotonic { .. })), "earlier");
    assert!(matches!(encoder.push(&moving(&mp4(), 4)), Err(StreamError::NotConstant { .. })), "one left out");
    let small = VideoFrame::new(mp4().rate.time_of(3), 8, 8, vec![0; 256]).unwrap();
    assert!(matches!(encoder.push(&small), Err(StreamError::FrameSize { found_width: 8, .. })));
    encoder.push(&moving(&mp4(), 3)).unwrap();
    assert_eq!(encoder.finish().unwrap().frames, 4);
    assert_eq!(probe(&path).unwrap().frames.len(), 4);
}

#[test]
fn reading_what_is_no_video_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("empty.mp4", &b""[..]), ("text.mp4", b"no video at all"), ("zeros.webm", &[0; 5_000])] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        assert!(probe(&path).is_err(), "{name}");
        assert!(decode_rgba(&path).is_err(), "{name}");
    }
    assert!(probe(folder.path().join("missing.mp4")).is_err());
    assert!(probe(folder.path()).is_err(), "a folder");
}
