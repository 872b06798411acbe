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

/// Where they are.
pub(crate) struct Tools {
    /// `wasm-bindgen` at the crate's version.
    pub(crate) wasm_bindgen: PathBuf,
    /// `wasm-opt`.
    pub(crate) wasm_opt: PathBuf,
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
        // npm is only needed to install it.
        if existing_wasm_opt().is_none() {
            system::ensure_all(&[("wasm-opt", &NODE)], consent)?;
        }
        thread::scope(|scope| {
            let wasm_bindgen = scope.spawn(rust::wasm_bindgen);
            let trunk = scope.spawn(rust::trunk);
            let wasm_opt = scope.spawn(wasm_opt);
            work();
            Ok(Self {
                wasm_bindgen: join(wasm_bindgen)?,
                wasm_opt: join(wasm_opt)?,
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

fn existing_wasm_opt() -> Option<PathBuf> {
    let program = PathBuf::from("wasm-opt");
    has_version(&program, BINARYEN).then(|| resolve(&program).ok())?
}

fn wasm_opt() -> Result<PathBuf> {
    if let Some(existing) = existing_wasm_opt() {
        found(&format!("wasm-opt {BINARYEN}"));
        return Ok(existing);
    }
    let installed = npm::locked(&root().join("xtask/npm/binaryen"))?.join(".bin/wasm-opt");
    ensure!(has_version(&installed, BINARYEN), "{} is not {BINARYEN}", installed.display());
    Ok(installed)
}
