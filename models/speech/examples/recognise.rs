//! Measures recognition: `recognise WHISPER_DIR VAD_FILE DATA_DIR [TERMS_FILE] [--exact] [--live] [--quiet]`.
//!
//! `DATA_DIR` has 16-bit mono WAV files and `transcripts.tsv` (file, tab, what was said). Prints each sentence, the
//! character error rate with numbers and variants normalised, the real-time factor, and the memory at the end.
#![allow(clippy::print_stdout, reason = "its result")]

use std::{error::Error, path::Path, sync::Arc, time::Instant};

use signing::{Flicks, SourceTime};
use speech::{Listener, Model, Numbers, Options, PcmChunk, Vocabulary};

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, paths): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|found| found == flag);
    let [whisper, vad, data, rest @ ..] = paths.as_slice() else {
        return Err("expected WHISPER_DIR VAD_FILE DATA_DIR [TERMS_FILE]".into());
    };
    let terms = rest.first().map(std::fs::read_to_string).transpose()?.unwrap_or_default();
    let numbers = if has("--exact") { Numbers::Exact } else { Numbers::Fast };
    let model = Arc::new(Model::load(Path::new(whisper), Path::new(vad), numbers)?);
    let vocabulary = Arc::new(Vocabulary::new(terms.lines().map(str::trim).filter(|line| !line.is_empty())));
    let interim = has("--live").then(|| Flicks::from_millis(1_000));

    let (mut errors, mut characters, mut seconds, mut spent) = (0, 0, 0.0, 0.0);
    let cpu_before = cpu_secs();
    for line in std::fs::read_to_string(Path::new(data).join("transcripts.tsv"))?.lines() {
        let Some((file, said)) = line.split_once('\t') else { continue };
        let (rate, samples) = wav(&Path::new(data).join(file))?;
        let begun = Instant::now();
        let mut listener = Listener::new(&model, vocabulary.clone(), Options { interim, ..Options::default() })?;
        let mut spans = Vec::new();
        let mut start = SourceTime::ZERO;
        for part in samples.chunks(rate as usize / 5) {
            let chunk = PcmChunk::from_i16(start, rate, 1, part);
            spans.extend(listener.push(&chunk)?);
            start = start + Flicks(Flicks::PER_SECOND / i64::from(rate) * part.len() as i64);
        }
        spans.extend(listener.finish()?);
        let took = begun.elapsed().as_secs_f64();
        let text: String =
            spans.iter().filter(|span| span.transcript.stable).map(|span| span.transcript.text.as_str()).collect();
        let (found, expected) = (normalised(&text), normalised(said));
        let wrong = distance(&found, &expected);
        errors += wrong;
        characters += expected.len();
        seconds += samples.len() as f64 / f64::from(rate);
        spent += took;
        if !has("--quiet") {
            let changes: Vec<_> = spans.iter().flat_map(|span| &span.changes).map(|change| &change.heard).collect();
            println!("{file}\t{wrong}\t{took:.2} s\t{said}\t{text}\t{changes:?}");
        }
    }
    println!("character error rate: {:.1} % ({errors} of {characters})", 100.0 * f64::from(errors) / characters as f64);
    println!(
        "real-time factor: {:.3} ({seconds:.1} s of sound in {spent:.2} s; {:.3} of two cores' time)",
        spent / seconds,
        (cpu_secs() - cpu_before) / 2.0 / seconds
    );
    println!("memory: {} MB", resident_megabytes());
    Ok(())
}

/// Without marks, Simplified, numbers in Arabic digits.
fn normalised(text: &str) -> Vec<char> {
    let text: Vec<char> =
        text.chars().map(text::simplify).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end =
            (at..text.len()).find(|&n| !"零〇一二三四五六七八九十百千万两".contains(text[n])).unwrap_or(text.len());
        if let Some(number) = (end > at).then(|| text::parse_chinese(&text[at..end])).flatten() {
            out.extend(number.arabic().chars());
            at = end;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

fn distance(a: &[char], b: &[char]) -> u32 {
    let mut row: Vec<u32> = (0..).take(b.len() + 1).collect();
    for (n, x) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = n as u32 + 1;
        for (m, y) in b.iter().enumerate() {
            let change = before + u32::from(x != y);
            before = row[m + 1];
            row[m + 1] = change.min(before + 1).min(row[m] + 1);
        }
    }
    row[b.len()]
}

fn wav(path: &Path) -> Result<(u32, Vec<i16>), Box<dyn Error>> {
    let bytes = std::fs::read(path)?;
    let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let (mut at, mut rate) = (12, 0);
    while at + 8 <= bytes.len() {
        let (name, len) = (&bytes[at..at + 4], number(at + 4) as usize);
        if name == b"fmt " {
            rate = number(at + 12);
        }
        if name == b"data" {
            let end = (at + 8 + len).min(bytes.len());
            let samples = bytes[at + 8..end].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
            return Ok((rate, samples.collect()));
        }
        at += 8 + len + len % 2;
    }
    Err(format!("{}: no samples found", path.display()).into())
}

/// Processor time of this process, seconds.
fn cpu_secs() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn resident_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
