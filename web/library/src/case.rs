//! Lower case in the alphabets that languages of today are written with.
//!
//! The standard library knows every alphabet, by a table of 12 KB that hardly compresses: 5 KB of the
//! page's download. What is not here, Cherokee or polytonic Greek, is compared as it is spelled.

/// Capitals: the first, the last, how far one is from the next, and how far each is from its small
/// letter.
type Capitals = (char, char, u32, i32);

/// In order.
const CAPITALS: [Capitals; 45] = [
    ('A', 'Z', 1, 32),
    ('À', 'Ö', 1, 32),
    ('Ø', 'Þ', 1, 32),
    ('Ā', 'Į', 2, 1),
    ('Ĳ', 'Ķ', 2, 1),
    ('Ĺ', 'Ň', 2, 1),
    ('Ŋ', 'Ŷ', 2, 1),
    ('Ÿ', 'Ÿ', 1, -121),
    ('Ź', 'Ž', 2, 1),
    ('Ɓ', 'Ɓ', 1, 210),
    ('Ɔ', 'Ɔ', 1, 206),
    ('Ɖ', 'Ɗ', 1, 205),
    ('Ǝ', 'Ǝ', 1, 79),
    ('Ə', 'Ə', 1, 202),
    ('Ɛ', 'Ɛ', 1, 203),
    ('Ƒ', 'Ƒ', 1, 1),
    ('Ɣ', 'Ɣ', 1, 207),
    ('Ƙ', 'Ƙ', 1, 1),
    ('Ơ', 'Ƥ', 2, 1),
    ('Ư', 'Ư', 1, 1),
    ('Ʋ', 'Ʋ', 1, 217),
    ('Ƴ', 'Ƶ', 2, 1),
    ('Ʒ', 'Ʒ', 1, 219),
    ('Ǎ', 'Ǜ', 2, 1),
    ('Ǟ', 'Ǯ', 2, 1),
    ('Ǹ', 'Ȟ', 2, 1),
    ('Ȣ', 'Ȳ', 2, 1),
    ('Ά', 'Ά', 1, 38),
    ('Έ', 'Ί', 1, 37),
    ('Ό', 'Ό', 1, 64),
    ('Ύ', 'Ώ', 1, 63),
    ('Α', 'Ρ', 1, 32),
    ('Σ', 'Ϋ', 1, 32),
    ('Ѐ', 'Џ', 1, 80),
    ('А', 'Я', 1, 32),
    ('Ѡ', 'Ҁ', 2, 1),
    ('Ҋ', 'Ҿ', 2, 1),
    ('Ӏ', 'Ӏ', 1, 15),
    ('Ӂ', 'Ӎ', 2, 1),
    ('Ӑ', 'Ԯ', 2, 1),
    ('Ա', 'Ֆ', 1, 48),
    ('Ḁ', 'Ẕ', 2, 1),
    ('ẞ', 'ẞ', 1, -7615),
    ('Ạ', 'Ỿ', 2, 1),
    ('Ａ', 'Ｚ', 1, 32),
];

/// The small letter of a capital, and anything else as it is.
pub(crate) fn lower(character: char) -> char {
    let code = u32::from(character);
    let is_one = |&&(first, last, apart, _): &&Capitals| {
        (first..=last).contains(&character) && (code - u32::from(first)).is_multiple_of(apart)
    };
    let capitals = CAPITALS.iter().find(is_one);
    let small = capitals.and_then(|&(.., away)| char::from_u32(code.checked_add_signed(away)?));
    small.unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_as_the_standard_library_has_them_or_stay() {
        for character in '\0'..=char::MAX {
            let small = lower(character);
            assert!(small == character || character.to_lowercase().eq([small]), "{character}");
        }
    }

    #[test]
    fn alphabets_are_whole() {
        let alphabets = ['\0'..='ſ', 'Ά'..='ώ', 'Ѐ'..='ԯ', 'Ա'..='և', 'Ḁ'..='ỿ', 'Ａ'..='ｚ'];
        // Its small letter is two characters.
        let dotted = 'İ';
        for character in alphabets.into_iter().flatten().filter(|&letter| letter != dotted) {
            assert!(character.to_lowercase().eq([lower(character)]), "{character}");
        }
        let others = ["Ơ", "Ư", "Ș", "Ț", "Ə", "Ɓ", "Ɗ", "Ƙ", "Ƴ", "Ɖ", "Ɛ", "Ƒ", "Ɣ", "Ɔ", "Ʋ"];
        for letter in others {
            assert_eq!(letter.chars().map(lower).collect::<String>(), letter.to_lowercase());
        }
    }
}
