//! Why a photo has a label, as the page is told it.

use tagsight_core::Heatmap;
use tagsight_core::photo::Rgb8;
use tagsight_protocol::Explanation;

/// What the page is told of a label's `map`.
pub(crate) fn told(score: f32, map: &Heatmap, millis: f64) -> Explanation {
    Explanation {
        score: f64::from(score),
        columns: map.size().0 as u32,
        shares: map.shares().to_vec(),
        // Places are in the order in which they are counted.
        place: map.place().map(|place| place as u8),
        millis,
    }
}

/// The map alone, of the size of `picture`, which is the upright photo.
pub(crate) fn drawn(map: &Heatmap, picture: &Rgb8) -> Rgb8 {
    let colours = map.colours(picture.width, picture.height);
    let bytes = colours.into_iter().flatten().map(|level| level.round() as u8).collect();
    Rgb8 { width: picture.width, height: picture.height, bytes }
}
