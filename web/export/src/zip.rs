//! Archives, written from front to back and never looked back at.
//!
//! Photos are stored as they are: they are compressed already. A file is in memory when its turn comes,
//! so its size and checksum stand before it, where every program looks for them; archives whose files
//! are followed by both cannot be read by those that read from front to back as well. Offsets beyond
//! 4 GB and more than 65,534 files are said the way of Zip64, where they are needed.

/// What names are written in.
const UTF_8: u16 = 1 << 11;
/// Version 2.0, as of Unix, which keeps permissions.
const MADE_BY: u16 = 3 << 8 | 20;
/// The same with Zip64.
const MADE_BY_64: u16 = 3 << 8 | 45;
/// A plain file that its owner may write.
const PERMISSIONS: u32 = 0o100_644 << 16;

/// A time of day as archives have it: local, in steps of two seconds, since 1980.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stamp {
    date: u16,
    time: u16,
}

impl Stamp {
    /// From "2026-11-26T09:13:18"; the first day there is for anything else.
    pub fn parse(text: &str) -> Self {
        let part = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
        let stamp = || {
            let year = part(0, 4)?.checked_sub(1980).filter(|year| *year < 128)?;
            Some(Self {
                date: (year << 9) | (part(5, 7)? << 5) | part(8, 10)?,
                time: (part(11, 13)? << 11) | (part(14, 16)? << 5) | (part(17, 19)? / 2),
            })
        };
        stamp().unwrap_or(Self { date: (1 << 5) | 1, time: 0 })
    }
}

/// A file in an archive.
#[derive(Debug)]
struct Entry {
    name: String,
    crc: u32,
    bytes: u32,
    stamp: Stamp,
    offset: u64,
}

/// An archive that is being written.
#[derive(Debug, Default)]
pub struct Zip {
    entries: Vec<Entry>,
    offset: u64,
}

impl Zip {
    /// What stands before a file, whose bytes have to follow.
    pub fn begin(&mut self, name: &str, crc: u32, bytes: u32, stamp: Stamp) -> Vec<u8> {
        let entry = Entry { name: name.to_owned(), crc, bytes, stamp, offset: self.offset };
        let mut header = Bytes::default();
        header.u32(0x0403_4b50).u16(20);
        entry.common(&mut header);
        header.u16(0).text(name);
        self.offset += header.0.len() as u64 + u64::from(bytes);
        self.entries.push(entry);
        header.0
    }

    /// How much was written, the files among it.
    pub fn len(&self) -> u64 {
        self.offset
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What stands at the end.
    pub fn end(&self) -> Vec<u8> {
        let mut end = Bytes::default();
        for entry in &self.entries {
            entry.central(&mut end);
        }
        let (count, size) = (self.entries.len() as u64, end.0.len() as u64);
        if count >= u64::from(u16::MAX) || self.offset + size >= u64::from(u32::MAX) {
            let place = self.offset + size;
            end.u32(0x0606_4b50).u64(44).u16(MADE_BY_64).u16(45).u32(0).u32(0);
            end.u64(count).u64(count).u64(size).u64(self.offset);
            end.u32(0x0706_4b50).u32(0).u64(place).u32(1);
        }
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        end.u32(0x0605_4b50).u16(0).u16(0).u16(count).u16(count);
        end.u32(narrow(size)).u32(narrow(self.offset)).u16(0);
        end.0
    }
}

impl Entry {
    /// What both headers have.
    fn common(&self, into: &mut Bytes) {
        into.u16(UTF_8).u16(0).u16(self.stamp.time).u16(self.stamp.date);
        into.u32(self.crc).u32(self.bytes).u32(self.bytes).u16(self.name.len() as u16);
    }

    fn central(&self, into: &mut Bytes) {
        let is_far = self.offset >= u64::from(u32::MAX);
        let (made_by, needed) = if is_far { (MADE_BY_64, 45) } else { (MADE_BY, 20) };
        into.u32(0x0201_4b50).u16(made_by).u16(needed);
        self.common(into);
        into.u16(if is_far { 12 } else { 0 }).u16(0).u16(0).u16(0).u32(PERMISSIONS);
        into.u32(narrow(self.offset)).text(&self.name);
        if is_far {
            into.u16(1).u16(8).u64(self.offset);
        }
    }
}

/// What stands where a number has no room, and another place has it.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Numbers as archives have them, the lowest byte first.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn u16(&mut self, number: u16) -> &mut Self {
        self.text(number.to_le_bytes())
    }

    fn u32(&mut self, number: u32) -> &mut Self {
        self.text(number.to_le_bytes())
    }

    fn u64(&mut self, number: u64) -> &mut Self {
        self.text(number.to_le_bytes())
    }

    fn text(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.extend_from_slice(bytes.as_ref());
        self
    }
}

#[cfg(test)]
mod tests {
    use rawzip::ZipArchive;

    use super::*;

    fn add(zip: &mut Zip, archive: &mut Vec<u8>, name: &str, bytes: &[u8]) {
        let crc = crc32fast::hash(bytes);
        let stamp = Stamp::parse("2026-11-26T09:13:18");
        archive.extend(zip.begin(name, crc, bytes.len() as u32, stamp));
        archive.extend(bytes);
        assert_eq!(zip.len(), archive.len() as u64);
    }

    /// Names, offsets and contents, as another reader has them.
    fn read(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
        let archive = ZipArchive::from_slice(archive).unwrap();
        let mut entries = archive.entries();
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry().unwrap() {
            let name = entry.file_path().try_normalize().unwrap().as_str().to_owned();
            assert_eq!(
                entry.crc32(),
                crc32fast::hash(archive.get_entry(entry.wayfinder()).unwrap().data())
            );
            found.push((name, archive.get_entry(entry.wayfinder()).unwrap().data().to_vec()));
        }
        found
    }

    #[test]
    fn another_reader_finds_every_file() {
        let (mut zip, mut archive) = (Zip::default(), Vec::new());
        assert!(zip.is_empty());
        let files =
            [("바다 (2).jpg", &b"a photo"[..]), ("바다 (2).jpg.xmp", b""), ("z.json", b"{}")];
        for (name, bytes) in files {
            add(&mut zip, &mut archive, name, bytes);
        }
        archive.extend(zip.end());
        let wanted = files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        assert_eq!(read(&archive), wanted);
    }

    #[test]
    fn names_are_marked_as_unicode_and_times_are_local() {
        let mut zip = Zip::default();
        let header = zip.begin("바다.jpg", 1, 2, Stamp::parse("2026-11-26T09:13:18"));
        assert_eq!(header[6..8], UTF_8.to_le_bytes());
        // 9 h, 13 min, 9 × 2 s; 46 years after 1980.
        assert_eq!(header[10..12], (9_u16 << 11 | 13 << 5 | 9).to_le_bytes());
        assert_eq!(header[12..14], (46_u16 << 9 | 11 << 5 | 26).to_le_bytes());
        assert_eq!(Stamp::parse(""), Stamp::parse("1980-01-01T00:00:00"));
        assert_eq!(Stamp::parse("1970-01-01T00:00:00"), Stamp::parse(""));
    }

    /// Of an archive beyond 4 GB only the end is made: what comes before is not looked at.
    #[test]
    fn beyond_four_gigabytes_offsets_are_wide() {
        let last = u64::from(u32::MAX) - 1;
        for (offset, is_wide) in [(last, false), (last + 1, true), (5 << 30, true)] {
            let mut zip = Zip { entries: Vec::new(), offset };
            zip.begin("far.jpg", 7, 9, Stamp::default());
            let end = zip.end();
            let central = u32::from_le_bytes(end[42..46].try_into().unwrap());
            assert_eq!(central == u32::MAX, is_wide, "{offset}");
            if is_wide {
                let extra = 46 + "far.jpg".len();
                assert_eq!(end[extra..extra + 4], [1, 0, 8, 0]);
                assert_eq!(end[extra + 4..extra + 12], offset.to_le_bytes());
            }
            // The directory itself is beyond in any case.
            assert!(end.windows(4).any(|mark| mark == 0x0606_4b50_u32.to_le_bytes()));
        }
    }

    #[test]
    fn more_files_than_a_short_count_holds_are_counted_wide() {
        for (count, is_wide) in [(65_534, false), (65_535, true)] {
            let (mut zip, mut archive) = (Zip::default(), Vec::new());
            for number in 0..count {
                archive.extend(zip.begin(&format!("{number}"), 0, 0, Stamp::default()));
            }
            let end = zip.end();
            let mark = 0x0606_4b50_u32.to_le_bytes();
            assert_eq!(end.windows(4).any(|bytes| bytes == mark), is_wide);
            archive.extend(end);
            assert_eq!(ZipArchive::from_slice(&archive[..]).unwrap().entries_hint(), count);
        }
    }
}
