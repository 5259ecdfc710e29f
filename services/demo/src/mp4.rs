//! What a browser must be told of a fragmented MP4 before it plays it.

/// The media type with the codec's name of RFC 6381, read off the `avcC` box of an initialisation segment.
pub(crate) fn media_type(head: &[u8]) -> Option<String> {
    let boxed = find(head, &[b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"])?;
    // Version and flags, count of entries; then the entry's box, whose fields before its own boxes are fixed.
    const STSD: usize = 8;
    const VISUAL: usize = 78;
    let entry = find(boxed.get(STSD..)?, &[b"avc1"])?;
    let config = find(entry.get(VISUAL..)?, &[b"avcC"])?;
    let [_version, profile, compatibility, level] = *config.first_chunk::<4>()?;
    Some(format!("video/mp4; codecs=\"avc1.{profile:02x}{compatibility:02x}{level:02x}\""))
}

/// The content of the box at the end of a path of boxes, the first of each name.
fn find<'a>(mut bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    let (name, rest) = path.split_first()?;
    loop {
        let (length, after) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (found, _) = after.split_first_chunk::<4>()?;
        let content = bytes.get(8..length)?;
        if found == *name {
            return if rest.is_empty() { Some(content) } else { find(content, rest) };
        }
        bytes = bytes.get(length..)?;
    }
}

#[cfg(test)]
mod tests {
    use signing::FrameRate;
    use stream::{AigcLabel, LiveConfig, LiveContainer, LiveEncoder, Metadata};

    use super::*;

    #[test]
    fn the_encoders_own_head_is_named() {
        let metadata = Metadata::new(AigcLabel::new("test", "1"));
        let config =
            LiveConfig { size: (540, 720), rate: FrameRate::PAL, container: LiveContainer::FragmentedMp4, metadata };
        let (_, head) = LiveEncoder::open(config).unwrap();
        let found = media_type(&head.data).unwrap();
        // High profile, level 3.0 or 3.1 for this size.
        let level = found.strip_prefix("video/mp4; codecs=\"avc1.6400").and_then(|rest| rest.strip_suffix('"'));
        assert!(matches!(level, Some("1e" | "1f")), "{found}");
    }

    #[test]
    fn what_is_cut_or_no_mp4_gives_none() {
        assert_eq!(media_type(b""), None);
        assert_eq!(media_type(&[0, 0, 0, 9, b'm', b'o', b'o', b'v', 0]), None);
        assert_eq!(media_type(&[0, 0, 0, 0, b'f', b'r', b'e', b'e']), None);
        assert_eq!(media_type(&[0xff; 64]), None);
    }
}
