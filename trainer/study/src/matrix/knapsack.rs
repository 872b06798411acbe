//! One choice a layer, at the least cost that a budget admits (the multiple-choice knapsack).

/// Parts of the budget that are told apart.
const BUCKETS: usize = 4096;

/// What a layer may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Choice {
    /// What it takes of the budget.
    pub(super) bytes: usize,
    /// What it costs.
    pub(super) cost: f64,
}

/// The number of each layer's choice such that all together take at most `budget` bytes and cost least;
/// none if nothing is small enough. Bytes are rounded up to the 4096th part of the budget, so the budget
/// holds, and a choice that would fill it to the last byte may be missed.
pub(super) fn choose(layers: &[Vec<Choice>], budget: usize) -> Option<Vec<usize>> {
    let bucket = budget.div_ceil(BUCKETS).max(1);
    let size = budget / bucket;
    // least[used]: cost of the layers so far within `used` buckets; taken[layer][used]: the last's choice.
    let mut least = vec![0.0; size + 1];
    let mut taken = Vec::new();
    for choices in layers {
        let best = |used: usize| {
            let fitting = choices.iter().enumerate().filter_map(|(number, choice)| {
                let rest = used.checked_sub(choice.bytes.div_ceil(bucket))?;
                Some((number, least[rest] + choice.cost))
            });
            fitting.min_by(|left, right| left.1.total_cmp(&right.1)).unwrap_or((0, f64::INFINITY))
        };
        let row: Vec<(usize, f64)> = (0..=size).map(best).collect();
        least = row.iter().map(|(_, cost)| *cost).collect();
        taken.push(row.into_iter().map(|(number, _)| number).collect::<Vec<usize>>());
    }
    if !least[size].is_finite() {
        return None;
    }
    let mut used = size;
    let mut chosen: Vec<usize> = layers
        .iter()
        .zip(&taken)
        .rev()
        .map(|(choices, taken)| {
            let number = taken[used];
            used -= choices[number].bytes.div_ceil(bucket);
            number
        })
        .collect();
    chosen.reverse();
    Some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(bytes: usize, cost: f64) -> Choice {
        Choice { bytes, cost }
    }

    /// All ways, one after the other.
    fn plain(layers: &[Vec<Choice>], budget: usize) -> Option<f64> {
        let Some((first, rest)) = layers.split_first() else { return Some(0.0) };
        let costs = first.iter().filter_map(|choice| {
            Some(choice.cost + plain(rest, budget.checked_sub(choice.bytes)?)?)
        });
        costs.min_by(f64::total_cmp)
    }

    #[test]
    fn choices_are_the_best_of_all_ways() {
        let number = |seed: usize| (seed * 7919 + 13) % 101;
        let layer = |layer: usize| -> Vec<Choice> {
            (0..3)
                .map(|c| choice(number(3 * layer + c), number(50 + 5 * layer + c) as f64))
                .collect()
        };
        let layers: Vec<Vec<Choice>> = (0..6).map(layer).collect();
        for budget in [0, 60, 120, 200, 300, 600] {
            let chosen = choose(&layers, budget);
            let of = |pick: fn(&Choice) -> f64| {
                let chosen = chosen.as_ref()?.iter().zip(&layers);
                Some(chosen.map(|(&number, choices)| pick(&choices[number])).sum::<f64>())
            };
            assert_eq!(of(|choice| choice.cost), plain(&layers, budget), "{budget}");
            assert!(of(|choice| choice.bytes as f64).is_none_or(|bytes| bytes <= budget as f64));
        }
    }
}
