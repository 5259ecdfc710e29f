//! From the order of Chinese to the order of signs: what is left out, what moves, what the face takes over.
//!
//! Tendencies of Chinese Sign Language, one function each, applied to a clause in the order of [`reorder`]:
//! time and place early, the affected thing before the act, the number after its noun, negation after its
//! predicate, question words last, conditions before consequences.

mod agreement;

use agreement::{agreement, aspects};
use lexicon::PartOfSpeech;

use crate::{
    analyse::Analysis,
    item::{Clause, Drop, Item, Kind},
};

/// What a sentence is, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Signals {
    /// 吗, or A-不-A.
    pub(crate) yes_no: bool,
    /// A question word.
    pub(crate) question_word: bool,
    /// 呢 at the end.
    pub(crate) ne: bool,
    /// 请, 别, 不要 at the beginning.
    pub(crate) request: bool,
}

/// Particles whose meaning is on the face.
const PARTICLES_FACE: &[&str] = &["吗", "呢", "吧", "啊", "呀", "嘛", "哦", "啦", "哇", "么", "哪", "喔", "咯", "呗"];
/// Words that open a condition.
const CONDITIONS: &[&str] =
    &["如果", "要是", "假如", "假使", "若", "若是", "倘若", "只要", "除非", "万一", "一旦", "当"];
/// Words after which a measure word counts nothing.
const POINTED_AT: &[&str] =
    &["这", "那", "哪", "每", "几", "某", "各", "多少", "半", "两", "这些", "那些", "上", "下", "整"];
/// Verbs that change what they act upon.
pub(crate) const AFFECTING: &[&str] = &[
    "灭", "扑灭", "关", "关上", "关闭", "打开", "洗", "修", "修理", "打扫", "清扫", "擦", "拆", "砍", "救", "打破",
    "破坏", "烧", "倒", "扔", "切", "摘", "埋", "打碎", "弄坏", "扫",
];
/// Verbs that say how another verb is meant.
pub(crate) const MODALS: &[&str] =
    &["能", "能够", "会", "可以", "想", "要", "应该", "愿意", "敢", "肯", "必须", "该", "得以", "可能"];
/// Verbs that say of another act how one stands to it: what is negated is they, and not the act.
const TAKING_VERBS: &[&str] = &["喜欢", "爱", "忘", "忘了", "忘记", "打算", "准备", "希望", "同意", "允许", "习惯"];
/// Words that count units of their own: the number stays before them.
const UNITS: &[&str] = &[
    "公里",
    "千米",
    "米",
    "厘米",
    "毫米",
    "公斤",
    "千克",
    "克",
    "斤",
    "吨",
    "升",
    "元",
    "块",
    "块钱",
    "角",
    "毛",
    "分",
    "美元",
    "欧元",
    "天",
    "日",
    "年",
    "月",
    "星期",
    "周",
    "小时",
    "钟头",
    "分钟",
    "秒",
    "岁",
    "度",
    "倍",
    "次",
    "届",
    "层",
    "楼",
    "号",
    "世纪",
    "代",
    "点",
    "点钟",
    "刻",
    "里",
    "亩",
    "平方米",
    "摄氏度",
    "人次",
    "票",
    "分之",
    "到",
    "比",
    "年级",
    "班",
    "级",
    "路",
    "线",
    "号线",
    "号楼",
    "公顷",
    "海里",
];

/// Brings every clause into signed order and the clauses into theirs.
pub(crate) fn reorder(analysis: &mut Analysis<'_>) -> Signals {
    let mut signals = Signals::default();
    let Analysis { clauses, dropped, .. } = analysis;
    for clause in clauses.iter_mut() {
        clause_order(clause, &mut signals, dropped);
    }
    clauses.retain(|clause| !clause.items.is_empty());
    topics(clauses);
    conditions_first(clauses);
    signals
}

fn clause_order(clause: &mut Clause<'_>, signals: &mut Signals, dropped: &mut Vec<Drop>) {
    let items = &mut clause.items;
    clause.condition = items.iter().enumerate().any(|(at, item)| {
        // 我想当老师: within a clause 当 is a verb.
        (item.is(CONDITIONS) && (at == 0 || !item.is(&["当"]))) || item.is(&["的话"])
    });
    clause.asks = (0..items.len()).any(|at| items[at].is_question() && !everyone(&items[at + 1..]));
    signals.question_word |= clause.asks;
    signals.yes_no |= items.last().is_some_and(|item| item.is(&["吗", "么"]));
    signals.ne |= items.last().is_some_and(|item| item.is(&["呢"]));
    signals.request |= items.first().is_some_and(|item| item.is(&["请", "别", "不要", "请勿", "勿", "禁止"]));
    let a_not_a = a_not_a(items, dropped);
    signals.yes_no |= a_not_a;
    agreement(items, dropped);
    aspects(items, dropped);
    places_early(items, dropped);
    measures(items, dropped);
    particles(items, dropped);
    light_words(items, a_not_a, dropped);
    numbers_after_nouns(items);
    modified_questions(items);
    affected_first(items);
    if !a_not_a {
        negation_last(items);
    }
    question_last(items);
    time_first(items);
}

/// 谁也不知道, 什么都有: what follows a question word that asks nothing.
fn everyone(behind: &[Item<'_>]) -> bool {
    behind.iter().take(2).any(|item| item.is(&["也", "都"]))
}

/// Takes out the item at `at`, giving the reason.
fn leave_out(items: &mut Vec<Item<'_>>, at: usize, reason: &str, dropped: &mut Vec<Drop>) {
    let item = items.remove(at);
    dropped.extend(item.ranges.into_iter().map(|range| Drop::new(range, reason)));
}

/// 去不去医院 → 医院 去 不; 能不能帮我 → 帮助 我 能 不. What is asked is on the face; the second predicate goes.
fn a_not_a(items: &mut Vec<Item<'_>>, dropped: &mut Vec<Drop>) -> bool {
    let Some(at) = (1..items.len().saturating_sub(1)).find(|&at| {
        items[at].is(&["不", "没", "没有"])
            && !items[at - 1].text.is_empty()
            // 还没还: not given back yet.
            && !(items[at - 1].is(&["还"]) && items[at - 1].tag.starts_with('d'))
            && items[at + 1].text.starts_with(items[at - 1].text.as_str())
    }) else {
        return false;
    };
    // 喜不喜欢: the second, whole word is the one to sign.
    if items[at + 1].text.chars().count() > items[at - 1].text.chars().count() {
        items.swap(at - 1, at + 1);
    }
    leave_out(items, at + 1, "A-not-A question: the predicate is signed once, the face asks", dropped);
    items[at - 1..].rotate_left(2);
    true
}

/// 在北京举行: the place stands before the verb, and 在 says no more. 住在北京: the place moves there.
fn places_early(items: &mut Vec<Item<'_>>, dropped: &mut Vec<Drop>) {
    let reason = "the place before the verb says it";
    let mut from = 0;
    while let Some(at) = (from..items.len()).find(|&at| items[at].is(&["在", "于"])) {
        from = at + 1;
        if at > 0 && items[at - 1].is_verb() && at + 1 < items.len() {
            let verb = items.remove(at - 1);
            let at = at - 1;
            leave_out(items, at, reason, dropped);
            let place = |item: &Item<'_>| item.is_nominal() || item.is_time() || item.is_number() || item.is(&["至"]);
            let length = items[at..].iter().take_while(|item| place(item)).count();
            items.insert(at + length, verb);
        } else if items[at + 1..].iter().any(Item::is_verb) || items[at].is(&["于"]) {
            leave_out(items, at, reason, dropped);
            from = at;
        }
    }
}

/// Measure words that stand by themselves: 这个, 几个, 那位.
fn measures(items: &mut Vec<Item<'_>>, dropped: &mut Vec<Drop>) {
    let mut at = 0;
    while at < items.len() {
        let measure = text::MEASURES.contains(&items[at].text.as_str()) && matches!(items[at].kind, Kind::Word(_));
        let before =
            at > 0 && (items[at - 1].is(POINTED_AT) || items[at - 1].is_number() || items[at - 1].is_question());
        let counts = measure
            && (before || items[at].is(&["个"]))
            && !(items[at].is(&["家", "头", "口", "门", "班", "节"]) && at + 1 == items.len());
        if counts {
            leave_out(items, at, "measure word", dropped);
        } else {
            at += 1;
        }
    }
}

/// 的, 地, 得, 吗, 吧…: what signs say without a sign, or on the face.
fn particles(items: &mut Vec<Item<'_>>, dropped: &mut Vec<Drop>) {
    let mut at = 0;
    while at < items.len() {
        let item = &items[at];
        let structural = item.is(&["的", "之", "所", "地", "得", "的话"])
            && (item.is(&["的", "的话"]) || item.tag.starts_with('u') || item.entry().is_none());
        if item.is(&["们"]) && at > 0 && items[at - 1].is_nominal() {
            // 孩子们: said of many, signed more than once.
            let many = items.remove(at);
            items[at - 1].ranges.extend(many.ranges);
            items[at - 1].inflection.repetitions = Some(3);
        } else if structural {
            leave_out(items, at, "structural particle", dropped);
        } else if item.is(PARTICLES_FACE) && (item.tag.starts_with(['y', 'u', 'e', 'z', 'x']) || at + 1 == items.len())
        {
            leave_out(items, at, "modal particle: the face says it", dropped);
        } else {
            at += 1;
        }
    }
}

/// Words that say how much; what they stand before is signed with more weight on the face.
const DEGREES: &[&str] = &[
    "很",
    "太",
    "非常",
    "十分",
    "特别",
    "挺",
    "好",
    "真",
    "极",
    "极其",
    "格外",
    "相当",
    "比较",
    "有点",
    "有点儿",
    "有些",
    "更",
    "更加",
];

/// Those of them that are nothing else: 很认真, where 认真 has no sign.
const ONLY_DEGREES: &[&str] = &["很", "非常", "十分", "极其", "格外"];

/// Whether an item says only how much the one behind it is.
fn is_degree(items: &[Item<'_>], at: usize) -> bool {
    let item = &items[at];
    let Some(next) = items.get(at + 1) else { return false };
    let described = next.is_adjective()
        || (next.is_verb() && !next.is_negation())
        || (item.is(ONLY_DEGREES) && matches!(next.kind, Kind::Word(None)));
    item.is(DEGREES)
        && described
        // 好 and 真 are adjectives of their own where nothing is measured.
        && (!item.is(&["好", "真", "比较", "特别"]) || (item.tag.starts_with('d') && next.is_adjective()))
}

/// 很, 是, 和, 还: what signs leave to the face, to order and to a pause.
fn light_words(items: &mut Vec<Item<'_>>, a_not_a: bool, dropped: &mut Vec<Drop>) {
    // 还没还: what ends a clause is what is done.
    if let Some(last) = items.last_mut().filter(|last| last.is(&["还"])) {
        "v".clone_into(&mut last.tag);
    }
    let twice = items.iter().filter(|item| item.is(&["又"])).count() > 1;
    let mut at = 0;
    while at < items.len() {
        if is_degree(items, at) {
            items[at + 1].weighed = true;
            leave_out(items, at, "degree: the face says how much", dropped);
            continue;
        }
        let (before, after) = (at.checked_sub(1).map(|before| &items[before]), items.get(at + 1));
        let item = &items[at];
        let reason = if item.is(&["是", "就是"])
            && !a_not_a
            && before.is_some_and(|before| !before.is_negation() && !before.is_verb())
            && after.is_some_and(|after| !after.is_negation())
        {
            "what joins two words that stand side by side"
        } else if item.is(&["和", "与", "以及", "跟"])
            && before.is_some_and(Item::is_nominal)
            && after.is_some_and(|after| after.is_nominal() || after.is_adjective())
            && (!item.is(&["跟"]) || item.tag.starts_with('c'))
        {
            "what is listed stands side by side"
        } else if item.is(&["在"])
            && before.is_some_and(|before| !before.is_negation())
            && after.is_some()
            // 我在家 without it would be my home.
            && !(before.is_some_and(|before| before.pos() == Some(PartOfSpeech::Pronoun)) && at + 2 == items.len())
        {
            "the place says it"
        } else if item.is(&["一下", "一下儿"]) && before.is_some_and(|before| before.is_verb() || before.is_nominal())
        {
            "it only softens the verb"
        } else if item.is(&["让", "使", "令"])
            && item.entry().is_none()
            && after.is_some_and(Item::is_nominal)
            && items[at + 2..].iter().any(Item::is_verb)
        {
            "who makes another do it stands first: the order says it"
        } else if item.is(&["还是"])
            && after.is_some_and(|after| after.pos() != Some(PartOfSpeech::Pronoun))
            && before.is_none_or(|before| before.is_time() || before.pos() == Some(PartOfSpeech::Pronoun))
        {
            // 他还是不来; but 你去还是他去 asks.
            "an adverb that the order says"
        } else if item.is(&["还", "才", "就"]) && item.tag.starts_with('d') {
            "an adverb that the order says"
        } else if item.is(&["又"]) && twice && after.is_some_and(|after| after.is_adjective() || after.is_verb()) {
            "what is listed stands side by side"
        } else {
            at += 1;
            continue;
        };
        leave_out(items, at, reason, dropped);
    }
    for item in items {
        // 还 as a verb is to give back, whose sign is not that of 再.
        if item.is(&["还"]) && item.tag.starts_with('v') {
            item.kind = Kind::Word(None);
        }
    }
}

/// 24名选手 → 选手 24; units (三天, 五公里) and ranks keep their number before them.
fn numbers_after_nouns(items: &mut [Item<'_>]) {
    let mut at = 0;
    while at + 1 < items.len() {
        // 3比2, COVID-19: the number belongs to what stands before it.
        let bound = at > 0 && (items[at - 1].is(&["比"]) || matches!(items[at - 1].kind, Kind::Latin(_)));
        let counts = match &items[at].kind {
            _ if bound => false,
            // 一百多人.
            _ if items[at + 1].is(&["多", "余", "来"]) => false,
            Kind::Number { quantity, slot: None } => {
                matches!(quantity.unit, text::Unit::Measure | text::Unit::None)
                    && matches!(quantity.value, text::Numeral::Cardinal(_))
            }
            // 三点半 and 四个半小时 are one time.
            _ if items[at].is(&["半"]) => at == 0 || !items[at - 1].is_number(),
            _ => items[at].is(&["几", "多少", "两"]),
        };
        // 几岁, 几点: what is asked for follows its unit too.
        let asked = items[at].is(&["几", "多少"]) && items[at + 1].is(UNITS);
        let phrase = if asked {
            1
        } else if counts {
            noun_phrase(&items[at + 1..])
        } else {
            0
        };
        if phrase > 0 {
            // 三四个人, 三到五个人: both numbers follow.
            let from = match items[..at] {
                [.., ref first, ref to] if first.is_number() && to.is(&["到"]) => at - 2,
                [.., ref first] if first.is_number() && items[at].is_number() => at - 1,
                _ => at,
            };
            items[from..=at + phrase].rotate_left(at - from + 1);
            at += phrase + 1;
        } else {
            at += 1;
        }
    }
}

/// How many items from the first on are one noun with what describes it; 0 if there is none.
fn noun_phrase(items: &[Item<'_>]) -> usize {
    let describes = |item: &Item<'_>| item.is_nominal() || item.is_adjective();
    let run = items
        .iter()
        .take_while(|item| describes(item) && !item.is(UNITS) && item.pos() != Some(PartOfSpeech::Pronoun))
        .count();
    items[..run].iter().rposition(Item::is_nominal).map_or(0, |last| last + 1)
}

/// 什么名字 → 名字 什么: the question word follows the noun it asks about.
fn modified_questions(items: &mut [Item<'_>]) {
    for at in 0..items.len().saturating_sub(1) {
        if items[at].is(&["什么", "哪", "哪个", "哪些", "谁"])
            && items[at + 1].is_nominal()
            && items[at + 1].pos() != Some(PartOfSpeech::Pronoun)
        {
            items.swap(at, at + 1);
            return;
        }
    }
}

/// 灭火 → 火 灭.
fn affected_first(items: &mut [Item<'_>]) {
    let Some(verb) = items.iter().position(|item| item.is(AFFECTING) && !item.is_nominal()) else { return };
    let object = noun_phrase(&items[verb + 1..]);
    if object > 0 {
        items[verb..=verb + object].rotate_left(1);
    }
}

/// 不喜欢下雨 → 下雨 喜欢 不; 没来 → 来 没有; 没有钱 → 钱 没有.
fn negation_last(items: &mut [Item<'_>]) {
    let mut from = 0;
    while let Some(at) = (from..items.len()).find(|&at| items[at].is_negation()) {
        from = at + 1;
        let rest = &items[at + 1..];
        let end = rest.iter().position(Item::is_negation).unwrap_or(rest.len());
        let rest = &rest[..end];
        let predicate = rest.iter().position(|item| item.is_verb() || item.is_adjective());
        let named = noun_phrase(rest);
        let moved = match predicate {
            // Nothing is done, something is not there: the negation is the predicate.
            None => named,
            Some(verb) if named > 0 && verb >= named && items[at].is(&["没有", "没", "不是"]) && verb > 0 => named,
            Some(verb) => {
                let object = noun_phrase(&rest[verb + 1..]);
                let modal = rest[verb].is(MODALS) || rest[verb].is(TAKING_VERBS);
                let verbs = rest[verb + 1..].iter().take_while(|item| item.is_verb()).count();
                if modal && verbs + object > 0 {
                    // 不会游泳 → 游泳 会 不; 不能去医院 → 去 医院 能 不.
                    let phrase =
                        verbs + noun_phrase(&rest[verb + 1 + verbs..]).max(if verbs == 0 { object } else { 0 });
                    items[at + 1 + verb..=at + 1 + verb + phrase].rotate_left(1);
                    verb + phrase + 1
                } else if object > 0 || (verbs == 1 && rest.len() == verb + 2) {
                    let object = object.max(verbs);
                    items[at + 1 + verb..=at + 1 + verb + object].rotate_left(1);
                    verb + object + 1
                } else {
                    verb + 1
                }
            }
        };
        items[at..=at + moved].rotate_left(1);
        from = from.max(at + moved + 1);
    }
}

/// 他为什么没来 → 他 来 没有 为什么. Question words that stand where the answer would stand stay there.
fn question_last(items: &mut [Item<'_>]) {
    let moves = |item: &Item<'_>| {
        item.is(&["为什么", "怎么", "什么时候", "如何", "为何", "怎样", "何时", "多久", "几时", "为啥"])
    };
    if let Some(at) = items.iter().position(moves)
        && at + 1 < items.len()
    {
        items[at..].rotate_left(1);
    }
}

/// Times before the first verb come first; what joins the clause to the one before stays ahead of them.
fn time_first(items: &mut Vec<Item<'_>>) {
    let joins = |at: usize| {
        at > 0 && items[at].is(&["到", "至"]) && items[at - 1].is_time() && items.get(at + 1).is_some_and(Item::is_time)
    };
    // 到 between two times is no verb.
    let verb = (0..items.len()).find(|&at| items[at].is_verb() && !joins(at)).unwrap_or(items.len());
    let front = items
        .iter()
        .take_while(|item| item.pos() == Some(PartOfSpeech::Conjunction) || item.is(CONDITIONS) || item.is(&["除了"]))
        .count();
    let mut times = Vec::new();
    // English says when at the end.
    while let Some(at) = (verb..items.len()).find(|&at| matches!(items[at].kind, Kind::Latin(_)) && items[at].is_time())
    {
        times.push(items.remove(at));
    }
    let mut at = front;
    let mut end = verb;
    while at < end {
        // 晚点两个小时 says how long, not when; 两个小时后 says when.
        let behind = items.get(at + 1);
        let long = at > front
            && items[at].is_duration()
            && !behind.is_some_and(|next| {
                next.is(&["后", "以后", "之后", "前", "以前", "之前", "内", "里", "左右"]) || next.is_time()
            });
        let belongs = items[at].is_time() && !long;
        // 小时 and 年 belong to the number before them, 天 to 每.
        let heads = items[at].is_number() || items[at].is(&["每", "每个", "这", "那", "上", "下", "上个", "下个"]);
        let begins = belongs || (heads && items.get(at + 1).is_some_and(|next| at + 1 < end && next.is_time()));
        // 7日至8日 stays together.
        let spans = times.last().is_some_and(Item::is_time)
            && items[at].is(&["到", "至"])
            && items.get(at + 1).is_some_and(|next| at + 1 < end && next.is_time());
        if begins || spans {
            let time = items.remove(at);
            end -= 1;
            // 点钟 多少: what is asked of a time goes with it.
            let asked = belongs && at < end && items[at].is(&["几", "多少"]) && !time.is_number();
            let clock = time.is_number() && belongs;
            times.push(time);
            // 六点半.
            let half = clock && at < end && items[at].is(&["半"]);
            if asked || half {
                times.push(items.remove(at));
                end -= 1;
            }
        } else {
            at += 1;
        }
    }
    items.splice(front..front, times);
}

/// A clause without a predicate before others is what they are about.
fn topics(clauses: &mut [Clause<'_>]) {
    let count = clauses.len();
    for clause in clauses.iter_mut().take(count.saturating_sub(1)) {
        let predicate = clause
            .items
            .iter()
            .any(|item| item.is_verb() || item.is_adjective() || item.is_negation() || item.is_number());
        let named =
            clause.items.iter().any(|item| item.is_nominal() && !matches!(item.pos(), Some(PartOfSpeech::Pronoun)));
        clause.topic = named && !predicate && !clause.condition;
    }
}

/// 我不去，如果下雨 → 下雨, 我不去.
fn conditions_first(clauses: &mut [Clause<'_>]) {
    let Some(at) = clauses.iter().position(|clause| clause.condition) else { return };
    let alone = clauses.iter().filter(|clause| clause.condition).count() == 1;
    if alone && at > 0 && at + 1 == clauses.len() {
        clauses[at - 1..].rotate_right(1);
    }
}
