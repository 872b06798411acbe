//! A small dataset of COCO's form: photos that the tests paint.

use std::path::{Path, PathBuf};

use image::{Rgb, RgbImage};
use serde_json::json;

/// Photos in a folder, with annotations.
pub(crate) struct PaintedPhotos {
    folder: tempfile::TempDir,
}

/// COCO's ids of the two things that are painted.
const PERSON: u32 = 1;
const DOG: u32 = 18;

impl PaintedPhotos {
    /// `count` photos: every other one has a red disc (a "person"), every third one a blue square
    /// (a "dog").
    pub(crate) fn new(count: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("photos")).unwrap();
        let (mut images, mut annotations) = (Vec::new(), Vec::new());
        for id in 1..=count {
            let name = format!("{id:04}.png");
            paint(id).save(folder.path().join("photos").join(&name)).unwrap();
            images.push(json!({"id": id, "file_name": name}));
            for (category, every) in [(PERSON, 2), (DOG, 3)] {
                if id % every == 0 {
                    annotations.push(json!({"image_id": id, "category_id": category}));
                }
            }
        }
        let photos = Self { folder };
        photos.write_annotations(&json!({
            "images": images,
            "annotations": annotations,
            "categories": [{"id": PERSON, "name": "person"}, {"id": DOG, "name": "dog"}],
        }));
        photos
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn images(&self) -> PathBuf {
        self.folder().join("photos")
    }

    pub(crate) fn annotations(&self) -> PathBuf {
        self.folder().join("instances.json")
    }

    pub(crate) fn photo(&self, id: u32) -> PathBuf {
        self.images().join(format!("{id:04}.png"))
    }

    pub(crate) fn write_annotations(&self, instances: &serde_json::Value) {
        std::fs::write(self.annotations(), instances.to_string()).unwrap();
    }

    pub(crate) fn read_annotations(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.annotations()).unwrap()).unwrap()
    }
}

fn paint(id: u32) -> RgbImage {
    let shift = id * 7 % 24;
    RgbImage::from_fn(64, 48, |x, y| {
        let (dx, dy) = (i64::from(x) - i64::from(16 + shift), i64::from(y) - 24);
        if id.is_multiple_of(2) && dx * dx + dy * dy < 100 {
            Rgb([230, 30, 20])
        } else if id.is_multiple_of(3)
            && (8..24).contains(&y)
            && (40..56).contains(&((x + shift) % 64))
        {
            Rgb([20, 40, 220])
        } else {
            Rgb([90 + (x * 3 + id) as u8 % 40, 100 + y as u8, 80 + (id * 5 % 50) as u8])
        }
    })
}
