//! Python's pickles as plain data: calls and classes are written down, never made.
//!
//! Values lie in one list and name each other by their place in it. A pickle that shares, nests or
//! contains its own values in any way is therefore no larger than its bytes, and nothing that walks
//! or drops one needs recursion.

use super::machine::Machine;
use super::value::{Id, Value};

/// The values of one pickle.
#[derive(Debug)]
pub(super) struct Pickle {
    values: Vec<Value>,
    root: Id,
}

impl Pickle {
    /// Reads the first pickle in `bytes`; also gives what comes after it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), String> {
        let mut machine = Machine::new(bytes);
        let root = machine.run()?;
        let (values, rest) = machine.finish();
        Ok((Self { values, root }, rest))
    }

    pub(super) fn root(&self) -> Id {
        self.root
    }

    pub(super) fn get(&self, id: Id) -> &Value {
        &self.values[id]
    }

    /// Every value, in the order in which they were made.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }

    /// The items of a tuple.
    pub(super) fn tuple(&self, id: Id) -> Option<&[Id]> {
        match self.get(id) {
            Value::Tuple(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn text(&self, id: Id) -> Option<&str> {
        match self.get(id) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number that is a size or a place.
    pub(super) fn size(&self, id: Id) -> Option<usize> {
        match self.get(id) {
            Value::Int(value) => usize::try_from(*value).ok(),
            _ => None,
        }
    }

    /// A tuple of sizes.
    pub(super) fn sizes(&self, id: Id) -> Option<Vec<usize>> {
        self.tuple(id)?.iter().map(|&item| self.size(item)).collect()
    }

    /// Name and arguments of a function that was called.
    pub(super) fn call(&self, id: Id) -> Option<(&str, &[Id])> {
        let Value::Call { function, arguments, .. } = self.get(id) else { return None };
        let Value::Global(name) = self.get(*function) else { return None };
        Some((name, self.tuple(*arguments)?))
    }

    /// What a dictionary, or one of a class of its own (`OrderedDict`), holds under texts.
    pub(super) fn entries(&self, id: Id) -> impl Iterator<Item = (&str, Id)> {
        let entries = match self.get(id) {
            Value::Dict(entries) | Value::Call { entries, .. } => entries.as_slice(),
            _ => &[],
        };
        entries.iter().filter_map(|&(key, value)| Some((self.text(key)?, value)))
    }
}
