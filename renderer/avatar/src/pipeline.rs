//! How the device reads vertices, shades and blends; and the textures it reads.

use crate::{
    deform::Vertex,
    edges::FinVertex,
    model::{Paint, Texture},
};

/// What is written to: premultiplied and coded as sRGB by the shader itself, so that samples are
/// averaged in the space in which keyers mix.
pub(crate) const COLOR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
pub(crate) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// Culling back faces, and not; each for plain and for textured batches; and strips beside silhouettes.
pub(crate) struct Pipelines {
    pub plain: [wgpu::RenderPipeline; 2],
    pub textured: [wgpu::RenderPipeline; 2],
    pub fin: wgpu::RenderPipeline,
}

impl Pipelines {
    pub(crate) fn new(device: &wgpu::Device, scene: &wgpu::BindGroupLayout, texture: &wgpu::BindGroupLayout) -> Self {
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("light"),
            source: wgpu::ShaderSource::Wgsl(include_str!("light.wgsl").into()),
        });
        let mesh = [
            wgpu::VertexBufferLayout {
                array_stride: size_of::<Vertex>() as u64,
                step_mode: wgpu::VertexStepMode::Vertex,
                attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Snorm16x4],
            },
            wgpu::VertexBufferLayout {
                array_stride: size_of::<Paint>() as u64,
                step_mode: wgpu::VertexStepMode::Vertex,
                attributes: &wgpu::vertex_attr_array![2 => Unorm16x4, 3 => Float32x2],
            },
        ];
        let fin = [wgpu::VertexBufferLayout {
            array_stride: size_of::<FinVertex>() as u64,
            step_mode: wgpu::VertexStepMode::Vertex,
            attributes: &wgpu::vertex_attr_array![
                0 => Float32x3, 1 => Snorm16x4, 2 => Unorm16x4, 3 => Float32x2, 4 => Float32
            ],
        }];
        let pipeline = |vertex: &'static str,
                        fragment: &'static str,
                        groups: &[Option<&wgpu::BindGroupLayout>],
                        buffers: &[wgpu::VertexBufferLayout<'_>],
                        cull_mode: Option<wgpu::Face>,
                        blends: bool| {
            let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some(fragment),
                bind_group_layouts: groups,
                immediate_size: 0,
            });
            let blend = blends.then_some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING);
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(fragment),
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module: &shader,
                    entry_point: Some(vertex),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers,
                },
                primitive: wgpu::PrimitiveState { cull_mode, ..wgpu::PrimitiveState::default() },
                depth_stencil: Some(wgpu::DepthStencilState {
                    format: DEPTH,
                    depth_write_enabled: Some(!blends),
                    depth_compare: Some(wgpu::CompareFunction::Less),
                    stencil: wgpu::StencilState::default(),
                    bias: wgpu::DepthBiasState::default(),
                }),
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &shader,
                    entry_point: Some(fragment),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(wgpu::ColorTargetState {
                        format: COLOR,
                        blend,
                        write_mask: wgpu::ColorWrites::ALL,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let culled = [Some(wgpu::Face::Back), None];
        let with_texture = [Some(scene), Some(texture)];
        Self {
            plain: culled.map(|cull| pipeline("vertex", "plain", &[Some(scene)], &mesh, cull, false)),
            textured: culled.map(|cull| pipeline("vertex", "textured", &with_texture, &mesh, cull, false)),
            fin: pipeline("fin_vertex", "fin", &[Some(scene)], &fin, None, true),
        }
    }
}

/// What a textured batch binds.
pub(crate) fn texture_layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("texture"),
        entries: &[
            wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::FRAGMENT,
                ty: wgpu::BindingType::Texture {
                    sample_type: wgpu::TextureSampleType::Float { filterable: true },
                    view_dimension: wgpu::TextureViewDimension::D2,
                    multisampled: false,
                },
                count: None,
            },
            wgpu::BindGroupLayoutEntry {
                binding: 1,
                visibility: wgpu::ShaderStages::FRAGMENT,
                ty: wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
                count: None,
            },
        ],
    })
}

/// Uploads a texture.
pub(crate) fn texture_group(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    layout: &wgpu::BindGroupLayout,
    texture: &Texture,
) -> wgpu::BindGroup {
    let size = wgpu::Extent3d { width: texture.width, height: texture.height, depth_or_array_layers: 1 };
    let uploaded = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("base colour"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: COLOR,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    queue.write_texture(
        uploaded.as_image_copy(),
        &texture.rgba,
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(texture.width * 4), rows_per_image: None },
        size,
    );
    let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
        label: Some("base colour"),
        address_mode_u: wgpu::AddressMode::Repeat,
        address_mode_v: wgpu::AddressMode::Repeat,
        mag_filter: wgpu::FilterMode::Linear,
        min_filter: wgpu::FilterMode::Linear,
        ..wgpu::SamplerDescriptor::default()
    });
    let view = uploaded.create_view(&wgpu::TextureViewDescriptor::default());
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("base colour"),
        layout,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(&sampler) },
        ],
    })
}
