//! How large the built site is.

use anyhow::{Result, ensure};

use crate::offline::SCRIPT;
use crate::site::{DOWNLOADS, download, folder};
use crate::test::build::Made;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

/// WebAssembly of the page and one worker together, gzipped.
const LARGEST_DOWNLOAD: usize = 340_000;
/// WebAssembly of the graphics processor's engine, gzipped; only where there is one.
const LARGEST_GPU_DOWNLOAD: usize = 92_000;
/// Scripts and styles of the page and one worker, with that of the decoders, gzipped.
const LARGEST_SCRIPTS: usize = 26_000;
/// WebAssembly of what reads and writes keywords, gzipped; only when a photo may bring some, or tags are
/// taken along.
const LARGEST_KEYWORDS: usize = 60_000;
/// WebAssembly of what decodes PNG and WebP, gzipped; only when a photo is one.
const LARGEST_DECODERS: usize = 103_000;
/// WebAssembly of the dialog that takes tags along, gzipped; only when it is opened.
const LARGEST_EXPORT: usize = 100_000;
/// WebAssembly of the dialogs or of the benchmark, gzipped; each brings what draws a page once more.
const LARGEST_PART: usize = 100_000;
/// Everything that a page downloads which imports the module, but for the model, gzipped: the larger worker and
/// what decodes PNG and WebP.
const LARGEST_MODULE: usize = 300_000;
/// The service worker, gzipped: two kilobytes by hand and a list of the site's files with their digests,
/// which no compression makes smaller.
const LARGEST_SERVICE_WORKER: usize = 4_000;

pub(super) fn run(job: &Job, _: &Made, _: &Terms) -> Result<Outcome> {
    let [page, simd, relaxed, threads, gpu, keywords, decoders, export, dialogs, benchmark] =
        DOWNLOADS.map(|(_, files)| files);
    let with_worker = |kinds: &[&str]| {
        let workers = gzipped(simd, kinds)?.max(gzipped(relaxed, kinds)?);
        let workers = workers.max(gzipped(threads, kinds)?);
        Ok::<_, anyhow::Error>(gzipped(page, kinds)? + workers)
    };
    // The worker brings the script of the decoders along.
    let scripts = with_worker(&["js", "css"])? + gzipped(decoders, &["js"])?;
    let kinds = &["js", "wasm"];
    let module = gzipped(&["tagsight.js", "plain.js"], kinds)?
        + gzipped(simd, kinds)?.max(gzipped(relaxed, kinds)?)
        + gzipped(decoders, kinds)?;
    let checks = [
        ("the module for other pages", module, LARGEST_MODULE),
        ("page and worker", with_worker(&["wasm"])?, LARGEST_DOWNLOAD),
        ("their scripts and styles", scripts, LARGEST_SCRIPTS),
        ("the service worker", gzipped(&[SCRIPT], &["js"])?, LARGEST_SERVICE_WORKER),
        ("the graphics processor's engine", gzipped(gpu, &["wasm"])?, LARGEST_GPU_DOWNLOAD),
        ("what reads and writes keywords", gzipped(keywords, &["wasm"])?, LARGEST_KEYWORDS),
        ("what decodes PNG and WebP", gzipped(decoders, &["wasm"])?, LARGEST_DECODERS),
        ("what takes tags along", gzipped(export, &["wasm"])?, LARGEST_EXPORT),
        ("the dialogs", gzipped(dialogs, &["wasm"])?, LARGEST_PART),
        ("the benchmark", gzipped(benchmark, &["wasm"])?, LARGEST_PART),
    ];
    for (name, size, allowed) in checks {
        job.say(&format!("{name}: {size} bytes gzipped, {allowed} allowed"));
    }
    for (name, size, allowed) in checks {
        ensure!(size <= allowed, "too large: {name}");
    }
    Ok(Outcome::Passed)
}

/// What those of `files` that are of one of `kinds` weigh.
fn gzipped(files: &[&'static str], kinds: &[&str]) -> Result<usize> {
    let is_wanted = |file: &&str| file.rsplit('.').next().is_some_and(|kind| kinds.contains(&kind));
    let wanted: Vec<&str> = files.iter().copied().filter(is_wanted).collect();
    Ok(download(&folder(), &wanted)?.gzip)
}
