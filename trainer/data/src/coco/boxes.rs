//! Where on its photos an instances file says that the categories are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::categories::Categories;
use super::error::CocoError;
use super::id::Id;
use super::json::{Bbox, Instances};
use super::listed::{each_label, instances, locate};

/// A box, in pixels of the upright photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// From its left to its right edge.
    pub width: f64,
    /// From its upper to its lower edge.
    pub height: f64,
}

impl Area {
    /// Whether a point lies in it, edges included.
    pub fn contains(&self, x: f64, y: f64) -> bool {
        let (right, bottom) = (self.left + self.width, self.top + self.height);
        (self.left..=right).contains(&x) && (self.top..=bottom).contains(&y)
    }
}

/// A photo and the boxes on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Boxed {
    /// Where the file lies.
    pub path: PathBuf,
    /// By the output number of a category, its boxes.
    pub boxes: BTreeMap<usize, Vec<Area>>,
}

impl Boxed {
    /// Reads the boxes of an annotations file, whose photos lie in `folder`, in ascending order of the
    /// photos' ids. Photos without boxes are left out, and annotations without one.
    ///
    /// # Errors
    /// As [`Dataset::read`](super::Dataset::read).
    pub fn read(annotations: &Path, folder: &Path) -> Result<Vec<Self>, CocoError> {
        let Instances { images, annotations, categories } = instances(annotations)?;
        let categories = Categories::new(categories)?;
        let mut photos: BTreeMap<Id, Self> = locate(images, folder)?
            .into_iter()
            .map(|(id, path)| (id, Self { path, boxes: BTreeMap::new() }))
            .collect();
        each_label(&mut photos, &annotations, &categories, |photo, label, annotation| {
            photo.boxes.entry(label).or_default().extend(area(&annotation.bbox));
        })?;
        let mut photos: Vec<Self> = photos.into_values().collect();
        for photo in &mut photos {
            photo.boxes.retain(|_, areas| !areas.is_empty());
        }
        photos.retain(|photo| !photo.boxes.is_empty());
        Ok(photos)
    }
}

/// What `bbox` says, if it is a box: left, top, width and height.
pub(super) fn area(bbox: &Bbox) -> Option<Area> {
    match *bbox {
        Bbox::Sides([left, top, width, height]) if width > 0.0 && height > 0.0 => {
            Some(Area { left, top, width, height })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(annotations: &str) -> Vec<Boxed> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("boxes.json");
        let text = format!(
            r#"{{"images":[{{"id":2,"file_name":"b.jpg"}},{{"id":1,"file_name":"a.jpg"}}],
                "categories":[{{"id":1,"name":"person"}},{{"id":18,"name":"dog"}}],
                "annotations":[{annotations}]}}"#
        );
        std::fs::write(&path, text).unwrap();
        Boxed::read(&path, Path::new("photos")).unwrap()
    }

    #[test]
    fn boxes_are_by_photo_and_label() {
        let boxed = read(
            r#"{"image_id":2,"category_id":18,"bbox":[1.5,2,3,4]},
               {"image_id":2,"category_id":18,"bbox":[0,0,1,1]},
               {"image_id":2,"category_id":1,"bbox":[5,5,5,5]}"#,
        );
        let area = |left, top, width, height| Area { left, top, width, height };
        let dogs = vec![area(1.5, 2.0, 3.0, 4.0), area(0.0, 0.0, 1.0, 1.0)];
        let boxes = BTreeMap::from([(0, vec![area(5.0, 5.0, 5.0, 5.0)]), (16, dogs)]);
        assert_eq!(boxed, [Boxed { path: "photos/b.jpg".into(), boxes }]);
    }

    #[test]
    fn what_is_no_box_is_left_out() {
        let odd = ["[1,2,0,4]", "[1,2,3]", "NaN", "[1,2,NaN,4]", "null", "{}", "\"1\""];
        for bbox in odd {
            let of = |bbox: &str| format!(r#"{{"image_id":1,"category_id":1,"bbox":{bbox}}}"#);
            assert_eq!(read(&of(bbox)), [], "{bbox}");
            assert_eq!(
                read(&[of(bbox), of("[0,0,1,1]")].join(","))[0].boxes[&0].len(),
                1,
                "{bbox}"
            );
        }
        assert_eq!(read(r#"{"image_id":1,"category_id":1}"#), []);
    }

    #[test]
    fn a_box_has_its_edges() {
        let area = Area { left: 10.0, top: 20.0, width: 5.0, height: 2.0 };
        for (x, y, inside) in
            [(10.0, 20.0, true), (15.0, 22.0, true), (9.9, 21.0, false), (12.0, 22.1, false)]
        {
            assert_eq!(area.contains(x, y), inside, "{x} {y}");
        }
    }
}
