//! Korean as it is typed: letter by letter.
//!
//! While a syllable is being composed it takes letters of the next one: 고양이 begins as ㄱ, 고, 공,
//! 고야. So words are compared as the letters that were typed, with compound vowels and double finals
//! taken apart; and since a word's initial consonants are enough to know it, ㄱㅇㅇ is 고양이 too.

const FIRST: u32 = 0xAC00;
const LAST: u32 = 0xD7A3;
/// Syllables that share an initial.
const INITIAL: u32 = 588;
/// Syllables that share an initial and a vowel.
const VOWEL: u32 = 28;

const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];

/// The letters from U+3131 to U+3163, which finals and vowels are written with too.
const LETTERS: u32 = 0x3131;
const LAST_LETTER: u32 = 0x3163;
const LAST_CONSONANT: u32 = 0x314E;
/// Where vowels begin among them, in the order of syllables.
const VOWELS: u32 = 0x314F;

/// Finals in the order of syllables, from the second: the first is that there is none.
const FINALS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];

/// Letters that take two strokes of a keyboard, each followed by the two.
const COMPOUNDS: &str = "ㄳㄱㅅㄵㄴㅈㄶㄴㅎㄺㄹㄱㄻㄹㅁㄼㄹㅂㄽㄹㅅㄾㄹㅌㄿㄹㅍㅀㄹㅎㅄㅂㅅ\
                         ㅘㅗㅏㅙㅗㅐㅚㅗㅣㅝㅜㅓㅞㅜㅔㅟㅜㅣㅢㅡㅣ";

/// The text with every syllable and compound letter as the letters that are typed for it.
pub(crate) fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    for character in text.chars() {
        let code = u32::from(character);
        if (FIRST..=LAST).contains(&code) {
            let place = code - FIRST;
            letters.push(INITIALS[(place / INITIAL) as usize]);
            push(&mut letters, char::from_u32(VOWELS + place % INITIAL / VOWEL));
            let last = (place % VOWEL) as usize;
            push(&mut letters, last.checked_sub(1).map(|last| FINALS[last]));
        } else {
            push(&mut letters, Some(character));
        }
    }
    letters
}

fn push(letters: &mut String, letter: Option<char>) {
    let Some(letter) = letter else { return };
    if !(LETTERS..=LAST_LETTER).contains(&u32::from(letter)) {
        return letters.push(letter);
    }
    let mut compounds = COMPOUNDS.chars();
    while let (Some(compound), Some(one), Some(two)) =
        (compounds.next(), compounds.next(), compounds.next())
    {
        if compound == letter {
            letters.push(one);
            return letters.push(two);
        }
    }
    letters.push(letter);
}

/// Whether the text has a consonant that stands alone, as those do that stand for a syllable.
pub(crate) fn has_consonant(text: &str) -> bool {
    text.chars().any(is_consonant)
}

/// Whether the text is nothing but consonants.
pub(crate) fn is_consonants(text: &str) -> bool {
    text.chars().all(is_consonant)
}

fn is_consonant(character: char) -> bool {
    (LETTERS..=LAST_CONSONANT).contains(&u32::from(character))
}

/// Whether the word begins as it is typed, where a consonant stands for any syllable that has it as
/// its initial.
pub(crate) fn begins(word: &str, typed: &str) -> bool {
    let mut word = word.chars();
    let mut begins = |letter| word.next().is_some_and(|syllable| stands_for(letter, syllable));
    typed.chars().all(|character| match is_consonant(character) {
        // ㄱㅅ becomes ㄳ under some input methods.
        true => letters(character.encode_utf8(&mut [0; 4])).chars().all(&mut begins),
        false => begins(character),
    })
}

fn stands_for(letter: char, syllable: char) -> bool {
    let code = u32::from(syllable);
    let initial = (FIRST..=LAST).contains(&code).then(|| (code - FIRST) / INITIAL);
    letter == syllable || initial.is_some_and(|initial| INITIALS[initial as usize] == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_a_beginning_while_it_is_composed() {
        let word = letters("고양이");
        for typed in ["ㄱ", "고", "공", "고야", "고양", "고양ㅇ", "고양이"] {
            assert!(word.starts_with(&letters(typed)), "{typed}");
        }
        for other in ["곤", "고얌", "거", "고양이다"] {
            assert!(!word.starts_with(&letters(other)), "{other}");
        }
    }

    #[test]
    fn compound_vowels_and_double_finals_are_taken_apart() {
        assert_eq!(letters("과"), "ㄱㅗㅏ");
        assert_eq!(letters("값"), "ㄱㅏㅂㅅ");
        assert_eq!(letters("ㄳㅢ"), "ㄱㅅㅡㅣ");
        assert_eq!(letters("깎다"), "ㄲㅏㄲㄷㅏ");
        assert_eq!(letters("힣 a"), "ㅎㅣㅎ a");
        // 의자 passes through 읮.
        assert!(letters("의자").starts_with(&letters("읮")));
    }

    #[test]
    fn initials_stand_for_their_syllables() {
        for typed in ["ㄱ", "ㄱㅇㅇ", "고ㅇㅇ", "ㄱ양"] {
            assert!(begins("고양이", typed), "{typed}");
        }
        assert!(begins("가수", "ㄳ"));
        assert!(!begins("고양이", "ㄱㅇㅇㅇ"));
        assert!(!begins("고양이", "ㅇㅇ"));
        assert!(is_consonants("ㄱㅇ") && !is_consonants("고ㅇ") && has_consonant("고ㅇ"));
        assert!(!has_consonant("고양이cat"));
    }
}
