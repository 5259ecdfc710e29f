//! Many streams in one table.

use std::fmt;

use super::{Checked, Kind};

/// What was measured of many streams.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Vec<(String, Checked)>,
}

impl Table {
    /// Adds a stream under its name.
    pub fn add(&mut self, name: impl Into<String>, checked: Checked) {
        self.rows.push((name.into(), checked));
    }

    /// What was added, in that order.
    pub fn rows(&self) -> &[(String, Checked)] {
        &self.rows
    }

    /// How many streams are beyond the limit of a kind.
    pub fn beyond(&self, kind: Kind) -> usize {
        self.rows.iter().filter(|(_, checked)| checked.worst(kind).is_some_and(|worst| worst > kind.limit())).count()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<16} {:>6} {:>9} {:>9} {:>9} {:>9} {:>7}  worst in",
            "what", "limit", "measured", "median", "95 %", "worst", "beyond"
        )?;
        for kind in Kind::ALL {
            let mut all: Vec<(f32, &str)> =
                self.rows.iter().filter_map(|(name, checked)| Some((checked.worst(kind)?, name.as_str()))).collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0));
            let Some(&(worst, name)) = all.last() else { continue };
            let share = |share: usize| all[(all.len() - 1) * share / 100].0;
            writeln!(
                f,
                "{:<16} {:>6} {:>9} {:>9.1} {:>9.1} {:>9.1} {:>7}  {name}",
                format!("{} {}", kind.name(), ""),
                format!("{:.0} {}", kind.limit(), kind.unit()),
                all.len(),
                share(50),
                share(95),
                worst,
                self.beyond(kind),
            )?;
        }
        Ok(())
    }
}
