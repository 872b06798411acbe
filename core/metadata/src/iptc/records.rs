//! Data sets: `1C`, record, number, length, value (IIM 4.2, 1.5).

const MARKER: u8 = 0x1C;
/// A length beyond this says how long the length is.
const LONGEST: usize = 0x7FFF;

/// A data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DataSet<'a> {
    pub(super) record: u8,
    pub(super) number: u8,
    pub(super) value: &'a [u8],
    /// All of it.
    pub(super) bytes: &'a [u8],
}

impl DataSet<'_> {
    pub(super) fn is(&self, (record, number): (u8, u8)) -> bool {
        (self.record, self.number) == (record, number)
    }
}

/// The data sets of a block; nothing if it is not made of them.
pub(super) fn parse(block: &[u8]) -> Option<Vec<DataSet<'_>>> {
    let mut rest = &block[..block.len() - padding(block).len()];
    let mut records = Vec::new();
    while !rest.is_empty() {
        let &[MARKER, record, number, high, low] = rest.first_chunk()? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let (start, length) = if length <= LONGEST {
            (5, length)
        } else {
            let digits = length & LONGEST;
            let bytes = rest.get(5..)?.get(..digits).filter(|_| digits <= 4)?;
            (5 + digits, bytes.iter().fold(0, |length, &byte| length << 8 | usize::from(byte)))
        };
        let end = start.checked_add(length)?;
        let value = rest.get(start..end)?;
        records.push(DataSet { record, number, value, bytes: &rest[..end] });
        rest = &rest[end..];
    }
    Some(records)
}

/// The zeros behind the last data set, which some programs write.
pub(super) fn padding(block: &[u8]) -> &[u8] {
    let mut rest = block;
    while let Some(&[MARKER, _, _, high, low]) = rest.first_chunk() {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let digits = if length <= LONGEST { 0 } else { length & LONGEST };
        let long = rest.get(5..).and_then(|rest| rest.get(..digits)).filter(|_| digits <= 4);
        let Some(long) = long else { return &[] };
        let length = match digits {
            0 => length,
            _ => long.iter().fold(0, |length, &byte| length << 8 | usize::from(byte)),
        };
        match length.checked_add(5 + digits).and_then(|end| rest.get(end..)) {
            Some(behind) => rest = behind,
            None => return &[],
        }
    }
    if rest.iter().all(|&byte| byte == 0) { rest } else { &[] }
}

/// A data set's bytes.
pub(super) fn written(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![MARKER, record, number];
    match u16::try_from(value.len()).ok().filter(|&length| usize::from(length) <= LONGEST) {
        Some(length) => bytes.extend(length.to_be_bytes()),
        None => {
            bytes.extend([0x80, 4]);
            bytes.extend((value.len() as u32).to_be_bytes());
        }
    }
    bytes.extend(value);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_and_padding() {
        let long = vec![7; 40_000];
        let block = [written(2, 120, &long), written(2, 25, b"dog"), vec![0; 3]].concat();
        let records = parse(&block).unwrap();
        assert_eq!(records[0].value, long);
        assert_eq!(records[1].value, b"dog");
        assert_eq!(padding(&block), [0; 3]);
        for length in 0..block.len() - 3 {
            let cut = parse(&block[..length]);
            let whole = [0, 9 + 40_000].contains(&length);
            assert_eq!(cut.is_some(), whole, "{length} bytes");
        }
    }

    #[test]
    fn other_bytes_are_no_records() {
        for block in [&b"\x1c\x02"[..], b"dog", b"\x1c\x02\x19\xff\xff", b"\x1c\x02\x19\x00\x01d!"]
        {
            assert_eq!(parse(block), None, "{block:?}");
        }
    }
}
