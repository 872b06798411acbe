//! What we note of our own writing, whatever it is kept in.

use crate::lists::List;
use crate::said::Given;

/// What was written before.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Record {
    /// Tags that a machine gave.
    pub(crate) given: Vec<Given>,
    /// What was put into each list, as it stands there.
    added: [Vec<String>; List::ALL.len()],
}

impl Record {
    /// What was put into a list.
    pub(crate) fn added(&self, list: List) -> &[String] {
        &self.added[list as usize]
    }

    /// The same, to change.
    pub(crate) fn added_mut(&mut self, list: List) -> &mut Vec<String> {
        &mut self.added[list as usize]
    }

    /// Whether there is nothing to note.
    pub(crate) fn is_empty(&self) -> bool {
        self.given.is_empty() && self.added.iter().all(Vec::is_empty)
    }

    /// Whether both say the same, whenever it was written.
    pub(crate) fn says_what(&self, other: &Self) -> bool {
        let undated = |given: &Given| Given { date: String::new(), ..given.clone() };
        let same = |(one, other): (&Given, &Given)| undated(one) == undated(other);
        self.added == other.added
            && self.given.len() == other.given.len()
            && self.given.iter().zip(&other.given).all(same)
    }
}
