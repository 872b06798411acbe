//! No two files of a package import one another, be it over others: whoever reads one file then
//! knows which ones come before it (ARCHITECTURE.md, "Invariants").
//!
//! A file imports another where a path in it, in `use` or anywhere else, leads to something that the
//! other defines. What a module hands on (`pub use` of what lies below it) is looked through, so a
//! folder's `mod.rs` may offer what its files define, and they may use one another by way of it.
//! Tests count for nothing: they may look at all of their package.

mod components;
mod module;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use self::components::circles;
use self::module::Package;
use crate::checkout::{files, relative, root, text};

/// Where packages have their files: all folders beside a `Cargo.toml`.
fn source_folders() -> Vec<PathBuf> {
    let tops = ["cli/", "core/", "trainer/", "web/", "xtask/"];
    let manifests = files(&["toml"]);
    let folders = manifests.iter().filter(|path| path.ends_with("Cargo.toml")).filter_map(|path| {
        let folder = path.parent().expect("a file is in a folder").join("src");
        let name = relative(&folder);
        (folder.is_dir() && tops.iter().any(|top| name.starts_with(top))).then_some(folder)
    });
    folders.collect()
}

/// The package whose files lie in `folder`: their texts by their names in it.
fn package(folder: &PathBuf) -> Package {
    let all = files(&["rs"]);
    let own = all.iter().filter_map(|path| {
        let name = path.strip_prefix(folder).ok()?.to_str().expect("names are UTF-8");
        Some((name.replace('\\', "/"), text(path)))
    });
    Package::new(own.collect())
}

#[test]
fn no_files_import_one_another_in_a_circle() {
    let folders = source_folders();
    assert!(folders.contains(&root().join("trainer/quantiser/src")), "{folders:?}");
    let mut found = Vec::new();
    for folder in &folders {
        let circles = circles(&package(folder).imports());
        found.extend(circles.into_iter().map(|circle| (relative(folder), circle)));
    }
    assert!(found.is_empty(), "files import one another: {found:#?}");
}

/// Packages of the trainer are floors: each stands on those before it alone.
#[test]
fn no_folders_of_the_trainer_import_one_another_in_a_circle() {
    for folder in source_folders() {
        let name = relative(&folder);
        if !name.starts_with("trainer/") {
            continue;
        }
        let mut imports = BTreeMap::<String, BTreeSet<String>>::new();
        let top = |file: &String| file.split(['/', '.']).next().unwrap_or_default().to_owned();
        for (file, others) in package(&folder).imports() {
            let entry = imports.entry(top(&file)).or_default();
            entry.extend(others.iter().map(top).filter(|other| *other != top(&file)));
        }
        let circles = circles(&imports);
        assert!(circles.is_empty(), "{name}: {circles:?}");
    }
}

/// The negative control, and what is looked through.
#[test]
fn circles_are_found_and_nothing_else() {
    let package = |files: &[(&str, &str)]| {
        let own = files.iter().map(|(name, text)| (name.to_string(), text.to_string()));
        circles(&Package::new(own.collect()).imports())
    };
    let lib = ("lib.rs", "mod a; mod b; pub use a::A; pub use b::{B, b};");
    let first = ("a.rs", "use super::B; /// See [`crate::b`].\npub struct A(B);");
    let plain = ("b.rs", "pub struct B; pub fn b() { let text = \"crate::A\"; } // crate::A");
    assert!(package(&[lib, first, plain]).is_empty());
    let by_use = ("b.rs", "use crate::A; pub struct B; pub fn b() {}");
    let by_path = ("b.rs", "pub struct B; pub fn b() { let _ = vec![crate::a::A::new()]; }");
    let by_module = ("b.rs", "use crate::a; pub struct B; pub fn b() { a::A::new(); }");
    let by_glob = ("b.rs", "use super::a::*; pub struct B; pub fn b() { A::new(); }");
    let behind_captures =
        ("b.rs", "use crate::A; pub fn b() -> impl Sized + use<> { A::new(); } pub struct B;");
    for back in [by_use, by_path, by_module, by_glob, behind_captures] {
        assert_eq!(package(&[lib, first, back]), [["a.rs", "b.rs"]], "{back:?}");
    }
    let in_tests = (
        "b.rs",
        "pub struct B; pub fn b() {} #[cfg(test)] mod tests { use crate::A; } #[cfg(test)] mod t;",
    );
    assert!(package(&[lib, first, in_tests, ("b/t.rs", "use crate::A;")]).is_empty());
    let own_use = ("lib.rs", "mod a; use a::A; pub struct B(A);");
    assert_eq!(package(&[own_use, ("a.rs", "use super::B; pub struct A;")]), [["a.rs", "lib.rs"]]);
}
