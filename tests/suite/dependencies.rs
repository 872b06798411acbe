//! Who may depend on whom (ARCHITECTURE.md, "Invariants").

use std::collections::BTreeSet;
use std::process::Command;

use super::checkout;

/// Names of every package that `package` is built from, on whatever target.
fn dependencies(package: &str) -> BTreeSet<String> {
    dependencies_on(package, "all")
}

/// The same on one target.
fn dependencies_on(package: &str, target: &str) -> BTreeSet<String> {
    dependencies_to(package, target, "1000")
}

/// The same, no further than so many steps away.
fn dependencies_to(package: &str, target: &str, depth: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", package, "--edges", "normal,build"])
        .args(["--target", target, "--depth", depth, "--prefix", "none", "--format", "{p}"])
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

/// What `package` itself names of them.
fn direct(package: &str, prefixes: &[&str]) -> Vec<String> {
    let mut names = dependencies_to(package, "all", "1").into_iter().collect::<Vec<_>>();
    names.retain(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)));
    names
}

#[test]
fn core_knows_neither_the_browser_nor_burn_nor_us() {
    let foreign = ["web-sys", "js-sys", "wasm-bindgen", "gloo", "yew", "burn", "tagsight-"];
    assert_eq!(matching("tagsight-core", &foreign), ["tagsight-jpeg", "tagsight-metadata"]);
    assert_eq!(matching("tagsight-jpeg", &foreign), [""; 0]);
    assert_eq!(matching("tagsight-metadata", &foreign), [""; 0]);
}

#[test]
fn the_page_knows_neither_core_nor_burn() {
    let heavy = ["burn", "tagsight-core", "tagsight-export", "tagsight-metadata", "tagsight-train"];
    assert_eq!(matching("tagsight-web", &heavy), [""; 0]);
}

/// The dialog has the writer's types, and asks the module that has the writer.
#[test]
fn the_dialog_knows_no_core_and_only_words_for_keywords() {
    let found = matching("tagsight-export", &["burn", "yew", "tagsight-"]);
    let expected = [
        "tagsight-keywords",
        "tagsight-library",
        "tagsight-metadata",
        "tagsight-plain",
        "tagsight-template",
    ];
    assert_eq!(found, expected);
    let module = matching("tagsight-keywords-module", &["burn", "yew", "web-sys", "wgpu"]);
    assert_eq!(module, [""; 0]);
}

#[test]
fn pythons_module_knows_core_alone() {
    let found = direct("tagsight-python", &["burn", "yew", "web-sys", "tagsight-"]);
    assert_eq!(found, ["tagsight-core", "tagsight-python"]);
}

#[test]
fn the_decoders_know_core_and_nothing_of_the_browser() {
    let module = matching("tagsight-decoders-module", &["burn", "yew", "web-sys", "wgpu"]);
    assert_eq!(module, [""; 0]);
    let found = matching("tagsight-decoders", &["js-sys", "wasm-bindgen", "tagsight-"]);
    assert_eq!(found, ["tagsight-core", "tagsight-jpeg", "tagsight-metadata"]);
}

#[test]
fn the_library_knows_neither_the_browser_nor_core() {
    let foreign =
        ["web-sys", "js-sys", "wasm-bindgen", "gloo", "yew", "burn", "serde", "tagsight-"];
    assert_eq!(matching("tagsight-library", &foreign), ["tagsight-plain"]);
    assert_eq!(matching("tagsight-plain", &[""]), [""; 0], "nor anybody else");
}

#[test]
fn the_worker_knows_core_but_no_burn_and_no_graphics() {
    let foreign = [
        "burn",
        "yew",
        "wgpu",
        "tagsight-core",
        "tagsight-export",
        "tagsight-gpu",
        "tagsight-train",
    ];
    assert_eq!(matching("tagsight-worker", &foreign), ["tagsight-core"]);
}

/// A browser has the rest of wgpu: its backends and its shader compiler.
#[test]
fn the_graphics_processors_engine_is_thin() {
    let names = dependencies_on("tagsight-gpu", "wasm32-unknown-unknown");
    assert!(names.contains("wgpu"), "{names:?}");
    for heavy in ["naga", "wgpu-core", "wgpu-hal", "burn", "yew"] {
        assert!(!names.contains(heavy), "{heavy}");
    }
    let native = dependencies_on("tagsight-gpu", "x86_64-unknown-linux-gnu");
    assert!(!native.contains("wgpu"), "{native:?}");
}

/// The trainer's packages, each with those of ours that it stands on. One comes after all of those.
const FLOORS: [(&str, &[&str]); 9] = [
    ("tagsight-data", &[]),
    ("tagsight-metrics", &["tagsight-data"]),
    ("tagsight-network", &[]),
    ("tagsight-onnx", &["tagsight-network"]),
    ("tagsight-quantiser", &["tagsight-data", "tagsight-metrics", "tagsight-network"]),
    (
        "tagsight-train",
        &["tagsight-data", "tagsight-metrics", "tagsight-network", "tagsight-quantiser"],
    ),
    ("tagsight-report", &["tagsight-data"]),
    (
        "tagsight-study",
        &[
            "tagsight-data",
            "tagsight-metrics",
            "tagsight-network",
            "tagsight-onnx",
            "tagsight-quantiser",
            "tagsight-report",
            "tagsight-train",
        ],
    ),
    (
        "tagsight-trainer",
        &[
            "tagsight-data",
            "tagsight-metrics",
            "tagsight-network",
            "tagsight-onnx",
            "tagsight-quantiser",
            "tagsight-report",
            "tagsight-study",
            "tagsight-train",
        ],
    ),
];

#[test]
fn the_trainer_stands_in_floors_on_core_and_knows_no_page() {
    for (package, below) in FLOORS {
        let core = ["tagsight-core", "tagsight-jpeg", "tagsight-metadata"];
        let expected: BTreeSet<&str> = below.iter().copied().chain(core).collect();
        let found = matching(package, &["tagsight-"]);
        assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
        assert_eq!(matching(package, &["yew"]), [""; 0], "{package}");
    }
}

/// Only what fits networks waits for burn, and only the commands for graphics. Also the negative
/// control: dependencies that exist are found.
#[test]
fn one_package_of_the_trainers_knows_burn() {
    for (package, _) in FLOORS {
        let fits = ["tagsight-train", "tagsight-study", "tagsight-trainer"].contains(&package);
        assert_eq!(matching(package, &["burn"]).is_empty(), !fits, "{package}");
        let shows = package == "tagsight-trainer";
        assert_eq!(matching(package, &["wgpu"]).is_empty(), !shows, "{package}");
    }
    assert_eq!(direct("tagsight-trainer", &["burn"]), [""; 0]);
    assert_eq!(direct("tagsight-study", &["burn"]), [""; 0]);
    assert_eq!(direct("tagsight-train", &["burn"]), ["burn", "burn-flex"]);
}

/// People build it where they keep their photos.
#[test]
fn the_command_knows_no_burn_no_graphics_and_no_page() {
    let found = matching("tagsight-cli", &["tagsight-"]);
    let expected = [
        "tagsight-core",
        "tagsight-jpeg",
        "tagsight-library",
        "tagsight-metadata",
        "tagsight-plain",
    ];
    assert_eq!(found, expected);
    assert_eq!(matching("tagsight-cli", &["burn", "wgpu", "rten", "yew", "web-sys"]), [""; 0]);
}
