//! Tables of a few rows.

use super::*;

const FILES: [&str; 6] = ["a.avi", "b.avi", "c.avi", "d.avi", "sub/e.avi", "f.gif"];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    for name in FILES {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    std::fs::write(folder.path().join("f.avi"), "f").unwrap();
    folder
}

fn echo(answer: Answer) -> Columns {
    Columns { file: "FileName".into(), answer, part: Some("Split".into()) }
}

fn values(columns: &[&str]) -> Columns {
    echo(Answer::Values(columns.iter().map(|column| column.parse().unwrap()).collect()))
}

fn read(folder: &Path, text: &[u8], columns: &Columns) -> Result<Dataset, TableError> {
    let table = folder.join("FileList.csv");
    std::fs::write(&table, text).unwrap();
    Dataset::read_table(&table, folder, columns, &Partition::default())
}

#[test]
fn values_are_standardised_by_what_is_learnt_and_bad_rows_named() {
    let folder = folder();
    let text = b"FileName,EF,ESV,Split\na,50,1,TRAIN\nb,70,2,train\n\
        c.avi,10,3,VAL\nsub/e,20,4,TEST\nnone,20,4,TEST\nd,x,4,TEST\nd,NaN,4,TEST\nd,3,4,HELD\n\
        f,3,4,TEST\n../d,3,4,TEST\nd,3\na,3,4,TEST\n\xff,3,4,TEST\n,3,4,TEST\nd,3,,TRAIN\n";
    let dataset = read(folder.path(), text, &values(&["EF=%", "ESV"])).unwrap();
    let Goal::Regression { quantities } = &dataset.subject.task else { panic!() };
    let quantity = |unit: &str, scale, offset| Quantity { unit: unit.into(), scale, offset };
    assert_eq!(quantities[..], [quantity("%", 10.0, 60.0), quantity("", 0.5, 1.5)]);
    assert_eq!(dataset.subject.labels, ["EF", "ESV"]);
    let expected = [
        ("a", Part::Train),
        ("b", Part::Train),
        ("c.avi", Part::Validation),
        ("sub/e", Part::Test),
    ];
    let mut expected = expected.map(|(name, part)| (fnv1a(name.bytes()), Some(part)));
    expected.sort();
    let found: Vec<_> = dataset.photos.iter().map(|photo| (photo.id, photo.part)).collect();
    assert_eq!(found, expected);
    let a = dataset.photos.iter().find(|photo| photo.id == fnv1a(*b"a")).unwrap();
    assert_eq!(
        (&a.path, &a.target),
        (&folder.path().join("a.avi"), &Target::Values(vec![50.0, 1.0]))
    );
    let [remark] = &dataset.remarks[..] else { panic!("{:?}", dataset.remarks) };
    assert!(
        remark.starts_with("left out 11 rows: line 6 (none: there is no such file)"),
        "{remark}"
    );
    for expected in [
        "line 7 (\"x\" is no number)",
        "line 8 (\"NaN\" is no number)",
        "line 9 (\"HELD\" is no part",
        "line 10 (f: 2 files are called so)",
        "line 11 (../d: the name leaves the folder)",
        "line 12 (it names no part)",
        "line 13 (a was there before)",
        "line 14 (it is not UTF-8)",
        "line 15 (it names no file)",
        "and 1 more",
    ] {
        assert!(remark.contains(expected), "{expected:?} is not in {remark}");
    }
}

#[test]
fn labels_without_parts_are_drawn_and_written_beside() {
    let folder = folder();
    let text = "\u{feff}FileName;kind\na;x\nb;x\nc;x\nd;y\nsub/e;y\nf.gif;y\n";
    let columns = echo(Answer::Label("kind".into()));
    let dataset = read(folder.path(), text.as_bytes(), &columns).unwrap();
    assert_eq!(
        (&dataset.subject.labels[..], &dataset.subject.task),
        (&["x".to_owned(), "y".to_owned()][..], &Goal::SingleLabel)
    );
    for part in Part::ALL {
        let of = |photo: &&Photo| photo.part == Some(part);
        let mut classes: Vec<_> =
            dataset.photos.iter().filter(of).flat_map(|p| p.target.labels()).collect();
        classes.sort();
        assert_eq!(classes, [&0, &1], "one of each class");
    }
    assert!(folder.path().join("FileList.split.csv").is_file());
}

#[test]
fn tables_that_cannot_be_used_are_refused_with_the_reason() {
    let folder = folder();
    let label = echo(Answer::Label("EF".into()));
    for (text, columns, expected) in [
        (
            "file,EF\na,1\n",
            values(&["EF"]),
            "no column \"FileName\"; its first line names file, EF",
        ),
        ("FileName,EF,Split\n", values(&["EF"]), "no usable row: it has none"),
        ("FileName,EF,Split\nx,1,TRAIN\n", values(&["EF"]), "line 2 (x: there is no such file)"),
        (
            "FileName,EF,Split\na,1,TRAIN\nb,1,TRAIN\nc,2,VAL\n",
            values(&["EF"]),
            "\"EF\" has one value",
        ),
        ("FileName,EF,Split\na,1,VAL\nb,2,VAL\n", values(&["EF"]), "or there are none"),
        ("FileName,EF,Split\na,1,TRAIN\nb,2,TEST\n", label, "fewer than two labels"),
        ("", values(&["EF"]), "no column"),
    ] {
        let error = read(folder.path(), text.as_bytes(), &columns).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected:?} is not in {error:?}");
    }
}
