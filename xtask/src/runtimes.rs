//! `cargo xtask runtimes`: programs of others' runtimes of ONNX, for `trainer study four-ways`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::setup::python::{self, PYTHON};
use crate::setup::system::{self, Consent};
use crate::shell::{self, root};

/// Their sources.
const FOLDER: &str = "tests/bench/runtimes";
/// Those that are in Rust.
const PROGRAMS: [&str; 3] = ["rten", "tract", "wonnx"];

/// Makes them all, and says where they are.
pub(crate) fn make(consent: Consent) -> Result<()> {
    system::ensure_all(&[("runtimes", &PYTHON)], consent)?;
    let python = python::environment(python::ORACLES)?;
    let folder = shell::target_folder().join("runtimes");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for program in PROGRAMS {
        let to = folder.join(format!("runtime-{program}"));
        fs::copy(build(program)?, &to).with_context(|| to.display().to_string())?;
    }
    let script = root().join(FOLDER).join("onnxruntime.py");
    let call = |further: &str| {
        format!("#!/bin/sh\nexec '{}' '{}'{further} \"$@\"\n", python.display(), script.display())
    };
    write_program(&folder.join("runtime-onnxruntime"), &call(""))?;
    write_program(&folder.join("quantise-onnxruntime"), &call(" quantise"))?;
    println!("{}", folder.display());
    Ok(())
}

/// Builds one of them.
pub(crate) fn build(program: &str) -> Result<PathBuf> {
    let target = shell::target_folder().join("bench-runtimes");
    let manifest = root().join(FOLDER).join("Cargo.toml");
    let mut cargo = shell::cargo("build");
    cargo.args(["--quiet", "--release", "--locked", "--bin", program]).arg("--manifest-path");
    shell::run(cargo.arg(manifest).arg("--target-dir").arg(&target))?;
    Ok(target.join("release").join(program))
}

fn write_program(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}
