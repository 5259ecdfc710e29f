//! The loop that chooses tokens, and what it knows of each.

use candle_core::{D, Tensor};

use super::{checkpoint::Whisper, decoder::Memory, ops::log_sum};
use crate::SpeechError;

/// What is asked of a decoding.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// `zh` or `en`; `None` finds out.
    pub language: Option<&'static str>,
    /// Tokens of what was said before: style and vocabulary.
    pub previous: Vec<u32>,
    /// Tokens that have been committed: what is said goes on behind them.
    pub committed: Vec<u32>,
    /// At most so many tokens behind the committed ones.
    pub most: usize,
    /// Heard positions that hold sound; silence follows.
    pub sound: usize,
}

/// A token that was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub id: u32,
    /// Natural logarithm of its probability, suppressed tokens left out.
    pub log_probability: f32,
    /// Where it was listened to, as a heard position (50 a second): where the most attention lies.
    pub position: usize,
}

/// What was heard.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    pub language: &'static str,
    pub pieces: Vec<Piece>,
    /// Of the end token.
    pub end_log_probability: f32,
    /// How probable it is that nobody spoke.
    pub no_speech: f32,
    /// Before the first free token: to ask what others would have cost.
    pub memory: Memory,
    /// Logits of the first free token.
    first: Vec<f32>,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

impl Decoded {
    /// Mean over all tokens, the end included.
    pub(crate) fn mean_log_probability(&self) -> f32 {
        let sum: f32 = self.pieces.iter().map(|piece| piece.log_probability).sum();
        (sum + self.end_log_probability) / (self.pieces.len() + 1) as f32
    }
}

impl Whisper {
    /// The most probable next token, again and again.
    pub(crate) fn decode(&self, heard: &super::Encoded, request: &Request) -> Result<Decoded, SpeechError> {
        let special = &self.special;
        let mut memory = self.listen(heard)?;
        let mut prompt = Vec::new();
        if let (Some(previous), false) = (special.previous, request.previous.is_empty()) {
            prompt.push(previous);
            // What is further back than half of the context was never seen in training.
            let most = (self.most_tokens() / 2).saturating_sub(1);
            prompt.extend(&request.previous[request.previous.len().saturating_sub(most)..]);
        }
        let start = prompt.len();
        prompt.push(special.start);
        let language = self.language(heard, request.language)?;
        if let Some(&(_, id)) = special.languages.iter().find(|(code, _)| *code == language) {
            prompt.push(id);
            prompt.extend(special.transcribe);
        }
        prompt.push(special.no_timestamps);
        prompt.extend(&request.committed);

        let step = self.decoder.step(&mut memory, &prompt, 1)?;
        let rows = Tensor::cat(
            &[&step.hidden.narrow(1, start, 1)?.squeeze(1)?, &step.hidden.narrow(1, prompt.len() - 1, 1)?.squeeze(1)?],
            0,
        )?;
        let mut rows = self.decoder.logits(&rows)?;
        let mut logits = rows.pop().unwrap_or_default();
        let no_speech = match (special.no_speech, rows.pop()) {
            (Some(id), Some(row)) => (row[id as usize] - log_sum(&row)).exp(),
            _ => 0.0,
        };
        let before = memory.clone();
        let mut first = logits.clone();
        self.suppress(&mut first, request.committed.is_empty());

        let room = self.most_tokens().saturating_sub(prompt.len() + 1);
        let (mut pieces, mut end_log_probability) = (Vec::new(), 0.0);
        while pieces.len() < request.most.min(room) {
            self.suppress(&mut logits, pieces.is_empty() && request.committed.is_empty());
            let (id, best) = logits
                .iter()
                .enumerate()
                .fold((0, f32::NEG_INFINITY), |best, (id, &logit)| if logit > best.1 { (id, logit) } else { best });
            let log_probability = best - log_sum(&logits);
            let id = id as u32;
            if id == special.end {
                end_log_probability = log_probability;
                break;
            }
            let step = self.decoder.step(&mut memory, &[id], 1)?;
            let position = step.alignment.argmax(D::Minus1)?.to_vec1::<u32>()?.first().copied().unwrap_or(0) as usize;
            pieces.push(Piece { id, log_probability, position });
            if let Some(first) = looped(&pieces, request.sound) {
                pieces.truncate(first);
                break;
            }
            logits = self.decoder.logits(&step.hidden.squeeze(1)?)?.pop().unwrap_or_default();
        }
        Ok(Decoded { language, pieces, end_log_probability, no_speech, memory: before, first })
    }

    /// What each of `rows`, said in place of the decoded tokens and then ended, would have cost: natural logarithms of
    /// their probabilities. What all begin with is said once, and the rest in one pass.
    pub(crate) fn score(&self, decoded: &Decoded, rows: &[Vec<u32>]) -> Result<Vec<f32>, SpeechError> {
        let shortest = rows.iter().map(Vec::len).min().unwrap_or(0);
        if shortest == 0 {
            return Ok(vec![f32::NEG_INFINITY; rows.len()]);
        }
        let shared = (0..shortest - 1).take_while(|&at| rows.iter().all(|row| row[at] == rows[0][at])).count();
        let mut memory = decoded.memory.clone();
        // Of what comes next.
        let (mut logits, mut common) = (decoded.first.clone(), 0.0);
        if shared > 0 {
            let step = self.decoder.step(&mut memory, &rows[0][..shared], 1)?;
            for (&id, mut next) in rows[0].iter().zip(self.decoder.logits(&step.hidden.squeeze(0)?)?) {
                common += logits[id as usize] - log_sum(&logits);
                self.suppress(&mut next, false);
                logits = next;
            }
        }
        let rows: Vec<&[u32]> = rows.iter().map(|row| &row[shared..]).collect();
        let longest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let mut ids = Vec::with_capacity(rows.len() * longest);
        for row in &rows {
            ids.extend_from_slice(row);
            ids.resize(ids.len() + longest - row.len(), self.special.end);
        }
        let step = self.decoder.step(&mut memory, &ids, rows.len())?;
        let hidden: candle_core::Result<Vec<Tensor>> =
            rows.iter().enumerate().map(|(n, row)| step.hidden.get(n)?.narrow(0, 0, row.len())).collect();
        let mut behind = self.decoder.logits(&Tensor::cat(&hidden?, 0)?)?.into_iter();
        let first_sum = log_sum(&logits);
        let scores = rows.iter().map(|row| {
            let nexts = row[1..].iter().chain([&self.special.end]);
            let rest = nexts.zip(&mut behind).map(|(&next, mut logits)| {
                self.suppress(&mut logits, false);
                logits[next as usize] - log_sum(&logits)
            });
            common + logits[row[0] as usize] - first_sum + rest.sum::<f32>()
        });
        Ok(scores.collect())
    }

    fn language(&self, heard: &super::Encoded, asked: Option<&'static str>) -> Result<&'static str, SpeechError> {
        if self.is_english_only() {
            return match asked {
                None | Some("en") => Ok("en"),
                Some(found) => Err(SpeechError::Language { found: found.to_owned() }),
            };
        }
        if let Some(code) = asked {
            return Ok(code);
        }
        let mut memory = self.listen(heard)?;
        let step = self.decoder.step(&mut memory, &[self.special.start], 1)?;
        let logits = self.decoder.logits(&step.hidden.squeeze(1)?)?.pop().unwrap_or_default();
        let best = self.special.languages.iter().max_by(|a, b| logits[a.1 as usize].total_cmp(&logits[b.1 as usize]));
        Ok(best.map_or("zh", |(code, _)| code))
    }

    fn suppress(&self, logits: &mut [f32], is_first: bool) {
        let mut silence = |id: u32| {
            if let Some(logit) = logits.get_mut(id as usize) {
                *logit = f32::NEG_INFINITY;
            }
        };
        self.suppressed.iter().for_each(|&id| silence(id));
        if is_first {
            self.suppressed_first.iter().for_each(|&id| silence(id));
        }
        // Languages, tasks and times all stand behind the end token.
        if let Some(rest) = logits.get_mut(self.special.end as usize + 1..) {
            rest.fill(f32::NEG_INFINITY);
        }
    }
}

/// How many pieces there are without the loop they ended in, if they did.
///
/// Where little silence follows the sound, Whisper may miss the end and say all of it again. Then it listens again to
/// where it was, or to the silence; who says a thing twice is listened to further on.
fn looped(pieces: &[Piece], sound: usize) -> Option<usize> {
    const SHORTEST: usize = 4;
    (SHORTEST..=pieces.len() / 2).find_map(|len| {
        let (before, again) = pieces[pieces.len() - 2 * len..].split_at(len);
        let same = before.iter().zip(again).all(|(a, b)| a.id == b.id);
        let mean = |pieces: &[Piece]| pieces.iter().map(|piece| piece.position).sum::<usize>() / len;
        let end = before.iter().map(|piece| piece.position).max().unwrap_or(0);
        (same && (mean(again) <= end || mean(again) >= sound)).then(|| pieces.len() - len)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_cut_and_what_is_said_twice_is_not() {
        let pieces = |positions: &[usize]| -> Vec<Piece> {
            positions
                .iter()
                .enumerate()
                .map(|(n, &position)| Piece { id: (n % 4) as u32, log_probability: 0.0, position })
                .collect()
        };
        for (positions, expected) in [
            (vec![5, 10, 15, 20, 5, 10, 15, 20], Some(4)),
            (vec![5, 10, 15, 20, 90, 91, 92, 93], Some(4)),
            (vec![5, 10, 15, 20, 25, 30, 35, 40], None),
            (vec![5, 10, 15, 20, 5, 10, 15], None),
        ] {
            assert_eq!(looped(&pieces(&positions), 80), expected, "{positions:?}");
        }
    }
}
