//! Cargo, told to build tests and asked what it made.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::job::Job;
use crate::setup::rust::{WASM_FLAGS, WASM_TARGET};
use crate::shell;

/// What one call of cargo made.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    /// Everything that can be started, here or elsewhere.
    pub(crate) programs: Vec<Program>,
    /// What compiler and clippy had to say.
    pub(crate) warnings: Vec<String>,
}

/// A test binary, a program, or a module for a host that is not cargo's to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// The folder of its package, where cargo starts tests.
    pub(crate) package: PathBuf,
    /// The target's name; a library's has underscores.
    pub(crate) name: String,
    /// What of the package it is.
    pub(crate) kind: Kind,
    /// Its file.
    pub(crate) file: PathBuf,
}

/// What of a package a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The unit tests of a library or a program.
    UnitTests,
    /// A test of its own, under `tests/`.
    Suite,
    /// The program itself.
    Program,
    /// A module for browsers.
    Module,
}

impl Compiled {
    /// Reads cargo's messages, a JSON object a line.
    pub(crate) fn parse(messages: &str) -> Result<Self> {
        let mut compiled = Self::default();
        for line in messages.lines() {
            let message: Value = serde_json::from_str(line).context("cargo's messages")?;
            match message["reason"].as_str() {
                Some("compiler-message") => compiled.warnings.extend(warning(&message)),
                Some("compiler-artifact") => compiled.programs.extend(program(&message)),
                _ => {}
            }
        }
        // A library and its tests share most of their code, and so what there is to say.
        compiled.warnings.sort();
        compiled.warnings.dedup();
        Ok(compiled)
    }

    /// What is of that kind and name.
    pub(crate) fn program(&self, kind: Kind, name: &str) -> Result<&Program> {
        let mut programs = self.programs.iter();
        let program = programs.find(|program| program.kind == kind && program.name == name);
        program.with_context(|| format!("cargo made no {name}"))
    }

    /// Its file.
    pub(crate) fn file(&self, kind: Kind, name: &str) -> Result<&Path> {
        Ok(&self.program(kind, name)?.file)
    }
}

impl Program {
    /// A test binary, started as cargo does it. Snapshots are compared, whatever the shell says of them.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.file);
        command.current_dir(&self.package).env("CARGO_MANIFEST_DIR", &self.package);
        command.env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0");
        command.env("INSTA_WORKSPACE_ROOT", shell::root());
        command
    }
}

fn warning(message: &Value) -> Option<String> {
    let message = &message["message"];
    let is_warning = matches!(message["level"].as_str(), Some("warning" | "error"));
    // The closing line, «3 warnings emitted», has no place in the source.
    let has_place = message["spans"].as_array().is_some_and(|spans| !spans.is_empty());
    (is_warning && has_place).then(|| message["rendered"].as_str().unwrap_or_default().to_owned())
}

fn program(message: &Value) -> Option<Program> {
    let manifest = Path::new(message["manifest_path"].as_str()?);
    let target = &message["target"];
    let is_test = message["profile"]["test"].as_bool()?;
    let is_a =
        |kind: &str| target["kind"].as_array().is_some_and(|all| all.iter().any(|k| k == kind));
    let (kind, file) = match message["executable"].as_str() {
        Some(file) if is_a("test") => (Kind::Suite, file),
        Some(file) if is_test => (Kind::UnitTests, file),
        Some(file) => (Kind::Program, file),
        None => (Kind::Module, module(message)?),
    };
    Some(Program {
        package: manifest.parent()?.to_owned(),
        name: target["name"].as_str()?.to_owned(),
        kind,
        file: file.into(),
    })
}

/// A library's module; cargo calls nothing of a library executable.
fn module(message: &Value) -> Option<&str> {
    let mut files = message["filenames"].as_array()?.iter().filter_map(Value::as_str);
    files.find(|file| file.ends_with(".wasm"))
}

/// Runs a `cargo`, without starting what it makes.
pub(crate) fn compile(job: &Job, cargo: &mut Command) -> Result<Compiled> {
    let (messages, result) = job.whatever_came(cargo.args(["--message-format", "json"]))?;
    let compiled = Compiled::parse(&messages)?;
    if result.is_err() {
        // What the compiler said is among the messages, and nowhere else.
        compiled.warnings.iter().for_each(|words| job.say(words));
    }
    result.map(|()| compiled)
}

/// A `cargo` that builds for browsers with these target features, in a folder of its own: flags that
/// change in a shared one would rebuild everything.
pub(crate) fn for_browsers(cargo: &mut Command, features: &str) {
    let folder = shell::target_folder().join("test").join(features.replace([',', '+'], "_"));
    cargo.args(["--target", WASM_TARGET, "--target-dir"]).arg(folder);
    cargo.env(WASM_FLAGS, format!("-Ctarget-feature={features}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: &str = r#"{"reason":"compiler-message","message":{"level":"warning","spans":[{}],"rendered":"unused"}}
{"reason":"compiler-message","message":{"level":"warning","spans":[{}],"rendered":"unused"}}
{"reason":"compiler-message","message":{"level":"warning","spans":[],"rendered":"1 warning emitted"}}
{"reason":"compiler-artifact","manifest_path":"a/Cargo.toml","target":{"name":"a","kind":["lib"]},"profile":{"test":false},"executable":null}
{"reason":"compiler-artifact","manifest_path":"a/Cargo.toml","target":{"name":"a","kind":["lib"]},"profile":{"test":true},"executable":"a-1"}
{"reason":"compiler-artifact","manifest_path":"a/Cargo.toml","target":{"name":"suite","kind":["test"]},"profile":{"test":true},"executable":"suite-1"}
{"reason":"compiler-artifact","manifest_path":"a/Cargo.toml","target":{"name":"tool","kind":["bin"]},"profile":{"test":false},"executable":"tool"}
{"reason":"compiler-artifact","manifest_path":"a/Cargo.toml","target":{"name":"a","kind":["cdylib"]},"profile":{"test":false},"filenames":["a.d","a.wasm"],"executable":null}
{"reason":"build-finished","success":true}"#;

    #[test]
    fn what_cargo_made_is_told_apart() {
        let compiled = Compiled::parse(MESSAGES).unwrap();
        assert_eq!(compiled.warnings, ["unused"]);
        let kinds: Vec<Kind> = compiled.programs.iter().map(|program| program.kind).collect();
        assert_eq!(kinds, [Kind::UnitTests, Kind::Suite, Kind::Program, Kind::Module]);
        assert_eq!(compiled.file(Kind::Program, "tool").unwrap(), Path::new("tool"));
        assert_eq!(compiled.file(Kind::Module, "a").unwrap(), Path::new("a.wasm"));
        assert!(compiled.file(Kind::Program, "a").is_err());
    }
}
