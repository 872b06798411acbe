//! What the address asks for: `?engine=wasm-threads&threads=2&model=resnet18&lang=ko`, of the benchmark `?auto=1&runs=9`.

use std::ops::RangeInclusive;

use crate::text::Language;

/// How often the benchmark runs unless the address says otherwise.
pub(crate) const DEFAULT_RUNS: u32 = 30;

/// Threads that can be asked for.
const THREADS: RangeInclusive<u32> = 1..=8;

/// The parts of the address that mean something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The backend that was asked for, by name.
    pub(crate) backend: Option<String>,
    /// How many threads are to compute a photo.
    pub(crate) threads: Option<u32>,
    /// The model that was asked for, by name.
    pub(crate) model: Option<String>,
    /// The language that was asked for, if the page speaks it.
    pub(crate) language: Option<Language>,
    /// Whether the benchmark starts by itself.
    pub(crate) auto: bool,
    /// How often the benchmark runs.
    pub(crate) runs: Option<u32>,
}

impl Options {
    /// From what the query says of a name.
    pub(crate) fn parse(query: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name| query(name).and_then(|number| number.parse().ok());
        Self {
            backend: query("engine"),
            threads: number("threads").filter(|threads| THREADS.contains(threads)),
            model: query("model"),
            language: query("lang").and_then(|code| Language::named(&code)),
            auto: query("auto").is_some_and(|value| value == "1"),
            runs: number("runs").filter(|&runs| runs > 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &[(&str, &str)]) -> Options {
        let find = |name: &str| query.iter().find(|(other, _)| *other == name);
        Options::parse(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_asked_is_the_default() {
        assert_eq!(parse(&[]), Options::default());
        assert_eq!(parse(&[("utm", "x")]), Options::default());
    }

    #[test]
    fn engine_and_model_are_taken_by_name() {
        let options = parse(&[("engine", "wasm-simd"), ("model", "resnet50")]);
        assert_eq!(options.backend.as_deref(), Some("wasm-simd"));
        assert_eq!(options.model.as_deref(), Some("resnet50"));
    }

    #[test]
    fn a_language_is_taken_if_it_is_spoken_here() {
        assert_eq!(parse(&[("lang", "ko")]).language, Some(Language::Ko));
        assert_eq!(parse(&[("lang", "tlh")]).language, None);
    }

    #[test]
    fn the_benchmark_starts_by_itself_when_it_is_asked_to() {
        assert!(!parse(&[]).auto);
        assert!(parse(&[("auto", "1")]).auto);
    }

    #[test]
    fn threads_are_few() {
        assert_eq!(parse(&[("threads", "3")]).threads, Some(3));
        for odd in ["0", "9", "two"] {
            assert_eq!(parse(&[("threads", odd)]).threads, None, "{odd}");
        }
    }

    #[test]
    fn runs_are_a_positive_number() {
        assert_eq!(parse(&[("runs", "5")]).runs, Some(5));
        assert_eq!(parse(&[("runs", "0")]).runs, None);
        assert_eq!(parse(&[("runs", "many")]).runs, None);
    }
}
