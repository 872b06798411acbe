//! `cargo xtask bench`: this engine beside its peers, and the table in README.md; with `--gpu`, on
//! the machine's graphics device.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::offline::Offline;
use crate::setup::browser::{CHROMIUM, chromium};
use crate::setup::npm::{self, NODE};
use crate::setup::python::{self, PYTHON};
use crate::setup::system::{self, Consent};
use crate::shell::{self, root};
use crate::{runtimes, site, trainer};

/// The networks and their titles; the page's default is the first.
const MODELS: [(&str, &str); 3] = [
    ("efficientnet_lite2", "EfficientNet-Lite2"),
    ("resnet18", "ResNet-18"),
    ("resnet50", "ResNet-50"),
];
/// The network that a camera's photo is scaled for.
const PHOTO_MODEL: &str = "resnet18";
/// README.md's table lies between these lines.
const BEGIN: &str = "<!-- benchmark: written by `cargo xtask bench` -->";
const END: &str = "<!-- end of benchmark -->";

/// What `bench` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Times that every engine has its turn (the part with PyTorch has a number of its own)
    #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(u16).range(15..))]
    rounds: u16,
    /// Show the table only; leave README.md as it is
    #[arg(long)]
    dry_run: bool,
    /// Time the graphics device instead: beside wonnx and what the `python3` on the path has of
    /// PyTorch and onnxruntime, and in Chromium beside onnxruntime-web; show tables of it
    #[arg(long, conflicts_with = "dry_run")]
    gpu: bool,
}

/// Milliseconds of one photo.
#[derive(Deserialize)]
struct Figures {
    median_ms: f64,
}

/// Model → engine → figures.
type Results = BTreeMap<String, BTreeMap<String, Figures>>;

#[derive(Deserialize)]
struct InBrowser {
    chromium: String,
    /// The graphics device, where one was timed.
    #[serde(default)]
    adapter: String,
    results: Results,
    /// Of the camera's photo, where that was timed.
    #[serde(default)]
    photo: BTreeMap<String, Figures>,
}

impl InBrowser {
    /// What people call it.
    fn place(&self) -> String {
        format!("Chromium {}", self.release())
    }

    /// Chromium's version, as people say it.
    fn release(&self) -> &str {
        self.chromium.split('.').next().unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Native {
    /// The peers'.
    versions: BTreeMap<String, String>,
    results: Results,
    /// Of the camera's photo.
    photo: BTreeMap<String, Figures>,
}

/// Measures and writes the table.
pub(crate) fn run(args: Args, consent: Consent) -> Result<()> {
    if args.gpu {
        return on_graphics(args.rounds, consent);
    }
    let bench = Bench::prepare(args.rounds, consent)?;
    println!("timing in Chromium…");
    let in_browser = bench.in_browser(&[])?;
    let threaded = bench.in_browser(&["threads"])?;
    println!("timing natively…");
    let native = shell::output(&mut bench.python("native.py", &[&bench.trainer, &bench.work]))?;
    let native: Native = serde_json::from_str(&native).context("native.py")?;
    let table = table(&in_browser, &threaded, &native, args.rounds)?;
    println!("{table}");
    if !args.dry_run {
        insert(&root().join("README.md"), &table)?;
    }
    Ok(())
}

/// What is timed, and with what.
struct Bench {
    python: PathBuf,
    trainer: PathBuf,
    site: PathBuf,
    /// Everybody's models.
    work: PathBuf,
    rounds: String,
}

impl Bench {
    fn prepare(rounds: u16, consent: Consent) -> Result<Self> {
        system::ensure_all(&[&PYTHON, &NODE, &CHROMIUM].map(|need| ("bench", need)), consent)?;
        let python = python::environment(python::ORACLES)?;
        let trainer = trainer::build()?;
        let site = site::build(Offline::With, consent)?;
        npm::linked(&root().join("tests"))?;
        npm::linked(&folder())?;
        let work = shell::target_folder().join("bench");
        shell::run(Command::new(&python).arg(folder().join("models/make.py")).arg(&work))?;
        for (name, _) in MODELS {
            prepare(&trainer, &work, name)?;
        }
        answer(&trainer, &work, PHOTO_MODEL, "camera.jpg", "camera")?;
        Ok(Self { python, trainer, site, work, rounds: rounds.to_string() })
    }

    /// Times in Chromium.
    fn in_browser(&self, kind: &[&str]) -> Result<InBrowser> {
        let mut command = Command::new(npm::node()?);
        command.arg(folder().join("browser.mjs")).args([&self.site, &self.work]);
        command.arg(&self.rounds).args(kind).env("TAGSIGHT_CHROMIUM", chromium()?);
        serde_json::from_str(&shell::output(&mut command)?).context("browser.mjs")
    }

    /// A script of the benchmark's, with these arguments and the rounds.
    fn python(&self, script: &str, arguments: &[&Path]) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(folder().join(script)).args(arguments).arg(&self.rounds);
        command
    }
}

/// Everything on the machine's graphics device; first what needs least.
fn on_graphics(rounds: u16, consent: Consent) -> Result<()> {
    shell::run(Command::new("python3").arg(folder().join("gpu.py")).arg(trainer::build()?))?;
    let bench = Bench::prepare(rounds, consent)?;
    println!("timing in Chromium…");
    let found = bench.in_browser(&["graphics"])?;
    let chromium = found.release();
    let mut text = header(&format!("Chromium {chromium} on {}", found.adapter));
    rows(&mut text, &found.results, "Tagsight, WebGPU", &browser_peers()?)?;
    println!("{text}");
    let wonnx = runtimes::build("wonnx")?;
    shell::run(&mut bench.python("wonnx.py", &[&bench.trainer, &wonnx, &bench.work]))
}

fn folder() -> PathBuf {
    root().join("tests/bench")
}

/// This engine's random network, and what the scalar engine makes of the photo.
fn prepare(trainer: &Path, work: &Path, name: &str) -> Result<()> {
    let artifact = work.join(name);
    let export = ["export", "--random", "--model", name, "--out"];
    shell::output(Command::new(trainer).args(export).arg(&artifact))?;
    answer(trainer, work, name, "photo.png", name)
}

/// Writes what the scalar engine says of a photo, which the native one must say too.
fn answer(trainer: &Path, work: &Path, name: &str, photo: &str, file: &str) -> Result<()> {
    let tag = |engine: &[&str]| {
        let mut command = Command::new(trainer);
        command.args(["tag", "--json", "--artifact"]).arg(work.join(name)).args(engine);
        shell::output(command.arg(work.join(photo)))
    };
    let scalar = tag(&["--engine", "scalar"])?;
    ensure!(tag(&[])? == scalar, "{name}: the native engine differs from the scalar one");
    fs::write(work.join(format!("{file}.scores.json")), scalar)?;
    Ok(())
}

fn table(
    in_browser: &InBrowser,
    threaded: &InBrowser,
    native: &Native,
    rounds: u16,
) -> Result<String> {
    let mut text = header("engine");
    let group = |place: &str| format!("| **{place}** |{}\n", " |".repeat(MODELS.len()));
    text.push_str(&group(&in_browser.place()));
    rows(&mut text, &in_browser.results, "Tagsight, relaxed SIMD", &browser_peers()?)?;
    text.push_str(&group(&format!("{}, in a page of its own", threaded.place())));
    rows(&mut text, &threaded.results, "Tagsight, 2 threads", &browser_peers()?)?;
    text.push_str(&group("native"));
    let mut engines = native.results.values().flat_map(BTreeMap::keys);
    let ours = engines.find(|name| name.starts_with("Tagsight"));
    let ours = ours.context("native.py did not time this engine")?;
    rows(&mut text, &native.results, ours, &native.versions)?;
    writeln!(
        text,
        "\nMilliseconds for one photo of 224 × 224 pixels and 80 labels, INT8, decoding excluded: \
         the median of {rounds} rounds in which every engine had its turn, one thread unless said \
         otherwise, random weights. In brackets: the time as a multiple of the first line of its group. \
         {}, {}.",
        processor(),
        shell::output(Command::new("date").args(["-u", "+%Y-%m-%d"]))?.trim(),
    )?;
    text.push_str(&photo_table(in_browser, native)?);
    Ok(text)
}

/// A table's first lines: a column of that name, and one a network.
fn header(first: &str) -> String {
    let titles = MODELS.map(|(_, title)| title).join(" | ");
    format!("| {first} | {titles} |\n|---|{}\n", "--:|".repeat(MODELS.len()))
}

/// From a camera's JPEG to the network's input.
fn photo_table(in_browser: &InBrowser, native: &Native) -> Result<String> {
    let mut text = String::from("\n| 12-megapixel JPEG | decoded | scaled | together |\n");
    text.push_str("|---|--:|--:|--:|\n");
    let turbo = native.versions.get("libjpeg-turbo").context("native.py names no libjpeg-turbo")?;
    let pillow = format!("Pillow {} on libjpeg-turbo {turbo}", native.versions["Pillow"]);
    let browsers = "createImageBitmap";
    let groups = [
        (in_browser.place(), &in_browser.photo, "Tagsight, relaxed SIMD", (browsers, browsers)),
        ("native".to_owned(), &native.photo, "Tagsight", ("Pillow", pillow.as_str())),
    ];
    for (place, figures, ours, (theirs, title)) in groups {
        let median = |name: &str| {
            let figures = figures.get(name).with_context(|| format!("{name} was not timed"));
            figures.map(|figures| figures.median_ms)
        };
        let (decode, squash, own) = (median("decode")?, median("squash")?, median(ours)?);
        writeln!(text, "| **{place}** | | | |")?;
        writeln!(text, "| {ours} | {decode:.1} | {squash:.1} | {own:.1} (1.00×) |")?;
        let theirs = median(theirs)?;
        writeln!(text, "| {title} | | | {theirs:.1} ({:.2}×) |", theirs / own)?;
    }
    text.push_str(
        "\nMilliseconds from the file's bytes to 224 × 224 pixels, in the same rounds. \
         `createImageBitmap` scales to that size in medium quality and is read back; Pillow decodes at \
         an eighth (`draft`) and resizes.\n",
    );
    Ok(text)
}

/// One line an engine, `first` before the others.
fn rows(
    text: &mut String,
    results: &Results,
    first: &str,
    versions: &BTreeMap<String, String>,
) -> Result<()> {
    let others = results[MODELS[0].0].keys().map(String::as_str).filter(|name| *name != first);
    for engine in [first].into_iter().chain(others) {
        let package = engine.split(',').next().unwrap_or_default();
        let version = versions.get(package).map(|version| format!(" {version}"));
        write!(text, "| {engine}{}", version.unwrap_or_default())?;
        for (model, _) in MODELS {
            let median = |name: &str| {
                Ok::<_, anyhow::Error>(
                    results[model]
                        .get(name)
                        .with_context(|| format!("{name} was not timed"))?
                        .median_ms,
                )
            };
            let (own, base) = (median(engine)?, median(first)?);
            write!(text, " | {own:.1} ({:.2}×)", own / base)?;
        }
        text.push_str(" |\n");
    }
    Ok(())
}

/// The peers' versions, from the benchmark's own lock of them.
fn browser_peers() -> Result<BTreeMap<String, String>> {
    let package = fs::read_to_string(root().join("tests/bench/package.json"))?;
    let package: serde_json::Value = serde_json::from_str(&package)?;
    let version = |name: &str| {
        let version = package["dependencies"][name].as_str();
        version.map(str::to_owned).with_context(|| format!("tests/bench has no {name}"))
    };
    Ok(BTreeMap::from([
        ("LiteRT.js".to_owned(), version("@litertjs/core")?),
        ("onnxruntime-web".to_owned(), version("onnxruntime-web")?),
    ]))
}

/// The processor's name, where the system tells it.
fn processor() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = information.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split(": ").nth(1));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |name| name.trim().to_owned())
}

/// Puts `table` between the marks of `file`.
fn insert(file: &Path, table: &str) -> Result<()> {
    let text = fs::read_to_string(file).context("README.md")?;
    let (Some(begin), Some(end)) = (text.find(BEGIN), text.find(END)) else {
        bail!("README.md has no lines {BEGIN} and {END} to put the table between");
    };
    let (before, after) = (&text[..begin + BEGIN.len()], &text[end..]);
    fs::write(file, format!("{before}\n\n{table}\n{after}"))?;
    println!("README.md has the new table");
    Ok(())
}
