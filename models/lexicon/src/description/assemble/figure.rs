//! Figures that two hands form together.

use signing::{ContactKind, Dir, Finger, Hand, HandPart};

use super::{Actions, Assembler, state::Subject};
use crate::description::{
    dir::DirWord,
    handshape as hs,
    item::{Figure, Fingers, ShapePhrase},
    trace,
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

/// Figures that two hands, or fingers of two hands, form.
fn laid(glyph: &str) -> Option<Laid> {
    let laid = |dominant, weak, of, at| Some(Laid { dominant, weak, parts: (of, at) });
    use TwoPart::{Base, Middle, Tips};
    match glyph {
        "∧" | "人" | "Λ" | "^" | "A" | "介" | "入" | "宀" | "△" | "▲" | "亼" | "个" | "个字" | "合" | "众" | "金"
        | "仓" | "伞" | "余" | "会" | "全" | "今" | "令" | "企" | "命" | "舍" | "食" | "谷" | "◇" | "♡" | "心" => {
            laid(dir(0.7, 1.0, 0.0), dir(-0.7, 1.0, 0.0), Tips, Tips)
        }
        "∨" | "V" | "丷" | "∪" | "U" | "v" | "凵" | "⌣" => {
            laid(dir(0.7, -1.0, 0.0), dir(-0.7, -1.0, 0.0), Tips, Tips)
        }
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
        "中" | "巾" | "串" | "币" | "市" => laid(dir(0.0, 1.0, 0.0), dir(-1.0, 0.0, 0.0), Middle, Tips),
        // A horizontal hand at the roots of upright fingers.
        "业" | "亚" | "並" | "出" => laid(dir(1.0, 0.0, 0.0), dir(0.0, 1.0, 0.0), Middle, Base),
        "山" => laid(dir(0.0, 1.0, 0.0), dir(-1.0, 0.0, 0.0), Base, Tips),
        // The box above, the slanting stroke through it.
        "民" | "氏" => laid(dir(1.0, 0.0, 0.0), dir(-0.7, 0.7, 0.0), Middle, Tips),
        // Two strokes apart above, what is below between them.
        "公" | "六" | "分" | "父" => laid(dir(0.5, 1.0, 0.0), dir(-0.5, 1.0, 0.0), Tips, Base),
        // Thumb and index finger of each hand are half of the square, or of the ring.
        "□" | "口" | "日" | "目" | "品" | "回" | "囗" | "▭" | "ロ" | "白" | "曰" | "国" | "四" | "吕" | "○" | "O"
        | "〇" | "0" | "圆" | "∩" | "⌒" | "冂" | "几" | "门" | "⊓" => {
            laid(dir(1.0, 0.3, 0.0), dir(-1.0, 0.3, 0.0), Tips, Tips)
        }
        "十" | "+" | "＋" | "七" | "早" | "卉" | "支" | "木" | "斗" | "米" | "禾" | "来" | "车" | "东" | "本"
        | "末" | "未" => laid(dir(1.0, 0.0, 0.0), dir(0.0, 1.0, 0.0), Middle, Middle),
        "×" | "X" | "x" | "✕" | "乂" | "文" | "义" | "又" | "爻" | "交" | "叉" | "女" | "大" | "太" | "犬" | "火"
        | "水" | "才" => laid(dir(0.7, 0.7, 0.0), dir(-0.7, 0.7, 0.0), Middle, Middle),
        _ => None,
    }
}

/// Figures that two hands form of a half each, as curved fingers or as ones at a right angle to the thumb.
fn round_for_two(glyph: &str) -> Option<RoundWord> {
    Some(match glyph {
        "○" | "O" | "〇" | "0" | "圆" | "∩" | "⌒" | "∪" | "⌣" => RoundWord::Circle,
        "♡" | "心" => RoundWord::Hook,
        _ => return None,
    })
}

/// How level and upright strokes are shared out: the fingers of a hand are the strokes of one kind,
/// its thumb stands across them. `None` if the strokes are not known, or these fingers are others.
fn shared_out(glyph: &str, dominant: FingerSet, weak: FingerSet) -> Option<Laid> {
    let strokes = trace::strokes(glyph)?;
    let (mut level, mut upright) = (0, 0);
    for segment in strokes.iter().flat_map(|stroke| stroke.windows(2)) {
        let [across, up] = [segment[1][0] - segment[0][0], segment[1][1] - segment[0][1]];
        // Dots and slanting strokes are left to the eye.
        if across.hypot(up) < SHORT_STROKE {
            continue;
        }
        level += usize::from(across.abs() > 2.0 * up.abs());
        upright += usize::from(up.abs() > 2.0 * across.abs());
    }
    let fingers = |set: FingerSet| set.but(FingerSet(1)).count() as usize;
    let thumb = |set: FingerSet| usize::from(set.has(Finger::Thumb));
    // Which hand's fingers lie level: the weak one's, the dominant one's, both, neither.
    for [weak_level, dominant_level] in [[true, false], [false, true], [true, true], [false, false]] {
        let lying = |is_level: bool, set: FingerSet| if is_level { fingers(set) } else { thumb(set) };
        let standing = |is_level: bool, set: FingerSet| if is_level { thumb(set) } else { fingers(set) };
        let as_level = lying(weak_level, weak) + lying(dominant_level, dominant);
        let as_upright = standing(weak_level, weak) + standing(dominant_level, dominant);
        if (as_level, as_upright) == (level, upright) {
            let way = |is_level: bool, side: f32| if is_level { dir(side, 0.0, 0.0) } else { dir(0.0, 1.0, 0.0) };
            return Some(Laid {
                dominant: way(dominant_level, 1.0),
                weak: way(weak_level, -1.0),
                parts: (TwoPart::Middle, TwoPart::Middle),
            });
        }
    }
    None
}

/// Strokes shorter than this share of a figure's square are dots.
const SHORT_STROKE: f32 = 0.3;

/// Whether these fingers of two hands are known to form the figure.
pub(super) fn is_known_for_two(glyph: &str, dominant: FingerSet, weak: FingerSet) -> bool {
    laid(glyph).or_else(|| shared_out(glyph, dominant, weak)).is_some()
}

impl Assembler<'_> {
    /// The fingers of the dominant and of the weak hand that form a figure.
    pub(super) fn figure_fingers(&self, subject: Subject, phrase: &ShapePhrase) -> [FingerSet; 2] {
        Hand::BOTH.map(|hand| {
            let other = phrase.other.filter(|&(who, _)| (who == Who::Right) == (hand == Hand::Dominant));
            let told = match (phrase.fingers, other) {
                (_, Some((_, Some(set)))) => Some(set),
                (Some(Fingers::Set(set)), None) if subject.hands().contains(&hand) => Some(set),
                _ => None,
            };
            let state = &self.step.hands[hand.index()];
            told.unwrap_or_else(|| if state.named == FingerSet::ALL { FingerSet::default() } else { state.named })
        })
    }

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
            let round = match figure {
                Figure::Round(round) => Some(*round),
                Figure::Glyph(glyph) => round_for_two(glyph),
            };
            if let Some(round) = round {
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
                    other => hs::round(&mut shape, fingers, other),
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
            Figure::Glyph(glyph) => {
                let [dominant, weak] = self.figure_fingers(subject, phrase);
                laid(glyph).or_else(|| shared_out(glyph, dominant, weak))
            }
            Figure::Round(_) => None,
        }
        .unwrap_or(Laid {
            dominant: dir(1.0, 0.0, 0.0),
            weak: dir(-1.0, 0.0, 0.0),
            parts: (TwoPart::Tips, TwoPart::Tips),
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
