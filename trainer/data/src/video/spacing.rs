//! Evenly spaced frames, and the memory that they may take.

use tagsight_core::photo::Rgb8;

use super::error::Reason;

/// Numbers of `count` of `total` frames, ascending: the first, the last, and the nearest to where the others
/// would be in between; of one, the middle.
pub(super) fn spaced(total: usize, count: usize) -> Result<Vec<usize>, Reason> {
    if total == 0 {
        return Err(Reason::Empty);
    }
    let (last, gaps) = (total - 1, count.saturating_sub(1));
    let place = |number: usize| match gaps {
        0 => last / 2,
        _ => (2 * number * last + gaps) / (2 * gaps),
    };
    Ok((0..count).map(place).collect())
}

/// The frames that are kept of those that come one after the other.
pub(super) struct Kept {
    numbers: Vec<usize>,
    frames: Vec<Rgb8>,
    bytes_left: u64,
}

impl Kept {
    /// For frames of these numbers, ascending, which may take `bytes` in all.
    pub(super) fn new(numbers: Vec<usize>, bytes: u64) -> Self {
        Self { numbers, frames: Vec::new(), bytes_left: bytes }
    }

    /// Whether the frame of that number is kept; frames are asked about in ascending order.
    pub(super) fn wants(&self, number: usize) -> bool {
        self.numbers.get(self.frames.len()) == Some(&number)
    }

    /// Whether all are there.
    pub(super) fn is_full(&self) -> bool {
        self.frames.len() == self.numbers.len()
    }

    /// Keeps the frame that was asked about last, as often as its number is there.
    pub(super) fn push(&mut self, frame: Rgb8) -> Result<(), Reason> {
        let number = self.numbers[self.frames.len()];
        while self.wants(number) {
            let Rgb8 { width, height, ref bytes } = frame;
            let left = self.bytes_left.checked_sub(bytes.len() as u64);
            self.bytes_left = left.ok_or(Reason::TooLarge { width, height })?;
            self.frames.push(frame.clone());
        }
        Ok(())
    }

    /// The frames.
    pub(super) fn finish(self) -> Result<Vec<Rgb8>, Reason> {
        if self.is_full() { Ok(self.frames) } else { Err(Reason::Empty) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As numpy's `linspace(0, total − 1, count)`, rounded half up.
    #[test]
    fn frames_are_spaced_from_the_first_to_the_last() {
        for (total, count, expected) in [
            (100, 4, &[0, 33, 66, 99][..]),
            (8, 8, &[0, 1, 2, 3, 4, 5, 6, 7]),
            (10, 3, &[0, 5, 9]),
            (3, 5, &[0, 1, 1, 2, 2]),
            (1, 3, &[0, 0, 0]),
            (9, 1, &[4]),
            (9, 0, &[]),
        ] {
            assert_eq!(spaced(total, count).unwrap(), expected, "{total} {count}");
        }
        assert!(matches!(spaced(0, 3), Err(Reason::Empty)));
    }

    #[test]
    fn frames_take_no_more_memory_than_they_may() {
        let frame = |value| Rgb8 { width: 1, height: 1, bytes: vec![value; 3] };
        let mut kept = Kept::new(vec![1, 1, 4], 8);
        assert!(!kept.wants(0) && kept.wants(1));
        kept.push(frame(1)).unwrap();
        assert!(kept.wants(4) && !kept.is_full());
        assert!(matches!(kept.push(frame(4)), Err(Reason::TooLarge { .. })));
    }
}
