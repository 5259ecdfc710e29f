//! How long a picture takes, measured as a stream meets it.

use std::{path::Path, time::Instant};

use glam::Quat;
use signing::{Bone, FaceShape, FrameRate, PoseFrame};

use crate::{Antialias, AvatarError, Renderer, RendererConfig};

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Milliseconds from push to push, averaged.
    pub frame_ms: f64,
    /// Pictures measured.
    pub frames: u32,
    /// What drew them.
    pub adapter: String,
}

/// Milliseconds a frame of `avatar` at `size`, over `frames` poses in which arms, fingers and face move.
///
/// Errors: those of [`Renderer::start`], [`Renderer::push`] and [`Renderer::step`].
pub fn frame_ms(
    avatar: &Path,
    size: (u32, u32),
    frames: u32,
    antialias: Antialias,
) -> Result<Measurement, AvatarError> {
    let mut renderer = Renderer::start(RendererConfig { antialias, ..RendererConfig::new(size, avatar) })?;
    let warm_up = 10;
    let mut started = Instant::now();
    for index in 0..frames + warm_up {
        if index == warm_up {
            renderer.flush()?;
            started = Instant::now();
        }
        renderer.push(&sample_pose(u64::from(index)))?;
        renderer.step()?;
    }
    renderer.flush()?;
    let frame_ms = started.elapsed().as_secs_f64() * 1e3 / f64::from(frames.max(1));
    Ok(Measurement { frame_ms, frames, adapter: renderer.adapter().name.clone() })
}

/// Frame `index` of a movement that uses arms, fingers and face as signing does.
pub fn sample_pose(index: u64) -> PoseFrame {
    let mut pose = PoseFrame::t_pose(FrameRate::PAL.time_of(index));
    #[expect(clippy::cast_precision_loss, reason = "a phase, not a count")]
    let phase = index as f32 * 0.15;
    let mut turn = |bone: Bone, rotation: Quat| pose.rotations[bone.index()] = rotation;
    // Upper arms hang, turned so that the forearms point up and inwards.
    turn(Bone::LeftUpperArm, Quat::from_rotation_z(-1.15 + 0.10 * phase.sin()) * Quat::from_rotation_x(0.35));
    turn(Bone::RightUpperArm, Quat::from_rotation_z(1.15 - 0.15 * phase.cos()) * Quat::from_rotation_x(0.35));
    turn(Bone::LeftLowerArm, Quat::from_rotation_y(-1.9 + 0.3 * phase.sin()));
    turn(Bone::RightLowerArm, Quat::from_rotation_y(1.9 + 0.3 * phase.sin()));
    turn(Bone::LeftHand, Quat::from_rotation_x(0.6 * phase.sin()));
    turn(Bone::RightHand, Quat::from_rotation_x(-1.2 + 0.4 * phase.cos()));
    turn(Bone::Head, Quat::from_rotation_y(0.15 * (0.5 * phase).sin()));
    for name in ["IndexProximal", "MiddleProximal", "RingProximal", "LittleProximal", "IndexIntermediate"] {
        let curl = 0.6 + 0.5 * phase.sin();
        if let Some(bone) = Bone::on(signing::Side::Left, name) {
            turn(bone, Quat::from_rotation_z(-curl));
        }
        if let Some(bone) = Bone::on(signing::Side::Right, name) {
            turn(bone, Quat::from_rotation_z(0.5 * curl));
        }
    }
    for (shape, weight) in [
        (FaceShape::JawOpen, 0.2),
        (FaceShape::BrowInnerUp, 0.4),
        (FaceShape::MouthSmileLeft, 0.3),
        (FaceShape::MouthSmileRight, 0.3),
        (FaceShape::EyeBlinkLeft, 0.2),
        (FaceShape::EyeBlinkRight, 0.2),
    ] {
        pose.face[shape.index()] = weight * (0.5 + 0.5 * phase.sin());
    }
    pose
}
