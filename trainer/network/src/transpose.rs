//! Turning the order of elements around, between channels first and channels last.

/// Matrices of `rows` by `columns` elements, one behind the other, each transposed: kernels `[out, in, k·k]`
/// become `[out, k·k, in]`, and the other way round.
pub fn transposed<T: Copy>(matrices: &[T], rows: usize, columns: usize) -> Vec<T> {
    let mut turned = Vec::with_capacity(matrices.len());
    for matrix in matrices.chunks_exact(rows * columns) {
        for column in 0..columns {
            turned.extend(matrix[column..].iter().step_by(columns));
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_reordered() {
        let channels_first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        let channels_last = [1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12];
        assert_eq!(transposed(&channels_first, 2, 3), channels_last);
        assert_eq!(transposed(&channels_last, 3, 2), channels_first);
    }
}
