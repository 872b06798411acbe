//! The kernels under AddressSanitizer, which ends a test that reads or writes outside of what was
//! allocated: their loads and stores are the only ones that Rust does not check.

use anyhow::Result;

use crate::test::build::{Build, Made};
use crate::test::cargo::Kind;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let tests = made.of(Build::Address)?.program(Kind::UnitTests, "tagsight_core")?;
    let mut tests = tests.command();
    // What is never freed harms nobody, and looking for it takes a right that containers may lack.
    tests.env("ASAN_OPTIONS", "detect_leaks=0");
    job.run(tests.args(["kernels::", "engine::"]))?;
    Ok(Outcome::Passed)
}
