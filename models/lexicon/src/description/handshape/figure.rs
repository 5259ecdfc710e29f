//! Figures that one hand forms: round ones and drawn ones.

use signing::{Finger, FingerFlex, FingerTouch, Handshape};

use super::{
    CIRCLE, HALF_CIRCLE, RIGHT_ANGLE, THUMB_ALONG, THUMB_BELOW, THUMB_OUT, bend, cross, flex, long, pinch, release,
    spread, spread_only, thumb,
};
use crate::description::words::{Bend, FingerSet, RoundWord};

/// Makes the fingers of `set` a round figure.
pub(crate) fn round(shape: &mut Handshape, set: FingerSet, figure: RoundWord) {
    release(shape, set);
    match figure {
        RoundWord::Circle | RoundWord::Oval | RoundWord::Ball => pinch(shape, set, CIRCLE),
        RoundWord::SmallCircle => pinch(shape, set, flex(0.8, 1.2, 0.65)),
        RoundWord::LargeCircle => open_round(shape, set, flex(0.45, 0.75, 0.4)),
        RoundWord::HalfCircle => open_round(shape, set, HALF_CIRCLE),
        RoundWord::Square => {
            open_round(shape, set, flex(0.05, 0.05, 0.0));
            shape.thumb = THUMB_OUT;
        }
        RoundWord::Hook => bend(shape, set, Bend::Bent),
        RoundWord::Claw => {
            bend(shape, set, Bend::Bent);
            spread_only(shape, set);
        }
    }
}

fn open_round(shape: &mut Handshape, set: FingerSet, to: FingerFlex) {
    for (_, index) in long(set) {
        shape.fingers[index] = to;
    }
    shape.thumb = THUMB_BELOW;
    shape.touches.retain(|touch| !matches!(touch, FingerTouch::ThumbOver(_)));
}

/// Makes the fingers of `set` the drawn figure `glyph`; `false` if the figure is not known for one hand.
pub(crate) fn glyph(shape: &mut Handshape, set: FingerSet, glyph: &str) -> bool {
    let with_thumb = FingerSet(set.0 | 1);
    // “⊏⊐”: one half for each hand.
    let mut halves = glyph.chars();
    let glyph = match (halves.next(), halves.next(), halves.next()) {
        (Some(first), Some(_), None) if "⊏⊂⊃⊐([（［〔<《〈「∪∩⌒CcUu".contains(first) => {
            &glyph[..first.len_utf8()]
        }
        (Some(first), Some(second), None) => {
            let known = |one: char| self::glyph(&mut shape.clone(), set, one.encode_utf8(&mut [0; 4]));
            if known(first) && known(second) { &glyph[..first.len_utf8()] } else { glyph }
        }
        _ => glyph,
    };
    match glyph {
        "C" | "⊃" | "⊂" | "∪" | "∩" | "U" | "u" | "⌒" | "⌣" | "◡" | "◠" | "c" | "Ｃ" | "(" | ")" | "（" | "）"
        | "Ↄ" | "ɔ" | "⟮" | "⟯" | "半圆" | "︶" | "︵" | "‿" | "⁀" | "⏝" | "⏜" | "⊆" | "⊇" | "ᑕ" | "ᑐ" | "ᑌ" | "ᑎ"
        | "⋂" | "⋃" | "∁" | "D" | "d" | "G" | "弓" | "凹" | "ω" | "∈" | "∋" | "⋐" | "⋑" | "く" | "つ" | "﹙" | "﹚"
        | "⌢" | "⌓" | "◖" | "◗" | "⚆" | "弧" => {
            release(shape, with_thumb);
            open_round(shape, set, HALF_CIRCLE);
        }
        "⊐" | "コ" | "ﾖ" | "彐" | "ㄈ" | "匚" | "⊏" | "]" | "[" | "﹈" | "﹇" | "冂" | "凵" | "ㄇ" | "⊓" | "⊔"
        | "∏" | "⨅" | "П" | "ㄩ" | "コ形" | "⌷" | "Π" | "π" | "п" | "⎵" | "⎴" | "︺" | "︹" | "﹃" | "﹄" | "⟦"
        | "⟧" | "⎡" | "⎤" | "⎣" | "⎦" | "【" | "】" | "〔" | "〕" | "〖" | "〗" | "∐" | "⊑" | "⊒" | "门" | "几"
        | "n" | "h" | "乛" | "乀" | "┏┓" | "⎶" | "┍" | "┑" | "┕" | "┙" | "ュ" | "巨" | "⨆" | "⫿" | "凸" =>
        {
            release(shape, with_thumb);
            open_round(shape, set, RIGHT_ANGLE);
            shape.thumb = thumb(0.6, 1.0, 0.0, 0.0);
        }
        "L" | "∟" | "⌐" | "┐" | "┌" | "└" | "┘" | "⅃" | "乚" | "¬" | "Γ" | "⌊" | "⌋" | "⌈" | "⌉" | "「" | "」"
        | "l" | "⊥" | "⊢" | "⊣" | "T" | "丁" | "八" | "V" | "八形" | "ㄴ" | "ᒪ" | "ᒧ" | "⎿" | "⏌" | "⊿" | "◺" | "┏"
        | "┓" | "┗" | "┛" | "﹂" | "﹁" | "『" | "』" | "ㄥ" | "厂" | "レ" | "∣" | "⅂" | "˪" | "˩" | "Ｌ" | "⊦"
        | "Ⅼ" | "↳" | "↲" | "v" | "Ⅴ" | "ㅗ" | "ㅜ" => {
            release(shape, with_thumb);
            for (_, index) in long(set) {
                shape.fingers[index] = FingerFlex::STRAIGHT;
            }
            shape.thumb = THUMB_OUT;
            if !set.has(Finger::Thumb) && set.count() >= 2 {
                spread(shape, set, 1.0);
            }
        }
        "∧" | "∨" | "<" | ">" | "＜" | "＞" | "∠" | "^" | "﹤" | "﹥" | "〈" | "〉" | "《" | "》" | "人" | "入"
        | "Λ" | "A" | "∡" | "⋀" | "⋁" | "▽" | "▼" | "﹀" | "︿" | "︽" | "︾" | "λ" | "˄" | "˅" | "‹" | "›" | "≺"
        | "≻" | "≤" | "≥" | "ㄑ" | "⩓" | "⩔" | "⋏" | "⋎" | "▵" | "▿" => {
            release(shape, with_thumb);
            for (_, index) in long(set) {
                shape.fingers[index] = flex(0.75, 0.1, 0.0);
            }
            shape.thumb = thumb(0.6, 0.9, 0.0, 0.0);
        }
        "O" | "○" | "〇" | "0" | "◯" | "o" | "圆" | "Ｏ" | "●" | "Q" | "Ο" | "⚪" | "⭕" | "◎" | "⊙" | "ㅇ" | "σ"
        | "⚬" | "∘" | "°" | "。" => {
            release(shape, with_thumb);
            pinch(shape, set, CIRCLE);
        }
        "十" | "×" | "X" | "x" | "+" | "＋" | "✕" | "乂" | "✝" | "✚" => {
            release(shape, with_thumb);
            cross(shape, set);
        }
        "□" | "口" | "日" | "▭" | "▢" | "ロ" | "中" | "■" | "▯" | "▬" | "◻" | "⬜" | "☐" | "囗" | "田" | "目"
        | "回" | "国" | "曰" | "◽" | "▮" | "⊞" | "▱" | "四" => {
            release(shape, with_thumb);
            round(shape, set, RoundWord::Square);
        }
        "△" | "▲" | "◁" | "▷" => {
            release(shape, with_thumb);
            pinch(shape, set, flex(1.0, 0.2, 0.1));
        }
        "W" | "扇" | "山" | "E" | "m" | "M" | "Ψ" | "川" | "巛" | "三" | "㇛" | "Y" | "丫" | "y" | "小" | "個"
        | "个" | "爪" | "ɯ" | "ш" | "Ш" | "出" | "ψ" | "ㅛ" | "Ⅲ" | "彡" | "火" | "屮" => {
            let all = if set.count() < 2 { FingerSet::LONG } else { set };
            for (_, index) in long(all) {
                shape.fingers[index] = FingerFlex::STRAIGHT;
            }
            spread(shape, all, 1.0);
        }
        "?" | "J" | "j" | "乙" | "勹" | "丿" | "亅" | "S" | "s" | "ʃ" | "7" | "９" | "9" | "フ" | "⌝" | "ㄱ" | "ᒣ"
        | "刁" | "习" | "コ字" => {
            bend(shape, set, Bend::Bent);
        }
        _ => return false,
    }
    true
}

/// Fingers at right angles to the palm (五指与手掌成“∟”形).
pub(crate) fn right_angle(shape: &mut Handshape, set: FingerSet) {
    for (_, index) in long(set) {
        shape.fingers[index] = RIGHT_ANGLE;
    }
    if set.has(Finger::Thumb) {
        shape.thumb = THUMB_ALONG;
    }
}
