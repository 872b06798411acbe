//! Who may depend on whom (ARCHITECTURE.md, "Invariants").

use std::collections::BTreeSet;
use std::process::Command;

use super::checkout;

/// Names of every package that `package` is built from, on whatever target.
fn dependencies(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", package, "--edges", "normal,build"])
        .args(["--target", "all", "--prefix", "none", "--format", "{p}"])
        .current_dir(checkout::root())
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree --package {package}: {errors}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let names = lines.lines().filter_map(|line| line.split_whitespace().next());
    names.map(String::from).collect()
}

/// The dependencies of `package` whose name starts with one of `prefixes`.
fn matching(package: &str, prefixes: &[&str]) -> Vec<String> {
    let mut names = dependencies(package).into_iter().collect::<Vec<_>>();
    names.retain(|name| name != package && prefixes.iter().any(|prefix| name.starts_with(prefix)));
    names
}

#[test]
fn core_knows_neither_the_browser_nor_burn_nor_us() {
    let foreign = ["web-sys", "js-sys", "wasm-bindgen", "gloo", "yew", "burn", "tagsight-"];
    assert_eq!(matching("tagsight-core", &foreign), [""; 0]);
}

#[test]
fn the_page_knows_neither_core_nor_burn() {
    assert_eq!(matching("tagsight-web", &["burn", "tagsight-core", "tagsight-trainer"]), [""; 0]);
}

#[test]
fn the_worker_knows_core_but_no_burn() {
    let found = matching("tagsight-worker", &["burn", "yew", "tagsight-core", "tagsight-trainer"]);
    assert_eq!(found, ["tagsight-core"]);
}

/// Also the negative control: dependencies that exist are found.
#[test]
fn the_trainer_knows_core_and_burn_but_no_page() {
    let found = matching("tagsight-trainer", &["tagsight-"]);
    assert_eq!(found, ["tagsight-core"]);
    assert!(!matching("tagsight-trainer", &["burn"]).is_empty());
    assert_eq!(matching("tagsight-trainer", &["yew"]), [""; 0]);
}
