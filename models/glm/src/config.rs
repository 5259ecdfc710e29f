//! What checkpoints say of themselves, with their own field names, and the one shape that all of it is read into.

use std::path::Path;

use inference::GgufFile;
use serde::Deserialize;

use crate::GlmError;

/// `config.json` of `GlmForCausalLM` and `Glm4ForCausalLM`. Defaults are those of the reference's configuration class.
#[derive(Debug, Clone, Deserialize)]
pub struct GlmConfig {
    /// Rows of the vocabulary.
    pub vocab_size: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width of the gated layer.
    pub intermediate_size: usize,
    /// Number of layers.
    pub num_hidden_layers: usize,
    /// Heads of the queries.
    pub num_attention_heads: usize,
    /// Heads of keys and values; `null` is as many as queries.
    #[serde(default = "default_key_value_heads")]
    pub num_key_value_heads: Option<usize>,
    /// Width of a head; `null` is `hidden_size / num_attention_heads`.
    #[serde(default = "default_head_dim")]
    pub head_dim: Option<usize>,
    /// Name of the gate's activation.
    #[serde(default = "default_act")]
    pub hidden_act: String,
    /// How many positions there may be.
    #[serde(default = "default_positions")]
    pub max_position_embeddings: usize,
    /// What keeps the root-mean-square away from zero.
    #[serde(default = "default_eps")]
    pub rms_norm_eps: f64,
    /// Whether the output layer is the embedding.
    #[serde(default)]
    pub tie_word_embeddings: bool,
    /// Whether queries, keys and values have a bias.
    #[serde(default = "default_true")]
    pub attention_bias: bool,
    /// Base of the rotary frequencies, as older files have it.
    pub rope_theta: Option<f64>,
    /// Share of a head that is rotated, as older files have it.
    pub partial_rotary_factor: Option<f64>,
    /// Everything about rotation, as newer files have it.
    pub rope_parameters: Option<RopeParameters>,
    /// Stretching of the positions, as older files have it.
    pub rope_scaling: Option<RopeParameters>,
    /// One end token or several.
    pub eos_token_id: Option<OneOrMore>,
    /// Where it came from.
    #[serde(rename = "_name_or_path")]
    pub name_or_path: Option<String>,
}

/// The rotary settings of newer configurations, and `rope_scaling` of older ones.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RopeParameters {
    /// `default`, `linear` or `yarn`.
    #[serde(alias = "type")]
    pub rope_type: Option<String>,
    /// Base of the frequencies.
    pub rope_theta: Option<f64>,
    /// Share of a head that is rotated.
    pub partial_rotary_factor: Option<f64>,
    /// By what positions are stretched.
    pub factor: Option<f64>,
    /// How many positions there were before stretching.
    pub original_max_position_embeddings: Option<usize>,
    /// What `yarn` multiplies cosine and sine by.
    pub attention_factor: Option<f64>,
    /// Where `yarn` begins to keep frequencies, in turns over the original context.
    pub beta_fast: Option<f64>,
    /// Where `yarn` begins to stretch them whole.
    pub beta_slow: Option<f64>,
}

/// `config.json` of `ChatGLMModel`: ChatGLM2, ChatGLM3 and the first GLM-4-9B.
#[derive(Debug, Clone, Deserialize)]
pub struct ChatGlmConfig {
    /// Rows of the vocabulary.
    pub padded_vocab_size: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width of the gated layer.
    pub ffn_hidden_size: usize,
    /// Number of layers.
    pub num_layers: usize,
    /// Heads of the queries.
    pub num_attention_heads: usize,
    /// Width of a head.
    #[serde(default = "default_kv_channels")]
    pub kv_channels: usize,
    /// Whether keys and values have fewer heads.
    #[serde(default)]
    pub multi_query_attention: bool,
    /// How many, then.
    #[serde(default = "default_groups")]
    pub multi_query_group_num: usize,
    /// Whether every linear layer has a bias.
    #[serde(default)]
    pub add_bias_linear: bool,
    /// Whether queries, keys and values have one.
    #[serde(default)]
    pub add_qkv_bias: bool,
    /// Whether what is added to is the normalised stream.
    #[serde(default)]
    pub apply_residual_connection_post_layernorm: bool,
    /// Whether there is a norm behind the last layer.
    #[serde(default = "default_true")]
    pub post_layer_norm: bool,
    /// Whether norms are root-mean-square.
    #[serde(default = "default_true")]
    pub rmsnorm: bool,
    /// What keeps the norm away from zero.
    #[serde(default = "default_chatglm_eps")]
    pub layernorm_epsilon: f64,
    /// How many positions there may be.
    #[serde(default = "default_seq_length")]
    pub seq_length: usize,
    /// By what the base of the rotary frequencies is multiplied.
    #[serde(default = "default_one")]
    pub rope_ratio: f64,
    /// Whether the output layer is the embedding.
    #[serde(default)]
    pub tie_word_embeddings: bool,
    /// Bits of the reference's own integer weights; 0 is none.
    #[serde(default)]
    pub quantization_bit: u32,
    /// One end token or several.
    pub eos_token_id: Option<OneOrMore>,
    /// Where it came from.
    #[serde(rename = "_name_or_path")]
    pub name_or_path: Option<String>,
}

/// A number or a row of numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(u32),
    /// A row.
    More(Vec<u32>),
}

impl OneOrMore {
    fn ids(self) -> Vec<u32> {
        match self {
            Self::One(id) => vec![id],
            Self::More(ids) => ids,
        }
    }
}

fn default_key_value_heads() -> Option<usize> {
    Some(2)
}
fn default_head_dim() -> Option<usize> {
    Some(128)
}
fn default_act() -> String {
    "silu".to_owned()
}
fn default_positions() -> usize {
    131_072
}
fn default_eps() -> f64 {
    1.562_5e-7
}
fn default_true() -> bool {
    true
}
fn default_kv_channels() -> usize {
    128
}
fn default_groups() -> usize {
    1
}
fn default_chatglm_eps() -> f64 {
    1e-5
}
fn default_seq_length() -> usize {
    2048
}
fn default_one() -> f64 {
    1.0
}

/// The share of a head that GLM rotates unless told otherwise.
const DEFAULT_ROTARY_SHARE: f64 = 0.5;
/// The base of rotary frequencies unless told otherwise.
const DEFAULT_ROPE_THETA: f64 = 10_000.0;

/// The gate's activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// `x · σ(x)`.
    Silu,
    /// Through the error function.
    Gelu,
    /// Its approximation through tanh.
    GeluTanh,
    /// Zero below zero.
    Relu,
}

/// How positions are stretched beyond the trained context.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stretch {
    /// Not at all.
    None,
    /// All frequencies divided alike.
    Linear {
        /// By this.
        factor: f64,
    },
    /// Low frequencies divided, high ones kept.
    Yarn {
        /// By this.
        factor: f64,
        /// The trained context.
        original: usize,
        /// Turns over it above which a frequency is kept.
        fast: f64,
        /// Turns below which it is divided whole.
        slow: f64,
        /// What cosine and sine are multiplied by.
        scale: f64,
    },
}

/// How the tensors of a checkpoint are named and laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `model.layers.N.self_attn.q_proj` …
    Transformers,
    /// `transformer.encoder.layers.N.self_attention.query_key_value` …
    ChatGlm,
    /// `blk.N.attn_q` or `attn_qkv` …
    Gguf,
}

/// The shape of a member of the family, whatever it was read from.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// What the checkpoint calls its architecture.
    pub architecture: String,
    /// Where the checkpoint came from, if it says so.
    pub name: Option<String>,
    /// Names of the tensors.
    pub layout: Layout,
    /// Rows of the vocabulary.
    pub vocabulary: usize,
    /// Width of the residual stream.
    pub width: usize,
    /// Width of the gated layer.
    pub inner_width: usize,
    /// Number of layers.
    pub layers: usize,
    /// Heads of the queries.
    pub heads: usize,
    /// Heads of keys and values.
    pub key_value_heads: usize,
    /// Width of a head.
    pub head_width: usize,
    /// How many of a head's numbers the rotary frequencies are computed for; the rest pass.
    pub rotary_width: usize,
    /// Base of the rotary frequencies.
    pub rope_theta: f64,
    /// Stretching of positions.
    pub stretch: Stretch,
    /// What keeps norms away from zero.
    pub eps: f64,
    /// Positions there may be.
    pub context: usize,
    /// Whether the output layer is the embedding.
    pub tied: bool,
    /// Biases on queries, keys and values.
    pub qkv_bias: bool,
    /// Biases on the other linear layers.
    pub linear_bias: bool,
    /// Norms behind attention and gated layer too (GLM-4-0414).
    pub post_norms: bool,
    /// Whether what is added to is the normalised stream.
    pub residual_after_norm: bool,
    /// A norm behind the last layer.
    pub final_norm: bool,
    /// The fused matrix has each head's query, key and value side by side (ChatGLM without multi-query).
    pub qkv_by_head: bool,
    /// The gate's activation.
    pub activation: Activation,
    /// What ends a text.
    pub end_tokens: Vec<u32>,
}

/// The architectures that can be loaded, as their checkpoints name them.
pub(crate) const SUPPORTED: &str =
    "GlmForCausalLM, Glm4ForCausalLM, ChatGLMModel (ChatGLM2, ChatGLM3, GLM-4-9B); in GGUF files chatglm and glm4";

impl Blueprint {
    /// Reads a `config.json`.
    pub fn from_json(path: &Path, text: &str) -> Result<Self, GlmError> {
        let config = |error: serde_json::Error| GlmError::Config { path: path.to_owned(), reason: error.to_string() };
        let value: serde_json::Value = serde_json::from_str(text).map_err(config)?;
        let named = value["architectures"][0].as_str().map(str::to_owned);
        let name = named.unwrap_or_else(|| match value["model_type"].as_str() {
            Some("glm") => "GlmForCausalLM".to_owned(),
            Some("glm4") => "Glm4ForCausalLM".to_owned(),
            Some("chatglm") if value.get("padded_vocab_size").is_some() => "ChatGLMModel".to_owned(),
            Some(other) => format!("model_type “{other}”"),
            None => "not named (no “architectures”, no “model_type”)".to_owned(),
        });
        let blueprint = match name.as_str() {
            "GlmForCausalLM" | "Glm4ForCausalLM" => {
                Self::from_glm(path, name, serde_json::from_str(text).map_err(config)?)?
            }
            // The first ChatGLM shares the name of the second's class and lacks this field.
            "ChatGLMModel" | "ChatGLMForConditionalGeneration" if value.get("padded_vocab_size").is_some() => {
                Self::from_chatglm(path, name, serde_json::from_str(text).map_err(config)?)?
            }
            _ => {
                return Err(GlmError::Architecture {
                    path: path.to_owned(),
                    found: if name.starts_with("ChatGLM") { format!("{name} of the first ChatGLM-6B") } else { name },
                    supported: SUPPORTED,
                });
            }
        };
        blueprint.checked(path)
    }

    fn from_glm(path: &Path, architecture: String, config: GlmConfig) -> Result<Self, GlmError> {
        let heads = config.num_attention_heads;
        let head_width = config.head_dim.unwrap_or(config.hidden_size / heads.max(1));
        let rope = config.rope_parameters.or(config.rope_scaling).unwrap_or_default();
        let share = rope.partial_rotary_factor.or(config.partial_rotary_factor).unwrap_or(DEFAULT_ROTARY_SHARE);
        if !(share > 0.0 && share <= 1.0) {
            return Err(GlmError::Unsupported {
                path: path.to_owned(),
                field: "partial_rotary_factor",
                found: share.to_string(),
                supported: "above 0 and at most 1",
            });
        }
        let activation = match config.hidden_act.as_str() {
            "silu" | "swish" => Activation::Silu,
            "gelu" => Activation::Gelu,
            "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" => Activation::GeluTanh,
            "relu" => Activation::Relu,
            other => {
                return Err(GlmError::Unsupported {
                    path: path.to_owned(),
                    field: "hidden_act",
                    found: format!("“{other}”"),
                    supported: "silu, gelu, gelu_new, gelu_pytorch_tanh, relu",
                });
            }
        };
        Ok(Self {
            post_norms: architecture == "Glm4ForCausalLM",
            architecture,
            name: config.name_or_path,
            layout: Layout::Transformers,
            vocabulary: config.vocab_size,
            width: config.hidden_size,
            inner_width: config.intermediate_size,
            layers: config.num_hidden_layers,
            heads,
            key_value_heads: config.num_key_value_heads.unwrap_or(heads),
            head_width,
            rotary_width: (head_width as f64 * share) as usize,
            rope_theta: rope.rope_theta.or(config.rope_theta).unwrap_or(DEFAULT_ROPE_THETA),
            stretch: stretch(path, &rope, config.max_position_embeddings)?,
            eps: config.rms_norm_eps,
            context: config.max_position_embeddings,
            tied: config.tie_word_embeddings,
            qkv_bias: config.attention_bias,
            linear_bias: false,
            residual_after_norm: false,
            final_norm: true,
            qkv_by_head: false,
            activation,
            end_tokens: config.eos_token_id.map(OneOrMore::ids).unwrap_or_default(),
        })
    }

    fn from_chatglm(path: &Path, architecture: String, config: ChatGlmConfig) -> Result<Self, GlmError> {
        let unsupported = |field, found: String, supported| {
            Err(GlmError::Unsupported { path: path.to_owned(), field, found, supported })
        };
        if !config.rmsnorm {
            return unsupported("rmsnorm", "false".to_owned(), "true");
        }
        if config.quantization_bit != 0 {
            return unsupported(
                "quantization_bit",
                config.quantization_bit.to_string(),
                "0; load the unquantised checkpoint or a GGUF file",
            );
        }
        let groups =
            if config.multi_query_attention { config.multi_query_group_num } else { config.num_attention_heads };
        Ok(Self {
            architecture,
            name: config.name_or_path,
            layout: Layout::ChatGlm,
            vocabulary: config.padded_vocab_size,
            width: config.hidden_size,
            inner_width: config.ffn_hidden_size,
            layers: config.num_layers,
            heads: config.num_attention_heads,
            key_value_heads: groups,
            head_width: config.kv_channels,
            rotary_width: config.kv_channels / 2,
            rope_theta: DEFAULT_ROPE_THETA * config.rope_ratio,
            stretch: Stretch::None,
            eps: config.layernorm_epsilon,
            context: config.seq_length,
            tied: config.tie_word_embeddings,
            qkv_bias: config.add_qkv_bias || config.add_bias_linear,
            linear_bias: config.add_bias_linear,
            post_norms: false,
            residual_after_norm: config.apply_residual_connection_post_layernorm,
            final_norm: config.post_layer_norm,
            qkv_by_head: !config.multi_query_attention,
            activation: Activation::Silu,
            end_tokens: config.eos_token_id.map(OneOrMore::ids).unwrap_or_default(),
        })
    }

    /// Reads the metadata of a GGUF file.
    pub fn from_gguf(file: &GgufFile) -> Result<Self, GlmError> {
        let path = file.path();
        let architecture = file.text("general.architecture")?.to_owned();
        if !matches!(architecture.as_str(), "chatglm" | "glm4") {
            return Err(GlmError::Architecture {
                path: path.to_owned(),
                found: format!("“{architecture}” (general.architecture)"),
                supported: SUPPORTED,
            });
        }
        let key = |name: &str| format!("{architecture}.{name}");
        let optional = |name: &str| file.has(&key(name)).then(|| file.count(&key(name))).transpose();
        let heads = file.count(&key("attention.head_count"))?;
        let width = file.count(&key("embedding_length"))?;
        let head_width = match optional("attention.key_length")? {
            Some(head_width) => head_width,
            None => width / heads.max(1),
        };
        let vocabulary = file.shape("token_embd.weight").and_then(|shape| shape.first().copied()).unwrap_or(0);
        let theta = key("rope.freq_base");
        let mut end_tokens = Vec::new();
        for name in ["eos_token_id", "eot_token_id", "eom_token_id"] {
            let name = format!("tokenizer.ggml.{name}");
            if file.has(&name) {
                end_tokens.push(u32::try_from(file.count(&name)?).unwrap_or(u32::MAX));
            }
        }
        end_tokens.dedup();
        let factor = key("rope.scaling.factor");
        let stretching = RopeParameters {
            rope_type: match file.text(&key("rope.scaling.type")) {
                Ok("none") | Err(_) => None,
                Ok(kind) => Some(kind.to_owned()),
            },
            factor: if file.has(&factor) { Some(file.number(&factor)?) } else { None },
            original_max_position_embeddings: optional("rope.scaling.original_context_length")?,
            ..RopeParameters::default()
        };
        let context = file.count(&key("context_length"))?;
        let blueprint = Self {
            post_norms: architecture == "glm4",
            name: file.text("general.name").ok().map(str::to_owned),
            layout: Layout::Gguf,
            vocabulary,
            width,
            inner_width: file.count(&key("feed_forward_length"))?,
            layers: file.count(&key("block_count"))?,
            heads,
            key_value_heads: optional("attention.head_count_kv")?.unwrap_or(heads),
            head_width,
            rotary_width: optional("rope.dimension_count")?.unwrap_or(head_width),
            rope_theta: if file.has(&theta) { file.number(&theta)? } else { DEFAULT_ROPE_THETA },
            stretch: stretch(path, &stretching, context)?,
            eps: file.number(&key("attention.layer_norm_rms_epsilon"))?,
            context,
            tied: file.shape("output.weight").is_none(),
            qkv_bias: file.shape("blk.0.attn_qkv.bias").is_some() || file.shape("blk.0.attn_q.bias").is_some(),
            linear_bias: false,
            residual_after_norm: false,
            final_norm: true,
            qkv_by_head: false,
            activation: Activation::Silu,
            end_tokens,
            architecture,
        };
        blueprint.checked(path)
    }

    /// Refuses shapes that can't be: nothing below divides by zero or allocates without bounds.
    fn checked(self, path: &Path) -> Result<Self, GlmError> {
        /// More of anything than any member of the family will have.
        const LIMIT: usize = 1 << 24;
        let config = |reason: String| Err(GlmError::Config { path: path.to_owned(), reason });
        for (name, value) in [
            ("vocabulary size", self.vocabulary),
            ("hidden size", self.width),
            ("inner width", self.inner_width),
            ("number of layers", self.layers),
            ("number of heads", self.heads),
            ("number of key and value heads", self.key_value_heads),
            ("head width", self.head_width),
            ("rotary width", self.rotary_width),
            ("context", self.context),
        ] {
            if value == 0 || value > LIMIT {
                return config(format!("the {name} is {value}; expected 1 to {LIMIT}"));
            }
        }
        if !self.heads.is_multiple_of(self.key_value_heads) {
            return config(format!(
                "{} heads do not share {} heads of keys and values evenly",
                self.heads, self.key_value_heads
            ));
        }
        if self.rotary_width.div_ceil(2) * 2 > self.head_width {
            return config(format!("{} rotated numbers do not fit a head of {}", self.rotary_width, self.head_width));
        }
        if !(self.eps.is_finite() && self.eps >= 0.0 && self.rope_theta.is_finite() && self.rope_theta > 0.0) {
            return config(format!("eps {} or rotary base {} is out of range", self.eps, self.rope_theta));
        }
        Ok(self)
    }
}

fn stretch(path: &Path, rope: &RopeParameters, context: usize) -> Result<Stretch, GlmError> {
    let kind = rope.rope_type.as_deref().unwrap_or("default");
    let factor = || match rope.factor {
        Some(factor) if factor >= 1.0 => Ok(factor),
        other => Err(GlmError::Unsupported {
            path: path.to_owned(),
            field: "rope factor",
            found: format!("{other:?}"),
            supported: "a number of at least 1",
        }),
    };
    match kind {
        "default" => Ok(Stretch::None),
        "linear" => Ok(Stretch::Linear { factor: factor()? }),
        "yarn" => {
            let factor = factor()?;
            Ok(Stretch::Yarn {
                factor,
                original: rope.original_max_position_embeddings.unwrap_or(context).max(1),
                fast: rope.beta_fast.unwrap_or(32.0),
                slow: rope.beta_slow.unwrap_or(1.0),
                scale: rope.attention_factor.unwrap_or(0.1 * factor.ln() + 1.0),
            })
        }
        other => Err(GlmError::Unsupported {
            path: path.to_owned(),
            field: "rope_type",
            found: format!("“{other}”"),
            supported: "default, linear, yarn",
        }),
    }
}
