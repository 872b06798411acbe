//! What rustup and cargo install: targets, and programs that are compiled here.
//!
//! A program that runs for seconds is not worth minutes of optimisation, so all are compiled fast
//! and not small: `FAST`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{cache, found, has_version, installing, is_on_path, resolve};
use crate::shell;

/// What programs for browsers are compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// The variable that carries compiler flags for it.
pub(crate) const WASM_FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
/// Equals the crate's version in Cargo.toml: the two speak a private format.
const WASM_BINDGEN: &str = "0.2.130";
const TRUNK: &str = "0.21.14";

/// In the place of what the programs' own profiles say.
const FAST: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// The standard library for `target`.
pub(crate) fn target(target: &str) -> Result<()> {
    let libraries = shell::output(Command::new("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        target,
    ]))?;
    if Path::new(libraries.trim()).exists() {
        found(target);
        return Ok(());
    }
    let rustup = || shell::output(Command::new("rustup").args(["target", "add", target])).map(drop);
    installing(target, rustup).with_context(|| {
        format!("Rust for {target} is missing; install Rust with https://rustup.rs")
    })
}

/// What has a module for browsers end at once when it panics, with a standard library that is compiled
/// for it: the messages of panics and all that formats them are a tenth of the download. Rust has this
/// behind its switch for what may still change; should it go, so can this.
pub(crate) const TERSE: [(&str, &str); 3] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];
/// The compiler's part of it.
pub(crate) const TERSE_FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort";

/// The standard library's sources.
pub(crate) fn sources() -> Result<()> {
    let root = shell::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(root.trim()).join("lib/rustlib/src/rust/library/Cargo.lock").exists() {
        found("Rust's sources");
        return Ok(());
    }
    let rustup =
        || shell::output(Command::new("rustup").args(["component", "add", "rust-src"])).map(drop);
    installing("Rust's sources", rustup)
        .context("the sources of Rust's library are missing; install Rust with https://rustup.rs")
}

/// `wasm-bindgen` at the crate's version.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    program("wasm-bindgen", WASM_BINDGEN, |root| {
        // Ours, of the library alone (`xtask/wasm-bindgen`): the published one brings a web server.
        let mut command = fast("install");
        command.args(["--locked", "--force", "--path"]);
        command.arg(shell::root().join("xtask/wasm-bindgen")).arg("--root").arg(root);
        shell::output(&mut command).map(drop)
    })
}

/// `trunk`; by cargo-binstall, for those who have it.
pub(crate) fn trunk() -> Result<PathBuf> {
    program("trunk", TRUNK, |root| {
        let package = format!("trunk@{TRUNK}");
        if is_on_path("cargo-binstall") {
            let mut binstall = fast("binstall");
            binstall.args(["--no-confirm", "--disable-strategies", "compile"]);
            match shell::output(binstall.arg("--root").arg(root).arg(&package)) {
                Ok(_) => return Ok(()),
                Err(error) => eprintln!("  trunk: compiling, as cargo-binstall failed: {error:#}"),
            }
        }
        let mut command = fast("install");
        command.args([&package, "--force", "--root"]).arg(root);
        command.args(["--locked", "--no-default-features", "--features", "rustls"]);
        shell::output(&mut command).map(drop)
    })
}

/// A program in this version: from the cache, from the path, or else made by `install`, which is
/// given the folder that gets `bin/`.
fn program(
    name: &str,
    version: &str,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let title = format!("{name} {version}");
    let folder = cache()?.join("tools");
    let installed = folder.join("bin").join(name);
    for candidate in [installed.clone(), PathBuf::from(name)] {
        if has_version(&candidate, version) {
            found(&title);
            return resolve(&candidate);
        }
    }
    installing(&title, || install(&folder))
        .with_context(|| format!("{title} could not be installed; is crates.io reachable?"))?;
    ensure!(has_version(&installed, version), "{} is not {version}", installed.display());
    Ok(installed)
}

/// Cargo's `subcommand` for a program that is not the checkout's, so neither is its target folder.
fn fast(subcommand: &str) -> Command {
    let mut cargo = shell::cargo(subcommand);
    cargo.env_remove("CARGO_TARGET_DIR").envs(FAST);
    cargo
}
