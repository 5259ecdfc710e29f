//! Characters to pinyin syllables.

use pinyin::ToPinyin;

/// One syllable of pinyin.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Syllable {
    /// What stands before the vowel: `b`, `zh`, empty. `y` and `w` belong to the final.
    pub initial: String,
    /// The rest without its tone mark, in full: `i`, `iang`, `ü`, `uo` (for `wo`).
    pub rhyme: String,
    /// 1 to 4; 0 for the neutral tone or where none is written.
    pub tone: u8,
}

/// The initials, longest first.
const INITIALS: [&str; 21] =
    ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s"];

/// Words whose characters are read otherwise than alone. Each syllable is separated by a space.
const WORDS: [(&str, &str); 46] = [
    ("银行", "yín háng"),
    ("行业", "háng yè"),
    ("重庆", "chóng qìng"),
    ("重新", "chóng xīn"),
    ("重复", "chóng fù"),
    ("长大", "zhǎng dà"),
    ("校长", "xiào zhǎng"),
    ("队长", "duì zhǎng"),
    ("市长", "shì zhǎng"),
    ("家长", "jiā zhǎng"),
    ("成长", "chéng zhǎng"),
    ("增长", "zēng zhǎng"),
    ("音乐", "yīn yuè"),
    ("乐器", "yuè qì"),
    ("首都", "shǒu dū"),
    ("都市", "dū shì"),
    ("成都", "chéng dū"),
    ("得到", "dé dào"),
    ("获得", "huò dé"),
    ("觉得", "jué de"),
    ("睡觉", "shuì jiào"),
    ("教书", "jiāo shū"),
    ("教练", "jiào liàn"),
    ("着急", "zháo jí"),
    ("还书", "huán shū"),
    ("归还", "guī huán"),
    ("便宜", "pián yi"),
    ("大夫", "dài fu"),
    ("爱好", "ài hào"),
    ("好奇", "hào qí"),
    ("了解", "liǎo jiě"),
    ("为了", "wèi le"),
    ("为什么", "wèi shén me"),
    ("因为", "yīn wèi"),
    ("什么", "shén me"),
    ("参加", "cān jiā"),
    ("人参", "rén shēn"),
    ("空调", "kōng tiáo"),
    ("调查", "diào chá"),
    ("角色", "jué sè"),
    ("头发", "tóu fa"),
    ("理发", "lǐ fà"),
    ("中奖", "zhòng jiǎng"),
    ("给予", "jǐ yǔ"),
    ("单于", "chán yú"),
    ("会计", "kuài jì"),
];

/// Surnames that are read otherwise than the character alone.
const SURNAMES: [(char, &str); 12] = [
    ('单', "shàn"),
    ('解', "xiè"),
    ('曾', "zēng"),
    ('任', "rén"),
    ('仇', "qiú"),
    ('朴', "piáo"),
    ('查', "zhā"),
    ('区', "ōu"),
    ('盖', "gě"),
    ('华', "huà"),
    ('尉', "yù"),
    ('缪', "miào"),
];

/// The syllables of a word's characters; characters without a reading (letters, digits) give none.
pub fn syllables(word: &str) -> Vec<Syllable> {
    let chars: Vec<char> = word.chars().collect();
    let mut found = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&character) = chars.get(at) {
        let known =
            WORDS.iter().find(|(word, _)| word.chars().eq(chars[at..].iter().copied().take(word.chars().count())));
        if let Some((word, reading)) = known {
            found.extend(reading.split(' ').filter_map(parse));
            at += word.chars().count();
        } else {
            found.extend(character.to_pinyin().and_then(|pinyin| parse(pinyin.with_tone())));
            at += 1;
        }
    }
    found
}

/// The syllables of a person's name: the surname as surnames are read, the rest as words are.
pub fn name_syllables(name: &str) -> Vec<Syllable> {
    let mut chars = name.chars();
    match chars.next().and_then(|first| SURNAMES.iter().find(|(surname, _)| *surname == first)) {
        Some((_, reading)) => parse(reading).into_iter().chain(syllables(chars.as_str())).collect(),
        None => syllables(name),
    }
}

/// Syllables as a pack writes them: `bīng hú`, with spaces between. What is no syllable is left out.
pub fn written(pinyin: &str) -> Vec<Syllable> {
    pinyin.split(|c: char| c.is_whitespace() || c == '\'' || c == '-').filter_map(parse).collect()
}

/// One syllable with or without its tone mark, such as `xuě`, `xue`, `xue3`.
pub fn parse(syllable: &str) -> Option<Syllable> {
    let mut tone = 0;
    let mut letters = String::with_capacity(syllable.len());
    for c in syllable.chars().flat_map(char::to_lowercase) {
        match c {
            '1'..='4' => tone = c as u8 - b'0',
            '0' | '5' => tone = 0,
            'v' => letters.push('ü'),
            'a'..='z' | 'ü' | 'ê' => letters.push(c),
            _ => {
                let (plain, mark) = toned(c)?;
                letters.push(plain);
                tone = mark;
            }
        }
    }
    let initial = INITIALS.into_iter().find(|initial| letters.starts_with(initial)).unwrap_or_default();
    let rest = &letters[initial.len()..];
    let rhyme = full_rhyme(initial, rest)?;
    Some(Syllable { initial: initial.to_owned(), rhyme, tone })
}

/// The rhyme in full: spelling rules of `y`, `w` and of u after j, q, x undone. `None` without a vowel.
fn full_rhyme(initial: &str, rest: &str) -> Option<String> {
    let full = match (initial, rest) {
        ("", "yi" | "yin" | "ying") => rest[1..].to_owned(),
        ("", "yu" | "yue" | "yuan" | "yun") => format!("ü{}", &rest[2..]),
        ("", "you") => "iu".to_owned(),
        ("", "wu") => "u".to_owned(),
        ("", "wei") => "ui".to_owned(),
        ("", "wen") => "un".to_owned(),
        ("", _) if rest.starts_with('y') => format!("i{}", &rest[1..]),
        ("", _) if rest.starts_with('w') => format!("u{}", &rest[1..]),
        ("j" | "q" | "x", _) if rest.starts_with('u') => format!("ü{}", &rest[1..]),
        _ => rest.to_owned(),
    };
    let vocalic = full.contains(['a', 'e', 'i', 'o', 'u', 'ü', 'ê']) || matches!(full.as_str(), "n" | "ng" | "m");
    (vocalic || matches!((initial, rest), ("n" | "m", "") | ("h", "m" | "ng") | ("n", "g"))).then_some(full)
}

/// A vowel with a tone mark: the vowel and the tone.
const fn toned(c: char) -> Option<(char, u8)> {
    Some(match c {
        'ā' => ('a', 1),
        'á' => ('a', 2),
        'ǎ' => ('a', 3),
        'à' => ('a', 4),
        'ē' => ('e', 1),
        'é' => ('e', 2),
        'ě' => ('e', 3),
        'è' => ('e', 4),
        'ī' => ('i', 1),
        'í' => ('i', 2),
        'ǐ' => ('i', 3),
        'ì' => ('i', 4),
        'ō' => ('o', 1),
        'ó' => ('o', 2),
        'ǒ' => ('o', 3),
        'ò' => ('o', 4),
        'ū' => ('u', 1),
        'ú' => ('u', 2),
        'ǔ' => ('u', 3),
        'ù' => ('u', 4),
        'ǖ' => ('ü', 1),
        'ǘ' => ('ü', 2),
        'ǚ' => ('ü', 3),
        'ǜ' => ('ü', 4),
        'ń' => ('n', 2),
        'ň' => ('n', 3),
        'ǹ' => ('n', 4),
        'ḿ' => ('m', 2),
        _ => return None,
    })
}

impl Syllable {
    /// The manual letter of its beginning: `ZH`, `B`, `Y`, `A`.
    pub fn first_letter(&self) -> String {
        self.spelling().first().cloned().unwrap_or_default()
    }

    /// Its manual letters as pinyin spells it: ZH, CH, SH and final NG are one letter each.
    ///
    /// ü is spelled U, as there is no letter of its own among the thirty.
    pub fn spelling(&self) -> Vec<String> {
        let mut letters = Vec::new();
        let rhyme = match (self.initial.as_str(), self.rhyme.as_str()) {
            ("", "i" | "in" | "ing") => format!("y{}", self.rhyme),
            ("", "iu") => "you".to_owned(),
            ("", "u") => "wu".to_owned(),
            ("", "ui") => "wei".to_owned(),
            ("", "un") => "wen".to_owned(),
            ("", rhyme) if rhyme.starts_with('i') => format!("y{}", &rhyme[1..]),
            ("", rhyme) if rhyme.starts_with('u') => format!("w{}", &rhyme[1..]),
            ("", rhyme) if rhyme.starts_with('ü') => format!("yu{}", &rhyme['ü'.len_utf8()..]),
            (_, rhyme) => rhyme.to_owned(),
        };
        if !self.initial.is_empty() {
            letters.push(self.initial.to_uppercase());
        }
        let (body, ng) = rhyme.strip_suffix("ng").map_or((rhyme.as_str(), false), |body| (body, true));
        letters.extend(body.chars().map(|c| match c {
            'ü' => "U".to_owned(),
            'ê' => "E".to_owned(),
            c => c.to_uppercase().to_string(),
        }));
        if ng {
            letters.push("NG".to_owned());
        }
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &str) {
        let found: Vec<String> =
            syllables(word).iter().map(|s| format!("{}+{}{}", s.initial, s.rhyme, s.tone)).collect();
        assert_eq!(found.join(" "), expected, "{word}");
    }

    #[test]
    fn syllables_of_words() {
        check("北京", "b+ei3 j+ing1");
        check("雪", "x+üe3");
        check("冰壶", "b+ing1 h+u2");
        check("运动员", "+ün4 d+ong4 +üan2");
        check("我", "+uo3");
        check("有", "+iu3");
        check("银行", "+in2 h+ang2");
        check("行", "x+ing2");
        check("重庆", "ch+ong2 q+ing4");
        check("GLM大会", "d+a4 h+ui4");
        check("", "");
    }

    #[test]
    fn surnames_are_read_as_surnames() {
        let found: Vec<_> = name_syllables("曾国强").iter().map(Syllable::first_letter).collect();
        assert_eq!(found, ["Z", "G", "Q"]);
        assert_eq!(name_syllables("单一")[0].first_letter(), "SH");
    }

    #[test]
    fn spelling_in_manual_letters() {
        for (syllable, expected) in [
            ("zhōng", "ZH O NG"),
            ("xuě", "X U E"),
            ("yǒu", "Y O U"),
            ("wáng", "W A NG"),
            ("yuán", "Y U A N"),
            ("lǜ", "L U"),
            ("ér", "E R"),
            ("yīng", "Y I NG"),
            ("ēn", "E N"),
        ] {
            assert_eq!(parse(syllable).unwrap().spelling().join(" "), expected, "{syllable}");
        }
    }

    #[test]
    fn what_is_no_syllable_is_refused() {
        for bad in ["", "zh", "xyz", "你", "!", "bcd"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(written("bīng hú").len(), 2);
        assert_eq!(written("xī'ān").len(), 2);
    }
}
