//! The same frames in every container.

use std::time::Duration;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{Delay, Rgba, RgbaImage};

use super::*;
use crate::picture::png_bytes;

const FRAMES: u8 = 12;

/// Frames of one grey each.
fn grey(number: u8) -> u8 {
    number * 20
}

fn picture(number: u8) -> Rgb8 {
    Rgb8 { width: 16, height: 8, bytes: vec![grey(number); 16 * 8 * 3] }
}

fn jpeg(number: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let Rgb8 { width, height, bytes: pixels } = picture(number);
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
    let (width, height) = (width as u32, height as u32);
    image::ImageEncoder::write_image(
        encoder,
        &pixels,
        width,
        height,
        image::ExtendedColorType::Rgb8,
    )
    .unwrap();
    bytes
}

fn gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for number in 0..FRAMES {
        let grey = grey(number);
        let buffer = RgbaImage::from_pixel(16, 8, Rgba([grey, grey, grey, 255]));
        let delay = Delay::from_saturating_duration(Duration::from_millis(40));
        encoder.encode_frame(image::Frame::from_parts(buffer, 0, 0, delay)).unwrap();
    }
    drop(encoder);
    bytes
}

/// The first frame is whole; each later one covers the left half alone.
fn apng() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 16, 8);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(u32::from(FRAMES), 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&picture(0).bytes).unwrap();
    for number in 1..FRAMES {
        writer.set_frame_dimension(8, 8).unwrap();
        writer.set_frame_position(0, 0).unwrap();
        writer.write_image_data(&[grey(number); 8 * 8 * 3]).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

fn chunk(id: &[u8], data: &[u8]) -> Vec<u8> {
    let padding = vec![0; data.len() % 2];
    [id, &(data.len() as u32).to_le_bytes(), data, &padding].concat()
}

fn list(id: &[u8], form: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(id, &[form, &chunks.concat()].concat())
}

/// An AVI whose second stream is the video; half of the frames are in a list, and the rest in a second segment.
fn avi(codec: &[u8; 4]) -> Vec<u8> {
    let stream = |kind: &[u8], codec: &[u8]| {
        let header = chunk(b"strh", &[kind, codec, &[0; 48]].concat());
        let format = chunk(b"strf", &[&[0; 16], codec, &[0; 20]].concat());
        list(b"LIST", b"strl", &[header, format])
    };
    let headers = [chunk(b"avih", &[0; 56]), stream(b"auds", &[0; 4]), stream(b"vids", codec)];
    let frame = |number| chunk(b"01dc", &jpeg(number));
    let sound = || chunk(b"00wb", b"sound");
    let records = [sound(), frame(0), frame(1), chunk(b"01dc", &[])];
    let first =
        [list(b"LIST", b"rec ", &records), sound(), frame(3), frame(4), chunk(b"ix01", &[0; 9])];
    let second: Vec<Vec<u8>> = (5..FRAMES).map(frame).collect();
    let index = chunk(b"idx1", &[7; 16]);
    let riff = [
        list(b"LIST", b"hdrl", &headers),
        chunk(b"JUNK", &[0; 3]),
        list(b"LIST", b"movi", &first),
        index,
    ];
    let more = [list(b"LIST", b"movi", &second)];
    [list(b"RIFF", b"AVI ", &riff), list(b"RIFF", b"AVIX", &more)].concat()
}

fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn said(result: Result<Vec<Rgb8>, VideoError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn every_container_gives_its_frames_evenly_spaced() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..FRAMES {
        let path = folder.path().join(format!("frame{number}.png"));
        std::fs::write(path, png_bytes(&picture(number))).unwrap();
    }
    std::fs::write(folder.path().join(".hidden"), "").unwrap();
    let found = frames(folder.path(), 4).unwrap();
    assert_eq!(found, [0, 4, 7, 11].map(picture));
    let (_folder, path) = written("a.gif", &gif());
    assert_eq!(frames(&path, 4).unwrap(), found);
    // The third frame of the AVI is its second one, shown on.
    let (_folder, path) = written("a.avi", &avi(b"MJPG"));
    let levels = |found: Vec<Rgb8>| found.iter().map(|frame| frame.bytes[0]).collect::<Vec<_>>();
    let expected = [0, 1, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(grey);
    for (level, expected) in levels(frames(&path, 12).unwrap()).into_iter().zip(expected) {
        assert!(level.abs_diff(expected) <= 1, "{level} for {expected}");
    }
    let (_folder, path) = written("a.png", &apng());
    let halves = frames(&path, 4).unwrap();
    assert_eq!(levels(halves.clone()), [0, 4, 7, 11].map(grey));
    assert!(halves.iter().all(|frame| frame.bytes[16 * 3 - 1] == 0), "the right half stays");
    let (_folder, path) = written("still.png", &png_bytes(&picture(3)));
    assert_eq!(frames(&path, 2).unwrap(), [3, 3].map(picture));
}

#[test]
fn what_is_no_video_is_refused_with_the_reason() {
    let empty = tempfile::tempdir().unwrap();
    assert!(said(frames(empty.path(), 4)).contains("no frames"));
    assert!(said(frames(&empty.path().join("none.gif"), 4)).contains("none.gif"));
    let (_folder, path) = written("a.avi", &list(b"RIFF", b"AVI ", &[]));
    assert!(said(frames(&path, 4)).contains("no video"));
    let (folder, _) = written("notes.txt", b"no frame");
    assert!(said(frames(folder.path(), 4)).contains("a frame cannot be used"));
}

#[test]
fn avis_of_other_codecs_are_told_apart() {
    assert_eq!(avi::jpegs(&avi(b"H264")), Err(avi::AviError::OtherCodec));
    assert_eq!(avi::jpegs(&avi(b"mjpg")).unwrap().len(), usize::from(FRAMES));
}

#[test]
fn damaged_videos_end_in_errors_or_fewer_frames() {
    let mut random = 1u64;
    for (name, bytes) in [("a.gif", gif()), ("a.png", apng()), ("a.avi", avi(b"MJPG"))] {
        let (_folder, path) = written(name, &bytes);
        for round in 0..200 {
            let mut damaged = bytes.clone();
            if round % 2 == 0 {
                damaged.truncate(16 + round * (bytes.len() - 16) / 200);
            } else {
                for _ in 0..4 {
                    random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                    let place = 16 + (random >> 33) as usize % (bytes.len() - 16);
                    damaged[place] = (random >> 20) as u8;
                }
            }
            std::fs::write(&path, &damaged).unwrap();
            if let Ok(found) = frames(&path, 4) {
                assert_eq!(found.len(), 4);
            }
        }
    }
}
