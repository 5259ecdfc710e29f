//! How fast a checkpoint reads and speaks here, and how near that is to what the memory can carry.

use std::{hint::black_box, thread, time::Instant};

use inference::LanguageModel as _;
use serde::Serialize;

use crate::{args::model::ModelBenchArguments, output::say};

/// Size of what is read to measure the memory: larger than any cache.
const PROBE_BYTES: usize = 256 << 20;
/// How often it is read; the fastest counts.
const PROBES: usize = 5;

#[derive(Serialize)]
struct Figures {
    prompt_tokens: usize,
    prefill_tokens_per_second: f64,
    decoded_tokens: usize,
    decode_tokens_per_second: f64,
    /// Of weights, that a decoded token reads.
    bytes_per_token: usize,
    memory_bytes_per_second: f64,
    /// Decoding's share of what the memory carries.
    share_of_memory_bandwidth: f64,
    /// The most memory that the process held.
    peak_bytes: Option<u64>,
    threads: usize,
}

pub(super) fn run(arguments: &ModelBenchArguments) -> anyhow::Result<()> {
    let bandwidth = memory_bandwidth();
    let mut model = arguments.checkpoint.load()?;
    let vocabulary = model.blueprint().vocabulary as u32;
    let ids: Vec<u32> = (0..arguments.prompt_tokens).map(|at| (at * 7919 + 5) % vocabulary).collect();
    // Once unmeasured: pages come in, threads start.
    model.step(&ids[..ids.len().min(8)])?;
    model.reset();
    let begin = Instant::now();
    let mut logits = model.step(&ids)?;
    let prefill = ids.len() as f64 / begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    for _ in 0..arguments.tokens {
        let likeliest = (0_u32..).zip(&logits).max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(id, _)| id);
        logits = model.step(&[likeliest])?;
    }
    let decode = f64::from(arguments.tokens) / begin.elapsed().as_secs_f64();
    let bytes = model.bytes_per_token();
    let figures = Figures {
        prompt_tokens: ids.len(),
        prefill_tokens_per_second: prefill,
        decoded_tokens: arguments.tokens as usize,
        decode_tokens_per_second: decode,
        bytes_per_token: bytes,
        memory_bytes_per_second: bandwidth,
        share_of_memory_bandwidth: decode * bytes as f64 / bandwidth,
        peak_bytes: peak_bytes(),
        threads: threads(),
    };
    if arguments.json {
        say!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    say!("prefill: {prefill:.1} tokens/s ({} tokens)", ids.len());
    say!("decode: {decode:.1} tokens/s ({} tokens)", arguments.tokens);
    say!(
        "a token reads {:.0} MB of weights; the memory carries {:.1} GB/s: decoding takes {:.0} % of that",
        bytes as f64 / 1e6,
        bandwidth / 1e9,
        100.0 * figures.share_of_memory_bandwidth
    );
    match figures.peak_bytes {
        Some(peak) => {
            say!("memory: {:.0} MB at most, mapped weights included; {} threads", peak as f64 / 1e6, threads())
        }
        None => say!("memory: not told by this system; {} threads", threads()),
    }
    Ok(())
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Bytes a second that all threads together read from memory.
fn memory_bandwidth() -> f64 {
    let words = vec![1_u64; PROBE_BYTES / 8];
    let part = words.len().div_ceil(threads());
    let seconds = (0..PROBES).map(|_| {
        let begin = Instant::now();
        let sum: u64 = thread::scope(|scope| {
            let readers: Vec<_> = words.chunks(part).map(|part| scope.spawn(|| part.iter().sum::<u64>())).collect();
            readers.into_iter().map(|reader| reader.join().unwrap_or_default()).sum()
        });
        black_box(sum);
        begin.elapsed().as_secs_f64()
    });
    PROBE_BYTES as f64 / seconds.fold(f64::INFINITY, f64::min)
}

/// The most memory that this process held, where the system tells.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
