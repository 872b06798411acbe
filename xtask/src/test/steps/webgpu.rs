//! The comparison of graphics devices with the scalar engine: natively, and in Chromium. On a
//! machine that has none, a processor plays one (Mesa's llvmpipe, Chromium's SwiftShader).

use anyhow::{Result, ensure};

use super::e2e::node;
use super::photos;
use crate::models;
use crate::test::build::{Build, Made, gpu_tests_folder};
use crate::test::cargo::Kind;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;
use crate::trainer;

/// The binary that has the native part.
pub(super) const TESTS: &str = "tagsight_tests";
/// The module there.
pub(super) const MODULE: &str = "gpu::";

pub(super) fn run(job: &Job, made: &Made, terms: &Terms) -> Result<Outcome> {
    let mut tests = made.of(Build::Native)?.program(Kind::UnitTests, TESTS)?.command();
    if terms.thorough {
        tests.env("TAGSIGHT_THOROUGH", "1");
    } else {
        job.say("a choice of cases; --thorough compares all");
    }
    job.run(tests.args([MODULE, "--nocapture"]))?;
    command_line(job, made)?;
    let mut browser = node("browser/gpu.mjs")?;
    browser.arg(gpu_tests_folder()).args(terms.thorough.then_some("--thorough"));
    job.run(&mut browser)?;
    Ok(Outcome::Passed)
}

/// `trainer tag` must print the same on a processor and on a graphics device.
fn command_line(job: &Job, made: &Made) -> Result<()> {
    let (photos, model) = (photos::all(job)?, models::default()?);
    let tags =
        |further: &[&str]| job.output(&mut trainer::tag(made.trainer()?, &model, &photos, further));
    let processor = tags(&[])?;
    let graphics = tags(&["--backend", "webgpu"])?;
    ensure!(processor == graphics, "trainer tag --backend webgpu gives other scores");
    job.say(&format!(
        "trainer tag --backend webgpu: the scores of {} photos are equal",
        photos.len()
    ));
    Ok(())
}
