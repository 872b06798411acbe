//! The 80 COCO labels in the order that networks output them, with COCO's official category ids.
//!
//! The ids run from 1 to 90 with gaps (Lin et al. 2014, arXiv 1405.0312; `categories` of the
//! official `instances_*.json`); outputs are numbered by ascending id.

/// Category id and name, ascending.
pub const COCO: [(u32, &str); 80] = [
    (1, "person"),
    (2, "bicycle"),
    (3, "car"),
    (4, "motorcycle"),
    (5, "airplane"),
    (6, "bus"),
    (7, "train"),
    (8, "truck"),
    (9, "boat"),
    (10, "traffic light"),
    (11, "fire hydrant"),
    (13, "stop sign"),
    (14, "parking meter"),
    (15, "bench"),
    (16, "bird"),
    (17, "cat"),
    (18, "dog"),
    (19, "horse"),
    (20, "sheep"),
    (21, "cow"),
    (22, "elephant"),
    (23, "bear"),
    (24, "zebra"),
    (25, "giraffe"),
    (27, "backpack"),
    (28, "umbrella"),
    (31, "handbag"),
    (32, "tie"),
    (33, "suitcase"),
    (34, "frisbee"),
    (35, "skis"),
    (36, "snowboard"),
    (37, "sports ball"),
    (38, "kite"),
    (39, "baseball bat"),
    (40, "baseball glove"),
    (41, "skateboard"),
    (42, "surfboard"),
    (43, "tennis racket"),
    (44, "bottle"),
    (46, "wine glass"),
    (47, "cup"),
    (48, "fork"),
    (49, "knife"),
    (50, "spoon"),
    (51, "bowl"),
    (52, "banana"),
    (53, "apple"),
    (54, "sandwich"),
    (55, "orange"),
    (56, "broccoli"),
    (57, "carrot"),
    (58, "hot dog"),
    (59, "pizza"),
    (60, "donut"),
    (61, "cake"),
    (62, "chair"),
    (63, "couch"),
    (64, "potted plant"),
    (65, "bed"),
    (67, "dining table"),
    (70, "toilet"),
    (72, "tv"),
    (73, "laptop"),
    (74, "mouse"),
    (75, "remote"),
    (76, "keyboard"),
    (77, "cell phone"),
    (78, "microwave"),
    (79, "oven"),
    (80, "toaster"),
    (81, "sink"),
    (82, "refrigerator"),
    (84, "book"),
    (85, "clock"),
    (86, "vase"),
    (87, "scissors"),
    (88, "teddy bear"),
    (89, "hair drier"),
    (90, "toothbrush"),
];

/// The names alone, in output order.
pub fn coco_names() -> Vec<String> {
    COCO.iter().map(|&(_, name)| name.to_owned()).collect()
}

/// The output that stands for COCO category `id`.
pub fn coco_index(id: u32) -> Option<usize> {
    COCO.binary_search_by_key(&id, |&(id, _)| id).ok()
}

/// Checks that labels can be told apart: none is empty, and none is there twice.
///
/// # Errors
/// The label that breaks this, in words.
pub fn check(labels: &[String]) -> Result<(), String> {
    let mut sorted: Vec<&str> = labels.iter().map(|label| label.trim()).collect();
    sorted.sort_unstable();
    if sorted.first().is_some_and(|label| label.is_empty()) {
        return Err("a label is empty".into());
    }
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("the label {:?} is there twice", pair[0])),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_are_found() {
        assert!(COCO.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(coco_index(18).map(|index| COCO[index].1), Some("dog"));
        assert_eq!(coco_index(90), Some(79));
        assert_eq!(coco_index(12), None);
    }

    #[test]
    fn labels_are_told_apart() {
        let check = |labels: &[&str]| check(&labels.iter().map(|&l| l.into()).collect::<Vec<_>>());
        assert_eq!(super::check(&coco_names()), Ok(()));
        assert_eq!(check(&["dog", "hot dog", "Dog"]), Ok(()));
        assert_eq!(check(&["dog", "cat", "dog "]), Err("the label \"dog\" is there twice".into()));
        assert_eq!(check(&["dog", " "]), Err("a label is empty".into()));
    }
}
