//! Which scans were there, and whether they make a picture.

use crate::frame::{Frame, Process};
use crate::scan::Scan;

/// By component and coefficient, in the file's order: the lowest bit that came; `None` if nothing
/// did.
pub(crate) struct Progress(Vec<[Option<u32>; 64]>);

impl Progress {
    /// Nothing came yet.
    pub(crate) fn new(frame: &Frame) -> Self {
        Self(vec![[None; 64]; frame.components.len()])
    }

    /// A scan came whole.
    pub(crate) fn add(&mut self, process: Process, scan: &Scan) {
        let (first, last, low) = match process {
            Process::Sequential => (0, 63, 0),
            Process::Progressive => (scan.band.0, scan.band.1, scan.low),
        };
        for part in &scan.parts {
            self.0[part.component][first as usize..=last as usize].fill(Some(low));
        }
    }

    /// Whether every bit of every coefficient came.
    pub(crate) fn is_complete(&self) -> bool {
        self.0.iter().flatten().all(|&low| low == Some(0))
    }

    /// Whether what came is a picture, given whether its end was marked.
    ///
    /// A progressive picture may leave out fine bits and high frequencies, as some optimisers do,
    /// and is then blurred as a whole. But if the end is not marked either, the file was cut
    /// between two scans.
    pub(crate) fn is_enough(&self, ended: bool) -> bool {
        self.is_complete() || ended && self.0.iter().all(|component| component[0].is_some())
    }
}
