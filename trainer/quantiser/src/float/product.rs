//! Matrix products, as burn's processor backend has them: by the `gemm` crate's kernels.

use gemm_common::Parallelism;

/// From so many multiplications on, one product is worth several threads: burn's own bound.
const PARALLEL: usize = 192 * 192 * 192;

/// How a matrix lies in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Row after row.
    Rows,
    /// Column after column: the transpose, row after row.
    Columns,
}

/// A matrix in a slice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    order: Order,
}

impl<'a> Matrix<'a> {
    /// `values` as a matrix of so many rows.
    ///
    /// # Panics
    /// If they do not fill whole columns.
    pub(crate) fn new(values: &'a [f32], rows: usize, order: Order) -> Self {
        let columns = values.len() / rows;
        assert_eq!(values.len(), rows * columns, "as many values in every row");
        Self { values, rows, columns, order }
    }

    /// Elements from one row to the next, and from one column to the next.
    fn strides(&self) -> (isize, isize) {
        match self.order {
            Order::Rows => (self.columns as isize, 1),
            Order::Columns => (1, self.rows as isize),
        }
    }
}

/// `left · right`, row after row.
///
/// # Panics
/// If `left` has not as many columns as `right` has rows.
pub(crate) fn product(left: Matrix<'_>, right: Matrix<'_>) -> Vec<f32> {
    let (rows, inner, columns) = (left.rows, left.columns, right.columns);
    assert_eq!(inner, right.rows, "the inner sizes are one");
    let mut sums = vec![0.0; rows * columns];
    let (left_row, left_column) = left.strides();
    let (right_row, right_column) = right.strides();
    let is_large = rows.saturating_mul(columns).saturating_mul(inner) >= PARALLEL;
    let threads = if is_large { Parallelism::Rayon(0) } else { Parallelism::None };
    // The kernels prefer results column after column, so what is computed is `rightᵀ · leftᵀ`; `gemm::gemm`
    // turns it around just so.
    let multiply = gemm_f32::gemm::f32::get_gemm_fn();
    // SAFETY: every element that these sizes and strides reach lies in its slice: `Matrix::new` and
    // the lines above made slices of exactly rows · columns elements. `sums` is ours alone.
    unsafe {
        multiply(
            columns,
            rows,
            inner,
            sums.as_mut_ptr(),
            columns as isize,
            1,
            false,
            right.values.as_ptr(),
            right_row,
            right_column,
            left.values.as_ptr(),
            left_row,
            left_column,
            0.0,
            1.0,
            false,
            false,
            false,
            threads,
        );
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_order_gives_the_product() {
        let (left, right) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, -1.0, 2.0, 0.5, 1.0]);
        let rows = |values| Matrix::new(values, 2, Order::Rows);
        // 2×3 by 3×2, the right one given by its columns: (1, 0, −1) and (2, ½, 1).
        let expected = [-2.0, 6.0, -2.0, 16.5];
        assert_eq!(product(rows(&left), Matrix::new(&right, 3, Order::Columns)), expected);
        let by_rows = [1.0, 2.0, 0.0, 0.5, -1.0, 1.0];
        assert_eq!(product(rows(&left), Matrix::new(&by_rows, 3, Order::Rows)), expected);
        let transposed = [1.0, 4.0, 2.0, 5.0, 3.0, 6.0];
        let left = Matrix::new(&transposed, 2, Order::Columns);
        assert_eq!(product(left, Matrix::new(&by_rows, 3, Order::Rows)), expected);
    }
}
