//! What the teacher makes of a text: `teach TEXT STARTS TRIALS`.
#![allow(clippy::print_stdout, reason = "prints what it measured")]

use std::{error::Error, sync::Arc, time::Instant};

use body::Body;
use lexicon::Lexicon;
use motion::head::{Teacher, TeacherOptions};
use signing::Transcript;
use understanding::Understanding;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let text = arguments.next().unwrap_or_default();
    let mut number = |usual| arguments.next().map_or(Ok(usual), |text| text.parse());
    let options = TeacherOptions { starts: number(2)?, trials: number(40)?, seed: 0, pace_alone: false };
    let body = Arc::new(Body::read(&body::default_avatar_path()?)?);
    let understanding = Understanding::new(Lexicon::core()?);
    let teacher = Teacher::new(body, options)?;
    for sentence in understanding.interpret(&Transcript::plain(text, "zh"))?.sentences {
        let start = Instant::now();
        let solution = teacher.solve(&sentence, 0, None)?;
        println!("{} tokens, {:.1} s", sentence.tokens.len(), start.elapsed().as_secs_f64());
        println!("analytic {:.2} s {}", solution.analytic.secs, solution.analytic);
        println!("found    {:.2} s {}", solution.found.secs, solution.found);
        for example in &solution.examples {
            let numbers: Vec<String> = example.shape.numbers().iter().map(|n| format!("{n:.1}")).collect();
            println!("{}", numbers.join(" "));
        }
    }
    Ok(())
}
