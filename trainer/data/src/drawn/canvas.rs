//! What shapes are drawn on: colours from 0 to 1, and shapes with soft edges.

use tagsight_core::photo::Rgb8;

/// A picture of floats.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    /// HWC.
    pixels: Vec<[f32; 3]>,
}

/// An ellipse, of which `power` 2 is the true one and more a squarer one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ellipse {
    /// Column and row of its middle.
    pub(super) centre: [f32; 2],
    /// Its half axes.
    pub(super) axes: [f32; 2],
    /// By how much the first axis is turned from the columns' direction to the rows', in radians.
    pub(super) angle: f32,
    /// Of its equation.
    pub(super) power: f32,
}

impl Ellipse {
    /// Where a point is, along and across the axes, which are 1.
    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let (sin, cos) = self.angle.sin_cos();
        let [dx, dy] = [x - self.centre[0], y - self.centre[1]];
        [(cos * dx + sin * dy) / self.axes[0], (cos * dy - sin * dx) / self.axes[1]]
    }

    /// How much of a pixel it covers: its edge is about a pixel wide.
    pub(super) fn covers(&self, x: f32, y: f32) -> f32 {
        let norm = self.at(x, y).map(|part| part.abs().powf(self.power)).iter().sum::<f32>();
        let distance = (norm.powf(1.0 / self.power) - 1.0) * self.axes[0].min(self.axes[1]);
        (0.5 - distance).clamp(0.0, 1.0)
    }

    /// Left, top, right and bottom of the smallest box around it, if it is a true one.
    pub(super) fn bounds(&self) -> [f32; 4] {
        let (sin, cos) = self.angle.sin_cos();
        let [long, short] = self.axes;
        let half = [(long * cos).hypot(short * sin), (long * sin).hypot(short * cos)];
        let [x, y] = self.centre;
        [x - half[0], y - half[1], x + half[0], y + half[1]]
    }
}

impl Canvas {
    /// Each pixel by its column and row.
    pub(super) fn new(
        width: usize,
        height: usize,
        mut colour: impl FnMut(f32, f32) -> [f32; 3],
    ) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x as f32, y as f32)));
        Self { width, height, pixels: places.map(|(x, y)| colour(x, y)).collect() }
    }

    /// Puts a shape's colour on the pixels that it covers.
    pub(super) fn fill(&mut self, shape: &Ellipse, colour: impl Fn(f32, f32) -> [f32; 3]) {
        let width = self.width;
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            let (x, y) = ((index % width) as f32, (index / width) as f32);
            let cover = shape.covers(x, y);
            if cover > 0.0 {
                let colour = colour(x, y);
                *pixel = std::array::from_fn(|channel| {
                    pixel[channel] + cover * (colour[channel] - pixel[channel])
                });
            }
        }
    }

    /// Changes every pixel.
    pub(super) fn each(&mut self, mut change: impl FnMut(&mut [f32; 3])) {
        self.pixels.iter_mut().for_each(&mut change);
    }

    /// In bytes.
    pub(super) fn finish(self) -> Rgb8 {
        let byte = |value: &f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        let bytes = self.pixels.as_flattened().iter().map(byte).collect();
        Rgb8 { width: self.width, height: self.height, bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipse_has_its_area_and_bounds() {
        let ellipse = Ellipse { centre: [30.0, 24.0], axes: [20.0, 8.0], angle: 0.6, power: 2.0 };
        let mut canvas = Canvas::new(64, 48, |_, _| [0.0; 3]);
        canvas.fill(&ellipse, |_, _| [1.0; 3]);
        let area: f32 = canvas.pixels.iter().map(|pixel| pixel[0]).sum();
        let expected = std::f32::consts::PI * 20.0 * 8.0;
        assert!((area / expected - 1.0).abs() < 0.03, "{area} for {expected}");
        let covered = canvas.pixels.iter().enumerate().filter(|(_, pixel)| pixel[0] > 0.5);
        let columns: Vec<usize> = covered.map(|(index, _)| index % 64).collect();
        let [left, _, right, _] = ellipse.bounds();
        let (first, last) = (columns.iter().min().unwrap(), columns.iter().max().unwrap());
        assert!((*first as f32 - left).abs() < 1.5 && (*last as f32 - right).abs() < 1.5);
    }
}
