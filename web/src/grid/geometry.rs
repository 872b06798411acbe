//! How many columns the grid has, and which of its rows are near enough to the screen to be drawn.

use std::ops::Range;

/// Space between tiles, pixels; the styles have the same.
pub(crate) const GAP: f64 = 12.0;
/// Grids of no more photos are drawn whole, so that the browser's own search finds everything.
const WHOLE: usize = 300;
/// Rows beyond the screen that are drawn, so that scrolling by some meets no empty place.
const MARGIN_ROWS: usize = 2;
/// The window moves in steps of so many rows, as each move draws the grid anew.
const STEP_ROWS: usize = 2;
/// Narrower than this is a phone.
const PHONE_WIDTH: f64 = 640.0;

/// The grid on its page, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometry {
    /// Of the grid.
    pub(crate) width: f64,
    /// Of a row with the space below it.
    pub(crate) row: f64,
    /// From the top of the screen to the grid's first row; negative once that is scrolled away.
    pub(crate) top: f64,
    /// Of the screen.
    pub(crate) screen: f64,
}

/// The rows that are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// Their numbers, of all rows.
    pub(crate) rows: Range<usize>,
    /// How many rows there are.
    pub(crate) of: usize,
    /// Photos in a row.
    pub(crate) columns: usize,
}

impl Default for Geometry {
    /// A phone, until the page is measured.
    fn default() -> Self {
        Self { width: 358.0, row: 220.0, top: 0.0, screen: 844.0 }
    }
}

impl Geometry {
    /// Two on the narrowest phone; as many as are easily looked at elsewhere.
    pub(crate) fn columns(&self) -> usize {
        let least = if self.width < PHONE_WIDTH { 140.0 } else { 190.0 };
        let fit = ((self.width + GAP) / (least + GAP)).floor();
        (fit as usize).max(2)
    }

    /// Whole rows on the screen, one at least.
    pub(crate) fn page(&self) -> usize {
        ((self.screen / self.row).floor() as usize).max(1)
    }

    /// What of `count` photos is on the screen, and a row around it.
    pub(crate) fn near(&self, count: usize) -> Window {
        let columns = self.columns();
        let of = count.div_ceil(columns);
        let (first, shown) = self.seen();
        Window { rows: first.saturating_sub(1).min(of)..(first + shown + 1).min(of), of, columns }
    }

    /// The first row on the screen, and how many there are.
    fn seen(&self) -> (usize, usize) {
        let first = (-self.top / self.row).floor().max(0.0) as usize;
        (first, (self.screen / self.row).ceil() as usize + 1)
    }

    /// What of `count` photos is drawn.
    pub(crate) fn window(&self, count: usize) -> Window {
        let columns = self.columns();
        let of = count.div_ceil(columns);
        if count <= WHOLE {
            return Window { rows: 0..of, of, columns };
        }
        let (first, shown) = self.seen();
        let start = first.saturating_sub(MARGIN_ROWS) / STEP_ROWS * STEP_ROWS;
        let end = (first + shown + MARGIN_ROWS).div_ceil(STEP_ROWS) * STEP_ROWS;
        Window { rows: start.min(of)..end.min(of), of, columns }
    }

    /// How far the page has to be scrolled, if at all, so that a row is on the screen below `head`
    /// pixels that something covers.
    pub(crate) fn scroll_to(&self, row: usize, head: f64) -> Option<f64> {
        let start = self.top + row as f64 * self.row;
        let end = start + self.row;
        if start < head {
            Some(start - head)
        } else if end > self.screen {
            Some(end - self.screen)
        } else {
            None
        }
    }
}

impl Window {
    /// The numbers of the photos that are drawn.
    pub(crate) fn photos(&self, count: usize) -> Range<usize> {
        (self.rows.start * self.columns).min(count)..(self.rows.end * self.columns).min(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desktop(top: f64) -> Geometry {
        Geometry { width: 1200.0, row: 220.0, top, screen: 800.0 }
    }

    #[test]
    fn phones_have_two_columns_and_desks_six() {
        let columns = |width| Geometry { width, ..Geometry::default() }.columns();
        assert_eq!([columns(256.0), columns(288.0), columns(358.0)], [2, 2, 2]);
        assert_eq!([columns(700.0), columns(1200.0)], [3, 6]);
    }

    #[test]
    fn a_small_grid_is_drawn_whole() {
        let window = desktop(-5000.0).window(300);
        assert_eq!((window.rows, window.of), (0..50, 50));
    }

    #[test]
    fn of_a_large_grid_what_is_near_the_screen_is_drawn() {
        for top in [400.0, 0.0, -219.0, -220.0, -10_000.0, -183_000.0, -190_000.0] {
            let geometry = desktop(top);
            let Window { rows, of, .. } = geometry.window(5000);
            assert_eq!(of, 834);
            assert!(rows.len() <= 14, "{rows:?}");
            let last = (of as f64 * 220.0).min(800.0 - top);
            let visible = (-top / 220.0).max(0.0).floor() as usize..(last / 220.0).ceil() as usize;
            for row in visible.filter(|&row| row < of) {
                assert!(rows.contains(&row), "{row} at {top} is not in {rows:?}");
            }
        }
    }

    #[test]
    fn the_last_row_may_be_short() {
        let window = Geometry { top: -190_000.0, ..desktop(0.0) }.window(5000);
        assert_eq!(window.photos(5000).end, 5000);
    }

    #[test]
    fn a_row_is_scrolled_to_only_where_it_is_not_seen() {
        assert_eq!(desktop(0.0).scroll_to(1, 64.0), None);
        assert_eq!(desktop(0.0).scroll_to(3, 64.0), Some(80.0));
        assert_eq!(desktop(-300.0).scroll_to(1, 64.0), Some(-144.0));
    }
}
