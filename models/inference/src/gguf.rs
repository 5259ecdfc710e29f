use std::fs::File;
use std::io::Cursor;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use candle_core::Device;
use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::quantized::{QStorage, QTensor};
use memmap2::Mmap;

use crate::InferenceError;
use crate::weights::map;

/// What tensors' places in a file are a multiple of, unless the file says so itself.
const DEFAULT_ALIGNMENT: u64 = 32;

/// Where a file's bytes are.
enum Bytes {
    Mapped(Mmap),
    Embedded(&'static [u8]),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(bytes) => bytes,
            Self::Embedded(bytes) => bytes,
        }
    }
}

/// One mapped GGUF file: its metadata by key, its tensors by name.
pub struct GgufFile {
    path: PathBuf,
    bytes: Bytes,
    content: Content,
}

impl std::fmt::Debug for GgufFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "GgufFile({}, {} tensors)", self.path.display(), self.content.tensor_infos.len())
    }
}

impl GgufFile {
    /// Maps the file, reads its head and checks that every tensor lies inside it.
    pub fn open(path: &Path) -> Result<Self, InferenceError> {
        let file = File::open(path).map_err(|source| InferenceError::Read { path: path.to_owned(), source })?;
        Self::read(path, Bytes::Mapped(map(path, &file)?))
    }

    /// Reads a file that is part of the program; messages name it by `name`. The bytes must begin at a
    /// multiple of the file's alignment, 32.
    pub fn embedded(name: &str, bytes: &'static [u8]) -> Result<Self, InferenceError> {
        Self::read(Path::new(name), Bytes::Embedded(bytes))
    }

    fn read(path: &Path, bytes: Bytes) -> Result<Self, InferenceError> {
        let format = |found: String, expected: &str| InferenceError::Format {
            path: path.to_owned(),
            found,
            expected: expected.to_owned(),
        };
        if bytes.len() < 8 || &bytes[..4] != b"GGUF" {
            let start: Vec<u8> = bytes.iter().take(4).copied().collect();
            return Err(format(format!("starts with {start:02x?}"), "a GGUF file, which starts with “GGUF”"));
        }
        if zero_alignment(&bytes) {
            return Err(format("general.alignment is 0".to_owned(), "a multiple of 8"));
        }
        let content = Content::read(&mut Cursor::new(&bytes[..])).map_err(|error| {
            format(format!("cannot read its head: {error}"), "a whole GGUF file; it may be cut short: fetch it again")
        })?;
        let alignment = match content.metadata.get("general.alignment") {
            Some(value) => value.to_u32().map_or(0, u64::from),
            None => DEFAULT_ALIGNMENT,
        };
        if alignment == 0 || alignment % 8 != 0 {
            return Err(format(format!("general.alignment is {alignment}"), "a multiple of 8"));
        }
        let file = Self { path: path.to_owned(), bytes, content };
        for (name, info) in &file.content.tensor_infos {
            if info.offset % alignment != 0 {
                return Err(format(
                    format!("“{name}” starts at {}", info.offset),
                    "a multiple of the file's alignment",
                ));
            }
            file.range(name)?;
        }
        Ok(file)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of its tensors, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.content.tensor_infos.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// A tensor's shape `[rows, columns]`, if it is there.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.content.tensor_infos.get(name).map(|info| info.shape.dims())
    }

    /// The name of the format that most of the file's bytes are in, such as `Q4K`.
    pub fn main_format(&self) -> Option<String> {
        let mut bytes = std::collections::BTreeMap::new();
        for info in self.content.tensor_infos.values() {
            let size = info.shape.elem_count() / info.ggml_dtype.block_size() * info.ggml_dtype.type_size();
            *bytes.entry(format!("{:?}", info.ggml_dtype)).or_insert(0) += size;
        }
        bytes.into_iter().max_by_key(|(_, size)| *size).map(|(name, _)| name)
    }

    /// The bytes of a tensor, checked against the file's length.
    fn range(&self, name: &str) -> Result<std::ops::Range<usize>, InferenceError> {
        let info = self.content.tensor_infos.get(name).ok_or_else(|| InferenceError::MissingTensor {
            path: self.path.clone(),
            name: name.to_owned(),
            nearest: nearest(name, self.names().into_iter()),
        })?;
        let format =
            |found: String, expected: String| InferenceError::Format { path: self.path.clone(), found, expected };
        let elements = info.shape.dims().iter().try_fold(1usize, |product, &dim| product.checked_mul(dim));
        let block = info.ggml_dtype.block_size();
        let row = info.shape.dims().last().copied().unwrap_or(0);
        let size = elements
            .filter(|elements| *elements > 0 && row % block == 0)
            .and_then(|elements| (elements / block).checked_mul(info.ggml_dtype.type_size()))
            .ok_or_else(|| {
                format(
                    format!("“{name}” has the shape {:?} in blocks of {block}", info.shape.dims()),
                    "rows of whole blocks".to_owned(),
                )
            })?;
        let start = usize::try_from(self.content.tensor_data_offset.saturating_add(info.offset)).unwrap_or(usize::MAX);
        let end = start.saturating_add(size);
        if end > self.bytes.len() {
            return Err(format(
                format!("“{name}” ends at byte {end}, and the file has {}", self.bytes.len()),
                "a whole file; this one is cut short: fetch it again".to_owned(),
            ));
        }
        Ok(start..end)
    }

    /// A tensor as it stands in the file, on the device.
    pub fn tensor(&self, name: &str, device: &Device) -> Result<Arc<QTensor>, InferenceError> {
        let range = self.range(name)?;
        let info = &self.content.tensor_infos[name];
        let storage = QStorage::from_data(self.bytes[range].into(), device, info.ggml_dtype)?;
        Ok(Arc::new(QTensor::new(storage, info.shape.clone())?))
    }

    fn wrong(&self, key: &str, found: Option<&Value>, expected: &'static str) -> InferenceError {
        InferenceError::Metadata {
            path: self.path.clone(),
            key: key.to_owned(),
            found: found.map_or_else(|| "nothing".to_owned(), |value| short(&format!("{value:?}"))),
            expected,
        }
    }

    /// Whether the metadata has the key.
    pub fn has(&self, key: &str) -> bool {
        self.content.metadata.contains_key(key)
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<&str, InferenceError> {
        let value = self.content.metadata.get(key);
        match value {
            Some(Value::String(text)) => Ok(text),
            _ => Err(self.wrong(key, value, "a text")),
        }
    }

    /// A whole number that is not negative.
    pub fn count(&self, key: &str) -> Result<usize, InferenceError> {
        let value = self.content.metadata.get(key);
        let count = match value {
            Some(Value::U8(count)) => Some(u64::from(*count)),
            Some(Value::U16(count)) => Some(u64::from(*count)),
            Some(Value::U32(count)) => Some(u64::from(*count)),
            Some(Value::U64(count)) => Some(*count),
            Some(Value::I32(count)) => u64::try_from(*count).ok(),
            Some(Value::I64(count)) => u64::try_from(*count).ok(),
            _ => None,
        };
        count
            .and_then(|count| usize::try_from(count).ok())
            .ok_or_else(|| self.wrong(key, value, "a whole number that is not negative"))
    }

    /// A real number.
    pub fn number(&self, key: &str) -> Result<f64, InferenceError> {
        let value = self.content.metadata.get(key);
        match value {
            Some(Value::F32(number)) => Ok(f64::from(*number)),
            Some(Value::F64(number)) => Ok(*number),
            _ => Err(self.wrong(key, value, "a real number")),
        }
    }

    /// A row of texts.
    pub fn texts(&self, key: &str) -> Result<Vec<&str>, InferenceError> {
        let value = self.content.metadata.get(key);
        let Some(Value::Array(values)) = value else { return Err(self.wrong(key, value, "a row of texts")) };
        values
            .iter()
            .map(|value| match value {
                Value::String(text) => Ok(text.as_str()),
                other => Err(self.wrong(key, Some(other), "a row of texts")),
            })
            .collect()
    }

    /// A row of whole numbers.
    pub fn counts(&self, key: &str) -> Result<Vec<u32>, InferenceError> {
        let value = self.content.metadata.get(key);
        let Some(Value::Array(values)) = value else { return Err(self.wrong(key, value, "a row of whole numbers")) };
        values
            .iter()
            .map(|value| match value {
                Value::I32(count) => u32::try_from(*count).map_err(|_| ()),
                Value::U32(count) => Ok(*count),
                _ => Err(()),
            })
            .collect::<Result<_, ()>>()
            .map_err(|()| self.wrong(key, value, "a row of whole numbers"))
    }
}

/// Whether the head sets the alignment to zero, which would make the reader divide by it.
fn zero_alignment(bytes: &[u8]) -> bool {
    const KEY: &[u8] = b"general.alignment";
    /// The key stands near the start: before the vocabulary, or right behind it.
    const HEAD_BYTES: usize = 64 << 20;
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    head.windows(KEY.len()).enumerate().filter(|(_, window)| *window == KEY).any(|(at, _)| {
        // A type of four bytes, then a value of at most four that matter.
        let value = head.get(at + KEY.len() + 4..at + KEY.len() + 8).unwrap_or_default();
        let kind = head.get(at + KEY.len()).copied().unwrap_or_default();
        let width = match kind {
            0 | 1 => 1,
            2 | 3 => 2,
            _ => 4,
        };
        value.iter().take(width).all(|byte| *byte == 0)
    })
}

fn short(text: &str) -> String {
    /// Enough to recognise a value, too little to print a vocabulary.
    const CHARACTERS: usize = 80;
    match text.char_indices().nth(CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The name that shares most with what was asked for.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    let likeness = |name: &str| {
        let front = wanted.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        let back = wanted.chars().rev().zip(name.chars().rev()).take_while(|(a, b)| a == b).count();
        front + back
    };
    names.max_by_key(|name| likeness(name)).unwrap_or("(none)").to_owned()
}
