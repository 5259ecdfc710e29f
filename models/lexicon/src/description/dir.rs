//! Directions as the language says them, before it is known for which hand.

use glam::Vec3;
use signing::{Dir, Hand};

/// Sideways parts of a direction that depend on the hand or the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sideways {
    /// Nothing, or an absolute left or right.
    None,
    /// 一侧: to the dominant hand's side, for both hands alike.
    OneSide,
    /// 另一侧, 对侧: across the body.
    OtherSide,
    /// 两侧: each hand to its own side.
    Apart,
    /// 中间: each hand towards the middle.
    Inward,
    /// 斜: to the side of the hand that moves, a little.
    Slant,
}

/// A direction word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DirWord {
    /// Absolute components: left, up, forward.
    pub(crate) left: f32,
    pub(crate) up: f32,
    pub(crate) forward: f32,
    pub(crate) sideways: Sideways,
}

impl DirWord {
    pub(crate) const fn new(left: f32, up: f32, forward: f32) -> Self {
        Self { left, up, forward, sideways: Sideways::None }
    }

    pub(crate) const UP: Self = Self::new(0.0, 1.0, 0.0);
    pub(crate) const DOWN: Self = Self::new(0.0, -1.0, 0.0);
    pub(crate) const FORWARD: Self = Self::new(0.0, 0.0, 1.0);
    pub(crate) const BACK: Self = Self::new(0.0, 0.0, -1.0);
    pub(crate) const LEFT: Self = Self::new(1.0, 0.0, 0.0);
    pub(crate) const RIGHT: Self = Self::new(-1.0, 0.0, 0.0);
    pub(crate) const APART: Self = Self { sideways: Sideways::Apart, ..Self::new(0.0, 0.0, 0.0) };
    pub(crate) const INWARD: Self = Self { sideways: Sideways::Inward, ..Self::new(0.0, 0.0, 0.0) };
    pub(crate) const ONE_SIDE: Self = Self { sideways: Sideways::OneSide, ..Self::new(0.0, 0.0, 0.0) };
    pub(crate) const OTHER_SIDE: Self = Self { sideways: Sideways::OtherSide, ..Self::new(0.0, 0.0, 0.0) };

    /// For this hand, as a direction in the signer's space.
    pub(crate) fn resolve(self, hand: Hand) -> Dir {
        // The dominant hand is the right one: its own side is −X.
        let own = match hand {
            Hand::Dominant => -1.0,
            Hand::Weak => 1.0,
        };
        let sideways = match self.sideways {
            Sideways::None => 0.0,
            Sideways::OneSide => -1.0,
            Sideways::OtherSide => 1.0,
            Sideways::Apart | Sideways::Slant => own,
            Sideways::Inward => -own,
        };
        let vector = Vec3::new(self.left + sideways, self.up, self.forward);
        Dir::new(vector).unwrap_or(Dir::FORWARD)
    }

    /// Whether it is up and nothing else.
    pub(crate) fn is_straight_up(self) -> bool {
        self == Self::UP
    }

    /// Whether it says which way each hand of a pair goes (apart or together).
    pub(crate) fn is_of_pair(self) -> bool {
        matches!(self.sideways, Sideways::Apart | Sideways::Inward)
    }

    pub(crate) fn opposite(self) -> Self {
        let sideways = match self.sideways {
            Sideways::None => Sideways::None,
            Sideways::OneSide => Sideways::OtherSide,
            Sideways::OtherSide => Sideways::OneSide,
            Sideways::Apart | Sideways::Slant => Sideways::Inward,
            Sideways::Inward => Sideways::Apart,
        };
        Self { left: -self.left, up: -self.up, forward: -self.forward, sideways }
    }
}

/// A pair of opposite directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis {
    LeftRight,
    UpDown,
    ForwardBack,
    Slanting,
}

impl Axis {
    /// The way a hand sets out along it.
    pub(crate) const fn outset(self) -> DirWord {
        match self {
            Self::LeftRight => DirWord { sideways: Sideways::Slant, ..DirWord::new(0.0, 0.0, 0.0) },
            Self::UpDown => DirWord::UP,
            Self::ForwardBack => DirWord::FORWARD,
            Self::Slanting => DirWord { sideways: Sideways::Slant, ..DirWord::new(0.0, 1.0, 0.0) },
        }
    }
}

/// Every direction word and what it means, built from parts.
pub(crate) fn dir_words() -> Vec<(String, DirWord)> {
    let plain = [
        ("前", DirWord::FORWARD),
        ("后", DirWord::BACK),
        ("左", DirWord::LEFT),
        ("右", DirWord::RIGHT),
        ("上", DirWord::UP),
        ("下", DirWord::DOWN),
        ("内", DirWord::BACK),
        ("里", DirWord::BACK),
        ("外", DirWord::FORWARD),
    ];
    let add = |a: DirWord, b: DirWord| DirWord {
        left: a.left + b.left,
        up: a.up + b.up,
        forward: a.forward + b.forward,
        sideways: if a.sideways == Sideways::None { b.sideways } else { a.sideways },
    };
    let slant = DirWord { sideways: Sideways::Slant, ..DirWord::new(0.0, 0.0, 0.0) };
    let horizontal = ["前", "后", "左", "右", "内", "外"];
    let mut bases: Vec<(String, DirWord)> = plain.iter().map(|&(word, dir)| (word.to_owned(), dir)).collect();
    for &(a, da) in &plain {
        for &(b, db) in &plain {
            let vertical_second = horizontal.contains(&a) && (b == "上" || b == "下");
            let side_and_depth = ["左", "右"].contains(&a) && ["前", "后", "内", "外"].contains(&b);
            let depth_and_side = ["前", "后"].contains(&a) && ["左", "右"].contains(&b);
            if vertical_second || side_and_depth || depth_and_side {
                bases.push((format!("{a}{b}"), add(da, db)));
            }
        }
    }
    let mut words = Vec::new();
    for (base, dir) in &bases {
        for suffix in ["", "方", "侧", "面", "边"] {
            if suffix == "面" && base.chars().count() > 1 {
                continue;
            }
            words.push((format!("{base}{suffix}"), *dir));
        }
        for slanting in [format!("斜{base}方"), format!("斜{base}")] {
            let already_sideways = dir.left != 0.0;
            words.push((slanting, if already_sideways { add(*dir, DirWord::FORWARD) } else { add(*dir, slant) }));
        }
        // 前斜下方, 左斜前方: a slant named in the middle.
        for &(second, more) in &plain {
            if base.chars().count() == 1 && base != second && !(base == "上" && second == "下") {
                words.push((format!("{base}斜{second}方"), add(*dir, more)));
            }
        }
        let pairs = [
            ("两侧", DirWord::APART),
            ("左右两侧", DirWord::APART),
            ("两边", DirWord::APART),
            ("一侧", DirWord::ONE_SIDE),
        ];
        for (pair, sideways) in pairs {
            for slanting in ["", "斜"] {
                words.push((format!("{pair}{slanting}{base}方"), add(sideways, *dir)));
            }
        }
        for slanting in ["斜", ""] {
            words.push((format!("左右{slanting}{base}方"), add(DirWord::APART, *dir)));
            words.push((format!("左、右{slanting}{base}方"), add(DirWord::APART, *dir)));
        }
    }
    // 自上而下, 由左至右: where it goes.
    for (from, to) in [
        ("上", "下"),
        ("下", "上"),
        ("左", "右"),
        ("右", "左"),
        ("前", "后"),
        ("后", "前"),
        ("内", "外"),
        ("外", "内"),
        ("里", "外"),
        ("外", "里"),
        ("高", "低"),
        ("低", "高"),
        ("近", "远"),
        ("远", "近"),
    ] {
        let dir = match to {
            "低" => DirWord::DOWN,
            "高" => DirWord::UP,
            "远" => DirWord::FORWARD,
            "近" => DirWord::BACK,
            to => plain.iter().find(|(word, _)| *word == to).map_or(DirWord::FORWARD, |&(_, dir)| dir),
        };
        for start in ["自", "由", "从"] {
            for way in ["而", "至", "到", "及", "往"] {
                words.push((format!("{start}{from}{way}{to}"), dir));
            }
        }
    }
    for (word, dir) in [
        ("一侧", DirWord::ONE_SIDE),
        ("一边", DirWord::ONE_SIDE),
        ("一旁", DirWord::ONE_SIDE),
        ("一方", DirWord::ONE_SIDE),
        ("旁边", DirWord::ONE_SIDE),
        ("侧面", DirWord::ONE_SIDE),
        ("同侧", DirWord::ONE_SIDE),
        ("同一侧", DirWord::ONE_SIDE),
        ("另一侧", DirWord::OTHER_SIDE),
        ("另侧", DirWord::OTHER_SIDE),
        ("对侧", DirWord::OTHER_SIDE),
        ("两侧", DirWord::APART),
        ("两边", DirWord::APART),
        ("两旁", DirWord::APART),
        ("左右两侧", DirWord::APART),
        ("左右两边", DirWord::APART),
        ("两端", DirWord::APART),
        ("中间", DirWord::INWARD),
        ("中央", DirWord::INWARD),
        ("当中", DirWord::INWARD),
        ("前方", DirWord::FORWARD),
        ("后方", DirWord::BACK),
        ("前侧方", add(DirWord::FORWARD, slant)),
        ("侧前方", add(DirWord::FORWARD, slant)),
        ("后侧方", add(DirWord::BACK, slant)),
        ("侧后方", add(DirWord::BACK, slant)),
        ("外侧", DirWord::FORWARD),
        ("内侧", DirWord::BACK),
    ] {
        words.push((word.to_owned(), dir));
    }
    words
}
