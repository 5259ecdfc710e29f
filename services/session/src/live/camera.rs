//! Where the camera of a session that runs stands.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use avatar::View;

/// From where a viewer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Angle {
    /// From in front.
    #[default]
    Front,
    /// Half way between front and side.
    Oblique,
    /// From the signer's left.
    Side,
}

/// Moves the camera of a session that runs; clones move the same camera.
#[derive(Debug, Clone, Default)]
pub struct CameraSwitch(Arc<AtomicU8>);

impl CameraSwitch {
    /// From the next frame on.
    pub fn set(&self, angle: Angle) {
        self.0.store(angle as u8, Ordering::Relaxed);
    }

    /// As it stands.
    pub fn angle(&self) -> Angle {
        match self.0.load(Ordering::Relaxed) {
            at if at == Angle::Side as u8 => Angle::Side,
            at if at == Angle::Oblique as u8 => Angle::Oblique,
            _ => Angle::Front,
        }
    }

    pub(super) fn view(&self) -> View {
        match self.angle() {
            Angle::Front => View::Portrait,
            Angle::Oblique => View::ThreeQuarter,
            Angle::Side => View::Side,
        }
    }
}
