//! The README's example of the crate compiles: it is the body of [`example`], line by line.

use std::error::Error;

use crate::checkout::{root, text};

/// What the README shows. It is compiled and not run, as it wants a photo.
#[rustfmt::skip]
fn example() -> Result<(), Box<dyn Error>> {
    use tagsight_core::{Isa, Step, Tagger};

    let model = std::fs::read("models/mobilenet_v2/model.safetensors")?;
    let mut tagger = Tagger::new(&model, Isa::best())?;
    let scores = tagger.scores(&std::fs::read("photo.jpg")?)?;
    for tag in tagger.tags(&scores, Step::Balanced) {
        println!("{} {:.0} %", tag.label, tag.score * 100.0);
    }
    Ok(())
}

/// The text between two others, the first time that there is one.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end:?}")).0
}

#[test]
fn the_example_of_the_crate_is_what_is_compiled_here() {
    let _: fn() -> Result<(), Box<dyn Error>> = example;
    let readme = text(&root().join("README.md"));
    let own = text(&root().join("tests/suite/readme.rs"));
    let body = between(&own, "-> Result<(), Box<dyn Error>> {\n", "    Ok(())\n");
    let lines = body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line));
    let compiled: String = lines.map(|line| format!("{line}\n")).collect();
    assert_eq!(between(&readme, "```rust\n", "```\n"), compiled);
}
