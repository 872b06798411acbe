//! Photos and sidecars in whose metadata keywords are written: what comes of it can be read, says what
//! was to be said, has the same picture, and is not changed by writing the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_core::photo::coded_parts;
use tagsight_metadata::{
    Keyword, List, Origin, Outcome, SidecarFile, Tag, Wanted, Writer, embed, read, read_sidecar,
    sidecar,
};

fn fold(word: &str) -> String {
    word.trim().to_lowercase()
}

fn wanted() -> Wanted {
    let label = "dog".to_owned();
    let dog = Origin::Machine { label, score: 0.75, model: "ab".to_owned() };
    let path = Keyword::from_path(["Animal", "Dog"]).expect("a path");
    let tags = vec![
        Tag { keywords: vec![path, Keyword::flat("개")], origin: dog },
        Tag { keywords: vec![Keyword::flat("봄")], origin: Origin::Person },
    ];
    Wanted { tags, removed: vec!["beach".to_owned()], ..Wanted::default() }
}

fuzz_target!(|bytes: &[u8]| {
    let writer = Writer { now: "2026-11-26T16:30:00Z", software: "Tagsight", fold: &fold };
    let wanted = wanted();
    if let Ok(Outcome::Changed(change)) = embed(bytes, &wanted, &writer) {
        let after = change.output.apply(bytes);
        let said = read(&after, &fold).expect("it was written");
        assert!(said.lists.of(List::Subject).iter().any(|word| word.leaf() == "봄"));
        assert!(coded_parts(&after) == coded_parts(bytes));
        let again = embed(&after, &wanted, &writer).expect("it was written");
        assert!(matches!(again, Outcome::Unchanged(_)));
    }
    if let Ok(Outcome::Changed(change)) = sidecar(None, Some(bytes), &wanted, &writer)
        && let SidecarFile::Write(after) = change.output
    {
        let said = read_sidecar(&after, &fold).expect("it was written");
        assert!(said.lists.of(List::Subject).iter().any(|word| word.leaf() == "봄"));
        let again = sidecar(None, Some(&after), &wanted, &writer).expect("it was written");
        assert!(matches!(again, Outcome::Unchanged(_)));
    }
});
