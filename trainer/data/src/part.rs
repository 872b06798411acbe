//! What a photo is for.

use std::fmt;
use std::str::FromStr;

/// A part of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Weights are fitted to it.
    Train,
    /// Everything else is chosen on it: the epoch, thresholds, ranges.
    Validation,
    /// Nothing is chosen on it: what is measured there is what new photos can expect.
    Test,
}

impl Part {
    /// All of them, in the order in which fractions name them.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// As files and commands write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "val",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The names that other datasets have for parts are taken too, in capitals or not.
impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.trim().to_ascii_lowercase().as_str() {
            "train" | "training" => Ok(Self::Train),
            "val" | "valid" | "validation" | "dev" => Ok(Self::Validation),
            "test" | "testing" => Ok(Self::Test),
            _ => Err(format!("{name:?} is no part; there are train, val and test")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_go_by_many_names() {
        for (name, part) in
            [("TRAIN", Part::Train), (" Validation", Part::Validation), ("test", Part::Test)]
        {
            assert_eq!(name.parse(), Ok(part));
        }
        assert!(Part::ALL.into_iter().all(|part| part.name().parse() == Ok(part)));
        assert!("apple".parse::<Part>().unwrap_err().contains("train, val and test"));
    }
}
