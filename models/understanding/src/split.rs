//! Words of the dictionary that are more than one word of a sign language: 没来, 在家, 看看, 送给, 孩子们.

use lexicon::{Lang, PartOfSpeech, Relation};
use text::{Quantity, Unit, is_han};

use crate::{
    analyse::Knowledge,
    depict::GOING,
    item::{Item, Kind, QUESTION_WORDS, choose},
    names,
    order::AFFECTING,
};

/// Words that begin like a negation and are none.
const NOT_NEGATED: &[&str] = &[
    "不但",
    "不仅",
    "不过",
    "不管",
    "不久",
    "不断",
    "不得不",
    "不料",
    "不然",
    "不妨",
    "不少",
    "不论",
    "不禁",
    "不如",
    "没收",
    "没落",
    "没准",
    "没辙",
    "没命",
    "不止",
    "不愧",
    "不仅仅",
    "不光",
    "不由得",
    "不一定",
    "别人",
    "别的",
    "别墅",
    "别扭",
    "别致",
    "别名",
    "别处",
    "别号",
    "别针",
    "别样",
    "别动队",
];

/// Words that point at one of many, which a measure word follows.
const POINTING: [&str; 5] = ["这", "那", "哪", "每", "某"];

/// Small words that the dictionary has together with what follows them, and their tags.
const BEFORE: &[(char, &str)] = &[
    ('这', "r"),
    ('那', "r"),
    ('几', "r"),
    ('每', "r"),
    ('哪', "r"),
    ('我', "r"),
    ('你', "r"),
    ('他', "r"),
    ('她', "r"),
    ('在', "p"),
    ('把', "p"),
    ('被', "p"),
    ('给', "p"),
    ('有', "v"),
    ('是', "v"),
    ('太', "d"),
    ('很', "d"),
    ('最', "d"),
    ('更', "d"),
    ('也', "d"),
    ('都', "d"),
    ('就', "d"),
    ('又', "d"),
    ('再', "d"),
    ('半', "m"),
];

/// Small words that the dictionary has together with what stands before them.
const BEHIND: &[(char, &str)] = &[
    ('给', "p"),
    ('在', "p"),
    ('到', "v"),
    ('了', "ul"),
    ('着', "uz"),
    ('过', "ug"),
    ('的', "uj"),
    ('得', "ud"),
    ('后', "f"),
    ('前', "f"),
    ('里', "f"),
    ('内', "f"),
    ('上', "f"),
    ('中', "f"),
];

/// Splits what no entry has as a whole.
pub(crate) fn split<'l>(knowledge: Knowledge<'l>, items: Vec<Item<'l>>) -> Vec<Item<'l>> {
    let mut out = Vec::with_capacity(items.len());
    let mut waiting = items;
    waiting.reverse();
    while let Some(item) = waiting.pop() {
        let pointed = out.last().is_some_and(|before: &Item<'l>| before.is(&POINTING));
        match Splitter::new(knowledge, &item).and_then(|splitter| splitter.split(pointed)) {
            // A part may fall apart further: 没有人来 is 没有, 人 and 来.
            Some(parts) => waiting.extend(parts.into_iter().rev()),
            None => out.push(item),
        }
    }
    out
}

struct Splitter<'a, 'l> {
    knowledge: Knowledge<'l>,
    item: &'a Item<'l>,
    chars: Vec<char>,
    start: usize,
}

impl<'a, 'l> Splitter<'a, 'l> {
    /// None for what is not to be split: words with an entry, names, words of one character.
    fn new(knowledge: Knowledge<'l>, item: &'a Item<'l>) -> Option<Self> {
        let Kind::Word(None) = item.kind else { return None };
        let [range] = item.ranges.as_slice() else { return None };
        let chars: Vec<char> = item.text.chars().collect();
        let plain = chars.len() > 1 && chars.len() == range.len() && chars.iter().copied().all(is_han);
        (plain && !item.is(QUESTION_WORDS)).then_some(Self { knowledge, item, start: range.start, chars })
    }

    /// Shorter words in the same place; each is shorter than the whole, so that splitting ends.
    /// `pointed`: whether a word that points stands before it.
    fn split(&self, pointed: bool) -> Option<Vec<Item<'l>>> {
        self.a_not_a()
            .or_else(|| self.counted())
            .or_else(|| self.pointed_at(pointed))
            .or_else(|| self.joined())
            .or_else(|| self.on_ground())
            .or_else(|| self.worn())
            .or_else(|| self.headed())
            .or_else(|| self.softened())
            .or_else(|| self.asked())
            .or_else(|| self.beside())
            .or_else(|| self.titled())
            .or_else(|| self.negated())
            .or_else(|| self.unable())
            .or_else(|| self.rate())
            .or_else(|| self.forbidden())
            .or_else(|| self.pronouns())
            .or_else(|| self.doubled())
            .or_else(|| self.plural())
            .or_else(|| self.act_and_affected())
            .or_else(|| self.small_words())
            .or_else(|| self.phrase())
            .or_else(|| self.guessed())
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }

    /// Whether the packs have it, or it is a measure word or a question word.
    fn known(&self, from: usize, to: usize, tag: &str) -> bool {
        let text = self.text(from, to);
        choose(self.knowledge.lexicon, &text, Lang::Zh, tag).is_some()
            || text::MEASURES.contains(&text.as_str())
            || QUESTION_WORDS.contains(&text.as_str())
    }

    /// Whether what stands before and behind the character at `at` is together a word that the packs have.
    fn known_apart(&self, at: usize) -> bool {
        let whole = format!("{}{}", self.text(0, at), self.text(at + 1, self.chars.len()));
        choose(self.knowledge.lexicon, &whole, Lang::Zh, "v").is_some()
    }

    /// Whether it is a word at all.
    fn word(&self, from: usize, to: usize) -> bool {
        to > from && (to - from == 1 || self.knowledge.segmenter.knows(&self.text(from, to)))
    }

    fn part(&self, from: usize, to: usize, tag: &str) -> Item<'l> {
        let text = self.text(from, to);
        let choice = choose(self.knowledge.lexicon, &text, Lang::Zh, tag);
        Item::word(text, self.start + from..self.start + to, tag, choice)
    }

    /// 有没有, 是不是, 喜不喜欢.
    fn a_not_a(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let at = self.chars.iter().position(|c| matches!(c, '不' | '没'))?;
        let again = at > 0 && at + 1 < end && self.chars[0] == self.chars[at + 1];
        again.then(|| vec![self.part(0, at, "v"), self.part(at, at + 1, "d"), self.part(at + 1, end, "v")])
    }

    /// 水里游: where, and what happens there.
    fn on_ground(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let ground = |to: usize| {
            let choice = choose(self.knowledge.lexicon, &self.text(0, to), Lang::Zh, "n")?;
            choice.entry.classifier.is_some().then_some(())
        };
        let at = (1..end).rev().find(|&at| GOING.contains(&self.text(at, end).as_str()) && ground(at).is_some())?;
        (self.item.entry().is_none()).then(|| vec![self.part(0, at, "n"), self.part(at, end, "v")])
    }

    /// 一个男孩: the number, its measure word and what is counted.
    fn counted(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let value = text::parse_chinese(&self.chars[..1])?;
        (end > 2 && text::MEASURES.contains(&self.text(1, 2).as_str()) && self.item.tag != "i")
            .then(|| vec![self.number(value, 1), self.part(1, 2, "q"), self.part(2, end, "n")])
    }

    /// 那辆车, 哪家, and 本书 behind 这: the word that points, its measure word and what is pointed at.
    fn pointed_at(&self, pointed: bool) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let measures = |at: usize| at < end && text::MEASURES.contains(&self.text(at, at + 1).as_str());
        if POINTING.contains(&self.text(0, 1).as_str()) && measures(1) {
            let mut parts = vec![self.part(0, 1, "r"), self.part(1, 2, "q")];
            parts.extend((end > 2).then(|| self.part(2, end, "n")));
            return Some(parts);
        }
        (pointed && measures(0) && self.known(1, end, "n")).then(|| vec![self.part(0, 1, "q"), self.part(1, end, "n")])
    }

    /// The first `digits` characters as the number that they say.
    fn number(&self, value: text::Numeral, digits: usize) -> Item<'l> {
        let range = self.start..self.start + digits;
        let (at, end) = (range.start, range.end);
        let quantity = Quantity {
            range: range.clone(),
            number: range.clone(),
            value,
            prefix: at..at,
            suffix: end..end,
            unit: Unit::None,
        };
        let mut number = Item::word(self.text(0, digits), range, "m", None);
        number.kind = Kind::Number { quantity, slot: None };
        number
    }

    /// 和小红 is nobody's name.
    fn joined(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let joins = self.item.tag.starts_with("nr")
            && end > 2
            && matches!(self.chars[0], '和' | '跟' | '与')
            && (matches!(self.chars[1], '小' | '老' | '阿') || (end > 3 && names::surname(&self.text(1, end)) > 0));
        joins.then(|| vec![self.part(0, 1, "c"), self.part(1, end, "nr")])
    }

    /// 戴眼镜 is nobody's name.
    fn worn(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let worn = self.chars[0] == '戴' && end > 2 && self.knowledge.segmenter.knows(&self.text(1, end));
        worn.then(|| vec![self.part(0, 1, "v"), self.part(1, end, "n")])
    }

    /// 往前走, 向左拐: where to, and how one gets there.
    fn headed(&self) -> Option<Vec<Item<'l>>> {
        let ['往' | '向' | '朝', side, _] = *self.chars.as_slice() else { return None };
        "前后左右上下里外东西南北"
            .contains(side)
            .then(|| vec![self.part(0, 1, "p"), self.part(1, 2, "f"), self.part(2, 3, "v")])
    }

    /// 等一下.
    fn softened(&self) -> Option<Vec<Item<'l>>> {
        let at = self.chars.len().checked_sub(2).filter(|&at| at > 0 && self.chars[at..] == ['一', '下'])?;
        Some(vec![self.part(0, at, "v"), self.part(at, at + 2, "m")])
    }

    /// 请等, 请坐下: what one is asked to do.
    fn asked(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        (self.chars[0] == '请' && self.known(1, end, "v")).then(|| vec![self.part(0, 1, "v"), self.part(1, end, "v")])
    }

    /// 河边, 路边: beside a thing.
    fn beside(&self) -> Option<Vec<Item<'l>>> {
        let [_, '边'] = *self.chars.as_slice() else { return None };
        choose(self.knowledge.lexicon, &self.text(0, 1), Lang::Zh, "n")
            .is_some_and(|choice| matches!(choice.entry.pos, PartOfSpeech::Noun | PartOfSpeech::Place))
            .then(|| vec![self.part(0, 1, "n"), self.part(1, 2, "f")])
    }

    /// 王老师.
    fn titled(&self) -> Option<Vec<Item<'l>>> {
        let title = names::TITLES.iter().find(|title| self.item.text.ends_with(**title))?;
        let at = self.chars.len().checked_sub(title.chars().count()).filter(|&at| at > 0)?;
        let name = self.text(0, at);
        (names::is_surname(&name) || names::is_full_name(&name))
            .then(|| vec![self.part(0, at, "nr"), self.part(at, self.chars.len(), "n")])
    }

    /// 没来, 不喜欢.
    fn negated(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let negates = matches!(self.chars[0], '不' | '没' | '别' | '未') && !self.item.is(NOT_NEGATED);
        let tag = if self.item.tag.starts_with('a') { "a" } else { "v" };
        // 别哭 forbids whatever follows; 不敢 may be a word of its own.
        let forbids = self.chars[0] == '别' && (self.word(1, end) || end == 3);
        // 没油: what is not there may be any thing.
        let lacks = self.chars[0] == '没' && end == 2;
        (negates && (forbids || lacks || self.known(1, end, tag)))
            .then(|| vec![self.part(0, 1, "d"), self.part(1, end, tag)])
    }

    /// 听不懂 → 听 懂 不; 看不见 → 看 不: 见, 到, 了, 动 say no more than that it succeeds.
    fn unable(&self) -> Option<Vec<Item<'l>>> {
        let [_, '不', result] = *self.chars.as_slice() else { return None };
        if !self.known(0, 1, "v") {
            return None;
        }
        let (mut verb, not) = (self.part(0, 1, "v"), self.part(1, 2, "d"));
        if "见到了动".contains(result) {
            verb.ranges.push(self.start + 2..self.start + 3);
            return Some(vec![verb, not]);
        }
        ("懂完好饱清出进住去来".contains(result) && self.known(2, 3, "v"))
            .then(|| vec![verb, self.part(2, 3, "v"), not])
    }

    /// 八折, 九成: the number is one.
    fn rate(&self) -> Option<Vec<Item<'l>>> {
        let (last, digits) = self.chars.split_last()?;
        let value = matches!(last, '折' | '成').then(|| text::parse_chinese(digits))??;
        Some(vec![self.number(value, digits.len()), self.part(digits.len(), self.chars.len(), "q")])
    }

    /// 请勿, which says 请不.
    fn forbidden(&self) -> Option<Vec<Item<'l>>> {
        let mut not = (self.item.text == "请勿").then(|| self.part(1, 2, "d"))?;
        if not.entry().is_none() {
            not.kind = Kind::Word(choose(self.knowledge.lexicon, "不", Lang::Zh, "d"));
        }
        Some(vec![self.part(0, 1, "v"), not])
    }

    /// 我爱你.
    fn pronouns(&self) -> Option<Vec<Item<'l>>> {
        let [first, .., last] = *self.chars.as_slice() else { return None };
        let (end, points) = (self.chars.len(), |c: char| "我你他她它".contains(c));
        (end > 2 && points(first) && points(last) && self.known(1, end - 1, "v"))
            .then(|| vec![self.part(0, 1, "r"), self.part(1, end - 1, "v"), self.part(end - 1, end, "r")])
    }

    /// 看看, 看一看: said twice, signed once.
    fn doubled(&self) -> Option<Vec<Item<'l>>> {
        let twice = match self.chars.as_slice() {
            [a, b] => a == b,
            [a, '一' | '了', b] => a == b,
            _ => false,
        };
        (twice && self.known(0, 1, "v")).then(|| {
            let mut once = self.part(0, 1, "v");
            once.ranges = self.item.ranges.clone();
            vec![once]
        })
    }

    /// 孩子们.
    fn plural(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        (self.chars[end - 1] == '们' && self.known(0, end - 1, "n")).then(|| {
            let mut many = self.part(0, end - 1, "n");
            many.ranges = self.item.ranges.clone();
            many.inflection.repetitions = Some(3);
            vec![many]
        })
    }

    /// 灭火: the thing will come before the act.
    fn act_and_affected(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        let at = (1..end).rev().find(|&at| AFFECTING.contains(&self.text(0, at).as_str()))?;
        (self.known(0, at, "v") && self.known(at, end, "n"))
            .then(|| vec![self.part(0, at, "v"), self.part(at, end, "n")])
    }

    /// 在家, 这个, 送给, 天后; 吃过饭 in the middle.
    fn small_words(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        if let Some((_, tag)) = BEFORE.iter().find(|(c, _)| *c == self.chars[0])
            && (self.known(1, end, "n")
                || (matches!(self.chars[0], '太' | '很') && self.word(1, end))
                || (self.chars[0] == '几'
                    && end == 2
                    // 几百人 asks nothing.
                    && !"十百千万亿".contains(self.chars[1])
                    && !self.item.is(&["几乎", "几何", "几率"])))
        {
            return Some(vec![self.part(0, 1, tag), self.part(1, end, "n")]);
        }
        if let Some((_, tag)) = BEHIND.iter().find(|(c, _)| *c == self.chars[end - 1])
            && self.known(0, end - 1, "v")
        {
            return Some(vec![self.part(0, end - 1, "v"), self.part(end - 1, end, tag)]);
        }
        // 河里, 山上: what the dictionary has as a place.
        if end == 2
            && self.item.tag == "s"
            && matches!(self.chars[1], '里' | '上' | '下' | '中' | '内')
            && !self.item.is(&["地下", "乡下", "心里"])
        {
            return Some(vec![self.part(0, 1, "n"), self.part(1, 2, "f")]);
        }
        // 做完作业.
        if let Some(at) = (1..end).find(|&at| self.chars[at] == '完')
            && self.known(0, at, "v")
            && (at + 1 == end || self.word(at + 1, end))
        {
            // 吃完饭: the verb and its thing are one word.
            if at + 1 < end && self.known_apart(at) {
                let mut whole = self.part(0, at, "v");
                whole.text = format!("{}{}", self.text(0, at), self.text(at + 1, end));
                whole.kind = Kind::Word(choose(self.knowledge.lexicon, &whole.text, Lang::Zh, "v"));
                whole.ranges.push(self.start + at + 1..self.start + end);
                return Some(vec![whole, self.part(at, at + 1, "v")]);
            }
            let mut parts = vec![self.part(0, at, "v"), self.part(at, at + 1, "v")];
            parts.extend((at + 1 < end).then(|| self.part(at + 1, end, "n")));
            return Some(parts);
        }
        let at = (1..end - 1).find(|&at| matches!(self.chars[at], '了' | '着' | '过'))?;
        let tag = BEHIND.iter().find(|(c, _)| *c == self.chars[at]).map_or("u", |(_, tag)| tag);
        (self.known(0, at, "v") && self.known(at + 1, end, "n"))
            .then(|| vec![self.part(0, at, "v"), self.part(at, at + 1, tag), self.part(at + 1, end, "n")])
    }

    /// 昨天晚上, 生日快乐, 加拿大队: words of their own, one of which has a sign.
    fn phrase(&self) -> Option<Vec<Item<'l>>> {
        let end = self.chars.len();
        // The dictionary has 今天上午 as a person's name.
        let begins_with_time = end > 2 && self.tag(0, 2) == "t";
        if self.item.tag.starts_with("nr") && !begins_with_time {
            return None;
        }
        let word = |from: usize, to: usize| to - from >= 2 && self.knowledge.segmenter.knows(&self.text(from, to));
        let signed = |from: usize, to: usize| {
            let choice = choose(self.knowledge.lexicon, &self.text(from, to), Lang::Zh, "n")?;
            (to - from >= 2
                || (choice.relation == Relation::Same
                    && matches!(choice.entry.pos, PartOfSpeech::Noun | PartOfSpeech::Place)))
            .then_some(())
        };
        let cut = |at: usize| {
            let (first, second) = (signed(0, at).is_some() && at >= 2, signed(at, end).is_some());
            match (first, second) {
                (true, true) => true,
                (true, false) => word(at, end),
                (false, true) => word(0, at),
                // 定期检查 and 人工呼吸, but no name and no saying.
                (false, false) => {
                    end == 4
                        && at == 2
                        && word(0, at)
                        && word(at, end)
                        && (self.item.tag == "n" || !self.item.tag.starts_with('n'))
                        && !self.item.tag.starts_with(['i', 'j'])
                }
            }
        };
        // 坐火车, 看电视: a verb of one character and what it acts upon.
        let verb = choose(self.knowledge.lexicon, &self.text(0, 1), Lang::Zh, "v")
            .is_some_and(|choice| choice.relation == Relation::Same && choice.entry.pos == PartOfSpeech::Verb);
        // 坐地铁 is no 坐地|铁, whatever the dictionary takes it for.
        let affected = choose(self.knowledge.lexicon, &self.text(1, end), Lang::Zh, "n");
        let acts = self.item.tag.starts_with(['v', 'l', 'n'])
            || affected.is_some_and(|choice| choice.relation == Relation::Same);
        if verb && end > 2 && signed(1, end).is_some() && acts {
            return Some(vec![self.part(0, 1, "v"), self.part(1, end, self.tag(1, end))]);
        }
        // The longer first word: 火车站|口, not 火车|站口.
        let at = (2..end).rev().find(|&at| cut(at))?;
        Some(vec![self.part(0, at, self.tag(0, at)), self.part(at, end, self.tag(at, end))])
    }

    /// A tag for a part: the whole's, or that of a time or place the packs have.
    fn tag(&self, from: usize, to: usize) -> &'static str {
        match choose(self.knowledge.lexicon, &self.text(from, to), Lang::Zh, "").map(|choice| choice.entry.pos) {
            Some(PartOfSpeech::Verb) => "v",
            Some(PartOfSpeech::Adjective) => "a",
            Some(PartOfSpeech::Time) => "t",
            None if self.item.tag.starts_with('v') => "v",
            None if matches!(self.item.tag.as_str(), "ns" | "nt") => "ns",
            _ => "n",
        }
    }

    /// What the segmenter put together without its dictionary is cut by the dictionary, unless it is a name.
    fn guessed(&self) -> Option<Vec<Item<'l>>> {
        // 李和小王 is no name.
        let joined = self.chars.iter().skip(1).any(|c| matches!(c, '和' | '与' | '跟' | '、'));
        let name = self.item.tag.starts_with("nr") && (!joined || names::is_full_name(&self.item.text));
        if self.knowledge.segmenter.knows(&self.item.text) || name {
            return None;
        }
        let words = self.knowledge.segmenter.cut_known(&self.chars);
        (words.len() > 1)
            .then(|| words.iter().map(|word| self.part(word.range.start, word.range.end, &word.tag)).collect())
    }
}
