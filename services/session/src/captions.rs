//! Caption files (WebVTT, SubRip, TTML) → transcripts with times.

use std::path::Path;

use quick_xml::{Reader, events::Event};
use signing::{Flicks, SourceTime, Transcript};

use crate::SessionError;

/// More than this is refused before it is read whole, bytes.
const MOST_BYTES: u64 = 16 << 20;

/// Reads a caption file; what it is shows in its first characters.
///
/// Errors: [`SessionError::Captions`] with the line, [`SessionError::Read`].
pub fn read_captions(path: &Path, language: &str) -> Result<Vec<Transcript>, SessionError> {
    let unread = |source| SessionError::Read { path: path.to_owned(), source };
    let size = path.metadata().map_err(unread)?.len();
    let wrong = |line: usize, found: String, expected: &'static str| SessionError::Captions {
        path: path.to_owned(),
        line,
        found,
        expected,
    };
    if size > MOST_BYTES {
        return Err(wrong(1, format!("{size} bytes"), "at most 16 MiB of captions"));
    }
    let bytes = std::fs::read(path).map_err(unread)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        wrong(1, format!("byte {} is no UTF-8", error.utf8_error().valid_up_to()), "a file in UTF-8")
    })?;
    parse_captions(&text, path, language)
}

/// Reads captions that are at hand; errors call them `name`.
///
/// Errors: [`SessionError::Captions`] with the line.
pub fn parse_captions(text: &str, name: &Path, language: &str) -> Result<Vec<Transcript>, SessionError> {
    let wrong = |(line, found, expected)| SessionError::Captions { path: name.to_owned(), line, found, expected };
    let captions = parse(text.trim_start_matches('\u{feff}'), language).map_err(wrong)?;
    if captions.is_empty() {
        return Err(wrong((1, "no caption".to_owned(), "WebVTT, SubRip or TTML captions with text")));
    }
    Ok(captions)
}

/// Line (from 1), what was found, what was expected.
type Wrong = (usize, String, &'static str);

fn parse(text: &str, language: &str) -> Result<Vec<Transcript>, Wrong> {
    let mut captions =
        if text.trim_start().starts_with('<') { timed_text(text, language)? } else { cues(text, language)? };
    captions.sort_by_key(|caption| caption.start);
    Ok(captions)
}

fn caption(text: &str, language: &str, start: Flicks, end: Flicks) -> Option<Transcript> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let between = if language.starts_with("zh") { "" } else { " " };
    let mut caption = Transcript::plain(lines.join(between), language);
    (caption.start, caption.end) = (SourceTime(start), SourceTime(end));
    (!caption.text.is_empty()).then_some(caption)
}

const EXPECTED_TIMES: &str = "start --> end, such as 00:00:01.000 --> 00:00:02.500, the end not before the start";

/// WebVTT and SubRip: blocks with a line of times.
fn cues(text: &str, language: &str) -> Result<Vec<Transcript>, Wrong> {
    let mut captions = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let Some((start, rest)) = line.split_once("-->") else { continue };
        let end = rest.split_whitespace().next().unwrap_or_default();
        let times = clock(start.trim()).zip(clock(end)).filter(|(start, end)| start <= end);
        let (start, end) = times.ok_or_else(|| (number, format!("“{}”", line.trim()), EXPECTED_TIMES))?;
        let body: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| !line.trim().is_empty()).collect();
        captions.extend(caption(&plain(&body.join("\n")), language, start, end));
    }
    if captions.is_empty() && !text.trim().is_empty() && !text.contains("-->") {
        let first = text.lines().next().unwrap_or_default().chars().take(40).collect::<String>();
        return Err((1, format!("“{first}”"), "WebVTT, SubRip or TTML captions"));
    }
    Ok(captions)
}

/// `[hh:]mm:ss[.,]mmm`.
fn clock(text: &str) -> Option<Flicks> {
    let mut parts = text.rsplit(':');
    let seconds = parts.next()?.replace(',', ".");
    let (whole, thousandths) = seconds.split_once('.').unwrap_or((&seconds, "0"));
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let millis = digits(&thousandths.chars().chain("000".chars()).take(3).collect::<String>())?;
    let minutes = digits(parts.next()?)?;
    let hours = parts.next().map_or(Some(0), digits)?;
    if parts.next().is_some() || hours > 10_000 {
        return None;
    }
    Some(Flicks::from_millis(((hours * 60 + minutes) * 60 + digits(whole)?) * 1_000 + millis))
}

/// Without tags, with what entities stand for.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        out.push_str(&rest[..at]);
        let close = if rest[at..].starts_with('<') { '>' } else { '}' };
        // `{\an8}` is SubRip's; other braces and lone signs are text.
        let is_tag = rest[at..].starts_with('<') || rest[at..].starts_with("{\\");
        match rest[at..].find(close).filter(|_| is_tag) {
            Some(end) => rest = &rest[at + end + 1..],
            None => {
                out.push_str(&rest[at..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    for (entity, char) in
        [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""), ("&quot;", "\""), ("&amp;", "&")]
    {
        out = out.replace(entity, char);
    }
    out
}

/// TTML: `p` elements with `begin` and `end` or `dur`.
fn timed_text(text: &str, language: &str) -> Result<Vec<Transcript>, Wrong> {
    let mut reader = Reader::from_str(text);
    let mut rates = Rates { frames: 30.0, ticks: 1.0 };
    let mut captions = Vec::new();
    let mut open: Option<(Flicks, Flicks, String)> = None;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        let line = text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let wrong = |found: String| (line, found, "well-formed TTML with begin and end or dur on each p");
        match reader.read_event().map_err(|error| wrong(error.to_string()))? {
            Event::Start(element) => {
                let name = element.local_name();
                let attribute = |name: &str| {
                    element
                        .attributes()
                        .flatten()
                        .find(|found| found.key.local_name().as_ref() == name)
                        .map(|found| found.value.clone().into_owned())
                };
                match name.as_ref() {
                    "tt" => {
                        let number = |name| attribute(name).and_then(|value| value.parse::<f64>().ok());
                        rates.frames = number("frameRate").filter(|rate| *rate > 0.0).unwrap_or(rates.frames);
                        rates.ticks = number("tickRate").filter(|rate| *rate > 0.0).unwrap_or(rates.ticks);
                    }
                    "p" => {
                        let time = |name| attribute(name).map(|value| rates.time(&value).ok_or(value));
                        let begin = time("begin").transpose().map_err(|value| wrong(format!("begin=“{value}”")))?;
                        let end = time("end").transpose().map_err(|value| wrong(format!("end=“{value}”")))?;
                        let length = time("dur").transpose().map_err(|value| wrong(format!("dur=“{value}”")))?;
                        let begin = begin.ok_or_else(|| wrong("a p without begin".to_owned()))?;
                        let end = end.or(length.map(|length| begin + length)).unwrap_or(begin);
                        if end < begin {
                            return Err(wrong("a p that ends before it begins".to_owned()));
                        }
                        open = Some((begin, end, String::new()));
                    }
                    "br" => push(&mut open, "\n"),
                    _ => {}
                }
            }
            Event::Empty(element) if element.local_name().as_ref() == "br" => push(&mut open, "\n"),
            Event::Text(found) => {
                push(&mut open, &found.replace('\n', " "));
            }
            Event::GeneralRef(found) => {
                let name: &str = &found;
                let char = match name {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => found.resolve_char_ref().ok().flatten(),
                };
                let char = char.ok_or_else(|| wrong(format!("the entity &{name};")))?;
                push(&mut open, char.encode_utf8(&mut [0; 4]));
            }
            Event::End(element) if element.local_name().as_ref() == "p" => {
                if let Some((start, end, body)) = open.take() {
                    captions.extend(caption(&body, language, start, end));
                }
            }
            Event::Eof => return Ok(captions),
            _ => {}
        }
    }
}

fn push(open: &mut Option<(Flicks, Flicks, String)>, text: &str) {
    if let Some((_, _, body)) = open {
        body.push_str(text);
    }
}

struct Rates {
    frames: f64,
    ticks: f64,
}

impl Rates {
    /// A clock time (`hh:mm:ss.mmm`, `hh:mm:ss:ff`) or an offset (`1.5s`, `500ms`, `2m`, `1h`, `30f`, `7t`).
    fn time(&self, text: &str) -> Option<Flicks> {
        let text = text.trim();
        let parts: Vec<&str> = text.split(':').collect();
        if let [hours, minutes, seconds, frames] = parts[..] {
            let whole = clock(&format!("{hours}:{minutes}:{seconds}"))?;
            return Some(whole + Flicks::from_secs(frames.parse::<f64>().ok()? / self.frames));
        }
        if parts.len() == 3 {
            return clock(text);
        }
        let unit = text.find(|c: char| c.is_ascii_alphabetic())?;
        let number = text[..unit].parse::<f64>().ok().filter(|number| (0.0..1e9).contains(number))?;
        let secs = match &text[unit..] {
            "h" => number * 3_600.0,
            "m" => number * 60.0,
            "s" => number,
            "ms" => number / 1_000.0,
            "f" => number / self.frames,
            "t" => number / self.ticks,
            _ => return None,
        };
        Some(Flicks::from_secs(secs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(i64, i64, &str)]) {
        let found = parse(text, "zh").unwrap();
        let found: Vec<_> =
            found.iter().map(|caption| (caption.start.0, caption.end.0, caption.text.as_str())).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|&(start, end, text)| (Flicks::from_millis(start), Flicks::from_millis(end), text))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_format_is_read() {
        check(
            "WEBVTT\n\nNOTE nothing\n\n1\n00:01.500 --> 00:03.000 align:start\n<v 李明>今天&amp;明天\n有雪\n\n",
            &[(1_500, 3_000, "今天&明天有雪")],
        );
        check(
            "1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}<i>你好</i>\r\n\r\n2\r\n01:00:00,5 --> 01:00:01,25\r\n再见",
            &[(1_000, 2_000, "你好"), (3_600_500, 3_601_250, "再见")],
        );
        check(
            "<?xml version='1.0'?><tt xmlns='http://www.w3.org/ns/ttml' xmlns:ttp='x' ttp:frameRate='25'><body><div>\
             <p begin='1.5s' dur='500ms'>比赛<br/>三<span>点</span>开始</p>\
             <p begin='00:00:04:05' end='00:00:05.000'>a &lt; b</p></div></body></tt>",
            &[(1_500, 2_000, "比赛三点开始"), (4_200, 5_000, "a < b")],
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, line, expected) in [
            ("hello", 1, "hello"),
            ("1\n00:00:05,000 --> 00:00:02,000\nx", 2, "00:00:05"),
            ("WEBVTT\n\n00:00 --> abc\nx", 3, "abc"),
            ("<tt>\n<p>x</p></tt>", 2, "without begin"),
            ("<tt>\n<p begin='soon'>x</p></tt>", 2, "soon"),
        ] {
            let (at, found, _) = parse(text, "zh").unwrap_err();
            assert!(at == line && found.contains(expected), "{at}: {found}");
        }
    }
}
