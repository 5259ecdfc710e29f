//! Numbers in sentences, as they are written by people.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::{Normalised, Segmenter};

fn segmenter() -> &'static Segmenter {
    static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
    SEGMENTER.get_or_init(|| Segmenter::new([("冬奥会", "n"), ("星期天", "t")]))
}

fn found(text: &str) -> Vec<Found> {
    let normalised = Normalised::new(text);
    let words = segmenter().cut(normalised.chars());
    quantities(normalised.chars(), &words, |word| word == "三八节")
}

fn check(text: &str, expected: &str) {
    let normalised = Normalised::new(text);
    let shown: Vec<String> = found(text)
        .into_iter()
        .map(|found| match found {
            Found::Quantity(q) => {
                format!("{}={} {:?}", normalised.slice(q.range.clone()), q.value.arabic(), q.unit)
            }
            Found::To(_) => "to".to_owned(),
            Found::Against(_) => "against".to_owned(),
        })
        .collect();
    assert_eq!(shown.join(", "), expected, "{text}");
}

#[test]
fn the_sentences_of_the_first_issue() {
    check("北京今天有雪，冰壶比赛下午三点开始。", "三点=3 Hour");
    check("今天最高气温零下三度。", "零下三度=-3 Degree");
    check("中国队获得了第一枚金牌。", "第一枚=第1 Measure");
    check("火车八点三十五分到北京。", "八点=8 Hour, 三十五分=35 Minute");
    check("2022年冬奥会在北京举行。", "2022年=2022 Year");
    check("花样滑冰决赛有24名选手参加。", "24名=24 Measure");
}

#[test]
fn times() {
    check("8:35出发", "8:=8 Hour, 35=35 Minute");
    check("８：３５出发", "8:=8 Hour, 35=35 Minute");
    check("15:00开始", "15:00=15 Hour");
    check("下午三点半", "三点=3 Hour");
    check("三点一刻", "三点=3 Hour, 一刻=15 Minute");
    check("八点零五分", "八点=8 Hour, 零五分=5 Minute");
    check("八点三十五", "八点=8 Hour, 三十五=35 Minute");
    check("10点钟", "10点钟=10 Hour");
    check("下午一点开会", "一点=1 Hour");
    check("十分钟", "十分钟=10 Minute");
    check("十二点", "十二点=12 Hour");
    check("三点到五点", "三点=3 Hour, 五点=5 Hour");
}

#[test]
fn dates() {
    check("三月五日", "三月=3 Month, 五日=5 Day");
    check("3月5号", "3月=3 Month, 5号=5 Day");
    check("2022年2月4日", "2022年=2022 Year, 2月=2 Month, 4日=4 Day");
    check("二〇二二年", "二〇二二年=2022 Year");
    check("2022-02-04", "2022-=2022 Year, 02-=2 Month, 04=4 Day");
    check("星期三开会", "星期三=3 Weekday");
    check("周五", "周五=5 Weekday");
    check("星期天", "");
    check("十一月十一日", "十一月=11 Month, 十一日=11 Day");
    check("五年", "五=5 None");
    check("2022北京冬奥会", "2022=2022 None");
    check("98年", "98=98 None");
    check("九八年", "九八年=98 Year");
}

#[test]
fn temperatures_and_negatives() {
    check("-3℃", "-3℃=-3 Degree");
    check("－３℃", "-3℃=-3 Degree");
    check("气温25度", "25度=25 Degree");
    check("零下十二点五度", "零下十二点五度=-12.5 Degree");
    check("负五", "负五=-5 None");
    check("20°C", "20°C=20 Degree");
}

#[test]
fn parts_of_a_whole() {
    check("百分之五十", "百分之五十=50% None");
    check("百分之百", "百分之百=100% None");
    check("百分之三点五", "百分之三点五=3.5% None");
    check("50%的人", "50%=50% None");
    check("３．５％", "3.5%=3.5% None");
    check("三分之一", "三分之一=1/3 None");
    check("1/3", "1/3=1/3 None");
    check("三点五公里", "三点五=3.5 None");
}

#[test]
fn ranges_scores_codes() {
    check("3-5天", "3=3 None, to, 5=5 None");
    check("三到五天", "三=3 None, 五=5 None");
    check("三四个人", "三=3 None, 四个=4 Measure");
    check("比分3:2", "3=3 None, against, 2=2 None");
    check("以21:15战胜", "21=21 None, against, 15=15 None");
    check("3比2", "3=3 None, 2=2 None");
    check("以二比一战胜了日本队", "二=2 None, 一=1 None");
    check("打电话13800138000", "13800138000=13800138000 None");
    check("010-12345678", "010-12345678=01012345678 None");
    check("拨打110", "110=110 None");
}

#[test]
fn counts_money_and_big_numbers() {
    check("三个人", "三个=3 Measure");
    check("两本书", "两本=2 Measure");
    check("5块钱", "5=5 None");
    check("三万五千元", "三万五千=35000 None");
    check("1.5亿", "1.5亿=150000000 None");
    check("第十二届", "第十二届=第12 Measure");
    check("第三名", "第三名=第3 Measure");
    check("14亿人", "14亿=1400000000 None");
    check("三天", "三=3 None");
    check("二十岁", "二十=20 None");
    check("三年级的学生", "三=3 None");
}

#[test]
fn numerals_inside_words_are_no_numbers() {
    for text in [
        "一起去",
        "我们一定赢",
        "四川",
        "十分高兴",
        "千万小心",
        "一样",
        "万一",
        "一点也不",
        "统一",
        "百姓",
        "三八节",
        "G20峰会",
        "3D打印",
        "一直下雨",
        "一会儿",
        "几百",
        "不管三七二十一地",
    ] {
        let found = found(text);
        let allowed = text.starts_with("不管");
        assert!(found.is_empty() || allowed, "{text}: {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn quantities_are_apart_and_inside(text in "[0-9一二三十百万零点分年月日第负零下星期周:.,%/~℃度个-]{0,24}|\\PC{0,24}") {
        let normalised = Normalised::new(&text);
        let words = segmenter().cut(normalised.chars());
        let mut at = 0;
        for found in quantities(normalised.chars(), &words, |_| false) {
            let range = match found {
                Found::Quantity(q) => {
                    prop_assert!(!q.number.is_empty());
                    prop_assert!(q.range.start <= q.number.start && q.number.end <= q.range.end);
                    q.range
                }
                Found::To(range) | Found::Against(range) => range,
            };
            prop_assert!(range.start >= at && range.end > range.start && range.end <= normalised.chars().len(), "{:?}", range);
            at = range.end;
        }
    }
}
