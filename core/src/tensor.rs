//! Tensors as the kernels see them: NHWC bytes with a halo that holds the padding.
//!
//! A tensor carries its convolution padding with it (the halo), so kernels need no bounds checks
//! and no im2col: one kernel row of a window is one contiguous run of bytes.

/// Channels are padded with zeros to a multiple of this, the widest kernel tile.
pub const CHANNEL_ALIGN: usize = 32;

/// What a layout is.
const CHECKED: &str = "a tensor has elements, and is below 4 GiB";

/// Bytes past the last pixel that a kernel may read (never use): it reads whole 4-byte steps.
const SLACK: usize = 16;

/// Where the element `(y, x, channel)` of a tensor lies. What its constructors check holds for every one:
/// it has elements, pixels hold their channels, and all offsets fit into 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    height: usize,
    width: usize,
    channels: usize,
    pixel_stride: usize,
    halo: usize,
}

impl Layout {
    /// A layer's output: channels padded to [`CHANNEL_ALIGN`].
    ///
    /// # Panics
    /// If it has no elements, or 4 GiB of them or more.
    pub fn padded(height: usize, width: usize, channels: usize, halo: usize) -> Self {
        Self::checked_padded(height, width, channels, halo).expect(CHECKED)
    }

    /// The image: channels lie dense, so a row of a window is one run of `width · 3` bytes.
    ///
    /// # Panics
    /// If it has no elements, or 4 GiB of them or more.
    pub fn dense(height: usize, width: usize, channels: usize, halo: usize) -> Self {
        Self::checked_dense(height, width, channels, halo).expect(CHECKED)
    }

    /// [`Self::padded`], or none.
    pub(crate) fn checked_padded(
        height: usize,
        width: usize,
        channels: usize,
        halo: usize,
    ) -> Option<Self> {
        let pixel_stride = channels.checked_next_multiple_of(CHANNEL_ALIGN)?;
        Self::checked(height, width, channels, pixel_stride, halo)
    }

    /// [`Self::dense`], or none.
    pub(crate) fn checked_dense(
        height: usize,
        width: usize,
        channels: usize,
        halo: usize,
    ) -> Option<Self> {
        Self::checked(height, width, channels, channels, halo)
    }

    fn checked(
        height: usize,
        width: usize,
        channels: usize,
        pixel_stride: usize,
        halo: usize,
    ) -> Option<Self> {
        let with_halo = |side: usize| (side as u64).saturating_add((halo as u64).saturating_mul(2));
        let pixels = with_halo(height).saturating_mul(with_halo(width));
        let bytes = pixels.saturating_mul(pixel_stride as u64).saturating_add(SLACK as u64);
        let is_one = height > 0 && width > 0 && channels > 0 && u32::try_from(bytes).is_ok();
        is_one.then_some(Self { height, width, channels, pixel_stride, halo })
    }

    /// Rows, without the halo; 1 or more.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns, without the halo; 1 or more.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Channels that carry data; 1 or more.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Bytes from one pixel to the next; at least the channels.
    pub fn pixel_stride(&self) -> usize {
        self.pixel_stride
    }

    /// Rows and columns of padding on every side.
    pub fn halo(&self) -> usize {
        self.halo
    }

    /// Bytes from one row to the next.
    pub fn row_stride(&self) -> usize {
        (self.width + 2 * self.halo) * self.pixel_stride
    }

    /// Bytes that a tensor of this layout owns: what a kernel may read, never past it.
    pub fn storage_len(&self) -> usize {
        (self.height + 2 * self.halo) * self.row_stride() + SLACK
    }

    /// Offset of pixel `(y, x)` in coordinates that count the halo: `(0, 0)` is its corner.
    pub fn offset_with_halo(&self, y: usize, x: usize) -> usize {
        y * self.row_stride() + x * self.pixel_stride
    }

    /// Offset of pixel `(y, x)` of the data.
    pub fn offset(&self, y: usize, x: usize) -> usize {
        self.offset_with_halo(y + self.halo, x + self.halo)
    }
}

/// An NHWC tensor of 8-bit codes with its halo.
#[derive(Debug, Clone)]
pub struct Tensor {
    layout: Layout,
    codes: Vec<i8>,
}

impl Tensor {
    /// All zeros.
    pub fn zeros(layout: Layout) -> Self {
        Self { layout, codes: vec![0; layout.storage_len()] }
    }

    /// Takes `storage` over, growing it only where it is too small, and zeroes the halo.
    /// The data itself keeps whatever it held: a layer overwrites all of it.
    pub fn reuse(layout: Layout, mut storage: Vec<i8>) -> Self {
        storage.resize(storage.len().max(layout.storage_len()), 0);
        let mut tensor = Self { layout, codes: storage };
        tensor.fill_halo(&[0]);
        tensor
    }

    /// Gives the storage back.
    pub fn into_storage(self) -> Vec<i8> {
        self.codes
    }

    /// Where elements lie.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// All bytes, halo and slack included.
    pub fn bytes(&self) -> &[i8] {
        &self.codes
    }

    /// All bytes, halo and slack included.
    pub fn bytes_mut(&mut self) -> &mut [i8] {
        &mut self.codes
    }

    /// Codes of pixel `(y, x)`, without the channel padding.
    pub fn pixel(&self, y: usize, x: usize) -> &[i8] {
        let start = self.layout.offset(y, x);
        &self.codes[start..start + self.layout.channels]
    }

    /// Codes of pixel `(y, x)`, channel padding included.
    pub fn pixel_mut(&mut self, y: usize, x: usize) -> &mut [i8] {
        let start = self.layout.offset(y, x);
        &mut self.codes[start..start + self.layout.pixel_stride]
    }

    /// The data as dense HWC codes, as a reader of results wants them.
    pub fn to_dense(&self) -> Vec<i8> {
        let Layout { height, width, .. } = self.layout;
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        pixels.flat_map(|(y, x)| self.pixel(y, x).iter().copied()).collect()
    }

    /// Copies dense HWC codes in.
    ///
    /// # Panics
    /// If `codes_hwc` is not `height · width · channels` long.
    pub fn copy_from_dense(&mut self, codes_hwc: &[i8]) {
        let Layout { height, width, channels, .. } = self.layout;
        assert_eq!(codes_hwc.len(), height * width * channels, "dense tensor size");
        for (index, codes) in codes_hwc.chunks_exact(channels).enumerate() {
            self.pixel_mut(index / width, index % width)[..channels].copy_from_slice(codes);
        }
    }

    /// Fills the padding with `pattern`, repeated along the channels.
    pub fn fill_halo(&mut self, pattern: &[i8]) {
        let Layout { height, width, halo, pixel_stride, .. } = self.layout;
        if halo == 0 {
            return;
        }
        let row_stride = self.layout.row_stride();
        let mut fill = |start: usize, pixels: usize| {
            let span = &mut self.codes[start..start + pixels * pixel_stride];
            // Most padding is zeros, and there is much of it where channels are many.
            if let [code] = *pattern {
                span.fill(code);
                return;
            }
            for pixel in span.chunks_exact_mut(pixel_stride) {
                for (code, &padding) in pixel.iter_mut().zip(pattern.iter().cycle()) {
                    *code = padding;
                }
            }
        };
        for y in 0..halo {
            fill(y * row_stride, width + 2 * halo);
            fill((halo + height + y) * row_stride, width + 2 * halo);
        }
        for y in halo..halo + height {
            fill(y * row_stride, halo);
            fill(y * row_stride + (halo + width) * pixel_stride, halo);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_has_elements_and_fits_into_32_bits() {
        let is_one = |height, width, channels, halo| {
            Layout::checked(height, width, channels, channels, halo).is_some()
        };
        assert!(is_one(1, 1, 1, 0) && is_one(1 << 15, 1 << 16, 1, 0));
        for [height, width, channels] in [[0, 1, 1], [1, 0, 1], [1, 1, 0], [usize::MAX; 3]] {
            assert!(!is_one(height, width, channels, 1), "{height} {width} {channels}");
        }
        assert!(!is_one(1 << 16, 1 << 16, 1, 0) && !is_one(1, 1, 1, usize::MAX));
        let layout = Layout::padded(2, 3, 33, 1);
        assert_eq!((layout.pixel_stride(), layout.row_stride()), (64, 5 * 64));
        assert_eq!(layout.storage_len(), 4 * 5 * 64 + SLACK);
    }
}
