//! The caption track of a feed → texts with times.

use ffmpeg_next::{self as ffmpeg, Packet, Rational, codec, media};
use signing::{Flicks, SourceTime};

use crate::{ffi, probe::flicks};

/// A caption of a feed, on the input's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedCaption {
    /// When it appears.
    pub start: SourceTime,
    /// When it goes; its start where the feed does not say.
    pub end: SourceTime,
    /// What it says, lines joined by line breaks, without marks of style.
    pub text: String,
}

/// Longest text of one caption, bytes: what is beyond it is no caption.
const LONGEST: usize = 4 << 10;
/// Fields of an ASS event before its text.
const ASS_FIELDS: usize = 8;

/// What a feed has of captions.
pub(super) enum Track {
    /// None at all.
    Missing,
    /// Pictures of text, or a codec that this FFmpeg can't decode: which.
    Unreadable(String),
    Text(Box<CaptionDecoder>),
}

pub(super) struct CaptionDecoder {
    pub(super) stream: usize,
    pub(super) base: Rational,
    decoder: codec::decoder::Subtitle,
    /// FFmpeg's name of what it decodes.
    pub(super) kind: String,
}

impl Track {
    /// The first track of captions that is text.
    pub(super) fn find(input: &ffmpeg::format::context::Input) -> Self {
        let mut unreadable = Self::Missing;
        for stream in input.streams().filter(|it| it.parameters().medium() == media::Type::Subtitle) {
            let id = stream.parameters().id();
            if !is_text(id) {
                unreadable = Self::Unreadable(format!("they are pictures of text ({})", id.name()));
                continue;
            }
            match CaptionDecoder::open(&stream) {
                Ok(decoder) => return Self::Text(Box::new(decoder)),
                Err(error) => unreadable = Self::Unreadable(format!("{} can't be decoded: {error}", id.name())),
            }
        }
        unreadable
    }
}

/// Whether a codec's captions are texts, not pictures of them.
fn is_text(id: codec::Id) -> bool {
    use codec::Id::{
        ASS, DVB_TELETEXT, EIA_608, MICRODVD, MOV_TEXT, MPL2, SAMI, SRT, SSA, STL, SUBRIP, SUBVIEWER, TEXT, WEBVTT,
    };
    matches!(
        id,
        ASS | DVB_TELETEXT
            | EIA_608
            | MICRODVD
            | MOV_TEXT
            | MPL2
            | SAMI
            | SRT
            | SSA
            | STL
            | SUBRIP
            | SUBVIEWER
            | TEXT
            | WEBVTT
    )
}

impl CaptionDecoder {
    fn open(stream: &ffmpeg::Stream<'_>) -> Result<Self, ffmpeg::Error> {
        let parameters = stream.parameters();
        let id = parameters.id();
        let mut context = codec::Context::from_parameters(parameters)?.decoder();
        context.set_packet_time_base(stream.time_base());
        let found = codec::decoder::find(id).ok_or(ffmpeg::Error::DecoderNotFound)?;
        // Teletext would be drawn; captions of line 21 would wait for their ends.
        let options: &[(&str, &str)] = match id {
            codec::Id::DVB_TELETEXT => &[("txt_format", "text"), ("txt_page", "subtitle")],
            codec::Id::EIA_608 => &[("real_time", "1")],
            _ => &[],
        };
        let opened = context.open_as_with(found, crate::encoder::dictionary(options.iter().copied()))?;
        let (stream, base, kind) = (stream.index(), stream.time_base(), id.name().to_owned());
        Ok(Self { stream, base, decoder: opened.subtitle()?, kind })
    }

    /// The caption of a packet whose times are `offset` away from the input's clock; none if it only clears the picture.
    pub(super) fn decode(&mut self, packet: &Packet, offset: Flicks) -> Result<Option<FeedCaption>, ffmpeg::Error> {
        let Some(time) = packet.pts().or_else(|| packet.dts()) else { return Ok(None) };
        let Some(found) = ffi::decode_subtitle(&mut self.decoder, packet)? else { return Ok(None) };
        let start = flicks(time, self.base) + offset + Flicks::from_millis(i64::from(found.start_millis));
        let length = match (packet.duration(), found.end_millis) {
            (ticks @ 1.., _) => flicks(ticks, self.base),
            (_, Some(end)) => Flicks::from_millis(i64::from(end.saturating_sub(found.start_millis))),
            (_, None) => Flicks::ZERO,
        };
        let texts: Vec<String> = found.texts.iter().map(|text| plain(text)).filter(|text| !text.is_empty()).collect();
        let text = texts.join("\n");
        if text.is_empty() || text.len() > LONGEST {
            return Ok(None);
        }
        Ok(Some(FeedCaption { start: SourceTime(start), end: SourceTime(start + length), text }))
    }
}

/// The text of an ASS event, `ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text`.
fn plain(event: &str) -> String {
    let text = event.splitn(ASS_FIELDS + 1, ',').nth(ASS_FIELDS).unwrap_or(event);
    let mut out = String::new();
    let mut rest = text;
    // `{\…}` is style; `\N`, `\n` and `\h` are breaks and spaces.
    while let Some(at) = rest.find(['{', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let style = rest.starts_with("{\\").then(|| rest.find('}')).flatten();
        rest = match (style, rest.as_bytes().get(1)) {
            (Some(end), _) => &rest[end + 1..],
            (None, Some(b'N' | b'n')) if rest.starts_with('\\') => {
                out.push('\n');
                &rest[2..]
            }
            (None, Some(b'h')) if rest.starts_with('\\') => {
                out.push(' ');
                &rest[2..]
            }
            _ => {
                out.push_str(&rest[..1]);
                &rest[1..]
            }
        };
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn marks_of_style_are_left_out() {
        for (event, expected) in [
            ("0,0,Default,,0,0,0,,北京今天下雪。", "北京今天下雪。"),
            ("7,0,Default,,0,0,0,,{\\an8}{\\c&H00FF00&}三点，\\N冰壶 ", "三点，\n冰壶"),
            ("1,0,Default,,0,0,0,,a, b, c", "a, b, c"),
            ("1,0,Default,,0,0,0,,{x} \\ {\\i1", "{x} \\ {\\i1"),
            ("1,0,Default,,0,0,0,,\\N \\h", ""),
            ("no event", "no event"),
            ("", ""),
        ] {
            assert_eq!(plain(event), expected, "{event}");
        }
    }

    /// The captions of a file that holds nothing else, or why one could not be decoded.
    fn read(name: &str, bytes: &[u8]) -> Vec<Result<FeedCaption, ffmpeg::Error>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let mut input = crate::probe::open(&path).unwrap();
        let Track::Text(mut decoder) = Track::find(&input) else { panic!("{name}: no text") };
        let mut found = Vec::new();
        let mut packet = Packet::empty();
        while packet.read(&mut input).is_ok() {
            found.extend(decoder.decode(&packet, Flicks::from_millis(500)).transpose());
        }
        found
    }

    #[test]
    fn captions_of_every_kind_have_their_texts_and_times() {
        let srt = "1\n00:00:01,000 --> 00:00:02,500\n北京<i>今天</i>下雪。\n\n2\n00:00:03,000 --> 00:00:04,000\n三点，\n冰壶\n";
        let vtt = "WEBVTT\n\n00:01.000 --> 00:02.500\n北京<b>今天</b>下雪。\n\n00:03.000 --> 00:04.000\n三点，\n冰壶\n";
        let ass = "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, \
                   Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\an8}北京今天下雪。\n\
                   Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,三点，\\N冰壶\n";
        for (name, text) in [("a.srt", srt), ("a.vtt", vtt), ("a.ass", ass)] {
            let found: Vec<FeedCaption> = read(name, text.as_bytes()).into_iter().map(Result::unwrap).collect();
            let at = |millis| SourceTime(Flicks::from_millis(millis));
            let caption =
                |start, end, text: &str| FeedCaption { start: at(start), end: at(end), text: text.to_owned() };
            let expected = [caption(1_500, 3_000, "北京今天下雪。"), caption(3_500, 4_500, "三点，\n冰壶")];
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_caption_that_is_no_utf_8_does_no_harm() {
        let text = b"1\n00:00:01,000 --> 00:00:02,000\nab\xff\xfec\n\n2\n00:00:03,000 --> 00:00:04,000\nok\n";
        let found = read("a.srt", text);
        assert_eq!(found.last().and_then(|it| it.as_ref().ok()).map(|it| it.text.as_str()), Some("ok"), "{found:?}");
    }

    #[test]
    fn teletext_is_read_and_captions_that_are_pictures_are_refused() {
        let fixture = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
        let bytes = std::fs::read(fixture("teletext.ts")).unwrap();
        let found: Vec<FeedCaption> = read("a.ts", &bytes).into_iter().map(Result::unwrap).collect();
        let texts: Vec<&str> = found.iter().map(|caption| caption.text.as_str()).collect();
        assert_eq!(texts, ["My friend likes to drink tea.", "I am going to Beijing."]);
        assert_eq!(found[1].start - found[0].start, Flicks::from_millis(5_000));

        let path = fixture("picture-captions.ts");
        let input = crate::probe::open(&path).unwrap();
        assert!(matches!(Track::find(&input), Track::Unreadable(why) if why.contains("pictures")));
        let refused =
            |captions: bool| super::super::check_file(&path.to_string_lossy(), captions).unwrap_err().to_string();
        assert!(refused(true).contains("dvb_subtitle") && refused(true).contains("--hear"), "{}", refused(true));
        assert!(!refused(false).contains("dvb_subtitle"), "nobody asked for them");
    }

    #[test]
    fn a_file_without_captions_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let mut wav =
            b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data\x08\0\0\0".to_vec();
        wav.extend([0; 8]);
        std::fs::write(&path, wav).unwrap();
        assert!(matches!(Track::find(&crate::probe::open(&path).unwrap()), Track::Missing));
    }
}
