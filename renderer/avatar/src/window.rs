//! A window of this machine's desktop that shows finished pictures, and hears keys.
//!
//! In: [`VideoFrame`]s of any size. Out: keys. A picture stands until the next one; it keeps its proportions, with black at
//! the sides that are left.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError, mpsc::Receiver},
    time::Duration,
};

use bevy::{
    a11y::AccessibilityPlugin,
    app::{App, AppExit, TaskPoolPlugin, Update},
    asset::AssetPlugin,
    camera::CameraPlugin,
    diagnostic::FrameCountPlugin,
    ecs::{
        message::{MessageReader, MessageWriter},
        resource::Resource,
        schedule::IntoScheduleConfigs,
        system::{Res, ResMut},
    },
    image::ImagePlugin,
    input::{
        ButtonState, InputPlugin,
        keyboard::{Key as BevyKey, KeyboardInput},
    },
    mesh::MeshPlugin,
    render::{
        ExtractSchedule, MainWorld, Render, RenderApp, RenderPlugin, RenderSystems,
        renderer::{RenderDevice, RenderGraph, RenderGraphSystems, RenderQueue},
        settings::RenderCreation,
        view::window::ExtractedWindows,
    },
    time::TimePlugin,
    transform::TransformPlugin,
    window::{ExitCondition, Window, WindowPlugin, WindowResolution},
    winit::{UpdateMode, WinitPlugin, WinitSettings},
};
use signing::VideoFrame;

use crate::{AvatarError, blit::Blit, device};

/// How often pictures and keys are looked for: twice a frame at 50 frames a second.
const ROUND: Duration = Duration::from_millis(10);

/// A key that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A letter, digit or mark, in lower case.
    Character(String),
    /// The space bar.
    Space,
    /// Escape.
    Escape,
}

/// What the window does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// It stays open.
    Open,
    /// It closes.
    Close,
}

/// Shows pictures until `pictures` ends, the window is closed, or `press` says so. Must be called on the main thread.
///
/// `press` hears each key once, on this thread, and must not wait.
///
/// Errors: [`AvatarError::Window`] where there is no desktop; [`AvatarError::NoAdapter`], [`AvatarError::Device`].
pub fn show(
    title: &str,
    size: (u32, u32),
    pictures: Receiver<VideoFrame>,
    press: impl FnMut(Key) -> Stay + Send + 'static,
) -> Result<(), AvatarError> {
    if std::env::var_os("DISPLAY").is_none_or(|display| display.is_empty()) && cfg!(target_os = "linux") {
        let reason = "DISPLAY is not set: run it on a desktop, or in Xvfb (xvfb-run shouyu demo --window)";
        return Err(AvatarError::Window { reason: reason.to_owned() });
    }
    let (resources, _) = device::open()?;
    // Bevy panics where the desktop does not answer.
    let running = AssertUnwindSafe(|| run(title, size, resources, pictures, Box::new(press)));
    match catch_unwind(running) {
        Ok(AppExit::Success) => Ok(()),
        Ok(AppExit::Error(code)) => Err(AvatarError::Window { reason: format!("it ended with code {code}") }),
        Err(_) => {
            let reason = "it can't be opened; is the desktop that DISPLAY names there?".to_owned();
            Err(AvatarError::Window { reason })
        }
    }
}

type Press = Box<dyn FnMut(Key) -> Stay + Send>;

/// Where pictures come from; the newest that waits is shown.
#[derive(Resource)]
struct Pictures(Mutex<Receiver<VideoFrame>>);

/// The picture that the render world has not taken.
#[derive(Resource, Default)]
struct Next(Option<VideoFrame>);

#[derive(Resource)]
struct Keys(Mutex<Press>);

fn run(
    title: &str,
    (width, height): (u32, u32),
    resources: bevy::render::settings::RenderResources,
    pictures: Receiver<VideoFrame>,
    press: Press,
) -> AppExit {
    let window =
        Window { title: title.to_owned(), resolution: WindowResolution::new(width, height), ..Window::default() };
    let mut app = App::new();
    app.add_plugins((
        TaskPoolPlugin::default(),
        FrameCountPlugin,
        TimePlugin,
        TransformPlugin,
        InputPlugin,
        AccessibilityPlugin,
        WindowPlugin {
            primary_window: Some(window),
            exit_condition: ExitCondition::OnAllClosed,
            ..WindowPlugin::default()
        },
        WinitPlugin::default(),
    ));
    app.add_plugins((
        AssetPlugin::default(),
        RenderPlugin {
            render_creation: RenderCreation::Manual(resources),
            synchronous_pipeline_compilation: true,
            ..RenderPlugin::default()
        },
        ImagePlugin::default(),
        MeshPlugin,
        CameraPlugin,
    ));
    let mode = UpdateMode::reactive(ROUND);
    app.insert_resource(WinitSettings { focused_mode: mode, unfocused_mode: mode })
        .insert_resource(Pictures(Mutex::new(pictures)))
        .insert_resource(Keys(Mutex::new(press)))
        .init_resource::<Next>()
        .add_systems(Update, (take_picture, hear_keys));
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render
            .init_resource::<Next>()
            .init_resource::<Blit>()
            .add_systems(ExtractSchedule, hand_over)
            // Without a camera, a window is drawn into when it asks for its first picture: it asks each time.
            .add_systems(Render, ask_for_surface.before(RenderSystems::PrepareViews))
            .add_systems(RenderGraph, draw.in_set(RenderGraphSystems::Render));
    }
    app.run()
}

fn take_picture(pictures: Res<Pictures>, mut next: ResMut<Next>, mut exit: MessageWriter<AppExit>) {
    let pictures = pictures.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        match pictures.try_recv() {
            Ok(picture) => next.0 = Some(picture),
            Err(std::sync::mpsc::TryRecvError::Empty) => return,
            Err(std::sync::mpsc::TryRecvError::Disconnected) => {
                exit.write(AppExit::Success);
                return;
            }
        }
    }
}

fn hear_keys(mut pressed: MessageReader<KeyboardInput>, keys: Res<Keys>, mut exit: MessageWriter<AppExit>) {
    let mut press = keys.0.lock().unwrap_or_else(PoisonError::into_inner);
    for input in pressed.read().filter(|input| input.state == ButtonState::Pressed && !input.repeat) {
        let key = match &input.logical_key {
            BevyKey::Character(text) => Key::Character(text.to_lowercase()),
            BevyKey::Space => Key::Space,
            BevyKey::Escape => Key::Escape,
            _ => continue,
        };
        if press(key) == Stay::Close {
            exit.write(AppExit::Success);
        }
    }
}

fn hand_over(mut main: ResMut<MainWorld>, mut next: ResMut<Next>) {
    if let Some(picture) = main.resource_mut::<Next>().0.take() {
        next.0 = Some(picture);
    }
}

fn ask_for_surface(next: Res<Next>, mut windows: ResMut<ExtractedWindows>) {
    for window in windows.windows.values_mut() {
        window.needs_initial_present |= next.0.is_some() || window.size_changed;
    }
}

fn draw(
    mut next: ResMut<Next>,
    mut blit: ResMut<Blit>,
    windows: Res<ExtractedWindows>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let Some(window) = windows.primary.and_then(|primary| windows.windows.get(&primary)) else { return };
    let (Some(view), Some(format)) = (&window.swap_chain_texture_view, window.swap_chain_texture_view_format) else {
        return;
    };
    let (device, queue) = (device.wgpu_device(), &**queue.0);
    if let Some(picture) = next.0.take() {
        blit.take(device, queue, &picture);
    }
    blit.draw(device, queue, view, format, (window.physical_width, window.physical_height));
}
