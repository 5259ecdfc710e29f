//! What the demo is asked for, and what its visitors may ask of it.

use std::{env, path::PathBuf, time::Duration};

use session::live::DrawerCommand;
use signing::FrameRate;

use crate::DemoError;

/// The sounds of a word in letters without tones, such as `bing hu`: what the lexicon is searched by.
pub type Romanise = fn(&str) -> String;

/// How the demo runs.
#[derive(Debug, Clone)]
pub struct DemoConfig {
    /// The port on loopback; 0 takes any.
    pub port: u16,
    /// The avatar's file.
    pub avatar: PathBuf,
    /// The file of the reviews; made if it is not there.
    pub reviews: PathBuf,
    /// Most visitors at once: each has a renderer of its own.
    pub visitors: usize,
    /// Width and height of the picture in pixels, even.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: FrameRate,
    /// How the process of a renderer is started; they run in this one if absent.
    pub drawer: Option<DrawerCommand>,
    /// How words sound.
    pub romanise: Romanise,
}

impl DemoConfig {
    /// Three by four: the signing space and little else.
    pub const SIZE: (u32, u32) = (540, 720);
    /// Renderers that two cores carry.
    pub const VISITORS: usize = 3;
}

/// sRGB behind the signer.
pub(crate) const BACKGROUND: [u8; 3] = [0xdf, 0xe6, 0xe8];
/// Longest text of one message, characters.
pub(crate) const TEXT_CHARACTERS: usize = 2_000;
/// Longest captions of one message, bytes.
pub(crate) const CAPTION_BYTES: usize = 256 << 10;
/// Longest text of one message's captions, characters.
pub(crate) const CAPTION_CHARACTERS: usize = 6_000;
/// Longest message of a page, bytes; a longer one ends its session.
pub(crate) const MESSAGE_BYTES: usize = 512 << 10;
/// Utterances of a visitor that may wait to be signed.
pub(crate) const WAITING: usize = 20;
/// Utterances that a visitor can ask for again.
pub(crate) const REMEMBERED: usize = 60;
/// Messages that a page may send at once, and for how long it has to wait for one more.
pub(crate) const BURST: f64 = 40.0;
pub(crate) const MESSAGES_PER_SEC: f64 = 12.0;
/// Sound that a page may send at once, and in a second, bytes: three times what a microphone gives.
pub(crate) const SOUND_BURST: f64 = 192_000.0;
pub(crate) const SOUND_PER_SEC: f64 = 96_000.0 * 3.0;
/// Longest film that can be downloaded, in signs.
pub(crate) const FILM_SIGNS: usize = 400;
/// A session in which nothing is said ends after this.
pub(crate) const SILENCE: Duration = Duration::from_secs(20 * 60);
/// Longest session.
pub(crate) const LENGTH: Duration = Duration::from_secs(6 * 3600);
/// A page that takes nothing for this long has left.
pub(crate) const GRACE: Duration = Duration::from_secs(20);

/// Where reviews are kept: `$SHOUYU_CACHE/reviews.sqlite`, else `$XDG_DATA_HOME/shouyu/reviews.sqlite`, else
/// `~/.local/share/shouyu/reviews.sqlite`.
///
/// Errors: [`DemoError::NoDataFolder`].
pub fn reviews_path() -> Result<PathBuf, DemoError> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("SHOUYU_CACHE")
        .or_else(|| set("XDG_DATA_HOME").map(|folder| folder.join("shouyu")))
        .or_else(|| set("HOME").map(|folder| folder.join(".local/share/shouyu")))
        .map(|folder| folder.join("reviews.sqlite"))
        .ok_or(DemoError::NoDataFolder)
}
