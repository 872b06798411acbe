//! What decoding takes beside the file, stated and measured.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tagsight_jpeg::{Header, Options, Scale};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

const MEGABYTE: usize = 1_000_000;

/// A grey-looking 4:2:0 picture in the standard's tables: four bytes hold a unit of 16 × 16 pixels
/// that are like those before (T.81, tables K.3 to K.6).
fn baseline(width: u16, height: u16) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    file.extend([16; 64]);
    file.extend([0xFF, 0xC0, 0, 17, 8]);
    file.extend(height.to_be_bytes());
    file.extend(width.to_be_bytes());
    file.extend([3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]);
    file.extend([0xFF, 0xDA, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
    let units = usize::from(width.div_ceil(16)) * usize::from(height.div_ceil(16));
    // Luminance: no difference 00, end of block 1010, four times; chrominance: 00 and 00, twice.
    let unit = [0b0010_1000, 0b1010_0010, 0b1000_1010, 0b0000_0000];
    file.extend(unit.repeat(units));
    file.extend([0xFF, 0xD9]);
    file
}

/// All bytes that decoding for a network of `side` asks for, given back or not.
fn taken(file: &[u8], side: u32) -> usize {
    let region = Region::new(ALLOCATOR);
    let header = Header::read(file).unwrap();
    let scale = Scale::smallest(header.width(), header.height(), side);
    let picture = header.decode(&Options { scale, max_bytes: 200 * MEGABYTE as u64 }).unwrap();
    assert!(picture.bytes.iter().all(|&byte| byte == 128), "{scale:?}");
    let change = region.change();
    change.bytes_allocated + change.bytes_reallocated.unsigned_abs()
}

/// One test, as all threads' allocations are counted.
#[test]
fn a_phones_photos_take_what_is_stated() {
    for side in [224, 448] {
        let twelve = taken(&baseline(4032, 3024), side);
        let two_hundred = taken(&baseline(16_320, 12_240), side);
        println!("for {side}²: {twelve} bytes for 12 megapixels, {two_hundred} for 200");
        assert!(twelve <= 64 * MEGABYTE && two_hundred <= 200 * MEGABYTE);
    }
    let header = baseline(65_535, 65_535);
    let header = Header::read(&header[..200]).unwrap();
    let error = header.decode(&Options { scale: Scale::Full, max_bytes: 1 << 30 }).unwrap_err();
    assert!(error.to_string().contains("more than the limit"), "{error}");
}
