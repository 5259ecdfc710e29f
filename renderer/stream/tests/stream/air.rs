//! A broadcast: every receiver gets a whole stream of its own, and none stalls another.

use std::{
    net::UdpSocket,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use signing::FrameRate;
use stream::{
    AigcLabel, Metadata,
    air::{AirCodec, AirPicture, AirPictureConfig, Broadcast, Destination, SenderEvent, SenderState, Tee, TeeConfig},
};

const SIZE: (u32, u32) = (128, 96);

fn broadcast(rate: FrameRate) -> Broadcast {
    Broadcast {
        size: SIZE,
        rate,
        codec: AirCodec::H264,
        timecode: Some("10:00:00:00".to_owned()),
        metadata: Metadata::new(AigcLabel::new("test", "1")),
    }
}

fn rgba(index: u64) -> Vec<u8> {
    let left = (index as usize * 2) % 100;
    (0..96 * 128)
        .flat_map(|at| if at % 128 / 24 == left / 24 { [230, 190, 160, 255] } else { [30, 90, 120, 255] })
        .collect()
}

struct Studio {
    tee: Tee,
    picture: AirPicture,
    mask: AirPicture,
    events: Arc<Mutex<Vec<SenderEvent>>>,
    met: u64,
}

impl Studio {
    fn open(rate: FrameRate, picture: &[String], key: &[String]) -> Self {
        let parse = |texts: &[String]| texts.iter().map(|text| Destination::parse(text).unwrap()).collect();
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let config = TeeConfig { broadcast: broadcast(rate), picture: parse(picture), key: parse(key) };
        let tee = Tee::open(&config, move |event| heard.lock().unwrap().push(event)).unwrap();
        let open = || AirPicture::open(AirPictureConfig { size: SIZE, rate, codec: AirCodec::H264 }).unwrap();
        Self { tee, picture: open(), mask: open(), events, met: 0 }
    }

    fn push(&mut self, index: u64) {
        let opening = self.tee.openings().load(Ordering::Acquire);
        let opens = index == 0 || opening > self.met;
        self.met = opening;
        let picture = self.picture.encode(&rgba(index), index, opens).unwrap();
        assert!(!opens || picture.key, "frame {index} opens with a key frame");
        let mask = self.mask.encode(&rgba(index), index, opens).unwrap();
        self.tee.push(index, opening, picture, Some(mask), &mut |_, _, _| {}).unwrap();
    }

    fn states(&self, of: &str) -> Vec<SenderState> {
        let events = self.events.lock().unwrap();
        events.iter().filter(|event| event.destination.contains(of)).map(|event| event.state).collect()
    }
}

/// Times of a file's pictures in 1/90,000 s, rounded, from its first.
fn times(path: &Path) -> Vec<i64> {
    let probe = stream::probe(path).unwrap();
    let (num, den) = (f64::from(probe.time_base.0), f64::from(probe.time_base.1));
    probe.frames.iter().map(|frame| (frame.pts as f64 * num / den * 90_000.0).round() as i64).collect()
}

fn check_constant(path: &Path, rate: FrameRate, count: usize) {
    let times = times(path);
    assert_eq!(times.len(), count, "{}", path.display());
    for (index, time) in times.iter().enumerate() {
        let expected = index as f64 / rate.as_f64() * 90_000.0;
        // Some containers count in milliseconds.
        assert!(((time - times[0]) as f64 - expected).abs() <= 91.0, "{}: frame {index} at {time}", path.display());
    }
}

#[test]
fn one_encoding_fills_every_kind_of_container() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for rate in [FrameRate::PAL, FrameRate::new(30_000, 1_001).unwrap(), FrameRate::new(50, 1).unwrap()] {
        let named = |name: &str| path(name).to_str().unwrap().to_owned();
        let files = ["a.ts", "a.mp4", "a.mkv", "a.flv"];
        let mut outputs: Vec<String> = files.iter().map(|name| named(name)).collect();
        outputs.extend([format!("hls:{}", named("hls")), format!("dash:{}", named("dash"))]);
        let mut studio = Studio::open(rate, &outputs, &[named("key.ts")]);
        for index in 0..260 {
            studio.push(index);
            // No faster than files take it: a real broadcast has a clock.
            while studio.tee.stats().iter().any(|stats| stats.frames + 40 < index) {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        assert!(studio.tee.finish().is_empty());
        for name in files {
            check_constant(&path(name), rate, 260);
        }
        assert_eq!(times(&path("a.ts")), times(&path("key.ts")), "fill and key");
        check_constant(&path("hls/media.m3u8"), rate, 260);
        // FFmpeg's reader of DASH may leave out the last frame, as the manifest rounds the duration.
        let count = times(&path("dash/manifest.mpd")).len().max(259);
        check_constant(&path("dash/manifest.mpd"), rate, count);
    }
    let aigc = |name| stream::probe(path(name)).unwrap().metadata("AIGC").map(str::to_owned);
    for name in ["a.mp4", "a.mkv", "a.flv"] {
        assert!(aigc(name).is_some_and(|label| label.contains("\"Label\":\"1\"")), "{name}");
    }
    for (name, expected) in [("a.mp4", true), ("a.mkv", true), ("a.flv", true), ("a.ts", false)] {
        let label = stream::source_timecode(&path(name)).unwrap().map(|found| found.label);
        assert_eq!(label.as_deref(), expected.then_some("10:00:00:00"), "{name}");
    }
    let manifest = std::fs::read_to_string(path("dash/manifest.mpd")).unwrap();
    for expected in ["<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"sign\"", "<Accessibility ", "lang=\"csl\""]
    {
        assert!(manifest.contains(expected), "{expected} in {manifest}");
    }
    let master = std::fs::read_to_string(path("hls/master.m3u8")).unwrap();
    assert!(master.contains("public.accessibility.sign-language-interpretation"), "{master}");
    assert!(master.contains("avc1.6400"), "{master}");
}

#[test]
fn datagrams_carry_the_stream_and_a_receiver_that_is_missing_stalls_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beside.ts");
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&done);
    let port = socket.local_addr().unwrap().port();
    let receiving = std::thread::spawn(move || {
        let (mut bytes, mut datagram) = (Vec::new(), [0; 2_048]);
        loop {
            match socket.recv(&mut datagram) {
                Ok(length) => {
                    assert_eq!(length % 188, 0, "whole packets");
                    bytes.extend(&datagram[..length]);
                }
                Err(_) if over.load(Ordering::Relaxed) => return bytes,
                Err(_) => {}
            }
        }
    });
    // Nobody listens there.
    let missing = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let outputs = [
        format!("udp://127.0.0.1:{port}"),
        format!("srt://127.0.0.1:{missing}"),
        format!("rtmp://127.0.0.1:{missing}/live/x"),
        path.to_str().unwrap().to_owned(),
    ];
    let rate = FrameRate::PAL;
    let mut studio = Studio::open(rate, &outputs, &[]);
    for index in 0..200 {
        studio.push(index);
        // Slower than a burst, so that the system's buffers hold.
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(studio.states("srt").iter().all(|state| *state == SenderState::Away), "{:?}", studio.events);
    assert!(studio.states("rtmp").iter().all(|state| *state == SenderState::Away));
    let stats = studio.tee.stats();
    assert_eq!(stats[3].frames + stats[3].lost, stats[3].frames, "{stats:?}");
    assert!(studio.tee.finish().is_empty());
    done.store(true, Ordering::Relaxed);
    let received = folder.path().join("received.ts");
    std::fs::write(&received, receiving.join().unwrap()).unwrap();
    check_constant(&path, rate, 200);
    // It was connected at or soon after the first frame, and begins with the key frame that it asked for.
    let found = times(&received);
    assert!(found.len() > 150, "{} frames received", found.len());
    assert!(found.windows(2).all(|pair| pair[1] - pair[0] == 3_600), "no gap in {found:?}");
}

/// A red square of which the left half is half seen through, before nothing.
fn seen_through() -> Vec<u8> {
    let pixel = |at: usize| match (at % 128, at / 128) {
        (32..64, 24..72) => [220, 40, 40, 128],
        (64..96, 24..72) => [220, 40, 40, 255],
        _ => [0; 4],
    };
    (0..96 * 128).flat_map(pixel).collect()
}

#[test]
fn files_with_alpha_keep_it_while_on_air() {
    let folder = tempfile::tempdir().unwrap();
    let rate = FrameRate::PAL;
    for (name, codec) in [("a.webm", AirCodec::Vp9Alpha), ("a.mov", AirCodec::ProRes4444)] {
        let path = folder.path().join(name);
        let destination = Destination::parse(path.to_str().unwrap()).unwrap();
        let config = TeeConfig {
            broadcast: Broadcast { codec, ..broadcast(rate) },
            picture: vec![destination],
            key: Vec::new(),
        };
        let mut tee = Tee::open(&config, |_| {}).unwrap();
        let mut picture = AirPicture::open(AirPictureConfig { size: SIZE, rate, codec }).unwrap();
        for index in 0..60 {
            let packet = picture.encode(&seen_through(), index, index == 0).unwrap();
            tee.push(index, 0, packet, None, &mut |_, _, _| {}).unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(tee.finish().is_empty());
        check_constant(&path, rate, 60);
        let decoded: Vec<_> = stream::decode_rgba(&path).unwrap().map(Result::unwrap).collect();
        let (_, rgba) = (decoded.len(), decoded.last().unwrap().rgba());
        let at = |x: usize, y: usize| &rgba[(y * 128 + x) * 4..][..4];
        for ((x, y), expected) in [((48, 48), [220, 40, 40, 128]), ((80, 48), [220, 40, 40, 255])] {
            for (found, expected) in at(x, y).iter().zip(expected) {
                assert!(found.abs_diff(expected) <= 8, "{name} at {x}, {y}: {:?}", at(x, y));
            }
        }
        assert!(at(8, 8)[3] <= 3, "{name}: {:?}", at(8, 8));
    }
}

#[test]
fn outputs_with_and_without_alpha_exclude_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mov");
    for (text, codec) in [(path.to_str().unwrap(), AirCodec::H264), ("udp://127.0.0.1:9", AirCodec::Vp9Alpha)] {
        let config = TeeConfig {
            broadcast: Broadcast { codec, ..broadcast(FrameRate::PAL) },
            picture: vec![Destination::parse(text).unwrap()],
            key: Vec::new(),
        };
        let error = Tee::open(&config, |_| {}).unwrap_err().to_string();
        assert!(error.contains("alpha") || error.contains("WebM"), "{error}");
    }
    assert!(!path.exists());
}

#[test]
fn what_is_local_must_open_at_once() {
    let config = |text: &str| TeeConfig {
        broadcast: broadcast(FrameRate::PAL),
        picture: vec![Destination::parse(text).unwrap()],
        key: Vec::new(),
    };
    for text in ["/nowhere/at/all/a.ts", "hls:/proc/nothing", "dash:/proc/nothing"] {
        let error = Tee::open(&config(text), |_| {}).unwrap_err().to_string();
        assert!(error.contains("/nowhere") || error.contains("/proc"), "{text}: {error}");
    }
}
