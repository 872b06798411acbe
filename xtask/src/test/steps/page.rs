//! The page's unit tests that need a browser.

use anyhow::Result;

use super::e2e::node;
use crate::test::build::{Made, page_tests_folder};
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, _: &Made, _: &Terms) -> Result<Outcome> {
    job.run(node("browser/page.mjs")?.arg(page_tests_folder()))?;
    Ok(Outcome::Passed)
}
