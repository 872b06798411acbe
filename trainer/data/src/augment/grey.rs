//! How bright a colour is.

/// Luma of BT.601.
pub(super) fn grey([red, green, blue]: [f64; 3]) -> f64 {
    0.299 * red + 0.587 * green + 0.114 * blue
}
