//! A window's codes for 4-way dot products, in the groups that its weights have.

use super::packed::{GROUP, groups};

/// A window's column of some channels, each vector with a group a channel.
#[derive(Clone, Copy)]
pub(super) struct Column<V> {
    /// The upper four rows.
    pub(super) upper: V,
    /// The fifth row's code alone.
    pub(super) fifth: V,
    /// The fifth row's code, then those of the three columns before.
    pub(super) across: V,
}

impl<V: Copy> Column<V> {
    /// All codes zero, where that is `zero`.
    pub(super) fn none(zero: V) -> Self {
        Self { upper: zero, fifth: zero, across: zero }
    }

    /// A window's groups, in the order of their weights.
    #[inline(always)]
    pub(super) fn groups<const SIDE: usize, const GROUPS: usize>(
        columns: [Self; SIDE],
    ) -> [V; GROUPS] {
        const { assert!(GROUPS == groups(SIDE)) };
        std::array::from_fn(|group| match group.checked_sub(SIDE) {
            None => columns[group].upper,
            Some(0) => columns[GROUP - 1].across,
            Some(_) => columns[GROUP].fifth,
        })
    }
}
