//! How each container is set up: one kind a file.

mod mov;
mod mp4;
mod webm;

use crate::{config::EncoderConfig, format::OutputFormat};

/// Everything FFmpeg must be told about one muxer.
#[derive(Debug, Clone)]
pub(crate) struct ContainerPlan {
    /// FFmpeg's name of the muxer.
    pub(crate) muxer: &'static str,
    /// Muxer options, name and value.
    pub(crate) options: Vec<(&'static str, String)>,
}

/// The container that `config` asks for.
pub(crate) fn plan(config: &EncoderConfig) -> ContainerPlan {
    match config.format {
        OutputFormat::Mp4 => mp4::plan(config),
        OutputFormat::Webm => webm::plan(),
        OutputFormat::Mov => mov::plan(config),
    }
}

/// Leaves FFmpeg's version and random identifiers out, so that equal input gives equal files.
fn reproducible() -> (&'static str, String) {
    ("fflags", "+bitexact".to_owned())
}

/// What MP4 and QuickTime have in common.
fn isobmff_options(config: &EncoderConfig) -> Vec<(&'static str, String)> {
    // A movie's clock of its own would be milliseconds, and round its length up to one.
    let mut movie_timescale = config.rate.num();
    while movie_timescale < 1_000 {
        movie_timescale *= 2;
    }
    vec![
        reproducible(),
        // Index in front; and without `use_metadata_tags` the muxer drops every key it does not know, `AIGC` too.
        ("movflags", "+faststart+use_metadata_tags".to_owned()),
        ("movie_timescale", movie_timescale.to_string()),
    ]
}
