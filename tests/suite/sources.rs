//! Rules about source files (ARCHITECTURE.md, "Invariants").

use super::checkout::{files, relative, text};

const TEXT: [&str; 16] = [
    "rs",
    "toml",
    "lock",
    "md",
    "py",
    "mjs",
    "js",
    "json",
    "html",
    "css",
    "svg",
    "txt",
    "tsv",
    "snap",
    "yaml",
    "webmanifest",
];

/// Names of the files among `extensions` for which `wrong` gives a reason.
fn offenders(extensions: &[&str], wrong: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let files = files(extensions);
    let reasons = files.iter().filter_map(|file| {
        let name = relative(file);
        wrong(&name, &text(file)).map(|reason| format!("{name}: {reason}"))
    });
    reasons.collect()
}

/// The lines of Rust code, without comments.
fn code(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.lines().enumerate();
    lines.map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default()))
}

/// The first line of code with `word` as a word of its own.
fn line_with_word(source: &str, word: &str) -> Option<usize> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut lines = code(source);
    lines
        .find(|(_, line)| line.split(|c| !is_word(c)).any(|found| found == word))
        .map(|(line, _)| line)
}

#[test]
fn every_rust_file_says_what_it_holds() {
    let wrong = offenders(&["rs"], |_, source| {
        let first = source.lines().find(|line| !line.starts_with("#!"));
        let documented = first.is_some_and(|line| line.starts_with("//! "));
        (!documented).then(|| "does not open with //!".into())
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Core's kernels, the hand-over of a layer to threads that outlive it, and the one call of a matrix product that
/// has no safe form.
#[test]
fn unsafe_code_stays_in_the_kernels() {
    let kernels =
        ["core/src/kernels/", "core/src/threads/team.rs", "trainer/quantiser/src/float/product.rs"];
    // The macro's own word is taken apart, so that this file passes.
    let word = concat!("un", "safe");
    let wrong = offenders(&["rs"], |name, source| {
        let line = line_with_word(source, word)?;
        let is_kernel = kernels.iter().any(|kernel| name.starts_with(kernel));
        (!is_kernel).then(|| format!("{word} in line {line}"))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let kernel = files(&["rs"]).into_iter().find(|file| relative(file).ends_with("x86_avx2.rs"));
    let kernel = text(&kernel.expect("the AVX2 kernel"));
    assert!(line_with_word(&kernel, word).is_some(), "the search finds what is there");
}

#[test]
fn core_and_the_library_do_no_io_and_read_no_clock() {
    let forbidden = ["std::fs", "std::net", "std::time", "std::env", "std::process", "std::thread"];
    // What waits for threads says for how long at most, and ends a process whose memory others may still write to.
    let waits = ["std::time::Duration", "std::thread", "std::process"];
    let wrong = offenders(&["rs"], |name, source| {
        let folders = ["core/src/", "core/jpeg/src/", "web/library/src/"];
        let is_pure = folders.iter().any(|folder| name.starts_with(folder));
        let may_wait = name.starts_with("core/src/threads/");
        let mut lines = code(source).filter(|_| is_pure);
        let (line, found) = lines.find_map(|(line, text)| {
            let is_wait = may_wait && waits.iter().any(|wait| text.contains(wait));
            Some((line, forbidden.iter().find(|f| text.contains(**f) && !is_wait)?))
        })?;
        Some(format!("{found} in line {line}"))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let places = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
    ];
    let wrong = offenders(&TEXT, |_, text| {
        let place = places.iter().find(|place| text.contains(**place))?;
        Some(format!("names {place}"))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
