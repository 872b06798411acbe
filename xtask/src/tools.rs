//! The tools that the commands need, found or installed in pinned versions.
//!
//! Everything lands in a cache outside the checkout, `~/.cache/tagsight` or `TAGSIGHT_CACHE`; each
//! tool reports one line.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::{shell, site};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Equals the crate's version in Cargo.toml: the two speak a private format.
const WASM_BINDGEN: &str = "0.2.130";
const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132";
/// The oldest Node.js whose npm is good enough to install the rest.
const NODE_FOR_NPM: u32 = 18;
/// The oldest that Playwright runs in.
const NODE_FOR_TESTS: u32 = 20;
/// Taken from npm where the system's is older.
const NODE_FROM_NPM: &str = "22.14.0";
/// What [`report`] says of a tool that was there.
pub(crate) const FOUND: &str = "found";

/// What building the site takes.
pub(crate) struct Tools {
    /// `wasm-bindgen` at the crate's version.
    pub(crate) wasm_bindgen: PathBuf,
    /// `wasm-opt`.
    pub(crate) wasm_opt: PathBuf,
    /// `trunk`.
    pub(crate) trunk: PathBuf,
}

impl Tools {
    /// Finds every tool, installing what is missing.
    pub(crate) fn ensure() -> Result<Self> {
        wasm_target()?;
        let wasm_bindgen = cargo_tool(&CargoTool {
            package: "wasm-bindgen-cli",
            binary: "wasm-bindgen",
            version: WASM_BINDGEN,
            // Its lock file can name versions that a lagging registry does not have.
            flags: &[],
            minutes: 4,
        })?;
        let trunk = cargo_tool(&CargoTool {
            package: "trunk",
            binary: "trunk",
            version: TRUNK,
            flags: &["--locked", "--no-default-features", "--features", "rustls"],
            minutes: 10,
        })?;
        Ok(Self { wasm_bindgen, wasm_opt: wasm_opt()?, trunk })
    }

    /// Makes a module and its script, `name`, of what cargo compiled for browsers.
    pub(crate) fn bind(&self, compiled: &Path, name: &str, folder: &Path) -> Result<()> {
        let mut command = Command::new(&self.wasm_bindgen);
        command.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]);
        shell::output(command.args([folder, compiled])).map(drop)
    }

    /// A `PATH` on which trunk finds these tools before any other, and so downloads none.
    pub(crate) fn path(&self) -> Result<OsString> {
        let own = [&self.wasm_bindgen, &self.wasm_opt, &self.trunk];
        let own = own.into_iter().filter_map(|tool| tool.parent().map(Path::to_path_buf));
        let inherited = env::var_os("PATH").unwrap_or_default();
        Ok(env::join_paths(own.chain(env::split_paths(&inherited)))?)
    }
}

/// The cache's folder, made if need be.
pub(crate) fn cache() -> Result<PathBuf> {
    let cache = match env::var_os("TAGSIGHT_CACHE") {
        Some(chosen) => PathBuf::from(chosen),
        None => env::home_dir()
            .context("there is no home folder; set TAGSIGHT_CACHE to a folder for tools")?
            .join(".cache/tagsight"),
    };
    fs::create_dir_all(&cache)
        .with_context(|| format!("{} cannot be made; set TAGSIGHT_CACHE", cache.display()))?;
    Ok(cache)
}

/// One line about one tool.
pub(crate) fn report(name: &str, state: &str) {
    // Trunk runs its hook at every rebuild; there, only news is worth a line.
    if state != FOUND || env::var_os(site::STAGING).is_none() {
        eprintln!("  {name}: {state}");
    }
}

/// What programs for browsers are compiled with.
pub(crate) fn wasm_target() -> Result<()> {
    rust_target(WASM_TARGET)
}

/// The standard library for `target`.
pub(crate) fn rust_target(target: &str) -> Result<()> {
    let libraries = shell::output(Command::new("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        target,
    ]))?;
    if Path::new(libraries.trim()).exists() {
        report(target, FOUND);
        return Ok(());
    }
    report(target, "installing…");
    shell::output(Command::new("rustup").args(["target", "add", target])).map(drop).with_context(
        || format!("Rust for {target} is missing; install Rust with https://rustup.rs"),
    )
}

/// Whether `program` can be started by its name.
pub(crate) fn is_on_path(program: &str) -> bool {
    resolve(Path::new(program)).is_ok()
}

struct CargoTool {
    package: &'static str,
    binary: &'static str,
    version: &'static str,
    flags: &'static [&'static str],
    minutes: u32,
}

fn cargo_tool(tool: &CargoTool) -> Result<PathBuf> {
    let CargoTool { package, binary, version, flags, minutes } = tool;
    let name = format!("{binary} {version}");
    let root = cache()?.join("tools");
    let installed = root.join("bin").join(binary);
    for candidate in [installed.clone(), PathBuf::from(binary)] {
        if has_version(&candidate, version) {
            report(&name, FOUND);
            return resolve(&candidate);
        }
    }
    report(&name, &format!("installing (about {minutes} min)…"));
    let exact = format!("={version}");
    shell::output(
        Command::new("cargo")
            .args(["install", package, "--version", &exact, "--force", "--root"])
            .arg(&root)
            .args(*flags)
            // The checkout's target folder and flags are not for a tool.
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS"),
    )
    .with_context(|| format!("{name} could not be installed; is crates.io reachable?"))?;
    ensure!(has_version(&installed, version), "{} is not {version}", installed.display());
    Ok(installed)
}

fn wasm_opt() -> Result<PathBuf> {
    let name = format!("wasm-opt {BINARYEN}");
    let prefix = cache()?.join("npm").join(format!("binaryen-{BINARYEN}"));
    let installed = prefix.join("node_modules/.bin/wasm-opt");
    for candidate in [installed.clone(), PathBuf::from("wasm-opt")] {
        if has_version(&candidate, BINARYEN) {
            report(&name, FOUND);
            return resolve(&candidate);
        }
    }
    npm()?;
    report(&name, "installing…");
    npm_install(&format!("binaryen@{BINARYEN}"), &prefix)?;
    ensure!(has_version(&installed, BINARYEN), "{} is not {BINARYEN}", installed.display());
    Ok(installed)
}

/// Node.js and npm, installed if the system's package manager can.
fn npm() -> Result<()> {
    if node_major(Path::new("node")).is_none() || !is_on_path("npm") {
        report("Node.js", "installing…");
        system_install(&["nodejs", "npm"]).context("install Node.js from https://nodejs.org")?;
    }
    match node_major(Path::new("node")) {
        Some(major) if major >= NODE_FOR_NPM => Ok(()),
        Some(major) => bail!("Node.js {major} is too old; install {NODE_FOR_TESTS} or newer"),
        None => bail!("Node.js is missing; install it from https://nodejs.org"),
    }
}

/// The Node.js that tests run in: the system's, or where that is too old, one from npm.
pub(crate) fn node() -> Result<PathBuf> {
    npm()?;
    let is_new_enough = |node: &Path| node_major(node).is_some_and(|major| major >= NODE_FOR_TESTS);
    let system = PathBuf::from("node");
    if is_new_enough(&system) {
        report("Node.js", FOUND);
        return Ok(system);
    }
    let os = if cfg!(target_os = "macos") { "darwin" } else { env::consts::OS };
    let arch = if cfg!(target_arch = "x86_64") { "x64" } else { "arm64" };
    let package = format!("node-{os}-{arch}");
    let prefix = cache()?.join("npm").join(format!("{package}-{NODE_FROM_NPM}"));
    let node = prefix.join("node_modules").join(&package).join("bin/node");
    if !is_new_enough(&node) {
        report(&format!("Node.js {NODE_FROM_NPM}"), "installing…");
        npm_install(&format!("{package}@{NODE_FROM_NPM}"), &prefix)
            .with_context(|| format!("install Node.js {NODE_FOR_TESTS} or newer"))?;
    }
    ensure!(is_new_enough(&node), "{} does not run", node.display());
    Ok(node)
}

fn node_major(node: &Path) -> Option<u32> {
    let version = shell::output(Command::new(node).arg("--version")).ok()?;
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs one package below `prefix`.
fn npm_install(package: &str, prefix: &Path) -> Result<()> {
    shell::output(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", package, "--prefix"])
            .arg(prefix),
    )
    .map(drop)
    .with_context(|| format!("{package} could not be installed; is the npm registry reachable?"))
}

/// The Chromium that tests drive; `TAGSIGHT_CHROMIUM` overrides the choice.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("TAGSIGHT_CHROMIUM") {
        return resolve(Path::new(&chosen)).context("TAGSIGHT_CHROMIUM");
    }
    const NAMES: [&str; 5] = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    let find = || NAMES.iter().find_map(|name| resolve(Path::new(name)).ok());
    if let Some(found) = find() {
        report("Chromium", FOUND);
        return Ok(found);
    }
    report("Chromium", "installing…");
    let advice = "install Chromium or Chrome, or set TAGSIGHT_CHROMIUM to its executable";
    system_install(&["chromium"]).context(advice)?;
    find().context(advice)
}

/// Installs what `folder/package-lock.json` pins and links it as `folder/node_modules`, where
/// Node's module resolution finds it.
pub(crate) fn npm_packages(folder: &Path) -> Result<()> {
    npm()?;
    let lock = folder.join("package-lock.json");
    let pinned = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let digest = hex(&Sha256::digest(&pinned));
    let place = cache()?.join("npm").join(&digest[..16]);
    let name = format!("npm packages of {}", folder.strip_prefix(shell::root())?.display());
    // npm writes this file last.
    if place.join("node_modules/.package-lock.json").exists() {
        report(&name, FOUND);
    } else {
        report(&name, "installing…");
        fs::create_dir_all(&place)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(folder.join(file), place.join(file)).with_context(|| file.to_owned())?;
        }
        shell::output(
            Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&place),
        )
        .with_context(|| {
            format!("{name} could not be installed; is the npm registry reachable?")
        })?;
    }
    link(&place.join("node_modules"), &folder.join("node_modules"))
}

/// Makes `link` point at `target`, whatever it pointed at before.
fn link(target: &Path, link: &Path) -> Result<()> {
    if fs::read_link(link).is_ok_and(|current| current == target) {
        return Ok(());
    }
    match link.symlink_metadata() {
        Ok(found) if found.is_dir() => fs::remove_dir_all(link)?,
        Ok(_) => fs::remove_file(link)?,
        Err(_) => {}
    }
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(target, link);
    #[cfg(windows)]
    let made = std::os::windows::fs::symlink_dir(target, link);
    made.with_context(|| format!("{} cannot be linked", link.display()))
}

/// Installs Debian packages where that is possible.
pub(crate) fn system_install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    ensure!(resolve(Path::new("apt-get")).is_ok(), "{list}: this system has no apt-get");
    let root = shell::output(Command::new("id").arg("-u"))?.trim() == "0";
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        command.args((!root).then_some("apt-get")).args(arguments);
        shell::output(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())
        .with_context(|| format!("try: sudo apt-get install {list}"))
        .map(drop)
}

/// Whether `program --version` names `version`.
fn has_version(program: &Path, version: &str) -> bool {
    shell::output(Command::new(program).arg("--version"))
        .is_ok_and(|text| text.split_whitespace().any(|word| word == version))
}

/// The file that running `program` would run.
fn resolve(program: &Path) -> Result<PathBuf> {
    if program.components().count() > 1 {
        ensure!(program.is_file(), "{} does not exist", program.display());
        return Ok(program.to_path_buf());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .with_context(|| format!("{} is not on PATH", program.display()))
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
