//! The page in Chromium, from end to end, and what matters most of it in other engines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::photos;
use crate::models;
use crate::package;
use crate::setup::browser::{FIREFOX, WEBKIT, chromium};
use crate::setup::npm;
use crate::setup::system::Need;
use crate::shell::root;
use crate::site;
use crate::test::build::Made;
use crate::test::job::{self, Job};
use crate::test::terms::Terms;
use crate::test::times::Outcome;
use crate::trainer::{self, data};

/// Photos of the quick look.
const FEW: usize = 4;
/// Photos for the other engines, of every kind that the worker decodes; the first has tags.
const OWN: [&str; 3] = [
    "static/sample.jpg",
    "tests/fixtures/photos/display_p3.png",
    "tests/fixtures/photos/lossy.webp",
];
/// The other engines, as `engines.mjs` calls them.
const OTHERS: [(&Need, &str); 2] = [(&FIREFOX, "firefox"), (&WEBKIT, "webkit")];

/// A script of `tests/`, ready to be given arguments.
pub(super) fn node(script: &str) -> Result<Command> {
    node_in("tests", script)
}

/// A script of a folder that has npm packages of its own.
fn node_in(folder: &str, script: &str) -> Result<Command> {
    let folder = root().join(folder);
    npm::linked(&folder)?;
    let mut command = Command::new(npm::node()?);
    command.arg(folder.join(script)).env("TAGSIGHT_CHROMIUM", chromium()?);
    Ok(command)
}

/// Every check.
pub(super) fn run(job: &Job, made: &Made, terms: &Terms) -> Result<Outcome> {
    let stage = Stage::new(job, made, usize::MAX)?;
    let second = stage.random("second", "resnet18", "224")?;
    let mut command = node("e2e/run.mjs")?;
    command.args([&site::folder(), &stage.expected, &second, &stage.out]);
    command.args(data().map(|data| data.join("coco/annotations/instances_train.json")));
    job.run(&mut command)?;
    job.say("the library:");
    job.run(node("e2e/library.mjs")?.args([&site::folder(), &stage.out]))?;
    job.say("why a photo has a tag:");
    let beside = [&site::folder(), made.tagsight()?, &stage.out];
    job.run(node("e2e/why.mjs")?.args(beside))?;
    job.say("photos that look alike:");
    job.run(node("e2e/alike.mjs")?.args(beside))?;
    job.say("tags that are taken along:");
    job.run(node("e2e/export.mjs")?.args([&site::folder(), &stage.out]))?;
    job.say("many photos:");
    job.run(node("e2e/many.mjs")?.arg(site::folder()))?;
    job.say("without a network:");
    job.run(node("e2e/offline.mjs")?.args([&site::folder(), &stage.expected]))?;
    job.say("on a phone, as Lighthouse sees it:");
    let rounds = if terms.thorough { 5 } else { 1 };
    let mut lighthouse = node_in("tests/lighthouse", "audit.mjs")?;
    job.run(lighthouse.arg(site::folder()).arg(rounds.to_string()))?;
    job.say("with a graphics processor:");
    // A processor that plays a graphics device takes ten seconds for a photo of the usual size.
    let small = stage.random("small", "mobilenet_v2", "64")?;
    job.run(node("e2e/graphics.mjs")?.args([&site::folder(), &stage.expected, &small]))?;
    job.say("a study's report:");
    let study = stage.out.join("study");
    job.run(&mut trainer::study_in_miniature(stage.trainer, &study))?;
    job.run(node("e2e/report.mjs")?.arg(study.join("report.html")).arg(&stage.out))?;
    in_other_engines(job, &stage)?;
    for_other_pages(job, &stage)?;
    job.say(&format!("screenshots are in {}", stage.out.display()));
    Ok(Outcome::Passed)
}

/// The module in its package, with its example, in Chromium and, where it could be had, in Firefox.
fn for_other_pages(job: &Job, stage: &Stage) -> Result<()> {
    let package = package::make(&site::folder())?;
    let mut browsers = vec!["chromium"];
    browsers.extend((FIREFOX.is_there)().then_some("firefox"));
    for browser in browsers {
        job.say(&format!("the module for other pages, in {browser}:"));
        job.run(node("e2e/module.mjs")?.args([&package, &stage.own()]).arg(browser))?;
    }
    Ok(())
}

/// Tags, corrections and a reload in every browser that could be had; of others the log says that
/// they were skipped.
fn in_other_engines(job: &Job, stage: &Stage) -> Result<()> {
    let expected = stage.own();
    stage.write_expected(&models::default()?, &OWN.map(|photo| root().join(photo)), &expected)?;
    for (need, name) in OTHERS {
        if (need.is_there)() {
            job.say(&format!("in {}:", need.name));
            job.run(node("e2e/engines.mjs")?.arg(site::folder()).arg(&expected).arg(name))?;
        } else {
            let packages = need.packages.join(" ");
            job.say(&format!(
                "SKIPPED, no {} (Debian: {packages}): tags and corrections there",
                need.name
            ));
        }
    }
    Ok(())
}

/// A few photos, with either worker.
pub(super) fn smoke(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let stage = Stage::new(job, made, FEW)?;
    job.run(node("e2e/smoke.mjs")?.args([&site::folder(), &stage.expected]))?;
    Ok(Outcome::Passed)
}

/// What the page is compared with.
struct Stage<'a> {
    job: &'a Job,
    trainer: &'a Path,
    out: PathBuf,
    photos: Vec<PathBuf>,
    /// What `trainer tag` says of the photos with the default model.
    expected: PathBuf,
}

impl<'a> Stage<'a> {
    /// With at most that many photos.
    fn new(job: &'a Job, made: &'a Made, most: usize) -> Result<Self> {
        let out = job::folder().join("e2e");
        fs::create_dir_all(&out)?;
        let mut photos = photos::all(job)?;
        photos.truncate(most);
        let expected = out.join("expected.jsonl");
        let stage = Self { job, trainer: made.trainer()?, out, photos, expected };
        stage.write_expected(&models::default()?, &stage.photos, &stage.expected)?;
        Ok(stage)
    }

    /// What the default model says of our own photos.
    fn own(&self) -> PathBuf {
        self.out.join("own.jsonl")
    }

    /// What `model` says of `photos`.
    fn write_expected(&self, model: &Path, photos: &[PathBuf], file: &Path) -> Result<()> {
        let tags = self.job.output(&mut trainer::tag(self.trainer, model, photos, &[]))?;
        Ok(fs::write(file, tags)?)
    }

    /// A model with random weights and what it says of the photos, in a folder.
    fn random(&self, name: &str, architecture: &str, side: &str) -> Result<PathBuf> {
        let folder = self.out.join(name);
        self.job.run(&mut trainer::export_random(self.trainer, &folder, architecture, side))?;
        self.write_expected(&folder, &self.photos, &folder.join("expected.jsonl"))?;
        Ok(folder)
    }
}
