//! Writes `corpus/authored.jsonl` and `corpus/grammar.jsonl` from their sources.
#![allow(clippy::print_stdout, reason = "a command tells what it did")]

use std::{collections::BTreeMap, fs, path::Path};

use understanding::corpus::{Grammar, Pair, authored, finish, part};

/// How many pairs a template gives, and the seed of their choice.
const EACH: usize = 18;
const SEED: u64 = 5;

fn main() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files: Vec<_> = fs::read_dir(folder.join("authored"))?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut written = Vec::new();
    for file in files {
        let path = file.path();
        let domain = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        written.extend(authored(&path.to_string_lossy(), &domain, &fs::read_to_string(&path)?)?);
    }
    let grammar = Grammar::read(&fs::read_to_string(folder.join("grammar.txt"))?)?;
    let written = finish(written, 'a');
    let known: std::collections::HashSet<_> = written.iter().map(|pair| pair.zh.clone()).collect();
    let made = grammar.pairs(EACH, SEED).into_iter().filter(|pair| !known.contains(&pair.zh)).collect();
    let made = finish(made, 'g');
    let count = written.len();
    let mut all: Vec<Pair> = written.into_iter().chain(made).collect();
    part(&mut all);
    let (written, made) = all.split_at(count);
    for (name, pairs) in [("authored", written), ("grammar", made)] {
        let lines: Vec<String> = pairs.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        fs::write(folder.join(format!("{name}.jsonl")), lines.join("\n") + "\n")?;
        let mut splits: BTreeMap<&str, usize> = BTreeMap::new();
        for pair in pairs {
            *splits.entry(&pair.split).or_default() += 1;
        }
        let english = pairs.iter().filter(|pair| pair.en.is_some()).count();
        println!("{name}: {} pairs, {english} with English, {splits:?}", pairs.len());
    }
    println!("templates: {}", grammar.templates());
    Ok(())
}
