//! What a photo takes in memory while it is read, beside the file.

use std::io::Cursor;

use peak_alloc::PeakAlloc;
use tagsight_core::photo::{Squasher, load_squashed};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const WIDTH: u32 = 2000;
const HEIGHT: u32 = 1500;
const PIXELS: usize = (WIDTH * HEIGHT) as usize;
const SIDE: usize = 224;
/// Rows, tables, and what resizing takes for each column.
const BESIDES: usize = WIDTH as usize * SIDE * 3 + (2 << 20);

/// What does not compress to nothing.
fn noise(bytes: usize) -> Vec<u8> {
    (0..bytes as u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// 16 bits a sample, with transparency: eight bytes a pixel.
fn wide_png() -> Vec<u8> {
    let mut photo = Vec::new();
    let mut encoder = png::Encoder::new(&mut photo, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Sixteen);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&noise(PIXELS * 8)).unwrap();
    writer.finish().unwrap();
    photo
}

fn lossless_webp() -> Vec<u8> {
    let mut photo = Vec::new();
    let encoder = image_webp::WebPEncoder::new(Cursor::new(&mut photo));
    encoder.encode(&noise(PIXELS * 3), WIDTH, HEIGHT, image_webp::ColorType::Rgb8).unwrap();
    photo
}

/// The most that reading a photo takes beyond what is taken already.
fn peak(photo: &[u8]) -> usize {
    let mut squasher = Squasher::default();
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    load_squashed(photo, SIDE, &mut squasher).unwrap();
    ALLOCATOR.peak_usage() - before
}

// One test alone, since the counter is the whole process's.
#[test]
fn photos_take_no_more_memory_than_is_stated() {
    // (photo, bytes a pixel)
    let cases = [("PNG of 16 bits", wide_png(), 3), ("lossless WebP", lossless_webp(), 7)];
    for (what, photo, bytes_each) in cases {
        let taken = peak(&photo);
        println!("{what}: {:.1} bytes a pixel", taken as f64 / PIXELS as f64);
        assert!(taken <= PIXELS * bytes_each + BESIDES, "{what}: {taken} bytes");
        // The negative control: the counter does count.
        assert!(taken >= PIXELS * 3, "{what}: only {taken} bytes");
    }
}
