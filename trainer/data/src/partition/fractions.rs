//! How large the parts are.

use std::str::FromStr;

/// The share of each part, in the order of [`Part::ALL`](crate::Part::ALL); they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fractions([f64; 3]);

impl Default for Fractions {
    fn default() -> Self {
        Self([0.7, 0.15, 0.15])
    }
}

impl Fractions {
    /// The same without a test part.
    pub(crate) fn without_test(self) -> Self {
        let [train, validation, _] = self.0;
        Self([train, validation, 0.0].map(|share| share / (train + validation)))
    }

    /// How many of `count` photos each part has: largest remainders, and at least one photo where there
    /// are enough for every part that is to have some.
    pub(crate) fn counts(&self, count: usize) -> [usize; 3] {
        let exact = self.0.map(|share| share * count as f64);
        let mut counts = exact.map(|exact| exact.floor() as usize);
        let mut by_remainder = [0, 1, 2];
        by_remainder.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
        let left = count.saturating_sub(counts.iter().sum());
        for part in by_remainder.into_iter().filter(|&part| self.0[part] > 0.0).cycle().take(left) {
            counts[part] += 1;
        }
        let wanted = self.0.iter().filter(|&&share| share > 0.0).count();
        if count >= wanted {
            while let Some(empty) = (0..3).find(|&part| self.0[part] > 0.0 && counts[part] == 0) {
                let most = (0..3).rev().max_by_key(|&part| counts[part]).expect("three parts");
                counts[most] -= 1;
                counts[empty] += 1;
            }
        }
        counts
    }
}

/// `70:15:15`
impl FromStr for Fractions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shares: Result<Vec<f64>, _> =
            text.split(':').map(|share| share.trim().parse()).collect();
        let shares = shares.ok().and_then(|shares| <[f64; 3]>::try_from(shares).ok());
        let is_share = |share: f64| share.is_finite() && (0.0..=1e6).contains(&share);
        let shares = shares.filter(|shares| shares[0] > 0.0 && shares.iter().all(|&s| is_share(s)));
        let shares = shares.ok_or("give it as TRAIN:VAL:TEST, e.g. 70:15:15")?;
        let sum: f64 = shares.iter().sum();
        Ok(Self(shares.map(|share| share / sum)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_the_largest_remainders_and_none_is_empty() {
        let fractions = Fractions::default();
        for (count, expected) in [
            (0, [0, 0, 0]),
            (1, [1, 0, 0]),
            (2, [2, 0, 0]),
            (3, [1, 1, 1]),
            (4, [2, 1, 1]),
            (10, [7, 2, 1]),
            (11, [8, 2, 1]),
            (100, [70, 15, 15]),
        ] {
            assert_eq!(fractions.counts(count), expected, "{count}");
        }
        assert_eq!(fractions.without_test().counts(17), [14, 3, 0]);
        assert_eq!("1:0:0".parse::<Fractions>().unwrap().counts(5), [5, 0, 0]);
    }

    #[test]
    fn fractions_are_read_as_shares() {
        assert_eq!("70:15:15".parse(), Ok(Fractions::default()));
        assert_eq!("2:1:1".parse(), Ok(Fractions([0.5, 0.25, 0.25])));
        for wrong in ["", "70:30", "0:1:1", "a:b:c", "1:1:-1", "inf:1:1", "NaN:1:1", "1:1:1:1"] {
            assert!(wrong.parse::<Fractions>().is_err(), "{wrong}");
        }
    }
}
