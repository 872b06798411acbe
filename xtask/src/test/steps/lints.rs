//! Clippy, which ran while the workspace was built.

use anyhow::{Result, ensure};

use crate::test::Terms;
use crate::test::build::Made;
use crate::test::job::Job;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let warnings = [&made.native()?.warnings[..], &made.browser_lints()?.warnings[..]].concat();
    warnings.iter().for_each(|warning| job.say(warning));
    ensure!(warnings.is_empty(), "{} warnings", warnings.len());
    Ok(Outcome::Passed)
}
