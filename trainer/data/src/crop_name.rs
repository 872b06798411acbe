//! The names of crops, which say what they were cut out of.

/// What comes between the photo's name and the box's number.
const BETWEEN: &str = "_box";

/// The name of the crop of box `number` of a photo, which is called `source`, without an extension.
pub(crate) fn crop_name(source: &str, number: usize) -> String {
    format!("{source}{BETWEEN}{number:03}")
}

/// What a photo of this name (without its extension) was cut out of, if it is a crop.
pub(crate) fn source_of(name: &str) -> Option<&str> {
    let (source, number) = name.rsplit_once(BETWEEN)?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !source.is_empty()).then_some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crops_say_what_they_were_cut_out_of() {
        assert_eq!(crop_name("a_box2", 7), "a_box2_box007");
        assert_eq!(source_of("a_box2_box007"), Some("a_box2"));
        for name in ["a", "red_box", "a_boxes", "_box001", "a_box1b"] {
            assert_eq!(source_of(name), None, "{name}");
        }
    }
}
