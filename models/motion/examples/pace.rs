//! How fast motion is: every sign of the core pack, as a dictionary shows it.
#![allow(clippy::print_stdout, reason = "prints what it measured")]

use std::{error::Error, sync::Arc, time::Instant};

use body::Body;
use lexicon::Lexicon;
use motion::{MotionConfig, sign_form};

fn main() -> Result<(), Box<dyn Error>> {
    let body = Arc::new(Body::read(&body::default_avatar_path()?)?);
    let lexicon = Lexicon::core()?;
    let config = MotionConfig::default();
    let forms: Vec<_> = lexicon.entries().filter_map(|entry| entry.form()).collect();
    let (start, mut frames) = (Instant::now(), 0);
    for form in &forms {
        frames += sign_form(&body, config, form)?.frames.len();
    }
    let (signed, took) = (frames as f64 / config.rate.as_f64(), start.elapsed().as_secs_f64());
    println!(
        "{} signs, {signed:.0} s of signing in {took:.2} s: {:.0} × real time on one core",
        forms.len(),
        signed / took
    );
    Ok(())
}
