//! Lists the core pack's files for embedding: `(path inside the pack, text)`.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("packs/csl");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?).join("core_pack.rs");
    println!("cargo:rerun-if-changed=packs");
    let mut files = Vec::new();
    if root.is_dir() {
        collect(&root, &mut files)?;
    }
    files.sort();
    let mut list = fs::File::create(out)?;
    writeln!(list, "&[")?;
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let inside = file.strip_prefix(&root).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        writeln!(list, "    ({inside:?}, include_str!({:?})),", file.display().to_string())?;
    }
    writeln!(list, "]")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
