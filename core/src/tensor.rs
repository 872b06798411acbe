//! Tensors as the kernels see them: NHWC bytes with a halo that holds the padding.
//!
//! A tensor carries its convolution padding with it (the halo), so kernels need no bounds checks
//! and no im2col: one kernel row of a window is one contiguous run of bytes.

/// Channels are padded with zeros to a multiple of this, the widest kernel tile.
pub const CHANNEL_ALIGN: usize = 32;

/// Bytes past the last pixel that a kernel may read (never use): it reads whole 4-byte steps.
const SLACK: usize = 16;

/// Where the element `(y, x, channel)` of a tensor lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Rows, without the halo.
    pub height: usize,
    /// Columns, without the halo.
    pub width: usize,
    /// Channels that carry data.
    pub channels: usize,
    /// Bytes from one pixel to the next.
    pub pixel_stride: usize,
    /// Rows and columns of padding on every side.
    pub halo: usize,
}

impl Layout {
    /// A layer's output: channels padded to [`CHANNEL_ALIGN`].
    pub fn padded(height: usize, width: usize, channels: usize, halo: usize) -> Self {
        let pixel_stride = channels.next_multiple_of(CHANNEL_ALIGN);
        Self { height, width, channels, pixel_stride, halo }
    }

    /// The image: channels lie dense, so a row of a window is one run of `width · 3` bytes.
    pub fn dense(height: usize, width: usize, channels: usize, halo: usize) -> Self {
        Self { height, width, channels, pixel_stride: channels, halo }
    }

    /// Bytes from one row to the next.
    pub fn row_stride(&self) -> usize {
        (self.width + 2 * self.halo) * self.pixel_stride
    }

    /// Bytes of all rows with their halo.
    pub fn len(&self) -> usize {
        (self.height + 2 * self.halo) * self.row_stride()
    }

    /// Bytes that a tensor of this layout owns: what a kernel may read, never past it.
    pub fn storage_len(&self) -> usize {
        self.len() + SLACK
    }

    /// Whether the tensor has no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
