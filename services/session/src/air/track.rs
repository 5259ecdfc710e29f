//! The captions that a programme carries → scripts with times.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::Duration,
};

use signing::{Flicks, SourceTime, Transcript};
use stream::FeedCaption;

use super::{
    AirInput,
    sources::{JOINED, PAUSE, at, ends_sentence},
};
use crate::{TimedScript, error::SessionError};

/// Signs the captions that a programme carries, at their times, on a thread of its own. Those that are one sentence are joined.
///
/// Errors: no thread can be made.
pub fn start_feed_captions(
    captions: Receiver<FeedCaption>,
    language: &str,
    inputs: SyncSender<AirInput>,
) -> Result<(), SessionError> {
    let language = language.to_owned();
    let work = move || {
        let source: Arc<str> = "captions".into();
        read_feed_captions(&captions, &language, &source, &inputs);
        // A broadcast that is over needs no end.
        let _ = inputs.send(AirInput::End { source });
    };
    thread::Builder::new().name("captions".to_owned()).spawn(work).map(drop).map_err(SessionError::Pipe)
}

/// How long a caption that ends no sentence waits for the next one.
const NEXT_CAPTION: Duration = Duration::from_millis(1_500);
/// A caption that says the same as the one before within this is the same one, sent again.
const AGAIN: Flicks = Flicks::from_millis(10_000);

fn read_feed_captions(
    captions: &Receiver<FeedCaption>,
    language: &str,
    source: &Arc<str>,
    inputs: &SyncSender<AirInput>,
) {
    let mut waiting: Vec<Transcript> = Vec::new();
    let mut last: Option<FeedCaption> = None;
    let flush = |waiting: &mut Vec<Transcript>| {
        let group = std::mem::take(waiting);
        group.is_empty() || inputs.send(AirInput::Script(TimedScript::join(&group, language))).is_ok()
    };
    loop {
        let next = if waiting.is_empty() {
            captions.recv().map_err(RecvTimeoutError::from)
        } else {
            captions.recv_timeout(NEXT_CAPTION)
        };
        let caption = match next {
            Ok(caption) => caption,
            Err(RecvTimeoutError::Timeout) => {
                if flush(&mut waiting) {
                    continue;
                }
                return;
            }
            Err(RecvTimeoutError::Disconnected) => {
                flush(&mut waiting);
                return;
            }
        };
        if let Some(before) = &last {
            let away = caption.start - before.start;
            if caption.text == before.text && away.0.abs() < AGAIN.0 {
                continue;
            }
            if away < Flicks::ZERO || caption.start < before.end {
                let message = format!(
                    "a caption begins {:.1} s before the one before it ends: they are signed one after the other",
                    (before.end - caption.start).as_secs()
                );
                let note = AirInput::Note { source: Arc::clone(source), state: "overlap", message };
                if inputs.send(note).is_err() {
                    return;
                }
            }
            let pause = caption.start - before.end > PAUSE || away < Flicks::ZERO;
            if pause && !flush(&mut waiting) {
                return;
            }
        }
        let text: Vec<&str> = caption.text.lines().collect();
        let text = text.join(if language.starts_with("zh") { "" } else { " " });
        let start = caption.start.max(SourceTime(Flicks(1)));
        waiting.push(at(Transcript::plain(text, language), start, caption.end.max(start)));
        let ended = waiting.last().is_some_and(|caption| ends_sentence(&caption.text));
        if (ended || waiting.len() >= JOINED) && !flush(&mut waiting) {
            return;
        }
        last = Some(caption);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    #[test]
    fn captions_of_a_feed_are_joined_to_sentences_and_odd_ones_are_said() {
        let caption = |text: &str, start, end| {
            let time = |millis| SourceTime(Flicks::from_millis(millis));
            FeedCaption { start: time(start), end: time(end), text: text.to_owned() }
        };
        let (sender, captions) = sync_channel(64);
        for caption in [
            caption("冰壶比赛\n下午", 1_000, 2_000),
            caption("冰壶比赛\n下午", 1_040, 2_000),
            caption("三点开始。", 2_000, 3_000),
            caption("谢谢", 4_000, 6_000),
            caption("再见。", 5_000, 6_000),
            caption("你好。", 500, 900),
        ] {
            sender.send(caption).unwrap();
        }
        drop(sender);
        let (inputs, outbox) = sync_channel(64);
        read_feed_captions(&captions, "zh", &"captions".into(), &inputs);
        drop(inputs);
        let (mut texts, mut notes) = (Vec::new(), 0);
        for input in outbox {
            match input {
                AirInput::Script(script) => texts.push((script.transcript.start, script.transcript.text)),
                AirInput::Note { state: "overlap", .. } => notes += 1,
                other => panic!("{other:?}"),
            }
        }
        let at = |millis| SourceTime(Flicks::from_millis(millis));
        let expected = [(at(1_000), "冰壶比赛下午三点开始。"), (at(4_000), "谢谢再见。"), (at(500), "你好。")];
        assert_eq!(texts, expected.map(|(at, text)| (at, text.to_owned())));
        assert_eq!(notes, 2);
    }
}
