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

impl Angle {
    /// As a renderer has it.
    pub(super) const fn view(self) -> View {
        match self {
            Self::Front => View::Portrait,
            Self::Oblique => View::ThreeQuarter,
            Self::Side => View::Side,
        }
    }

    /// From its number; one that is none stands in front.
    pub(super) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Oblique,
            2 => Self::Side,
            _ => Self::Front,
        }
    }
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
        Angle::of(self.0.load(Ordering::Relaxed))
    }
}
