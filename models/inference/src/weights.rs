use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor, gguf_file};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{DType, Device, Shape, Tensor};
use memmap2::Mmap;

use crate::gguf::nearest;
use crate::{GgufFile, InferenceError, Linear, Table};

/// A block format of quantised weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantisation {
    /// 4.5 bits a weight, one scale for 32.
    Q4_0,
    /// 5.5 bits a weight.
    Q5_0,
    /// 8.5 bits a weight: no measurable loss.
    Q8_0,
    /// 4.5 bits a weight, scales and minima in blocks of 256.
    Q4K,
    /// 5.5 bits a weight.
    Q5K,
    /// 6.6 bits a weight.
    Q6K,
}

impl Quantisation {
    /// Every format, by the name that files and people use.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("Q4_0", Self::Q4_0),
        ("Q5_0", Self::Q5_0),
        ("Q8_0", Self::Q8_0),
        ("Q4_K", Self::Q4K),
        ("Q5_K", Self::Q5K),
        ("Q6_K", Self::Q6K),
    ];

    pub(crate) fn format(self) -> GgmlDType {
        match self {
            Self::Q4_0 => GgmlDType::Q4_0,
            Self::Q5_0 => GgmlDType::Q5_0,
            Self::Q8_0 => GgmlDType::Q8_0,
            Self::Q4K => GgmlDType::Q4K,
            Self::Q5K => GgmlDType::Q5K,
            Self::Q6K => GgmlDType::Q6K,
        }
    }

    /// Quantises a matrix, or the next best format when its rows are not whole blocks of this one: a K format falls back
    /// to blocks of 32, and rows that have no whole blocks at all stay in f32.
    pub fn apply(self, matrix: &Tensor) -> Result<QTensor, InferenceError> {
        let width = matrix.dim(candle_core::D::Minus1)?;
        let format = self.format();
        let format = if width.is_multiple_of(format.block_size()) {
            format
        } else if width.is_multiple_of(GgmlDType::Q8_0.block_size()) {
            GgmlDType::Q8_0
        } else {
            GgmlDType::F32
        };
        Ok(QTensor::quantize(&matrix.to_dtype(DType::F32)?, format)?)
    }
}

impl FromStr for Quantisation {
    type Err = InferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |name: &str| name.to_uppercase().replace('_', "");
        Self::NAMES.into_iter().find(|(name, _)| plain(name) == plain(text)).map(|(_, format)| format).ok_or_else(
            || InferenceError::Setting {
                name: "quantisation",
                found: format!("“{text}”"),
                expected: "Q4_0, Q5_0, Q8_0, Q4_K, Q5_K or Q6_K",
            },
        )
    }
}

/// What becomes of weights on the way from the file to the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Precision {
    /// As the file has them; half formats are widened to f32 on a CPU, which has no arithmetic for them.
    #[default]
    Stored,
    /// f32, also where the file is quantised: for comparisons.
    Full,
    /// Matrices quantised while loading, if the file does not have them quantised already.
    Quantised(Quantisation),
}

/// Mapped safetensors: one file, or the shards that an index names.
pub struct SafetensorsFile {
    path: PathBuf,
    shards: Vec<MmapedSafetensors>,
    shard_of: HashMap<String, usize>,
}

#[derive(serde::Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

impl SafetensorsFile {
    /// Opens `model.safetensors`, or the shards of `model.safetensors.index.json`, in a folder; or one file by its name.
    pub fn open(path: &Path) -> Result<Self, InferenceError> {
        if path.is_file() {
            return Self::from_shards(path, &[path.to_owned()]);
        }
        let index = path.join("model.safetensors.index.json");
        if index.is_file() {
            return Self::from_index(&index);
        }
        let single = path.join("model.safetensors");
        if single.is_file() {
            return Self::from_shards(&single, std::slice::from_ref(&single));
        }
        Err(InferenceError::NoWeights { path: path.to_owned() })
    }

    fn from_index(path: &Path) -> Result<Self, InferenceError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| InferenceError::Read { path: path.to_owned(), source })?;
        let index: Index = serde_json::from_str(&text).map_err(|error| InferenceError::Format {
            path: path.to_owned(),
            found: error.to_string(),
            expected: "an object with “weight_map”, from tensor to file".to_owned(),
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut shards: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (tensor, shard) in &index.weight_map {
            shards.entry(shard).or_default().push(tensor);
        }
        let mut files = Vec::new();
        for (shard, tensors) in &shards {
            // A shard is a file of the same folder: an index may not lead elsewhere.
            let file = folder.join(shard);
            if Path::new(shard).components().count() != 1 || !file.is_file() {
                return Err(InferenceError::MissingShard {
                    index: path.to_owned(),
                    shard: (*shard).to_owned(),
                    tensors: tensors.len(),
                    example: tensors.first().copied().unwrap_or_default().to_owned(),
                });
            }
            files.push(file);
        }
        Self::from_shards(path, &files)
    }

    fn from_shards(path: &Path, files: &[PathBuf]) -> Result<Self, InferenceError> {
        let mut shards = Vec::new();
        let mut shard_of = HashMap::new();
        for file in files {
            File::open(file).map_err(|source| InferenceError::Read { path: file.clone(), source })?;
            #[expect(unsafe_code, reason = "weights are mapped, not copied")]
            // SAFETY: the mapping is read only and lives as long as the shard; that nobody cuts or rewrites a checkpoint
            // while it is in use is what `memmap2` asks of every caller and cannot be checked here.
            let shard = unsafe { MmapedSafetensors::new(file) }.map_err(|error| InferenceError::Format {
                path: file.clone(),
                found: format!("cannot read its head: {error}"),
                expected: "a whole safetensors file; it may be cut short: fetch it again".to_owned(),
            })?;
            for (name, _) in shard.tensors() {
                shard_of.insert(name, shards.len());
            }
            shards.push(shard);
        }
        Ok(Self { path: path.to_owned(), shards, shard_of })
    }

    fn tensor(&self, name: &str, device: &Device) -> Result<Tensor, InferenceError> {
        let shard = self.shard_of.get(name).ok_or_else(|| InferenceError::MissingTensor {
            path: self.path.clone(),
            name: name.to_owned(),
            nearest: nearest(name, self.shard_of.keys().map(String::as_str)),
        })?;
        Ok(self.shards[*shard].load(name, device)?)
    }
}

enum Source {
    Safetensors(SafetensorsFile),
    Gguf(GgufFile),
    Memory(HashMap<String, Tensor>),
}

/// A checkpoint's tensors by their names, on a device, in the precision asked for.
pub struct Weights {
    source: Source,
    device: Device,
    precision: Precision,
}

impl Weights {
    /// From safetensors.
    pub fn safetensors(file: SafetensorsFile, device: &Device, precision: Precision) -> Self {
        Self { source: Source::Safetensors(file), device: device.clone(), precision }
    }

    /// From GGUF.
    pub fn gguf(file: GgufFile, device: &Device, precision: Precision) -> Self {
        Self { source: Source::Gguf(file), device: device.clone(), precision }
    }

    /// From tensors that are in memory already.
    pub fn memory(tensors: HashMap<String, Tensor>, device: &Device, precision: Precision) -> Self {
        Self { source: Source::Memory(tensors), device: device.clone(), precision }
    }

    /// Where the tensors live.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Whether the checkpoint has a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        match &self.source {
            Source::Safetensors(file) => file.shard_of.contains_key(name),
            Source::Gguf(file) => file.shape(name).is_some(),
            Source::Memory(tensors) => tensors.contains_key(name),
        }
    }

    /// A tensor in the type that arithmetic is done in.
    pub fn tensor(&self, name: &str, shape: impl Into<Shape>) -> Result<Tensor, InferenceError> {
        let tensor = match &self.source {
            Source::Safetensors(file) => file.tensor(name, &self.device)?,
            Source::Gguf(file) => file.tensor(name, &self.device)?.dequantize(&self.device)?,
            Source::Memory(tensors) => tensors.get(name).cloned().ok_or_else(|| InferenceError::MissingTensor {
                path: self.path().to_owned(),
                name: name.to_owned(),
                nearest: nearest(name, tensors.keys().map(String::as_str)),
            })?,
        };
        self.check(name, tensor.dims(), shape.into().dims())?;
        let keep = matches!(tensor.dtype(), DType::F16 | DType::BF16)
            && !self.device.is_cpu()
            && self.precision == Precision::Stored;
        Ok(if keep { tensor } else { tensor.to_dtype(DType::F32)? })
    }

    /// A matrix `[out, in]` and, when `bias` names one, its `[out]`.
    pub fn linear(&self, name: &str, bias: Option<&str>, out: usize, width: usize) -> Result<Linear, InferenceError> {
        let bias = bias.map(|bias| self.tensor(bias, out)).transpose()?;
        Ok(match self.matrix(name, out, width)? {
            Held::Dense(matrix) => Linear::dense(matrix, bias),
            Held::Quantised(matrix) => Linear::quantised(matrix, bias)?,
        })
    }

    /// A table `[rows, width]`. Tables are not quantised while loading: a row is read by id, not multiplied.
    pub fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, InferenceError> {
        match (&self.source, self.precision) {
            (Source::Gguf(_), Precision::Stored | Precision::Quantised(_)) => match self.matrix(name, rows, width)? {
                Held::Dense(matrix) => Ok(Table::dense(matrix)),
                Held::Quantised(matrix) => Ok(Table::quantised(matrix)?),
            },
            _ => Ok(Table::dense(self.tensor(name, (rows, width))?)),
        }
    }

    fn matrix(&self, name: &str, out: usize, width: usize) -> Result<Held, InferenceError> {
        if let (Source::Gguf(file), Precision::Stored | Precision::Quantised(_)) = (&self.source, self.precision) {
            let matrix = file.tensor(name, &self.device)?;
            self.check(name, matrix.shape().dims(), &[out, width])?;
            return Ok(Held::Quantised(matrix));
        }
        let matrix = self.tensor(name, (out, width))?;
        Ok(match self.precision {
            Precision::Quantised(format) => Held::Quantised(Arc::new(format.apply(&matrix)?)),
            Precision::Stored | Precision::Full => Held::Dense(matrix),
        })
    }

    fn path(&self) -> &Path {
        match &self.source {
            Source::Safetensors(file) => &file.path,
            Source::Gguf(file) => file.path(),
            Source::Memory(_) => Path::new("(in memory)"),
        }
    }

    fn check(&self, name: &str, found: &[usize], expected: &[usize]) -> Result<(), InferenceError> {
        if found == expected {
            return Ok(());
        }
        Err(InferenceError::Shape {
            path: self.path().to_owned(),
            name: name.to_owned(),
            found: found.to_vec(),
            expected: expected.to_vec(),
        })
    }
}

enum Held {
    Dense(Tensor),
    Quantised(Arc<QTensor>),
}

/// Maps a file for reading.
#[expect(unsafe_code, reason = "weights are mapped, not copied")]
pub(crate) fn map(path: &Path, file: &File) -> Result<Mmap, InferenceError> {
    // SAFETY: the mapping is read only and owned by the caller; that nobody cuts or rewrites a checkpoint while it is in
    // use is what `memmap2` asks of every caller and cannot be checked here.
    unsafe { Mmap::map(file) }.map_err(|source| InferenceError::Read { path: path.to_owned(), source })
}

/// Writes a GGUF file, whole or not at all.
pub fn write_gguf(
    path: &Path,
    metadata: &[(&str, &Value)],
    tensors: &[(&str, &QTensor)],
) -> Result<(), InferenceError> {
    let unwritten = |source: std::io::Error| InferenceError::Write { path: path.to_owned(), source };
    let partial = path.with_extension("partial");
    let file = File::create(&partial).map_err(unwritten)?;
    let mut writer = BufWriter::new(file);
    let outcome = gguf_file::write(&mut writer, metadata, tensors)
        .map_err(InferenceError::from)
        .and_then(|()| writer.into_inner().map_err(|error| unwritten(error.into_error())))
        .and_then(|file| file.sync_all().map_err(unwritten))
        .and_then(|()| std::fs::rename(&partial, path).map_err(unwritten));
    if outcome.is_err() {
        // What is half written is of no use; that it can't be removed either would hide the first error.
        let _ = std::fs::remove_file(&partial);
    }
    outcome
}
