//! Segments and bits of a file.

/// A file that is being written.
#[derive(Default)]
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    /// Bits that make no byte yet.
    bits: u32,
    count: u32,
}

impl Bytes {
    /// A marker alone.
    pub(super) fn marker(&mut self, marker: u8) {
        self.bytes.extend([0xFF, marker]);
    }

    /// A marker and its segment.
    pub(super) fn segment(&mut self, marker: u8, content: &[u8]) {
        self.marker(marker);
        self.bytes.extend((content.len() as u16 + 2).to_be_bytes());
        self.bytes.extend(content);
    }

    /// Bits of data, at most 16; a zero follows every 0xFF (T.81, F.1.2.3).
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        for bit in (0..count).rev() {
            self.bits = self.bits << 1 | bits >> bit & 1;
            self.count += 1;
            if self.count == 8 {
                let byte = self.bits as u8;
                self.bytes.push(byte);
                if byte == 0xFF {
                    self.bytes.push(0);
                }
                (self.bits, self.count) = (0, 0);
            }
        }
    }

    /// Ones until the byte is full.
    pub(super) fn pad(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }
}
