//! Descriptions that nobody wrote, composed from words of the language with the parts that each of them must yield.
//!
//! A word is right in one sentence by accident; in hundreds of others only if the grammar puts it together.

use super::lacking;

/// A phrase and the parts that it yields, `;` between them.
type Phrase = (&'static str, &'static str);

const SHAPES: &[Phrase] = &[
    ("伸食指", "right fingers = -I---"),
    ("伸拇、小指", "right fingers = T---L"),
    ("伸食、中指", "right fingers = -IM--"),
    ("伸拇、食、小指", "right fingers = TI--L"),
    ("中、无名、小指伸直", "right fingers = --MRL"),
    ("五指张开", "right fingers = TIMRL; right spread = true"),
    ("五指微曲", "right bent = 0.6"),
    ("五指撮合", "right name = 五指撮合"),
    ("拇、食指捏成圆形", "right touch = ThumbTipToTip(Index)"),
    ("拇、中指相捏", "right touch = ThumbTipToTip(Middle)"),
    ("食、中指相叠", "right touch = CrossedOverNext(Index)"),
    ("握拳", "right fingers = -----"),
    ("虚握", "right name = 虚握"),
    ("五指成“⊃”形", "right fingers = TIMRL"),
    ("打手指字母“L”的指式", "right name = 字母L"),
    ("打数字“7”的手势", "right name = 数字7"),
];

const DIRECTIONS: &[Phrase] = &[
    ("掌心向下", "right palm = down"),
    ("掌心向上", "right palm = up"),
    ("掌心向外", "right palm = forward"),
    ("手背向外", "right palm = back"),
    ("掌心向左", "right palm = left"),
    ("虎口朝上", "right radial = up"),
    ("虎口朝内", "right radial = back"),
    ("手背向右", "right palm = left"),
];

const PLACES: &[Phrase] = &[
    ("置于胸前", "right at = chest before"),
    ("置于前额", "right at = forehead"),
    ("置于鼻下", "right at = undernose"),
    ("置于头一侧", "right at = headside/right"),
    ("置于嘴前", "right at = mouth before"),
    ("贴于左胸部", "right at = chest/left contact"),
    ("抵于太阳穴", "right at = temple/right contact"),
    ("贴于脸颊", "right at = cheek/right contact"),
    ("置于腹前", "right at = belly before"),
    ("置于左肩上", "right at = shoulder/left"),
    ("置于耳旁", "right at = ear/right"),
    ("按于颏部", "right at = chin contact"),
    ("置于头顶", "right at = headtop"),
    ("置于腰部", "right at = waist/right"),
];

const WAYS: &[Phrase] = &[
    ("向前", "path = forward"),
    ("向下", "path = down"),
    ("向上", "path = up"),
    ("向左", "path = left"),
    ("向右", "path = right"),
    ("向前下方", "path = forward+down"),
    ("向左上方", "path = left+up"),
    ("向一侧", "path = right"),
    ("向后", "path = back"),
    ("自上而下", "path = down"),
    ("从左向右", "path = right"),
    ("由下往上", "path = up"),
];

const MANNERS: &[Phrase] = &[
    ("", ""),
    ("用力", "manner = forceful"),
    ("缓慢", "manner = slow"),
    ("快速", "manner = fast"),
    ("微微", "manner = small"),
];

const VERBS: &[&str] = &["移动", "推动", "挥动", "划动", "伸出", "甩动", "拉动", "滑动"];

const COUNTS: &[Phrase] =
    &[("", ""), ("两下", "times = 2"), ("三下", "times = 3"), ("几下", "times = 3"), ("一（或两）下", "")];

const FACES: &[Phrase] = &[
    ("面露痛苦的表情", "face = pained"),
    ("口微张", "face = slightlyopen"),
    ("头微低", "face = tiltdown"),
    ("闭眼", "face = closed"),
    ("身体前倾", "face = leanforward"),
    ("鼓腮", "face = puffed"),
    ("面带笑容", "face = smile"),
    ("目光随之移动", "face = dominanthand"),
];

/// Contact of the right hand with the left one: where.
const MEETINGS: &[Phrase] = &[
    ("左手掌心", "other:palm"),
    ("左手背", "other:back"),
    ("左手腕", "other:wrist"),
    ("左手虎口", "other:web"),
    ("左手拇指", "other:pad(thumb)"),
    ("左手食指尖", "other:tip(index)"),
    ("左手小指外侧", "other:ulnaredge"),
    ("左手指尖", "other:fingertips"),
];

const TOUCHES: &[(&str, &str)] =
    &[("碰", "tap"), ("敲", "tap"), ("拍", "tap"), ("点", "tap"), ("摸", "brush"), ("擦", "brush"), ("捏", "grasp")];

/// A run of numbers that is the same each time.
struct Dice(u64);

impl Dice {
    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        &from[(self.0 >> 33) as usize % from.len()]
    }
}

/// One hand: a step of the description, and its parts.
fn one_hand(dice: &mut Dice) -> (String, Vec<String>) {
    let mut clauses = Vec::new();
    let mut parts = Vec::new();
    let mut say = |clause: String, yields: &[&str]| {
        clauses.push(clause);
        parts.extend(yields.iter().flat_map(|yields| yields.split(';')).map(|part| part.trim().to_owned()));
    };
    let (shape, yields) = dice.pick(SHAPES);
    say(format!("一手{shape}"), &[yields]);
    let (direction, yields) = dice.pick(DIRECTIONS);
    say((*direction).to_owned(), &[yields]);
    let (place, yields) = dice.pick(PLACES);
    say((*place).to_owned(), &[yields]);
    let (way, heads) = dice.pick(WAYS);
    let (manner, how) = dice.pick(MANNERS);
    let (count, often) = dice.pick(COUNTS);
    let verb = dice.pick(VERBS);
    let then = dice.pick(&["", "然后"]);
    say(format!("{then}{manner}{way}{verb}{count}"), &[heads, how, often]);
    let (face, yields) = dice.pick(FACES);
    say((*face).to_owned(), &[yields]);
    parts.retain(|part| !part.is_empty());
    (clauses.join("，") + "。", parts)
}

/// The right hand meets the left one.
fn two_hands(dice: &mut Dice) -> (String, Vec<String>) {
    let (site, place) = dice.pick(MEETINGS);
    let (verb, kind) = dice.pick(TOUCHES);
    let count = dice.pick(&["一下", "两下", "三下"]);
    let (left, direction) = dice.pick(&[
        ("横伸，掌心向下", "left palm = down"),
        ("直立，掌心向右", "left palm = right"),
        ("平伸，掌心向上", "left palm = up"),
        ("握拳，虎口朝上", "left radial = up"),
        ("横立，手背向外", "left palm = back"),
    ]);
    let (shape, fingers) = dice.pick(&[
        ("伸食指", "right fingers = -I---"),
        ("食、中指并拢", "right fingers = -IM--"),
        ("五指撮合", "right name = 五指撮合"),
        ("握拳", "right fingers = -----"),
        ("五指弯曲", "right name = 五指弯曲"),
    ]);
    let told = match dice.pick(&[0, 1, 2]) {
        0 => format!("{verb}{count}{site}"),
        1 => format!("{verb}{site}{count}"),
        _ => format!("在{site}上{verb}{count}"),
    };
    let mut parts = vec![
        direction.to_string(),
        fingers.to_string(),
        format!("contact = {kind} {place}"),
        "hands = independent".to_owned(),
        "moves = right".to_owned(),
    ];
    match *count {
        "两下" => parts.push("times = 2".to_owned()),
        "三下" => parts.push("times = 3".to_owned()),
        _ => {}
    }
    (format!("左手{left}；右手{shape}，{told}。"), parts)
}

/// A pair of hands that move alike.
fn a_pair(dice: &mut Dice) -> (String, Vec<String>) {
    let (shape, fingers) = dice.pick(&[
        ("伸食指", "-I---"),
        ("握拳", "-----"),
        ("五指张开", "TIMRL"),
        ("伸拇指", "T----"),
        ("食、中指分开", "-IM--"),
        ("食指指尖朝前", "-I---"),
    ]);
    let (way, heads) = dice.pick(&[
        ("向前移动", "path = forward"),
        ("向两侧移动", "path = right"),
        ("从两侧向中间移动", "path = left"),
        ("从中间向两侧拉开", "path = right"),
        ("向上抬起", "path = up"),
        ("向下一顿", "path = down; manner = stop"),
        ("交替向上移动", "path = up; hands = alternating"),
        ("自上而下移动", "path = down"),
        ("前后交替移动两下", "path = forward; hands = alternating; times = 2"),
    ]);
    let mut parts = vec![format!("right fingers = {fingers}"), format!("left fingers = {fingers}")];
    parts.extend(heads.split(';').map(|part| part.trim().to_owned()));
    (format!("双手{shape}，{way}。"), parts)
}

#[test]
fn composed_descriptions_yield_every_part() {
    let mut dice = Dice(7);
    let mut failures = Vec::new();
    let count = 1_200;
    for round in 0..count {
        let (description, parts) = match round % 3 {
            0 => one_hand(&mut dice),
            1 => two_hands(&mut dice),
            _ => a_pair(&mut dice),
        };
        // With another step before it, the step is the second one.
        let (description, parts) = if round % 2 == 0 {
            let numbered = parts.iter().map(|part| format!("2: {part}")).collect();
            (format!("（一）双手伸小指，互碰两下。（二）{description}"), numbered)
        } else {
            (description, parts)
        };
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let lacking = lacking(&description, &parts);
        if !lacking.is_empty() {
            failures.push(format!("{description}\n    {}", lacking.join("\n    ")));
        }
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}
