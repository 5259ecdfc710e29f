//! Which crate may know what: read from `cargo metadata`, so that a fence cannot be climbed unseen.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).other_options(vec!["--locked".into()]).exec().unwrap()
}

/// A member's folder, relative to the workspace, such as `models/text`.
fn folder(metadata: &Metadata, package: &Package) -> String {
    package.manifest_path.parent().unwrap().strip_prefix(&metadata.workspace_root).unwrap().to_string()
}

/// What each fenced family of crates may be used by.
fn may_use(family: &str, folder: &str) -> bool {
    match family {
        "tonic" => {
            folder == "proto" || folder == "tests" || (folder.starts_with("services/") && folder != "services/session")
        }
        "candle" => folder.starts_with("models/"),
        "bevy" => folder == "renderer/avatar",
        "ffmpeg" => folder == "renderer/stream",
        other => panic!("no fence for {other}"),
    }
}

const FENCED: [&str; 4] = ["tonic", "candle", "bevy", "ffmpeg"];

fn family(dependency: &str) -> Option<&'static str> {
    FENCED.into_iter().find(|family| {
        dependency == *family || dependency.strip_prefix(family).is_some_and(|rest| rest.starts_with(['-', '_']))
    })
}

#[test]
fn heavy_crates_stay_behind_their_fences() {
    let metadata = metadata();
    let mut seen = BTreeSet::new();
    for package in metadata.workspace_packages() {
        let folder = folder(&metadata, package);
        for dependency in &package.dependencies {
            if let Some(family) = family(&dependency.name) {
                seen.insert(family);
                assert!(may_use(family, &folder), "{folder} depends on {}", dependency.name);
            }
        }
    }
    assert!(seen.contains("bevy") && seen.contains("ffmpeg"), "the fence reads what is there: {seen:?}");
}

/// Data flows one way: a crate may use these of the project's own crates and no others.
fn own_crates_allowed(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "signing" | "text" | "inference" | "xtask" => &[],
        "glm" => &["inference"],
        "speech" => &["signing", "text", "inference"],
        "lexicon" => &["signing", "text"],
        "understanding" => &["signing", "text", "lexicon"],
        "body" | "stream" => &["signing"],
        "motion" | "avatar" => &["signing", "body"],
        "session" => {
            &["signing", "text", "lexicon", "glm", "understanding", "speech", "body", "motion", "avatar", "stream"]
        }
        "proto" => &["signing"],
        "client" => &["proto"],
        "endpoint" => &["understanding"],
        "demo" => &["session", "signing", "stream", "lexicon", "understanding", "body", "motion"],
        "server" => &["proto", "session", "signing", "speech", "stream", "body", "motion", "lexicon", "understanding"],
        // The binary and the tests join everything.
        "shouyu" | "tests" => return None,
        other => panic!("{other} is new: say here which of the project's crates it may use"),
    })
}

#[test]
fn stages_know_nothing_of_their_neighbours() {
    let metadata = metadata();
    let own: BTreeSet<&str> = metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    for package in metadata.workspace_packages() {
        let Some(allowed) = own_crates_allowed(&package.name) else { continue };
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        for dependency in normal.filter(|dependency| own.contains(dependency.name.as_str())) {
            assert!(allowed.contains(&dependency.name.as_str()), "{} depends on {}", package.name, dependency.name);
        }
    }
}

#[test]
fn xtask_builds_without_the_heavy_crates() {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().unwrap();
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let xtask = metadata.workspace_packages().into_iter().find(|package| package.name.as_str() == "xtask").unwrap();
    let (mut reached, mut waiting) = (BTreeSet::new(), vec![&xtask.id]);
    while let Some(id) = waiting.pop() {
        if reached.insert(id) {
            waiting.extend(nodes[id].dependencies.iter());
        }
    }
    for id in reached {
        let name = metadata[id].name.as_str();
        assert_eq!(family(name), None, "xtask reaches {name}");
    }
}

#[test]
fn a_crate_is_named_after_its_folder() {
    let metadata = metadata();
    for package in metadata.workspace_packages() {
        let folder = folder(&metadata, package);
        assert_eq!(folder.rsplit('/').next(), Some(package.name.as_str()), "{folder}");
    }
}

#[test]
fn versions_stand_in_the_workspace_alone() {
    let metadata = metadata();
    for package in metadata.workspace_packages() {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        for line in manifest.lines() {
            let version = line.contains("version = \"") || line.trim_start().starts_with("version = \"");
            assert!(!version, "{}: {line}: versions stand in [workspace.dependencies]", package.manifest_path);
        }
    }
}
