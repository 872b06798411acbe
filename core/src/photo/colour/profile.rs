//! ICC profiles: of RGB pictures by matrix or table, of grey ones by a curve (ICC.1:2022).

use super::curve::{Curve, fixed};
use super::space::{Space, WHITE, multiply};
use super::table::Table;

/// Lies behind the header: the number of tags, then each one's name, place and length.
const TAGS_AT: usize = 128;
const TAG_BYTES: usize = 12;

/// The way from a picture's levels to the profile connection space.
#[derive(Debug, PartialEq)]
pub(super) enum Profile {
    /// Linear light of three primaries, of which the matrix has XYZ in columns.
    Matrix {
        /// Each channel's levels to linear light.
        lights: Box<[[f32; 256]; 3]>,
        /// Linear light to XYZ.
        matrix: [[f32; 3]; 3],
    },
    /// Anything.
    Table(Box<Table>),
    /// A grey level's part of white.
    Grey(Curve),
}

impl Profile {
    /// Reads what is needed of a profile.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.get(36..40)? != b"acsp" {
            return None;
        }
        let tag = |name: &[u8; 4]| find(bytes, name);
        match bytes.get(16..20)? {
            b"RGB " => match tag(b"A2B0") {
                Some(table) => Table::read(table, Space::named(bytes.get(20..24)?)?)
                    .map(|table| Self::Table(table.into())),
                None => {
                    let light = |name| Curve::read(tag(name)?).map(|(curve, _)| at_levels(&curve));
                    let lights = Box::new([light(b"rTRC")?, light(b"gTRC")?, light(b"bTRC")?]);
                    let columns = [xyz(tag(b"rXYZ")?)?, xyz(tag(b"gXYZ")?)?, xyz(tag(b"bXYZ")?)?];
                    let matrix = [0, 1, 2].map(|row| columns.map(|column| column[row]));
                    Some(Self::Matrix { lights, matrix })
                }
            },
            b"GRAY" => Curve::read(tag(b"kTRC")?).map(|(curve, _)| Self::Grey(curve)),
            // Of a CMYK picture the decoder has made RGB by then.
            _ => None,
        }
    }

    /// XYZ of a colour, as seen under D50.
    pub(super) fn xyz(&self, rgb: [u8; 3]) -> [f32; 3] {
        match self {
            Self::Matrix { lights, matrix } => multiply(
                matrix,
                [0, 1, 2].map(|channel| lights[channel][usize::from(rgb[channel])]),
            ),
            Self::Table(table) => table.xyz(rgb.map(value)),
            Self::Grey(curve) => {
                let light = curve.at(value(rgb[0]));
                WHITE.map(|white| white * light)
            }
        }
    }
}

/// A level in `0..=1`.
fn value(level: u8) -> f32 {
    f32::from(level) / 255.0
}

/// A curve at each level.
fn at_levels(curve: &Curve) -> [f32; 256] {
    std::array::from_fn(|level| curve.at(value(level as u8)))
}

/// What a tag of this name holds.
fn find<'a>(profile: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let word = |at: usize| Some(u32::from_be_bytes(*profile.get(at..)?.first_chunk()?) as usize);
    let tags = profile.get(TAGS_AT + 4..)?.chunks_exact(TAG_BYTES).take(word(TAGS_AT)?);
    let index = tags.into_iter().position(|tag| tag.starts_with(name))?;
    let entry = TAGS_AT + 4 + index * TAG_BYTES;
    let (start, length) = (word(entry + 4)?, word(entry + 8)?);
    profile.get(start..start.checked_add(length)?)
}

/// The number triple of a tag.
fn xyz(tag: &[u8]) -> Option<[f32; 3]> {
    let numbers = tag.strip_prefix(b"XYZ ")?.get(4..16)?.as_chunks().0;
    Some([fixed(numbers[0]), fixed(numbers[1]), fixed(numbers[2])])
}
