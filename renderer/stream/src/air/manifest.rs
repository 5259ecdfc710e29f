//! What an HLS folder says about the signer.

use std::{io, path::Path};

use signing::FrameRate;

/// File name of the playlist that FFmpeg writes.
pub(super) const MEDIA: &str = "media.m3u8";
const MASTER: &str = "master.m3u8";
/// Apple's name for a sign-language interpretation.
const CHARACTERISTIC: &str = "public.accessibility.sign-language-interpretation";

/// Writes the master playlist, in one step.
pub(super) fn write_master(
    folder: &Path,
    size: (u32, u32),
    rate: FrameRate,
    bits: u32,
    codecs: &str,
) -> io::Result<()> {
    let hidden = folder.join(".master.m3u8.new");
    std::fs::write(&hidden, master(size, rate, bits, codecs))?;
    std::fs::rename(&hidden, folder.join(MASTER))
}

fn master((width, height): (u32, u32), rate: FrameRate, bits: u32, codecs: &str) -> String {
    format!(
        "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n\
         #EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID=\"signer\",NAME=\"中国手语 (AI生成)\",LANGUAGE=\"csl\",DEFAULT=YES,AUTOSELECT=YES,\
         CHARACTERISTICS=\"{CHARACTERISTIC}\"\n\
         #EXT-X-STREAM-INF:BANDWIDTH={bits},CODECS=\"{codecs}\",RESOLUTION={width}x{height},FRAME-RATE={:.3},VIDEO=\"signer\"\n\
         {MEDIA}\n",
        rate.as_f64()
    )
}

/// The name of a codec as manifests write it, from H.264's sequence parameter set.
pub(super) fn avc1(extradata: &[u8]) -> Option<String> {
    // Annex B: a start code, the type of the unit, then profile, constraints and level.
    let at = extradata.windows(4).position(|bytes| bytes[..3] == [0, 0, 1] && bytes[3] & 0x1f == 7)?;
    let [profile, constraints, level] = extradata.get(at + 4..at + 7)?.try_into().ok()?;
    let [profile, constraints, level]: [u8; 3] = [profile, constraints, level];
    Some(format!("avc1.{profile:02x}{constraints:02x}{level:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_master_playlist_names_the_sign_role() {
        let text = master((1280, 720), FrameRate::PAL, 3_000_000, "avc1.64001f,mp4a.40.2");
        for expected in [
            CHARACTERISTIC,
            "TYPE=VIDEO",
            "VIDEO=\"signer\"",
            "RESOLUTION=1280x720",
            "FRAME-RATE=25.000",
            "\nmedia.m3u8\n",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }

    #[test]
    fn codecs_are_read_off_the_sequence_parameter_set() {
        assert_eq!(avc1(&[0, 0, 0, 1, 0x67, 0x64, 0, 0x1f, 0xac]).as_deref(), Some("avc1.64001f"));
        assert_eq!(avc1(&[0, 0, 0, 1, 0x68, 0x64, 0]), None);
        assert_eq!(avc1(&[0, 0, 1, 0x67, 0x64]), None);
    }
}
