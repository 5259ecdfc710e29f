//! What a checkpoint says of itself.

use std::path::Path;

use serde::Deserialize;

use crate::SpeechError;

/// `config.json`, with the checkpoint's own field names.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    pub num_mel_bins: usize,
    pub max_source_positions: usize,
    pub max_target_positions: usize,
    pub d_model: usize,
    pub vocab_size: usize,
    pub encoder_layers: usize,
    pub decoder_layers: usize,
    pub encoder_attention_heads: usize,
    pub decoder_attention_heads: usize,
    pub encoder_ffn_dim: usize,
    pub decoder_ffn_dim: usize,
    #[serde(default)]
    pub suppress_tokens: Option<Vec<i64>>,
    #[serde(default)]
    pub begin_suppress_tokens: Option<Vec<i64>>,
    #[serde(skip)]
    pub alignment_heads: Vec<(usize, usize)>,
}

/// The parts of `generation_config.json` that are used.
#[derive(Debug, Default, Deserialize)]
struct Generation {
    #[serde(default)]
    alignment_heads: Option<Vec<(usize, usize)>>,
    #[serde(default)]
    suppress_tokens: Option<Vec<i64>>,
    #[serde(default)]
    begin_suppress_tokens: Option<Vec<i64>>,
}

impl Config {
    pub(crate) fn read(folder: &Path) -> Result<Self, SpeechError> {
        let path = folder.join("config.json");
        if !path.is_file() {
            return Err(SpeechError::NoModel { path: folder.to_owned(), missing: "config.json" });
        }
        let mut config: Self = json(&path)?;
        let beside = folder.join("generation_config.json");
        if beside.is_file() {
            let generation: Generation = json(&beside)?;
            config.alignment_heads = generation.alignment_heads.unwrap_or_default();
            config.suppress_tokens = generation.suppress_tokens.or(config.suppress_tokens);
            config.begin_suppress_tokens = generation.begin_suppress_tokens.or(config.begin_suppress_tokens);
        }
        let heads = config.decoder_attention_heads;
        config.alignment_heads.retain(|&(layer, head)| layer < config.decoder_layers && head < heads);
        if config.alignment_heads.is_empty() {
            // Whisper's own default: every head of the upper half.
            config.alignment_heads = (config.decoder_layers / 2..config.decoder_layers)
                .flat_map(|layer| (0..heads).map(move |head| (layer, head)))
                .collect();
        }
        config.check(&path)?;
        Ok(config)
    }

    fn check(&self, path: &Path) -> Result<(), SpeechError> {
        let wrong = |found: String, expected| SpeechError::Checkpoint { path: path.to_owned(), found, expected };
        for (name, value, most) in [
            ("num_mel_bins", self.num_mel_bins, 512),
            ("max_source_positions", self.max_source_positions, 1 << 16),
            ("max_target_positions", self.max_target_positions, 1 << 16),
            ("d_model", self.d_model, 1 << 14),
            ("vocab_size", self.vocab_size, 1 << 20),
            ("encoder_layers", self.encoder_layers, 256),
            ("decoder_layers", self.decoder_layers, 256),
            ("encoder_ffn_dim", self.encoder_ffn_dim, 1 << 16),
            ("decoder_ffn_dim", self.decoder_ffn_dim, 1 << 16),
        ] {
            if value == 0 || value > most {
                return Err(wrong(format!("{name} is {value}"), "a Whisper configuration"));
            }
        }
        for heads in [self.encoder_attention_heads, self.decoder_attention_heads] {
            if heads == 0 || !self.d_model.is_multiple_of(heads) {
                return Err(wrong(
                    format!("{heads} attention heads for a width of {}", self.d_model),
                    "a number of heads that divides d_model",
                ));
            }
        }
        Ok(())
    }
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, SpeechError> {
    let text = std::fs::read_to_string(path).map_err(|source| SpeechError::Io {
        path: path.to_owned(),
        doing: "reading it",
        source,
    })?;
    serde_json::from_str(&text).map_err(|error| SpeechError::Checkpoint {
        path: path.to_owned(),
        found: error.to_string(),
        expected: "the configuration of a Whisper checkpoint",
    })
}
