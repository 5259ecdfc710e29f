//! Where a training stands, in two files of one name: what it is (JSON) and its tensors (safetensors).

use std::{collections::HashMap, path::Path};

use candle_core::{Device, Tensor};
use serde::{Serialize, de::DeserializeOwned};

use crate::head::HeadError;

/// What the training of that name is; `None` if there is none.
///
/// Errors: a file that can't be read, or is none of these.
pub(super) fn begun<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Option<T>, HeadError> {
    let path = folder.join(format!("{name}.json"));
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|error| HeadError::read(&path, &error))?;
    let saved = serde_json::from_str(&text);
    saved.map(Some).map_err(|error| HeadError::State { path, reason: error.to_string() })
}

/// Its tensors.
///
/// Errors: a file that can't be read.
pub(super) fn tensors(folder: &Path, name: &str) -> Result<HashMap<String, Tensor>, HeadError> {
    Ok(candle_core::safetensors::load(folder.join(format!("{name}.safetensors")), &Device::Cpu)?)
}

/// Writes both, the tensors first, each whole or not at all.
///
/// Errors: [`HeadError::Write`].
pub(super) fn save(
    folder: &Path,
    name: &str,
    what: &impl Serialize,
    tensors: &HashMap<String, Tensor>,
) -> Result<(), HeadError> {
    let unwritten = |path: &Path, error: &std::io::Error| HeadError::write(path, error);
    let partial = folder.join(format!("{name}.part"));
    let put = |path: &Path| std::fs::rename(&partial, path).map_err(|error| unwritten(path, &error));
    candle_core::safetensors::save(tensors, &partial)?;
    put(&folder.join(format!("{name}.safetensors")))?;
    let path = folder.join(format!("{name}.json"));
    let text = serde_json::to_string(what)
        .map_err(|error| HeadError::State { path: path.clone(), reason: error.to_string() })?;
    std::fs::write(&partial, text).map_err(|error| unwritten(&partial, &error))?;
    put(&path)
}
