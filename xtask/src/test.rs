//! `cargo xtask test`: every check there is, step by step.
//!
//! A step that lacks something installs it or fails with advice. The only thing that may be absent
//! is COCO (`TAGSIGHT_DATA`), and a step that would have used it says so.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::model;
use crate::shell::{self, root};
use crate::{python, site, tools, webgpu};

/// WebAssembly of the page and one worker together, gzipped.
const LARGEST_DOWNLOAD: usize = 400_000;
/// WebAssembly of the graphics processor's engine, gzipped; only where there is one.
const LARGEST_GPU_DOWNLOAD: usize = 120_000;
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
const NEON_TARGET: &str = "aarch64-unknown-linux-gnu";
/// The packages whose unit tests run on every platform.
const PORTABLE: [&str; 5] =
    ["test", "--release", "--package=tagsight-core", "--package=tagsight-tests", "--lib"];
/// Lints of the code that only exists in browsers.
const BROWSER_PACKAGES: [&str; 4] = [
    "--package=tagsight-core",
    "--package=tagsight-gpu",
    "--package=tagsight-worker",
    "--package=tagsight-web",
];

/// What `test` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only these steps, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    only: Vec<String>,
}

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Result<Outcome>,
}

/// How a step that did not fail ended.
pub(crate) enum Outcome {
    /// It ran.
    Passed,
    /// Nothing of it could run, and it said why.
    Skipped,
}

const STEPS: [Step; 10] = [
    Step { name: "format", what: "rustfmt changes nothing", run: format },
    Step { name: "lints", what: "clippy has nothing to say", run: lints },
    Step { name: "native", what: "unit tests and rules, native", run: native },
    Step { name: "neon", what: "kernels and networks on AArch64, under qemu", run: neon },
    Step { name: "wasm", what: "kernels and networks in Chromium, both builds", run: wasm },
    Step { name: "webgpu", what: "kernels and networks on graphics devices", run: webgpu::compare },
    Step {
        name: "oracle",
        what: "networks against onnxruntime, event files against TensorBoard",
        run: oracle,
    },
    Step {
        name: "model",
        what: "the shipped models on COCO's validation photos",
        run: model::measure,
    },
    Step { name: "site", what: "the site builds and is small", run: site },
    Step { name: "e2e", what: "the page in Chromium", run: e2e },
];

/// Runs the steps; fails if one did, after all have run.
pub(crate) fn run(args: Args) -> Result<()> {
    let known = |name: &String| STEPS.iter().any(|step| step.name == name);
    if let Some(unknown) = args.only.iter().find(|name| !known(name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown}; there are {}", names.join(", "));
    }
    let mut lines = Vec::new();
    let mut failed = 0;
    let chosen =
        |step: &&Step| args.only.is_empty() || args.only.iter().any(|name| name == step.name);
    for step in STEPS.iter().filter(chosen) {
        println!("\n== {}: {}", step.name, step.what);
        let start = Instant::now();
        let result = (step.run)();
        let outcome = match &result {
            Ok(Outcome::Passed) => "passed",
            Ok(Outcome::Skipped) => "SKIPPED",
            Err(error) => {
                failed += 1;
                println!("{error:#}");
                "FAILED"
            }
        };
        lines.push(format!("{outcome}  {:<7} {:>5.0} s", step.name, start.elapsed().as_secs_f64()));
    }
    println!("\n{}", lines.join("\n"));
    ensure!(failed == 0, "{failed} of {} steps failed", lines.len());
    println!("none of {} steps failed", lines.len());
    Ok(())
}

pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    // Flags of the environment would silently replace those of the steps.
    command.current_dir(root()).env_remove("RUSTFLAGS");
    command
}

fn format() -> Result<Outcome> {
    shell::run(cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Outcome::Passed)
}

fn lints() -> Result<Outcome> {
    let deny = ["--", "--deny", "warnings"];
    let native = ["clippy", "--workspace", "--all-targets", "--release"];
    shell::run(cargo().args(native).args(deny))?;
    tools::wasm_target()?;
    let browser = ["clippy", "--release", "--target", WASM_TARGET];
    shell::run(
        cargo()
            .args(browser)
            .args(BROWSER_PACKAGES)
            .args(deny)
            .env(flags_variable(), "-Ctarget-feature=+simd128,+relaxed-simd"),
    )?;
    Ok(Outcome::Passed)
}

fn native() -> Result<Outcome> {
    // The trainer's ONNX files are run by onnxruntime.
    let python = python::environment()?;
    // In one build with it, the comparison of graphics devices would run here too; it has a step of
    // its own, which sees to the drivers first.
    let test = ["test", "--release", "--workspace", "--exclude=tagsight-gpu-tests"];
    shell::run(cargo().args(test).env("TAGSIGHT_PYTHON", python))?;
    Ok(Outcome::Passed)
}

fn neon() -> Result<Outcome> {
    if !tools::is_on_path("qemu-aarch64") || !tools::is_on_path("aarch64-linux-gnu-gcc") {
        tools::report("AArch64 compiler and qemu", "installing…");
        tools::system_install(&["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross", "qemu-user"])?;
    }
    tools::rust_target(NEON_TARGET)?;
    shell::run(
        cargo()
            .args(PORTABLE)
            .args(["--target", NEON_TARGET])
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
            .env(
                "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER",
                "qemu-aarch64 -cpu max -L /usr/aarch64-linux-gnu",
            ),
    )?;
    Ok(Outcome::Passed)
}

fn wasm() -> Result<Outcome> {
    tools::wasm_target()?;
    for features in ["+simd128", "+simd128,+relaxed-simd"] {
        println!("built with {features}:");
        let binaries = wasm_tests(features, None)?;
        ensure!(binaries.len() == 2, "one binary each of core and tests, not {binaries:?}");
        shell::run(node("browser/unit.mjs")?.args(&binaries))?;
        let control = wasm_tests(features, Some("--package=tagsight-tests"))?;
        println!("negative control, one test fails:");
        shell::run(node("browser/unit.mjs")?.arg("--must-fail").args(&control))?;
    }
    Ok(Outcome::Passed)
}

/// Builds the portable tests for browsers; with `failing`, a package whose control must fail.
fn wasm_tests(features: &str, failing: Option<&str>) -> Result<Vec<PathBuf>> {
    let mut command = cargo();
    match failing {
        None => command.args(PORTABLE),
        Some(package) => command
            .args(["test", "--release", package, "--lib"])
            .env("TAGSIGHT_MUST_FAIL", "this test must fail"),
    };
    let messages = shell::output(
        command
            .args(["--target", WASM_TARGET, "--no-run", "--message-format=json"])
            .env(flags_variable(), format!("-Ctarget-feature={features}")),
    )?;
    let mut binaries = Vec::new();
    for line in messages.lines() {
        let message: serde_json::Value = serde_json::from_str(line).context("cargo's messages")?;
        binaries.extend(message["executable"].as_str().map(PathBuf::from));
    }
    Ok(binaries)
}

pub(crate) fn flags_variable() -> &'static str {
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS"
}

/// A script of `tests/`, ready to be given arguments.
pub(crate) fn node(script: &str) -> Result<Command> {
    let tests = root().join("tests");
    tools::npm_packages(&tests)?;
    let mut command = Command::new(tools::node()?);
    command.arg(tests.join(script)).env("TAGSIGHT_CHROMIUM", tools::chromium()?);
    Ok(command)
}

fn oracle() -> Result<Outcome> {
    let (python, trainer) = (python::environment()?, model::trainer()?);
    for script in ["network.py", "tensorboard_events.py"] {
        let script = root().join("tests/oracle").join(script);
        shell::run(Command::new(&python).arg(script).arg(&trainer))?;
    }
    Ok(Outcome::Passed)
}

fn site() -> Result<Outcome> {
    let site = site::build()?;
    let modules = |(_, files): (&str, &[&'static str])| {
        let modules: Vec<&str> =
            files.iter().copied().filter(|file| file.ends_with(".wasm")).collect();
        Ok::<_, anyhow::Error>(site::download(&site, &modules)?.gzip)
    };
    let [page, simd, relaxed, gpu] = site::DOWNLOADS;
    let download = modules(page)? + modules(simd)?.max(modules(relaxed)?);
    println!("modules of page and worker: {download} bytes gzipped, {LARGEST_DOWNLOAD} allowed");
    ensure!(download <= LARGEST_DOWNLOAD, "the page has become too large");
    let gpu = modules(gpu)?;
    println!(
        "the graphics processor's engine: {gpu} bytes gzipped, {LARGEST_GPU_DOWNLOAD} allowed"
    );
    ensure!(gpu <= LARGEST_GPU_DOWNLOAD, "the graphics processor's engine has become too large");
    Ok(Outcome::Passed)
}

fn e2e() -> Result<Outcome> {
    let site = root().join("dist");
    ensure!(site.join("index.html").exists(), "there is no site; run the step site first");
    let out = shell::target_folder().join("e2e");
    fs::create_dir_all(&out)?;
    let expected = out.join("expected.jsonl");
    let photos = model::photos()?;
    fs::write(&expected, model::tags(&model::default()?, &photos)?)?;
    let random = |name: &str, architecture, side| {
        let folder = out.join(name);
        model::export_random(&folder, architecture, side)?;
        fs::write(folder.join("expected.jsonl"), model::tags(&folder, &photos)?)?;
        Ok::<_, anyhow::Error>(folder)
    };
    let second = random("second", "resnet18", "224")?;
    let mut command = node("e2e/run.mjs")?;
    command.args([&site, &expected, &second, &out]);
    match model::data() {
        Some(data) => command.arg(data.join("coco/annotations/instances_train.json")),
        None => &mut command,
    };
    shell::run(&mut command)?;
    println!("with a graphics processor:");
    // A processor that plays a graphics device takes ten seconds for a photo of the usual size.
    let small = random("small", "mobilenet_v2", "64")?;
    shell::run(node("e2e/graphics.mjs")?.args([&site, &expected, &small]))?;
    println!("screenshots are in {}", out.display());
    Ok(Outcome::Passed)
}
