//! `serve`: every service in one process, or one role.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use server::{Config, Server};

use crate::{args::ServeArguments, gloss::proposer};

/// Checks the configuration whole, binds, and serves until SIGTERM or Ctrl-C.
pub(crate) fn run(arguments: &ServeArguments) -> anyhow::Result<ExitCode> {
    let mut flags: Vec<(String, String)> = Vec::new();
    let mut flag = |key: &str, value: Option<String>| flags.extend(value.map(|value| (key.to_owned(), value)));
    flag("role", arguments.role.map(|role| role.name().to_owned()));
    flag("listen", arguments.listen.map(|address| address.to_string()));
    flag("admin", arguments.admin.map(|address| address.to_string()));
    let path = |path: &PathBuf| path.to_string_lossy().into_owned();
    flag("avatar", arguments.avatar.as_ref().map(path));
    let packs: Vec<String> = arguments.packs.iter().map(path).collect();
    flag("packs", (!packs.is_empty()).then(|| packs.join(",")));
    for (key, addresses) in [
        ("peers.speech", &arguments.speech),
        ("peers.understanding", &arguments.understanding),
        ("peers.motion", &arguments.motion),
        ("peers.render", &arguments.render),
        ("web.origins", &arguments.origins),
    ] {
        flag(key, (!addresses.is_empty()).then(|| addresses.join(",")));
    }
    flag("abuse.policy", arguments.abuse.abuse.map(|policy| policy.name().to_owned()));
    flag("abuse.words", arguments.abuse.abuse_words.as_ref().map(path));
    for setting in &arguments.set {
        let (key, value) = setting.split_once('=').context("--set takes section.key=value")?;
        flag(key, Some(value.to_owned()));
    }
    let environment =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = Config::load(arguments.config.as_deref(), environment, &flags)?;
    let proposer = proposer(&arguments.glm)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = Server::bind(config).await?.with_proposer(proposer);
        eprintln!("listening on {}", server.address()?);
        if let Some(admin) = server.admin_address() {
            eprintln!("health and metrics on http://{admin}");
        }
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                result = tokio::signal::ctrl_c() => {
                    if let Err(error) = result {
                        tracing::error!(%error, "Ctrl-C can't be heard");
                    }
                }
            }
        };
        server.run(stop).await?;
        anyhow::Ok(())
    })?;
    // Sessions that outlived the time to drain hold threads: they end with the process.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}
