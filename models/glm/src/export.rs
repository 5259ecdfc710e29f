//! A checkpoint as one GGUF file, quantised: what `model quantize` writes, and what `model bench` measures.

use std::path::Path;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{DType, Device, Tensor};
use inference::{GgufTokens, Precision, Quantisation, SafetensorsFile, Tokenizer, Weights, write_gguf};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::chat::CHAT_TOKENS;
use crate::config::{Layout, Stretch};
use crate::model::Names;
use crate::{Blueprint, Checkpoint, GlmError};

/// What a file's vocabulary entry is, in GGUF's numbers.
const NORMAL_TOKEN: i32 = 1;
const CONTROL_TOKEN: i32 = 3;
/// `general.file_type` is a hint for people; mixed formats have none of their own.
const FILE_TYPE_MOSTLY: [(Quantisation, u32); 6] = [
    (Quantisation::Q4_0, 2),
    (Quantisation::Q5_0, 8),
    (Quantisation::Q8_0, 7),
    (Quantisation::Q4K, 14),
    (Quantisation::Q5K, 16),
    (Quantisation::Q6K, 18),
];

/// One tensor of the file and where it comes from.
struct Entry {
    to: String,
    from: String,
    shape: Vec<usize>,
}

impl Checkpoint {
    /// Writes a folder's checkpoint as one GGUF file. `watch` is told after each tensor how many are done, and of how
    /// many. The tokenizer goes along when the folder has a `tokenizer.json` that GGUF can hold.
    ///
    /// Errors: a checkpoint that is a GGUF file already, or whatever loading it says.
    pub fn quantise(
        &self,
        path: &Path,
        quantisation: Quantisation,
        watch: impl FnMut(usize, usize),
    ) -> Result<(), GlmError> {
        let folder = self.folder()?;
        let weights = Weights::safetensors(SafetensorsFile::open(folder)?, &Device::Cpu, Precision::Full);
        let json = folder.join("tokenizer.json");
        let tokens = if json.is_file() { Tokenizer::gguf_tokens(&json)? } else { None };
        write(
            path,
            self.blueprint(),
            quantisation,
            tokens,
            &|entry| Ok(weights.tensor(&entry.from, entry.shape.clone())?),
            watch,
        )
    }
}

/// Writes a checkpoint of random weights in the given shape, with a vocabulary of bytes and the tokens of a chat: for
/// measuring speed, not for saying anything.
///
/// Errors: a vocabulary without room for them, or a file that can't be written.
pub fn write_random_gguf(
    path: &Path,
    blueprint: &Blueprint,
    quantisation: Quantisation,
    seed: u64,
    watch: impl FnMut(usize, usize),
) -> Result<(), GlmError> {
    /// So many rows are drawn; a larger matrix repeats them. What a row holds does not change the speed.
    const ROWS: usize = 512;
    let mut random = StdRng::seed_from_u64(seed);
    let bytes: Vec<f32> = (0..1 << 20).map(|_| random.random_range(-1.0f32..1.0)).collect();
    let source = |entry: &Entry| {
        let width = entry.shape.last().copied().unwrap_or(1);
        if entry.shape.len() == 1 {
            return Ok(Tensor::ones(width, DType::F32, &Device::Cpu)?);
        }
        let scale = (3.0 / width as f32).sqrt();
        let rows = entry.shape[0];
        let block: Vec<f32> = (0..ROWS.min(rows) * width).map(|at| bytes[at * 7 % bytes.len()] * scale).collect();
        let block = Tensor::from_vec(block, (ROWS.min(rows), width), &Device::Cpu)?;
        let copies = rows.div_ceil(ROWS);
        Ok(Tensor::cat(&vec![&block; copies], 0)?.narrow(0, 0, rows)?)
    };
    let tokens = GgufTokens::of_bytes(blueprint.vocabulary, &CHAT_TOKENS)?;
    write(path, blueprint, quantisation, Some(tokens), &source, watch)
}

fn write(
    path: &Path,
    blueprint: &Blueprint,
    quantisation: Quantisation,
    tokens: Option<GgufTokens>,
    source: &dyn Fn(&Entry) -> Result<Tensor, GlmError>,
    mut watch: impl FnMut(usize, usize),
) -> Result<(), GlmError> {
    for (field, wrong) in [
        ("apply_residual_connection_post_layernorm", blueprint.residual_after_norm),
        ("add_bias_linear", blueprint.linear_bias),
        ("post_layer_norm", !blueprint.final_norm),
        ("rope_type", matches!(blueprint.stretch, Stretch::Linear { .. } | Stretch::Yarn { .. })),
        ("hidden_act", blueprint.activation != crate::Activation::Silu),
    ] {
        if wrong {
            return Err(GlmError::Unsupported {
                path: path.to_owned(),
                field,
                found: "a value that GGUF's chatglm and glm4 have no key for".to_owned(),
                supported: "the value of the released checkpoints",
            });
        }
    }
    let entries = entries(blueprint);
    let mut tensors = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let mut tensor = source(entry)?;
        if blueprint.qkv_by_head && entry.to.contains("attn_qkv") {
            tensor = side_by_side(&tensor, blueprint)?;
        }
        let quantised = if entry.shape.len() == 1 {
            QTensor::quantize(&tensor, GgmlDType::F32)?
        } else {
            // The output decides between words: it is kept finer than 4 bits, as other writers do.
            let finer = entry.to == "output.weight" || (blueprint.tied && entry.to == "token_embd.weight");
            let coarse =
                matches!(quantisation, Quantisation::Q4_0 | Quantisation::Q4K | Quantisation::Q5_0 | Quantisation::Q5K);
            (if finer && coarse { Quantisation::Q6K } else { quantisation }).apply(&tensor)?
        };
        tensors.push((entry.to.as_str(), quantised));
        watch(at + 1, entries.len());
    }
    let metadata = metadata(blueprint, quantisation, tokens);
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    Ok(write_gguf(path, &metadata, &tensors)?)
}

fn entries(shape: &Blueprint) -> Vec<Entry> {
    let (width, queries, others) =
        (shape.width, shape.heads * shape.head_width, shape.key_value_heads * shape.head_width);
    let mut entries = Vec::new();
    let mut put = |to: &str, from: &str, suffix: &str, shape: &[usize]| {
        entries.push(Entry { to: format!("{to}.{suffix}"), from: format!("{from}.{suffix}"), shape: shape.to_vec() });
    };
    let top = if shape.layout == Layout::ChatGlm { crate::model::CHATGLM_TOP } else { crate::model::TRANSFORMERS_TOP };
    put("token_embd", top[0], "weight", &[shape.vocabulary, width]);
    put("output_norm", top[1], "weight", &[width]);
    if !shape.tied {
        put("output", top[2], "weight", &[shape.vocabulary, width]);
    }
    for layer in 0..shape.layers {
        let (to, from) = (Names::of(Layout::Gguf, layer), Names::of(shape.layout, layer));
        let mut linear = |to: &str, from: &str, bias: bool, out: usize, width: usize| {
            put(to, from, "weight", &[out, width]);
            if bias {
                put(to, from, "bias", &[out]);
            }
        };
        if shape.layout == Layout::ChatGlm {
            linear(&to.qkv[0], &from.qkv[0], shape.qkv_bias, queries + 2 * others, width);
        } else {
            for (at, out) in [(1, queries), (2, others), (3, others)] {
                linear(&to.qkv[at], &from.qkv[at], shape.qkv_bias, out, width);
            }
        }
        linear(&to.out, &from.out, false, width, queries);
        linear(&to.gate_up, &from.gate_up, false, 2 * shape.inner_width, width);
        linear(&to.down, &from.down, false, width, shape.inner_width);
        for at in 0..4 {
            if at % 2 == 0 || shape.post_norms {
                put(&to.norms[at], &from.norms[at], "weight", &[width]);
            }
        }
    }
    entries
}

/// Rows that lie head by head (query, key, value of each) as all queries, all keys, all values.
fn side_by_side(fused: &Tensor, shape: &Blueprint) -> candle_core::Result<Tensor> {
    let dims = fused.dims().to_vec();
    let rest = fused.elem_count() / (3 * shape.heads * shape.head_width);
    let by_head = fused.reshape((shape.heads, 3, shape.head_width, rest))?;
    by_head.transpose(0, 1)?.contiguous()?.reshape(dims)
}

fn metadata(shape: &Blueprint, quantisation: Quantisation, tokens: Option<GgufTokens>) -> Vec<(String, Value)> {
    let architecture = if shape.post_norms { "glm4" } else { "chatglm" };
    let count = |count: usize| Value::U32(u32::try_from(count).unwrap_or(u32::MAX));
    let mut metadata = vec![
        ("general.architecture".to_owned(), Value::String(architecture.to_owned())),
        ("general.quantization_version".to_owned(), Value::U32(2)),
    ];
    if let Some(name) = &shape.name {
        metadata.push(("general.name".to_owned(), Value::String(name.clone())));
    }
    if let Some((_, kind)) = FILE_TYPE_MOSTLY.iter().find(|(format, _)| *format == quantisation) {
        metadata.push(("general.file_type".to_owned(), Value::U32(*kind)));
    }
    for (key, value) in [
        ("context_length", count(shape.context)),
        ("embedding_length", count(shape.width)),
        ("feed_forward_length", count(shape.inner_width)),
        ("block_count", count(shape.layers)),
        ("attention.head_count", count(shape.heads)),
        ("attention.head_count_kv", count(shape.key_value_heads)),
        ("attention.key_length", count(shape.head_width)),
        ("attention.value_length", count(shape.head_width)),
        ("attention.layer_norm_rms_epsilon", Value::F32(shape.eps as f32)),
        ("rope.dimension_count", count(shape.rotary_width)),
        ("rope.freq_base", Value::F32(shape.rope_theta as f32)),
    ] {
        metadata.push((format!("{architecture}.{key}"), value));
    }
    for (key, id) in ["eos_token_id", "eot_token_id", "eom_token_id"].into_iter().zip(&shape.end_tokens) {
        metadata.push((format!("tokenizer.ggml.{key}"), Value::U32(*id)));
    }
    if let Some(GgufTokens { tokens, merges, special }) = tokens {
        let kind = |id: usize| if special.contains(&(id as u32)) { CONTROL_TOKEN } else { NORMAL_TOKEN };
        let kinds = Value::Array((0..tokens.len()).map(|id| Value::I32(kind(id))).collect());
        let texts = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::String).collect());
        metadata.push(("tokenizer.ggml.model".to_owned(), Value::String("gpt2".to_owned())));
        metadata.push(("tokenizer.ggml.pre".to_owned(), Value::String("glm4".to_owned())));
        metadata.push(("tokenizer.ggml.tokens".to_owned(), texts(tokens)));
        metadata.push(("tokenizer.ggml.token_type".to_owned(), kinds));
        metadata.push(("tokenizer.ggml.merges".to_owned(), texts(merges)));
    }
    metadata
}

impl Blueprint {
    /// The shape of GLM-Edge-1.5B: what speed is measured on.
    pub fn glm_edge_1_5b() -> Self {
        Self {
            architecture: "GlmForCausalLM".to_owned(),
            name: Some("random weights in the shape of GLM-Edge-1.5B".to_owned()),
            layout: Layout::Transformers,
            vocabulary: 59_264,
            width: 2048,
            inner_width: 6144,
            layers: 28,
            heads: 16,
            key_value_heads: 4,
            head_width: 128,
            rotary_width: 64,
            rope_theta: 10_000.0,
            stretch: Stretch::None,
            eps: 1e-5,
            context: 8192,
            tied: true,
            qkv_bias: false,
            linear_bias: false,
            post_norms: false,
            residual_after_norm: false,
            final_norm: true,
            qkv_by_head: false,
            activation: crate::Activation::Silu,
            end_tokens: vec![59_246],
        }
    }
}
