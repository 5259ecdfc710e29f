//! The timecode that a programme begins with.

use std::path::Path;

use signing::FrameRate;

use crate::error::StreamError;

/// A programme's first timecode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTimecode {
    /// `HH:MM:SS:FF`, or `HH:MM:SS;FF` for drop-frame.
    pub label: String,
    /// The rate at which its frames count, where the programme says so.
    pub rate: Option<FrameRate>,
}

/// Longest label that is looked at, characters.
const LONGEST: usize = 16;

/// The timecode that a file names for its beginning: of its picture, of a track of timecodes, or of the whole.
///
/// Errors: the file is not there or can't be read.
pub fn source_timecode(path: &Path) -> Result<Option<SourceTimecode>, StreamError> {
    let input = crate::probe::open(path)?;
    let named = |entries: ffmpeg_next::DictionaryRef<'_>| entries.get("timecode").map(str::to_owned);
    let label = input.streams().find_map(|stream| named(stream.metadata())).or_else(|| named(input.metadata()));
    let rate = input.streams().best(ffmpeg_next::media::Type::Video).and_then(|stream| {
        let rate = stream.avg_frame_rate();
        let part = |part: i32| u32::try_from(part).ok();
        FrameRate::new(part(rate.numerator())?, part(rate.denominator())?).ok()
    });
    Ok(label.filter(|label| label.len() <= LONGEST).map(|label| SourceTimecode { label, rate }))
}
