//! QuickTime.

use super::{ContainerPlan, isobmff_options};
use crate::config::EncoderConfig;

pub(super) fn plan(config: &EncoderConfig) -> ContainerPlan {
    ContainerPlan { muxer: "mov", options: isobmff_options(config) }
}
