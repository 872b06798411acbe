//! JSON, read from the front, each value by whoever knows what it has to be.
//!
//! A model's header is all the JSON that the page's worker ever reads, and a reader that is compiled once
//! for each type, as serde has it, was 13 KB gzipped of it. Numbers as models have them are what serde_json
//! makes of them, bit for bit.

/// What was read, or how the text is not what it has to be.
pub(super) type Read<T> = Result<T, String>;

/// A text, of which values are still to be read.
pub(super) struct Json<'a> {
    text: &'a str,
    at: usize,
}

/// Reads the one value that `text` is.
pub(super) fn read<'a, T>(text: &'a str, take: impl FnOnce(&mut Json<'a>) -> Read<T>) -> Read<T> {
    let mut json = Json { text, at: 0 };
    let value = take(&mut json)?;
    match json.next() {
        None => Ok(value),
        Some(_) => json.unexpected("the end"),
    }
}

impl<'a> Json<'a> {
    /// Gives `field` the name of every field of an object; it has to read the value.
    pub(super) fn object(
        &mut self,
        field: &mut dyn FnMut(&str, &mut Self) -> Read<()>,
    ) -> Read<()> {
        self.items(b'{', b'}', &mut |json| {
            let name = json.string()?;
            json.expect(b':')?;
            field(&name, json)
        })
    }

    /// Has `item` read every item of an array.
    pub(super) fn array<T>(&mut self, item: impl Fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut items = Vec::new();
        self.items(b'[', b']', &mut |json| {
            items.push(item(json)?);
            Ok(())
        })?;
        Ok(items)
    }

    /// An array of `N` items.
    pub(super) fn array_of<T, const N: usize>(
        &mut self,
        item: impl Fn(&mut Self) -> Read<T>,
    ) -> Read<[T; N]> {
        let items = self.array(item)?;
        let length = items.len();
        items.try_into().map_err(|_| format!("{length} items where {N} should be"))
    }

    /// Whether an array comes next.
    pub(super) fn is_array(&mut self) -> bool {
        self.next() == Some(b'[')
    }

    fn items(
        &mut self,
        start: u8,
        end: u8,
        item: &mut dyn FnMut(&mut Self) -> Read<()>,
    ) -> Read<()> {
        self.expect(start)?;
        if self.takes(end) {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.takes(end) {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// A text.
    pub(super) fn string(&mut self) -> Read<String> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            text.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => text.push(self.escaped()?),
                _ => return self.unexpected("a text's end"),
            }
        }
        self.at += 1;
        Ok(text)
    }

    /// The character that is written as `\` and another one.
    fn escaped(&mut self) -> Read<char> {
        self.at += 1;
        let character = match self.peek() {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(same @ (b'"' | b'\\' | b'/')) => same.into(),
            Some(b'u') => return self.numbered(),
            _ => return self.unexpected("what stands behind \\"),
        };
        self.at += 1;
        Ok(character)
    }

    /// A character by its number in UTF-16, of which there may be two.
    fn numbered(&mut self) -> Read<char> {
        let first = self.unit()?;
        let is_half = (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with("\\u");
        let second = if is_half {
            self.at += 1;
            self.unit()?
        } else {
            0
        };
        match char::decode_utf16([first, second]).next() {
            Some(Ok(character)) => Ok(character),
            _ => self.unexpected("the other half of a character"),
        }
    }

    /// The four digits behind `u`.
    fn unit(&mut self) -> Read<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            self.at += 1;
            match self.peek().and_then(|byte| char::from(byte).to_digit(16)) {
                Some(digit) => unit = unit << 4 | digit as u16,
                None => return self.unexpected("four digits"),
            }
        }
        self.at += 1;
        Ok(unit)
    }

    /// A number without sign, point and exponent.
    pub(super) fn integer(&mut self) -> Read<usize> {
        let text = self.word()?;
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|_| is_plain)
            .ok_or_else(|| format!("{text} is no number of things"))
    }

    /// Any number.
    pub(super) fn float(&mut self) -> Read<f32> {
        let text = self.word()?;
        let value = float64(text).map(|value| value as f32);
        value.filter(|value| value.is_finite()).ok_or_else(|| format!("{text} is no number"))
    }

    /// Leaves a value out, whatever it is.
    pub(super) fn skip(&mut self) -> Read<()> {
        let mut depth = 0;
        loop {
            match self.next() {
                Some(b'"') => drop(self.string()?),
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if depth > 0 => self.at += 1,
                _ => drop(self.word()?),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// What a number, or `true`, `false` or `null`, is written as.
    fn word(&mut self) -> Read<&'a str> {
        self.next();
        let start = self.at;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.peek().is_some_and(is_part) {
            self.at += 1;
        }
        if self.at == start { self.unexpected("a value") } else { Ok(&self.text[start..self.at]) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    fn takes(&mut self, wanted: u8) -> bool {
        let found = self.next() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Read<()> {
        if self.takes(wanted) { Ok(()) } else { self.unexpected(&char::from(wanted).to_string()) }
    }

    fn unexpected<T>(&self, wanted: &str) -> Read<T> {
        Err(format!("byte {} of the text is not {wanted}", self.at))
    }
}

/// Keeps the value of a field, of which there must not be another.
pub(super) fn keep<T>(field: &mut Option<T>, name: &str, value: T) -> Read<()> {
    if field.replace(value).is_some() { Err(format!("{name} is there twice")) } else { Ok(()) }
}

/// The value of a field that has to be there.
pub(super) fn need<T>(field: Option<T>, name: &str) -> Read<T> {
    field.ok_or_else(|| format!("{name} is missing"))
}

/// For a field that has no business there.
pub(super) fn unknown(name: &str) -> Read<()> {
    Err(format!("nobody knows what {name} means"))
}

/// A number by its digits and its power of ten. Where both are exact, as of any number that is written with
/// fifteen digits and a power of no more than twenty-two, this is the nearest there is.
fn float64(text: &str) -> Option<f64> {
    let (number, mut power) = match text.split_once(['e', 'E']) {
        Some((number, power)) => (number, power.parse().ok()?),
        None => (text, 0_i32),
    };
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (unsigned, ""),
    };
    if whole.is_empty() {
        return None;
    }
    let mut digits = 0_u64;
    for (index, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
        let digit = char::from(byte).to_digit(10)?;
        // Further ones say nothing that 64 bits hold.
        let counts = digits < u64::MAX / 100;
        if counts {
            digits = digits * 10 + u64::from(digit);
        }
        power = power.saturating_add(i32::from(!counts) - i32::from(index >= whole.len()));
    }
    // A power beyond these makes nothing, or too much, of any digits.
    let tens = (0..power.unsigned_abs().min(308)).fold(1.0, |tens, _| tens * 10.0);
    let size = if power < 0 { digits as f64 / tens } else { digits as f64 * tens };
    Some(if unsigned.len() < number.len() { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;

    fn float(text: &str) -> Read<f32> {
        read(text, Json::float)
    }

    /// As shortest decimals, and with all digits that 64 bits have.
    #[test]
    fn numbers_are_what_serde_makes_of_them() {
        let mut random = SplitMix64(7);
        for _ in 0..100_000 {
            let value = f32::from_bits(random.next() as u32);
            if !(1e-12..1e12).contains(&value.abs()) {
                continue;
            }
            for text in [serde_json::to_string(&value), serde_json::to_string(&f64::from(value))] {
                let text = text.unwrap();
                let expected: f32 = serde_json::from_str(&text).unwrap();
                assert_eq!(float(&text).map(f32::to_bits), Ok(expected.to_bits()), "{text}");
            }
        }
    }

    #[test]
    fn odd_numbers_are_near_or_refused() {
        let cases = [
            ("0", 0.0),
            ("-0.5e+1", -5.0),
            ("12E-1", 1.2),
            ("1e-40", 1e-40),
            ("1e-999999999", 0.0),
            ("0e999999999", 0.0),
            ("123456789012345678901234567890", 1.234_567_9e29),
            ("0.00000000000000000000000000001", 1e-29),
        ];
        for (text, expected) in cases {
            assert_eq!(float(text), Ok(expected), "{text}");
        }
        for text in
            ["", "-", ".5", "5.", "1e", "1e99", "0x1", "NaN", "1 2", "+1", "--1", "1.2.3", "\"1\""]
        {
            assert!(float(text).is_err(), "{text}");
        }
        assert_eq!(read(" 18 ", Json::integer), Ok(18));
        for text in ["-1", "+1", "1.0", "1e3", "99999999999999999999", "null"] {
            assert!(read(text, Json::integer).is_err(), "{text}");
        }
    }

    #[test]
    fn texts_are_what_serde_makes_of_them() {
        let cases = [
            r#""""#,
            r#""a \"quoted\" \\ \/ \b\f\n\r\t é 사진""#,
            r#""\u00e9\uc0ac\ud83d\ude00\u0000""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\u0041""#,
            r#""\ude00""#,
            r#""\u00g0""#,
            r#""\u+123""#,
            r#""\u12"#,
            r#""\x""#,
            r#""open"#,
            r#""open\"#,
            "\"a\nb\"",
            "text",
        ];
        for text in cases {
            let expected: Option<String> = serde_json::from_str(text).ok();
            assert_eq!(read(text, Json::string).ok(), expected, "{text}");
        }
    }

    #[test]
    fn fields_are_there_once_and_known() {
        let read_pair = |text: &str| {
            read(text, |json| {
                let (mut a, mut b) = (None, None);
                json.object(&mut |name, json| match name {
                    "a" => keep(&mut a, name, json.array(Json::integer)?),
                    "b" => keep(&mut b, name, json.array_of::<_, 2>(Json::string)?),
                    _ => unknown(name),
                })?;
                Ok((need(a, "a")?, need(b, "b")?))
            })
        };
        let expected = (vec![1, 2], ["x".to_owned(), "y".to_owned()]);
        assert_eq!(read_pair(" { \"b\" : [\"x\",\t\"y\" ] , \"a\":[1,2]}\r\n"), Ok(expected));
        let broken = [
            "{}",
            r#"{"a":[]}"#,
            r#"{"a":[],"b":["x"]}"#,
            r#"{"a":[],"a":[],"b":["x","y"]}"#,
            r#"{"a":[],"b":["x","y"],"c":0}"#,
            r#"{"a":[1,],"b":["x","y"]}"#,
            r#"{"a":[1 2],"b":["x","y"]}"#,
            r#"{"a":[],"b":["x","y"],}"#,
            r#"{"a":[],"b":["x","y"]"#,
            r#"{"a":[],"b":["x","y"]} {}"#,
            r#"{"a":[],"b"["x","y"]}"#,
        ];
        for text in broken {
            assert!(read_pair(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_left_out_may_be_anything() {
        let mut deep = "[".repeat(1_000_000);
        deep += &"]".repeat(1_000_000);
        let values =
            ["0", "-1e5", "true", "null", r#""a\"]""#, "[]", "{}", r#"{"a":[1,{"b":"]"}],"c":{}}"#];
        for value in values.into_iter().chain([deep.as_str()]) {
            let text = format!("[{value} , 7]");
            let skipped = read(&text, |json| {
                json.expect(b'[')?;
                json.skip()?;
                json.expect(b',')?;
                let number = json.integer()?;
                json.expect(b']')?;
                Ok(number)
            });
            assert_eq!(skipped, Ok(7), "{}", &text[..text.len().min(40)]);
        }
        for text in ["", "[", "]", "{\"a", ",", "[1", "1 2"] {
            assert!(read(text, Json::skip).is_err(), "{text}");
        }
    }
}
