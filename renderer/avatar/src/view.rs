//! Where the camera stands.

use glam::{Mat4, Vec3};

use crate::model::Measures;

/// What the camera sees. All views keep the avatar's proportions in any size of picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum View {
    /// The signing space, from in front: from below the waist to above a raised hand, and an
    /// elbow's width to each side. The picture to show to viewers.
    #[default]
    Portrait,
    /// The whole body, from in front.
    Front,
    /// The signing space, seen from the signer's left.
    Side,
    /// The signing space, half way between front and side.
    ThreeQuarter,
    /// Head and shoulders.
    Face,
    /// The space before the chest where most signs are made, close.
    Hands,
    /// Any camera.
    Free(Camera),
}

/// A camera. Metres in the avatar's space: +Y up, the signer faces +Z.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Where it stands.
    pub eye: Vec3,
    /// What is in the middle of the picture.
    pub target: Vec3,
    /// Height of what is seen at the target, metres.
    pub height: f32,
}

/// Vertical angle of view of the named views, radians: that of a long lens, which leaves hands
/// before the chest nearly as large as hands beside it.
const FIELD_OF_VIEW: f32 = 26.0 * std::f32::consts::PI / 180.0;
/// Nearest and farthest that is drawn, as fractions of the distance to the target.
const NEAR: f32 = 0.3;
const FAR: f32 = 2.5;

/// Share of the height that is to spare which goes above the box.
const SPARE_ABOVE: f32 = 0.3;

/// A box to be seen whole, from one direction.
struct Fit {
    /// Lowest and highest.
    low: f32,
    high: f32,
    /// From the midline to either side.
    half_width: f32,
    /// Direction in which the camera stands, radians from +Z towards the signer's left.
    yaw: f32,
    /// By how much the camera stands above the middle, metres.
    lift: f32,
}

impl View {
    /// The camera that shows this view of a body in a picture of `aspect` = width ÷ height.
    pub(crate) fn camera(self, body: &Measures, aspect: f32) -> Camera {
        // The signing space: a flat hand above the head, the hips with some of the thighs, elbows level with the
        // shoulders; hands before the body look larger than what is in its plane, hence the margins.
        let space = Fit {
            low: body.hips - 0.10,
            high: body.top + 0.18,
            half_width: 0.95 * body.elbow_reach,
            yaw: 0.0,
            lift: 0.06,
        };
        let fit = match self {
            Self::Free(camera) => return camera,
            Self::Portrait => space,
            Self::Side => Fit { yaw: std::f32::consts::FRAC_PI_2, ..space },
            Self::ThreeQuarter => Fit { yaw: std::f32::consts::FRAC_PI_4, ..space },
            Self::Front => Fit {
                low: body.ground - 0.05,
                high: body.top + 0.12,
                half_width: body.elbow_reach,
                yaw: 0.0,
                lift: 0.1,
            },
            Self::Face => {
                let head = body.top - body.head.y;
                Fit {
                    low: body.head.y - 0.35 * head,
                    high: body.top + 0.12 * head,
                    half_width: 0.62 * head,
                    yaw: 0.0,
                    lift: 0.0,
                }
            }
            Self::Hands => {
                Fit { low: body.shoulder - 0.42, high: body.shoulder + 0.10, half_width: 0.24, yaw: 0.0, lift: 0.04 }
            }
        };
        let height = (fit.high - fit.low).max(2.0 * fit.half_width / aspect);
        let distance = 0.5 * height / (0.5 * FIELD_OF_VIEW).tan();
        // What a narrow picture shows beyond the box is mostly below it: empty space above a head says nothing.
        let spare = height - (fit.high - fit.low);
        let target = Vec3::new(0.0, fit.high + SPARE_ABOVE * spare - 0.5 * height, body.depth);
        let eye = target + distance * Vec3::new(fit.yaw.sin(), 0.0, fit.yaw.cos()) + fit.lift * Vec3::Y;
        Camera { eye, target, height }
    }
}

impl Camera {
    /// From the world to clip space, whose depth runs from 0 at the near plane to 1 at the far one.
    pub(crate) fn clip_from_world(&self, aspect: f32) -> Mat4 {
        let distance = self.eye.distance(self.target).max(1e-3);
        let field_of_view = 2.0 * (0.5 * self.height / distance).atan();
        let forward = (self.target - self.eye).normalize_or(Vec3::NEG_Z);
        let up = if forward.y.abs() > 0.999 { Vec3::NEG_Z } else { Vec3::Y };
        glam::Mat4::perspective_rh(field_of_view, aspect, NEAR * distance, FAR * distance)
            * Mat4::look_at_rh(self.eye, self.target, up)
    }
}
