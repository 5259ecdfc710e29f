//! Lists of what is beyond a limit of `motion::check`, each with its reason: the list may only get shorter.

use std::{collections::BTreeMap, fmt::Write as _};

use motion::check::Kind;

/// An entry must be of use: what is measured is at least this share of what is granted.
const OF_USE: f32 = 0.4;
/// Entries of no more than this are of use as they are, in the kind's unit.
const SMALL: f32 = 3.0;

/// What is granted: of whom, which kind, the most.
#[derive(Debug)]
pub(crate) struct Exceptions {
    granted: BTreeMap<(String, Kind), f32>,
    stale: BTreeMap<(String, Kind), f32>,
    unlisted: BTreeMap<(String, Kind), f32>,
}

impl Exceptions {
    /// Reads a list of `whom, kind, most, reason`, parted by tabulators: a file of the tests' folder.
    pub(crate) fn read(file: &str) -> Self {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
        let list = std::fs::read_to_string(path).unwrap();
        let mut granted = BTreeMap::new();
        for (index, line) in list.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let mut fields = line.split('\t');
            let mut field = |what: &str| fields.next().unwrap_or_else(|| panic!("line {}: no {what}", index + 1));
            let (whom, kind, most, reason) = (field("name"), field("kind"), field("amount"), field("reason"));
            let kind = Kind::from_name(kind).unwrap_or_else(|| panic!("line {}: no kind “{kind}”", index + 1));
            let most: f32 = most.parse().unwrap_or_else(|_| panic!("line {}: “{most}” is no number", index + 1));
            assert!(reason.trim().len() > 10, "line {}: an exception needs a reason", index + 1);
            let before = granted.insert((whom.to_owned(), kind), most);
            assert!(before.is_none(), "line {}: {whom} {} is listed twice", index + 1, kind.name());
        }
        Self { stale: granted.clone(), granted, unlisted: BTreeMap::new() }
    }

    /// Notes what was measured, if it is beyond the kind's limit.
    pub(crate) fn note(&mut self, whom: &str, kind: Kind, worst: f32) {
        if worst <= kind.limit() {
            return;
        }
        let key = (whom.to_owned(), kind);
        match self.granted.get(&key) {
            Some(&most) if worst <= most => {
                if worst >= most * OF_USE || most <= SMALL {
                    self.stale.remove(&key);
                }
            }
            _ => {
                let known = self.unlisted.entry(key).or_insert(worst);
                *known = known.max(worst);
            }
        }
    }

    /// Fails if anything was beyond its limit and not listed, or is listed in vain.
    pub(crate) fn hold(self) {
        self.hold_what_is_granted();
        assert!(self.stale.is_empty(), "listed, but no longer needed or far too generous: {:?}", self.stale);
    }

    /// Fails if anything was beyond its limit and not listed.
    pub(crate) fn hold_what_is_granted(&self) {
        let mut unlisted = String::new();
        for ((whom, kind), worst) in &self.unlisted {
            let _ = writeln!(unlisted, "{whom}\t{}\t{:.0}\t", kind.name(), (worst * 1.1).ceil());
        }
        assert!(unlisted.is_empty(), "beyond limits and not listed (or by more than is granted):\n{unlisted}");
    }
}
