//! Labels, which have to be told apart, and COCO's 80 in the order of their category ids (Lin et al.
//! 2014, arXiv 1405.0312): those of networks with random weights, and of whoever reads COCO.

/// The names of COCO's categories, in the order of `categories` of the official `instances_*.json`.
const COCO: [&str; 80] = [
    "person",
    "bicycle",
    "car",
    "motorcycle",
    "airplane",
    "bus",
    "train",
    "truck",
    "boat",
    "traffic light",
    "fire hydrant",
    "stop sign",
    "parking meter",
    "bench",
    "bird",
    "cat",
    "dog",
    "horse",
    "sheep",
    "cow",
    "elephant",
    "bear",
    "zebra",
    "giraffe",
    "backpack",
    "umbrella",
    "handbag",
    "tie",
    "suitcase",
    "frisbee",
    "skis",
    "snowboard",
    "sports ball",
    "kite",
    "baseball bat",
    "baseball glove",
    "skateboard",
    "surfboard",
    "tennis racket",
    "bottle",
    "wine glass",
    "cup",
    "fork",
    "knife",
    "spoon",
    "bowl",
    "banana",
    "apple",
    "sandwich",
    "orange",
    "broccoli",
    "carrot",
    "hot dog",
    "pizza",
    "donut",
    "cake",
    "chair",
    "couch",
    "potted plant",
    "bed",
    "dining table",
    "toilet",
    "tv",
    "laptop",
    "mouse",
    "remote",
    "keyboard",
    "cell phone",
    "microwave",
    "oven",
    "toaster",
    "sink",
    "refrigerator",
    "book",
    "clock",
    "vase",
    "scissors",
    "teddy bear",
    "hair drier",
    "toothbrush",
];

/// [`COCO`] as a network's labels.
pub fn coco_names() -> Vec<String> {
    COCO.map(str::to_owned).into()
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
    fn labels_are_told_apart() {
        let check = |labels: &[&str]| check(&labels.iter().map(|&l| l.into()).collect::<Vec<_>>());
        assert_eq!(super::check(&coco_names()), Ok(()));
        assert_eq!(check(&["dog", "hot dog", "Dog"]), Ok(()));
        assert_eq!(check(&["dog", "cat", "dog "]), Err("the label \"dog\" is there twice".into()));
        assert_eq!(check(&["dog", " "]), Err("a label is empty".into()));
    }
}
