//! Lints without a build of their own.
//!
//! `cargo clippy` would check every dependency once more, burn and wgpu among them, since what it
//! compiles is no library that tests could link. So cargo, when it builds the tests, calls the
//! compiler through this program (`RUSTC_WORKSPACE_WRAPPER`), which for our packages runs clippy
//! with the same arguments first. The tests are then compiled by rustc itself.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// Set for cargo by [`lint`], and so for the programs that it starts. Holds a folder for files.
const FOLDER: &str = "TAGSIGHT_LINT_FOLDER";

/// Lets `cargo`, which builds something, lint our packages as well.
pub(crate) fn lint(cargo: &mut Command, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let this = env::current_exe().context("this program's own path")?;
    cargo.env("RUSTC_WORKSPACE_WRAPPER", this).env(FOLDER, folder);
    Ok(())
}

/// Where cargo calls this program in the compiler's place: its exit code.
pub(crate) fn as_compiler() -> Option<i32> {
    let folder = env::var_os(FOLDER)?;
    let mut arguments = env::args_os().skip(1);
    let rustc = arguments.next()?;
    let arguments: Vec<OsString> = arguments.collect();
    if let Some(linting) = linting(&arguments, &folder) {
        // What is denied ends here; warnings go on to cargo, which gives them to whoever reads it.
        let code = exit_code(Command::new("clippy-driver").arg(&rustc).args(linting));
        if code != 0 {
            return Some(code);
        }
    }
    // Clippy said what the compiler has to say.
    Some(exit_code(Command::new(rustc).args(arguments).arg("--cap-lints=allow")))
}

fn exit_code(command: &mut Command) -> i32 {
    match command.status() {
        Ok(status) => status.code().unwrap_or(1),
        Err(error) => {
            eprintln!("{command:?}: {error}; is clippy there? (rustup component add clippy)");
            1
        }
    }
}

/// The arguments with which clippy checks what these compile; none where the compiler is only asked
/// about itself.
fn linting(arguments: &[OsString], folder: &OsString) -> Option<Vec<OsString>> {
    let text = |argument: &OsString| argument.to_string_lossy().into_owned();
    let compiles = arguments.iter().map(text).any(|argument| argument.starts_with("--emit="));
    let name = arguments.iter().position(|argument| argument == "--crate-name")?;
    if !compiles || arguments.get(name + 1)? == "___" {
        return None;
    }
    let mut linting = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match text(argument) {
            // Only what cargo waits for may lie in its folders.
            option if option == "--out-dir" => {
                arguments.next();
                linting.extend([argument.clone(), folder.clone()]);
            }
            option if option.starts_with("--emit=") => linting.push("--emit=metadata".into()),
            // Cargo would take a file that clippy wrote for the compiler's.
            option if option.starts_with("--json=") => {
                linting.push(option.replace(",artifacts", "").into());
            }
            _ => linting.push(argument.clone()),
        }
    }
    Some(linting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &str) -> Option<String> {
        let arguments: Vec<OsString> = arguments.split(' ').map(OsString::from).collect();
        let linting = linting(&arguments, &"lints".into())?;
        Some(linting.join(" ".as_ref()).into_string().unwrap())
    }

    #[test]
    fn clippy_checks_what_is_compiled_and_leaves_cargos_folders_alone() {
        let compile = "--crate-name core --json=diagnostic-rendered-ansi,artifacts,future-incompat \
                       --emit=dep-info,metadata,link -C opt-level=3 --out-dir target/deps --test";
        let expected = "--crate-name core --json=diagnostic-rendered-ansi,future-incompat \
                        --emit=metadata -C opt-level=3 --out-dir lints --test";
        assert_eq!(of(compile).unwrap(), expected);
    }

    #[test]
    fn questions_to_the_compiler_are_not_linted() {
        assert_eq!(of("-vV"), None);
        assert_eq!(of("- --crate-name ___ --print=file-names --emit=link"), None);
        assert_eq!(of("--crate-name core --print=cfg"), None);
    }
}
