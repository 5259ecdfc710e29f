//! `shouyu lexicon letters`: pictures of the manual letters, and where the rig's joints are in them.

use std::{process::ExitCode, sync::Arc};

use ::lexicon::Lexicon;
use anyhow::Context as _;
use avatar::{Camera, Renderer, RendererConfig, View};
use body::{Body, CapsuleKind, Posture, Rigid};
use glam::Vec3;
use image::RgbaImage;
use motion::MotionConfig;
use session::WholeFile;
use signing::{Bone, BoneSide, Finger, HandPart, Side};

use crate::{args::LettersArguments, output::say, progress::Progress};

/// Writes `<letter>.png` for each letter, and `joints.json`: for each, `joints` (pixels of wrist, then of each finger from
/// the thumb its three joints and its tip), `hand` (pixels of a hand's length, however it is turned) and `seen` (whether
/// nothing of hand and forearm is before the tip, by finger).
pub(crate) fn run(arguments: &LettersArguments) -> anyhow::Result<ExitCode> {
    let avatar = match &arguments.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    };
    let body = Arc::new(Body::read(&avatar)?);
    let lexicon = Lexicon::core()?;
    std::fs::create_dir_all(&arguments.folder)
        .with_context(|| format!("cannot make {}", arguments.folder.display()))?;
    let mut renderer = Renderer::start(RendererConfig::new(arguments.size, &avatar))?;
    let camera = camera(&body);
    renderer.set_view(View::Free(camera));
    let letters: Vec<_> = lexicon.entries().filter(|entry| entry.id.starts_with("letter_")).collect();
    let mut progress = Progress::new("letters", letters.len() as u64);
    let mut all = serde_json::Map::new();
    for entry in letters {
        let form = entry.form().with_context(|| format!("{} has no form", entry.id))?;
        let motion = motion::sign_form(&body, MotionConfig::default(), form)?;
        let pose = &motion.frames[motion.moments.middle];
        let mut posture = [Rigid::IDENTITY; Bone::COUNT];
        body.solve(pose.hips, &pose.rotations, &mut posture);
        let points = joints(&body, &posture)?;
        let pixel = |point: Vec3| camera.pixel_of(point, arguments.size);
        let (wrist, knuckle) = (points[0], points[9]);
        let hand = pixel(wrist).distance(pixel(wrist + Vec3::Y * (2.0 * wrist.distance(knuckle))));
        let seen = Finger::ALL.map(|finger| is_seen(&body, &posture, finger, end_of_bone(&points, finger), camera.eye));
        let pixels = points.map(|point| pixel(point).to_array());
        all.insert(entry.id.clone(), serde_json::json!({ "joints": pixels.to_vec(), "hand": hand, "seen": seen }));

        let frame = renderer.render_still(pose)?;
        let picture = RgbaImage::from_raw(frame.width(), frame.height(), frame.into_rgba());
        let mut png = std::io::Cursor::new(Vec::new());
        picture.context("a frame's buffer does not fit its size")?.write_to(&mut png, image::ImageFormat::Png)?;
        let mut file = WholeFile::create(&arguments.folder.join(format!("{}.png", entry.id)))?;
        file.write(png.get_ref())?;
        file.keep()?;
        progress.tick();
    }
    progress.finish();
    let count = all.len();
    let mut file = WholeFile::create(&arguments.folder.join("joints.json"))?;
    file.write(&serde_json::to_vec_pretty(&all)?)?;
    file.keep()?;
    say!("{count} letters in {}", arguments.folder.display());
    Ok(ExitCode::SUCCESS)
}

/// The portrait's framing: from below the waist to above a raised hand, from in front.
fn camera(body: &Body) -> Camera {
    let hips = body.joint(Bone::Hips).map_or(0.9, |joint| joint.head_in_world.y);
    let (low, high) = (hips - 0.10, body.stature() + 0.18);
    let height = high - low;
    let target = Vec3::new(0.0, low.midpoint(high), 0.0);
    // The angle of view of a long lens, as the renderer's own views have it: 26°.
    let distance = 0.5 * height / 13.0_f32.to_radians().tan();
    Camera { eye: target + Vec3::new(0.0, 0.06, distance), target, height }
}

/// Twenty-one points of the right hand, as hand detectors count them.
fn joints(body: &Body, posture: &Posture) -> anyhow::Result<[Vec3; 21]> {
    let mut points = [posture[Bone::RightHand.index()].translation; 21];
    for (finger, slots) in Finger::ALL.into_iter().zip(points[1..].chunks_exact_mut(4)) {
        for (bone, slot) in body.finger_bones(Side::Right, finger).into_iter().zip(slots.iter_mut()) {
            *slot = posture[bone.index()].translation;
        }
        let tip =
            body.hand_part(Side::Right, HandPart::Tip(finger)).with_context(|| format!("no tip of {finger:?}"))?;
        slots[3] = posture[tip.bone.index()].point(tip.point_in_bone);
    }
    Ok(points)
}

/// Where a finger's last bone ends: under the skin by half a finger's thickness, a quarter of the last segment.
fn end_of_bone(points: &[Vec3; 21], finger: Finger) -> Vec3 {
    let tip = 4 + finger.index() * 4;
    points[tip].lerp(points[tip - 1], 0.25)
}

/// Whether nothing of the right hand and its forearm, the finger's last segment aside, is between a fingertip and the eye.
fn is_seen(body: &Body, posture: &Posture, finger: Finger, tip: Vec3, eye: Vec3) -> bool {
    /// Half a finger's thickness, how far from the tip a hand still reaches, and what lies between two looks, metres.
    const HALF_FINGER_M: f32 = 0.008;
    const FAR_M: f32 = 0.25;
    const STEP_M: f32 = 0.004;
    let [.., last] = body.finger_bones(Side::Right, finger);
    let before: Vec<(Vec3, Vec3, f32)> = body
        .capsules()
        .iter()
        .filter(|capsule| matches!(capsule.kind, CapsuleKind::Palm | CapsuleKind::Finger | CapsuleKind::Forearm))
        .filter(|capsule| capsule.bone.side() == BoneSide::On(Side::Right) && capsule.bone != last)
        .map(|capsule| {
            let at = &posture[capsule.bone.index()];
            (at.point(capsule.from_in_bone), at.point(capsule.to_in_bone), capsule.radius)
        })
        .collect();
    let towards = (eye - tip).normalize_or(Vec3::Z);
    let is_inside = |point: Vec3| {
        before.iter().any(|(from, to, radius)| {
            let axis = *to - *from;
            let share = ((point - *from).dot(axis) / axis.length_squared().max(1e-9)).clamp(0.0, 1.0);
            point.distance(*from + axis * share) < *radius
        })
    };
    let looks = std::iter::successors(Some(HALF_FINGER_M), |away| Some(away + STEP_M));
    !looks.take_while(|away| *away < FAR_M).any(|away| is_inside(tip + towards * away))
}
