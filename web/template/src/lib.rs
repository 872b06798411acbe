//! Texts with places for values. How many places a text has is part of its type and is checked when
//! it is compiled, so no language can leave one out.

/// A text with `N` places: `{0}` to `{N-1}`, in any order.
#[derive(Debug, Clone, Copy)]
pub struct Template<const N: usize>(&'static str);

impl<const N: usize> Template<N> {
    /// # Panics
    /// While it is compiled, unless `text` has just these places.
    pub const fn new(text: &'static str) -> Self {
        assert!(has_places(text.as_bytes(), N), "a text with other places than its type says");
        Self(text)
    }

    /// The text with `values` in its places.
    pub fn fill(&self, values: [&str; N]) -> String {
        fill(self.0, &values)
    }

    /// With its places; for tests.
    pub fn text(&self) -> &'static str {
        self.0
    }
}

/// A text about a number of things, which is its one place.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// About one.
    pub one: Template<1>,
    /// About any other number.
    pub other: Template<1>,
}

impl Counted {
    /// About `count` things.
    pub fn of(&self, count: usize) -> String {
        let template = if count == 1 { &self.one } else { &self.other };
        template.fill([&self::count(count)])
    }
}

/// A template, in few letters.
pub const fn t<const N: usize>(text: &'static str) -> Template<N> {
    Template::new(text)
}

/// A text about one and one about others.
pub const fn counted(one: &'static str, other: &'static str) -> Counted {
    Counted { one: t(one), other: t(other) }
}

/// A text about any number, in languages whose nouns do not change.
pub const fn any_count(text: &'static str) -> Counted {
    counted(text, text)
}

/// "12,345"; both languages group digits by commas.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Whether `text` has the places from 0 to `count` and none beyond.
const fn has_places(text: &[u8], count: usize) -> bool {
    let mut seen = 0_u32;
    let mut index = 0;
    while index < text.len() {
        if text[index] == b'{' {
            let is_place = index + 2 < text.len()
                && text[index + 1].is_ascii_digit()
                && text[index + 2] == b'}';
            if !is_place {
                return false;
            }
            seen |= 1 << (text[index + 1] - b'0');
        }
        index += 1;
    }
    seen == (1 << count) - 1
}

fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut parts = text.split('{');
    filled.extend(parts.next());
    for part in parts {
        // The place is one digit and its brace, as was checked.
        let (place, rest) = part.split_at(2);
        let index = usize::from(place.as_bytes()[0] - b'0');
        filled.push_str(values[index]);
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places_in_any_order_and_more_than_once() {
        assert_eq!(t("{0} of {1}").fill(["3", "9"]), "3 of 9");
        assert_eq!(t("{1}장 중 {0}장").fill(["3", "9"]), "9장 중 3장");
        assert_eq!(t("{0}{0}").fill(["{1}"]), "{1}{1}", "what is filled in is left alone");
        assert_eq!(t("no place").fill([]), "no place");
    }

    #[test]
    fn a_text_has_the_places_that_its_type_says() {
        assert!(has_places("{0} {1}".as_bytes(), 2));
        for (text, count) in [("{0}", 2), ("{0} {1}", 1), ("{1}", 1), ("{name}", 0), ("{0", 1)] {
            assert!(!has_places(text.as_bytes(), count), "{text}");
        }
    }

    #[test]
    fn digits_are_grouped() {
        let said = [0, 999, 1_000, 12_345, 1_234_567].map(count);
        assert_eq!(said, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn counts_agree_with_their_noun() {
        let photos = counted("{0} photo", "{0} photos");
        let said = [0, 1, 2, 1234].map(|count| photos.of(count));
        assert_eq!(said, ["0 photos", "1 photo", "2 photos", "1,234 photos"]);
    }
}
