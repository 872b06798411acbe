//! IPTC-IIM (IIM 4.2): the records of before XMP. They are kept up where a file has them, and never
//! begun (MWG guidelines 2.0, 5.4).

mod coding;
mod photoshop;
mod records;

pub(crate) use photoshop::Resources;

use coding::Coding;
use records::DataSet;

use crate::keyword::Keyword;
use crate::lists::List;
use crate::merge::ListPlan;

/// A word each (2:25).
const KEYWORD: (u8, u8) = (2, 25);

/// The keywords of a block.
pub(crate) fn read(block: &[u8]) -> Vec<Keyword> {
    let Some(records) = records::parse(block) else { return Vec::new() };
    let coding = Coding::of(&records);
    let keywords = records.iter().filter(|record| record.is(KEYWORD));
    let words = keywords.filter_map(|record| coding.decode(record.value));
    words.filter_map(|word| List::Iptc.keyword(&word)).collect()
}

/// Whether keywords can be added without guessing how the block's texts are coded.
pub(crate) fn is_writable(block: &[u8]) -> bool {
    records::parse(block).is_some_and(|records| {
        let coding = Coding::of(&records);
        !records.is_empty() && coding.recode(&records).is_some()
    })
}

/// The block with what is planned; nothing if it cannot be changed without harm.
pub(crate) fn write(block: &[u8], plan: &ListPlan) -> Option<Vec<u8>> {
    let records = records::parse(block)?;
    let coding = Coding::of(&records);
    let is_dropped = |record: &DataSet| {
        let keyword = coding.decode(record.value).and_then(|word| List::Iptc.keyword(&word));
        record.is(KEYWORD) && keyword.is_some_and(|keyword| plan.drop.contains(&keyword))
    };
    let is_foreign = plan.add.iter().any(|word| !word.is_ascii());
    let mut written: Vec<(u8, u8, Vec<u8>)> = Vec::new();
    let recoded = if is_foreign { coding.recode(&records)? } else { coding.keep(&records) };
    for (record, bytes) in records.iter().zip(recoded) {
        if !is_dropped(record) {
            written.push((record.record, record.number, bytes));
        }
    }
    if is_foreign && !matches!(coding, Coding::Utf8) {
        let bytes = records::written(coding::MARK.0, coding::MARK.1, coding::UTF8);
        insert(&mut written, coding::MARK, bytes);
    }
    for word in &plan.add {
        let word = if is_foreign { word.as_bytes().to_vec() } else { coding.encode(word)? };
        insert(&mut written, KEYWORD, records::written(KEYWORD.0, KEYWORD.1, &word));
    }
    let mut block_end = records::padding(block).to_vec();
    let mut bytes: Vec<u8> = written.into_iter().flat_map(|(.., bytes)| bytes).collect();
    bytes.append(&mut block_end);
    Some(bytes)
}

/// Puts a record behind those that come before it or are its like.
fn insert(written: &mut Vec<(u8, u8, Vec<u8>)>, (record, number): (u8, u8), bytes: Vec<u8>) {
    let goes_before = |other: &(u8, u8, Vec<u8>)| (other.0, other.1) <= (record, number);
    let at = written.iter().rposition(goes_before).map_or(0, |last| last + 1);
    written.insert(at, (record, number, bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(records: &[(u8, u8, &[u8])]) -> Vec<u8> {
        records
            .iter()
            .flat_map(|&(record, number, value)| records::written(record, number, value))
            .collect()
    }

    fn words(block: &[u8]) -> Vec<String> {
        read(block).iter().map(|keyword| keyword.leaf().to_owned()).collect()
    }

    fn add(words: &[&str]) -> ListPlan {
        ListPlan { drop: Vec::new(), add: words.iter().map(ToString::to_string).collect() }
    }

    const MARKED: (u8, u8, &[u8]) = (1, 90, b"\x1b%G");
    const VERSION: (u8, u8, &[u8]) = (2, 0, b"\0\x04");

    #[test]
    fn keywords_are_read_in_every_coding() {
        let latin = block(&[VERSION, (2, 25, b"Stra\xdfe")]);
        let marked = block(&[MARKED, VERSION, (2, 25, "강아지".as_bytes())]);
        let unmarked = block(&[VERSION, (2, 25, "강아지".as_bytes())]);
        assert_eq!(words(&latin), ["Straße"]);
        assert_eq!(words(&marked), ["강아지"]);
        assert_eq!(words(&unmarked), ["강아지"]);
        assert!(words(&marked[..marked.len() - 1]).is_empty());
    }

    #[test]
    fn words_join_their_like_and_the_rest_stays() {
        let before = block(&[VERSION, (2, 25, b"beach"), (2, 80, b"Anna")]);
        let after = write(&before, &add(&["dog"])).unwrap();
        assert_eq!(after, block(&[VERSION, (2, 25, b"beach"), (2, 25, b"dog"), (2, 80, b"Anna")]));
        let plan = ListPlan { drop: vec![Keyword::flat("dog")], add: Vec::new() };
        assert_eq!(write(&after, &plan).unwrap(), before);
        let none = block(&[VERSION, (2, 80, b"Anna")]);
        let begun = block(&[VERSION, (2, 25, b"dog"), (2, 80, b"Anna")]);
        assert_eq!(write(&none, &add(&["dog"])).unwrap(), begun);
    }

    #[test]
    fn a_block_in_latin_becomes_utf8_when_it_has_to() {
        let latin = block(&[VERSION, (2, 25, b"Stra\xdfe"), (2, 120, b"caf\xe9")]);
        let after = write(&latin, &add(&["개"])).unwrap();
        let expected: [(u8, u8, &[u8]); 5] = [
            MARKED,
            VERSION,
            (2, 25, "Straße".as_bytes()),
            (2, 25, "개".as_bytes()),
            (2, 120, "café".as_bytes()),
        ];
        assert_eq!(after, block(&expected));
        let kept = write(&latin, &add(&["dog"])).unwrap();
        assert_eq!(
            kept,
            block(&[VERSION, (2, 25, b"Stra\xdfe"), (2, 25, b"dog"), (2, 120, b"caf\xe9")])
        );
    }

    #[test]
    fn what_would_have_to_be_guessed_is_left_alone() {
        let unmarked = block(&[VERSION, (2, 25, "강아지".as_bytes())]);
        let other = block(&[(1, 90, b"\x1b-A"), VERSION, (2, 25, b"beach")]);
        let too_long = block(&[VERSION, (2, 80, &[0xE9; 32])]);
        for block in [unmarked, other, too_long] {
            assert!(!is_writable(&block));
            assert_eq!(write(&block, &add(&["개"])), None);
        }
    }
}
