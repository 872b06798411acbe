//! Maxima under windows.

use rayon::prelude::*;
use tagsight_core::graph::Window;
use tagsight_network::kernels::Geometry;

use super::batch::Batch;

/// The maximum under each window; padding is less than everything.
pub(crate) fn max_pool(window: Window, input: &Batch) -> Batch {
    let [count, channels, height, width] = input.dims;
    let geometry = Geometry { count, inputs: channels, outputs: channels, height, width, window };
    let [rows, columns] = geometry.output_sides();
    let plane = geometry.output_plane();
    let mut values = vec![f32::NEG_INFINITY; count * channels * plane];
    let planes = values.par_chunks_mut(plane).zip(input.values.par_chunks(input.plane_len()));
    planes.for_each(|(maxima, input)| {
        for tap in 0..geometry.taps() {
            geometry.for_each_tap_row(tap, |output, start, len| {
                let under_tap = input[start..].iter().step_by(window.stride);
                let maxima = maxima[output..output + len].iter_mut().zip(under_tap);
                maxima.for_each(|(maximum, value)| *maximum = maximum.max(*value));
            });
        }
    });
    Batch { dims: [count, channels, rows, columns], values }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_core::graph::Padding;

    #[test]
    fn padding_is_never_the_maximum() {
        let window = Window::new(3, 2, Padding::even(1));
        let values = (1..=9).map(|value| -(value as f32)).collect();
        let pooled = max_pool(window, &Batch { dims: [1, 1, 3, 3], values });
        assert_eq!(pooled, Batch { dims: [1, 1, 2, 2], values: vec![-1.0, -2.0, -4.0, -5.0] });
    }
}
