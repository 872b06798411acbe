//! Windows of convolutions and pools.

use serde::{Serialize, Serializer};

/// A square convolution's or pool's window. It is made by [`Window::new`] or [`Window::checked`], so that
/// every window covers something of its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Window {
    /// Side of the kernel.
    pub kernel: usize,
    /// Step between outputs.
    pub stride: usize,
    /// Zeros around the input.
    pub padding: Padding,
}

/// Rows and columns of padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padding {
    /// At the top and on the left.
    pub before: usize,
    /// At the bottom and on the right.
    pub after: usize,
}

impl Padding {
    /// None.
    pub const NONE: Self = Self::even(0);

    /// The same on every side.
    pub const fn even(size: usize) -> Self {
        Self { before: size, after: size }
    }

    /// The larger side's.
    pub fn largest(self) -> usize {
        self.before.max(self.after)
    }
}

/// As `[before, after]`.
impl Serialize for Padding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.before, self.after].serialize(serializer)
    }
}

impl Window {
    /// Largest side of a kernel.
    pub const MAX_KERNEL: usize = 15;

    /// A window.
    ///
    /// # Panics
    /// As [`Self::checked`] gives none.
    pub const fn new(kernel: usize, stride: usize, padding: Padding) -> Self {
        match Self::checked(kernel, stride, padding) {
            Some(window) => window,
            None => panic!("a window has a side and a step, and sees more than padding"),
        }
    }

    /// A window; none if its kernel or its step is 0 or larger than [`Self::MAX_KERNEL`], or if it could
    /// lie on padding alone.
    pub const fn checked(kernel: usize, stride: usize, padding: Padding) -> Option<Self> {
        if kernel == 0 || kernel > Self::MAX_KERNEL || stride == 0 || stride > Self::MAX_KERNEL {
            return None;
        }
        if padding.before >= kernel || padding.after >= kernel {
            return None;
        }
        Some(Self { kernel, stride, padding })
    }

    /// Of one element.
    pub const fn pointwise(stride: usize) -> Self {
        Self::new(1, stride, Padding::NONE)
    }

    /// TensorFlow's `same` padding of `side` inputs: `⌈side / stride⌉` outputs, and of an odd number of
    /// zeros one more at the end.
    pub fn same(kernel: usize, stride: usize, side: usize) -> Self {
        let covered = (side.div_ceil(stride) - 1) * stride + kernel;
        let zeros = covered.saturating_sub(side);
        let before = zeros / 2;
        Self::new(kernel, stride, Padding { before, after: zeros - before })
    }

    /// Outputs along a side of `input` elements.
    ///
    /// # Panics
    /// If the window is larger than the padded input; see [`Self::fits`].
    pub fn output_side(&self, input: usize) -> usize {
        (input + self.padding.before + self.padding.after - self.kernel) / self.stride + 1
    }

    /// Whether `input` elements with their padding are at least as many as the kernel's.
    pub fn fits(&self, input: usize) -> bool {
        input + self.padding.before + self.padding.after >= self.kernel
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_shared_out_as_tensorflow_does() {
        let cases = [
            ((3, 1, 9), (1, 1)),
            ((3, 2, 8), (0, 1)),
            ((3, 2, 9), (1, 1)),
            ((5, 1, 9), (2, 2)),
            ((5, 2, 8), (1, 2)),
            ((5, 2, 9), (2, 2)),
            ((3, 2, 1), (1, 1)),
        ];
        for ((kernel, stride, side), (before, after)) in cases {
            let window = Window::same(kernel, stride, side);
            assert_eq!(window.padding, Padding { before, after }, "{kernel} {stride} {side}");
            assert_eq!(window.output_side(side), side.div_ceil(stride));
        }
    }

    #[test]
    fn a_window_sees_something_of_its_input() {
        let even = Padding::even;
        let few = [(1, 1, even(0)), (3, 2, even(2)), (15, 15, Padding { before: 0, after: 14 })];
        for (kernel, stride, padding) in few {
            assert!(Window::checked(kernel, stride, padding).is_some(), "{kernel} {stride}");
        }
        let none = [(0, 1, even(0)), (1, 0, even(0)), (3, 1, even(3)), (16, 1, even(0))];
        for (kernel, stride, padding) in none {
            assert_eq!(Window::checked(kernel, stride, padding), None, "{kernel} {stride}");
        }
        assert!(Window::new(7, 2, even(3)).fits(1) && !Window::new(3, 1, even(0)).fits(2));
    }
}
