//! `shouyu lexicon letters`: pictures of the manual letters, and where the rig's joints are in them.

use std::{process::ExitCode, sync::Arc};

use ::lexicon::Lexicon;
use anyhow::Context as _;
use avatar::{Camera, Renderer, RendererConfig, View};
use body::{Body, Posture, Rigid};
use image::RgbaImage;
use motion::MotionConfig;
use session::WholeFile;
use signing::{Bone, Finger, HandPart, Side};

use crate::{args::LettersArguments, output::say, progress::Progress};

/// Writes `<letter>.png` for each letter, and `joints.json`: for each, pixels of wrist, then of each finger from the
/// thumb its three joints and its tip.
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
        let pixels = joints(&body, &posture)?.map(|point| camera.pixel_of(point, arguments.size).to_array());
        all.insert(entry.id.clone(), serde_json::to_value(pixels.to_vec())?);

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
    let target = glam::Vec3::new(0.0, low.midpoint(high), 0.0);
    // The angle of view of a long lens, as the renderer's own views have it: 26°.
    let distance = 0.5 * height / 13.0_f32.to_radians().tan();
    Camera { eye: target + glam::Vec3::new(0.0, 0.06, distance), target, height }
}

/// Twenty-one points of the right hand, as hand detectors count them.
fn joints(body: &Body, posture: &Posture) -> anyhow::Result<[glam::Vec3; 21]> {
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
