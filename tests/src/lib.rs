//! What crosses crates: end to end, conformance, the house's fences.
//!
//! In: the crates as their users see them. Out: one test binary, `across`.
//! Never: a unit's own test (those stand beside the unit), anything that asserts a clock.
