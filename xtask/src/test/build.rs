//! What the steps need built, each once, and where it is.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};

use super::cargo::{self, Compiled, cargo, for_browsers};
use super::job::Job;
use super::{Terms, job, lint};
use crate::setup::rust;
use crate::setup::site_tools::Tools;
use crate::site;

pub(crate) const NEON_TARGET: &str = "aarch64-unknown-linux-gnu";
pub(crate) const SIMD: &str = "+simd128";
pub(crate) const RELAXED: &str = "+simd128,+relaxed-simd";
/// The packages whose unit tests run on every platform.
const PORTABLE: [&str; 4] =
    ["--profile=checked", "--package=tagsight-core", "--package=tagsight-tests", "--lib"];
/// The packages whose code only exists in browsers.
const BROWSER_PACKAGES: [&str; 4] = [
    "--package=tagsight-core",
    "--package=tagsight-gpu",
    "--package=tagsight-worker",
    "--package=tagsight-web",
];

/// Something that has to be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// Every package, its tests and its programs, for this machine, linted on the way.
    Native,
    /// Nothing: lints of what exists only in browsers.
    BrowserLints,
    /// The portable tests for AArch64.
    Neon,
    /// The portable tests for browsers with SIMD128.
    WasmSimd,
    /// The same with relaxed SIMD.
    WasmRelaxed,
    /// The comparison of graphics devices for browsers.
    GpuTests,
    /// The site, as it is shipped.
    Site,
}

/// What was built.
#[derive(Default)]
pub(crate) struct Made {
    native: OnceLock<Compiled>,
    browser_lints: OnceLock<Compiled>,
    neon: OnceLock<Compiled>,
    simd: OnceLock<Compiled>,
    relaxed: OnceLock<Compiled>,
    gpu_tests: OnceLock<PathBuf>,
}

impl Made {
    pub(crate) fn native(&self) -> Result<&Compiled> {
        self.native.get().context("the workspace is not built")
    }

    pub(crate) fn browser_lints(&self) -> Result<&Compiled> {
        self.browser_lints.get().context("the browsers' packages are not linted")
    }

    pub(crate) fn neon(&self) -> Result<&Compiled> {
        self.neon.get().context("the tests for AArch64 are not built")
    }

    /// The portable tests for browsers, with each set of features.
    pub(crate) fn wasm(&self) -> Result<[(&'static str, &Compiled); 2]> {
        Ok([
            (SIMD, self.simd.get().context("the tests for SIMD128 are not built")?),
            (RELAXED, self.relaxed.get().context("the tests for relaxed SIMD are not built")?),
        ])
    }

    /// A folder with the module and its script.
    pub(crate) fn gpu_tests(&self) -> Result<&PathBuf> {
        self.gpu_tests.get().context("the comparison for browsers is not built")
    }

    /// The command line that everybody uses.
    pub(crate) fn trainer(&self) -> Result<&std::path::Path> {
        self.native()?.program("trainer")
    }
}

impl Build {
    /// Its name in logs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Native => "build-native",
            Self::BrowserLints => "lint-browser",
            Self::Neon => "build-neon",
            Self::WasmSimd => "build-wasm-simd",
            Self::WasmRelaxed => "build-wasm-relaxed",
            Self::GpuTests => "build-webgpu",
            Self::Site => "build-site",
        }
    }

    /// Builds it and puts it into `made`.
    pub(crate) fn make(self, job: &Job, made: &Made, terms: &Terms) -> Result<()> {
        match self {
            Self::Native => set(&made.native, cargo::compile(job, &mut native()?)?),
            Self::BrowserLints => {
                set(&made.browser_lints, cargo::compile(job, &mut browser_lints()?)?);
            }
            Self::Neon => set(&made.neon, cargo::compile(job, &mut neon()?)?),
            Self::WasmSimd => set(&made.simd, cargo::compile(job, &mut wasm(SIMD)?)?),
            Self::WasmRelaxed => set(&made.relaxed, cargo::compile(job, &mut wasm(RELAXED)?)?),
            Self::GpuTests => set(&made.gpu_tests, gpu_tests(job, terms)?),
            Self::Site => job.run(&mut site::building(terms.consent)?)?,
        }
        Ok(())
    }
}

fn set<T>(place: &OnceLock<T>, made: T) {
    assert!(place.set(made).is_ok(), "everything is built once");
}

/// The whole workspace in one call, so that its packages agree on the features of what they share:
/// one burn, one wgpu, one trainer.
fn native() -> Result<Command> {
    let mut cargo = cargo("test");
    cargo.args(["--profile=checked", "--workspace", "--all-targets", "--no-run"]);
    lint::lint(&mut cargo, &job::folder().join("lints"))?;
    Ok(cargo)
}

fn browser_lints() -> Result<Command> {
    rust::target(rust::WASM_TARGET)?;
    let mut cargo = cargo("clippy");
    cargo.arg("--profile=checked").args(BROWSER_PACKAGES);
    for_browsers(&mut cargo, RELAXED);
    Ok(cargo)
}

fn neon() -> Result<Command> {
    rust::target(NEON_TARGET)?;
    let mut cargo = cargo("test");
    cargo.args(PORTABLE).args(["--no-run", "--target", NEON_TARGET]);
    cargo.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc");
    Ok(cargo)
}

fn wasm(features: &str) -> Result<Command> {
    rust::target(rust::WASM_TARGET)?;
    let mut cargo = cargo("test");
    cargo.args(PORTABLE).arg("--no-run");
    for_browsers(&mut cargo, features);
    Ok(cargo)
}

fn gpu_tests(job: &Job, terms: &Terms) -> Result<PathBuf> {
    let tools = Tools::ensure(terms.consent, || ())?;
    let mut cargo = cargo("build");
    // A module is no program to cargo, so its place is asked for.
    cargo.args(["--profile=checked", "--package=tagsight-gpu-tests", "--lib"]);
    for_browsers(&mut cargo, SIMD);
    let messages = job.output(cargo.args(["--message-format", "json"]))?;
    let mut modules = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let file = PathBuf::from(message["filenames"][0].as_str()?);
        let name = file.file_name()?;
        (name == "tagsight_gpu_tests.wasm").then_some(file)
    });
    let module = modules.next_back().context("cargo made no tagsight_gpu_tests.wasm")?;
    let folder = job::folder().join("gpu-tests");
    tools.bind(&module, "tagsight_gpu_tests", &folder)?;
    Ok(folder)
}
