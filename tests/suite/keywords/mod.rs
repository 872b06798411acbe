//! Keywords in files of every kind and with every metadata that programs are known to write, read by
//! programs that others wrote: exiftool and exiv2.
//!
//! | metadata | kinds | written | then |
//! |---|---|---|---|
//! | [`cases::all`] | JPEG, PNG, WebP lossy, lossless and animated | into the file, into a sidecar | again, taken back |

mod cases;
mod files;
mod readers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tagsight_core::photo::coded_parts;
use tagsight_metadata::{
    Keyword, List, Origin, Outcome, SidecarFile, Tag, Wanted, Writer, embed, read, sidecar,
};

use cases::Case;
use readers::{Tags, exiftool, exiv2};

const NOW: &str = "2026-11-26T16:30:00+09:00";
const MODEL: &str = "00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee";

/// Only ASCII is without case here, which is all that the cases need.
fn fold(word: &str) -> String {
    word.trim().to_lowercase()
}

fn writer() -> Writer<'static> {
    Writer { now: NOW, software: "Tagsight 0.1.0", fold: &fold }
}

/// A tag of a machine in two languages, one with a path, and one of a person's.
fn wanted() -> Wanted {
    let machine =
        |label: &str, score| Origin::Machine { label: label.into(), score, model: MODEL.into() };
    let path = Keyword::from_path(["Animal", "Dog"]).unwrap();
    let tags = vec![
        Tag { keywords: vec![path, Keyword::flat("개")], origin: machine("dog", 0.934_25) },
        Tag { keywords: vec![Keyword::flat("surfboard")], origin: machine("surfboard", 0.5) },
        Tag { keywords: vec![Keyword::flat("봄 축제 & <음악>")], origin: Origin::Person },
    ];
    Wanted { tags, ..Wanted::default() }
}

/// The same without the person's.
fn machine_only() -> Wanted {
    let mut wanted = wanted();
    wanted.tags.pop();
    wanted
}

/// A folder for this test's files.
fn folder(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("tagsight-keywords-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn changed(photo: &[u8], wanted: &Wanted) -> Result<Vec<u8>, String> {
    match embed(photo, wanted, &writer()) {
        Ok(Outcome::Changed(change)) => Ok(change.output.apply(photo)),
        Ok(Outcome::Unchanged(_)) => Err("unchanged".to_owned()),
        Err(refusal) => Err(refusal.to_string()),
    }
}

/// A file that was written, and the one before.
struct Pair {
    case: Case,
    before: PathBuf,
    after: PathBuf,
    /// Once a machine's tags alone were written and taken back.
    restored: PathBuf,
}

/// Writes every case that can be written.
fn write_all(folder: &Path) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for case in cases::all() {
        let photo = case.file();
        if let Some(refusal) = &case.refusal {
            let outcome = embed(&photo, &wanted(), &writer());
            assert_eq!(outcome.unwrap_err(), *refusal, "{}", case.name());
            continue;
        }
        let after =
            changed(&photo, &wanted()).unwrap_or_else(|error| panic!("{}: {error}", case.name()));
        let again = embed(&after, &wanted(), &writer()).unwrap();
        assert!(
            matches!(again, Outcome::Unchanged(_)),
            "{}: written twice: {again:?}",
            case.name()
        );
        let machine = changed(&photo, &machine_only()).unwrap();
        let restored = changed(&machine, &Wanted::nothing()).unwrap();
        let twice = embed(&restored, &Wanted::nothing(), &writer()).unwrap();
        assert!(matches!(twice, Outcome::Unchanged(_)), "{}: taken back twice", case.name());
        for file in [&after, &restored] {
            assert!(coded_parts(file) == coded_parts(&photo), "{}: another picture", case.name());
            assert!(file.ends_with(case.trailer()), "{}: what is behind it", case.name());
        }
        let path =
            |what: &str| folder.join(format!("{}.{what}.{}", case.name(), case.kind.extension()));
        let pair =
            Pair { before: path("before"), after: path("after"), restored: path("restored"), case };
        fs::write(&pair.before, &photo).unwrap();
        fs::write(&pair.after, &after).unwrap();
        fs::write(&pair.restored, &restored).unwrap();
        pairs.push(pair);
    }
    pairs
}

/// Tags that may differ, as they are what is written, or tell of the file itself.
fn is_ours(tag: &str) -> bool {
    const TAGS: [&str; 14] = [
        "SourceFile",
        "XMP-dc:Subject",
        "XMP-lr:HierarchicalSubject",
        "XMP-digiKam:TagsList",
        "XMP-microsoft:LastKeywordXMP",
        "XMP-xmp:MetadataDate",
        "XMP-x:XMPToolkit",
        "IPTC:Keywords",
        "IPTC:CodedCharacterSet",
        "Photoshop:IPTCDigest",
        "File:CurrentIPTCDigest",
        "RIFF:WebP_Flags",
        "MPImage1:MPImageLength",
        "MPImage2:MPImageStart",
    ];
    TAGS.contains(&tag)
        || ["System:", "ExifTool:", "XMP-tagsight:", "XMP-xmpMM:History"]
            .iter()
            .any(|group| tag.starts_with(group))
}

fn foreign(tags: &Tags) -> BTreeMap<&str, &Value> {
    tags.iter().filter(|(tag, _)| !is_ours(tag)).map(|(tag, value)| (tag.as_str(), value)).collect()
}

#[test]
fn files_say_the_union_to_exiftool_and_nothing_else_differs() {
    let folder = folder("embed");
    let pairs = write_all(&folder);
    let files = |of: fn(&Pair) -> &PathBuf| -> Vec<PathBuf> {
        pairs.iter().map(|pair| of(pair).clone()).collect()
    };
    let before = exiftool(&files(|pair| &pair.before));
    let after = exiftool(&files(|pair| &pair.after));
    let restored = exiftool(&files(|pair| &pair.restored));
    let mut failures = Vec::new();
    for (index, pair) in pairs.iter().enumerate() {
        let (before, after, restored) = (&before[index], &after[index], &restored[index]);
        let mut fail = |what: &str, detail: String| {
            failures.push(format!("{}: {what}: {detail}", pair.case.name()));
        };
        if pair.case.has_second_picture() {
            for file in [&pair.before, &pair.after, &pair.restored] {
                let second = readers::second_picture(file);
                assert!(second == files::second_picture(), "{}: {file:?}", pair.case.name());
            }
        }
        for (what, tags) in [("after", after), ("restored", restored)] {
            let (expected, found) = (foreign(before), foreign(tags));
            if !pair.case.is_extended_by_writing() && expected != found {
                let differing: Vec<_> = expected
                    .keys()
                    .chain(found.keys())
                    .filter(|tag| expected.get(*tag) != found.get(*tag))
                    .collect();
                fail(what, format!("these tags differ: {differing:?}"));
            }
        }
        for list in List::ALL {
            let (now, back) = (readers::list(after, list), readers::list(restored, list));
            let expected = pair.case.expected(list);
            if now != expected {
                fail(list.name(), format!("{now:?} and not {expected:?}"));
            }
            let first = readers::list(before, list);
            if back != first {
                fail(list.name(), format!("restored as {back:?} and not {first:?}"));
            }
        }
    }
    assert!(pairs.len() > 60, "only {} cases", pairs.len());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    println!("{} files with exiftool", pairs.len() * 3);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn files_say_the_union_to_exiv2() {
    let folder = folder("exiv2");
    let pairs = write_all(&folder);
    let files: Vec<PathBuf> = pairs.iter().map(|pair| pair.after.clone()).collect();
    let properties = [
        (List::Subject, "Xmp.dc.subject"),
        (List::Hierarchical, "Xmp.lr.hierarchicalSubject"),
        (List::TagsList, "Xmp.digiKam.TagsList"),
    ];
    for (list, property) in properties {
        for (pair, found) in pairs.iter().zip(exiv2(property, &files)) {
            let found: BTreeSet<String> = found.split(", ").map(str::to_owned).collect();
            assert_eq!(found, pair.case.expected(list), "{}: {property}", pair.case.name());
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

/// The Metadata Working Group's rules say which of XMP and IPTC a program believes: whichever it is, it
/// finds everything there.
#[test]
fn programs_that_weigh_xmp_against_iptc_find_the_union() {
    let folder = folder("weighed");
    let pairs = write_all(&folder);
    let pairs: Vec<&Pair> =
        pairs.iter().filter(|pair| pair.case.kind == files::Kind::Jpeg).collect();
    let files: Vec<PathBuf> = pairs.iter().map(|pair| pair.after.clone()).collect();
    for (pair, found) in pairs.iter().zip(readers::weighed(&files)) {
        assert_eq!(found, pair.case.expected(List::Subject), "{}", pair.case.name());
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn sidecars_say_the_union_and_go_when_nothing_is_left() {
    let folder = folder("sidecars");
    let mut written = Vec::new();
    for case in cases::all() {
        let photo = case.file();
        let own = read(&photo, &fold).unwrap();
        let write = |existing: Option<&[u8]>, wanted: &Wanted| match sidecar(
            Some(&own),
            existing,
            wanted,
            &writer(),
        ) {
            Ok(Outcome::Changed(change)) => Some(change.output),
            Ok(Outcome::Unchanged(_)) => None,
            Err(refusal) => panic!("{}: {refusal}", case.name()),
        };
        let Some(SidecarFile::Write(file)) = write(None, &wanted()) else {
            panic!("{}", case.name())
        };
        assert_eq!(write(Some(&file), &wanted()), None, "{}: written twice", case.name());
        let Some(SidecarFile::Write(machine)) = write(None, &machine_only()) else {
            panic!("{}", case.name())
        };
        assert_eq!(
            write(Some(&machine), &Wanted::nothing()),
            Some(SidecarFile::Delete),
            "{}",
            case.name()
        );
        let path = folder.join(format!("{}.xmp", case.name()));
        fs::write(&path, &file).unwrap();
        written.push((case, path));
    }
    let files: Vec<PathBuf> = written.iter().map(|(_, path)| path.clone()).collect();
    let said = exiftool(&files);
    for ((case, _), tags) in written.iter().zip(&said) {
        for list in [List::Subject, List::Hierarchical, List::TagsList] {
            let expected = case.expected_in_sidecar(list);
            assert_eq!(readers::list(tags, list), expected, "{}: {}", case.name(), list.name());
        }
    }
    for ((case, _), warnings) in written.iter().zip(readers::warnings(&files)) {
        assert_eq!(warnings, BTreeSet::new(), "{}", case.name());
    }
    let subjects = exiv2("Xmp.dc.subject", &files);
    for ((case, _), found) in written.iter().zip(subjects) {
        let found: BTreeSet<String> = found.split(", ").map(str::to_owned).collect();
        assert_eq!(found, case.expected_in_sidecar(List::Subject), "{}", case.name());
    }
    println!("{} sidecars with exiftool and exiv2", files.len());
    fs::remove_dir_all(folder).unwrap();
}

/// The negative control: what the comparisons look for is found where it is.
#[test]
fn harm_would_be_noticed() {
    let folder = folder("harm");
    let case = cases::all()
        .into_iter()
        .find(|case| case.name() == "two-pictures-index-before-xmp-jpeg")
        .unwrap();
    let photo = case.file();
    let harmed = String::from_utf8_lossy(&photo).contains("CreateDate");
    assert!(harmed, "the packet has a date");
    let at = photo.windows(10).position(|bytes| bytes == b"2026-11-01").unwrap();
    let mut dated = photo.clone();
    dated[at] = b'3';
    let mut moved = photo.clone();
    let tables = photo.windows(2).position(|bytes| bytes == [0xFF, 0xDB]).unwrap();
    moved.splice(tables..tables, *b"\xFF\xEC\0\x04ab");
    let mut broken = photo.clone();
    let end = photo.windows(11).position(|bytes| bytes == b"</x:xmpmeta").unwrap();
    broken[end + 1] = b'?';
    let files =
        ["plain", "dated", "moved", "broken"].map(|name| folder.join(name).with_extension("jpg"));
    for (file, bytes) in files.iter().zip([&photo, &dated, &moved, &broken]) {
        fs::write(file, bytes).unwrap();
    }
    let said = exiftool(&files);
    assert_ne!(foreign(&said[0]), foreign(&said[1]));
    assert_eq!(readers::second_picture(&files[0]), files::second_picture());
    assert_ne!(readers::second_picture(&files[2]), files::second_picture());
    let warnings = readers::warnings(&files);
    assert_ne!(warnings[0], warnings[3]);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn exiftool_warns_of_nothing_new() {
    let folder = folder("validate");
    let pairs = write_all(&folder);
    let files = |of: fn(&Pair) -> &PathBuf| -> Vec<PathBuf> {
        pairs.iter().map(|pair| of(pair).clone()).collect()
    };
    let before = readers::warnings(&files(|pair| &pair.before));
    let after = readers::warnings(&files(|pair| &pair.after));
    for ((pair, before), after) in pairs.iter().zip(&before).zip(&after) {
        let new: Vec<_> = after.difference(before).collect();
        assert!(new.is_empty(), "{}: {new:?}", pair.case.name());
    }
    fs::remove_dir_all(folder).unwrap();
}
