//! The order in which people count: `frame2` before `frame10`.

use std::cmp::Ordering;

/// Compares texts, numbers in them by their values.
pub(super) fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (number, rest) = leading_digits(left);
        let (other_number, other_rest) = leading_digits(right);
        if !number.is_empty() && !other_number.is_empty() {
            match by_value(number, other_number) {
                Ordering::Equal => (left, right) = (rest, other_rest),
                order => return order,
            }
            continue;
        }
        let (mut chars, mut other_chars) = (left.chars(), right.chars());
        match (chars.next(), other_chars.next()) {
            (Some(a), Some(b)) if a == b => (left, right) = (chars.as_str(), other_chars.as_str()),
            // Zeros before a number decide only where nothing else does.
            (None, None) => return one.cmp(other),
            (a, b) => return a.cmp(&b),
        }
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Digits by the number that they are, however long.
fn by_value(one: &str, other: &str) -> Ordering {
    let [one, other] = [one, other].map(|digits| digits.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_their_values() {
        // What is equal but for zeros is ordered as texts are.
        let expected = [
            "",
            "01",
            "1",
            "2.png",
            "10.png",
            "a",
            "a2",
            "a02b",
            "a10",
            "a99999999999999999999",
            "b",
        ];
        let mut names = expected;
        names.reverse();
        names.sort_by(|one, other| natural(one, other));
        assert_eq!(names, expected);
    }
}
