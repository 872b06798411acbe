//! The tools that building the site takes.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Result, ensure};

use super::npm::NODE;
use super::system::{self, Consent};
use super::{found, has_version, npm, resolve, rust};
use crate::shell::{self, root};

const BINARYEN: &str = "132";
const ESBUILD: &str = "0.28.2";

/// Where they are.
pub(crate) struct Tools {
    /// `wasm-bindgen` at the crate's version.
    pub(crate) wasm_bindgen: PathBuf,
    /// `wasm-opt`.
    pub(crate) wasm_opt: PathBuf,
    /// `esbuild`.
    esbuild: PathBuf,
    /// `trunk`.
    pub(crate) trunk: PathBuf,
}

impl Tools {
    /// Finds every tool, installing what is missing, all at a time. In the meantime `work` goes on;
    /// it may use the wasm target.
    ///
    /// # Errors
    /// If a tool cannot be installed.
    pub(crate) fn ensure(consent: Consent, work: impl FnOnce()) -> Result<Self> {
        rust::target(rust::WASM_TARGET)?;
        rust::sources()?;
        // npm is only needed to install them.
        for (name, version) in [("wasm-opt", BINARYEN), ("esbuild", ESBUILD)] {
            if existing(name, version).is_none() {
                system::ensure_all(&[(name, &NODE)], consent)?;
            }
        }
        thread::scope(|scope| {
            let wasm_bindgen = scope.spawn(rust::wasm_bindgen);
            let trunk = scope.spawn(rust::trunk);
            let wasm_opt = scope.spawn(|| from_npm("wasm-opt", BINARYEN, "binaryen"));
            let esbuild = scope.spawn(|| from_npm("esbuild", ESBUILD, "esbuild"));
            work();
            Ok(Self {
                wasm_bindgen: join(wasm_bindgen)?,
                wasm_opt: join(wasm_opt)?,
                esbuild: join(esbuild)?,
                trunk: join(trunk)?,
            })
        })
    }

    /// Makes a module and its script, `name`, of what cargo compiled for browsers.
    pub(crate) fn bind(&self, compiled: &Path, name: &str, folder: &Path) -> Result<()> {
        let mut command = Command::new(&self.wasm_bindgen);
        command.args(["--target=web", "--no-typescript"]).arg(format!("--out-name={name}"));
        command.arg(format!("--out-dir={}", folder.display())).arg(compiled);
        shell::output(&mut command).map(drop)
    }

    /// Makes scripts and styles small, each where it is.
    pub(crate) fn minify(&self, site: &Path, files: &[PathBuf]) -> Result<()> {
        let mut command = Command::new(&self.esbuild);
        command.args(["--minify", "--charset=utf8", "--log-level=warning", "--allow-overwrite"]);
        command.arg(format!("--outdir={0}", site.display()));
        command.arg(format!("--outbase={0}", site.display())).args(files);
        shell::output(&mut command).map(drop)
    }

    /// A `PATH` on which trunk finds these tools before any other, and so downloads none.
    pub(crate) fn path(&self) -> Result<OsString> {
        let own = [&self.wasm_bindgen, &self.wasm_opt, &self.trunk];
        let own = own.into_iter().filter_map(|tool| tool.parent().map(Path::to_path_buf));
        let inherited = env::var_os("PATH").unwrap_or_default();
        Ok(env::join_paths(own.chain(env::split_paths(&inherited)))?)
    }
}

/// What a thread gave; its panic goes on here.
pub(crate) fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The tool on the `PATH`, if it is of that version.
fn existing(name: &str, version: &str) -> Option<PathBuf> {
    let program = PathBuf::from(name);
    has_version(&program, version).then(|| resolve(&program).ok())?
}

/// The tool on the `PATH`, or else the one that npm has, as `xtask/npm/` and `package` pin it.
fn from_npm(name: &str, version: &str, package: &str) -> Result<PathBuf> {
    if let Some(existing) = existing(name, version) {
        found(&format!("{name} {version}"));
        return Ok(existing);
    }
    let modules = npm::locked(&root().join("xtask/npm").join(package))?;
    let installed = modules.join(".bin").join(name);
    ensure!(has_version(&installed, version), "{} is not {version}", installed.display());
    Ok(installed)
}
