//! `shouyu doctor`: what this machine has, and what to do about what it lacks.

use std::process::ExitCode;

use lexicon::Lexicon;
use stream::{Font, capabilities};

use crate::output::say;

/// One thing that was looked at.
struct Finding {
    what: String,
    /// What was found, or why not and what to do.
    found: Result<String, String>,
}

fn finding(what: &str, found: Result<String, String>) -> Finding {
    Finding { what: what.to_owned(), found }
}

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut findings =
        vec![finding("Vulkan adapter", adapter()), finding("avatar", avatar_file()), finding("font", font_file())];
    findings.extend(codecs());
    findings.extend(packs());
    let mut missing = 0;
    for Finding { what, found } in &findings {
        match found {
            Ok(found) => say!("ok       {what}: {found}"),
            Err(advice) => {
                missing += 1;
                say!("MISSING  {what}: {advice}");
            }
        }
    }
    if missing > 0 {
        say!("{missing} missing: `cargo xtask setup` installs what can be installed");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn adapter() -> Result<String, String> {
    let adapter = avatar::probe().map_err(|error| error.to_string())?;
    let kind = if adapter.software { "drawn by the CPU" } else { "a GPU" };
    Ok(format!("{}, {} through {} ({kind})", adapter.name, adapter.driver, adapter.backend))
}

fn font_file() -> Result<String, String> {
    let font = Font::system_chinese().map_err(|error| error.to_string())?;
    Ok(format!("{} in {}", font.family(), font.path().display()))
}

fn avatar_file() -> Result<String, String> {
    let read = || {
        let path = body::default_avatar_path()?;
        let body = body::Body::read(&path)?;
        Ok::<_, body::BodyError>((path, body))
    };
    read()
        .map(|(path, body)| format!("{} ({:.2} m tall)", path.display(), body.stature()))
        .map_err(|error| error.to_string())
}

fn codecs() -> Vec<Finding> {
    let found = capabilities();
    let libraries: Vec<String> = found.libraries.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let mut findings = vec![finding("FFmpeg", Ok(libraries.join(", ")))];
    findings.extend(found.encoders.iter().map(|status| {
        let what = format!("encoder for {}", status.format);
        let advice = format!("this FFmpeg lacks {}: install {}", status.encoder, status.package);
        finding(&what, if status.present { Ok(status.encoder.to_owned()) } else { Err(advice) })
    }));
    findings
}

fn packs() -> Vec<Finding> {
    let lexicon = match Lexicon::core() {
        Ok(lexicon) => lexicon,
        Err(error) => return vec![finding("core pack", Err(error.to_string()))],
    };
    let mut findings: Vec<Finding> = lexicon
        .packs()
        .iter()
        .map(|pack| {
            let name = pack.name.as_str();
            let entries = lexicon.entries().filter(|entry| entry.pack.name == pack.name);
            let (all, reviewed) = entries
                .fold((0, 0), |(all, reviewed), entry| (all + 1, reviewed + u32::from(!entry.reviewers.is_empty())));
            finding(
                &format!("pack {name}"),
                Ok(format!("{} ({all} entries, {reviewed} reviewed by signers)", pack.version)),
            )
        })
        .collect();
    findings.extend(lexicon.warnings().iter().map(|warning| finding("pack warning", Ok(warning.to_string()))));
    findings
}
