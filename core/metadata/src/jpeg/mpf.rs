//! The index of a file of several pictures (CIPA DC-007): gain maps, depth, previews. It has the first
//! picture's size, and the others' places, counted from a place in itself; both have to follow whatever
//! is written into the first.

use std::ops::Range;

use crate::refusal::{Damage, Refusal};
use crate::splice::Splice;
use crate::tiff::Tiff;

/// The list of pictures.
const ENTRIES: u16 = 0xB002;
/// A picture: attributes, size, place, two numbers.
const ENTRY_BYTES: usize = 16;
const SIZE_AT: usize = 4;
const PLACE_AT: usize = 8;

/// What has to change in the index at byte `header` of the file when `splices` are made.
pub(super) fn moved(
    index: &[u8],
    header: usize,
    splices: &[Splice],
) -> Result<Vec<Splice>, Refusal> {
    let damaged = || Refusal::Damaged(Damage::Index);
    let growth = |of: &dyn Fn(&Splice) -> bool| -> i64 {
        let splices = splices.iter().filter(|splice| of(splice));
        splices.map(|splice| splice.bytes.len() as i64 - splice.range.len() as i64).sum()
    };
    let (all, behind) = (growth(&|_| true), growth(&|splice| splice.range.start >= header));
    if all == 0 && behind == 0 {
        return Ok(Vec::new());
    }
    let tiff = Tiff::new(index).ok_or_else(damaged)?;
    let list = tiff.entry(ENTRIES).ok_or_else(damaged)?;
    let length = list.count as usize;
    let start = tiff.long(list.at).ok_or_else(damaged)? as usize;
    let end = start.checked_add(length).filter(|&end| end <= index.len()).ok_or_else(damaged)?;
    let number = |value: u32| match tiff.is_little_endian {
        true => value.to_le_bytes(),
        false => value.to_be_bytes(),
    };
    let mut changes = Vec::new();
    let mut change = |at: usize, by: i64| -> Result<(), Refusal> {
        let value = tiff.long(at).ok_or_else(damaged)?;
        // Nothing is known, or it is the first picture.
        if value == 0 || by == 0 {
            return Ok(());
        }
        let value = u32::try_from(i64::from(value) + by).map_err(|_| damaged())?;
        let range: Range<usize> = header + at..header + at + 4;
        changes.push(Splice { range, bytes: number(value).to_vec() });
        Ok(())
    };
    for at in (start..end).step_by(ENTRY_BYTES).filter(|at| at + ENTRY_BYTES <= end) {
        match tiff.long(at + PLACE_AT) {
            Some(0) => change(at + SIZE_AT, all)?,
            _ => change(at + PLACE_AT, behind)?,
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of pictures with these sizes and places.
    fn index(is_little_endian: bool, pictures: &[(u32, u32)]) -> Vec<u8> {
        let long = |value: u32| match is_little_endian {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let short = |value: u16| match is_little_endian {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let mut bytes = if is_little_endian { b"II\x2a\0".to_vec() } else { b"MM\0\x2a".to_vec() };
        bytes.extend(long(8));
        bytes.extend(short(1));
        bytes.extend(short(ENTRIES));
        bytes.extend(short(7));
        bytes.extend(long((pictures.len() * ENTRY_BYTES) as u32));
        bytes.extend(long(26));
        bytes.extend(long(0));
        for &(size, place) in pictures {
            bytes.extend(long(0));
            bytes.extend(long(size));
            bytes.extend(long(place));
            bytes.extend([0; 4]);
        }
        bytes
    }

    fn splice(range: Range<usize>, bytes: usize) -> Splice {
        Splice { range, bytes: vec![0; bytes] }
    }

    #[test]
    fn sizes_and_places_follow() {
        const HEADER: usize = 100;
        for is_little_endian in [true, false] {
            let before = index(is_little_endian, &[(5000, 0), (700, 4900), (0, 0)]);
            let cases = [
                (splice(20..20, 60), (5060, 0, 4900)),
                (splice(20..50, 10), (4980, 0, 4900)),
                (splice(200..200, 60), (5060, 0, 4960)),
                (splice(200..260, 60), (5000, 0, 4900)),
            ];
            for (change, (size, place, other)) in cases {
                let mut after = before.clone();
                for Splice { range, bytes } in moved(&before, HEADER, &[change]).unwrap() {
                    after[range.start - HEADER..range.end - HEADER].copy_from_slice(&bytes);
                }
                assert_eq!(after, index(is_little_endian, &[(size, place), (700, other), (0, 0)]));
            }
            for length in 0..before.len() {
                let outcome = moved(&before[..length], HEADER, &[splice(20..20, 60)]);
                assert!(outcome.is_err(), "{length} bytes");
            }
        }
    }

    #[test]
    fn what_would_wrap_is_refused() {
        let before = index(true, &[(5000, 0), (700, u32::MAX - 10)]);
        assert!(moved(&before, 100, &[splice(200..200, 60)]).is_err());
        let small = index(true, &[(10, 0)]);
        assert!(moved(&small, 100, &[splice(20..60, 0)]).is_err());
    }
}
