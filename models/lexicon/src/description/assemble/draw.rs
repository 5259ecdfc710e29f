//! What fingers do, and what they draw in the air.

use signing::{Dir, Distance, FingerMotion, FingerMotionKind, Hand, HandPart, Path, PathShape, Place, Size};

use super::{
    Assembler,
    act::{A_FEW, sized},
};
use crate::description::{
    handshape as hs,
    item::{Act, Figure, Fingers},
    trace,
    words::{FingerSet, RoundWord},
};

/// A figure in the air is this large, metres.
const FIGURE: f32 = 0.18;

impl Assembler<'_> {
    pub(super) fn fingers_move(&self, hand: Hand, act: &Act, kind: FingerMotionKind) -> FingerMotion {
        let state = &self.step.hands[hand.index()];
        let out = state.now.as_ref().map_or(FingerSet::ALL, hs::out);
        let set = match (act.topic.fingers, kind) {
            (Some(Fingers::Set(set)), _) => set,
            // 拇指尖抵于鼻尖，其他四指弯动 of a hand that was told of whole.
            (Some(Fingers::Others), _) if state.named == FingerSet::ALL => FingerSet::LONG,
            (Some(Fingers::Others), _) => FingerSet::ALL.but(state.named),
            (Some(Fingers::Out), _) => out,
            (None, FingerMotionKind::Wiggle) if out.count() < 2 => FingerSet::LONG,
            (None, FingerMotionKind::Bend | FingerMotionKind::Tremble) if out == FingerSet::default() => {
                FingerSet::LONG
            }
            // 拇指尖抵于鼻尖，交替点动: the finger that rests on something stays there.
            (None, FingerMotionKind::Wiggle) => match state.place {
                Some(Place { part: HandPart::Tip(finger), distance: Distance::Contact, .. }) => {
                    out.but(FingerSet::default().with(finger))
                }
                _ => out,
            },
            (None, FingerMotionKind::Rub | FingerMotionKind::Flick | FingerMotionKind::OpenClose) => {
                FingerSet(out.0 | 1)
            }
            (None, _) => out,
        };
        let times = act.times.unwrap_or(match kind {
            FingerMotionKind::Wiggle | FingerMotionKind::Rub | FingerMotionKind::Tremble => A_FEW,
            _ => 1,
        });
        FingerMotion { kind, fingers: set.iter().collect(), times }
    }

    /// 书空, 划: strokes before the signer, or a circle.
    pub(super) fn drawn(&self, figure: &Figure, act: &Act) -> Path {
        let size = sized(Size::Normal, &act.adverbs, act.large, act.small);
        let circle = |size| Path {
            shape: PathShape::Circle { axis: Dir::FORWARD, turns: 1.0 },
            direction: None,
            to: None,
            size,
            there_and_back: false,
        };
        let glyph = match figure {
            Figure::Round(RoundWord::Square) => "□",
            Figure::Round(RoundWord::HalfCircle) => {
                return Path { shape: PathShape::Circle { axis: Dir::FORWARD, turns: 0.5 }, ..circle(size) };
            }
            Figure::Round(RoundWord::LargeCircle) => return circle(Size::Large),
            Figure::Round(RoundWord::SmallCircle) => return circle(Size::Small),
            Figure::Round(_) => return circle(size),
            Figure::Glyph(glyph) => glyph.as_str(),
        };
        let scale = match size {
            Size::Small => FIGURE * 0.6,
            Size::Large => FIGURE * 1.5,
            Size::Normal | Size::Metres(_) => FIGURE,
        };
        let strokes = trace::strokes(glyph).unwrap_or_default();
        let [x0, y0] = strokes.first().and_then(|stroke| stroke.first()).copied().unwrap_or_default();
        // As the signer writes it: the figure's right is the signer's right, −X.
        let point = |&[x, y]: &[f32; 2]| [(x0 - x) * scale, (y - y0) * scale, 0.0];
        let strokes = strokes.iter().map(|stroke| stroke.iter().map(point).collect()).collect();
        Path { shape: PathShape::Trace(strokes), ..circle(size) }
    }
}
