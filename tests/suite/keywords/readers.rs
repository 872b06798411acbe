//! exiftool and exiv2, and what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tagsight_metadata::List;

/// A file's tags by group and name.
pub(super) type Tags = BTreeMap<String, Value>;

fn run(program: &str, package: &str, arguments: &[&str], files: &[PathBuf]) -> String {
    let output = Command::new(program).args(arguments).args(files).output();
    let output = output.unwrap_or_else(|error| panic!("{program} (Debian: {package}): {error}"));
    String::from_utf8(output.stdout).expect("text")
}

/// What exiftool says of each file.
pub(super) fn exiftool(files: &[PathBuf]) -> Vec<Tags> {
    let json = run("exiftool", "libimage-exiftool-perl", &["-a", "-j", "-G1"], files);
    let all: Vec<Tags> = serde_json::from_str(&json).expect("exiftool's JSON");
    assert_eq!(all.len(), files.len());
    all
}

/// The second of a file's pictures as exiftool takes it out.
pub(super) fn second_picture(file: &Path) -> Vec<u8> {
    let output = Command::new("exiftool").args(["-b", "-MPImage2"]).arg(file).output();
    output.expect("exiftool").stdout
}

/// What exiftool complains about, of each file.
pub(super) fn warnings(files: &[PathBuf]) -> Vec<BTreeSet<String>> {
    const HEADER: &str = "======== ";
    let arguments = ["-validate", "-warning", "-error", "-a", "-s3"];
    let text = run("exiftool", "libimage-exiftool-perl", &arguments, files);
    let mut all: Vec<BTreeSet<String>> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix(HEADER), all.last_mut()) {
            (Some(_), _) => all.push(BTreeSet::new()),
            (None, Some(found)) if !is_count(line) => drop(found.insert(line.to_owned())),
            _ => {}
        }
    }
    assert_eq!(all.len(), files.len(), "{text}");
    all
}

/// "OK", how many warnings and errors follow, or how many files there were.
fn is_count(line: &str) -> bool {
    line == "OK" || line.trim().split(' ').next().is_some_and(|word| word.parse::<u32>().is_ok())
}

/// Keywords by the rules of the Metadata Working Group, of each file.
pub(super) fn weighed(files: &[PathBuf]) -> Vec<BTreeSet<String>> {
    let arguments = ["-use", "MWG", "-j", "-G1", "-MWG:Keywords"];
    let json = run("exiftool", "libimage-exiftool-perl", &arguments, files);
    let all: Vec<Tags> = serde_json::from_str(&json).expect("exiftool's JSON");
    assert_eq!(all.len(), files.len());
    all.iter().map(|tags| words(tags.get("MWG:Keywords"))).collect()
}

/// A list as exiftool says it.
pub(super) fn list(tags: &Tags, list: List) -> BTreeSet<String> {
    let name = match list {
        List::Subject => "XMP-dc:Subject",
        List::Hierarchical => "XMP-lr:HierarchicalSubject",
        List::TagsList => "XMP-digiKam:TagsList",
        List::LastKeyword => "XMP-microsoft:LastKeywordXMP",
        List::Iptc => "IPTC:Keywords",
        List::Xp => "IFD0:XPKeywords",
    };
    let found = words(tags.get(name));
    match list {
        List::Xp => found.iter().flat_map(|words| words.split(';')).map(str::to_owned).collect(),
        _ => found,
    }
}

fn words(value: Option<&Value>) -> BTreeSet<String> {
    let word = |value: &Value| match value {
        Value::String(word) => word.clone(),
        other => other.to_string(),
    };
    match value {
        None => BTreeSet::new(),
        Some(Value::Array(words)) => words.iter().map(word).collect(),
        Some(value) => [word(value)].into(),
    }
}

/// A property of each file as exiv2 says it.
pub(super) fn exiv2(property: &str, files: &[PathBuf]) -> Vec<String> {
    files
        .iter()
        .map(|file| {
            let text =
                run("exiv2", "exiv2", &["-q", "-g", property, "-Pv"], std::slice::from_ref(file));
            text.trim_end().to_owned()
        })
        .collect()
}
