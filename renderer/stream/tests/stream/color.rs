//! Colours and alpha survive the way there and back.

use signing::VideoFrame;
use stream::{EncoderConfig, OutputFormat, Transparency, decode_rgba, first_yuv};

use crate::support::{HEIGHT, WIDTH, config, encode, picture};

/// What a round trip through 8-bit 4:2:0 at good quality may change, of 255.
const TOLERANCE: u8 = 4;

const COLORS: [(&str, [u8; 3]); 9] = [
    ("red", [255, 0, 0]),
    ("green", [0, 255, 0]),
    ("blue", [0, 0, 255]),
    ("black", [0, 0, 0]),
    ("white", [255, 255, 255]),
    ("grey", [128, 128, 128]),
    ("light skin", [224, 172, 140]),
    ("dark skin", [120, 78, 56]),
    ("sleeve", [28, 34, 52]),
];

/// The frame at `index`, read back.
fn round_trip(config: &EncoderConfig, index: usize, draw: impl Fn(u32, u32) -> [u8; 4]) -> VideoFrame {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("a.{}", config.format.extension()));
    encode(&path, config, 5, |config, index| picture(config, index, &draw));
    decode_rgba(&path).unwrap().nth(index).unwrap().unwrap()
}

fn middle(frame: &VideoFrame) -> [u8; 4] {
    let at = (HEIGHT / 2 * WIDTH + WIDTH / 2) as usize * 4;
    frame.rgba()[at..at + 4].try_into().unwrap()
}

fn assert_near(found: [u8; 4], expected: [u8; 4], tolerance: u8, case: &str) {
    let near = found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= tolerance);
    assert!(near, "{case}: {found:?}, expected {expected:?} ± {tolerance}");
}

#[test]
fn plain_colors_survive() {
    for format in OutputFormat::ALL {
        for (name, [red, green, blue]) in COLORS {
            let expected = [red, green, blue, 255];
            let found = middle(&round_trip(&config(format, Transparency::Opaque), 2, |_, _| expected));
            assert_near(found, expected, TOLERANCE, &format!("{name} through {format}"));
        }
    }
}

#[test]
fn the_stored_values_are_those_of_bt709_limited() {
    // Rec. ITU-R BT.709, item 3.2 to 3.5: Y = 0.2126 R + 0.7152 G + 0.0722 B, quantised to 16..235 and 16..240.
    // The round trip above would not notice a wrong matrix that is wrong both ways.
    let folder = tempfile::tempdir().unwrap();
    for (name, rgb) in COLORS {
        let path = folder.path().join("a.mp4");
        let [red, green, blue] = rgb;
        encode(&path, &config(OutputFormat::Mp4, Transparency::Opaque), 2, |config, index| {
            picture(config, index, |_, _| [red, green, blue, 255])
        });
        let [r, g, b] = rgb.map(|value| f64::from(value) / 255.0);
        let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let expected = [16.0 + 219.0 * luma, 128.0 + 224.0 * (b - luma) / 1.8556, 128.0 + 224.0 * (r - luma) / 1.5748];
        let found = first_yuv(&path).unwrap();
        for ((plane, found), expected) in ["Y", "Cb", "Cr"].iter().zip(found).zip(expected) {
            assert!((found - expected).abs() <= 2.0, "{name}: {plane} is {found:.1}, expected {expected:.1}");
        }
    }
}

#[test]
fn straight_alpha_survives() {
    for format in [OutputFormat::Webm, OutputFormat::Mov] {
        for alpha in [0, 1, 64, 128, 200, 254, 255] {
            let expected = [224, 172, 140, alpha];
            let found = middle(&round_trip(&config(format, Transparency::Alpha), 3, |_, _| expected));
            assert_near(found, expected, TOLERANCE, &format!("alpha {alpha} through {format}"));
            if alpha == 0 || alpha == 255 {
                assert_eq!(found[3], alpha, "the ends of alpha are exact in {format}");
            }
        }
    }
}

#[test]
fn a_cut_out_keeps_its_edge() {
    for format in [OutputFormat::Webm, OutputFormat::Mov] {
        let inside = |x: u32, y: u32| (32..96).contains(&x) && (24..72).contains(&y);
        let draw = |x, y| if inside(x, y) { [224, 172, 140, 255] } else { [0, 0, 0, 0] };
        let found = round_trip(&config(format, Transparency::Alpha), 4, draw);
        for (at, pixel) in (0..).zip(found.rgba().chunks_exact(4)) {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let near_edge = [31, 32, 95, 96].contains(&x) || [23, 24, 71, 72].contains(&y);
            if !near_edge {
                let expected = if inside(x, y) { 255 } else { 0 };
                assert!(pixel[3].abs_diff(expected) <= 8, "{format}: alpha {} at {x}, {y}", pixel[3]);
            }
        }
        assert_near(middle(&found), [224, 172, 140, 255], TOLERANCE, &format!("{format}"));
    }
}

#[test]
fn opaque_formats_ignore_alpha() {
    for format in OutputFormat::ALL {
        let found = middle(&round_trip(&config(format, Transparency::Opaque), 0, |_, _| [200, 100, 50, 0]));
        assert_near(found, [200, 100, 50, 255], TOLERANCE, &format!("{format}"));
    }
}

#[test]
fn noise_is_the_hardest_picture_and_passes() {
    // A multiplicative hash: no two neighbours alike.
    let noise = |x: u32, y: u32| (x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77)).wrapping_mul(0xc2b2_ae3d);
    for format in OutputFormat::ALL {
        let transparency = if format.has_alpha() { Transparency::Alpha } else { Transparency::Opaque };
        let config = EncoderConfig { width: 640, height: 360, ..config(format, transparency) };
        let found = round_trip(&config, 4, |x, y| noise(x, y).to_be_bytes());
        assert_eq!((found.width(), found.height()), (640, 360), "{format}");
    }
}

#[test]
fn a_keyed_cut_out_has_no_dark_rim() {
    const SKIN: [u8; 3] = [224, 172, 140];
    const BEHIND: f64 = 80.0;
    let distance = |x: u32, y: u32| (f64::from(x) - 63.3).hypot(f64::from(y) - 47.7);
    // An antialiased disc of 30 pixels; what can't be seen is black, as renderers leave it.
    let draw = |x, y| match ((30.5 - distance(x, y)).clamp(0.0, 1.0) * 255.0).round() as u8 {
        0 => [0; 4],
        alpha => [SKIN[0], SKIN[1], SKIN[2], alpha],
    };
    let keyed = |pixel: &[u8]| {
        let alpha = f64::from(pixel[3]) / 255.0;
        [0, 1, 2].map(|channel| f64::from(pixel[channel]) * alpha + BEHIND * (1.0 - alpha))
    };
    for format in [OutputFormat::Webm, OutputFormat::Mov] {
        let found = round_trip(&config(format, Transparency::Alpha), 4, draw);
        for (at, pixel) in (0..).zip(found.rgba().chunks_exact(4)) {
            let (x, y) = (at % WIDTH, at / WIDTH);
            for (found, expected) in keyed(pixel).into_iter().zip(keyed(&draw(x, y))) {
                let off = (found - expected).abs();
                assert!(off <= 5.0, "{format}: {found:.0} instead of {expected:.0} at {x}, {y}");
            }
        }
    }
}
