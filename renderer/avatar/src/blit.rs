//! A picture onto a surface: whole, in proportion, black at the sides that are left.

use bevy::ecs::resource::Resource;
use signing::VideoFrame;

/// The picture on the device, and how it is drawn.
#[derive(Resource, Default)]
pub(crate) struct Blit {
    picture: Option<Uploaded>,
    pipeline: Option<(wgpu::TextureFormat, wgpu::RenderPipeline, wgpu::BindGroupLayout)>,
}

struct Uploaded {
    texture: wgpu::Texture,
    size: (u32, u32),
    /// Made with the pipeline's layout, when it is drawn first.
    group: Option<wgpu::BindGroup>,
}

const SHADER: &str = "
@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var smooth_sampler: sampler;

struct Corner { @builtin(position) place: vec4<f32>, @location(0) uv: vec2<f32> }

@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    // One triangle that covers the whole of what is drawn into.
    let uv = vec2<f32>(f32((index << 1u) & 2u), f32(index & 2u));
    return Corner(vec4<f32>(uv.x * 2.0 - 1.0, 1.0 - uv.y * 2.0, 0.0, 1.0), uv);
}

@fragment
fn color(in: Corner) -> @location(0) vec4<f32> {
    return vec4<f32>(textureSample(picture, smooth_sampler, in.uv).rgb, 1.0);
}
";

impl Blit {
    /// Uploads a picture, which stands until the next.
    pub(crate) fn take(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, picture: &VideoFrame) {
        let size = (picture.width(), picture.height());
        let extent = wgpu::Extent3d { width: size.0, height: size.1, depth_or_array_layers: 1 };
        let kept = self.picture.take().filter(|kept| kept.size == size);
        let uploaded = kept.unwrap_or_else(|| {
            let texture = device.create_texture(&wgpu::TextureDescriptor {
                label: Some("picture"),
                size: extent,
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: wgpu::TextureFormat::Rgba8UnormSrgb,
                usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                view_formats: &[],
            });
            Uploaded { texture, size, group: None }
        });
        let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(size.0 * 4), rows_per_image: None };
        queue.write_texture(uploaded.texture.as_image_copy(), picture.rgba(), layout, extent);
        self.picture = Some(uploaded);
    }

    /// Draws the picture into `view` of a surface of `size` pixels.
    pub(crate) fn draw(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        view: &wgpu::TextureView,
        format: wgpu::TextureFormat,
        size: (u32, u32),
    ) {
        if self.pipeline.as_ref().is_none_or(|(made_for, ..)| *made_for != format) {
            let (pipeline, layout) = pipeline(device, format);
            self.pipeline = Some((format, pipeline, layout));
        }
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("window") });
        {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("window"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..wgpu::RenderPassDescriptor::default()
            });
            if let (Some(picture), Some((_, pipeline, layout))) = (&mut self.picture, &self.pipeline) {
                let (x, y, width, height) = fitted(picture.size, size);
                let texture = &picture.texture;
                let group = picture.group.get_or_insert_with(|| group(device, layout, texture));
                pass.set_viewport(x, y, width, height, 0.0, 1.0);
                pass.set_pipeline(pipeline);
                pass.set_bind_group(0, &*group, &[]);
                pass.draw(0..3, 0..1);
            }
        }
        queue.submit([encoder.finish()]);
    }
}

/// Left, top, width and height of a picture that is shown whole within a surface, pixels.
fn fitted(picture: (u32, u32), surface: (u32, u32)) -> (f32, f32, f32, f32) {
    let side = |length: u32| length.max(1) as f32;
    let (width, height) = (side(surface.0), side(surface.1));
    let factor = (width / side(picture.0)).min(height / side(picture.1));
    let (wide, high) = (side(picture.0) * factor, side(picture.1) * factor);
    (((width - wide) / 2.0).max(0.0), ((height - high) / 2.0).max(0.0), wide.min(width), high.min(height))
}

fn pipeline(device: &wgpu::Device, format: wgpu::TextureFormat) -> (wgpu::RenderPipeline, wgpu::BindGroupLayout) {
    let layout = crate::pipeline::texture_layout(device);
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("window"),
        source: wgpu::ShaderSource::Wgsl(SHADER.into()),
    });
    let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("window"),
        bind_group_layouts: &[Some(&layout)],
        ..wgpu::PipelineLayoutDescriptor::default()
    });
    let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("window"),
        layout: Some(&pipeline_layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("corner"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("color"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(format.into())],
        }),
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        multiview_mask: None,
        cache: None,
    });
    (pipeline, layout)
}

fn group(device: &wgpu::Device, layout: &wgpu::BindGroupLayout, texture: &wgpu::Texture) -> wgpu::BindGroup {
    let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
        label: Some("picture"),
        mag_filter: wgpu::FilterMode::Linear,
        min_filter: wgpu::FilterMode::Linear,
        ..wgpu::SamplerDescriptor::default()
    });
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("picture"),
        layout,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(&sampler) },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_shown_whole_and_in_proportion() {
        for (picture, surface, expected) in [
            ((540, 720), (540, 720), (0.0, 0.0, 540.0, 720.0)),
            ((540, 720), (1080, 720), (270.0, 0.0, 540.0, 720.0)),
            ((1280, 720), (640, 720), (0.0, 180.0, 640.0, 360.0)),
            ((1280, 720), (1, 1), (0.0, 0.21875, 1.0, 0.5625)),
        ] {
            assert_eq!(fitted(picture, surface), expected, "{picture:?} in {surface:?}");
        }
    }
}
