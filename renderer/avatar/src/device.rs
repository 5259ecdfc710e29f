//! Finding something to draw with, so that its absence is an error and not a panic inside of Bevy.

use std::sync::Arc;

use bevy::{
    render::{
        renderer::{RenderAdapter, RenderAdapterInfo, RenderDevice, RenderInstance, RenderQueue, WgpuWrapper},
        settings::RenderResources,
    },
    tasks::block_on,
};

use crate::AvatarError;

/// What pictures are drawn with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterInfo {
    /// Its name, such as `llvmpipe (LLVM 15.0.6, 256 bits)`.
    pub name: String,
    /// The driver and its version.
    pub driver: String,
    /// The interface it is driven through, such as `vulkan`.
    pub backend: String,
    /// Whether the CPU does the drawing.
    pub software: bool,
}

/// The adapter that a renderer would draw with, without opening it.
///
/// Errors: [`AvatarError::NoAdapter`].
pub fn probe() -> Result<AdapterInfo, AvatarError> {
    let (_, adapter) = find()?;
    Ok(info(&adapter.get_info()))
}

fn info(found: &wgpu::AdapterInfo) -> AdapterInfo {
    AdapterInfo {
        name: found.name.clone(),
        driver: format!("{} {}", found.driver, found.driver_info).trim().to_owned(),
        backend: found.backend.to_str().to_owned(),
        software: found.device_type == wgpu::DeviceType::Cpu,
    }
}

/// The fastest adapter there is; `WGPU_ADAPTER_NAME` names another by a part of its name.
fn find() -> Result<(wgpu::Instance, wgpu::Adapter), AvatarError> {
    // Validation layers of the driver cost time and are for those who write shaders.
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = wgpu::Backends::PRIMARY;
    descriptor.flags = wgpu::InstanceFlags::empty().with_env();
    let instance = wgpu::Instance::new(descriptor);
    if let Ok(wanted) = std::env::var("WGPU_ADAPTER_NAME") {
        let wanted = wanted.to_lowercase();
        let adapters = block_on(instance.enumerate_adapters(wgpu::Backends::all()));
        return match adapters.into_iter().find(|adapter| adapter.get_info().name.to_lowercase().contains(&wanted)) {
            Some(adapter) => Ok((instance, adapter)),
            None => {
                Err(AvatarError::NoAdapter { reason: format!("none is named {wanted}, as WGPU_ADAPTER_NAME asks") })
            }
        };
    }
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..wgpu::RequestAdapterOptions::default()
    };
    match block_on(instance.request_adapter(&options)) {
        Ok(adapter) => Ok((instance, adapter)),
        Err(error) => Err(AvatarError::NoAdapter { reason: error.to_string() }),
    }
}

/// Opens the adapter for a Bevy app.
pub(crate) fn open() -> Result<(RenderResources, AdapterInfo), AvatarError> {
    let (instance, adapter) = find()?;
    let found = adapter.get_info();
    let descriptor = wgpu::DeviceDescriptor {
        label: Some("shouyu avatar"),
        required_features: wgpu::Features::empty(),
        required_limits: adapter.limits(),
        ..wgpu::DeviceDescriptor::default()
    };
    let (device, queue) = block_on(adapter.request_device(&descriptor))
        .map_err(|error| AvatarError::Device { adapter: found.name.clone(), reason: error.to_string() })?;
    let described = info(&found);
    let resources = RenderResources(
        RenderDevice::from(device),
        RenderQueue(Arc::new(WgpuWrapper::new(queue))),
        RenderAdapterInfo(WgpuWrapper::new(found)),
        RenderAdapter(Arc::new(WgpuWrapper::new(adapter))),
        RenderInstance(Arc::new(WgpuWrapper::new(instance))),
    );
    Ok((resources, described))
}
