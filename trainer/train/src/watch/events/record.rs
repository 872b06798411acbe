//! The framing of TensorFlow's record files, which TensorBoard reads: each record is its length
//! (8 bytes), that length's checksum (4), the payload and the payload's checksum (4), all little
//! endian.

/// `payload` as a record.
pub(super) fn frame(payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u64).to_le_bytes();
    let mut record = Vec::with_capacity(payload.len() + 16);
    record.extend(length);
    record.extend(masked_crc(&length).to_le_bytes());
    record.extend(payload);
    record.extend(masked_crc(payload).to_le_bytes());
    record
}

/// CRC-32C, rotated and shifted by a constant: a checksum of data that itself holds checksums
/// would be weak.
fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The payloads of a file of records; a reader of its own, bit by bit.
    ///
    /// # Panics
    /// If a checksum is wrong or the file ends within a record.
    pub(in crate::watch) fn payloads(mut file: &[u8]) -> Vec<Vec<u8>> {
        let mut payloads = Vec::new();
        while !file.is_empty() {
            let length = take_checked(&mut file, 8);
            let length = u64::from_le_bytes(length.try_into().unwrap());
            payloads.push(take_checked(&mut file, length as usize));
        }
        payloads
    }

    fn take_checked(file: &mut &[u8], length: usize) -> Vec<u8> {
        let (bytes, rest) = file.split_at(length);
        let (checksum, rest) = rest.split_at(4);
        *file = rest;
        let masked = u32::from_le_bytes(checksum.try_into().unwrap());
        let unmasked = masked.wrapping_sub(0xa282_ead8).rotate_left(15);
        assert_eq!(unmasked, slow_crc32c(bytes));
        bytes.to_vec()
    }

    fn slow_crc32c(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc: u32, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| {
                (crc >> 1) ^ (if crc & 1 == 1 { 0x82f6_3b78 } else { 0 })
            })
        })
    }

    /// The examples of RFC 3720, appendix B.4.
    #[test]
    fn checksums_are_those_of_the_standard() {
        let ascending: Vec<u8> = (0..32).collect();
        let descending: Vec<u8> = (0..32).rev().collect();
        let cases: [(&[u8], u32); 4] = [
            (&[0; 32], 0x8a91_36aa),
            (&[0xff; 32], 0x62a8_ab43),
            (&ascending, 0x46dd_794e),
            (&descending, 0x113f_db5c),
        ];
        for (bytes, expected) in cases {
            assert_eq!(crc32c::crc32c(bytes), expected);
            assert_eq!(slow_crc32c(bytes), expected);
        }
    }

    #[test]
    fn records_read_back() {
        let written: [&[u8]; 3] = [b"first", b"", &[7; 300]];
        let file: Vec<u8> = written.iter().flat_map(|payload| frame(payload)).collect();
        assert_eq!(payloads(&file), written);
    }

    #[test]
    #[should_panic(expected = "left == right")]
    fn a_flipped_bit_is_found() {
        let mut file = frame(b"payload");
        file[14] ^= 1;
        payloads(&file);
    }
}
