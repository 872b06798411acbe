//! The ids that images and categories are known by.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use crate::fnv1a;

/// An id. COCO's are whole numbers; Python's reader takes anything, so pandas' `1.0`, a number in
/// quotes and the names that other data sets use are ids too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Id {
    Number(i128),
    Text(String),
}

impl Id {
    /// The id as a photo has it: of a text, its hash.
    pub(super) fn number(&self) -> u64 {
        match self {
            // Negative ids are none of COCO's; they become the largest numbers.
            Self::Number(number) => *number as u64,
            Self::Text(text) => fnv1a(text.bytes()),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Text(text) => write!(formatter, "{text:?}"),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an id, which is a whole number")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Id, E> {
        Ok(Id::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Id, E> {
        Ok(Id::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Id, E> {
        /// Beyond it, a float stands for several whole numbers.
        const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() < LARGEST_EXACT {
            return Ok(Id::Number(value as i128));
        }
        Err(E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Id, E> {
        match value.parse() {
            Ok(number) => Ok(Id::Number(number)),
            Err(_) if value.is_empty() => Err(E::invalid_value(Unexpected::Str(value), &self)),
            Err(_) => Ok(Id::Text(value.to_owned())),
        }
    }
}
