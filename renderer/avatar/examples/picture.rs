//! Draws one frame of the sample movement: `picture AVATAR.glb OUT.png WIDTHxHEIGHT VIEW [FRAME] [transparent] [off|fine]`.

use avatar::{Antialias, Background, Renderer, RendererConfig, View};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, out, size, view, rest @ ..] = args.as_slice() else {
        return Err("usage: picture AVATAR.glb OUT.png WIDTHxHEIGHT VIEW [FRAME] [transparent] [off|fine]".into());
    };
    let (width, height) = size.split_once('x').ok_or("size: WIDTHxHEIGHT")?;
    let mut config = RendererConfig::new((width.parse()?, height.parse()?), file);
    config.view = match view.as_str() {
        "portrait" => View::Portrait,
        "front" => View::Front,
        "side" => View::Side,
        "three-quarter" => View::ThreeQuarter,
        "face" => View::Face,
        "hands" => View::Hands,
        other => return Err(format!("no view {other}").into()),
    };
    if rest.iter().any(|arg| arg == "transparent") {
        config.background = Background::Transparent;
    }
    if rest.iter().any(|arg| arg == "off") {
        config.antialias = Antialias::Off;
    }
    if rest.iter().any(|arg| arg == "fine") {
        config.antialias = Antialias::Supersample2;
    }
    let frame = rest.first().and_then(|arg| arg.parse().ok()).unwrap_or(0);
    let picture = Renderer::start(config)?.render_still(&avatar::bench::sample_pose(frame))?;
    image::save_buffer(out, picture.rgba(), picture.width(), picture.height(), image::ColorType::Rgba8)?;
    Ok(())
}
