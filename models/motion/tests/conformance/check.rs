//! The small language of what a row asserts: `name(argument, …)`, checks parted by `;`.

use glam::Vec3;
use signing::{Bone, FaceShape, HandPart, Side};

use crate::measure::{Shown, Stretch};

/// One assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({})", self.name, self.args.join(","))
    }
}

pub(crate) fn parse(text: &str) -> Vec<Check> {
    let checks = text.split(';').map(str::trim).filter(|check| !check.is_empty());
    checks
        .map(|check| {
            let (name, args) = check.split_once('(').unwrap_or((check, ")"));
            let args = args.strip_suffix(')').unwrap_or_else(|| panic!("“{check}”: expected a closing bracket"));
            let args = args.split(',').map(str::trim).filter(|arg| !arg.is_empty());
            Check { name: name.to_owned(), args: args.map(str::to_owned).collect() }
        })
        .collect()
}

/// A hand that takes part is at least so far from where it rests, metres.
const LIFTED_M: f32 = 0.08;
/// A wave swings at least so far, metres.
const WAVE_M: f32 = 0.015;

const RIGHT: Side = Side::Right;
const LEFT: Side = Side::Left;

fn axis(name: &str) -> Vec3 {
    match name {
        "left" => Vec3::X,
        "right" => Vec3::NEG_X,
        "up" => Vec3::Y,
        "down" => Vec3::NEG_Y,
        "ahead" => Vec3::Z,
        "back" => Vec3::NEG_Z,
        other => panic!("“{other}” is no direction: left, right, up, down, ahead or back"),
    }
}

fn number(text: &str) -> f32 {
    text.parse().unwrap_or_else(|_| panic!("“{text}”: expected a number"))
}

/// The frame `share` of the way through.
fn at(token: &Stretch, share: f32) -> usize {
    token.start + ((token.end - token.start) as f32 * share).round() as usize
}

/// How far a wrist goes along an axis within a token, the way to it left out: the most between two later frames.
fn gone(shown: &Shown, token: &Stretch, side: Side, along: Vec3) -> f32 {
    let (from, to) = (shown.wrist(at(token, 0.45), side), shown.wrist(token.end, side));
    (to - from).dot(along)
}

/// How often a path turns back, by at least `least` each time.
fn turns_of(path: &[f32], least: f32) -> usize {
    let (mut turns, mut way, mut edge) = (0, 0.0_f32, path.first().copied().unwrap_or_default());
    for &at in path {
        // The furthest so far on the present way; back from it by enough is a turn.
        if (at - edge) * way > 0.0 {
            edge = at;
        } else if (at - edge).abs() >= least {
            turns += usize::from(way != 0.0);
            (way, edge) = ((at - edge).signum(), at);
        }
    }
    turns
}

fn most(frames: impl Iterator<Item = usize>, value: impl Fn(usize) -> f32) -> f32 {
    frames.map(value).fold(f32::NEG_INFINITY, f32::max)
}

fn raised(shown: &Shown, frame: usize) -> f32 {
    (shown.face(frame, FaceShape::BrowOuterUpLeft) + shown.face(frame, FaceShape::BrowOuterUpRight)) / 2.0
}

fn drawn(shown: &Shown, frame: usize) -> f32 {
    (shown.face(frame, FaceShape::BrowDownLeft) + shown.face(frame, FaceShape::BrowDownRight)) / 2.0
}

fn holds(holds: bool, found: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(found()) }
}

impl Check {
    fn arg(&self, index: usize) -> &str {
        self.args.get(index).unwrap_or_else(|| panic!("{self}: argument {} is missing", index + 1))
    }

    /// Whether the poses show it.
    ///
    /// Errors: what they show instead.
    pub(crate) fn run(&self, shown: &Shown) -> Result<(), String> {
        let token = |index: usize| shown.token(self.arg(index));
        let last = shown.tokens.iter().map(|token| token.sentence).max().unwrap_or_default();
        let ending = || {
            let of_last = || shown.tokens.iter().filter(|token| token.sentence == last);
            of_last().map(|token| token.start).min().unwrap()..of_last().map(|token| token.end).max().unwrap()
        };
        let end = ending().end;
        match self.name.as_str() {
            // The last sentence's brows: up, drawn or flat.
            "brows" => {
                let up = most(ending(), |frame| raised(shown, frame));
                let down = most(ending(), |frame| drawn(shown, frame));
                let wanted = match self.arg(0) {
                    "up" => up > 0.7 && down < 0.3,
                    "drawn" => down > 0.7 && up < 0.3,
                    "flat" => up < 0.3 && down < 0.3,
                    other => panic!("“{other}”: brows are up, drawn or flat"),
                };
                holds(wanted, || format!("brows up by {up:.2}, drawn by {down:.2}"))
            }
            // Brows are up through the first token, to its end, and no longer in the second.
            "brows_until" => {
                let (within, beyond) = (token(0)?, token(1)?);
                let kept = raised(shown, at(within, 0.5)).min(raised(shown, at(within, 0.9)));
                let after = raised(shown, at(beyond, 0.9));
                holds(kept > 0.35 && after < 0.25, || format!("brows {kept:.2} until the end, {after:.2} after it"))
            }
            // The index finger points there.
            "points" => {
                let token = token(0)?;
                let along = axis(self.arg(1));
                let best = most(at(token, 0.4)..token.end, |frame| shown.index(frame, RIGHT).dot(along));
                let middle = shown.index(at(token, 0.7), RIGHT);
                holds(best > 0.55, || format!("points {best:.2} of the way {}; {middle:.2}", self.arg(1)))
            }
            // Two pointings at the same place; at two places.
            "same_place" | "two_places" => {
                let way = |token: &Stretch| {
                    let flat = Vec3::new(1.0, 0.0, 1.0);
                    (at(token, 0.5)..=at(token, 0.9)).map(|frame| shown.index(frame, RIGHT) * flat).sum::<Vec3>()
                };
                let angle = way(token(0)?).angle_between(way(token(1)?)).to_degrees();
                let wanted = if self.name == "same_place" { angle < 20.0 } else { angle > 45.0 };
                holds(wanted, || format!("the two pointings are {angle:.0}° apart"))
            }
            // The dominant wrist goes that way, metres.
            "goes" => {
                let far = gone(shown, token(0)?, RIGHT, axis(self.arg(1)));
                holds(far > number(self.arg(2)), || format!("goes {far:.3} m {}", self.arg(1)))
            }
            // The same token of another text goes the other way along an axis.
            "opposed_to" => {
                let other = shown.another(self.arg(2));
                let along = axis(self.arg(1));
                let here = gone(shown, token(0)?, RIGHT, along);
                let there = gone(&other, other.token(self.arg(0))?, RIGHT, along);
                holds(here - there > 0.03, || format!("{here:.3} m here, {there:.3} m there"))
            }
            // How many fingers are out, right and left, at some frame of the token's second half; both hands take part.
            "hands" => {
                let token = token(0)?;
                let wanted = (number(self.arg(1)) as usize, number(self.arg(2)) as usize);
                let seen: Vec<_> = (at(token, 0.4)..token.end)
                    .filter(|&frame| shown.lifted(frame, LEFT) > LIFTED_M)
                    .map(|frame| (shown.fingers(frame, RIGHT), shown.fingers(frame, LEFT)))
                    .collect();
                holds(seen.contains(&wanted), || format!("fingers out, right and left, the left hand up: {seen:?}"))
            }
            "fingers" => {
                let token = token(0)?;
                let wanted = number(self.arg(1)) as usize;
                let seen: Vec<_> = (at(token, 0.4)..token.end).map(|frame| shown.fingers(frame, RIGHT)).collect();
                holds(seen.iter().filter(|seen| **seen == wanted).count() * 2 >= seen.len(), || {
                    format!("fingers out: {seen:?}")
                })
            }
            // So many fingers, one number after the other.
            "digits" => {
                let token = token(0)?;
                let seen: Vec<_> = (token.start..token.end).map(|frame| shown.fingers(frame, RIGHT)).collect();
                let mut rest = seen.iter();
                let all = self.args[1..].iter().all(|digit| rest.any(|seen| *seen == number(digit) as usize));
                holds(all, || format!("fingers out: {seen:?}"))
            }
            // One hand stands above the other, both up: metres between the index fingers' roots.
            "right_below_left" => {
                let frame = at(token(0)?, 0.7);
                let apart =
                    shown.joint(frame, Bone::LeftIndexProximal).y - shown.joint(frame, Bone::RightIndexProximal).y;
                let up = shown.height(frame, LEFT).min(shown.height(frame, RIGHT));
                holds(apart > number(self.arg(1)) && up > 0.15, || format!("{apart:.3} m apart, {up:.2} up"))
            }
            // The dominant hand is at the other one's wrist; away from it.
            "at_wrist" | "off_wrist" => {
                let token = token(0)?;
                let away = -most(at(token, 0.3)..token.end, |frame| {
                    -shown.part(frame, RIGHT, HandPart::Fingertips).distance(shown.wrist(frame, LEFT))
                });
                let up = most(at(token, 0.3)..token.end, |frame| shown.lifted(frame, LEFT));
                let wanted = if self.name == "at_wrist" { away < 0.17 && up > LIFTED_M } else { away > 0.2 };
                holds(wanted, || format!("{away:.3} m from the wrist, which is {up:.3} m from its rest"))
            }
            // The dominant hand comes to lie on the back of the other one.
            "on_hand" => {
                let token = token(0)?;
                let parts = [HandPart::Palm, HandPart::Pad(signing::Finger::Index)];
                let away = -most(at(token, 0.4)..token.end, |frame| {
                    let back = shown.part(frame, LEFT, HandPart::Back);
                    -parts
                        .map(|part| shown.part(frame, RIGHT, part).distance(back))
                        .into_iter()
                        .fold(f32::MAX, f32::min)
                });
                let up = most(at(token, 0.4)..token.end, |frame| shown.lifted(frame, LEFT));
                holds(away < 0.06 && up > LIFTED_M, || format!("{away:.3} m off the hand, which is {up:.3} m up"))
            }
            // Who looks at the signer sees both eyes, for most of the sign's second half or of the shares that are given.
            "eyes_seen" => {
                let token = token(0)?;
                let frames = match self.args.len() {
                    3 => at(token, number(self.arg(1)))..at(token, number(self.arg(2))),
                    _ => at(token, 0.5)..token.end,
                };
                let covered = frames.clone().filter(|&frame| shown.covers_an_eye(frame)).count();
                holds(covered * 4 < frames.len(), || {
                    format!("an eye is covered in {covered} of {} frames", frames.len())
                })
            }
            // The weak hand is up too; is down.
            "two_hands" | "one_hand" => {
                let token = token(0)?;
                let up = most(at(token, 0.5)..token.end, |frame| shown.lifted(frame, LEFT));
                let wanted = if self.name == "two_hands" { up > LIFTED_M } else { up < LIFTED_M };
                holds(wanted, || format!("the weak hand is {up:.3} m from where it rests"))
            }
            // The weak hand's own movement, metres of its way; the hands do different things.
            "both_move" => {
                let token = token(0)?;
                let right = gone(shown, token, RIGHT, axis(self.arg(1)));
                let left = gone(shown, token, LEFT, axis(self.arg(1)));
                let up = shown.lifted(at(token, 0.8), LEFT);
                holds(right > number(self.arg(2)) && left.abs() < right / 2.0 && up > LIFTED_M, || {
                    format!("right {right:.3} m, left {left:.3} m, weak hand {up:.3} m from its rest")
                })
            }
            // The head turns to and fro; doesn't.
            "shakes" | "still_head" => {
                let left = most(ending(), |frame| shown.yaw(frame));
                let right = most(ending(), |frame| -shown.yaw(frame));
                let both = left.min(right);
                let wanted = if self.name == "shakes" { both > 0.12 } else { both < 0.08 };
                holds(wanted, || format!("the head turns {left:.2} left and {right:.2} right"))
            }
            // The face is turned to that side in the token.
            "looks" => {
                let token = token(0)?;
                let sign = axis(self.arg(1)).x;
                let turned = most(at(token, 0.3)..token.end, |frame| shown.yaw(frame) * sign);
                holds(turned > 0.08, || format!("the head turns {turned:.3} rad {}", self.arg(1)))
            }
            // The head comes forward over a question: the nose, metres before where it is at rest.
            "leans_in" => {
                let rest = shown.joint(0, signing::Bone::Head).z;
                let forward = most(ending(), |frame| shown.joint(frame, signing::Bone::Head).z - rest);
                holds(forward > 0.0045, || format!("the head comes {forward:.4} m forward"))
            }
            // Eyes close about the end.
            "blinks" => {
                let around = end.saturating_sub(14)..(end + 8).min(shown.frames.len());
                let closed = most(around, |frame| shown.face(frame, FaceShape::EyeBlinkLeft));
                holds(closed > 0.6, || format!("lids close by {closed:.2}"))
            }
            // A small nod at the full stop.
            "nods" => {
                let around = || end.saturating_sub(12)..(end + 8).min(shown.frames.len());
                let (high, low) = (most(around(), |f| shown.pitch(f)), -most(around(), |f| -shown.pitch(f)));
                holds(high - low > 0.05, || format!("the head nods by {:.3} rad", high - low))
            }
            // The hand waves from side to side: turns of its way or its fingers.
            "waves" => {
                let token = token(0)?;
                let tips: Vec<f32> = (token.start..=token.end)
                    .map(|frame| shown.part(frame, RIGHT, HandPart::Tip(signing::Finger::Middle)).x)
                    .collect();
                let turns = turns_of(&tips, WAVE_M);
                holds(turns >= 2, || format!("{turns} turns from side to side"))
            }
            // The same token is longer, and goes a longer way, than in another text.
            "more_than_in" => {
                let other = shown.another(self.arg(1));
                let long = |token: &Stretch| shown.secs(token.end - token.start);
                let (here, there) = (long(token(0)?), long(other.token(self.arg(0))?));
                let moves = shown.way(token(0)?, RIGHT) > other.way(other.token(self.arg(0))?, RIGHT);
                holds(moves && here > there * 1.2, || format!("{here:.2} s here, {there:.2} s there, {moves}"))
            }
            // The hand rises at the token's end.
            "rises" => {
                let token = token(0)?;
                let lowest = -most(at(token, 0.3)..token.end, |frame| -shown.wrist(frame, RIGHT).y);
                let rise = shown.wrist(token.end, RIGHT).y - lowest;
                holds(rise > 0.04, || format!("rises {rise:.3} m"))
            }
            // A letter that is doubled moves aside: metres to the right from the middle of the token to its end.
            "moves_aside" => {
                let token = token(0)?;
                let aside = shown.wrist(at(token, 0.5), RIGHT).x - shown.wrist(at(token, 0.95), RIGHT).x;
                holds(aside > number(self.arg(1)), || format!("moves {aside:.3} m aside"))
            }
            // A compound takes at most that share of its parts, each as it is signed in a text of its own (`部@文。`).
            "shorter_than_parts" => {
                let of = |token: &Stretch| shown.secs(token.end - token.start);
                let mut parts = 0.0;
                for part in &self.args[2..] {
                    let (name, text) = part.split_once('@').unwrap_or_else(|| panic!("“{part}”: expected part@text"));
                    parts += of(shown.another(text).token(name)?);
                }
                let whole = of(token(0)?);
                holds(whole < parts * number(self.arg(1)), || format!("{whole:.2} s of {parts:.2} s"))
            }
            // One is over before the other begins to stand.
            "before" => {
                let (first, second) = (token(0)?, token(1)?);
                holds(first.end <= second.start + 3, || format!("{first:?} {second:?}"))
            }
            // The mouth speaks: it opens or closes during the token.
            "mouths" => {
                let token = token(0)?;
                let moved =
                    [FaceShape::JawOpen, FaceShape::MouthPucker, FaceShape::MouthFunnel, FaceShape::MouthPressLeft]
                        .map(|shape| most(token.start..token.end, |frame| shown.face(frame, shape)));
                let most = moved.into_iter().fold(0.0, f32::max);
                holds(most > 0.08, || format!("mouth weights reach {most:.2}"))
            }
            // The last sign stands, seconds below a hand's breadth a second.
            "stands" => {
                let speed =
                    |frame: usize| shown.wrist(frame, RIGHT).distance(shown.wrist(frame - 1, RIGHT)) / shown.secs(1);
                let still = (end.saturating_sub(16).max(1)..=end).filter(|&frame| speed(frame) < 0.12).count();
                holds(shown.secs(still) > number(self.arg(0)), || format!("stands {:.2} s", shown.secs(still)))
            }
            other => panic!("there is no check “{other}”"),
        }
    }
}
