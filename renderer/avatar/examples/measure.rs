//! Prints milliseconds a frame: `measure AVATAR.glb FRAMES [WIDTHxHEIGHT off|edges|fine]`.
#![allow(clippy::print_stdout, reason = "what was measured is what it is for")]

use avatar::{Antialias, bench::frame_ms};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, frames, rest @ ..] = args.as_slice() else {
        return Err("usage: measure AVATAR.glb FRAMES [WIDTHxHEIGHT off|edges|fine]".into());
    };
    let all = [("off", Antialias::Off), ("edges", Antialias::Edges), ("fine", Antialias::Supersample2)];
    let sizes = match rest.first() {
        Some(size) => vec![size.as_str()],
        None => vec!["1280x720", "1920x1080", "480x720"],
    };
    for size in sizes {
        let (width, height) = size.split_once('x').ok_or("size: WIDTHxHEIGHT")?;
        for (name, antialias) in all.into_iter().filter(|(name, _)| rest.get(1).is_none_or(|only| only == name)) {
            let measured = frame_ms(file.as_ref(), (width.parse()?, height.parse()?), frames.parse()?, antialias)?;
            println!("{size} {name}: {:.2} ms a frame on {}", measured.frame_ms, measured.adapter);
        }
    }
    Ok(())
}
