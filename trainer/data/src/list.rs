//! Lists in messages.

use std::fmt::Display;

/// The first few of `items`, and how many more there are.
pub(crate) fn first_few<T: Display>(items: &[T]) -> String {
    const SHOWN: usize = 10;
    let mut text = items.iter().take(SHOWN).map(T::to_string).collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN {
        text.push_str(&format!(" and {} more", items.len() - SHOWN));
    }
    text
}
