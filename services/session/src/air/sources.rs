//! Where a broadcast's text comes from: caption files, scripts, lines on standard input or TCP. Each has a thread of its
//! own and waits when the broadcast has enough.

use std::{
    io::{self, BufRead, BufReader, Read},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender},
    },
    thread,
    time::Duration,
};

use signing::{Flicks, FrameRate, SourceTime, Transcript};
use speech::Span;
use stream::SoundChunk;

use super::lines::{LineError, TimeCode, split};
use crate::{Hearing, TimedScript, error::SessionError};

/// What goes into a broadcast.
#[derive(Debug, Clone, PartialEq)]
pub enum AirInput {
    /// Captions that are one sentence or more, at their times on the input's clock.
    Script(TimedScript),
    /// Text without a time: it is signed when all before it is.
    Text(Transcript),
    /// A line, at its timecode or, without one, when it comes.
    Line {
        /// Which input.
        source: Arc<str>,
        /// What it says.
        transcript: Transcript,
        /// When it says it.
        code: Option<TimeCode>,
    },
    /// What was heard, at its time on the input's clock; interim spans are shown and not signed.
    Heard(Transcript),
    /// Something about an input, for the operator.
    Note {
        /// Which input.
        source: Arc<str>,
        /// As in [`AirEvent::Input`](super::AirEvent::Input).
        state: &'static str,
        /// For a reader.
        message: String,
    },
    /// Nothing more comes from this source.
    End {
        /// Which input.
        source: Arc<str>,
    },
}

/// Where lines come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineSource {
    /// Standard input.
    Standard,
    /// Whoever connects.
    Tcp(SocketAddr),
}

/// Longest line, bytes; what is beyond it is left out, and said.
const LONGEST_LINE: u64 = 16 << 10;
/// Captions that are joined at most, so that a file without full stops still goes on.
pub(super) const JOINED: usize = 8;
/// A pause between captions that ends a sentence.
pub(super) const PAUSE: Flicks = Flicks::from_millis(400);
/// Clients that may send lines at once.
const CLIENTS: usize = 8;

/// Sends captions, in groups that are whole sentences. Returns when the broadcast has taken all, or is over.
pub fn send_captions(captions: &[Transcript], language: &str, source: &str, inputs: &SyncSender<AirInput>) {
    let source: Arc<str> = source.into();
    let overlaps = captions.windows(2).filter(|pair| pair[1].start < pair[0].end).count();
    if overlaps > 0 {
        let message =
            format!("{overlaps} captions begin before the one before them ends: they are signed one after the other");
        let note = AirInput::Note { source: Arc::clone(&source), state: "overlap", message };
        if inputs.send(note).is_err() {
            return;
        }
    }
    for group in groups(captions) {
        if inputs.send(AirInput::Script(TimedScript::join(group, language))).is_err() {
            return;
        }
    }
    // A broadcast that is over needs no end.
    let _ = inputs.send(AirInput::End { source });
}

/// Captions that end a sentence, or are followed by a pause, end a group.
fn groups(captions: &[Transcript]) -> Vec<&[Transcript]> {
    let mut groups = Vec::new();
    let mut start = 0;
    for at in 0..captions.len() {
        let ended = ends_sentence(&captions[at].text);
        let pause = captions.get(at + 1).is_none_or(|next| next.start - captions[at].end > PAUSE);
        if ended || pause || at + 1 - start >= JOINED {
            groups.push(&captions[start..=at]);
            start = at + 1;
        }
    }
    groups
}

/// Sends a script, line by line; with `again`, from the beginning when it ends, until the broadcast is over.
pub fn send_text(text: &str, language: &str, source: &str, again: bool, inputs: &SyncSender<AirInput>) {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    loop {
        for line in &lines {
            if inputs.send(AirInput::Text(Transcript::plain(*line, language))).is_err() {
                return;
            }
        }
        if !again || lines.is_empty() {
            // A broadcast that is over needs no end.
            let _ = inputs.send(AirInput::End { source: source.into() });
            return;
        }
    }
}

/// Reads lines on threads of their own. Gives the address that is listened on, if any.
///
/// Errors: [`SessionError::Refused`] for an address that other machines can reach, or that can't be had.
pub fn start_lines(
    from: LineSource,
    language: &str,
    rate: FrameRate,
    inputs: SyncSender<AirInput>,
) -> Result<Option<SocketAddr>, SessionError> {
    let language: Arc<str> = language.into();
    let spawn = |work: Box<dyn FnOnce() + Send>| {
        thread::Builder::new().name("lines".to_owned()).spawn(work).map(drop).map_err(SessionError::Pipe)
    };
    match from {
        LineSource::Standard => {
            spawn(Box::new(move || {
                let source: Arc<str> = "standard input".into();
                read_lines(&mut io::stdin().lock(), &source, &language, rate, &inputs);
                let _ = inputs.send(AirInput::End { source });
            }))?;
            Ok(None)
        }
        LineSource::Tcp(address) => {
            let refused = |why: String| SessionError::Refused { path: format!("tcp://{address}").into(), why };
            if !address.ip().is_loopback() {
                return Err(refused(
                    "lines over TCP have no key: listen on 127.0.0.1, and forward the port over a tunnel".to_owned(),
                ));
            }
            let listener = TcpListener::bind(address).map_err(|error| refused(error.to_string()))?;
            let bound = listener.local_addr().map_err(|error| refused(error.to_string()))?;
            spawn(Box::new(move || accept(&listener, &language, rate, &inputs)))?;
            Ok(Some(bound))
        }
    }
}

/// Listens to a programme's sound as it comes, and signs what is heard, on a thread of its own.
///
/// Errors: whatever the voice detector lacks; no thread can be made.
pub fn start_hearing(
    hearing: &Hearing,
    sound: Receiver<SoundChunk>,
    inputs: SyncSender<AirInput>,
) -> Result<(), SessionError> {
    let mut ear = hearing.ear(None)?;
    let source: Arc<str> = "programme".into();
    let listen = move || {
        let send = |spans: Result<Vec<Span>, SessionError>| match spans {
            Ok(spans) => spans.into_iter().all(|span| inputs.send(AirInput::Heard(span.transcript)).is_ok()),
            Err(error) => {
                let message = format!("it can't be listened to: {error}");
                let _ = inputs.send(AirInput::Note { source: Arc::clone(&source), state: "wrong", message });
                false
            }
        };
        for chunk in sound {
            if !send(ear.push(chunk)) {
                return;
            }
        }
        if send(ear.finish()) {
            // A broadcast that is over needs no end.
            let _ = inputs.send(AirInput::End { source: Arc::clone(&source) });
        }
    };
    thread::Builder::new().name("hearing".to_owned()).spawn(listen).map(drop).map_err(SessionError::Pipe)
}

/// Whether a caption ends what it says.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['。', '！', '？', '!', '?', '.', '；', ';'])
}

fn accept(listener: &TcpListener, language: &Arc<str>, rate: FrameRate, inputs: &SyncSender<AirInput>) {
    let clients = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Out of descriptors, say: those in use may become free.
            thread::sleep(Duration::from_millis(100));
            continue;
        };
        let source: Arc<str> =
            stream.peer_addr().map_or_else(|_| "tcp".to_owned(), |peer| format!("tcp {peer}")).into();
        if clients.fetch_add(1, Ordering::Relaxed) >= CLIENTS {
            clients.fetch_sub(1, Ordering::Relaxed);
            let message = format!("refused: {CLIENTS} clients send lines already");
            if inputs.send(AirInput::Note { source, state: "wrong", message }).is_err() {
                return;
            }
            continue;
        }
        let (language, inputs, clients) = (Arc::clone(language), inputs.clone(), Arc::clone(&clients));
        let serving = thread::Builder::new().name("lines".to_owned()).spawn(move || {
            serve(&stream, &source, &language, rate, &inputs);
            clients.fetch_sub(1, Ordering::Relaxed);
        });
        if let Err(error) = serving {
            tracing::warn!(%error, "no thread for a client");
        }
    }
}

fn serve(stream: &TcpStream, source: &Arc<str>, language: &str, rate: FrameRate, inputs: &SyncSender<AirInput>) {
    let note = |state, message: &str| AirInput::Note { source: Arc::clone(source), state, message: message.to_owned() };
    if inputs.send(note("open", "connected")).is_err() {
        return;
    }
    read_lines(&mut BufReader::new(stream), source, language, rate, inputs);
    // A broadcast that is over needs no end.
    let _ = inputs.send(note("lost", "it left; others may come"));
}

fn read_lines(
    from: &mut impl BufRead,
    source: &Arc<str>,
    language: &str,
    rate: FrameRate,
    inputs: &SyncSender<AirInput>,
) {
    let note = |message: String| AirInput::Note { source: Arc::clone(source), state: "wrong", message };
    loop {
        let mut line = Vec::new();
        match from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let _ = inputs.send(note(error.to_string()));
                return;
            }
        }
        let mut sent = Ok(());
        if line.len() as u64 >= LONGEST_LINE && !line.ends_with(b"\n") {
            let left_out = skip_line(from);
            sent =
                inputs.send(note(format!("a line of more than {LONGEST_LINE} bytes: {left_out} bytes are left out")));
        }
        // A cut may fall within a character.
        let text = match String::from_utf8(line) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                if inputs
                    .send(note(format!("byte {at} of a line is no UTF-8: what comes after it is left out")))
                    .is_err()
                {
                    return;
                }
                let mut bytes = error.into_bytes();
                bytes.truncate(at);
                String::from_utf8(bytes).unwrap_or_default()
            }
        };
        let (code, text) = split(&text, rate);
        let (code, wrong) = match code.transpose() {
            Ok(code) => (code, None),
            Err(LineError { found, why }) => (None, Some(format!("timecode {found}: {why}; the line is taken as now"))),
        };
        if let Some(wrong) = wrong {
            sent = sent.and_then(|()| inputs.send(note(wrong)));
        }
        if !text.is_empty() {
            let transcript = Transcript::plain(text, language);
            sent = sent.and_then(|()| inputs.send(AirInput::Line { source: Arc::clone(source), transcript, code }));
        }
        if sent.is_err() {
            return;
        }
    }
}

/// Reads to the end of a line; how many bytes that were.
fn skip_line(from: &mut impl BufRead) -> usize {
    let mut skipped = 0;
    loop {
        let mut part = Vec::new();
        match from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut part) {
            Ok(0) | Err(_) => return skipped,
            Ok(count) => {
                skipped += count;
                if part.ends_with(b"\n") {
                    return skipped;
                }
            }
        }
    }
}

/// A transcript that was said from `start` to `end`.
pub(super) fn at(mut transcript: Transcript, start: SourceTime, end: SourceTime) -> Transcript {
    (transcript.start, transcript.end) = (start, end);
    transcript
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    fn read(bytes: &[u8]) -> Vec<String> {
        let (inputs, outbox) = sync_channel(64);
        read_lines(&mut &bytes[..], &"x".into(), "zh", FrameRate::PAL, &inputs);
        drop(inputs);
        let shown = |input| match input {
            AirInput::Line { transcript, code, .. } => {
                format!("{}|{}", code.map_or("now".to_owned(), |code| code.0.as_secs().to_string()), transcript.text)
            }
            AirInput::Note { message, .. } => format!("!{message}"),
            other => panic!("{other:?}"),
        };
        outbox.into_iter().map(shown).collect()
    }

    #[test]
    fn lines_are_taken_apart_and_bad_ones_are_said() {
        assert_eq!(read("00:00:01:00 你好\n\n再见".as_bytes()), ["1|你好", "now|再见"]);
        let found = read(b"00:00:01:99 a\nab\xffc\n");
        assert!(found[0].contains("beyond the rate"), "{found:?}");
        assert_eq!(found[1], "now|a");
        assert!(found[2].contains("byte 2"), "{found:?}");
        assert_eq!(found[3], "now|ab");
    }

    #[test]
    fn a_line_without_an_end_takes_no_memory() {
        let mut bytes = "好".repeat(20_000).into_bytes();
        bytes.extend("\n再见\n".as_bytes());
        let found = read(&bytes);
        assert!(found[0].contains("left out"), "{found:?}");
        assert_eq!(found.last().unwrap(), "now|再见");
        assert!(found.iter().all(|line| line.len() <= LONGEST_LINE as usize + 10));
    }

    #[test]
    fn captions_are_joined_to_sentences() {
        let caption = |text: &str, start, end| {
            let time = |millis| SourceTime(Flicks::from_millis(millis));
            at(Transcript::plain(text, "zh"), time(start), time(end))
        };
        let captions = [
            caption("冰壶比赛", 0, 1_000),
            caption("三点开始。", 1_000, 2_000),
            caption("谢谢", 2_000, 3_000),
            caption("再见", 5_000, 6_000),
        ];
        let sizes: Vec<usize> = groups(&captions).iter().map(|group| group.len()).collect();
        assert_eq!(sizes, [2, 1, 1]);
        let (inputs, outbox) = sync_channel(64);
        send_captions(&[caption("a。", 0, 1_000), caption("b。", 500, 900)], "zh", "x", &inputs);
        drop(inputs);
        let found: Vec<AirInput> = outbox.into_iter().collect();
        assert!(matches!(&found[0], AirInput::Note { state: "overlap", .. }), "{found:?}");
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn lines_from_other_machines_are_refused() {
        let (inputs, _outbox) = sync_channel(1);
        let error =
            start_lines(LineSource::Tcp("0.0.0.0:0".parse().unwrap()), "zh", FrameRate::PAL, inputs).unwrap_err();
        assert!(error.to_string().contains("127.0.0.1"), "{error}");
    }
}
