//! What all engines have in common: images go in, logits come out.

/// An engine: it runs one network.
///
/// A processor's computes at once, in the call; a graphics device's has the device compute while its
/// owner does something else. So logits come as a future that owns all that it needs: an engine may be
/// given further images before they are there.
pub trait Run {
    /// Why there are no logits.
    type Error;

    /// Images that it takes at a time; 1 or more.
    fn capacity(&self) -> usize;

    /// Starts on `images` of 7-bit codes, HWC, `side · side · 3` long each. The future gives their
    /// logits, one a class, one image's after the other's. They are written into `logits`, whatever it
    /// held before; whoever hands in what came out earlier has nothing allocated.
    ///
    /// The work begins here, not when the future is first asked.
    ///
    /// # Errors
    /// The future gives one if the engine cannot finish.
    ///
    /// # Panics
    /// If there are no images, more than [`Self::capacity`], or one has another length.
    fn start(
        &mut self,
        images: &[&[i8]],
        logits: Vec<f32>,
    ) -> impl Future<Output = Result<Vec<f32>, Self::Error>> + use<Self>;
}
