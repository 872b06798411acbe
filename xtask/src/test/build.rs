//! What the steps need built, each once, and where it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};

use super::cargo::{self, Compiled, Kind, for_browsers};
use super::job::Job;
use super::terms::Terms;
use super::{job, lint};
use crate::setup::rust;
use crate::setup::site_tools::Tools;
use crate::{shell, site, wheel};

pub(crate) const NEON_TARGET: &str = "aarch64-unknown-linux-gnu";
pub(crate) const SIMD: &str = "+simd128";
pub(crate) const RELAXED: &str = "+simd128,+relaxed-simd";
/// The packages whose unit tests run on every platform.
const PORTABLE: [&str; 4] =
    ["--profile=checked", "--package=tagsight-core", "--package=tagsight-tests", "--lib"];
/// The packages whose code only exists in browsers.
const BROWSER_PACKAGES: [&str; 7] = [
    "--package=tagsight-core",
    "--package=tagsight-decoders-module",
    "--package=tagsight-export",
    "--package=tagsight-gpu",
    "--package=tagsight-keywords-module",
    "--package=tagsight-worker",
    "--package=tagsight-web",
];

/// Something that has to be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Build {
    /// Every package, its tests and its programs, for this machine, linted on the way.
    Native,
    /// Nothing: lints of what exists only in browsers.
    BrowserLints,
    /// Core's unit tests with AddressSanitizer in them.
    Address,
    /// The portable tests for AArch64.
    Neon,
    /// The portable tests for browsers with SIMD128.
    WasmSimd,
    /// The same with relaxed SIMD.
    WasmRelaxed,
    /// The comparison of graphics devices for browsers.
    GpuTests,
    /// The page's unit tests for browsers.
    PageTests,
    /// The Python wheel.
    Wheel,
    /// The site, as it is shipped.
    Site,
}

/// What was built, by what was asked for.
#[derive(Default)]
pub(crate) struct Made([OnceLock<Compiled>; Build::COUNT]);

impl Made {
    /// What cargo made for `build`.
    pub(crate) fn of(&self, build: Build) -> Result<&Compiled> {
        self.0[build as usize].get().with_context(|| format!("{} did not run", build.name()))
    }

    /// The command for whole folders.
    pub(crate) fn tagsight(&self) -> Result<&Path> {
        self.of(Build::Native)?.file(Kind::Program, "tagsight")
    }

    /// The command line that everybody uses.
    pub(crate) fn trainer(&self) -> Result<&Path> {
        self.of(Build::Native)?.file(Kind::Program, "trainer")
    }
}

impl Build {
    const COUNT: usize = Self::Site as usize + 1;

    /// Its name in logs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Native => "build-native",
            Self::BrowserLints => "lint-browser",
            Self::Address => "build-address",
            Self::Neon => "build-neon",
            Self::WasmSimd => "build-wasm-simd",
            Self::WasmRelaxed => "build-wasm-relaxed",
            Self::GpuTests => "build-webgpu",
            Self::PageTests => "build-page",
            Self::Wheel => "build-wheel",
            Self::Site => "build-site",
        }
    }

    /// Builds it and puts it into `made`.
    pub(crate) fn make(self, job: &Job, made: &Made, terms: &Terms) -> Result<()> {
        let compiled = match self {
            Self::Native => cargo::compile(job, &mut native()?)?,
            Self::BrowserLints => cargo::compile(job, &mut browser_lints()?)?,
            Self::Address => cargo::compile(job, &mut address()?)?,
            Self::Neon => cargo::compile(job, &mut neon()?)?,
            Self::WasmSimd => cargo::compile(job, &mut wasm(SIMD)?)?,
            Self::WasmRelaxed => cargo::compile(job, &mut wasm(RELAXED)?)?,
            Self::GpuTests => gpu_tests(job, terms)?,
            Self::PageTests => page_tests(job, terms)?,
            Self::Wheel => {
                job.run(&mut wheel::building("checked", &wheel_folder())?)?;
                Compiled::default()
            }
            Self::Site => {
                job.run(&mut site::building(terms.consent)?)?;
                Compiled::default()
            }
        };
        assert!(made.0[self as usize].set(compiled).is_ok(), "everything is built once");
        Ok(())
    }
}

/// The whole workspace in one call, so that its packages agree on the features of what they share:
/// one burn, one wgpu, one trainer.
fn native() -> Result<Command> {
    let mut cargo = shell::cargo("test");
    cargo.args(["--profile=checked", "--workspace", "--all-targets", "--no-run"]);
    lint::lint(&mut cargo, &job::folder().join("lints"))?;
    Ok(cargo)
}

fn browser_lints() -> Result<Command> {
    rust::target(rust::WASM_TARGET)?;
    let mut cargo = shell::cargo("clippy");
    cargo.arg("--profile=checked").args(BROWSER_PACKAGES);
    for_browsers(&mut cargo, RELAXED);
    Ok(cargo)
}

/// In a folder of its own, as for browsers. The sanitizer is behind Rust's switch for what may still
/// change, and comes with the toolchain.
fn address() -> Result<Command> {
    // With a target that is named, what only runs while others are built goes without.
    let host = shell::output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let mut cargo = shell::cargo("test");
    cargo.args(["--profile=checked", "--package=tagsight-core", "--lib", "--no-run"]);
    cargo.args(["--target", host.trim(), "--target-dir"]);
    cargo.arg(shell::target_folder().join("test/address"));
    cargo.env("RUSTFLAGS", "-Zsanitizer=address").env("RUSTC_BOOTSTRAP", "1");
    Ok(cargo)
}

fn neon() -> Result<Command> {
    rust::target(NEON_TARGET)?;
    let mut cargo = shell::cargo("test");
    cargo.args(PORTABLE).args(["--no-run", "--target", NEON_TARGET]);
    cargo.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc");
    Ok(cargo)
}

fn wasm(features: &str) -> Result<Command> {
    rust::target(rust::WASM_TARGET)?;
    let mut cargo = shell::cargo("test");
    cargo.args(PORTABLE).arg("--no-run");
    for_browsers(&mut cargo, features);
    Ok(cargo)
}

fn gpu_tests(job: &Job, terms: &Terms) -> Result<Compiled> {
    let mut cargo = shell::cargo("build");
    cargo.args(["--profile=checked", "--package=tagsight-gpu-tests", "--lib"]);
    let name = "tagsight_gpu_tests";
    bound(job, terms, cargo, (Kind::Module, name), name, &gpu_tests_folder())
}

fn page_tests(job: &Job, terms: &Terms) -> Result<Compiled> {
    let mut cargo = shell::cargo("test");
    cargo.args(["--profile=checked", "--package=tagsight-web", "--no-run"]);
    let made = (Kind::UnitTests, "tagsight_web");
    bound(job, terms, cargo, made, "tagsight_web_tests", &page_tests_folder())
}

/// Lets `cargo` compile, and makes a module and its script, `name`, of what it `made`.
fn bound(
    job: &Job,
    terms: &Terms,
    mut cargo: Command,
    made: (Kind, &str),
    name: &str,
    folder: &Path,
) -> Result<Compiled> {
    let tools = Tools::ensure(terms.consent, || ())?;
    for_browsers(&mut cargo, SIMD);
    let compiled = cargo::compile(job, &mut cargo)?;
    tools.bind(compiled.file(made.0, made.1)?, name, folder)?;
    Ok(compiled)
}

/// Where [`Build::Wheel`] is.
pub(crate) fn wheel_folder() -> PathBuf {
    job::folder().join("wheel")
}

/// Where the module of [`Build::GpuTests`] is, and its script.
pub(crate) fn gpu_tests_folder() -> PathBuf {
    job::folder().join("gpu-tests")
}

/// Where the module of [`Build::PageTests`] is, and its script.
pub(crate) fn page_tests_folder() -> PathBuf {
    job::folder().join("page-tests")
}
