//! Cargo, told to build tests and asked what it made.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::job::Job;
use crate::setup::rust::WASM_TARGET;
use crate::shell::{self, root};

/// What one call of cargo made.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    /// Everything that can be started.
    pub(crate) programs: Vec<Program>,
    /// What compiler and clippy had to say.
    pub(crate) warnings: Vec<String>,
}

/// A test binary or a program.
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

    /// The program of that name.
    pub(crate) fn program(&self, name: &str) -> Result<&Path> {
        let mut programs = self.programs.iter().filter(|program| program.kind == Kind::Program);
        let program = programs.find(|program| program.name == name);
        Ok(&program.with_context(|| format!("cargo made no {name}"))?.file)
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
    let is_suite = target["kind"].as_array()?.iter().any(|kind| kind == "test");
    let kind = match (is_test, is_suite) {
        (_, true) => Kind::Suite,
        (true, false) => Kind::UnitTests,
        (false, false) => Kind::Program,
    };
    Some(Program {
        package: manifest.parent()?.to_owned(),
        name: target["name"].as_str()?.to_owned(),
        kind,
        file: message["executable"].as_str()?.into(),
    })
}

/// Cargo, in the checkout.
pub(crate) fn cargo(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    // Flags of the environment would silently replace those of the steps.
    cargo.arg(command).current_dir(root()).env_remove("RUSTFLAGS");
    cargo
}

/// Runs a `cargo`, without starting what it makes.
pub(crate) fn compile(job: &Job, cargo: &mut Command) -> Result<Compiled> {
    Compiled::parse(&job.output(cargo.args(["--message-format", "json"]))?)
}

/// A `cargo` that builds for browsers with these target features, in a folder of its own: flags that
/// change in a shared one would rebuild everything.
pub(crate) fn for_browsers(cargo: &mut Command, features: &str) {
    let folder = shell::target_folder().join("test").join(features.replace([',', '+'], "_"));
    cargo.args(["--target", WASM_TARGET, "--target-dir"]).arg(folder).env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        format!("-Ctarget-feature={features}"),
    );
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
{"reason":"build-finished","success":true}"#;

    #[test]
    fn what_cargo_made_is_told_apart() {
        let compiled = Compiled::parse(MESSAGES).unwrap();
        assert_eq!(compiled.warnings, ["unused"]);
        let kinds: Vec<Kind> = compiled.programs.iter().map(|program| program.kind).collect();
        assert_eq!(kinds, [Kind::UnitTests, Kind::Suite, Kind::Program]);
        assert_eq!(compiled.program("tool").unwrap(), Path::new("tool"));
        assert!(compiled.program("a").is_err());
    }
}
