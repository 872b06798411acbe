//! Datasets of small annotations.

use super::*;

const PHOTO: &str = r#"[{"id":7,"file_name":"a.jpg"}]"#;
const CATEGORIES: &str = r#"[{"id":1,"name":"person"},{"id":18,"name":"dog"}]"#;

fn parse(images: &str, annotations: &str, categories: &str) -> Result<Dataset, CocoError> {
    let json =
        format!(r#"{{"images":{images},"annotations":{annotations},"categories":{categories}}}"#);
    Dataset::from_instances(json::parse(json.into_bytes()).unwrap(), Path::new("photos"))
}

/// Labels of the photo 7.
fn labels(annotations: &str, categories: &str) -> Vec<usize> {
    let mut dataset = parse(PHOTO, annotations, categories).unwrap();
    assert_eq!(dataset.remarks, Vec::<String>::new());
    dataset.photos.remove(0).target.labels().to_vec()
}

#[test]
fn repeated_and_absent_labels() {
    let dataset = parse(
        r#"[{"id":9,"file_name":"b.jpg"},{"id":7,"file_name":"a.jpg"}]"#,
        r#"[{"image_id":9,"category_id":18},{"image_id":9,"category_id":18},
            {"image_id":9,"category_id":1,"iscrowd":1}]"#,
        CATEGORIES,
    );
    let photos = dataset.unwrap().photos;
    assert_eq!(photos[0], Photo::new(7, "photos/a.jpg", Target::Labels(vec![])));
    assert_eq!(photos[1], Photo::new(9, "photos/b.jpg", Target::Labels(vec![0, 16])));
}

#[test]
fn names_decide_what_categories_are() {
    let one = |category: u32| format!(r#"[{{"image_id":7,"category_id":{category}}}]"#);
    // COCO's surfboard is 42 and output 37, its kite 38 and output 33.
    for (category, categories, label) in [
        (38, r#"[{"id":38,"name":"surfboard"}]"#, 37),
        (0, r#"[{"id":0,"name":"Surfboard"},{"id":42,"name":"kite"}]"#, 37),
        (42, r#"[{"id":38,"name":"surfboard"},{"id":42,"name":"kite"}]"#, 33),
        (9, r#"[{"id":5,"name":"surfboard"},{"id":9,"name":"surfboard"}]"#, 37),
    ] {
        assert_eq!(labels(&one(category), categories), [label], "{categories}");
    }
}

#[test]
fn repetitions_and_unused_categories_are_no_contradictions() {
    let categories = r#"[{"id":0,"name":"__background__"},{"id":1,"name":"person"},
        {"id":12,"name":"N/A"},{"id":26,"name":"N/A"},{"id":1,"name":"person"}]"#;
    let annotation = r#"[{"image_id":7,"category_id":1}]"#;
    assert_eq!(labels(annotation, categories), [0]);
    let images = r#"[{"id":7,"file_name":"a.jpg"},{"id":7.0,"file_name":"./a.jpg","width":3}]"#;
    assert_eq!(parse(images, annotation, categories).unwrap().photos.len(), 1);
    assert_eq!(parse(PHOTO, "[]", "[]").unwrap().photos.len(), 1);
}

#[test]
fn ids_match_whatever_their_notation() {
    let categories = r#"[{"id":"1","name":"person"},{"id":-18.0,"name":"dog"}]"#;
    let annotations = r#"[{"image_id":"7","category_id":1.0},{"image_id":7.0,"category_id":-18}]"#;
    assert_eq!(labels(annotations, categories), [0, 16]);
    let images = r#"[{"id":"x","file_name":"a.jpg"},{"id":-1,"file_name":"b.jpg"}]"#;
    let annotations = r#"[{"image_id":"x","category_id":1},{"image_id":-1,"category_id":18}]"#;
    let photos = parse(images, annotations, CATEGORIES).unwrap().photos;
    assert_eq!(photos.iter().map(|photo| photo.target.labels()).collect::<Vec<_>>(), [[16], [0]]);
}

#[test]
fn annotations_of_absent_images_are_counted() {
    let annotations = r#"[{"image_id":8,"category_id":1},{"image_id":7,"category_id":1},
        {"image_id":8,"category_id":999},{"image_id":9,"category_id":1}]"#;
    let dataset = parse(PHOTO, annotations, CATEGORIES).unwrap();
    assert_eq!(dataset.photos[0].target.labels(), [0]);
    let [remark] = &dataset.remarks[..] else { panic!("{:?}", dataset.remarks) };
    assert!(remark.ends_with("left out: 3, of the image ids 8, 9"), "{remark}");
    assert_eq!(dataset.filter(|_| true).remarks, Vec::<String>::new());
}

#[test]
fn contradictions_are_errors_that_name_them_once() {
    let of = |image: u32, category: u32| {
        let one = format!(r#"{{"image_id":{image},"category_id":{category}}}"#);
        format!("[{one},{one}]")
    };
    let two = r#"[{"id":7,"file_name":"a.jpg"},{"id":7,"file_name":"b.jpg"}]"#;
    let drone = r#"[{"id":91,"name":"drone"}]"#;
    let renamed = r#"[{"id":1,"name":"person"},{"id":1,"name":"cat"}]"#;
    for (images, annotations, categories, expected) in [
        (PHOTO, of(8, 1), CATEGORIES, "unknown image ids only: 8;"),
        (PHOTO, of(7, 12), CATEGORIES, "unknown category ids: 12;"),
        (PHOTO, of(7, 91), drone, "none of COCO's 80: 91 \"drone\";"),
        (PHOTO, of(7, 38), "[]", "no categories"),
        (PHOTO, of(7, 1), renamed, "another name besides: 1 \"cat\";"),
        (r#"[{"id":7,"file_name":"../a.jpg"}]"#, of(7, 1), CATEGORIES, "\"../a.jpg\";"),
        (two, of(7, 1), CATEGORIES, "two files: 7 (\"b.jpg\");"),
    ] {
        let error = parse(images, &annotations, categories).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected:?} is not in {error:?}");
    }
}
