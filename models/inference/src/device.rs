use std::str::FromStr;

use candle_core::Device;

use crate::InferenceError;

/// Where a network runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The processor: always there.
    #[default]
    Cpu,
    /// An NVIDIA card by its ordinal; needs a build with the feature `cuda`.
    Cuda(usize),
    /// An Apple GPU by its ordinal; needs a build with the feature `metal`.
    Metal(usize),
}

impl DeviceChoice {
    /// Opens the device. Errors: [`InferenceError::Device`] when the build or the machine lacks it.
    pub fn open(self) -> Result<Device, InferenceError> {
        let lacking = |name: &str, error: candle_core::Error| InferenceError::Device {
            found: name.to_owned(),
            reason: format!("{error}; use `cpu`, or a build with the feature `{name}` on a machine that has one"),
        };
        match self {
            Self::Cpu => Ok(Device::Cpu),
            Self::Cuda(ordinal) => Device::new_cuda(ordinal).map_err(|error| lacking("cuda", error)),
            Self::Metal(ordinal) => Device::new_metal(ordinal).map_err(|error| lacking("metal", error)),
        }
    }
}

impl FromStr for DeviceChoice {
    type Err = InferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || InferenceError::Device {
            found: text.to_owned(),
            reason: "expected `cpu`, `cuda`, `cuda:N`, `metal` or `metal:N`".to_owned(),
        };
        let (name, ordinal) = text.split_once(':').unwrap_or((text, "0"));
        let ordinal = ordinal.parse::<usize>().map_err(|_| unknown())?;
        match name {
            "cpu" if !text.contains(':') => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(ordinal)),
            "metal" => Ok(Self::Metal(ordinal)),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_or_the_names_are_told() {
        assert_eq!("cpu".parse::<DeviceChoice>().unwrap(), DeviceChoice::Cpu);
        assert_eq!("cuda:2".parse::<DeviceChoice>().unwrap(), DeviceChoice::Cuda(2));
        for wrong in ["gpu", "cuda:x", "cpu:1", ""] {
            let error = wrong.parse::<DeviceChoice>().unwrap_err().to_string();
            assert!(error.contains("`cuda:N`") && error.contains(wrong), "{error}");
        }
    }
}
