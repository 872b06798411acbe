//! Which photos are chosen, and which one the keyboard is at.
//!
//! Photos go by their keys, so that what is chosen stays so while others come, go and are hidden.
//! Keys and pointers do what they do in a grid of files: WAI-ARIA's grid pattern.

use tagsight_library::Set;

/// Where the keyboard may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// To the photo before.
    Back,
    /// To the next one.
    On,
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// To the row's first photo.
    RowStart,
    /// To the row's last photo.
    RowEnd,
    /// To the first of all.
    First,
    /// To the last of all.
    Last,
    /// Up by what the screen holds.
    PageUp,
    /// Down by what the screen holds.
    PageDown,
}

/// What is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    chosen: Set<u32>,
    /// Where a range begins, and what was chosen before it.
    anchor: Option<u32>,
    before: Set<u32>,
    focus: Option<u32>,
}

impl Selection {
    /// Keys of what is chosen.
    pub(crate) fn chosen(&self) -> &Set<u32> {
        &self.chosen
    }

    /// Whether this one is chosen.
    pub(crate) fn has(&self, key: u32) -> bool {
        self.chosen.contains(&key)
    }

    /// How many are.
    pub(crate) fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether none is.
    pub(crate) fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// The photo that Tab leads to: the last one that was visited, or else the first.
    pub(crate) fn focus(&self, order: &[u32]) -> Option<u32> {
        self.focus.filter(|key| order.contains(key)).or_else(|| order.first().copied())
    }

    /// Goes to a photo.
    pub(crate) fn visit(&mut self, key: u32) {
        self.focus = Some(key);
    }

    /// Goes from the photo in focus; with `extend` it chooses everything from the anchor on.
    pub(crate) fn go(
        &mut self,
        order: &[u32],
        (columns, page): (usize, usize),
        to: Move,
        extend: bool,
    ) {
        let Some(from) = self.focus(order) else { return };
        let at = place(order, from).unwrap_or(0);
        let last = order.len() - 1;
        let row = at / columns * columns;
        let down = |rows: usize| {
            let below = at + rows * columns;
            // The last row may be too short to have a photo below this one.
            if below <= last || at / columns == last / columns { below.min(last) } else { last }
        };
        let up = |rows: usize| at.saturating_sub(rows * columns).max(at % columns);
        let to = match to {
            Move::Back => at.saturating_sub(1),
            Move::On => (at + 1).min(last),
            Move::Up if at < columns => at,
            Move::Up => at - columns,
            Move::Down if at / columns == last / columns => at,
            Move::Down => down(1),
            Move::RowStart => row,
            Move::RowEnd => (row + columns - 1).min(last),
            Move::First => 0,
            Move::Last => last,
            Move::PageUp => up(page),
            Move::PageDown => down(page),
        };
        if extend {
            self.extend(order, order[to]);
        } else {
            self.anchor = None;
            self.focus = Some(order[to]);
        }
    }

    /// Chooses a photo, or no longer.
    pub(crate) fn toggle(&mut self, key: u32) {
        if !self.chosen.remove(&key) {
            self.chosen.insert(key);
        }
        self.anchor_at(key);
    }

    /// Chooses everything between the last one that was chosen, or visited, and this one.
    pub(crate) fn extend(&mut self, order: &[u32], key: u32) {
        if self.anchor.is_none() {
            self.anchor = self.focus(order);
            self.before = self.chosen.clone();
        }
        self.extend_to(order, key);
        self.focus = Some(key);
    }

    /// Chooses all that are shown.
    pub(crate) fn choose_all(&mut self, order: &[u32]) {
        self.chosen.extend(order.iter().copied());
        self.anchor = None;
    }

    /// Chooses none.
    pub(crate) fn clear(&mut self) {
        self.chosen.clear();
        self.before.clear();
        self.anchor = None;
    }

    /// Forgets what is no longer there.
    pub(crate) fn retain(&mut self, is_there: impl Fn(u32) -> bool) {
        self.chosen.retain(|&key| is_there(key));
        self.before.retain(|&key| is_there(key));
        self.anchor = self.anchor.filter(|&key| is_there(key));
    }

    /// Lets the focus survive the end of the photo that has it: its neighbour gets it.
    pub(crate) fn leave(&mut self, order: &[u32], gone: impl Fn(u32) -> bool) {
        let Some(focus) = self.focus.filter(|&key| gone(key)) else { return };
        let at = place(order, focus).unwrap_or(0);
        let after = order[at..].iter().find(|&&key| !gone(key));
        let before = order[..at].iter().rev().find(|&&key| !gone(key));
        self.focus = after.or(before).copied();
    }

    fn anchor_at(&mut self, key: u32) {
        self.anchor = Some(key);
        self.before = self.chosen.clone();
        self.focus = Some(key);
    }

    fn extend_to(&mut self, order: &[u32], key: u32) {
        let anchor = self.anchor.unwrap_or(key);
        let (Some(one), Some(other)) = (place(order, anchor), place(order, key)) else { return };
        self.chosen = self.before.clone();
        self.chosen.extend(order[one.min(other)..=one.max(other)].iter().copied());
    }
}

fn place(order: &[u32], key: u32) -> Option<usize> {
    order.iter().position(|&other| other == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three rows of three and one more.
    const ORDER: [u32; 10] = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19];

    fn chosen(selection: &Selection) -> Vec<u32> {
        selection.chosen().iter().copied().collect()
    }

    fn went(from: u32, to: Move) -> u32 {
        let mut selection = Selection::default();
        selection.visit(from);
        selection.go(&ORDER, (3, 2), to, false);
        selection.focus(&ORDER).unwrap()
    }

    #[test]
    fn arrows_stay_in_the_grid() {
        assert_eq!([went(10, Move::Back), went(10, Move::Up), went(19, Move::On)], [10, 10, 19]);
        assert_eq!([went(12, Move::On), went(13, Move::Up), went(13, Move::Down)], [13, 10, 16]);
        assert_eq!(went(17, Move::Down), 19, "the last row is short");
        assert_eq!(went(19, Move::Down), 19);
    }

    #[test]
    fn home_and_end_know_rows_and_pages_their_column() {
        assert_eq!([went(14, Move::RowStart), went(14, Move::RowEnd)], [13, 15]);
        assert_eq!([went(14, Move::First), went(14, Move::Last)], [10, 19]);
        assert_eq!(went(19, Move::RowEnd), 19);
        assert_eq!([went(17, Move::PageUp), went(14, Move::PageUp)], [11, 11]);
        assert_eq!([went(11, Move::PageDown), went(14, Move::PageDown)], [17, 19]);
    }

    #[test]
    fn shift_chooses_a_range_and_takes_it_back() {
        let mut selection = Selection::default();
        selection.visit(11);
        for _ in 0..3 {
            selection.go(&ORDER, (3, 2), Move::On, true);
        }
        assert_eq!(chosen(&selection), [11, 12, 13, 14]);
        selection.go(&ORDER, (3, 2), Move::Back, true);
        assert_eq!(chosen(&selection), [11, 12, 13]);
    }

    #[test]
    fn a_second_range_keeps_the_first() {
        let mut selection = Selection::default();
        selection.toggle(10);
        selection.extend(&ORDER, 11);
        selection.toggle(15);
        selection.extend(&ORDER, 17);
        selection.extend(&ORDER, 16);
        assert_eq!(chosen(&selection), [10, 11, 15, 16]);
    }

    #[test]
    fn the_focus_moves_on_when_its_photo_goes() {
        let mut selection = Selection::default();
        selection.toggle(18);
        selection.toggle(19);
        selection.leave(&ORDER, |key| key >= 18);
        selection.retain(|key| key < 18);
        assert_eq!((selection.focus(&ORDER[..8]), selection.len()), (Some(17), 0));
    }

    #[test]
    fn nothing_can_be_done_in_an_empty_grid() {
        let mut selection = Selection::default();
        selection.go(&[], (3, 2), Move::On, true);
        selection.extend(&[], 4);
        selection.choose_all(&[]);
        assert_eq!(selection.focus(&[]), None);
        assert!(selection.is_empty());
    }
}
