//! Photos and sidecars in whose metadata keywords are written: what comes of it can be read, says what
//! was to be said, has the same picture, and is not changed by writing the same again.

use tagsight_core::photo::coded_parts;
use tagsight_metadata::{
    Keyword, List, Lists, Origin, Outcome, SidecarFile, Tag, Wanted, Writer, embed, read,
    read_sidecar, sidecar,
};

use super::{Judgement, refused};

const WORD: &str = "봄";

/// Writes keywords into a photo, or into what may be a sidecar, and gives the new file.
///
/// # Panics
/// If that one does not say them, is another picture, or is changed by writing them again.
pub fn keywords_write(bytes: &[u8]) -> Judgement {
    let (photo, sidecar) = (into_photo(bytes), into_sidecar(bytes));
    sidecar.or(photo)
}

fn into_photo(bytes: &[u8]) -> Judgement {
    let wanted = wanted();
    match embed(bytes, &wanted, &writer()) {
        Ok(Outcome::Changed(change)) => {
            let after = change.output.apply(bytes);
            assert_said(&read(&after, &fold).expect("it was written").lists);
            assert!(coded_parts(&after) == coded_parts(bytes));
            let again = embed(&after, &wanted, &writer()).expect("it was written");
            assert!(matches!(again, Outcome::Unchanged(_)));
            Ok(after)
        }
        Ok(Outcome::Unchanged(_)) => Ok(bytes.to_vec()),
        Err(refusal) => refused(&refusal),
    }
}

fn into_sidecar(bytes: &[u8]) -> Judgement {
    let wanted = wanted();
    match sidecar(None, Some(bytes), &wanted, &writer()) {
        Ok(Outcome::Changed(change)) => {
            let SidecarFile::Write(after) = change.output else { return Ok(Vec::new()) };
            assert_said(&read_sidecar(&after, &fold).expect("it was written").lists);
            let again = sidecar(None, Some(&after), &wanted, &writer()).expect("it was written");
            assert!(matches!(again, Outcome::Unchanged(_)));
            Ok(after)
        }
        Ok(Outcome::Unchanged(_)) => Ok(bytes.to_vec()),
        Err(refusal) => refused(&refusal),
    }
}

fn assert_said(lists: &Lists) {
    assert!(lists.of(List::Subject).iter().any(|word| word.leaf() == WORD));
}

fn fold(word: &str) -> String {
    word.trim().to_lowercase()
}

fn writer() -> Writer<'static> {
    Writer { now: "2026-11-26T16:30:00Z", software: "Tagsight", fold: &fold }
}

fn wanted() -> Wanted {
    let label = "dog".to_owned();
    let dog = Origin::Machine { label, score: 0.75, model: "ab".to_owned() };
    let path = Keyword::from_path(["Animal", "Dog"]).expect("a path");
    let tags = vec![
        Tag { keywords: vec![path, Keyword::flat("개")], origin: dog },
        Tag { keywords: vec![Keyword::flat(WORD)], origin: Origin::Person },
    ];
    Wanted { tags, removed: vec!["beach".to_owned()], ..Wanted::default() }
}
