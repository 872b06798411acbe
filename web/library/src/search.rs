//! Whether what was typed finds a word, a file name or a date.

use crate::hangul::{begins, has_consonant, is_consonants, letters};
use crate::words::{fold, squeeze, starts};

/// A text from one of its words on, as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    plain: String,
    letters: String,
}

impl Form {
    /// What a text can be found by: each of its words, and all that follows.
    pub(crate) fn all(text: &str) -> impl Iterator<Item = Self> + use<> {
        starts(text).into_iter().map(|plain| Self { letters: letters(&plain), plain })
    }
}

/// A text within which is searched.
pub(crate) fn haystack(text: &str) -> String {
    letters(&fold(text))
}

/// One word of a query, or several that were put in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    plain: String,
    letters: String,
    /// English singulars that it may be the plural of.
    singulars: Vec<String>,
    /// What is looked for inside of names.
    within: Option<String>,
    /// The beginning of a date.
    date: Option<String>,
}

impl Term {
    /// A term of what was typed.
    pub(crate) fn new(typed: &str) -> Self {
        let plain = squeeze(typed);
        let within = haystack(typed);
        // Consonants alone are initials; inside of a name's letters they would be anywhere.
        let within = (!within.is_empty() && !is_consonants(&within)).then_some(within);
        let (letters, singulars, date) = (letters(&plain), singulars(&plain), date(typed));
        Self { plain, letters, singulars, within, date }
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.within.is_none()
    }

    /// Whether it begins any of the forms.
    pub(crate) fn finds(&self, forms: &[Form]) -> bool {
        !self.plain.is_empty() && forms.iter().any(|form| self.is_start(form))
    }

    fn is_start(&self, form: &Form) -> bool {
        form.letters.starts_with(&self.letters)
            || has_consonant(&self.plain) && begins(&form.plain, &self.plain)
            || self.singulars.contains(&form.plain)
    }

    /// Whether it is in a [`haystack`].
    pub(crate) fn is_within(&self, haystack: &str) -> bool {
        self.within.as_ref().is_some_and(|within| haystack.contains(within))
    }

    /// Whether it begins a date as EXIF has it, "2026-11-26T09:13:18".
    pub(crate) fn is_date(&self, taken: &str) -> bool {
        self.date.as_ref().is_some_and(|date| taken.starts_with(date))
    }
}

/// The beginning of a date, if it can be one: a year at least, with dashes, dots or slashes.
fn date(typed: &str) -> Option<String> {
    const YEAR: usize = 4;
    let mut date = String::new();
    for character in typed.trim().chars() {
        match character {
            '0'..='9' => date.push(character),
            '-' | '.' | '/' if date.len() >= YEAR => date.push('-'),
            _ => return None,
        }
    }
    (date.len() >= YEAR).then_some(date)
}

/// What an English word may be the plural of: dogs, buses, puppies.
fn singulars(word: &str) -> Vec<String> {
    const SHORTEST: usize = 4;
    let mut singulars = Vec::new();
    if word.len() < SHORTEST || !word.is_ascii() {
        return singulars;
    }
    if let Some(stem) = word.strip_suffix('s') {
        singulars.push(stem.to_owned());
        if let Some(stem) = stem.strip_suffix('e') {
            singulars.push(stem.to_owned());
            if let Some(stem) = stem.strip_suffix('i') {
                singulars.push([stem, "y"].concat());
            }
        }
    }
    singulars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, text: &str) -> bool {
        Term::new(typed).finds(&Form::all(text).collect::<Vec<_>>())
    }

    #[test]
    fn words_are_found_by_their_beginning() {
        for typed in ["cell", "Cell ph", "cellphone", "cell-phone", "phone", "PHO"] {
            assert!(finds(typed, "cell phone"), "{typed}");
        }
        for typed in ["ell", "phonecell", "", "-", " "] {
            assert!(!finds(typed, "cell phone"), "{typed}");
        }
    }

    #[test]
    fn plurals_find_their_singular_as_a_whole() {
        assert!(finds("dogs", "dog") && finds("buses", "bus") && finds("puppies", "puppy"));
        assert!(finds("lights", "traffic light"));
        assert!(!finds("cats", "cattle") && !finds("bus", "bu"));
    }

    #[test]
    fn korean_is_found_while_it_is_composed_and_by_initials() {
        for typed in ["ㄱ", "고", "공", "고양", "고양ㅇ", "고양이", "ㄱㅇ", "ㄱㅇㅇ", "고ㅇ"]
        {
            assert!(finds(typed, "고양이"), "{typed}");
        }
        assert!(finds("인", "곰 인형") && finds("ㄱㅇㅎ", "곰 인형"));
        assert!(!finds("ㅇㅇ", "고양이") && !finds("고얌", "고양이"));
    }

    #[test]
    fn names_are_found_anywhere_and_half_typed_too() {
        let name = haystack("IMG_2026 제주도의 고양이.JPG");
        for typed in ["img_2026", "2026", "주도", "고야", "공", ".jpg", "6 제"] {
            assert!(Term::new(typed).is_within(&name), "{typed}");
        }
        for typed in ["ㄱㅇㅇ", "", "jpeg"] {
            assert!(!Term::new(typed).is_within(&name), "{typed}");
        }
    }

    #[test]
    fn dates_are_found_by_their_beginning() {
        for typed in ["2026", "2026-1", "2026-11", "2026.11", "2026/11/26"] {
            assert!(Term::new(typed).is_date("2026-11-26T09:13:18"), "{typed}");
        }
        for typed in ["20", "11-26", "2026-12", "26", "-"] {
            assert!(!Term::new(typed).is_date("2026-11-26T09:13:18"), "{typed}");
        }
        assert!(!Term::new("2026").is_date(""));
    }
}
