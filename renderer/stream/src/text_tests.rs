use signing::OutputTime;

use super::*;

fn frame(width: u32, height: u32, pixel: Rgba) -> VideoFrame {
    VideoFrame::new(OutputTime::ZERO, width, height, pixel.repeat((width * height) as usize)).unwrap()
}

fn pixel(frame: &VideoFrame, x: u32, y: u32) -> Rgba {
    let at = (y * frame.width() + x) as usize * 4;
    frame.rgba()[at..at + 4].try_into().unwrap()
}

#[test]
fn over_follows_porter_and_duff() {
    let cases: [(Rgba, [u8; 3], u32, Rgba); 5] = [
        ([10, 20, 30, 255], [200, 100, 50], 0, [10, 20, 30, 255]),
        ([10, 20, 30, 255], [200, 100, 50], 255, [200, 100, 50, 255]),
        ([0, 0, 0, 0], [200, 100, 50], 128, [200, 100, 50, 128]),
        ([0, 0, 0, 255], [255, 255, 255], 51, [51, 51, 51, 255]),
        ([0, 0, 0, 0], [9, 9, 9], 0, [0, 0, 0, 0]),
    ];
    for (below, above, alpha, expected) in cases {
        let mut result = below;
        over(&mut result, above, alpha);
        assert_eq!(result, expected, "{above:?} at {alpha} over {below:?}");
    }
}

#[test]
fn a_chinese_character_fills_its_square() {
    let painter = TextPainter::system_chinese().unwrap();
    let sprite = painter.sprite(&[("国", TextStyle::white(100.0))], None);
    assert_eq!((sprite.width(), sprite.height()), (100, 100));
    let inked: Vec<usize> =
        (0..100).filter(|row| sprite.rgba()[row * 400..(row + 1) * 400].iter().any(|value| *value > 128)).collect();
    let (top, bottom) = (*inked.first().unwrap(), *inked.last().unwrap());
    assert!(top < 10 && bottom > 90, "ink from row {top} to {bottom} of 100");
}

#[test]
fn different_characters_look_different() {
    let painter = TextPainter::system_chinese().unwrap();
    let draw = |text| painter.sprite(&[(text, TextStyle::white(40.0))], None);
    assert_ne!(draw("土"), draw("士"));
    assert_eq!(draw("土"), draw("土"));
}

#[test]
fn what_lies_outside_is_cut_off() {
    let painter = TextPainter::system_chinese().unwrap();
    let style = TextStyle { plate: Some(Plate::dark(20.0)), ..TextStyle::white(20.0) };
    for at in [(-30, -10), (90, 45), (-1_000, 0), (0, 1_000), (i32::MIN, i32::MAX), (i32::MAX, i32::MIN)] {
        let mut drawn = frame(100, 50, [0, 128, 0, 255]);
        painter.draw(&mut drawn, "李明 Li Ming", at, &style);
    }
    let mut cut = frame(100, 50, [0, 128, 0, 255]);
    painter.draw(&mut cut, "李明", (80, 10), &style);
    let mut whole = frame(200, 50, [0, 128, 0, 255]);
    painter.draw(&mut whole, "李明", (80, 10), &style);
    for (x, y) in (0..100).flat_map(|x| (0..50).map(move |y| (x, y))) {
        assert_eq!(pixel(&cut, x, y), pixel(&whole, x, y), "at {x}, {y}");
    }
}

#[test]
fn a_plate_darkens_and_stays_inside_its_box() {
    let painter = TextPainter::system_chinese().unwrap();
    let style = TextStyle { plate: Some(Plate::dark(30.0)), ..TextStyle::white(30.0) };
    let (width, height) = painter.measure("名字", &style);
    let mut drawn = frame(200, 100, [255; 4]);
    painter.draw(&mut drawn, "名字", (10, 20), &style);
    assert!(pixel(&drawn, 10 + width / 2, 21)[0] < 140, "plate over white");
    assert_eq!(pixel(&drawn, 10 + width, 20 + height / 2), [255; 4]);
    assert_eq!(pixel(&drawn, 9, 20 + height / 2), [255; 4]);
    assert_eq!(pixel(&drawn, 10, 20), [255; 4], "the corner is round");
}

#[test]
fn odd_text_draws_without_harm() {
    let painter = TextPainter::system_chinese().unwrap();
    for text in ["", "\n\n", "\u{0}\u{7}\t", "👋🏽", "\u{200b}\u{202e}", "e\u{301}", "𠮷"] {
        painter.sprite(&[(text, TextStyle::white(20.0))], None);
    }
    assert_eq!(painter.measure("", &TextStyle::white(20.0)), (0, 20));
    assert_eq!(painter.measure("甲\n乙", &TextStyle::white(20.0)), (20, 44));
}
