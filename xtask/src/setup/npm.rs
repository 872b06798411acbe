//! Node.js, and packages of npm's at the versions and digests that lock files pin.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::system::{Absence, Need};
use super::{cache, fingerprint, found, installing, is_on_path};
use crate::shell::{self, root};

/// The oldest Node.js whose npm is good enough to install the rest.
const NODE_FOR_NPM: u32 = 18;
/// The oldest that Playwright runs in.
const NODE_FOR_TESTS: u32 = 20;

/// Node.js and npm.
pub(crate) const NODE: Need = Need {
    name: "Node.js with npm",
    packages: &["nodejs", "npm"],
    is_there: || node_major(Path::new("node")).is_some() && is_on_path("npm"),
    absence: Absence::Fatal,
};

/// The Node.js that tests run in: the system's, or where that is too old, one from npm.
pub(crate) fn node() -> Result<PathBuf> {
    let is_new_enough = |node: &Path| node_major(node).is_some_and(|major| major >= NODE_FOR_TESTS);
    let system = PathBuf::from("node");
    if is_new_enough(&system) {
        found("Node.js");
        return Ok(system);
    }
    let os = if cfg!(target_os = "macos") { "darwin" } else { env::consts::OS };
    let arch = if cfg!(target_arch = "x86_64") { "x64" } else { "arm64" };
    let modules = locked(&root().join("xtask/npm/node"))?;
    let node = modules.join(format!("node-{os}-{arch}")).join("bin/node");
    ensure!(is_new_enough(&node), "install Node.js {NODE_FOR_TESTS} or newer");
    Ok(node)
}

fn node_major(node: &Path) -> Option<u32> {
    let version = shell::output(Command::new(node).arg("--version")).ok()?;
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn ensure_npm() -> Result<()> {
    match node_major(Path::new("node")) {
        Some(major) if major >= NODE_FOR_NPM => Ok(()),
        Some(major) => bail!("Node.js {major} is too old; install {NODE_FOR_TESTS} or newer"),
        None => bail!("Node.js is missing; install it from https://nodejs.org"),
    }
}

/// Installs what `folder/package-lock.json` pins, by version and digest, into the cache; gives its
/// `node_modules`.
pub(crate) fn locked(folder: &Path) -> Result<PathBuf> {
    let lock = folder.join("package-lock.json");
    let pinned = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let place = cache()?.join("npm").join(fingerprint(&pinned));
    let modules = place.join("node_modules");
    let name = format!("npm packages of {}", folder.strip_prefix(root())?.display());
    // npm writes this file last.
    if modules.join(".package-lock.json").exists() {
        found(&name);
        return Ok(modules);
    }
    ensure_npm()?;
    installing(&name, || {
        fs::create_dir_all(&place)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(folder.join(file), place.join(file)).with_context(|| file.to_owned())?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&place);
        shell::output(&mut npm).map(drop)
    })
    .with_context(|| format!("{name} could not be installed; is the npm registry reachable?"))?;
    Ok(modules)
}

/// [`locked`], linked as `folder/node_modules`, where Node's module resolution finds it.
pub(crate) fn linked(folder: &Path) -> Result<()> {
    let modules = locked(folder)?;
    link(&modules, &folder.join("node_modules"), &cache()?)
}

/// Makes `link` point at `target`. Only a link into `cache`, which is one of ours, is replaced;
/// whatever else is there belongs to the user.
fn link(target: &Path, link: &Path, cache: &Path) -> Result<()> {
    match fs::read_link(link) {
        Ok(current) if current == target => return Ok(()),
        Ok(current) if current.starts_with(cache) => fs::remove_file(link)?,
        _ => ensure!(
            link.symlink_metadata().is_err(),
            "{} is not of this command's making; move it away and try again",
            link.display()
        ),
    }
    symlink(target, link).with_context(|| format!("{} cannot be linked", link.display()))
}

#[cfg(unix)]
use std::os::unix::fs::symlink;

/// Compiled, so that the command can say that it does not run here.
#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_link_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let cache = at("cache");
        fs::create_dir_all(cache.join("old")).unwrap();
        fs::create_dir_all(cache.join("new")).unwrap();
        let put = |target: &Path| link(target, &at("node_modules"), &cache);
        put(&cache.join("old")).unwrap();
        put(&cache.join("new")).unwrap();
        put(&cache.join("new")).unwrap();
        assert_eq!(fs::read_link(at("node_modules")).unwrap(), cache.join("new"));

        fs::remove_file(at("node_modules")).unwrap();
        symlink(at("elsewhere"), at("node_modules")).unwrap();
        assert!(put(&cache.join("new")).is_err(), "a link of the user's");
        fs::remove_file(at("node_modules")).unwrap();

        fs::create_dir(at("node_modules")).unwrap();
        fs::write(at("node_modules/precious"), "").unwrap();
        let error = put(&cache.join("new")).unwrap_err().to_string();
        assert!(error.contains("move it away"), "{error}");
        assert!(at("node_modules/precious").exists());
    }

    /// Versions alone would let a registry give other bytes.
    #[test]
    fn lock_files_pin_digests_and_name_no_host() {
        let folders = [
            "tests",
            "tests/bench",
            "tests/lighthouse",
            "xtask/npm/binaryen",
            "xtask/npm/esbuild",
            "xtask/npm/node",
        ];
        for folder in folders {
            let lock = fs::read(root().join(folder).join("package-lock.json")).unwrap();
            let lock: serde_json::Value = serde_json::from_slice(&lock).unwrap();
            let packages = lock["packages"].as_object().unwrap();
            let installed: Vec<_> = packages.iter().filter(|(name, _)| !name.is_empty()).collect();
            assert!(!installed.is_empty(), "{folder}");
            for (name, package) in installed {
                assert!(package["integrity"].is_string(), "{folder}: {name} has no digest");
                assert!(package["resolved"].is_null(), "{folder}: {name} names a host");
            }
        }
    }
}
