//! Debian packages: what is missing is installed, what is there costs one question to dpkg.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

use crate::report;

/// What building and running Shouyu needs on Debian 12 or Ubuntu 22.04 and later.
pub(crate) const BUILD_AND_RUN: &[&str] = &[
    // FFmpeg: the libraries renderer/stream links against, and ffprobe to look at the result.
    "ffmpeg",
    "libavcodec-dev",
    "libavdevice-dev",
    "libavfilter-dev",
    "libavformat-dev",
    "libavutil-dev",
    "libswresample-dev",
    "libswscale-dev",
    // The binding generator reads FFmpeg's headers with clang; pkg-config finds them.
    "clang",
    "libclang-dev",
    "pkg-config",
    // C code inside crates.
    "gcc",
    "libc6-dev",
    // Vulkan: the loader and, where there is no GPU, Mesa's software rasteriser.
    "libvulkan1",
    "mesa-vulkan-drivers",
    // Captions, the AI mark and contact sheets are lettered in Noto Sans CJK.
    "fonts-noto-cjk",
    // Registries are asked over TLS.
    "ca-certificates",
];

/// Makes sure that all of `wanted` is installed. Says nothing and changes nothing if it is.
///
/// # Errors
/// When a package is missing and can't be installed; the message has the command to run by hand.
pub(crate) fn ensure(wanted: &[&str]) -> Result<()> {
    let Some(listing) = dpkg_listing(wanted)? else {
        report::line(&format!(
            "warning: this is not a Debian system (no dpkg-query), so nothing was installed; \
             the build needs the counterparts of: {}",
            wanted.join(" ")
        ));
        return Ok(());
    };
    let absent = missing(wanted, &listing);
    if absent.is_empty() {
        return Ok(());
    }
    let rights = Rights::of_this_user();
    let Some(prefix) = rights.prefix(std::io::stdin().is_terminal()) else {
        bail!(
            "these Debian packages are missing and this user can't install them \
             (not root, and there is no sudo): {}\nrun as root, then start again:\n  {}",
            absent.join(" "),
            by_hand(&absent)
        );
    };
    report::line(&format!("installing Debian packages: {}", absent.join(" ")));
    if let Err(error) = apt_get(&prefix, &["update"]) {
        // One broken source of many fails the whole update; the packages may still be had.
        report::line(&format!("warning: {error:#}; trying to install all the same"));
    }
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(&absent);
    apt_get(&prefix, &install).with_context(|| {
        format!(
            "Debian packages are missing; install them as root, then start again:\n  {}\nwhat went wrong",
            by_hand(&absent)
        )
    })?;
    let still = missing(wanted, &dpkg_listing(wanted)?.unwrap_or_default());
    if !still.is_empty() {
        bail!("apt-get reported success, yet dpkg has no {}", still.join(" "));
    }
    report::line("Debian packages: installed");
    Ok(())
}

/// Whether a program answers to `arguments` with success.
pub(crate) fn answers(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// `name<TAB>status` lines for the packages dpkg has heard of; none where there is no dpkg.
fn dpkg_listing(wanted: &[&str]) -> Result<Option<String>> {
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package}\t${db:Status-Status}\n"])
        .args(wanted)
        .output();
    match output {
        // dpkg-query exits with 1 when it doesn't know one of the names: that is an answer.
        Ok(output) if matches!(output.status.code(), Some(0 | 1)) => {
            Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
        }
        Ok(output) => {
            Err(anyhow!("dpkg-query ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("cannot start dpkg-query"),
    }
}

/// What of `wanted` isn't fully installed according to dpkg's listing, in the order of `wanted`.
fn missing<'a>(wanted: &[&'a str], listing: &str) -> Vec<&'a str> {
    let installed: BTreeSet<&str> = listing
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, status)| *status == "installed")
        .map(|(name, _)| name)
        .collect();
    wanted.iter().copied().filter(|name| !installed.contains(name)).collect()
}

/// The command a person would type.
fn by_hand(absent: &[&str]) -> String {
    format!("apt-get update && apt-get install --yes --no-install-recommends {}", absent.join(" "))
}

/// What this user may do about missing packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    Root,
    Sudo,
    Neither,
}

impl Rights {
    fn of_this_user() -> Self {
        let id = Command::new("id").arg("--user").output();
        let is_root = id.is_ok_and(|output| output.stdout.trim_ascii() == b"0");
        Self::decide(is_root, || answers("sudo", &["--version"]))
    }

    fn decide(is_root: bool, has_sudo: impl FnOnce() -> bool) -> Self {
        if is_root {
            Self::Root
        } else if has_sudo() {
            Self::Sudo
        } else {
            Self::Neither
        }
    }

    /// What goes before `apt-get`. Without a person at the terminal, sudo must not wait for a password.
    fn prefix(self, attended: bool) -> Option<Vec<&'static str>> {
        match (self, attended) {
            (Self::Root, _) => Some(vec![]),
            (Self::Sudo, true) => Some(vec!["sudo"]),
            (Self::Sudo, false) => Some(vec!["sudo", "--non-interactive"]),
            (Self::Neither, _) => None,
        }
    }
}

/// The whole argument line of one apt-get call. `env` carries the setting through sudo; the
/// timeout waits for another package manager instead of failing beside it.
fn apt_line<'a>(prefix: &[&'a str], arguments: &[&'a str]) -> Vec<&'a str> {
    let mut line = prefix.to_vec();
    line.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]);
    line.extend(arguments);
    line
}

fn apt_get(prefix: &[&str], arguments: &[&str]) -> Result<()> {
    let line = apt_line(prefix, arguments);
    let (program, rest) = line.split_first().context("an apt-get line has at least one word")?;
    let status = Command::new(program)
        .args(rest)
        // apt-get's chatter is progress, not a result: stdout stays ours.
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_fully_installed_package_counts() {
        let listing = "ffmpeg\tinstalled\nclang\tconfig-files\nlibclang-dev\thalf-installed\nodd line\n";
        let wanted = ["clang", "ffmpeg", "libclang-dev", "libvulkan1"];
        assert_eq!(missing(&wanted, listing), ["clang", "libclang-dev", "libvulkan1"]);
        assert_eq!(missing(&wanted, ""), wanted);
        assert!(missing(&["ffmpeg"], listing).is_empty());
    }

    #[test]
    fn one_architecture_of_two_is_enough() {
        let listing = "libvulkan1\tnot-installed\nlibvulkan1\tinstalled\n";
        assert!(missing(&["libvulkan1"], listing).is_empty());
    }

    #[test]
    fn a_name_that_only_begins_alike_does_not_count() {
        assert_eq!(missing(&["clang"], "clang-14\tinstalled\n"), ["clang"]);
    }

    #[test]
    fn who_may_install_and_how() {
        let cases = [
            ((true, true), Rights::Root),
            ((true, false), Rights::Root),
            ((false, true), Rights::Sudo),
            ((false, false), Rights::Neither),
        ];
        for ((is_root, has_sudo), expected) in cases {
            assert_eq!(Rights::decide(is_root, || has_sudo), expected);
        }
        assert_eq!(Rights::Neither.prefix(true), None);
        assert_eq!(
            apt_line(&Rights::Sudo.prefix(false).unwrap_or_default(), &["update"]).join(" "),
            "sudo --non-interactive env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update"
        );
        assert_eq!(apt_line(&Rights::Root.prefix(true).unwrap_or_default(), &["update"]).first(), Some(&"env"));
    }

    #[test]
    fn the_command_to_run_by_hand_names_each_missing_package() {
        assert_eq!(
            by_hand(&["clang", "ffmpeg"]),
            "apt-get update && apt-get install --yes --no-install-recommends clang ffmpeg"
        );
    }

    #[test]
    fn the_list_names_no_package_twice() {
        let names: BTreeSet<_> = BUILD_AND_RUN.iter().collect();
        assert_eq!(names.len(), BUILD_AND_RUN.len());
    }
}
