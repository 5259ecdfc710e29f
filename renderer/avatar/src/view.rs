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
    /// Where a point of the avatar's space is in a picture of `width` × `height` pixels, from its top left corner.
    pub fn pixel_of(&self, point_in_world: Vec3, (width, height): (u32, u32)) -> glam::Vec2 {
        let (width, height) = (width as f32, height as f32);
        let clip = self.clip_from_world(width / height).project_point3(point_in_world);
        glam::Vec2::new((clip.x * 0.5 + 0.5) * width, (0.5 - clip.y * 0.5) * height)
    }

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

#[cfg(test)]
mod tests {
    use glam::Vec2;

    use super::*;

    /// The default avatar's lengths, to the centimetre.
    const BODY: Measures = Measures {
        top: 1.65,
        ground: 0.0,
        hips: 0.90,
        head: Vec3::new(0.0, 1.50, 0.0),
        shoulder: 1.34,
        elbow_reach: 0.42,
        hand: 0.17,
        depth: 0.0,
    };
    const SIZES: [(f32, f32); 4] = [(1280.0, 720.0), (480.0, 720.0), (720.0, 720.0), (1080.0, 1920.0)];

    fn seen(view: View, aspect: f32, point: Vec3) -> Vec2 {
        let camera = view.camera(&BODY, aspect);
        camera.clip_from_world(aspect).project_point3(point).truncate()
    }

    #[test]
    fn a_hand_is_at_least_a_ninth_of_the_portraits_height() {
        for (width, height) in SIZES {
            let camera = View::Portrait.camera(&BODY, width / height);
            assert!(BODY.hand / camera.height >= 1.0 / 9.0, "{width}×{height}: {} m high", camera.height);
        }
    }

    #[test]
    fn the_signing_space_is_in_the_portrait() {
        for (width, height) in SIZES {
            for point in [
                Vec3::new(0.0, BODY.hips - 0.05, 0.1),
                Vec3::new(0.1, BODY.top + 0.10, 0.15),
                Vec3::new(0.38, BODY.shoulder, 0.0),
                Vec3::new(-0.38, BODY.shoulder, 0.0),
                Vec3::new(0.25, BODY.hips + 0.05, 0.40),
            ] {
                let place = seen(View::Portrait, width / height, point);
                assert!(place.abs().max_element() <= 1.0, "{point} is at {place} of {width}×{height}");
            }
        }
    }

    #[test]
    fn the_side_view_is_from_the_signers_left() {
        // What is before the signer is on the left of that picture.
        let place = seen(View::Side, 1.0, Vec3::new(0.0, BODY.shoulder, 0.3));
        assert!(place.x < -0.2, "{place}");
    }

    #[test]
    fn the_signers_left_is_on_the_viewers_right() {
        assert!(seen(View::Portrait, 1.0, Vec3::new(0.3, BODY.shoulder, 0.0)).x > 0.2);
    }

    #[test]
    fn a_camera_that_looks_straight_down_still_sees() {
        let camera = Camera { eye: Vec3::new(0.0, 4.0, 0.0), target: Vec3::new(0.0, 1.0, 0.0), height: 2.0 };
        assert!(camera.clip_from_world(1.0).project_point3(Vec3::new(0.2, 1.0, 0.2)).is_finite());
    }
}
