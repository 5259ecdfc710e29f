//! The Bevy app: owns the device, runs one update a frame, hands drawn frames out in order.
//!
//! Only what drawing needs is in the app: no window, no input, no logger, and none of Bevy's own
//! cameras, lights and materials, whose passes cost a software rasteriser more than the avatar does.

use bevy::{
    MinimalPlugins,
    app::{App, SubApp},
    asset::AssetPlugin,
    camera::CameraPlugin,
    ecs::{
        resource::Resource,
        schedule::{IntoScheduleConfigs, Schedules, SingleThreadedExecutor},
        system::ResMut,
        world::World,
    },
    image::ImagePlugin,
    mesh::MeshPlugin,
    render::{
        ExtractSchedule, MainWorld, RenderApp, RenderPlugin, RenderStartup,
        error_handler::{RenderError, RenderErrorHandler, RenderErrorPolicy},
        renderer::{RenderDevice, RenderGraph, RenderGraphSystems},
        settings::{RenderCreation, RenderResources},
    },
    transform::TransformPlugin,
    window::{ExitCondition, WindowPlugin},
};

use crate::{
    AvatarError,
    canvas::{self, Canvas, Drawing, Inbox, Returned, Subject},
};

/// The frame that the main world hands to the render world.
#[derive(Resource, Default)]
struct Outbox(Option<Drawing>);

/// What the device complained about.
#[derive(Resource, Default)]
struct Failure(Option<String>);

/// A headless Bevy app that draws one avatar. Lives on one thread.
pub(crate) struct Engine {
    app: App,
}

impl Engine {
    /// Builds the app and uploads the avatar.
    pub(crate) fn new(resources: RenderResources, subject: Subject) -> Result<Self, AvatarError> {
        let mut app = App::new();
        app.add_plugins((
            MinimalPlugins,
            TransformPlugin,
            WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..WindowPlugin::default() },
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
        app.init_resource::<Outbox>().init_resource::<Failure>().insert_resource(RenderErrorHandler(note_failure));
        let Some(render) = app.get_sub_app_mut(RenderApp) else {
            return Err(AvatarError::Draw { reason: "Bevy made no render world".into() });
        };
        render
            .insert_resource(subject)
            .init_resource::<Inbox>()
            .add_systems(RenderStartup, canvas::prepare)
            .add_systems(ExtractSchedule, take_drawing)
            .add_systems(RenderGraph, canvas::draw.in_set(RenderGraphSystems::Render));
        app.finish();
        app.cleanup();
        run_on_this_thread(app.world_mut());
        if let Some(render) = app.get_sub_app_mut(RenderApp) {
            run_on_this_thread(render.world_mut());
        }
        let mut engine = Self { app };
        // The device's first complaints are heard one update later.
        engine.update()?;
        engine.update()?;
        Ok(engine)
    }

    /// Sends a frame to the device.
    pub(crate) fn submit(&mut self, drawing: Drawing) -> Result<(), AvatarError> {
        let before = self.in_flight();
        self.app.world_mut().resource_mut::<Outbox>().0 = Some(drawing);
        self.update()?;
        if self.in_flight() == before {
            return Err(AvatarError::Draw { reason: "the frame was not taken".into() });
        }
        Ok(())
    }

    /// How many frames are on their way back.
    pub(crate) fn in_flight(&mut self) -> usize {
        self.render_world().map_or(0, |world| world.resource::<Canvas>().in_flight())
    }

    /// Waits for the oldest frame and reads it. `None` if none is on its way.
    pub(crate) fn receive<T>(&mut self, read: impl FnOnce(&Returned) -> T) -> Result<Option<T>, AvatarError> {
        let Some(world) = self.render_world() else { return Ok(None) };
        let device = world.resource::<RenderDevice>().wgpu_device().clone();
        let mut canvas = world.resource_mut::<Canvas>();
        let Some(returned) = canvas.receive(&device)? else { return Ok(None) };
        let value = read(&returned);
        canvas.recycle(returned);
        Ok(Some(value))
    }

    fn render_world(&mut self) -> Option<&mut World> {
        self.app.get_sub_app_mut(RenderApp).map(SubApp::world_mut)
    }

    fn update(&mut self) -> Result<(), AvatarError> {
        self.app.update();
        match self.app.world_mut().resource_mut::<Failure>().0.take() {
            Some(reason) => Err(AvatarError::Draw { reason }),
            None => Ok(()),
        }
    }
}

/// Handing out a few empty systems to other threads takes longer than running them here, and the
/// other cores are needed for the drawing.
fn run_on_this_thread(world: &mut World) {
    for (_, schedule) in world.resource_mut::<Schedules>().iter_mut() {
        schedule.set_executor(SingleThreadedExecutor::new());
    }
}

fn take_drawing(mut main: ResMut<MainWorld>, mut inbox: ResMut<Inbox>) {
    inbox.0 = main.resource_mut::<Outbox>().0.take();
}

fn note_failure(error: &RenderError, main: &mut World, _: &mut World) -> RenderErrorPolicy {
    main.resource_mut::<Failure>().0.get_or_insert_with(|| format!("{:?}: {}", error.ty, error.description));
    RenderErrorPolicy::StopRendering
}
