//! The pose head: what is learnt, between planning and projection.
//!
//! In: what planning says of one configuration of the hands, and the sign that comes next. Out: a [`Shape`], how long things
//! take and what is added to the plan. Never: sees further than the next sign, writes a pose. Projection comes after it
//! and keeps limits, contact and volumes whatever a shape says.
//!
//! Read in this order: `shape` (what it gives), `features` (what it sees), `shaper` (who answers), `residual` (what becomes
//! of the answer), `network` (the one that is learnt), `objective` (what a motion costs), `teacher` (who searches for the
//! best shapes), `train` (how the network learns them).

mod error;
pub(crate) mod features;
pub mod measure;
mod network;
mod objective;
mod recording;
mod residual;
pub(crate) mod shape;
mod shaper;
mod tally;
mod teacher;
pub mod train;

use std::{fmt, str::FromStr, sync::Arc};

pub use error::HeadError;
pub use features::{FEATURES, FEATURES_VERSION, Features};
pub use network::{Memory, NetworkConfig, PoseNetwork};
pub use objective::{Part, Score, score};
pub use recording::{Mismatch, Recording};
pub use shape::{OUTPUTS, OUTPUTS_VERSION, Shape};
pub(crate) use shaper::Shaper;
pub use tally::Tally;
pub use teacher::{Example, Solution, Teacher, TeacherOptions};

/// Which head is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeadChoice {
    /// Planning as it is.
    #[default]
    Analytic,
    /// The network that is part of the program.
    Neural,
}

impl FromStr for HeadChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "analytic" => Ok(Self::Analytic),
            "neural" => Ok(Self::Neural),
            _ => Err("expected analytic or neural".to_owned()),
        }
    }
}

impl fmt::Display for HeadChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Analytic => "analytic",
            Self::Neural => "neural",
        })
    }
}

/// A head that is ready.
#[derive(Debug, Clone, PartialEq)]
pub enum Head {
    /// Planning as it is.
    Analytic,
    /// A network.
    Neural(Arc<PoseNetwork>),
    /// These shapes, one a configuration in the order of planning, then as planning has it: what a teacher tries.
    Given(Arc<[Shape]>),
}

impl Head {
    /// The chosen one.
    ///
    /// Errors: as [`PoseNetwork::embedded`].
    pub fn choose(choice: HeadChoice) -> Result<Self, HeadError> {
        match choice {
            HeadChoice::Analytic => Ok(Self::Analytic),
            HeadChoice::Neural => PoseNetwork::embedded().map(Self::Neural),
        }
    }

    pub(crate) fn shaper(&self) -> Shaper {
        match self {
            Self::Analytic => Shaper::analytic(),
            Self::Neural(network) => Shaper::network(Arc::clone(network)),
            Self::Given(shapes) => Shaper::given(shapes, false),
        }
    }
}

impl fmt::Display for Head {
    /// Its name and its version.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Analytic => write!(f, "analytic {}", env!("CARGO_PKG_VERSION")),
            Self::Neural(network) => write!(f, "neural {}", network.version()),
            Self::Given(shapes) => write!(f, "given, {} shapes", shapes.len()),
        }
    }
}
