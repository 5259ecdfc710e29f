//! MP4.

use super::{ContainerPlan, isobmff_options};
use crate::config::EncoderConfig;

pub(super) fn plan(config: &EncoderConfig) -> ContainerPlan {
    ContainerPlan { muxer: "mp4", options: isobmff_options(config) }
}
