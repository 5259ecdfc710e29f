//! What is signed for what is said: one row a sentence.

use proptest::prelude::*;
use signing::{Aspect, Boundary, Brows, Grounding, HeadMotionKind, LocusId, Origin, SentenceType, Side, Transcript};

use super::*;
use crate::{
    GlossLine,
    fixture::{core, lexicon, lexicon_without, understanding},
};

#[path = "interpret_day_tests.rs"]
mod day;

fn interpretation(text: &str) -> Interpretation {
    understanding().interpret(&Transcript::plain(text, "zh")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn only(text: &str) -> SignSentence {
    let mut sentences = interpretation(text).sentences;
    assert_eq!(sentences.len(), 1, "{text}");
    sentences.remove(0)
}

fn check(text: &str, expected: &str) {
    let line = understanding().gloss(text, "zh").unwrap();
    assert_eq!(line.line(), expected, "{text}\n{:?}", line.dropped);
}

fn check_core(text: &str, expected: &str) {
    let line = core().gloss(text, "zh").unwrap();
    assert_eq!(line.line(), expected, "{text}\n{:?}", line.dropped);
    covers(text, &line);
}

/// Every character that is no space and no punctuation is in a token's source or was dropped with a reason.
fn covers(text: &str, line: &GlossLine) {
    let ranges: Vec<SourceRange> =
        line.tokens.iter().map(|t| t.source).chain(line.dropped.iter().map(|d| d.source)).collect();
    for (at, c) in (0_u32..).zip(text.chars()) {
        let normal = Normalised::new(&c.to_string());
        let silent = normal.removed().is_empty() && normal.chars().iter().all(|&c| c.is_whitespace() || is_mark(c));
        assert!(
            silent || ranges.iter().any(|range| range.start <= at && at < range.end),
            "{c:?} at {at} of {text:?} is neither signed nor dropped: {line:?}"
        );
    }
    for dropped in &line.dropped {
        assert!(!dropped.reason.is_empty());
        assert_eq!(dropped.source.slice(text), Some(dropped.text.as_str()), "{text:?}");
    }
}

#[test]
fn the_sentences_of_the_first_issue() {
    check_core("北京今天有雪，冰壶比赛下午三点开始。", "今天 北京 有 雪 下午 3点 冰壶 比赛 开始");
    check_core("你好，我叫李明。", "你好 我 叫 李明");
    check_core("中国队获得了第一枚金牌。", "中国队 得到 第1名 金牌");
    check_core("你明天去医院吗？", "明天 你 去 医院");
    check_core("我不喜欢下雨。", "我 雨 喜欢 不");
    check_core("他为什么没来？", "他 来 没有 为什么");
    check_core("2022年冬奥会在北京举行。", "2022 年 冬奥会 北京 举行");
    check_core("请大家注意安全。", "请 大家 注意 安全");
    for (text, needed) in [
        ("今天最高气温零下三度。", ["今天", "零下", "3"].as_slice()),
        ("火车八点三十五分到北京。", &["8点", "35", "火车", "到", "北京"]),
        ("花样滑冰决赛有24名选手参加。", &["24", "参加"]),
    ] {
        let line = core().gloss(text, "zh").unwrap();
        covers(text, &line);
        for gloss in needed {
            assert!(line.tokens.iter().any(|token| token.gloss == *gloss), "{text}: {gloss} in {}", line.line());
        }
    }
}

#[test]
fn time_and_place_come_early() {
    check("我明天去学校。", "明天 我 去 学校");
    check("他昨天在北京参加比赛。", "昨天 他 北京 参加 比赛");
    check("我住在北京。", "我 北京 住");
    check("比赛下午三点开始。", "下午 3点 比赛 开始");
    check("2022年2月4日冬奥会开始。", "2022 年 2月 4日 冬奥会 开始");
    check("他在家看书。", "他 家 看 书");
    check("我知道明天下雨。", "我 知道 明天 雨");
    check("我在家。", "我 在 家");
}

#[test]
fn negation_follows_what_it_negates() {
    check("我不喜欢下雨。", "我 雨 喜欢 不");
    check("他没来。", "他 来 没有");
    check("我没有钱。", "我 钱 没有");
    check("我不是学生。", "我 学生 不是");
    check("我不会游泳。", "我 游泳 能 不");
    check("不能去医院。", "去 医院 能 不");
    check("他不高兴。", "他 高兴 不");
    check("别去！", "去 不");
    check("明天不下雨。", "明天 雨 不");
}

#[test]
fn questions() {
    check("你叫什么名字？", "你 叫 名字 什么");
    check("你住在哪里？", "你 住 哪里");
    check("你怎么去学校？", "你 去 学校 怎么");
    check("比赛什么时候开始？", "比赛 开始 什么时候");
    check("谁是老师？", "老师 谁");
    check("现在几点？", "现在 点钟 多少");
    check("这个多少钱？", "这 钱 多少");
    check("你有没有书？", "你 书 有 没有");
    check("你喜不喜欢滑雪？", "你 滑雪 喜欢 不");
    check("你能不能帮助我？", "你 帮助 我 能 不");
    check("比赛几点开始？", "点钟 多少 比赛 开始");
    for (text, kind) in [
        ("你去吗？", SentenceType::YesNoQuestion),
        ("你去吗", SentenceType::YesNoQuestion),
        ("你去不去？", SentenceType::YesNoQuestion),
        ("你去？", SentenceType::YesNoQuestion),
        ("谁去？", SentenceType::ContentQuestion),
        ("谁去", SentenceType::ContentQuestion),
        ("我知道他为什么去。", SentenceType::Statement),
        ("请大家去。", SentenceType::Imperative),
        ("你好！", SentenceType::Exclamation),
        ("你好。", SentenceType::Statement),
    ] {
        assert_eq!(only(text).sentence_type, kind, "{text}");
    }
}

#[test]
fn scores_are_no_spans_and_spans_no_scores() {
    for (text, to) in
        [("21-19", false), ("我们2-1获胜。", false), ("我们1-2告负。", false), ("3-4级", true), ("3~10度", true)]
    {
        let line = understanding().gloss(text, "zh").unwrap();
        assert_eq!(line.tokens.iter().any(|token| token.gloss == "到"), to, "{text}: {}", line.line());
        covers(text, &line);
    }
}

#[test]
fn numbers_inside_words_stay_numbers() {
    check("PM2.5是35.7。", "PM2.5 35.7");
    let pm = only("PM2.5").tokens.remove(0);
    let decimal = only("2.5").tokens.remove(0);
    assert_eq!(pm.forms.len(), 2 + decimal.forms.len());
    assert_eq!(pm.forms[2..], decimal.forms);
    check("20块钱", "20 钱");
    for (text, number) in [("打八折", "8"), ("九成", "9"), ("打八五折", "85")] {
        let line = understanding().gloss(text, "zh").unwrap();
        assert!(line.tokens.iter().any(|token| token.number.as_deref() == Some(number)), "{text}: {}", line.line());
        covers(text, &line);
    }
    check("$50", "美元 50");
    assert!(!understanding().gloss("上证3021.5点", "zh").unwrap().line().contains("点钟"));
}

#[test]
fn words_are_not_taken_for_others() {
    check_core("我爱你", "我 爱 你");
    for (text, expected) in
        [("看不见", "看 不"), ("听不见", "听 不"), ("我听不懂", "我 听 知道 不"), ("吃不饱", "吃 饱 不")]
    {
        check_core(text, expected);
    }
    check("I do not like it", &understanding().gloss("I not like it", "zh").unwrap().line());
    assert!(understanding().gloss("B超", "zh").unwrap().dropped.is_empty());
    let line = core().gloss("我对青霉素过敏", "zh").unwrap();
    assert!(line.tokens.iter().all(|token| token.gloss != "对"), "{}", line.line());
    check_core("对，我去。", "对 我 去");
    for text in ["几百人参加", "谁也不知道", "什么都没有"] {
        assert_eq!(only(text).sentence_type, SentenceType::Statement, "{text}");
    }
}

#[test]
fn numbers_keep_what_belongs_to_them() {
    check_core("请勿去。", "请 去 不");
    for (text, needed) in [
        ("下降-12.5%", "-12.5%"),
        ("3号登机口", "号"),
        ("6月3号学校开始上课", "3日"),
        ("WHO开始", "WHO"),
        ("IT公司", "IT"),
    ] {
        let line = core().gloss(text, "zh").unwrap();
        assert!(line.tokens.iter().any(|token| token.gloss == needed), "{text}: {}", line.line());
        covers(text, &line);
    }
    assert!(!core().gloss("公元前221年", "zh").unwrap().line().contains('钱'));
    check("比赛6月7日至8日举行。", "6月 7日 到 8 日 比赛 举行");
}

#[test]
fn what_turns_the_meaning_is_not_left_out() {
    for (text, word) in [
        ("我只有20元", "只有"),
        ("或者你去，或者我去。", "或者"),
        ("你去还是我去？", "还是"),
        ("除了他，大家去。", "除了"),
    ] {
        let line = understanding().gloss(text, "zh").unwrap();
        assert!(line.tokens.iter().any(|token| token.gloss == word), "{text}: {}", line.line());
        covers(text, &line);
    }
}

#[test]
fn what_is_said_without_a_sign_is_left_out_with_a_reason() {
    check("今天的比赛很重要。", "今天 比赛 重要");
    check("三个人在等车。", "人 3 等 汽车");
    check("他来了。", "他 来");
    check("孩子们高兴吧。", "孩子 高兴");
    let reasons: Vec<_> = only("三个人的书。").dropped.into_iter().map(|d| (d.text, d.reason)).collect();
    assert_eq!(
        reasons,
        [("个", "measure word"), ("的", "structural particle")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
}

#[test]
fn a_measure_word_is_told_from_what_it_measures() {
    check("这本书很重要。", "这 书 重要");
    check("那辆汽车来了。", "汽车 来");
    check("那位老师来了。", "老师 来");
    check("每份工作很重要。", "工作 重要");
    check("哪家学校重要？", "学校 哪里 重要");
}

#[test]
fn the_affected_thing_comes_before_the_act() {
    check("他灭火。", "他 火 灭");
    check("他把门打开了。", "他 门 打开");
    check("他打开门。", "他 门 打开");
}

#[test]
fn conditions_come_before_consequences() {
    check("如果明天下雨，我不去学校。", "如果 明天 雨 我 学校 去 不");
    check("我不去学校，如果下雨。", "如果 雨 我 学校 去 不");
    let sentence = only("如果下雨，我在家。");
    assert_eq!(sentence.tiers.brows.len(), 1);
    let brows = &sentence.tiers.brows[0];
    assert_eq!((brows.what, brows.span.start.token, brows.span.end.token), (Brows::Raised, 0, 1));
    assert_eq!(sentence.tokens[1].boundary, Some(Boundary::Clause));
}

#[test]
fn numbers_and_their_nouns() {
    check("24名选手参加。", "选手 24 参加");
    check("两本书", "书 2");
    check("我有三个苹果。", "我 有 苹果 3");
    check("第一枚金牌", "第1名 金牌");
    check("第三名", "第3名");
    check("三天", "3天");
    check("十二天", "12 天");
    check("星期三", "星期3");
    check("周五下午", "星期5 下午");
    check("下午三点半", "下午 3点 半");
    check("8:35", "8点 35");
    check("八点三十五分", "8点 35 分钟");
    check("零下三度", "零下 3 度");
    check("-3℃", "-3 度");
    check("气温3.5度", "气温 3.5 度");
    check("百分之五十", "50%");
    check("50％的人", "50% 人");
    check("三分之一", "1/3");
    check("2022年", "2022 年");
    check("二〇二二年", "2022 年");
    check("三月五日", "3月 5日");
    check("3-5天", "3 到 5天");
    check("三四个人", "人 3 4");
    check("三到五个人来了", "人 3 到 5 来");
    check("5元", "5元");
    check("三万五千元", "35000 钱");
    check("电话13800138000", "电话 13800138000");
    check("第十二", "第12");
    check("３个人", "人 3");
}

#[test]
fn names_are_signed_mouthed_and_shown() {
    let sentence = only("我叫李明。");
    let name = sentence.tokens.last().unwrap();
    assert_eq!((name.gloss.as_str(), name.origin, name.grounding), ("李明", Origin::Name, Grounding::Name));
    assert_eq!(name.caption.as_deref(), Some("李明"));
    let forms: Vec<_> = name.forms.iter().map(|form| form.name.as_str()).collect();
    assert_eq!(forms, ["李", "M"], "the surname's sign, then an initial");
    assert_eq!(sentence.tiers.mouthing.last().unwrap().span.start.token, 2);
    check("我叫张伟。", "我 叫 张伟");
    check("王老师来了。", "王 老师 来");
    check("欧阳娜娜是我的朋友。", "欧阳娜娜 我 朋友");
    let letters = |text: &str| {
        let token = only(text).tokens.remove(0);
        token.forms.into_iter().map(|form| form.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(letters("张家口下雪。"), "ZH 家 K", "a character's sign where the pack has it");
}

#[test]
fn the_ladder() {
    for (text, gloss, origin, grounding) in [
        ("雪", "雪", Origin::Sign, Grounding::SameWord),
        ("下雪", "雪", Origin::Synonym, Grounding::Synonym),
        ("暴雪", "雪", Origin::Synonym, Grounding::Hypernym),
        ("我", "我", Origin::Pointing, Grounding::Pronoun),
        ("您", "你", Origin::Pointing, Grounding::Pronoun),
        ("她", "他", Origin::Pointing, Grounding::Pronoun),
        ("24", "24", Origin::Number, Grounding::Number),
        ("GLM", "GLM", Origin::Letters, Grounding::SameWord),
        ("葡萄", "葡萄", Origin::Letters, Grounding::SameWord),
    ] {
        let token = only(text).tokens.remove(0);
        assert_eq!((token.gloss.as_str(), token.origin, token.grounding), (gloss, origin, grounding), "{text}");
    }
    let parts = only("滑雪医院");
    let glosses: Vec<_> = parts.tokens.iter().map(|t| t.gloss.as_str()).collect();
    assert_eq!(glosses, ["滑雪", "医院"]);
    let spelled = only("葡萄").tokens.remove(0);
    assert_eq!(spelled.forms.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["P", "T"], "initials only");
    let full = Understanding::new(lexicon()).with_spelling(Spelling::Full);
    let spelled = full.interpret(&Transcript::plain("葡萄", "zh")).unwrap().sentences.remove(0).tokens.remove(0);
    let letters: Vec<_> = spelled.forms.iter().map(|form| form.name.as_str()).collect();
    assert_eq!(letters, ["P", "U", "T", "A", "O"], "all letters where asked for");
}

#[test]
fn parts_of_a_compound_are_tokens_of_their_own() {
    let sentence = only("火桌子");
    let shown: Vec<_> =
        sentence.tokens.iter().map(|t| (t.gloss.as_str(), t.source[0].start, t.source[0].end)).collect();
    assert_eq!(shown, [("火", 0, 1), ("桌子", 1, 3)]);
}

#[test]
fn directional_verbs_agree() {
    let direction = |text: &str| only(text).tokens.iter().find_map(|token| token.inflection.direction);
    let (me, you, third) = (LocusId::Signer, LocusId::Addressee, LocusId::Side(Side::Right, 0));
    assert_eq!(direction("我给你书。"), Some((me, you)));
    assert_eq!(direction("你给我书。"), Some((you, me)));
    assert_eq!(direction("请给我水。"), Some((you, me)));
    assert_eq!(direction("他帮助我。"), Some((third, me)));
    assert_eq!(direction("我把书给他。"), Some((me, third)));
    assert_eq!(direction("他被我批评了。"), Some((me, third)));
    assert_eq!(direction("我去学校。"), None);
    check("请给我一杯水。", "请 给 我 水 1");
    check("他被我批评了。", "他 我 批评");
}

#[test]
fn aspect_is_on_the_verb() {
    let aspect = |text: &str| only(text).tokens.iter().find_map(|token| token.inflection.aspect);
    assert_eq!(aspect("他去了北京。"), Some(Aspect::Completed));
    assert_eq!(aspect("我吃过苹果。"), Some(Aspect::Completed));
    assert_eq!(aspect("他正在看书。"), Some(Aspect::Continuous));
    assert_eq!(aspect("他看着书。"), Some(Aspect::Continuous));
    assert_eq!(aspect("他看书。"), None);
}

#[test]
fn face_and_head_ask() {
    let sentence = only("你明天去医院吗？");
    assert_eq!(sentence.tiers.brows[0].what, Brows::Raised);
    assert_eq!(sentence.tiers.head[0].what.kind, HeadMotionKind::Forward);
    let sentence = only("你为什么去医院？");
    assert_eq!(sentence.tiers.brows[0].what, Brows::Furrowed);
    assert!(sentence.tiers.head.is_empty());
    let sentence = only("我不去医院。");
    assert!(sentence.tiers.brows.is_empty() && sentence.tiers.head.is_empty(), "no headshake over a negated clause");
    let sentence = only("冰壶比赛，下午开始。");
    assert_eq!(sentence.tiers.brows[0].span.end.token, 1, "the topic");
    assert_eq!(sentence.tokens[1].boundary, Some(Boundary::Phrase));
    assert_eq!(sentence.tokens.last().unwrap().boundary, Some(Boundary::Sentence));
}

#[test]
fn a_headshake_stands_for_a_negation_without_a_sign() {
    let understanding = Understanding::new(lexicon_without(&["bu"]));
    let sentence = understanding.interpret(&Transcript::plain("我不去。", "zh")).unwrap().sentences.remove(0);
    let glosses: Vec<_> = sentence.tokens.iter().map(|token| token.gloss.as_str()).collect();
    assert_eq!(glosses, ["我", "去"]);
    let head = &sentence.tiers.head[0];
    assert_eq!((head.what.kind, head.span.start.token), (HeadMotionKind::Shake, 1));
    assert_eq!(sentence.dropped[0].reason, "a headshake says it");
}

#[test]
fn packs_without_letters_or_numbers_say_so() {
    let understanding = Understanding::new(lexicon_without(&["letters.toml", "numbers.toml", "li_name"]));
    let line = understanding.gloss("葡萄和24本书", "zh").unwrap();
    assert_eq!(line.line(), "和 书");
    let reasons: Vec<_> = line.dropped.iter().map(|d| (d.text.as_str(), d.reason.as_str())).collect();
    assert_eq!(reasons[0], ("葡萄", "no sign, and nothing to spell it with"));
    assert!(reasons[1].0 == "24" && reasons[1].1.contains("number sign"), "{reasons:?}");
}

#[test]
fn a_hand_takes_part_where_the_form_has_it() {
    let sentence = only("我有桌子。");
    let tokens = |hand| sentence.channel(hand).0.iter().map(|segment| segment.token).collect::<Vec<_>>();
    assert_eq!(tokens(signing::Hand::Dominant), [0, 1, 2]);
    assert_eq!(tokens(signing::Hand::Weak), [2], "the table has two hands");
}

#[test]
fn ranges_are_those_of_the_whole_original() {
    let text = "你好。\u{200b}我 不喜欢 下雨！";
    let interpretation = interpretation(text);
    assert_eq!(interpretation.sentences.len(), 2);
    let sentence = &interpretation.sentences[1];
    let shown: Vec<_> = sentence.tokens.iter().map(|t| t.source[0].slice(&sentence.source.text).unwrap()).collect();
    assert_eq!(shown, ["我", "下雨", "喜欢", "不"]);
    assert!(interpretation.sentences.iter().flat_map(|s| &s.dropped).any(|d| d.reason == "invisible character"));
}

#[test]
fn mixed_languages_and_scripts() {
    check("我喜欢GLM", "我 喜欢 GLM");
    check("我明天去NBA比赛", "明天 我 去 NBA 比赛");
    check("I go tomorrow", "明天 I 去");
    check("醫院在哪裡？", "医院 哪里");
    check("Ａ和Ｂ", "A B");
    check("café", "café");
}

#[test]
fn nothing_to_sign_is_said_clearly() {
    for (text, expected) in [
        ("", "no characters"),
        ("   \n", "white space only"),
        ("。！？", "punctuation only"),
        ("😀😀", "emoji"),
        ("\u{0}\u{7}", "control character"),
        ("\u{200b}\u{feff}", "invisible character"),
        ("ひらがな", "Japanese"),
    ] {
        match understanding().interpret(&Transcript::plain(text, "zh")) {
            Err(UnderstandingError::NothingToSign { found, .. }) => {
                assert!(found.contains(expected), "{text:?}: {found}");
            }
            other => panic!("{text:?}: {other:?}"),
        }
        let line = understanding().gloss(text, "zh").unwrap();
        assert!(line.tokens.is_empty());
        covers(text, &line);
    }
}

#[test]
fn limits_and_refusals() {
    let interpret = |text: &str, language: &str| understanding().interpret(&Transcript::plain(text, language));
    let long = "雪".repeat(MAX_CHARACTERS + 1);
    assert!(
        matches!(interpret(&long, "zh"), Err(UnderstandingError::TooLong { found, .. }) if found == MAX_CHARACTERS + 1)
    );
    let many = "雪。".repeat(MAX_SENTENCES + 1);
    assert!(matches!(interpret(&many, "zh"), Err(UnderstandingError::TooManySentences { .. })));
    assert!(matches!(interpret("雪", "de"), Err(UnderstandingError::Language { .. })));
    assert!(interpret("雪", "zh-CN").is_ok());
    let open = Transcript { stable: false, ..Transcript::plain("雪", "zh") };
    assert_eq!(understanding().interpret(&open), Err(UnderstandingError::Unstable));
    let text = "今天北京有雪，".repeat(MAX_CHARACTERS / 7);
    assert!(interpret(&text, "zh").is_ok(), "as long as is allowed");
    let letters = "a".repeat(MAX_CHARACTERS);
    assert!(matches!(interpret(&letters, "zh"), Err(UnderstandingError::NothingToSign { .. })));
}

#[test]
fn gloss_lines_read_as_the_design_says() {
    let line = understanding().gloss("我有24本书。", "zh").unwrap();
    let json: serde_json::Value = serde_json::to_value(&line).unwrap();
    assert_eq!(json["text"], "我有24本书。");
    assert_eq!(json["tokens"][0]["gloss"], "我");
    assert_eq!(json["tokens"][0]["lexeme"], "wo");
    assert_eq!(json["tokens"][0]["origin"], "pointing");
    assert_eq!(json["tokens"][0]["source"], serde_json::json!([0, 1]));
    assert_eq!(json["tokens"][3]["gloss"], "24");
    assert_eq!(json["tokens"][3]["number"], "24");
    assert_eq!(json["tokens"][3]["lexeme"], serde_json::Value::Null);
    let back: GlossLine = serde_json::from_value(json).unwrap();
    assert_eq!(back, line);
    let slot = understanding().gloss("三点", "zh").unwrap();
    assert_eq!((slot.tokens[0].gloss.as_str(), slot.tokens[0].number.as_deref()), ("3点", Some("3")));
}

#[test]
fn tokens_are_traced_to_pack_and_version() {
    let sentence = only("北京有24人。");
    for token in &sentence.tokens {
        assert_eq!(token.pack.is_some(), token.lexeme.is_some());
        assert!((0.0..=1.0).contains(&token.confidence));
    }
    assert_eq!(sentence.versions.understanding, "knowledge");
    assert_eq!(sentence.versions.packs[0].name, "tests");
    let counts = interpretation("北京有24人。").counts;
    assert_eq!((counts.sign, counts.number, counts.tokens()), (3, 1, 4));
}

fn words() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "我",
        "你",
        "他",
        "不",
        "没",
        "去",
        "来",
        "在",
        "北京",
        "今天",
        "明天",
        "三点",
        "24名",
        "选手",
        "的",
        "了",
        "吗",
        "，",
        "。",
        "？",
        "为什么",
        "什么",
        "如果",
        "下雨",
        "给",
        "把",
        "被",
        "书",
        "李明",
        "GLM",
        "第一",
        "百分之五",
        "-3℃",
        "有没有",
        "喜欢",
        "3:2",
        "2022年",
        " ",
        "😀",
        "看看",
        "们",
        "老师",
        "王",
        "叫",
        "半",
        "个",
        "几",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_goes_silently(text in prop_oneof![words(), any::<String>(), "\\PC{0,40}"]) {
        let line = understanding().gloss(&text, "zh").unwrap();
        covers(&text, &line);
        for token in &line.tokens {
            prop_assert!(!token.gloss.is_empty());
            prop_assert!(token.source.start <= token.source.end);
        }
    }

    #[test]
    fn the_same_text_gives_the_same_sentences(text in words()) {
        let transcript = Transcript::plain(text, "zh");
        prop_assert_eq!(understanding().interpret(&transcript), understanding().interpret(&transcript));
    }

    #[test]
    fn no_source_is_signed_twice(text in words()) {
        let line = understanding().gloss(&text, "zh").unwrap();
        let mut seen = vec![0; text.chars().count()];
        if let Ok(interpretation) = understanding().interpret(&Transcript::plain(text.as_str(), "zh")) {
            for range in interpretation.sentences.iter().flat_map(|s| &s.tokens).flat_map(|t| &t.source) {
                seen[range.start as usize..range.end as usize].iter_mut().for_each(|n| *n += 1);
            }
        }
        prop_assert!(seen.iter().all(|&n| n <= 1), "{}: {}", text, line.line());
    }
}
