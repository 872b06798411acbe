//! How words are tidied and compared. Callers give them in NFC, as the browser normalises them.

use crate::case;

/// The word without spaces around it and with single ones inside.
pub(crate) fn tidy(word: &str) -> String {
    let mut tidied = String::with_capacity(word.len());
    for part in word.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(part);
    }
    tidied
}

/// What two spellings of one word share: neither case nor spare spaces tell words apart.
pub(crate) fn fold(word: &str) -> String {
    lower(&tidy(word))
}

/// The same without anything between its parts: "cell phone", "cell-phone" and "Cellphone" mean one
/// label.
pub(crate) fn squeeze(word: &str) -> String {
    word.chars().filter(|&character| !is_gap(character)).map(case::lower).collect()
}

/// Every end of the text that begins with a word, squeezed: what a search may begin with.
pub(crate) fn starts(text: &str) -> Vec<String> {
    let mut starts = Vec::new();
    let mut after_gap = true;
    for (at, character) in text.char_indices() {
        if after_gap && !is_gap(character) {
            starts.push(squeeze(&text[at..]));
        }
        after_gap = is_gap(character);
    }
    starts
}

/// Whether the character stands between the parts of a word.
fn is_gap(character: char) -> bool {
    character.is_whitespace() || character == '-' || character == '_'
}

/// The text in lower case.
pub fn lower(text: &str) -> String {
    text.chars().map(case::lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_case_tell_no_words_apart() {
        assert_eq!(tidy("  New \t York "), "New York");
        assert_eq!(fold(" New  YORK"), fold("new york"));
        assert_eq!(fold("É"), "é");
        assert_eq!(squeeze("Cell-Phone"), squeeze("cellphone"));
        assert_ne!(fold("newyork"), fold("new york"));
    }

    #[test]
    fn a_text_can_be_searched_from_each_of_its_words() {
        assert_eq!(starts("Stop sign"), ["stopsign", "sign"]);
        assert_eq!(starts(" t-shirt "), ["tshirt", "shirt"]);
        assert_eq!(starts(""), [""; 0]);
    }
}
