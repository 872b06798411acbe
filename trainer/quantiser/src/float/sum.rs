//! Sums of rows.

/// Floats of the widest vector.
const LANES: usize = 16;
/// Partial sums of a long row.
const PARTS: usize = 8;

/// The sum of a row, in partial sums: the order of burn's processor backend where vectors have 512
/// bits, here on every processor.
pub(super) fn sum(row: &[f32]) -> f32 {
    let mut parts = [[0.0f32; LANES]; PARTS];
    let (blocks, rest) = row.as_chunks::<{ LANES * PARTS }>();
    for block in blocks {
        for (part, values) in parts.iter_mut().zip(block.as_chunks::<LANES>().0) {
            add(part, values);
        }
    }
    // Neighbours first: ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)).
    for distance in [1, 2, 4] {
        for first in (0..PARTS).step_by(2 * distance) {
            let other = parts[first + distance];
            add(&mut parts[first], &other);
        }
    }
    let [mut lanes, ..] = parts;
    let (vectors, rest) = rest.as_chunks::<LANES>();
    vectors.iter().for_each(|values| add(&mut lanes, values));
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
    }
    lanes[0] + rest.iter().sum::<f32>()
}

fn add(sums: &mut [f32; LANES], values: &[f32; LANES]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_any_length_are_summed() {
        for len in [0, 1, 15, 16, 17, 127, 128, 129, 300] {
            let row: Vec<f32> = (1..=len).map(|value| value as f32).collect();
            assert_eq!(sum(&row), (len * (len + 1) / 2) as f32);
        }
    }
}
