//! How far wild shapes lead beyond what planning alone does: `wild ROUNDS FROM TO TEXT…`, by kind of the checker the most and
//! how often. Only the shapes' numbers from FROM to TO are wild: 0 8 are times, 8 32 the hands, 32 42 head and face.
#![allow(clippy::print_stdout, reason = "prints what it measured")]

use std::{collections::BTreeMap, error::Error, sync::Arc};

use body::Body;
use lexicon::Lexicon;
use motion::{
    Head, MotionConfig,
    check::{Kind, check},
    head::{OUTPUTS, Shape},
    sign_all_as,
};
use signing::{FrameRate, Transcript};
use understanding::Understanding;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut count =
        || arguments.next().ok_or("expected ROUNDS FROM TO TEXT…")?.parse::<usize>().map_err(Box::<dyn Error>::from);
    let (rounds, wild) = (count()?, count()?..count()?);
    let body = Arc::new(Body::read(&body::default_avatar_path()?)?);
    let understanding = Understanding::new(Lexicon::core()?);
    let config = MotionConfig { rate: FrameRate::new(100, 1)?, ..MotionConfig::default() };
    let mut state = 7_u64;
    let mut number = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let mut beyond: BTreeMap<Kind, Vec<(f32, String)>> = BTreeMap::new();
    let mut runs = 0;
    for text in arguments {
        let sentences = understanding.interpret(&Transcript::plain(text.clone(), "zh"))?.sentences;
        let (frames, report) = sign_all_as(&body, config, &Head::Analytic, &sentences)?;
        let usual = check(&body, &frames, &report.asked);
        for round in 0..rounds {
            let shapes: Vec<Shape> = (0..40)
                .map(|_| {
                    Shape::new(std::array::from_fn::<_, OUTPUTS, _>(|at| {
                        let number = if wild.contains(&at) { number() } else { 0.0 };
                        if round % 2 == 0 { number } else { number.signum() }
                    }))
                })
                .collect();
            let (frames, report) = sign_all_as(&body, config, &Head::Given(shapes.into()), &sentences)?;
            let found = check(&body, &frames, &report.asked);
            runs += 1;
            for kind in Kind::ALL {
                let allowed = usual.worst(kind).unwrap_or(0.0).max(kind.limit());
                let more = found.worst(kind).unwrap_or(0.0) - allowed;
                if more > 0.0 {
                    let worst = found.findings.iter().filter(|finding| finding.kind == kind);
                    let worst = worst.max_by(|a, b| a.amount.total_cmp(&b.amount));
                    let of = worst.map_or(String::new(), |finding| {
                        let token = report.timeline.at(finding.at);
                        token.map_or(String::new(), |token| {
                            format!("{} {finding}", sentences[token.sentence as usize].tokens[token.token].gloss)
                        })
                    });
                    beyond.entry(kind).or_default().push((more, format!("{text} {of}")));
                }
            }
        }
    }
    println!("{runs} runs");
    for (kind, mut all) in beyond {
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!("{}: {} runs beyond planning, by {:.1} at most", kind.name(), all.len(), all[0].0);
        all.iter().take(4).for_each(|(more, of)| println!("   {more:.1} {of}"));
    }
    Ok(())
}
