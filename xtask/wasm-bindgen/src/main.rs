//! The part of wasm-bindgen's command that trunk and `cargo xtask` use.
//!
//! The published command also brings a test runner with a web server and a client for HTTPS, which
//! take most of its build. The library that does the work is the same.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

const HELP: &str = "wasm-bindgen --target=web --out-dir=DIR --out-name=NAME [--no-typescript] \
                    [--keep-debug] [--no-demangle] FILE.wasm";

/// What a run is asked for.
#[derive(Debug, Default, PartialEq)]
struct Request {
    input: PathBuf,
    out_dir: PathBuf,
    out_name: String,
    no_typescript: bool,
    keep_debug: bool,
    no_demangle: bool,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--version"] {
        println!("wasm-bindgen {}", env!("CARGO_PKG_VERSION"));
        return Ok(());
    }
    let request = parse(arguments).context(HELP)?;
    Bindgen::new()
        .input_path(&request.input)
        .web(true)?
        .out_name(&request.out_name)
        .typescript(!request.no_typescript)
        .keep_debug(request.keep_debug)
        .demangle(!request.no_demangle)
        // As the published command has it; the library's default is another.
        .omit_default_module_path(false)
        .generate(&request.out_dir)
}

/// Refuses what it does not know, for a flag without effect would go unnoticed.
fn parse(arguments: Vec<String>) -> Result<Request> {
    let mut request = Request::default();
    let mut target = String::new();
    for argument in arguments {
        match argument.split_once('=') {
            Some(("--target", value)) => target = value.to_owned(),
            Some(("--out-dir", value)) => request.out_dir = value.into(),
            Some(("--out-name", value)) => request.out_name = value.to_owned(),
            None if argument == "--no-typescript" => request.no_typescript = true,
            None if argument == "--keep-debug" => request.keep_debug = true,
            None if argument == "--no-demangle" => request.no_demangle = true,
            _ if argument.starts_with('-') => bail!("{argument} is unknown here"),
            _ => request.input = argument.into(),
        }
    }
    ensure!(target == "web", "the only target is web");
    ensure!(request.input.is_file(), "{} is no file", request.input.display());
    ensure!(!request.out_name.is_empty(), "--out-name is missing");
    ensure!(request.out_dir.components().next().is_some(), "--out-dir is missing");
    Ok(request)
}
