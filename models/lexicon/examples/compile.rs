//! Compiles SiGML files and folders and lists what is not understood.
//!
//! In: paths of `.sigml` files or folders. Out: one line for each sign that is not `ok`, then the
//! count of each status; with `--forms` each form as JSON. Never: writes a file.
//!
//!     cargo run --release -p lexicon --example compile -- [--forms] PATH…

use std::{
    io::{Error, Write},
    path::Path,
};

use lexicon::{Status, sigml};

fn main() -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    let mut counts = [0_usize; 3];
    let (options, paths): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let forms = options.iter().any(|option| option == "--forms");
    for path in &paths {
        let path = Path::new(path);
        let signs = if path.is_dir() { sigml::compile_folder(path) } else { sigml::compile_file(path) };
        for sign in signs.map_err(Error::other)? {
            let row = sign.row();
            counts[match sign.status {
                Status::Ok => 0,
                Status::Partial => 1,
                Status::Error => 2,
            }] += 1;
            if sign.status != Status::Ok {
                writeln!(out, "{:?} {} {}", row.status, row.id, row.message)?;
            }
            if forms && let Some(form) = &sign.form {
                writeln!(out, "{} {} {}", row.id, row.gloss, serde_json::to_string(form)?)?;
            }
        }
    }
    let [ok, partial, error] = counts;
    writeln!(out, "ok {ok}, partial {partial}, error {error}")
}
