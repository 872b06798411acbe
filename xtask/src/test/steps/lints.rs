//! Clippy, which ran while the workspace was built.

use anyhow::{Result, ensure};

use crate::test::build::{Build, Made};
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let of = |build| Ok::<_, anyhow::Error>(made.of(build)?.warnings.as_slice());
    let warnings = [of(Build::Native)?, of(Build::BrowserLints)?].concat();
    warnings.iter().for_each(|warning| job.say(warning));
    ensure!(warnings.is_empty(), "{} warnings", warnings.len());
    Ok(Outcome::Passed)
}
