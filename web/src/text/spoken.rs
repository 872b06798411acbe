//! What the page says in each language.

use super::language::Language;
use super::{BenchmarkTexts, DialogTexts, Texts, en, ko};

impl Language {
    /// What the page says in it.
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::En => &en::TEXTS,
            Self::Ko => &ko::TEXTS,
        }
    }

    /// What the dialogs say in it.
    pub(crate) fn dialogs(self) -> &'static DialogTexts {
        match self {
            Self::En => &en::DIALOGS,
            Self::Ko => &ko::DIALOGS,
        }
    }

    /// What the benchmark says in it.
    pub(crate) fn benchmark(self) -> &'static BenchmarkTexts {
        match self {
            Self::En => &en::BENCHMARK,
            Self::Ko => &ko::BENCHMARK,
        }
    }
}
