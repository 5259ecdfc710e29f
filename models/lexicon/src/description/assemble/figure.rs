//! Figures that two hands form together.

use signing::{ContactKind, Dir, Finger, Hand, HandPart};

use super::{Actions, Assembler, state::Subject};
use crate::description::{
    dir::DirWord,
    handshape as hs,
    item::{Figure, ShapePhrase},
    words::{FingerSet, RoundWord, Who},
};

/// How two hands are laid together.
struct Laid {
    /// Where the dominant hand's fingers point.
    dominant: Dir,
    /// Where the weak hand's fingers point.
    weak: Dir,
    /// What of the dominant hand touches what of the weak one.
    parts: (TwoPart, TwoPart),
}

#[derive(Clone, Copy)]
enum TwoPart {
    Tips,
    Middle,
    Base,
}

fn dir(left: f32, up: f32, forward: f32) -> Dir {
    DirWord::new(left, up, forward).resolve(Hand::Dominant)
}

/// Figures that two hands, or fingers of two hands, form. Of the characters of the last group only that fingers of
/// both hands meet is known, not which.
fn laid(glyph: &str) -> Option<Laid> {
    let laid = |dominant, weak, of, at| Some(Laid { dominant, weak, parts: (of, at) });
    use TwoPart::{Base, Middle, Tips};
    match glyph {
        "∧" | "人" | "Λ" | "^" | "A" | "介" | "入" | "宀" | "△" | "▲" | "亼" | "个" | "个字" | "合" | "众" | "金"
        | "仓" | "伞" | "余" => laid(dir(0.7, 1.0, 0.0), dir(-0.7, 1.0, 0.0), Tips, Tips),
        "∨" | "V" | "丷" | "∪" | "U" | "v" => laid(dir(0.7, -1.0, 0.0), dir(-0.7, -1.0, 0.0), Tips, Tips),
        "八" | "八字" | "丫" | "Y" => laid(dir(0.4, 1.0, 0.0), dir(-0.4, 1.0, 0.0), Tips, Tips),
        // A horizontal finger of the weak hand, the dominant one upright on it.
        "工" | "王" | "玉" | "主" | "丰" | "羊" | "生" | "土" | "士" | "干" | "千" | "午" | "牛" | "半" | "⊥"
        | "上" | "止" | "正" | "平" | "辛" | "壬" | "古" | "吉" => {
            laid(dir(0.0, 1.0, 0.0), dir(-1.0, 0.0, 0.0), Middle, Middle)
        }
        // Beneath it.
        "丁" | "T" | "⊤" | "丅" | "下" | "卜" => laid(dir(0.0, 1.0, 0.0), dir(-1.0, 0.0, 0.0), Tips, Middle),
        // Upright fingers through horizontal ones.
        "井" | "#" | "＃" | "艹" | "开" | "升" | "廾" | "卅" | "丼" | "共" | "册" | "田" | "囲" | "网" | "井字"
        | "用" | "非" | "韭" | "由" | "甲" | "申" => {
            laid(dir(0.0, 1.0, 0.0), dir(-1.0, 0.0, 0.0), Middle, Middle)
        }
        // An upright finger before the square of the weak hand's.
        "中" | "巾" | "串" => laid(dir(0.0, 1.0, 0.0), dir(-1.0, 0.0, 0.0), Middle, Tips),
        // A horizontal hand at the roots of upright fingers.
        "业" | "亚" | "並" | "出" => laid(dir(1.0, 0.0, 0.0), dir(0.0, 1.0, 0.0), Middle, Base),
        "山" | "凵" => laid(dir(0.0, 1.0, 0.0), dir(-1.0, 0.0, 0.0), Base, Tips),
        // The box above, the slanting stroke through it.
        "民" | "氏" => laid(dir(1.0, 0.0, 0.0), dir(-0.7, 0.7, 0.0), Middle, Tips),
        // Two strokes apart above, what is below between them.
        "公" | "六" | "分" | "父" => laid(dir(0.5, 1.0, 0.0), dir(-0.5, 1.0, 0.0), Tips, Base),
        // Thumb and index finger of each hand are half of the square.
        "□" | "口" | "日" | "目" | "品" | "回" | "囗" | "▭" | "ロ" | "白" | "曰" | "国" | "四" | "吕" => {
            laid(dir(1.0, 0.0, 0.0), dir(-1.0, 0.0, 0.0), Tips, Tips)
        }
        "十" | "+" | "＋" | "七" | "早" | "卉" | "支" | "木" | "斗" | "米" | "禾" | "来" | "车" | "东" | "本"
        | "末" | "未" => laid(dir(1.0, 0.0, 0.0), dir(0.0, 1.0, 0.0), Middle, Middle),
        "×" | "X" | "x" | "✕" | "乂" | "文" | "义" | "又" | "爻" | "交" | "叉" | "女" | "大" | "太" | "犬" | "火"
        | "水" | "才" => laid(dir(0.7, 0.7, 0.0), dir(-0.7, 0.7, 0.0), Middle, Middle),
        "其" | "典" | "门" => laid(dir(1.0, 0.0, 0.0), dir(0.0, 1.0, 0.0), Middle, Middle),
        "贝" | "西" | "母" | "且" | "◇" | "○" | "O" | "〇" | "♡" | "心" | "凸" | "凹" | "圆" | "舟" | "皿" | "虫"
        | "电" | "币" | "里" | "里字" | "谷" | "古字" | "台" | "厶" | "云" | "元" | "区" | "巨" | "匚" | "⊐" | "⊏"
        | "⊃" | "⊂" | "∩" | "冂" | "コ" | "几" | "石" | "司" | "可" | "占" | "言" | "尸" | "户" | "己" | "巴"
        | "乐" | "少" | "小" | "川" | "州" | "Z" | "N" | "H" | "E" | "F" | "B" | "C" | "D" | "M" | "W" | "P" | "R"
        | "K" | "L" | "∟" | "一" | "二" | "三" | "=" | "≠" | "÷" | "±" | "万" | "方" | "刀" | "力" | "九" | "丸"
        | "寸" | "于" | "子" | "予" | "矛" | "弓" | "马" | "鸟" | "习" | "飞" | "兀" | "尤" | "龙" | "毛" | "手"
        | "气" | "长" | "片" | "斤" | "月" | "丹" | "欠" | "风" | "殳" | "斗字" | "为" | "办" | "书" | "世" | "甘"
        | "矢" | "失" | "朱" | "年" | "缶" | "自" | "舌" | "竹" | "臼" | "血" | "行" | "衣" | "耳" | "肉" | "足"
        | "身" | "豆" | "酉" | "角" | "青" | "雨" | "隹" | "革" | "音" | "页" | "食" | "首" | "香" | "高" | "鱼"
        | "鹿" | "黄" | "黑" | "鼎" | "鼓" | "鼠" | "商" | "单" | "双" | "市" | "币字" | "帝" | "直" | "真" | "具"
        | "关" | "兴" | "兵" | "穴" | "空" | "写" | "冒" | "官" | "宫" | "家" | "安" | "字" | "定" | "宋" | "审" => {
            laid(dir(1.0, 0.3, 0.0), dir(-1.0, 0.3, 0.0), Tips, Base)
        }
        _ => None,
    }
}

pub(super) fn is_known_for_two(glyph: &str) -> bool {
    laid(glyph).is_some()
}

/// Whether it is one Chinese character.
pub(super) fn is_character(glyph: &str) -> bool {
    let mut chars = glyph.chars();
    matches!((chars.next(), chars.next()), (Some('\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'), None))
}

impl Assembler<'_> {
    /// 双手搭成“∧”形, 左手拇、食指与右手食指搭成“…”字形, 双手拇、食指搭成圆形.
    pub(super) fn two_hand_figure(
        &mut self,
        phrase: &ShapePhrase,
        set: Option<FingerSet>,
        figure: &Figure,
        actions: &mut Actions,
    ) {
        let subject = self.subject();
        if let Some(set) = set {
            self.give_fingers(subject, set);
        }
        if let Some((who, other)) = phrase.other {
            let hand = if who == Who::Right { Hand::Dominant } else { Hand::Weak };
            self.step.hands[hand.index()].present = true;
            if let Some(other) = other {
                self.give_fingers(Subject::One(hand), other);
            }
        }
        let both = Subject::Both;
        for &hand in both.hands() {
            let state = &mut self.step.hands[hand.index()];
            state.present = true;
            let mut shape = state.now.clone().unwrap_or_else(hs::flat);
            if let Figure::Round(round) = figure {
                let fingers = set.unwrap_or(FingerSet::ALL);
                match round {
                    RoundWord::Square => hs::round(&mut shape, fingers, RoundWord::Square),
                    RoundWord::Circle
                    | RoundWord::SmallCircle
                    | RoundWord::LargeCircle
                    | RoundWord::Oval
                    | RoundWord::Ball => {
                        hs::round(&mut shape, fingers, RoundWord::HalfCircle);
                    }
                    other => hs::round(&mut shape, fingers, *other),
                }
            }
            for &bend in &phrase.bends {
                hs::bend(&mut shape, set.unwrap_or(FingerSet::ALL), bend);
            }
            let moved = state.moved || self.clause.changing;
            let state = &mut self.step.hands[hand.index()];
            state.now = Some(shape.clone());
            if !moved || state.shape.is_none() {
                state.shape = Some(shape);
            }
        }
        let laid = match figure {
            Figure::Glyph(glyph) => laid(glyph),
            Figure::Round(_) => None,
        }
        .unwrap_or_else(|| {
            // Of a character that is not in the table no more is known than that fingers of both hands meet.
            let (up, at) = if matches!(figure, Figure::Glyph(_)) { (0.3, TwoPart::Base) } else { (0.0, TwoPart::Tips) };
            Laid { dominant: dir(1.0, up, 0.0), weak: dir(-1.0, up, 0.0), parts: (TwoPart::Tips, at) }
        });
        for (hand, way) in [(Hand::Dominant, laid.dominant), (Hand::Weak, laid.weak)] {
            self.step.hands[hand.index()].implied.fingers.get_or_insert(way);
        }
        let part = |assembler: &Self, hand: Hand, part: TwoPart| {
            let out = assembler.step.hands[hand.index()].now.as_ref().map_or(FingerSet::ALL, hs::out);
            let finger = out.but(FingerSet(1)).first().unwrap_or(Finger::Index);
            match part {
                TwoPart::Tips if out.count() == 1 => HandPart::Tip(finger),
                TwoPart::Tips => HandPart::Fingertips,
                TwoPart::Middle => HandPart::MiddleJoint(finger),
                TwoPart::Base => HandPart::Base(finger),
            }
        };
        let of = part(self, Hand::Dominant, laid.parts.0);
        let at = part(self, Hand::Weak, laid.parts.1);
        self.meet(of, at, ContactKind::Touch, actions);
    }
}
