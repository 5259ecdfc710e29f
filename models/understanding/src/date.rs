//! Dates on two hands: the month above, the day below, both at once.

use signing::{
    ChannelUse, Construction, Hands, ManualChannel, ManualSegment, Place, SignForm, SpacePoint, Span, TokenForm,
};
use text::Unit;

use crate::{
    item::{Item, Kind},
    ladder::{Draft, Ladder},
};

/// Where the hand of the month and that of the day stand, for a right hand.
///
/// Far enough apart that the day's fingers end below the month's palm, and the month is beside the face.
const MONTH: SpacePoint = SpacePoint { x: -0.60, y: 1.10, z: 0.46 };
const DAY: SpacePoint = SpacePoint { x: -0.34, y: 0.49, z: 0.40 };

/// Whether `day` is the day of `month`: 10月 and 1日.
fn is_date(month: &Item<'_>, day: &Item<'_>) -> bool {
    let unit = |item: &Item<'_>| match &item.kind {
        Kind::Number { quantity, .. } => quantity.value.whole().map(|value| (quantity.unit, value)),
        _ => None,
    };
    // 2个月 is no date.
    let months = month.text.contains('个');
    let joined = month.ranges.last().zip(day.ranges.first()).is_some_and(|(a, b)| a.end == b.start);
    joined && !months && matches!((unit(month), unit(day)), (Some((Unit::Month, 1..=12)), Some((Unit::Day, 1..=31))))
}

/// The two tokens of a date, month first; `None` if the two items are none, or the packs lack their numbers.
pub(crate) fn date(ladder: &Ladder<'_>, month: &Item<'_>, day: &Item<'_>) -> Option<[Draft; 2]> {
    if !is_date(month, day) {
        return None;
    }
    let month = ladder.numeral_alone(month, "月", &place(MONTH))?;
    let day = ladder.numeral_alone(day, "日", &place(DAY))?;
    Some([month, day])
}

/// Puts a number's hand at a place, its movements with it.
fn place(at: SpacePoint) -> impl Fn(TokenForm) -> TokenForm {
    move |mut form| {
        let SignForm { steps, .. } = &mut form.form;
        for step in steps {
            if let Hands::One(config) = &mut step.hands {
                config.place = Some(Place::in_space(at));
            }
        }
        form
    }
}

/// Gives the month at token `month` to the weak hand, while the dominant one signs the day behind it.
pub(crate) fn bind(manual: &mut [ManualChannel; 2], constructions: &mut Vec<Construction>, month: u32) {
    let day = month + 1;
    let [dominant, weak] = manual;
    dominant.0.retain(|segment| segment.token != month);
    let segment = ManualSegment { token: month, kind: ChannelUse::Transferred, span: Span::tokens(day, day) };
    let at = weak.0.partition_point(|segment| segment.token < month);
    weak.0.insert(at, segment);
    let found = dominant.0.iter().position(|segment| segment.token == day);
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    if let Some(found) = found {
        constructions.push(Construction { dominant: index(found), weak: index(at) });
    }
}
