//! What descriptions compile to, part by part.

use super::*;

#[test]
fn a_whole_description_is_understood_and_its_form_is_valid() {
    let compiled = compile("左手横伸，掌心向上；右手伸拇、小指，从上向下移至左手掌心上。");
    assert_eq!(compiled.status, Status::Ok, "{}", compiled.message());
    assert_eq!(compiled.clauses, 4);
    assert_eq!(compiled.form.map(|form| form.steps.len()), Some(1));
}
