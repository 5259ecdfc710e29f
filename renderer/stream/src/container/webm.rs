//! WebM. Its clock ticks in milliseconds: at 30000/1001 fps each time is rounded to one, and the exact
//! length of a frame stands in the track's header.

use super::{ContainerPlan, reproducible};

pub(super) fn plan() -> ContainerPlan {
    ContainerPlan { muxer: "webm", options: vec![reproducible()] }
}
