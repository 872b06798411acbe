//! What nothing else is better than in both respects.

/// The numbers of the points that no other has at most the cost and at least the quality of, with one of
/// the two better: cheapest first. Of equal points the first is taken.
pub fn pareto_front(points: &[(f64, f64)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.retain(|&index| points[index].0.is_finite() && !points[index].1.is_nan());
    order.sort_by(|&left, &right| {
        let (left, right) = (points[left], points[right]);
        left.0.total_cmp(&right.0).then(right.1.total_cmp(&left.1))
    });
    let mut best = f64::NEG_INFINITY;
    order.retain(|&index| {
        let is_better = points[index].1 > best;
        best = best.max(points[index].1);
        is_better
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_on_the_front_if_none_is_better() {
        let points = [
            (3.0, 9.0),
            (1.0, 2.0),
            (2.0, 2.0),
            (2.0, 5.0),
            (1.0, 2.0),
            (f64::NAN, 99.0),
            (4.0, 8.0),
        ];
        assert_eq!(pareto_front(&points), [1, 3, 0]);
        assert_eq!(pareto_front(&[]), [0; 0]);
    }
}
