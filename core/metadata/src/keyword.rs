//! A keyword: a word, or a path to one.

/// A keyword with what it belongs to: `["Animal", "Dog"]`. A flat word is a path of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Keyword {
    path: Vec<String>,
}

impl Keyword {
    /// A flat word.
    pub fn flat(word: impl Into<String>) -> Self {
        Self { path: vec![word.into()] }
    }

    /// A path, without its empty parts; none if nothing is left.
    pub fn from_path(parts: impl IntoIterator<Item = impl Into<String>>) -> Option<Self> {
        let parts = parts.into_iter().map(Into::into);
        let path: Vec<String> = parts.filter(|part: &String| !part.trim().is_empty()).collect();
        (!path.is_empty()).then_some(Self { path })
    }

    /// All of it, the most general first.
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// The word that it leads to.
    pub fn leaf(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}
