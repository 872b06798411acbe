//! The languages that the page speaks.

use tagsight_plain::name;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

name!(Language { En = "en", Ko = "ko" });

impl Language {
    /// In the order in which they are offered.
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Ko];

    /// The name in the address, in the page's hooks and in what is remembered: its ISO 639-1 code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// What those who speak it call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ko => "한국어",
        }
    }

    /// The language of that code.
    pub(crate) fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The first of a browser's languages ("ko-KR", "en") that the page speaks; else English.
    pub(crate) fn of_browser(languages: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let spoken = |tag: &str| {
            let primary = tag.split('-').next().unwrap_or_default();
            Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
        };
        languages.into_iter().find_map(|tag| spoken(tag.as_ref())).unwrap_or_default()
    }

    /// The language to begin with: what the address asks for, else what was chosen last time, else
    /// the browser's.
    pub(crate) fn first(
        asked: Option<Self>,
        remembered: Option<Self>,
        languages: impl IntoIterator<Item: AsRef<str>>,
    ) -> Self {
        asked.or(remembered).unwrap_or_else(|| Self::of_browser(languages))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_found_by_code() {
        for language in Language::ALL {
            assert_eq!(Language::named(language.code()), Some(language));
            assert_eq!(language.texts().language, language);
        }
        assert_eq!(Language::named("tlh"), None);
    }

    #[test]
    fn the_browsers_first_language_that_is_spoken_here_is_taken() {
        assert_eq!(Language::of_browser(["ko-KR", "en-US"]), Language::Ko);
        assert_eq!(Language::of_browser(["fr", "KO"]), Language::Ko);
        assert_eq!(Language::of_browser(["de-AT", "en-GB", "ko"]), Language::En);
        assert_eq!(Language::of_browser(["kok-IN"]), Language::En, "Konkani is another one");
        assert_eq!(Language::of_browser([""; 0]), Language::En);
    }

    #[test]
    fn the_address_goes_before_last_time_and_that_before_the_browser() {
        let first = |asked, remembered| Language::first(asked, remembered, ["ko"]);
        assert_eq!(first(None, None), Language::Ko);
        assert_eq!(first(None, Some(Language::En)), Language::En);
        assert_eq!(first(Some(Language::Ko), Some(Language::En)), Language::Ko);
    }
}
