//! Transcripts with times → one text to be signed, and when each of its sentences is due.

use signing::{OutputTime, SignSentence, SourceTime, Transcript};

/// Captions that follow on each other within this are one sentence, if the first has no end of its own.
const BREATH_MILLIS: i64 = 400;

/// A text with a clock.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedScript {
    /// All of it: what is not one sentence stands on lines of its own.
    pub transcript: Transcript,
    /// First character of each transcript, and when it began.
    starts: Vec<(u32, SourceTime)>,
}

impl TimedScript {
    /// Joins transcripts in order of time.
    pub fn join(transcripts: &[Transcript], language: &str) -> Self {
        let mut text = String::new();
        let mut characters = 0;
        let mut starts = Vec::new();
        let mut before: Option<&Transcript> = None;
        for transcript in transcripts {
            if let Some(before) = before {
                let gap = transcript.start - before.end;
                let ended = before.text.trim_end().ends_with(['。', '！', '？', '!', '?', '.', '；', ';']);
                let joint = match (ended || gap > signing::Flicks::from_millis(BREATH_MILLIS), language) {
                    (true, _) => "\n",
                    (false, "zh") => "",
                    (false, _) => " ",
                };
                text.push_str(joint);
                characters += joint.chars().count();
            }
            starts.push((u32::try_from(characters).unwrap_or(u32::MAX), transcript.start));
            // A line break would end the sentence.
            text.extend(transcript.text.chars().map(|c| if c == '\n' { ' ' } else { c }));
            characters += transcript.text.chars().count();
            before = Some(transcript);
        }
        let mut transcript = Transcript::plain(text, language);
        if let (Some(first), Some(last)) = (transcripts.first(), transcripts.last()) {
            (transcript.start, transcript.end) = (first.start, last.end);
        }
        Self { transcript, starts }
    }

    /// The same, its clock counted from its first word; without a time of its own, so that it is not taken for something that
    /// was said just now.
    #[must_use]
    pub fn from_first_word(mut self) -> Self {
        let first = self.starts.first().map_or(SourceTime::ZERO, |(_, start)| *start);
        for (_, start) in &mut self.starts {
            *start = SourceTime(*start - first);
        }
        (self.transcript.start, self.transcript.end) = (SourceTime::ZERO, SourceTime::ZERO);
        self
    }

    /// A text without a clock: everything is due at once.
    pub fn untimed(transcript: Transcript) -> Self {
        Self { transcript, starts: Vec::new() }
    }

    /// When each sentence is due: when the first thing it says began. Never before the sentence in front of it.
    pub fn due(&self, sentences: &[SignSentence]) -> Vec<OutputTime> {
        let mut latest = SourceTime::ZERO;
        let due = sentences.iter().map(|sentence| {
            let first =
                sentence.tokens.iter().flat_map(|token| &token.source).map(|range| range.start).min().unwrap_or(0);
            let start = self.starts.iter().rev().find(|(at, _)| *at <= first).map_or(latest, |(_, time)| *time);
            latest = latest.max(start);
            OutputTime(latest.0)
        });
        due.collect()
    }
}

#[cfg(test)]
mod tests {
    use signing::Flicks;

    use super::*;

    #[test]
    fn captions_that_are_one_sentence_are_joined_and_others_are_not() {
        let caption = |text: &str, start, end| {
            let mut transcript = Transcript::plain(text, "zh");
            transcript.start = SourceTime(Flicks::from_millis(start));
            transcript.end = SourceTime(Flicks::from_millis(end));
            transcript
        };
        let script = TimedScript::join(
            &[
                caption("冰壶比赛", 0, 1_000),
                caption("三点开始。", 1_100, 2_000),
                caption("谢谢", 2_100, 3_000),
                caption("再见", 5_000, 6_000),
            ],
            "zh",
        );
        assert_eq!(script.transcript.text, "冰壶比赛三点开始。\n谢谢\n再见");
        let starts: Vec<u32> = script.starts.iter().map(|(at, _)| *at).collect();
        assert_eq!(starts, [0, 4, 10, 13]);
    }
}
