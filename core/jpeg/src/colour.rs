//! What components mean, and their way to RGB.

use crate::frame::Frame;

/// The byte by which Adobe's segment says how colours were transformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Transform(pub(crate) u8);

/// What the components of a pixel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    Grey,
    YCbCr,
    Rgb,
    /// Inks as Adobe stores them, 255 for none, as every reader takes them.
    Cmyk,
    /// The same, with cyan, magenta and yellow as if they were red, green and blue in YCbCr.
    Ycck,
}

impl Colour {
    /// What libjpeg takes a picture's components for: JFIF comes before Adobe's segment, that before
    /// the components' names, and transforms that there are not count as the usual one.
    pub(crate) fn of(frame: &Frame, jfif: bool, transform: Option<Transform>) -> Self {
        let ids: Vec<u8> = frame.components.iter().map(|component| component.id).collect();
        match (ids.as_slice(), transform) {
            ([_], _) => Self::Grey,
            ([_, _, _], _) if jfif => Self::YCbCr,
            ([_, _, _], Some(Transform(0))) => Self::Rgb,
            (b"RGB", None) => Self::Rgb,
            ([_, _, _], _) => Self::YCbCr,
            (_, None | Some(Transform(0))) => Self::Cmyk,
            _ => Self::Ycck,
        }
    }

    /// Bytes of a pixel that is decoded.
    pub(crate) fn channels(self) -> usize {
        if self == Self::Grey { 1 } else { 3 }
    }

    /// Turns a row of each component into a row of pixels.
    pub(crate) fn convert(self, rows: &[&[u8]], pixels: &mut [u8]) {
        match (self, rows) {
            (Self::Grey, [grey]) => pixels.copy_from_slice(&grey[..pixels.len()]),
            (Self::YCbCr, [y, cb, cr]) => convert(y, cb, cr, pixels, from_ycbcr),
            (Self::Rgb, [r, g, b]) => convert(r, g, b, pixels, |r, g, b| [r, g, b]),
            (Self::Cmyk, [c, m, y, k]) => {
                convert(c, m, y, pixels, |c, m, y| [c, m, y]);
                darken(k, pixels);
            }
            (Self::Ycck, [y, cb, cr, k]) => {
                // The transform was of the inks' complements.
                convert(y, cb, cr, pixels, |y, cb, cr| from_ycbcr(y, cb, cr).map(|ink| 255 - ink));
                darken(k, pixels);
            }
            _ => unreachable!("a colour has as many components as its frame"),
        }
    }
}

#[inline(always)]
fn convert(
    first: &[u8],
    second: &[u8],
    third: &[u8],
    pixels: &mut [u8],
    pixel: impl Fn(u8, u8, u8) -> [u8; 3],
) {
    let pixels = pixels.as_chunks_mut::<3>().0;
    let (first, second) = (&first[..pixels.len()], &second[..pixels.len()]);
    let third = &third[..pixels.len()];
    for (((target, &a), &b), &c) in pixels.iter_mut().zip(first).zip(second).zip(third) {
        *target = pixel(a, b, c);
    }
}

/// YCbCr to RGB (ITU-T T.871, 7), in libjpeg's 16-bit fractions.
#[inline(always)]
fn from_ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let red = y + ((91_881 * cr + HALF) >> 16);
    let green = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
    let blue = y + ((116_130 * cb + HALF) >> 16);
    [red, green, blue].map(|channel| channel.clamp(0, 255) as u8)
}

/// Lays black ink over pixels.
fn darken(black: &[u8], pixels: &mut [u8]) {
    for (pixel, &k) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(black) {
        *pixel = pixel.map(|channel| ((u32::from(channel) * u32::from(k) + 127) / 255) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_as_the_standard_has_them() {
        let cases = [
            ([0, 128, 128], [0, 0, 0]),
            ([255, 128, 128], [255, 255, 255]),
            ([76, 85, 255], [254, 0, 0]),
            ([150, 44, 21], [0, 255, 1]),
            ([29, 255, 107], [0, 0, 254]),
        ];
        for ([y, cb, cr], rgb) in cases {
            assert_eq!(from_ycbcr(y, cb, cr), rgb, "{y} {cb} {cr}");
        }
    }

    #[test]
    fn black_ink_darkens() {
        let mut pixels = [0; 6];
        Colour::Cmyk.convert(&[&[255, 100], &[255, 50], &[0, 200], &[255, 51]], &mut pixels);
        assert_eq!(pixels, [255, 255, 0, 20, 10, 40]);
    }
}
