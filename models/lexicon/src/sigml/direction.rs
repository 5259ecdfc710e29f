//! HamNoSys' letters for directions, and directions across an axis.

use glam::Vec3;
use signing::Dir;

/// The signer's frame: `u`p, `d`own, `l`eft and `r`ight as the signer has them, `o`ut, `i`n.
pub(super) fn letters(letters: &str) -> Option<Vec3> {
    letters.chars().try_fold(Vec3::ZERO, |sum, letter| {
        let direction = match letter {
            'u' => Vec3::Y,
            'd' => Vec3::NEG_Y,
            'l' => Vec3::X,
            'r' => Vec3::NEG_X,
            'o' => Vec3::Z,
            'i' => Vec3::NEG_Z,
            _ => return None,
        };
        Some(sum + direction)
    })
}

/// The direction of these letters (`ul`: half-way between up and left; `uul`: nearer to up).
pub(super) fn direction(text: &str) -> Option<Dir> {
    letters(text).and_then(Dir::new)
}

/// The second of two directions: letters that cancel each other out, as `oi`, add nothing to the first.
pub(super) fn second_direction(text: &str) -> Option<Option<Dir>> {
    letters(text).map(Dir::new)
}

/// The direction half-way between two, either of which may be missing.
pub(super) fn between(first: Dir, second: Option<Dir>) -> Dir {
    second.and_then(|second| first.between(second)).unwrap_or(first)
}

/// What a symbol `l`, `r`, `u`, `d` or a mixture means in the plane across `axis`: for a palm the
/// plane across the extended fingers, for an arc the plane across the path.
///
/// HamNoSys draws these symbols for a hand that points forward, where they are simply left, right,
/// up and down. For other axes the frame is pitched and then turned along: of an axis that points
/// left, `l` is towards the signer; of one that points up, `u` is towards the signer and `d` away.
/// Where the axis points back at the signer, `l` stays on the left and `u` above, so that a symbol
/// always names the side that it comes nearest to.
/// Source: Hanke, HamNoSys 4, “Orientation”; checked against the avatar practice of fingers up with
/// palm `d` for a palm that faces the addressee.
pub(super) fn across(axis: Dir, left: f32, up: f32) -> Option<Dir> {
    let (side, top) = frame(axis);
    Dir::new(side * left + top * up)
}

/// The plane's left and up, unit vectors.
pub(super) fn frame(axis: Dir) -> (Vec3, Vec3) {
    const LEVEL: f32 = 1e-3;
    let axis = axis.vec();
    let level = Vec3::new(axis.x, 0.0, axis.z);
    if level.length() < LEVEL {
        return (Vec3::X, if axis.y > 0.0 { Vec3::NEG_Z } else { Vec3::Z });
    }
    let level = level.normalize();
    let side = Vec3::new(level.z, 0.0, -level.x);
    let side = if level.z < -LEVEL { -side } else { side };
    (side, (Vec3::Y - axis * axis.y).normalize_or(Vec3::Y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_cancel_out_are_a_second_direction_only() {
        assert_eq!(direction("oi"), None);
        assert_eq!(second_direction("oi"), Some(None));
        assert_eq!(second_direction("ul"), Some(direction("ul")));
        assert_eq!(second_direction("ox"), None);
    }

    #[test]
    fn palms_face_where_hamnosys_says() {
        // Fingers, palm symbol, where the palm faces.
        let rows = [
            ("o", "d", "d"),
            ("o", "l", "l"),
            ("u", "d", "o"),
            ("u", "u", "i"),
            ("u", "l", "l"),
            ("d", "d", "i"),
            ("d", "u", "o"),
            ("l", "l", "i"),
            ("l", "r", "o"),
            ("l", "d", "d"),
            ("r", "r", "i"),
            ("r", "l", "o"),
            ("i", "l", "l"),
            ("i", "d", "d"),
            ("ul", "l", "i"),
            ("dl", "l", "i"),
            ("ur", "r", "i"),
            ("uo", "u", "ui"),
            ("uo", "d", "do"),
            ("ui", "u", "uo"),
            ("ol", "l", "il"),
            ("ol", "d", "d"),
        ];
        for (fingers, palm, expected) in rows {
            let symbol = letters(palm).unwrap();
            let found = across(direction(fingers).unwrap(), symbol.x, symbol.y).unwrap();
            let expected = direction(expected).unwrap();
            assert!(found.angle_to(expected) < 0.01, "fingers {fingers}, palm {palm}: {found:?}, not {expected:?}");
        }
    }
}
