//! What the drawing of parts knows of a photo.

/// A photo that is to be in some part.
pub(crate) struct Candidate<'a> {
    /// What the written split calls it.
    pub(crate) name: &'a str,
    /// Its class; every part is to have its share of each. Empty where there are none.
    pub(crate) class: &'a str,
    /// What it was cut out of: photos of one source are in one part.
    pub(crate) source: Option<&'a str>,
    /// A hash of its file: photos of one content are in one part.
    pub(crate) content: u64,
}
