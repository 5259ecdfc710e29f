//! Which words are units, which words hold numerals and are no numbers.

use super::{Scanner, Unit, overlapping};
use crate::number::{digit, multiplier};

/// Measure words that say nothing of their own; what they count stands behind them or is known.
pub const MEASURES: [&str; 60] = [
    "个", "名", "位", "枚", "只", "条", "张", "本", "件", "支", "把", "辆", "架", "艘", "场", "项", "种", "座", "栋",
    "所", "家", "匹", "朵", "棵", "杯", "瓶", "碗", "双", "对", "套", "台", "部", "首", "片", "滴", "串", "颗", "粒",
    "根", "副", "幅", "篇", "封", "株", "头", "口", "间", "门", "届", "次", "股", "阵", "顿", "趟", "节", "班", "款",
    "批", "份", "遍",
];

/// Whether a character is a measure word or a unit.
pub(super) fn measures(c: char) -> bool {
    let text = c.to_string();
    MEASURES.contains(&text.as_str())
        || COUNTED.contains(&text.as_str())
        || matches!(c, '分' | '度' | '两' | '克' | '升')
}

/// Words of the dictionary that are a measure word and what it measures.
pub(super) const WITH_MEASURE: [&str; 12] =
    ["本书", "件事", "张纸", "条路", "个人", "位老师", "个月", "个小时", "张票", "条鱼", "只猫", "杯水"];

/// Words that hold numeral characters and are no numbers.
pub(super) const NOT_NUMBERS: [&str; 40] = [
    "十分", "一点", "一些", "一下", "一起", "一样", "一定", "一直", "一般", "一切", "一旦", "一边", "一面", "一路",
    "一时", "一度", "一致", "一流", "一带", "一会", "一生", "万一", "千万", "百度", "百年", "万岁", "一一", "一向",
    "万分", "三角", "四川", "九江", "四季", "五官", "一家", "两边", "一块", "一道", "一身", "一手",
];

/// Words before a time of day, after which 三点五 is a time and not a decimal.
pub(super) const DAYTIMES: [&str; 12] =
    ["上午", "下午", "早上", "晚上", "凌晨", "中午", "傍晚", "夜里", "清晨", "早晨", "半夜", "今晚"];

/// Words before a score, after which 21:15 is no time.
pub(super) const SCORES: [&str; 10] = ["比分", "战胜", "击败", "胜", "负", "以", "赢", "输", "战平", "平"];

/// Words before a number that is read digit by digit.
pub(super) const CODES: [&str; 11] =
    ["电话", "号码", "手机", "热线", "拨打", "拨", "编号", "房间", "打", "微信", "邮编"];

/// Words that may stand behind a number within one word of the dictionary: 三天, 两岁, 一元.
const COUNTED: [&str; 33] = [
    "天", "岁", "元", "人", "里", "米", "公里", "小时", "公斤", "斤", "吨", "倍", "层", "楼", "届", "次", "队", "班",
    "级", "年级", "周", "块", "毛", "角", "世纪", "月份", "日", "号", "年", "点钟", "多", "到", "至",
];

impl Scanner<'_> {
    /// The unit at `at`; longer ones first.
    pub(super) fn unit_at(&self, at: usize) -> Option<(&'static str, Unit)> {
        const UNITS: [(&str, Unit); 10] = [
            ("月份", Unit::Month),
            ("摄氏度", Unit::Degree),
            ("分钟", Unit::Minute),
            ("秒钟", Unit::Second),
            ("年", Unit::Year),
            ("月", Unit::Month),
            ("度", Unit::Degree),
            ("℃", Unit::Degree),
            ("分", Unit::Minute),
            ("秒", Unit::Second),
        ];
        let starts = |text: &str| text.chars().eq(self.chars[at..].iter().copied().take(text.chars().count()));
        if starts("分之") || starts("分数") || starts("年级") || starts("年代") {
            return None;
        }
        if let Some(&found) = UNITS.iter().find(|(text, _)| starts(text)) {
            return Some(found);
        }
        if starts("°C") {
            return Some(("°C", Unit::Degree));
        }
        // 号楼, 号线: the number of a thing. 日本: a word.
        for day in ["号", "日"] {
            if starts(day) && !["号楼", "号线", "号馆", "号门", "号码", "日本"].into_iter().any(starts) {
                return Some((day, Unit::Day));
            }
        }
        let measure = MEASURES.into_iter().find(|measure| starts(measure))?;
        // The measure word must not begin a longer word: 3部分, 5家庭.
        let inside = overlapping(self.words, at..at + 1).iter().any(|w| {
            w.range.start == at && w.range.len() > measure.chars().count() && !WITH_MEASURE.contains(&w.text.as_str())
        });
        (!inside).then_some((measure, Unit::Measure))
    }

    /// Whether the numerals `at..end` are part of a word that is no number.
    pub(super) fn is_word(&self, at: usize, end: usize) -> bool {
        overlapping(self.words, at..end).iter().any(|word| {
            if word.range.start >= at && word.range.end <= end {
                return NOT_NUMBERS.contains(&word.text.as_str());
            }
            if (self.whole)(&word.text) {
                return true;
            }
            if NOT_NUMBERS.contains(&word.text.as_str()) {
                let next = self.chars.get(word.range.end);
                // 十分钟, 下午一点, 一点三十分.
                let time = matches!(next, Some('钟' | '半')) || next.is_some_and(|&c| digit(c).is_some() || c == '十');
                return !(time || (word.text == "一点" && self.preceded(at, &DAYTIMES)));
            }
            let before: String = self.chars[word.range.start.min(at)..at].iter().collect();
            let after = end.min(word.range.end)..word.range.end;
            let rest: String = self.chars[after].iter().collect();
            // 以二比一: the dictionary has 以二比.
            let numeral = |at: usize| self.chars.get(at).copied().and_then(digit).is_some();
            let against = rest.starts_with('比') && numeral(end + 1);
            let known_before = before.is_empty()
                || ["第", "零下", "负", "星期", "周", "礼拜", "初"].contains(&before.as_str())
                || (against && before == "以");
            let known_after = rest.is_empty()
                || against
                || rest.starts_with("分之")
                || rest.starts_with('点')
                || self.unit_at(end).is_some_and(|(unit, _)| {
                    // 三十分 may be one word with the unit, and with the numerals behind it.
                    let behind = rest.strip_prefix(unit).map(|rest| rest.chars().next());
                    // 两本书 may be one too; 一次性, 一条龙 are words.
                    let counted = unit_counts_things(unit) && self.chars[at] != '一';
                    behind.is_some_and(|c| {
                        c.is_none_or(|c| digit(c).is_some() || multiplier(c).is_some() || c == '半' || counted)
                    })
                })
                // 一百多.
                || matches!(rest.as_str(), "多" | "余" | "来" | "几")
                || COUNTED.contains(&rest.trim_start_matches(['多', '余', '来']));
            !(known_before && known_after)
        })
    }
}

fn unit_counts_things(unit: &str) -> bool {
    MEASURES.contains(&unit)
}
