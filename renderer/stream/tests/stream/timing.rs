//! Codec, colour tags, constant rate, exact length, metadata.

use signing::{Flicks, OutputTime, VideoFrame};
use stream::{
    AIGC_KEY, Encoder, EncoderConfig, Latency, MAX_SIDE, MIN_SIDE, OutputFormat, Transparency, decode_rgba, probe,
};

use crate::support::{HEIGHT, WIDTH, config, encode, listing, moving, picture, rate};

#[test]
fn each_format_holds_what_it_promises() {
    use OutputFormat::{Mov, Mp4, Webm};
    use Transparency::{Alpha, Opaque};
    let folder = tempfile::tempdir().unwrap();
    for (format, transparency, codec, pixel_format) in [
        (Mp4, Opaque, "h264", "yuv420p"),
        (Webm, Opaque, "vp9", "yuv420p"),
        (Webm, Alpha, "vp9", "yuv420p"), // the second half of each block holds the alpha
        (Mov, Opaque, "prores", "yuv444p1"), // written with 10 bits; newer decoders say 12
        (Mov, Alpha, "prores", "yuva444p1"),
    ] {
        let case = format!("{format} {transparency:?}");
        let path = folder.path().join(format!("手语 {transparency:?}.{}", format.extension()));
        let summary = encode(&path, &config(format, transparency), 10, moving);
        assert_eq!((summary.frames, &summary.path), (10, &path), "{case}");
        assert_eq!(summary.bytes, std::fs::metadata(&path).unwrap().len(), "{case}");

        let found = probe(&path).unwrap();
        assert_eq!(found.codec, codec, "{case}");
        assert!(found.pixel_format.starts_with(pixel_format), "{case}: {}", found.pixel_format);
        assert_eq!((found.width, found.height), (WIDTH, HEIGHT), "{case}");
        assert_eq!(found.has_alpha, transparency == Alpha, "{case}");
        for (tag, name) in
            [(&found.color_space, "matrix"), (&found.color_primaries, "primaries"), (&found.color_transfer, "transfer")]
        {
            assert_eq!(tag.as_deref(), Some("bt709"), "{case}: {name}");
        }
        // ProRes is limited by definition and carries no range flag.
        if format != Mov {
            assert_eq!(found.color_range.as_deref(), Some("tv"), "{case}");
        }
        let aigc = found.metadata(AIGC_KEY).unwrap_or_default();
        for part in [r#""Label":"1""#, r#""ContentProducer":"Shouyu""#, r#""ProduceID":"0123456789abcdef""#] {
            assert!(aigc.contains(part), "{case}: {aigc}");
        }
        assert_eq!(found.metadata("comment"), Some("csl 0.1.0; shouyu 0.1.0"), "{case}");
        assert_eq!(found.metadata("title"), Some("你好，世界。"), "{case}");
    }
    assert_eq!(listing(folder.path()).len(), 5, "no hidden file is left");
}

#[test]
fn mp4_says_bt709_in_its_colr_box() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    encode(&path, &config(OutputFormat::Mp4, Transparency::Opaque), 3, moving);
    let bytes = std::fs::read(&path).unwrap();
    // ISO 23091-2: primaries 1, transfer 1, matrix 1, full range flag 0.
    let expected = b"colrnclx\x00\x01\x00\x01\x00\x01\x00";
    assert!(bytes.windows(expected.len()).any(|window| window == expected));
    // Index before data: a player can start before it has all.
    let position = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
    assert!(position(b"moov") < position(b"mdat"));
}

#[test]
fn the_rate_is_constant_and_the_length_exact() {
    let folder = tempfile::tempdir().unwrap();
    for format in OutputFormat::ALL {
        for (text, count) in [("25", 33), ("50", 61), ("30000/1001", 31), ("60000/1001", 7), ("24", 1), ("240", 25)] {
            let case = format!("{format} at {text}");
            let config = EncoderConfig { rate: rate(text), ..config(format, Transparency::Opaque) };
            let path = folder.path().join(format!("a.{}", format.extension()));
            let summary = encode(&path, &config, count, moving);
            let length = config.rate.time_of(count).0;
            assert_eq!(summary.duration, length, "{case}");

            let found = probe(&path).unwrap();
            assert_eq!(found.frames.len() as u64, count, "{case}");
            assert_eq!(found.frames[0].pts, 0, "{case}: starts at zero");
            let rate = (config.rate.num().cast_signed(), config.rate.den().cast_signed());
            let (num, den) = found.average_rate;
            let off = f64::from(num) / f64::from(den) / config.rate.as_f64() - 1.0;
            // WebM holds the length of a frame in nanoseconds.
            assert!(off.abs() < if format == OutputFormat::Webm { 1e-6 } else { 1e-12 }, "{case}: {num}/{den}");
            if format == OutputFormat::Webm {
                // Times are rounded to milliseconds there.
                for (index, frame) in (0..).zip(&found.frames) {
                    let millis = Flicks::from_millis(1).0;
                    let rounded = (config.rate.time_of(index).0.0 + millis / 2) / millis;
                    assert_eq!(frame.pts, rounded, "{case}: frame {index}");
                }
                assert!((found.duration.as_secs() - length.as_secs()).abs() <= 0.001, "{case}: {:?}", found.duration);
            } else {
                let (num, den) = found.time_base;
                // One frame lasts `den / (num × rate)` ticks, a whole number.
                let per_frame = i64::from(den) * i64::from(rate.1) / (i64::from(num) * i64::from(rate.0));
                assert_eq!(
                    per_frame * i64::from(num) * i64::from(rate.0),
                    i64::from(den) * i64::from(rate.1),
                    "{case}"
                );
                for (index, frame) in (0..).zip(&found.frames) {
                    assert_eq!((frame.pts, frame.duration), (index * per_frame, per_frame), "{case}: frame {index}");
                }
                // FFmpeg gives the length in microseconds.
                assert!((found.duration.as_secs() - length.as_secs()).abs() < 2e-6, "{case}: {:?}", found.duration);
            }
        }
    }
}

#[test]
fn decoded_frames_come_in_order_at_their_times() {
    let folder = tempfile::tempdir().unwrap();
    for format in OutputFormat::ALL {
        let config = EncoderConfig { rate: rate("50"), ..config(format, Transparency::Opaque) };
        let path = folder.path().join(format!("a.{}", format.extension()));
        encode(&path, &config, 40, moving);
        let decoded: Vec<_> = decode_rgba(&path).unwrap().map(Result::unwrap).collect();
        assert_eq!(decoded.len(), 40, "{format}");
        for (index, frame) in (0..).zip(&decoded) {
            assert_eq!(frame.time(), config.rate.time_of(index), "{format}: frame {index}");
            let expected = moving(&config, index);
            let off = mean_difference(frame, &expected);
            let wrong_frame = mean_difference(frame, &moving(&config, index + 3));
            assert!(
                off < 4.0 && off < wrong_frame,
                "{format}: frame {index} is off by {off}, by {wrong_frame} from a later one"
            );
        }
    }
}

fn mean_difference(a: &VideoFrame, b: &VideoFrame) -> f64 {
    let sum: u64 = a.rgba().iter().zip(b.rgba()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.rgba().len() as f64
}

#[test]
fn the_first_frame_sets_the_zero() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    let config = config(OutputFormat::Mp4, Transparency::Opaque);
    let mut encoder = Encoder::open(&path, config.clone()).unwrap();
    for index in 0..5 {
        let time = OutputTime(Flicks(123)) + config.rate.time_of(index).0;
        let frame = VideoFrame::new(time, WIDTH, HEIGHT, moving(&config, index).into_rgba()).unwrap();
        encoder.push(&frame).unwrap();
    }
    encoder.finish().unwrap();
    let found = probe(&path).unwrap();
    assert_eq!((found.frames[0].pts, found.frames.len()), (0, 5));
}

#[test]
fn live_gives_a_packet_for_each_frame() {
    let folder = tempfile::tempdir().unwrap();
    for format in [OutputFormat::Mp4, OutputFormat::Webm] {
        let config = EncoderConfig { latency: Latency::Live, ..config(format, Transparency::Opaque) };
        let path = folder.path().join(format!("a.{}", format.extension()));
        let mut encoder = Encoder::open(&path, config.clone()).unwrap();
        for index in 0..12 {
            encoder.push(&moving(&config, index)).unwrap();
            assert_eq!(encoder.packets_written(), index + 1, "{format}");
        }
        assert!(encoder.bytes_written() > 0);
        encoder.finish().unwrap();
        assert_eq!(probe(&path).unwrap().frames.len(), 12, "{format}");
    }
}

#[test]
fn equal_input_gives_equal_files() {
    let folder = tempfile::tempdir().unwrap();
    for format in OutputFormat::ALL {
        let bytes = ["a", "b"].map(|name| {
            let path = folder.path().join(format!("{name}.{}", format.extension()));
            encode(&path, &config(format, Transparency::Opaque), 30, moving);
            std::fs::read(path).unwrap()
        });
        assert!(bytes[0] == bytes[1], "{format}");
    }
}

#[test]
fn the_smallest_the_longest_and_odd_sizes_encode() {
    let folder = tempfile::tempdir().unwrap();
    for (format, width, height) in [
        (OutputFormat::Mp4, MIN_SIDE, MIN_SIDE),
        (OutputFormat::Webm, MIN_SIDE, MIN_SIDE),
        (OutputFormat::Mov, MIN_SIDE, MIN_SIDE),
        (OutputFormat::Mp4, MIN_SIDE, MAX_SIDE),
        (OutputFormat::Webm, MAX_SIDE, MIN_SIDE),
        (OutputFormat::Mov, MAX_SIDE, MIN_SIDE),
        (OutputFormat::Mp4, 854, 482),
        (OutputFormat::Webm, 854, 482),
        (OutputFormat::Mov, 855, 481),
    ] {
        let case = format!("{format} {width}×{height}");
        let transparency = if format.has_alpha() { Transparency::Alpha } else { Transparency::Opaque };
        let config = EncoderConfig { width, height, ..config(format, transparency) };
        let path = folder.path().join(format!("a.{}", format.extension()));
        encode(&path, &config, 2, |config, index| picture(config, index, |x, y| [x as u8, y as u8, 99, 255]));
        let found = probe(&path).unwrap();
        assert_eq!((found.width, found.height, found.frames.len()), (width, height, 2), "{case}");
    }
}

#[test]
fn an_encoder_may_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Encoder>();
}
