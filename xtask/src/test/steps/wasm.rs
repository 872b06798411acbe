//! The portable tests in Chromium.

use anyhow::{Result, ensure};

use super::e2e::node;
use super::webgpu::TESTS;
use crate::test::build::{Build, Made, RELAXED, SIMD};
use crate::test::cargo::Kind;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    for (features, build) in [(SIMD, Build::WasmSimd), (RELAXED, Build::WasmRelaxed)] {
        let compiled = made.of(build)?;
        job.say(&format!("built with {features}:"));
        let binaries: Vec<_> = compiled.programs.iter().map(|program| &program.file).collect();
        ensure!(binaries.len() == 2, "one binary each of core and tests, not {binaries:?}");
        job.run(node("browser/unit.mjs")?.args(&binaries))?;
        job.say("negative control, one test fails:");
        let control = compiled.file(Kind::UnitTests, TESTS)?;
        job.run(node("browser/unit.mjs")?.arg("--must-fail").arg(control))?;
    }
    Ok(Outcome::Passed)
}
