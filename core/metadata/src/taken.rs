//! When a photo was taken.

use std::fmt;

/// Bytes of a date and a time.
const LENGTH: usize = 19;
/// No photo is older.
const FIRST_YEAR: u16 = 1826;

/// A date and a time by the camera's own clock, of which nobody knows where it stood. Written as
/// "2026-11-26T09:13:18".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    year: u16,
    /// Month, day, hour, minute, second.
    rest: [u8; 5],
}

impl Taken {
    /// Reads what Exif says as "2026:11:26 09:13:18". Programs write other separators, and a time
    /// zone behind it.
    ///
    /// None if that was never a day or a time, as in cameras whose clock was not set.
    pub fn read(text: &[u8]) -> Option<Self> {
        let text: &[u8; LENGTH] = text.first_chunk()?;
        let parts = |at: usize| !text[at].is_ascii_alphanumeric() || (at == 10 && text[at] == b'T');
        if ![4, 7, 10, 13, 16].into_iter().all(parts) {
            return None;
        }
        let [century, years, rest @ ..] = [0, 2, 5, 8, 11, 14, 17].map(|at| number(text, at));
        let year = u16::from(century?) * 100 + u16::from(years?);
        let [month, day, hour, minute, second] = rest;
        let rest = [month?, day?, hour?, minute?, second?];
        Some(Self { year, rest }).filter(Self::is_plausible)
    }

    fn is_plausible(&self) -> bool {
        let [month, day, hour, minute, second] = self.rest;
        self.year >= FIRST_YEAR
            && (1..=12).contains(&month)
            && (1..=days(self.year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, rest: [month, day, hour, minute, second] } = self;
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

/// The two digits at byte `at`.
fn number(text: &[u8; LENGTH], at: usize) -> Option<u8> {
    let digit = |at: usize| Some(text[at]).filter(u8::is_ascii_digit).map(|digit| digit - b'0');
    Some(digit(at)? * 10 + digit(at + 1)?)
}

/// Days of a month, 1 to 12.
fn days(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u8::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Taken::read(text.as_bytes()).map(|taken| taken.to_string())
    }

    #[test]
    fn dates_are_written_in_one_way() {
        let cases = [
            ("2026:11:26 09:13:18\0", "2026-11-26T09:13:18"),
            ("2026-11-26T09:13:18+09:00", "2026-11-26T09:13:18"),
            ("2024/02/29 23:59:59", "2024-02-29T23:59:59"),
            ("2000:02:29 00:00:00", "2000-02-29T00:00:00"),
            ("1826:01:31 00:00:00", "1826-01-31T00:00:00"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_never_was_is_no_date() {
        for text in [
            "",
            "2026:11:26 09:13:1",
            "0000:00:00 00:00:00",
            "    :  :     :  :  ",
            "2026:13:01 00:00:00",
            "2026:00:01 00:00:00",
            "2026:11:31 00:00:00",
            "2023:02:29 00:00:00",
            "1900:02:29 00:00:00",
            "2026:11:26 24:00:00",
            "2026:11:26 09:60:18",
            "2026:11:26 09:13:60",
            "1825:12:31 00:00:00",
            "2026111260091301800",
            "2026:11:26 +9:13:18",
            "November 26th, 2026",
            "2026x11x26T09x13x18",
            "2026:11:26x09:13:18",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
