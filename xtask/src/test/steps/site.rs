//! How large the built site is.

use anyhow::{Result, ensure};

use crate::site::{DOWNLOADS, download, folder};
use crate::test::Terms;
use crate::test::build::Made;
use crate::test::job::Job;
use crate::test::times::Outcome;

/// WebAssembly of the page and one worker together, gzipped.
const LARGEST_DOWNLOAD: usize = 400_000;
/// WebAssembly of the graphics processor's engine, gzipped; only where there is one.
const LARGEST_GPU_DOWNLOAD: usize = 120_000;

pub(super) fn run(job: &Job, _: &Made, _: &Terms) -> Result<Outcome> {
    let modules = |(_, files): (&str, &[&'static str])| {
        let modules: Vec<&str> =
            files.iter().copied().filter(|file| file.ends_with(".wasm")).collect();
        Ok::<_, anyhow::Error>(download(&folder(), &modules)?.gzip)
    };
    let [page, simd, relaxed, gpu] = DOWNLOADS;
    let size = modules(page)? + modules(simd)?.max(modules(relaxed)?);
    job.say(&format!("page and worker: {size} bytes gzipped, {LARGEST_DOWNLOAD} allowed"));
    ensure!(size <= LARGEST_DOWNLOAD, "the page has become too large");
    let gpu = modules(gpu)?;
    job.say(&format!(
        "the graphics processor's engine: {gpu} bytes gzipped, {LARGEST_GPU_DOWNLOAD} allowed"
    ));
    ensure!(gpu <= LARGEST_GPU_DOWNLOAD, "the graphics processor's engine has become too large");
    Ok(Outcome::Passed)
}
