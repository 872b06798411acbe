//! Curves of one channel, as samples with straight lines between them.

/// Where a formula is sampled: between two levels of 8 bits are sixteen, so that those are exact.
const SAMPLES: usize = 255 * 16 + 1;

/// A curve over `0..=1`, sampled at even distances; at least two samples.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve(Vec<f32>);

impl Curve {
    /// From samples; `None` if there are fewer than two.
    pub(super) fn new(samples: Vec<f32>) -> Option<Self> {
        (samples.len() >= 2).then_some(Self(samples))
    }

    /// From a formula. Its values are rounded to 32 bits, beyond which devices' powers differ.
    pub(super) fn sampled(formula: impl Fn(f64) -> f64) -> Self {
        let sample = |index| formula(index as f64 / (SAMPLES - 1) as f64) as f32;
        Self((0..SAMPLES).map(sample).collect())
    }

    /// Reads a curve of either type (ICC.1:2022, 10.6 and 10.18), and how long it is.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        match bytes.first_chunk()? {
            b"curv" => {
                let count = u32::from_be_bytes(*bytes.get(8..)?.first_chunk()?) as usize;
                let length = count.checked_mul(2)?.checked_add(12)?;
                let samples = bytes.get(12..length)?.as_chunks().0;
                let curve = match samples {
                    [] => Self(vec![0.0, 1.0]),
                    // A number with eight bits behind the point.
                    [power] => {
                        let power = f64::from(u16::from_be_bytes(*power)) / 256.0;
                        Self::sampled(|x| x.powf(power))
                    }
                    samples => Self(samples.iter().copied().map(sample16).collect()),
                };
                Some((curve, length))
            }
            b"para" => {
                let function = u16::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
                let count = *[1, 3, 4, 5, 7].get(usize::from(function))?;
                let length = 12 + 4 * count;
                let numbers = bytes.get(12..length)?.as_chunks().0;
                let mut numbers = numbers.iter().copied().map(|number| f64::from(fixed(number)));
                let parameters = std::array::from_fn(|_| numbers.next().unwrap_or(0.0));
                Some((Self::parametric(function, parameters)?, length))
            }
            _ => None,
        }
    }

    /// The five functions of a parametric curve.
    fn parametric(function: u16, parameters: [f64; 7]) -> Option<Self> {
        let [g, a, b, c, d, e, f] = parameters;
        // (power's factor, its addend, what is added) and (from where on, slope, what is added).
        let ((a, b, e), (d, c, f)) = match function {
            0 => ((1.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
            1 => ((a, b, 0.0), (-b / a, 0.0, 0.0)),
            2 => ((a, b, c), (-b / a, 0.0, c)),
            3 => ((a, b, 0.0), (d, c, 0.0)),
            _ => ((a, b, e), (d, c, f)),
        };
        let curve =
            Self::sampled(|x| if x >= d { (a * x + b).max(0.0).powf(g) + e } else { c * x + f });
        curve.0.iter().all(|sample| sample.is_finite()).then_some(curve)
    }

    /// The curve's value at `x`, or at the end that is nearer if it goes no further.
    pub(super) fn at(&self, x: f32) -> f32 {
        let last = self.0.len() - 1;
        // What is no number becomes 0 here.
        let place = (x.clamp(0.0, 1.0) * last as f32).max(0.0);
        let below = (place as usize).min(last - 1);
        let part = place - below as f32;
        self.0[below] + (self.0[below + 1] - self.0[below]) * part
    }
}

/// A sample of 16 bits in `0..=1`.
pub(super) fn sample16(bytes: [u8; 2]) -> f32 {
    f32::from(u16::from_be_bytes(bytes)) / 65535.0
}

/// ICC's signed number with sixteen bits behind the point.
pub(super) fn fixed(bytes: [u8; 4]) -> f32 {
    i32::from_be_bytes(bytes) as f32 / 65536.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<Curve> {
        Curve::read(bytes).map(|(curve, _)| curve)
    }

    #[test]
    fn the_usual_curves_are_read() {
        let straight = read(b"curv\0\0\0\0\0\0\0\0").unwrap();
        assert_eq!((straight.at(0.25), straight.at(7.0), straight.at(f32::NAN)), (0.25, 1.0, 0.0));
        let square = read(b"curv\0\0\0\0\0\0\0\x01\x02\0").unwrap();
        assert!((square.at(0.5) - 0.25).abs() < 1e-6);
        let table = read(b"curv\0\0\0\0\0\0\0\x03\0\0\x33\x33\xff\xff").unwrap();
        assert!((table.at(0.5) - 0.2).abs() < 1e-6 && (table.at(0.75) - 0.6).abs() < 1e-6);
    }

    /// sRGB's curve as a parametric one, in ICC's numbers.
    #[test]
    fn parametric_curves_are_read() {
        let mut bytes = b"para\0\0\0\0\0\x03\0\0".to_vec();
        for number in [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045] {
            bytes.extend(((number * 65536.0_f64).round() as i32).to_be_bytes());
        }
        let curve = read(&bytes).unwrap();
        for level in 0..=255 {
            let value = f64::from(level) / 255.0;
            let back = super::super::space::srgb_of_linear(curve.at(value as f32).into());
            assert!((back - value).abs() < 1e-4, "level {level}: {back}");
        }
        assert_eq!(Curve::read(&bytes).unwrap().1, bytes.len());
        bytes[9] = 9;
        assert_eq!(read(&bytes), None, "there is no such function");
    }

    #[test]
    fn broken_curves_are_none() {
        let broken: [&[u8]; 5] = [
            b"",
            b"curv\0\0\0\0\xff\xff\xff\xff",
            b"curv\0\0\0\0\0\0\0\x02\0\0",
            b"para\0\0\0\0\0\0\0\0\0\x01",
            // A power of -1 at 0.
            b"para\0\0\0\0\0\0\0\0\xff\xff\0\0",
        ];
        for bytes in broken {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }
}
