//! The drawing itself, in Bevy's render world: one mesh, one pass, one read-back a frame.

use std::{
    collections::VecDeque,
    ops::Range,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use bevy::{
    ecs::{
        resource::Resource,
        system::{Res, ResMut},
        world::World,
    },
    render::renderer::{RenderDevice, RenderQueue},
};
use bytemuck::{Pod, Zeroable};

use crate::{
    Antialias, AvatarError,
    deform::Vertex,
    edges::Fins,
    model::{Batch, Model, Paint, Texture},
    pipeline::{COLOR, DEPTH, Pipelines, texture_group, texture_layout},
    region::Region,
};

/// Spheres that cast soft shadow; as many as in `light.wgsl`.
pub(crate) const OCCLUDERS: usize = 12;
/// Targets kept for regions of different sizes: arms at rest, arms out, another view.
const TARGETS: usize = 3;
/// Sides of targets are multiples of this many pixels, a rasteriser's tile.
const TARGET_GRID: u32 = 64;
/// How long the adapter may take for a frame.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What the shader knows about a frame.
#[repr(C)]
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
pub(crate) struct Scene {
    pub clip_from_world: [[f32; 4]; 4],
    pub eye: [f32; 4],
    /// Normalised device coordinates a pixel, in x and y.
    pub pixel: [f32; 4],
    pub occluders: [[f32; 4]; OCCLUDERS],
}

/// A frame to be drawn.
pub(crate) struct Drawing {
    pub vertices: Vec<Vertex>,
    pub scene: Scene,
    pub region: Region,
    /// The triangles that may be seen, and which of them each of the model's batches has.
    pub indices: Vec<u32>,
    pub batches: Vec<Range<u32>>,
    pub fins: Fins,
}

/// The frame that is to be drawn next.
#[derive(Resource, Default)]
pub(crate) struct Inbox(pub Option<Drawing>);

/// The avatar and how it is to be drawn; read once, when a device is there.
#[derive(Resource)]
pub(crate) struct Subject {
    pub paint: Vec<Paint>,
    pub batches: Vec<Batch>,
    pub textures: Vec<Texture>,
    pub antialias: Antialias,
}

impl Subject {
    pub(crate) fn new(model: &Model, antialias: Antialias) -> Self {
        Self { paint: model.paint.clone(), batches: model.batches.clone(), textures: model.textures.clone(), antialias }
    }
}

/// Pipelines, buffers and targets on the device, and the frames on their way back.
#[derive(Resource)]
pub(crate) struct Canvas {
    antialias: Antialias,
    pipelines: Pipelines,
    vertices: wgpu::Buffer,
    paint: wgpu::Buffer,
    indices: wgpu::Buffer,
    fins: wgpu::Buffer,
    fin_indices: wgpu::Buffer,
    scene: wgpu::Buffer,
    scene_group: wgpu::BindGroup,
    texture_groups: Vec<wgpu::BindGroup>,
    batches: Vec<Batch>,
    targets: VecDeque<Target>,
    in_flight: VecDeque<Returning>,
    spare: Vec<wgpu::Buffer>,
}

/// Textures that are drawn into.
struct Target {
    width: u32,
    height: u32,
    depth: wgpu::TextureView,
    drawn: wgpu::TextureView,
    /// The texture behind `drawn`, which is read back.
    color: wgpu::Texture,
}

/// A frame on its way back.
struct Returning {
    buffer: wgpu::Buffer,
    region: Region,
    stride: u32,
    submission: wgpu::SubmissionIndex,
    /// Locked only to be taken out: a world's resources are shared between threads, a receiver isn't.
    mapped: Mutex<Receiver<Result<(), wgpu::BufferAsyncError>>>,
}

/// A frame that is back: drawn pixels of a region, rows of `stride` bytes.
pub(crate) struct Returned {
    buffer: wgpu::Buffer,
    pub region: Region,
    pub stride: usize,
    pub scale: u32,
}

impl Returned {
    /// The pixels.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&[u8]) -> T) -> T {
        read(&self.buffer.get_mapped_range(..))
    }
}

/// Uploads the avatar. Runs when the device is there.
pub(crate) fn prepare(world: &mut World) {
    let device = world.resource::<RenderDevice>().wgpu_device().clone();
    let queue = world.resource::<RenderQueue>().clone();
    let canvas = Canvas::new(&device, &queue, world.resource::<Subject>());
    world.insert_resource(canvas);
}

/// Draws what is in the inbox. Runs in Bevy's render graph.
pub(crate) fn draw(
    mut inbox: ResMut<Inbox>,
    mut canvas: ResMut<Canvas>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    if let Some(drawing) = inbox.0.take() {
        canvas.draw(device.wgpu_device(), &queue, &drawing);
    }
}

impl Canvas {
    fn new(device: &wgpu::Device, queue: &wgpu::Queue, subject: &Subject) -> Self {
        let buffer = |label, size: usize, usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size: (size.max(16) as u64).next_multiple_of(wgpu::COPY_BUFFER_ALIGNMENT),
                usage: usage | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let vertices = buffer("vertices", subject.paint.len() * size_of::<Vertex>(), wgpu::BufferUsages::VERTEX);
        let paint = buffer("paint", size_of_val(subject.paint.as_slice()), wgpu::BufferUsages::VERTEX);
        let indices = buffer("indices", 0, wgpu::BufferUsages::INDEX);
        queue.write_buffer(&paint, 0, bytemuck::cast_slice(&subject.paint));
        let fins = buffer("fins", 0, wgpu::BufferUsages::VERTEX);
        let fin_indices = buffer("fin indices", 0, wgpu::BufferUsages::INDEX);
        let scene = buffer("scene", size_of::<Scene>(), wgpu::BufferUsages::UNIFORM);
        let scene_layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("scene"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::VERTEX,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: false,
                    min_binding_size: None,
                },
                count: None,
            }],
        });
        let scene_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("scene"),
            layout: &scene_layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: scene.as_entire_binding() }],
        });
        let texture_layout = texture_layout(device);
        let texture_groups =
            subject.textures.iter().map(|texture| texture_group(device, queue, &texture_layout, texture)).collect();
        Self {
            antialias: subject.antialias,
            pipelines: Pipelines::new(device, &scene_layout, &texture_layout),
            vertices,
            paint,
            indices,
            fins,
            fin_indices,
            scene,
            scene_group,
            texture_groups,
            batches: subject.batches.clone(),
            targets: VecDeque::new(),
            in_flight: VecDeque::new(),
            spare: Vec::new(),
        }
    }

    fn draw(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, drawing: &Drawing) {
        queue.write_buffer(&self.vertices, 0, bytemuck::cast_slice(&drawing.vertices));
        queue.write_buffer(&self.scene, 0, bytemuck::bytes_of(&drawing.scene));
        upload(device, queue, &mut self.indices, bytemuck::cast_slice(&drawing.indices));
        upload(device, queue, &mut self.fins, bytemuck::cast_slice(&drawing.fins.vertices));
        upload(device, queue, &mut self.fin_indices, bytemuck::cast_slice(&drawing.fins.indices));
        let scale = self.antialias.scale();
        let (width, height) = (drawing.region.width * scale, drawing.region.height * scale);
        let target = target(&mut self.targets, device, width, height);
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("avatar") });
        {
            let color = wgpu::RenderPassColorAttachment {
                view: &target.drawn,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                    store: wgpu::StoreOp::Store,
                },
            };
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("avatar"),
                color_attachments: &[Some(color)],
                depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                    view: &target.depth,
                    depth_ops: Some(wgpu::Operations { load: wgpu::LoadOp::Clear(1.0), store: wgpu::StoreOp::Discard }),
                    stencil_ops: None,
                }),
                ..wgpu::RenderPassDescriptor::default()
            });
            pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
            pass.set_scissor_rect(0, 0, width, height);
            pass.set_bind_group(0, &self.scene_group, &[]);
            pass.set_vertex_buffer(0, self.vertices.slice(..));
            pass.set_vertex_buffer(1, self.paint.slice(..));
            pass.set_index_buffer(self.indices.slice(..), wgpu::IndexFormat::Uint32);
            for (batch, indices) in self.batches.iter().zip(&drawing.batches) {
                let side = usize::from(batch.double_sided);
                match batch.texture.and_then(|texture| self.texture_groups.get(texture)) {
                    Some(group) => {
                        pass.set_pipeline(&self.pipelines.textured[side]);
                        pass.set_bind_group(1, group, &[]);
                    }
                    None => pass.set_pipeline(&self.pipelines.plain[side]),
                }
                pass.draw_indexed(indices.clone(), 0, 0..1);
            }
            if !drawing.fins.indices.is_empty() {
                pass.set_pipeline(&self.pipelines.fin);
                pass.set_vertex_buffer(0, self.fins.slice(..));
                pass.set_index_buffer(self.fin_indices.slice(..), wgpu::IndexFormat::Uint32);
                pass.draw_indexed(0..u32::try_from(drawing.fins.indices.len()).unwrap_or(0), 0, 0..1);
            }
        }
        let stride = (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let bytes = u64::from(stride) * u64::from(height);
        let buffer = match self.spare.iter().position(|buffer| buffer.size() >= bytes) {
            Some(index) => self.spare.swap_remove(index),
            None => {
                // A spare one that has become too small would never be used again.
                self.spare.pop();
                device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("read back"),
                    size: bytes,
                    usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                    mapped_at_creation: false,
                })
            }
        };
        encoder.copy_texture_to_buffer(
            target.color.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(stride), rows_per_image: None },
            },
            wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        );
        let submission = queue.submit([encoder.finish()]);
        let (sender, mapped) = channel();
        buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            // Nobody waits for the last frames of a renderer that was dropped.
            let _ = sender.send(result);
        });
        self.in_flight.push_back(Returning {
            buffer,
            region: drawing.region,
            stride,
            submission,
            mapped: Mutex::new(mapped),
        });
    }

    /// How many frames are on their way back.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// Waits for the oldest frame. `None` if there is none.
    ///
    /// Errors: [`AvatarError::Timeout`] and [`AvatarError::Draw`].
    pub(crate) fn receive(&mut self, device: &wgpu::Device) -> Result<Option<Returned>, AvatarError> {
        let Some(returning) = self.in_flight.pop_front() else { return Ok(None) };
        let wait = wgpu::PollType::Wait { submission_index: Some(returning.submission), timeout: Some(PATIENCE) };
        device.poll(wait).map_err(|error| match error {
            wgpu::PollError::Timeout => AvatarError::Timeout { seconds: PATIENCE.as_secs() },
            wgpu::PollError::WrongSubmissionIndex(..) => AvatarError::Draw { reason: error.to_string() },
        })?;
        let mapped = returning.mapped.into_inner().unwrap_or_else(PoisonError::into_inner);
        match mapped.recv_timeout(PATIENCE) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(AvatarError::Draw { reason: error.to_string() }),
            Err(_) => return Err(AvatarError::Timeout { seconds: PATIENCE.as_secs() }),
        }
        Ok(Some(Returned {
            buffer: returning.buffer,
            region: returning.region,
            stride: returning.stride as usize,
            scale: self.antialias.scale(),
        }))
    }

    /// Takes a buffer back that has been read.
    pub(crate) fn recycle(&mut self, returned: Returned) {
        returned.buffer.unmap();
        self.spare.push(returned.buffer);
    }
}

/// A target that `width`×`height` pixels fit in, without so much room that clearing it costs more
/// than drawing. The last used is the last of `targets`.
fn target<'a>(targets: &'a mut VecDeque<Target>, device: &wgpu::Device, width: u32, height: u32) -> &'a Target {
    let needed = u64::from(width) * u64::from(height);
    let fits = |target: &Target| {
        let area = u64::from(target.width) * u64::from(target.height);
        target.width >= width && target.height >= height && area <= needed * 3 / 2 + 4096
    };
    match targets.iter().position(fits).and_then(|index| targets.remove(index)) {
        Some(target) => targets.push_back(target),
        None => {
            if targets.len() == TARGETS {
                targets.pop_front();
            }
            let [width, height] = [width, height].map(|side| side.next_multiple_of(TARGET_GRID));
            targets.push_back(Target::new(device, width, height));
        }
    }
    &targets[targets.len() - 1]
}

impl Target {
    fn new(device: &wgpu::Device, width: u32, height: u32) -> Self {
        let texture = |label, format, usage| {
            device.create_texture(&wgpu::TextureDescriptor {
                label: Some(label),
                size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage,
                view_formats: &[],
            })
        };
        let attachment = wgpu::TextureUsages::RENDER_ATTACHMENT;
        let color = texture("picture", COLOR, attachment | wgpu::TextureUsages::COPY_SRC);
        let depth = texture("depth", DEPTH, attachment).create_view(&wgpu::TextureViewDescriptor::default());
        let drawn = color.create_view(&wgpu::TextureViewDescriptor::default());
        Self { width, height, depth, drawn, color }
    }
}

/// Writes to a buffer, which is replaced by a larger one if it is too small.
fn upload(device: &wgpu::Device, queue: &wgpu::Queue, buffer: &mut wgpu::Buffer, bytes: &[u8]) {
    if buffer.size() < bytes.len() as u64 {
        *buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            // With room, so that a silhouette that grows doesn't replace it each frame.
            size: (bytes.len() as u64 * 3 / 2).next_multiple_of(wgpu::COPY_BUFFER_ALIGNMENT),
            usage: buffer.usage(),
            mapped_at_creation: false,
        });
    }
    queue.write_buffer(buffer, 0, bytes);
}
