//! A bounded fuzz of everything that reads foreign bytes: mutations of valid files, the same every time.
//! The open-ended one is in `tests/fuzz`, which asks the same of its inputs.

use anyhow::Result;

use super::webgpu::TESTS;
use crate::test::build::{Build, Made};
use crate::test::cargo::Kind;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

/// The module of the tests that has it.
const MODULE: &str = "mutation::";
/// So many times the mutations that unit tests try.
const USUAL: &str = "5";
/// And with `--thorough`.
const THOROUGH: &str = "100";

pub(super) fn run(job: &Job, made: &Made, terms: &Terms) -> Result<Outcome> {
    let mut tests = made.of(Build::Native)?.program(Kind::UnitTests, TESTS)?.command();
    tests.env("TAGSIGHT_FUZZ", if terms.thorough { THOROUGH } else { USUAL });
    job.run(tests.args([MODULE, "--nocapture"]))?;
    Ok(Outcome::Passed)
}
