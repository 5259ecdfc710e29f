//! The small GLM that ships stands behind the gate: nothing wrong passes, as it is and with a fault put into what it says.

use std::{collections::BTreeMap, sync::Arc};

use understanding::{Leg, ProposeError, Proposed, Proposer, Request, Understanding};

#[path = "../../models/understanding/tests/gate/judge.rs"]
mod judge;

use judge::{FAULTS, KNOWLEDGE, LEXICON, Random, interpret, spoil, suite, wrong};

/// Hands on what the small GLM says, spoilt.
#[derive(Debug)]
struct Spoilt(Arc<dyn Proposer>);

impl Proposer for Spoilt {
    fn name(&self) -> &str {
        "spoilt"
    }

    fn propose(&self, request: &Request<'_>) -> Result<Proposed, ProposeError> {
        let mut proposed = self.0.propose(request)?;
        let seed = request.text.chars().map(u64::from).sum::<u64>();
        let fault = FAULTS[(seed % FAULTS.len() as u64) as usize];
        for glosses in std::iter::once(&mut proposed.glosses).chain(&mut proposed.others) {
            spoil(fault, glosses, &mut Random(seed));
        }
        Ok(proposed)
    }
}

fn check(proposer: Arc<dyn Proposer>) -> BTreeMap<String, usize> {
    let gated = Understanding::new(LEXICON.clone()).with_proposer(proposer);
    let (mut legs, mut passed_wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    let suite = suite();
    assert!(suite.len() >= 300, "{}", suite.len());
    for pair in suite {
        let ((known, _), (signed, reports)) = (interpret(&KNOWLEDGE, &pair.zh), interpret(&gated, &pair.zh));
        assert_eq!(known.len(), signed.len(), "{}", pair.zh);
        for ((known, signed), report) in known.iter().zip(&signed).zip(&reports) {
            *legs.entry(format!("{:?}", report.leg)).or_default() += 1;
            if report.leg == Leg::Knowledge {
                assert_eq!(signed.tokens, known.tokens);
                assert!(!report.reasons.is_empty(), "{}", pair.zh);
            } else if let Some(why) = wrong(signed, known).filter(|_| reports.len() == 1) {
                let glosses: Vec<&str> = signed.tokens.iter().map(|token| token.gloss.as_str()).collect();
                passed_wrong.push(format!("{} → {}: {why}", pair.zh, glosses.join(" ")));
            }
        }
    }
    assert!(passed_wrong.is_empty(), "{} wrong:\n{}", passed_wrong.len(), passed_wrong.join("\n"));
    legs
}

#[test]
fn what_the_small_glm_says_is_never_signed_wrong() {
    let legs = check(session::embedded_glm().unwrap());
    let proposed = legs.iter().filter(|(leg, _)| *leg != "Knowledge").map(|(_, count)| count).sum::<usize>();
    assert!(proposed > 100, "the gate is no wall: {legs:?}");
}

#[test]
fn a_faulty_small_glm_is_found_out() {
    check(Arc::new(Spoilt(session::embedded_glm().unwrap())));
}
