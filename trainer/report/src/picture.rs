//! Photos with what a network says of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};

/// A photo in a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// What its bytes are.
    pub media: Media,
    /// The encoded photo.
    #[serde(serialize_with = "as_base64")]
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// What is on it, for those who do not see it.
    pub description: String,
    /// Below it; may be empty.
    pub caption: String,
    /// What a network says of it, and what is true.
    pub verdict: Option<(String, String)>,
    /// What is marked on it.
    pub marked: Vec<Marked>,
    /// Where a network looked.
    pub heat: Option<Heat>,
}

/// How a picture is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

/// A box on a picture, in its pixels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Marked {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// To the right edge.
    pub width: f32,
    /// To the lower edge.
    pub height: f32,
    /// What it says in it.
    pub name: String,
}

/// A heatmap that lies over a picture: rows of cells from 0, nothing, to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Heat {
    /// Cells a row.
    pub columns: usize,
    /// Row after row.
    pub cells: Vec<f32>,
}

impl Picture {
    /// A picture on which nothing is marked.
    pub fn new(
        media: Media,
        bytes: Vec<u8>,
        size: [u32; 2],
        description: impl Into<String>,
    ) -> Self {
        let [width, height] = size;
        Self {
            media,
            bytes,
            width,
            height,
            description: description.into(),
            caption: String::new(),
            verdict: None,
            marked: Vec::new(),
            heat: None,
        }
    }

    /// The photo as an address that holds it.
    pub(super) fn data_uri(&self) -> String {
        let media = match self.media {
            Media::Png => "image/png",
            Media::Jpeg => "image/jpeg",
        };
        format!("data:{media};base64,{}", STANDARD.encode(&self.bytes))
    }
}

fn as_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}
