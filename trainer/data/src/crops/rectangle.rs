//! A box with its margin, in whole pixels of its photo.

use tagsight_core::photo::Rgb8;

use crate::coco::Area;

/// Columns and rows, from the first to behind the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rectangle {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Rectangle {
    /// The pixels that `area` touches, with `margin` of its own width and height more on each side, as far as
    /// the photo goes; none if it lies outside.
    pub(super) fn of(area: &Area, margin: f64, photo: &Rgb8) -> Option<Self> {
        let side = |start: f64, length: f64, pixels: usize| {
            let clip = |at: f64| at.clamp(0.0, pixels as f64) as usize;
            let (first, end) = (start - margin * length, start + (1.0 + margin) * length);
            let (first, end) = (clip(first.floor()), clip(end.ceil()));
            (first < end).then_some((first, end))
        };
        let (left, right) = side(area.left, area.width, photo.width)?;
        let (top, bottom) = side(area.top, area.height, photo.height)?;
        Some(Self { left, top, right, bottom })
    }

    /// Its pixels.
    pub(super) fn pixels(&self, photo: &Rgb8) -> Rgb8 {
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        let rows = photo.bytes.chunks_exact(photo.width * 3).take(self.bottom).skip(self.top);
        let bytes = rows.flat_map(|row| &row[self.left * 3..self.right * 3]).copied().collect();
        Rgb8 { width, height, bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_grow_by_their_margin_and_end_with_the_photo() {
        let photo = Rgb8 { width: 10, height: 6, bytes: (0..180).collect() };
        let of = |[left, top, width, height]: [f64; 4], margin| {
            let area = Area { left, top, width, height };
            Rectangle::of(&area, margin, &photo).map(|r| [r.left, r.top, r.right, r.bottom])
        };
        assert_eq!(of([2.5, 1.0, 2.0, 3.0], 0.0), Some([2, 1, 5, 4]));
        assert_eq!(of([4.0, 2.0, 2.0, 2.0], 0.5), Some([3, 1, 7, 5]));
        assert_eq!(of([-5.0, -5.0, 100.0, 7.0], 0.0), Some([0, 0, 10, 2]));
        assert_eq!(of([1.0, 1.0, 1e308, 1e308], 9.0), Some([0, 0, 10, 6]));
        for outside in [[10.0, 1.0, 2.0, 2.0], [-3.0, 1.0, 3.0, 1.0], [1e308, 0.0, 1e308, 1.0]] {
            assert_eq!(of(outside, 0.0), None, "{outside:?}");
        }
        let cut = Rectangle { left: 8, top: 1, right: 10, bottom: 3 }.pixels(&photo);
        let expected = [54, 55, 56, 57, 58, 59, 84, 85, 86, 87, 88, 89];
        assert_eq!(cut, Rgb8 { width: 2, height: 2, bytes: expected.to_vec() });
    }
}
