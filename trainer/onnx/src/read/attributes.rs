//! Attributes of nodes.

use crate::proto::{Attribute, Node};

/// A node's attributes by name.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(&'a [Attribute]);

impl<'a> Attributes<'a> {
    pub(super) fn of(node: &'a Node) -> Self {
        Self(&node.attributes)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Attribute> {
        self.0.iter().find(|attribute| attribute.name == name)
    }

    /// A number, or what it is by default.
    pub(super) fn int(&self, name: &str, default: i64) -> i64 {
        self.get(name).map_or(default, |attribute| attribute.int)
    }

    /// The same of floats.
    pub(super) fn float(&self, name: &str, default: f32) -> f32 {
        self.get(name).map_or(default, |attribute| attribute.float)
    }

    /// Numbers, if they are there.
    pub(super) fn ints(&self, name: &str) -> Option<&'a [i64]> {
        self.get(name).map(|attribute| &attribute.ints[..])
    }

    /// A word, or nothing.
    pub(super) fn word(&self, name: &str) -> &'a [u8] {
        self.get(name).map_or(&[], |attribute| &attribute.string)
    }

    /// The one number that both of two are; `default` where there are none.
    pub(super) fn square(&self, name: &str, default: usize) -> Result<usize, String> {
        match self.ints(name) {
            None | Some([]) => Ok(default),
            Some(&[height, width]) if height == width => {
                usize::try_from(height).map_err(|_| format!("its {name} are negative"))
            }
            Some(_) => Err(format!("its {name} are not the same along both sides")),
        }
    }
}
