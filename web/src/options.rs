//! What the address asks for: `?engine=wasm-simd&model=resnet18&lang=ko`, `/benchmark.html?auto=1`.

use crate::text::Language;

/// How often the benchmark runs unless the address says otherwise.
pub(crate) const DEFAULT_RUNS: u32 = 30;

/// The parts of the address that mean something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The engine that was asked for, by name.
    pub(crate) engine: Option<String>,
    /// The model that was asked for, by name.
    pub(crate) model: Option<String>,
    /// The language that was asked for, if the page speaks it.
    pub(crate) language: Option<Language>,
    /// Whether this is the benchmark.
    pub(crate) benchmark: bool,
    /// Whether the benchmark starts by itself.
    pub(crate) auto: bool,
    /// How often the benchmark runs.
    pub(crate) runs: Option<u32>,
}

impl Options {
    /// From the path and the decoded pairs of the query.
    pub(crate) fn parse(path: &str, query: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut options = Self { benchmark: path.ends_with("/benchmark.html"), ..Self::default() };
        for (name, value) in query {
            match name.as_str() {
                "engine" => options.engine = Some(value),
                "model" => options.model = Some(value),
                "lang" => options.language = Language::named(&value),
                "benchmark" => options.benchmark = true,
                "auto" => options.auto = value == "1",
                "runs" => options.runs = value.parse().ok().filter(|&runs| runs > 0),
                _ => {}
            }
        }
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(path: &str, query: &[(&str, &str)]) -> Options {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Options::parse(path, query.iter().map(owned))
    }

    #[test]
    fn nothing_asked_is_the_default() {
        assert_eq!(parse("/", &[]), Options::default());
        assert_eq!(parse("/index.html", &[("utm", "x")]), Options::default());
    }

    #[test]
    fn engine_and_model_are_taken_by_name() {
        let options = parse("/", &[("engine", "wasm-simd"), ("model", "resnet50")]);
        assert_eq!(options.engine.as_deref(), Some("wasm-simd"));
        assert_eq!(options.model.as_deref(), Some("resnet50"));
    }

    #[test]
    fn a_language_is_taken_if_it_is_spoken_here() {
        assert_eq!(parse("/", &[("lang", "ko")]).language, Some(Language::Ko));
        assert_eq!(parse("/", &[("lang", "tlh")]).language, None);
    }

    #[test]
    fn the_benchmark_has_two_addresses() {
        assert!(parse("/benchmark.html", &[]).benchmark);
        assert!(parse("/site/benchmark.html", &[]).benchmark);
        assert!(parse("/", &[("benchmark", "")]).benchmark);
        assert!(!parse("/benchmark.html", &[]).auto);
        assert!(parse("/benchmark.html", &[("auto", "1")]).auto);
    }

    #[test]
    fn runs_are_a_positive_number() {
        assert_eq!(parse("/", &[("runs", "5")]).runs, Some(5));
        assert_eq!(parse("/", &[("runs", "0")]).runs, None);
        assert_eq!(parse("/", &[("runs", "many")]).runs, None);
    }
}
