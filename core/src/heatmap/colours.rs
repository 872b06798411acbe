//! A map as colours over a picture's pixels.

/// What the map is drawn in, from the least to the most: dark violet, orange, light yellow. Each is
/// lighter than the one before, so that the map is one in grey as well.
const COLOURS: [[f32; 3]; 3] = [[60.0, 9.0, 110.0], [237.0, 105.0, 37.0], [252.0, 255.0, 164.0]];

/// Levels of red, green and blue, 0 to 255, of the pixels of a picture that the cells lie over, row by row:
/// linear between the middles of cells. `intensities` are those of the cells, 0 to 1, `columns` a row.
pub(super) fn colours(
    intensities: &[f32],
    columns: usize,
    width: usize,
    height: usize,
) -> impl Iterator<Item = [f32; 3]> {
    let across = Steps { cells: columns, pixels: width };
    let down = Steps { cells: intensities.len() / columns, pixels: height };
    let at = move |x: usize, y: usize| intensities[y * columns + x];
    (0..width * height).map(move |pixel| {
        let (left, right, to_right) = across.between(pixel % width);
        let (upper, lower, to_lower) = down.between(pixel / width);
        let above = mix(at(left, upper), at(right, upper), to_right);
        let below = mix(at(left, lower), at(right, lower), to_right);
        colour(mix(above, below, to_lower))
    })
}

/// A map's columns or rows, between whose middles pixels lie.
#[derive(Clone, Copy)]
struct Steps {
    cells: usize,
    pixels: usize,
}

impl Steps {
    /// The cells before and behind a pixel, and how far it is from the first to the second.
    fn between(self, pixel: usize) -> (usize, usize, f32) {
        let place = (pixel as f32 + 0.5) * self.cells as f32 / self.pixels as f32 - 0.5;
        let place = place.clamp(0.0, (self.cells - 1) as f32);
        let before = place as usize;
        (before, (before + 1).min(self.cells - 1), place - before as f32)
    }
}

fn colour(intensity: f32) -> [f32; 3] {
    let place = intensity * (COLOURS.len() - 1) as f32;
    let before = (place as usize).min(COLOURS.len() - 2);
    std::array::from_fn(|channel| {
        mix(COLOURS[before][channel], COLOURS[before + 1][channel], place - before as f32)
    })
}

fn mix(from: f32, to: f32, part: f32) -> f32 {
    from + (to - from) * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_lie_between_the_middles_of_cells() {
        let steps = Steps { cells: 2, pixels: 8 };
        assert_eq!(steps.between(0), (0, 1, 0.0));
        assert_eq!(steps.between(1), (0, 1, 0.0));
        assert_eq!(steps.between(3), (0, 1, 0.375));
        assert_eq!(steps.between(7), (1, 1, 0.0));
        assert_eq!(Steps { cells: 1, pixels: 3 }.between(2), (0, 0, 0.0));
    }

    #[test]
    fn stronger_is_lighter() {
        let lightness = |step: u8| colour(f32::from(step) / 255.0).iter().sum::<f32>();
        assert!((1..=255).all(|step| lightness(step) > lightness(step - 1)));
    }

    #[test]
    fn every_pixel_has_the_colour_of_its_place() {
        let pixels: Vec<_> = colours(&[0.0, 0.0, 0.0, 1.0], 2, 4, 2).collect();
        assert_eq!(pixels.len(), 8);
        assert_eq!((pixels[0], pixels[7]), (COLOURS[0], COLOURS[2]));
        assert!(pixels[4..].is_sorted_by(|left, right| left[1] <= right[1]), "to the right");
    }
}
