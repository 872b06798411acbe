//! Random JPEGs of every legal kind, to hold decoders to.
//!
//! A [`Picture`] is coefficients; an [`Encoding`] says how they are written: in which scans, with
//! which tables, markers and restarts. What a decoder shows depends on the picture alone.

mod bytes;
mod codes;
mod encode;
mod picture;
mod script;
mod tokens;

#[cfg(test)]
mod tests;

pub use encode::{Encoding, encode};
pub use picture::{Component, Picture};
pub use script::{Scan, Script};

/// The place of each coefficient in the order that files have (ITU-T T.81, figure A.6), by going
/// along the diagonals.
fn zigzag() -> [usize; 64] {
    let mut places: Vec<usize> = (0..64).collect();
    places.sort_by_key(|place| {
        let (row, column) = (place / 8, place % 8);
        let diagonal = row + column;
        (diagonal, if diagonal % 2 == 0 { column } else { row })
    });
    places.try_into().expect("64 places")
}
