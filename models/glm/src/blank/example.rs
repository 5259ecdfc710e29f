//! How a text becomes a row of tokens with blanks: masking, layout, two-dimensional positions, batches.

use candle_core::{Device, Tensor};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::vocabulary::{END, MASK, PAD, REST_MASK, SENTENCE_MASK, START};

/// The share of tokens that lie in blanks when a few are masked.
const MASKED_SHARE: f64 = 0.2;
/// How long such blanks are on average.
const MEAN_BLANK: f64 = 3.0;

/// One row: part A, then part B.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Example {
    pub(crate) tokens: Vec<u32>,
    /// The place in part A: of the token, or of the mask that its blank stands for.
    pub(crate) places: Vec<u32>,
    /// The place inside the blank, from 1; 0 in part A.
    pub(crate) inside: Vec<u32>,
    /// What comes next, for part B; `None` in part A.
    pub(crate) targets: Vec<Option<u32>>,
    /// Length of part A.
    pub(crate) given: usize,
}

impl Example {
    fn with_given(tokens: Vec<u32>) -> Self {
        let given = tokens.len();
        Self { places: (0..given as u32).collect(), inside: vec![0; given], targets: vec![None; given], tokens, given }
    }

    /// Appends a blank that stands at `place` of part A.
    fn blank(&mut self, place: u32, content: &[u32]) {
        let inputs = std::iter::once(START).chain(content.iter().copied());
        let outputs = content.iter().copied().chain([END]);
        for (at, (input, output)) in (1..).zip(inputs.zip(outputs)) {
            self.tokens.push(input);
            self.places.push(place);
            self.inside.push(at);
            self.targets.push(Some(output));
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

/// A source, a `[sMASK]`, and what stands for it.
pub(crate) fn translation(source: &[u32], target: &[u32]) -> Example {
    let mut example = Example::with_given(source.iter().copied().chain([SENTENCE_MASK]).collect());
    example.blank(source.len() as u32, target);
    example
}

/// Several short blanks in shuffled order.
pub(crate) fn short_blanks(text: &[u32], random: &mut StdRng) -> Example {
    let wanted = ((text.len() as f64 * MASKED_SHARE).round() as usize).clamp(1, text.len());
    let mut masked = vec![false; text.len()];
    let mut count = 0;
    while count < wanted {
        // Lengths fall off geometrically around the mean; starts are anywhere.
        let mut length = 1;
        while length < 2 * MEAN_BLANK as usize && random.random_bool(1.0 - 1.0 / MEAN_BLANK) {
            length += 1;
        }
        let start = random.random_range(0..text.len());
        for slot in masked.iter_mut().skip(start).take(length.min(wanted - count)) {
            count += usize::from(!*slot);
            *slot = true;
        }
    }
    let (mut given, mut blanks) = (Vec::new(), Vec::<(u32, Vec<u32>)>::new());
    for (at, token) in text.iter().enumerate() {
        match (masked[at], at > 0 && masked[at - 1]) {
            (false, _) => given.push(*token),
            (true, true) => {
                if let Some((_, content)) = blanks.last_mut() {
                    content.push(*token);
                }
            }
            (true, false) => {
                blanks.push((given.len() as u32, vec![*token]));
                given.push(MASK);
            }
        }
    }
    blanks.shuffle(random);
    let mut example = Example::with_given(given);
    for (place, content) in blanks {
        example.blank(place, &content);
    }
    example
}

/// One of several sentences as a blank.
pub(crate) fn sentence_blank(sentences: &[&[u32]], random: &mut StdRng) -> Example {
    let hidden = random.random_range(0..sentences.len());
    let (mut given, mut place) = (Vec::new(), 0);
    for (at, sentence) in sentences.iter().enumerate() {
        if at == hidden {
            place = given.len() as u32;
            given.push(SENTENCE_MASK);
        } else {
            given.extend_from_slice(sentence);
        }
    }
    let mut example = Example::with_given(given);
    example.blank(place, sentences[hidden]);
    example
}

/// The rest of a text as a blank: at least half of it.
pub(crate) fn rest_blank(text: &[u32], random: &mut StdRng) -> Example {
    let kept = random.random_range(0..=text.len() / 2);
    let mut example = Example::with_given(text[..kept].iter().copied().chain([REST_MASK]).collect());
    example.blank(kept as u32, &text[kept..]);
    example
}

/// Rows of one length on a device.
#[derive(Debug)]
pub(crate) struct Batch {
    /// `[rows, length]` ids.
    pub(crate) tokens: Tensor,
    pub(crate) places: Tensor,
    pub(crate) inside: Tensor,
    /// What is added to attention's scores: `[rows, 1, length, length]`.
    pub(crate) mask: Tensor,
    /// Which of the `rows · length` positions have a target, and what it is.
    pub(crate) asked: Tensor,
    pub(crate) targets: Tensor,
    /// 1 where the target can be said from memory, else 0, and the target is 0: `[asked, 1]`.
    pub(crate) sayable: Tensor,
    /// What is added to the scores of copying, for each position asked: `[asked, length]`.
    pub(crate) copyable: Tensor,
    /// 1 where a token is the one asked for: `[asked, length]`.
    pub(crate) same: Tensor,
    pub(crate) asked_count: usize,
}

/// A score that no attention survives; minus infinity would make a row of nothing but padding undefined.
const HIDDEN: f32 = -1e9;

impl Batch {
    /// `said` tokens, from the first, can be said from memory.
    pub(crate) fn new(examples: &[&Example], said: usize, device: &Device) -> candle_core::Result<Self> {
        let length = examples.iter().map(|example| example.len()).max().unwrap_or(1);
        let rows = examples.len();
        let padded = |values: fn(&Example) -> &[u32], fill: u32| {
            let all: Vec<u32> = examples
                .iter()
                .flat_map(|example| {
                    let values = values(example);
                    values.iter().copied().chain(std::iter::repeat_n(fill, length - values.len()))
                })
                .collect();
            Tensor::from_vec(all, (rows, length), device)
        };
        let mut mask = vec![HIDDEN; rows * length * length];
        let (mut asked, mut targets) = (Vec::new(), Vec::new());
        let (mut sayable, mut copyable, mut same) = (Vec::new(), Vec::new(), Vec::new());
        for (row, example) in examples.iter().enumerate() {
            for query in 0..length {
                let seen = example.given.max(query + 1).min(example.len().max(1));
                let start = (row * length + query) * length;
                mask[start..start + seen].fill(0.0);
                if let Some(target) = example.targets.get(query).copied().flatten() {
                    asked.push((row * length + query) as u32);
                    let in_memory = (target as usize) < said;
                    targets.push(if in_memory { target } else { 0 });
                    sayable.push(f32::from(in_memory));
                    let given = &example.tokens[..example.given];
                    copyable.extend((0..length).map(|at| if at < given.len() { 0.0 } else { HIDDEN }));
                    same.extend((0..length).map(|at| f32::from(given.get(at) == Some(&target))));
                }
            }
        }
        let asked_count = asked.len();
        Ok(Self {
            tokens: padded(|example| &example.tokens, PAD)?,
            places: padded(|example| &example.places, 0)?,
            inside: padded(|example| &example.inside, 0)?,
            mask: Tensor::from_vec(mask, (rows, 1, length, length), device)?,
            asked: Tensor::from_vec(asked, asked_count, device)?,
            targets: Tensor::from_vec(targets, asked_count, device)?,
            sayable: Tensor::from_vec(sayable, (asked_count, 1), device)?,
            copyable: Tensor::from_vec(copyable, (asked_count, length), device)?,
            same: Tensor::from_vec(same, (asked_count, length), device)?,
            asked_count,
        })
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    /// Puts the blanks back in their places.
    fn filled(example: &Example) -> Vec<u32> {
        let mut text = Vec::new();
        for place in 0..example.given {
            if !(MASK..=REST_MASK).contains(&example.tokens[place]) {
                text.push(example.tokens[place]);
                continue;
            }
            let blank = (example.given..example.len()).filter(|at| example.places[*at] == place as u32);
            text.extend(blank.filter_map(|at| example.targets[at]).filter(|target| *target != END));
        }
        text
    }

    #[test]
    fn blanks_put_back_are_the_text() {
        let mut random = StdRng::seed_from_u64(3);
        for length in [1, 2, 7, 30] {
            let text: Vec<u32> = (20..20 + length).collect();
            for _ in 0..50 {
                assert_eq!(filled(&short_blanks(&text, &mut random)), text);
                assert_eq!(filled(&rest_blank(&text, &mut random)), text);
                let (front, back) = text.split_at(text.len() / 2);
                if !front.is_empty() {
                    assert_eq!(filled(&sentence_blank(&[front, back], &mut random)), text);
                }
            }
            assert_eq!(filled(&translation(&text, &[90, 91])), [&text[..], &[90, 91]].concat());
        }
    }

    #[test]
    fn several_blanks_come_in_shuffled_order_and_their_tokens_count_from_one() {
        let mut random = StdRng::seed_from_u64(5);
        let text: Vec<u32> = (20..80).collect();
        let examples: Vec<Example> = (0..20).map(|_| short_blanks(&text, &mut random)).collect();
        let falls = |example: &Example| example.places[example.given..].windows(2).any(|pair| pair[1] < pair[0]);
        assert!(examples.iter().any(falls));
        for example in &examples {
            for at in example.given..example.len() {
                assert_eq!(example.inside[at] == 1, example.tokens[at] == START);
            }
        }
    }

    #[test]
    fn part_a_sees_all_of_itself_and_part_b_what_came_before() {
        let example = translation(&[20, 21], &[30, 31]);
        assert_eq!(example.places, [0, 1, 2, 2, 2, 2]);
        assert_eq!(example.inside, [0, 0, 0, 1, 2, 3]);
        let batch = Batch::new(&[&example, &translation(&[20], &[30])], 30, &Device::Cpu).unwrap();
        let mask: Vec<Vec<f32>> = batch.mask.get(0).unwrap().squeeze(0).unwrap().to_vec2().unwrap();
        let seen: Vec<usize> = mask.iter().map(|row| row.iter().filter(|score| **score == 0.0).count()).collect();
        assert_eq!(seen, [3, 3, 3, 4, 5, 6]);
        assert_eq!(batch.asked_count, 5);
        let sayable: Vec<f32> = batch.sayable.flatten_all().unwrap().to_vec1().unwrap();
        assert_eq!(sayable, [0.0, 0.0, 1.0, 0.0, 1.0], "30 and 31 are beyond the first thirty, the end is not");
    }
}
