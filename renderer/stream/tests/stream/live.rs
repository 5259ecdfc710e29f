//! Live streams: pieces put together play, at a constant rate, without a gap.

use signing::{FrameRate, VideoFrame};
use stream::{AigcLabel, LiveConfig, LiveContainer, LiveEncoder, Metadata, StreamError};

fn config(container: LiveContainer, rate: FrameRate) -> LiveConfig {
    LiveConfig { size: (64, 48), rate, container, metadata: Metadata::new(AigcLabel::new("test", "1")) }
}

fn picture(rate: FrameRate, index: u64) -> VideoFrame {
    let shade = u8::try_from(index % 256).unwrap();
    VideoFrame::new(rate.time_of(index), 64, 48, vec![shade; 64 * 48 * 4]).unwrap()
}

#[test]
fn pieces_in_order_are_a_stream_of_constant_rate() {
    let folder = tempfile::tempdir().unwrap();
    for (name, container) in [("a.mp4", LiveContainer::FragmentedMp4), ("a.ts", LiveContainer::MpegTs)] {
        for rate in [FrameRate::PAL, FrameRate::new(30_000, 1_001).unwrap(), FrameRate::new(50, 1).unwrap()] {
            let (mut live, head) = LiveEncoder::open(config(container, rate)).unwrap();
            let mut bytes = head.data;
            for index in 0..130 {
                let piece = live.push(&picture(rate, index)).unwrap();
                assert!(!piece.data.is_empty(), "{name}: frame {index} comes out at once");
                assert_eq!((piece.time, piece.frames), (rate.time_of(index), 1), "{name}");
                assert_eq!(
                    piece.key,
                    index % u64::from(rate.num() * 2).div_ceil(u64::from(rate.den())) == 0,
                    "{index}"
                );
                bytes.extend(piece.data);
            }
            bytes.extend(live.finish().unwrap().data);
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let probe = stream::probe(&path).unwrap();
            assert_eq!(probe.frames.len(), 130, "{name} {rate}");
            assert_eq!(stream::decode_rgba(&path).unwrap().count(), 130, "{name} {rate}");
        }
    }
}

#[test]
fn a_fragmented_stream_says_that_it_is_generated() {
    let folder = tempfile::tempdir().unwrap();
    let (mut live, head) = LiveEncoder::open(config(LiveContainer::FragmentedMp4, FrameRate::PAL)).unwrap();
    let mut bytes = head.data;
    bytes.extend(live.push(&picture(FrameRate::PAL, 0)).unwrap().data);
    // Not finished: what has come so far plays.
    let path = folder.path().join("a.mp4");
    std::fs::write(&path, bytes).unwrap();
    assert!(stream::probe(&path).unwrap().metadata("AIGC").unwrap().contains("\"Label\":\"1\""));
}

#[test]
fn a_repeated_or_missing_frame_is_refused_and_the_stream_goes_on() {
    let rate = FrameRate::PAL;
    let (mut live, _) = LiveEncoder::open(config(LiveContainer::FragmentedMp4, rate)).unwrap();
    live.push(&picture(rate, 0)).unwrap();
    assert!(matches!(live.push(&picture(rate, 0)).unwrap_err(), StreamError::NotMonotonic { .. }));
    assert!(matches!(live.push(&picture(rate, 2)).unwrap_err(), StreamError::NotConstant { .. }));
    live.push(&picture(rate, 1)).unwrap();
}

#[test]
fn motion_jpeg_is_a_picture_a_piece_with_its_colours_and_what_it_says_of_itself() {
    let rate = FrameRate::PAL;
    let folder = tempfile::tempdir().unwrap();
    let (mut live, head) = LiveEncoder::open(config(LiveContainer::Jpeg, rate)).unwrap();
    assert!(head.data.is_empty(), "nothing comes before the first picture");
    for (index, color) in [[200, 30, 40, 255], [16, 128, 235, 255], [250, 250, 250, 255]].into_iter().enumerate() {
        let pixels = std::iter::repeat_n(color, 64 * 48).flatten().collect();
        let frame = VideoFrame::new(rate.time_of(index as u64), 64, 48, pixels).unwrap();
        let piece = live.push(&frame).unwrap();
        assert!(piece.key && piece.frames == 1 && piece.data.starts_with(&[0xff, 0xd8, 0xff, 0xfe]), "{index}");
        assert!(piece.data.ends_with(&[0xff, 0xd9]), "{index}: a whole picture");
        let says = piece.data.windows(6).any(|window| window == b"AIGC={");
        assert!(says, "{index}: the picture says that it is generated");
        let path = folder.path().join("a.jpg");
        std::fs::write(&path, piece.data).unwrap();
        let decoded = stream::decode_rgba(&path).unwrap().next().unwrap().unwrap();
        let middle = &decoded.rgba()[(24 * 64 + 32) * 4..][..3];
        for (found, expected) in middle.iter().zip(color) {
            assert!(found.abs_diff(expected) <= 6, "{index}: {middle:?} for {color:?}");
        }
    }
}

#[test]
fn a_stream_goes_on_with_another_encoder_at_the_next_frame() {
    let folder = tempfile::tempdir().unwrap();
    for (name, container) in [("a.mp4", LiveContainer::FragmentedMp4), ("a.ts", LiveContainer::MpegTs)] {
        let rate = FrameRate::PAL;
        let mut bytes = Vec::new();
        for (before, until) in [(0, 40), (40, 41), (41, 130)] {
            let (mut live, head) = LiveEncoder::open_at(config(container, rate), before).unwrap();
            assert_eq!(head.time, rate.time_of(before), "{name}");
            bytes.extend(head.data);
            for index in before..until {
                let piece = live.push(&picture(rate, index)).unwrap();
                assert_eq!((piece.time, piece.frames), (rate.time_of(index), 1), "{name}");
                assert_eq!(piece.key, index == before || (index - before) % 50 == 0, "{name}: frame {index}");
                bytes.extend(piece.data);
            }
            // Lost: nothing of its end comes.
        }
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let probe = stream::probe(&path).unwrap();
        assert_eq!(probe.frames.len(), 130, "{name}");
        let steps: Vec<_> = probe.frames.windows(2).map(|pair| pair[1].pts - pair[0].pts).collect();
        assert!(steps.windows(2).all(|pair| pair[0] == pair[1]), "{name}: {steps:?}");
        assert_eq!(stream::decode_rgba(&path).unwrap().count(), 130, "{name}");
    }
}
