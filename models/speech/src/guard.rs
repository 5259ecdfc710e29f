//! What nobody said: Whisper's inventions on silence, music and noise.

/// What is known of a piece of text beside itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence {
    /// Mean of the tokens' log probabilities.
    pub mean_log_probability: f32,
    /// Probability that nobody spoke, as Whisper has it.
    pub no_speech: f32,
    /// How long the voice detector heard a voice, seconds.
    pub voiced_secs: f32,
    /// Mean of the detector's probabilities from the first to the last voice.
    pub voice: f32,
}

/// Below this the text is a guess (Whisper's own threshold for trying again).
const GUESS: f32 = -1.0;
/// The same where a voice was clear all along, and Whisper too has it that somebody spoke: noise over speech makes words
/// doubtful, not the speech.
const GUESS_OF_SPEECH: f32 = -1.4;
/// What a clear voice is: the detector's mean, and Whisper's probability that nobody spoke.
const CLEAR_VOICE: f32 = 0.85;
const CLEARLY_SPOKEN: f32 = 0.1;
/// Above this nobody spoke, unless the text is good (Whisper's own).
const NO_SPEECH: f32 = 0.6;
/// Nobody says more characters in a second (fast Chinese: 7; English letters: 25).
const FASTEST_HAN: f32 = 12.0;
const FASTEST_LETTERS: f32 = 40.0;

/// Whether the text is to be believed.
pub(crate) fn is_believable(text: &str, evidence: &Evidence) -> bool {
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    if chars.is_empty() {
        return false;
    }
    let spoken = evidence.voice > CLEAR_VOICE && evidence.no_speech < CLEARLY_SPOKEN;
    if evidence.mean_log_probability < if spoken { GUESS_OF_SPEECH } else { GUESS }
        || (evidence.no_speech > NO_SPEECH && evidence.mean_log_probability < -0.5)
        || is_repetition(&chars)
        || is_credit(text)
    {
        return false;
    }
    let han = chars.iter().filter(|&&c| text::is_han(c)).count() as f32;
    let letters = chars.len() as f32 - han;
    if han / FASTEST_HAN + letters / FASTEST_LETTERS > evidence.voiced_secs + 0.3 {
        return false;
    }
    // What Whisper says by default where there is nothing to hear: believed only where a voice was clear.
    !(is_filler(text) && (evidence.no_speech > 0.2 || evidence.voice < 0.6 || evidence.mean_log_probability < -0.6))
}

/// The same few characters again and again.
fn is_repetition(chars: &[char]) -> bool {
    const TIMES: usize = 4;
    const SHORTEST: usize = 12;
    (1..=chars.len() / TIMES).any(|len| {
        let run = chars.windows(2 * len).map(|pair| pair[..len] == pair[len..]);
        // `len` neighbouring equal pairs are one repetition of the whole piece.
        let (mut longest, mut now) = (0, 0);
        for equal in run {
            now = if equal { now + 1 } else { 0 };
            longest = longest.max(now);
        }
        // Short pieces are also said on purpose: 哈哈哈哈, 一二一二.
        longest > (TIMES - 2) * len && longest - 1 + 2 * len >= SHORTEST
    })
}

/// Credits of subtitles and channels, which Whisper learnt from the ends of films.
fn is_credit(text: &str) -> bool {
    const ANYWHERE: [&str; 10] = [
        "amara.org",
        "字幕志愿者",
        "字幕由",
        "字幕by",
        "字幕组",
        "字幕製作",
        "字幕制作",
        "明镜与点点",
        "明镜需要您的支持",
        "subtitles by",
    ];
    let plain: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let spaced = text.to_lowercase();
    ANYWHERE.iter().any(|credit| plain.contains(&credit.replace(' ', "")) || spaced.contains(credit))
        || (plain.contains("点赞") && plain.contains("订阅") && plain.contains("转发"))
        || is_stage_direction(text)
}

/// All of it in brackets or music signs: （音乐）, [Music], ♪.
fn is_stage_direction(text: &str) -> bool {
    let text = text.trim();
    let bracketed = [('（', '）'), ('(', ')'), ('[', ']'), ('【', '】'), ('*', '*')]
        .iter()
        .any(|&(open, close)| text.len() > 1 && text.starts_with(open) && text.ends_with(close));
    bracketed || text.contains('♪')
}

fn is_filler(text: &str) -> bool {
    const FILLERS: [&str; 18] = [
        "谢谢观看",
        "谢谢收看",
        "感谢观看",
        "感谢您的观看",
        "谢谢大家",
        "谢谢",
        "嗯",
        "啊",
        "哦",
        "you",
        "thankyou",
        "thankyouverymuch",
        "thanksforwatching",
        "thankyouforwatching",
        "bye",
        "byebye",
        "okay",
        "oh",
    ];
    let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    FILLERS.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAR: Evidence = Evidence { mean_log_probability: -0.3, no_speech: 0.05, voiced_secs: 3.0, voice: 0.9 };

    #[test]
    fn what_was_said_is_believed_and_inventions_are_not() {
        for (text, evidence, expected) in [
            ("北京今天有小雪", CLEAR, true),
            ("谢谢大家", CLEAR, true),
            ("哈哈哈哈", CLEAR, true),
            ("谢谢大家", Evidence { no_speech: 0.5, ..CLEAR }, false),
            ("谢谢观看", Evidence { voice: 0.4, ..CLEAR }, false),
            ("字幕由 Amara.org 社群提供", CLEAR, false),
            ("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", CLEAR, false),
            ("(音乐)", CLEAR, false),
            ("", CLEAR, false),
            ("。。。", CLEAR, false),
            ("我们的我们的我们的我们的我们的我们的", Evidence { voiced_secs: 9.0, ..CLEAR }, false),
            ("北京今天有小雪", Evidence { mean_log_probability: -1.2, ..CLEAR }, true),
            ("北京今天有小雪", Evidence { mean_log_probability: -1.2, voice: 0.7, ..CLEAR }, false),
            ("北京今天有小雪", Evidence { mean_log_probability: -1.2, no_speech: 0.3, ..CLEAR }, false),
            ("北京今天有小雪", Evidence { mean_log_probability: -1.5, ..CLEAR }, false),
            ("北京今天有小雪最高气温零下三度", Evidence { voiced_secs: 0.4, ..CLEAR }, false),
            ("The match begins at three o'clock.", CLEAR, true),
        ] {
            assert_eq!(is_believable(text, &evidence), expected, "{text} {evidence:?}");
        }
    }
}
