//! Numbers, sizes, durations and dates as they are read. Both languages group digits by commas and
//! have a decimal point.

use super::{Texts, count};

/// "93%"; a sure tag is not rounded up to certainty.
pub(crate) fn percent(score: f32) -> String {
    format!("{}%", (score * 100.0) as u32)
}

/// "11.2": millions of bytes, as hosts and phones count them.
pub(crate) fn millions(bytes: u64) -> String {
    tenths(bytes as f64 / 1e6)
}

/// "16": the nearest whole number. What formats floats in general is several kilobytes of the page.
pub(super) fn whole(number: f64) -> String {
    (number.round() as u64).to_string()
}

/// "16.4": the nearest number with one decimal.
pub(crate) fn tenths(number: f64) -> String {
    let tenths = (number * 10.0).round() as u64;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// "0.50", "-0.12": the nearest number with two decimals.
pub(super) fn hundredths(number: f64) -> String {
    let hundredths = (number.abs() * 100.0).round() as u64;
    let sign = if number.is_sign_negative() { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// "0.93": the fewest digits from which the same score is read, as far as eighteen of them say it.
pub(crate) fn score(score: f32) -> String {
    let (value, mut scale, mut digits) = (f64::from(score), 1_u64, 0);
    loop {
        let scaled = (value * scale as f64).round();
        if (scaled / scale as f64) as f32 == score || digits == 18 {
            let scaled = scaled as u64;
            let (whole, part) = (scaled / scale, scaled % scale);
            return if digits == 0 {
                whole.to_string()
            } else {
                format!("{whole}.{part:0digits$}")
            };
        }
        scale *= 10;
        digits += 1;
    }
}

/// A date and the time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// By the common calendar.
    pub(crate) year: u32,
    /// 1 to 12.
    pub(crate) month: u32,
    /// 1 to 31.
    pub(crate) day: u32,
    /// 0 to 23.
    pub(crate) hour: u32,
    /// 0 to 59.
    pub(crate) minute: u32,
}

impl Moment {
    /// From "2026-11-26T09:13:18", as photos say it; what follows the minutes is not looked at.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
        let moment = Self {
            year: part(0, 4)?,
            month: part(5, 7)?,
            day: part(8, 10)?,
            hour: part(11, 13)?,
            minute: part(14, 16)?,
        };
        let is_one = (1..=12).contains(&moment.month)
            && (1..=31).contains(&moment.day)
            && moment.hour < 24
            && moment.minute < 60;
        is_one.then_some(moment)
    }
}

impl Texts {
    /// "41 ms" or "1.2 s".
    pub(crate) fn duration(&self, millis: f64) -> String {
        if millis < 999.5 {
            self.millis(millis)
        } else {
            self.units.seconds.fill([&tenths(millis / 1000.0)])
        }
    }

    /// "1600 ms".
    pub(crate) fn millis(&self, millis: f64) -> String {
        self.units.millis.fill([&whole(millis)])
    }

    /// "16.4 ms", for measurements.
    pub(crate) fn precise(&self, millis: f64) -> String {
        self.units.millis.fill([&tenths(millis)])
    }

    /// "4 s", "12 min" or "3 h", rounded up: of a time that is waited for.
    pub(crate) fn wait(&self, millis: f64) -> String {
        let seconds = (millis / 1000.0).ceil();
        let minutes = (seconds / 60.0).ceil();
        let (unit, number) = if seconds < 90.0 {
            (&self.units.seconds, seconds)
        } else if minutes < 90.0 {
            (&self.units.minutes, minutes)
        } else {
            (&self.units.hours, (minutes / 60.0).ceil())
        };
        unit.fill([&whole(number)])
    }

    /// "27 KB", "11.2 MB", "700 MB" or "1.4 GB".
    pub(crate) fn size(&self, bytes: u64) -> String {
        if bytes <= 999_000 {
            self.units.kilobytes.fill([&bytes.div_ceil(1000).to_string()])
        } else if bytes < 100_000_000 {
            self.units.megabytes.fill([&millions(bytes)])
        } else if bytes < 1_000_000_000 {
            self.units.megabytes.fill([&(bytes / 1_000_000).to_string()])
        } else {
            self.units.gigabytes.fill([&tenths(bytes as f64 / 1e9)])
        }
    }

    /// "4,032 × 3,024".
    pub(crate) fn pixels(&self, width: u32, height: u32) -> String {
        self.units.pixels.fill([&count(width as usize), &count(height as usize)])
    }

    /// "26 Nov 2026, 09:13".
    pub(crate) fn moment(&self, moment: Moment) -> String {
        let Moment { year, month, day, hour, minute } = moment;
        let months = &self.units.months;
        let month = months.get((month as usize).wrapping_sub(1)).copied().unwrap_or_default();
        let time = format!("{hour:02}:{minute:02}");
        self.units.moment.fill([&year.to_string(), month, &day.to_string(), &time])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn both(say: impl Fn(&Texts) -> String) -> [String; 2] {
        Language::ALL.map(|language| say(language.texts()))
    }

    #[test]
    fn scores_are_read_back_as_they_are() {
        for (value, said) in
            [(0.0, "0"), (1.0, "1"), (0.5, "0.5"), (0.1, "0.1"), (0.999_999_94, "0.99999994")]
        {
            assert_eq!(score(value), said);
        }
        // All of the exponents that scores have, and what lies between.
        for bits in (1e-9_f32.to_bits()..=1.0_f32.to_bits()).step_by(997) {
            let value = f32::from_bits(bits);
            assert_eq!(score(value).parse(), Ok(value));
        }
    }

    #[test]
    fn percentages_are_rounded_down() {
        assert_eq!(percent(0.934), "93%");
        assert_eq!(percent(0.9999), "99%");
        assert_eq!(percent(1.0), "100%");
    }

    #[test]
    fn durations_have_the_unit_that_suits_them() {
        assert_eq!(both(|texts| texts.duration(41.0)), ["41 ms", "41ms"]);
        assert_eq!(both(|texts| texts.duration(999.5)), ["1.0 s", "1.0초"]);
        assert_eq!(both(|texts| texts.precise(16.42)), ["16.4 ms", "16.4ms"]);
        assert_eq!(both(|texts| texts.wait(3_403.0)), ["4 s", "4초"]);
        assert_eq!(both(|texts| texts.wait(2_466_766.0)), ["42 min", "42분"]);
        assert_eq!(both(|texts| texts.wait(9e6)), ["3 h", "3시간"]);
    }

    #[test]
    fn sizes_are_millions_of_bytes() {
        assert_eq!(both(|texts| texts.size(26_401)), ["27 KB", "27KB"]);
        assert_eq!(both(|texts| texts.size(999_000)), ["999 KB", "999KB"]);
        assert_eq!(both(|texts| texts.size(999_001)), ["1.0 MB", "1.0MB"]);
        assert_eq!(both(|texts| texts.size(11_200_000)), ["11.2 MB", "11.2MB"]);
        assert_eq!(both(|texts| texts.size(700_000_000)), ["700 MB", "700MB"]);
        assert_eq!(both(|texts| texts.size(1_440_000_000)), ["1.4 GB", "1.4GB"]);
        assert_eq!(both(|texts| texts.pixels(4032, 3024)), ["4,032 × 3,024", "4,032 × 3,024"]);
    }

    #[test]
    fn moments_are_read_and_written() {
        let moment = Moment::parse("2026-11-06T09:13:18").unwrap();
        let said = both(|texts| texts.moment(moment));
        assert_eq!(said, ["6 Nov 2026, 09:13", "2026년 11월 6일 09:13"]);
        for wrong in
            ["", "2026-11-06", "2026-13-06T09:13", "2026-11-06T24:13", "오늘은 아무 날도 아니다"]
        {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }
}
