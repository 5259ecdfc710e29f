//! `shouyu demo`: the page, on this machine alone; or the window.

use std::{
    io,
    process::{Command, ExitCode, Stdio},
};

use ::demo::{Demo, DemoConfig};
use ::lexicon::Lexicon;
use anyhow::Context as _;
use session::live::{self, DrawerCommand};
use signing::FrameRate;
use understanding::Understanding;

use crate::{
    args::DemoArguments,
    gloss::{with_abuse, with_glm},
    output::say,
    window,
};

/// Serves until SIGTERM or Ctrl-C.
pub(crate) fn run(arguments: &DemoArguments) -> anyhow::Result<ExitCode> {
    let (width, height) = arguments.size;
    let side = |side: u32| (160..=1920).contains(&side) && side.is_multiple_of(2);
    anyhow::ensure!(side(width) && side(height), "--size {width}x{height}: each side must be even, 160 to 1920");
    if arguments.window {
        return window::run(arguments);
    }
    let lexicon = Lexicon::core_with(&arguments.packs)?;
    for warning in lexicon.warnings() {
        eprintln!("warning: {warning}");
    }
    let understanding = with_abuse(with_glm(Understanding::new(lexicon), &arguments.glm)?, &arguments.abuse)?;
    let config = DemoConfig {
        port: arguments.port,
        avatar: match &arguments.avatar {
            Some(path) => path.clone(),
            None => body::default_avatar_path()?,
        },
        reviews: ::demo::reviews_path()?,
        visitors: usize::from(arguments.visitors),
        size: arguments.size,
        rate: FrameRate::PAL,
        drawer: Some(DrawerCommand {
            program: std::env::current_exe().context("the path of this program is not known")?,
            arguments: vec!["draw".to_owned()],
        }),
        romanise,
    };
    let reviews = config.reviews.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .context("cannot listen for SIGTERM")?;
        let demo = Demo::bind(config, understanding).await?;
        let address = format!("http://{}/", demo.address());
        say!("open {address}");
        say!("reviews are kept in {}", reviews.display());
        say!("Ctrl-C ends");
        if arguments.open {
            open(&address);
        }
        demo.run(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                result = tokio::signal::ctrl_c() => {
                    if let Err(error) = result {
                        tracing::error!(%error, "Ctrl-C can't be heard");
                    }
                }
            }
        })
        .await?;
        anyhow::Ok(())
    })?;
    // Sessions that are still drawing end with the process.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}

/// The process of one visitor's renderer.
pub(crate) fn draw() -> anyhow::Result<ExitCode> {
    let stdin = io::BufReader::with_capacity(1 << 16, io::stdin());
    let stdout = io::BufWriter::with_capacity(1 << 16, io::stdout());
    // What went wrong has been told to the demo.
    Ok(if live::draw(stdin, stdout).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How a word sounds, in letters without tones.
fn romanise(word: &str) -> String {
    let syllables = text::syllables(word);
    let written: Vec<String> = syllables.iter().map(|syllable| syllable.spelling().concat().to_lowercase()).collect();
    written.join(" ")
}

/// Opens an address in the browser; where that fails, the address has been printed.
fn open(address: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started =
        Command::new(program).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = started {
        eprintln!("warning: {program} can't be started ({error}); open {address} yourself");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_sound_as_they_are_typed() {
        for (word, expected) in
            [("雪", "xue"), ("我", "wo"), ("冰壶", "bing hu"), ("女", "nu"), ("中国", "zhong guo"), ("A", "")]
        {
            assert_eq!(romanise(word), expected, "{word}");
        }
    }
}
