//! What the renderer promises, on the software rasteriser and the default avatar, which set-up builds.
//!
//! All of it is one binary, and each test holds one lock: a machine's cores are drawn with by one test at a time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

mod compare;

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use avatar::{Antialias, AvatarError, Background, Renderer, RendererConfig, View, bench::sample_pose};
use signing::{FrameRate, OutputTime, PoseFrame, VideoFrame};

static CORES: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    CORES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn config(size: (u32, u32)) -> RendererConfig {
    RendererConfig::new(size, body::default_avatar_path().unwrap())
}

fn pixels(frame: &VideoFrame) -> impl Iterator<Item = [u8; 4]> + '_ {
    frame.rgba().as_chunks::<4>().0.iter().copied()
}

/// Starts a renderer that must refuse, and gives what it says.
fn refusal(config: RendererConfig) -> String {
    match Renderer::start(config) {
        Ok(_) => panic!("started"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_pose_gives_one_picture_in_order_with_its_time() {
    let _alone = alone();
    for lookahead in [1, 2, 5] {
        let mut renderer = Renderer::start(RendererConfig { lookahead, ..config((64, 48)) }).unwrap();
        let mut times = Vec::new();
        let mut most_waiting = 0;
        for index in 0..20 {
            renderer.push(&sample_pose(index)).unwrap();
            times.extend(renderer.step().unwrap().map(|frame| frame.time()));
            most_waiting = most_waiting.max(index + 1 - times.len() as u64);
        }
        times.extend(renderer.finish().unwrap().iter().map(VideoFrame::time));
        let expected: Vec<OutputTime> = (0..20).map(|index| FrameRate::PAL.time_of(index)).collect();
        assert_eq!(times, expected, "lookahead {lookahead}");
        assert!(most_waiting < lookahead as u64, "{most_waiting} waited with a lookahead of {lookahead}");
    }
}

#[test]
fn a_full_lookahead_refuses_and_goes_on_after_a_step() {
    let _alone = alone();
    let mut renderer = Renderer::start(config((32, 32))).unwrap();
    renderer.push(&sample_pose(0)).unwrap();
    renderer.push(&sample_pose(1)).unwrap();
    assert!(matches!(renderer.push(&sample_pose(2)), Err(AvatarError::Backlog { limit: 2 })));
    assert!(renderer.step().unwrap().is_some());
    renderer.push(&sample_pose(2)).unwrap();
    assert_eq!(renderer.flush().unwrap().len(), 2);
    assert!(renderer.step().unwrap().is_none(), "nothing is on its way");
}

#[test]
fn a_still_doesnt_take_the_place_of_frames_before_it() {
    let _alone = alone();
    let mut renderer = Renderer::start(config((32, 48))).unwrap();
    renderer.push(&sample_pose(0)).unwrap();
    let still = renderer.render_still(&sample_pose(7)).unwrap();
    assert_eq!(still.time(), FrameRate::PAL.time_of(7));
    assert_eq!(renderer.step().unwrap().unwrap().time(), FrameRate::PAL.time_of(0));
}

#[test]
fn impossible_settings_are_refused_before_anything_is_opened() {
    for size in [(0, 0), (1, 1), (15, 720), (1280, 4097), (20_000, 20_000), (u32::MAX, 720)] {
        let error = refusal(RendererConfig::new(size, "nowhere.glb"));
        assert!(error.contains("16 to 4096"), "{size:?}: {error}");
    }
    let error = refusal(RendererConfig { lookahead: 0, ..RendererConfig::new((64, 64), "nowhere.glb") });
    assert!(error.contains("1 to 16"), "{error}");
}

#[test]
fn avatars_that_are_none_say_what_to_do() {
    let folder = std::env::temp_dir().join(format!("shouyu-avatar-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let check = |name: &str, bytes: Option<&[u8]>, expected: &str| {
        let path: PathBuf = folder.join(name);
        if let Some(bytes) = bytes {
            std::fs::write(&path, bytes).unwrap();
        }
        let error = refusal(RendererConfig::new((64, 64), &path));
        assert!(error.contains(expected) && error.contains(name), "{error}");
    };
    check("missing.glb", None, "cargo xtask setup");
    check("empty.glb", Some(b""), "cargo xtask setup");
    check("text.glb", Some(b"this is no model at all"), "not a readable GLB");
    check("boneless.glb", Some(&glb(r#"{"asset":{"version":"2.0"}}"#)), "no bone hips");
    let other_file = r#"{"asset":{"version":"2.0"},"buffers":[{"uri":"else.bin","byteLength":4}]}"#;
    check("scattered.glb", Some(&glb(other_file)), "data in other files");
    let whole = std::fs::read(body::default_avatar_path().unwrap()).unwrap();
    check("cut.glb", Some(&whole[..whole.len() / 2]), "cargo xtask setup");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A GLB that holds only JSON.
fn glb(json: &str) -> Vec<u8> {
    let mut json = json.as_bytes().to_vec();
    json.resize(json.len().next_multiple_of(4), b' ');
    let chunk = u32::try_from(json.len()).unwrap();
    let mut bytes = b"glTF".to_vec();
    for word in [2, 12 + 8 + chunk, chunk] {
        bytes.extend(u32::to_le_bytes(word));
    }
    bytes.extend(b"JSON");
    bytes.extend(json);
    bytes
}

#[test]
fn transparent_pictures_laid_on_a_colour_are_the_picture_on_that_colour() {
    let _alone = alone();
    let color = [30, 200, 90];
    let pose = sample_pose(3);
    for antialias in [Antialias::Edges, Antialias::Supersample2] {
        let draw = |background| {
            let config = RendererConfig { background, antialias, ..config((320, 240)) };
            Renderer::start(config).unwrap().render_still(&pose).unwrap()
        };
        let (solid, clear) = (draw(Background::Color(color)), draw(Background::Transparent));
        let mut partly = 0;
        for (solid, clear) in pixels(&solid).zip(pixels(&clear)) {
            let alpha = f32::from(clear[3]) / 255.0;
            partly += usize::from(clear[3] != 0 && clear[3] != 255);
            assert_eq!(solid[3], 255);
            for channel in 0..3 {
                let laid = f32::from(clear[channel]) * alpha + f32::from(color[channel]) * (1.0 - alpha);
                assert!((laid - f32::from(solid[channel])).abs() <= 2.0, "{clear:?} on {color:?} is not {solid:?}");
            }
        }
        assert!(partly > 500, "{antialias:?}: only {partly} pixels are partly covered");
        assert_eq!(pixels(&clear).next(), Some([0; 4]), "the corner is empty");
    }
}

#[test]
fn edges_of_transparent_pictures_are_no_darker_than_what_they_are_edges_of() {
    let _alone = alone();
    let config = RendererConfig { background: Background::Transparent, view: View::Face, ..config((240, 240)) };
    let frame = Renderer::start(config).unwrap().render_still(&PoseFrame::t_pose(OutputTime::ZERO)).unwrap();
    // The lower third shows cheeks and neck: skin against nothing. A dark halo would be far below skin's brightness.
    let edge: Vec<u8> = pixels(&frame)
        .skip(240 * 130)
        .take(240 * 60)
        .filter(|pixel| (40..216).contains(&pixel[3]))
        .map(|pixel| pixel[0])
        .collect();
    let dark = edge.iter().filter(|red| **red < 90).count();
    assert!(edge.len() > 40, "{} edge pixels", edge.len());
    assert!(dark * 10 < edge.len(), "{dark} of {} edge pixels are dark", edge.len());
}

#[test]
fn the_same_pose_gives_the_same_pixels() {
    let _alone = alone();
    let mut first = Renderer::start(config((320, 180))).unwrap();
    let wanted = first.render_still(&sample_pose(5)).unwrap();
    for index in [0, 11, 40] {
        first.render_still(&sample_pose(index)).unwrap();
    }
    assert!(first.render_still(&sample_pose(5)).unwrap() == wanted, "after other poses");
    // Two at once.
    let mut second = Renderer::start(config((320, 180))).unwrap();
    second.push(&sample_pose(5)).unwrap();
    first.push(&sample_pose(5)).unwrap();
    let both = (first.flush().unwrap(), second.flush().unwrap());
    assert!(both.0[0] == wanted && both.1[0] == wanted, "in another renderer");
}

#[test]
fn every_view_shows_the_signer_and_can_be_changed_between_frames() {
    let _alone = alone();
    let mut renderer =
        Renderer::start(RendererConfig { background: Background::Transparent, ..config((120, 160)) }).unwrap();
    let mut pictures = Vec::new();
    for view in [View::Portrait, View::Front, View::Side, View::ThreeQuarter, View::Face, View::Hands] {
        renderer.set_view(view);
        let frame = renderer.render_still(&sample_pose(2)).unwrap();
        let covered = pixels(&frame).filter(|pixel| pixel[3] == 255).count();
        assert!(covered * 20 > 120 * 160, "{view:?} covers {covered} pixels");
        assert!(!pictures.contains(&frame.clone().into_rgba()), "{view:?} looks like another");
        pictures.push(frame.into_rgba());
    }
}

#[test]
fn nothing_is_clipped_to_white() {
    let _alone = alone();
    let mut renderer =
        Renderer::start(RendererConfig { background: Background::Transparent, ..config((360, 360)) }).unwrap();
    for view in [View::Face, View::Hands] {
        renderer.set_view(view);
        for index in [0, 10, 20, 30] {
            let frame = renderer.render_still(&sample_pose(index)).unwrap();
            let clipped = pixels(&frame).filter(|[r, g, b, a]| *a == 255 && r.min(g).min(b) >= &250).count();
            assert_eq!(clipped, 0, "{view:?}, frame {index}");
        }
    }
}

#[test]
fn pictures_look_as_they_did() {
    let _alone = alone();
    for (name, size, view) in [
        ("inset", (320, 480), View::Portrait),
        ("wide", (480, 270), View::Portrait),
        ("face", (240, 240), View::Face),
        ("hands", (320, 240), View::Hands),
    ] {
        let mut renderer = Renderer::start(RendererConfig { view, ..config(size) }).unwrap();
        compare::golden(name, &renderer.render_still(&sample_pose(3)).unwrap());
    }
}
