//! A picture's frame: its size, its components and how they are sampled (ITU-T T.81, B.2.2).

use crate::marker;
use crate::{Error, Kind, Scale};

/// How a picture is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// Baseline or extended: each block once, whole.
    Sequential,
    /// Each block in several scans, by frequencies and by bits.
    Progressive,
}

/// A component as the frame header says.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    pub(crate) id: u8,
    /// Columns and rows of blocks in a unit (MCU) of an interleaved scan, 1 to 4.
    pub(crate) sampling: (u32, u32),
    /// The slot of its quantisation table.
    pub(crate) quantisation: usize,
}

/// What the frame header says.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) process: Process,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) components: Vec<Component>,
}

impl Frame {
    /// Reads the segment behind a start-of-frame marker. The height may be 0: then it comes after
    /// the first scan.
    ///
    /// # Errors
    /// If the kind is not supported, or the segment makes no sense.
    pub(crate) fn read(marker: u8, segment: &[u8]) -> Result<Self, Error> {
        let process = process(marker)?;
        let &[precision, h0, h1, w0, w1, count, ref components @ ..] = segment else {
            return Err(Error::Damaged("the frame header is too short"));
        };
        if precision != 8 {
            return Err(Error::Unsupported(Kind::Precision(precision)));
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(Error::Unsupported(Kind::Components(count)));
        }
        let components = components.as_chunks::<3>().0.iter().take(count.into());
        let components = components.map(component).collect::<Result<Vec<_>, _>>()?;
        if components.len() < usize::from(count) {
            return Err(Error::Damaged("the frame header is too short"));
        }
        let width = u32::from(u16::from_be_bytes([w0, w1]));
        let height = u32::from(u16::from_be_bytes([h0, h1]));
        if width == 0 {
            return Err(Error::Damaged("the picture has no pixels"));
        }
        Ok(Self { process, width, height, components })
    }

    /// The largest sampling factors.
    pub(crate) fn sampling(&self) -> (u32, u32) {
        let factors = || self.components.iter().map(|component| component.sampling);
        let across = factors().map(|(across, _)| across).max();
        let down = factors().map(|(_, down)| down).max();
        (across.unwrap_or(1), down.unwrap_or(1))
    }

    /// Columns and rows of a component's blocks that hold something of the picture.
    pub(crate) fn blocks(&self, component: &Component) -> (u32, u32) {
        self.samples(component, Scale::Eighth)
    }

    /// Columns and rows of units (MCU) of a scan that has several components.
    pub(crate) fn units(&self) -> (u32, u32) {
        let (across, down) = self.sampling();
        (self.width.div_ceil(8 * across), self.height.div_ceil(8 * down))
    }

    /// Columns and rows of a component's samples whose blocks are decoded at `scale`.
    pub(crate) fn samples(&self, component: &Component, scale: Scale) -> (u32, u32) {
        let (across, down) = self.sampling();
        let of = |length: u32, own: u32, largest: u32| {
            let samples = u64::from(length) * u64::from(own * scale.block_side());
            samples.div_ceil(u64::from(8 * largest)) as u32
        };
        (of(self.width, component.sampling.0, across), of(self.height, component.sampling.1, down))
    }

    /// The scale of a component's blocks if the picture is decoded at `scale`.
    ///
    /// A component with fewer samples is scaled down less, as long as it then has no more samples
    /// than the picture has pixels: nothing of it is lost that would only be made up again.
    pub(crate) fn block_scale(&self, component: &Component, scale: Scale) -> Scale {
        let (across, down) = self.sampling();
        let fits = |larger: &Scale| {
            let times = larger.block_side() / scale.block_side();
            across % (component.sampling.0 * times) == 0
                && down % (component.sampling.1 * times) == 0
        };
        let mut best = scale;
        while let Some(larger) = best.doubled().filter(fits) {
            best = larger;
        }
        best
    }
}

fn process(marker: u8) -> Result<Process, Error> {
    match marker - marker::SOF0 {
        0 | 1 => Ok(Process::Sequential),
        2 => Ok(Process::Progressive),
        3 => Err(Error::Unsupported(Kind::Lossless)),
        5..=7 => Err(Error::Unsupported(Kind::Hierarchical)),
        _ => Err(Error::Unsupported(Kind::Arithmetic)),
    }
}

fn component(&[id, sampling, quantisation]: &[u8; 3]) -> Result<Component, Error> {
    let sampling = (u32::from(sampling >> 4), u32::from(sampling & 15));
    if !(1..=4).contains(&sampling.0) || !(1..=4).contains(&sampling.1) {
        return Err(Error::Damaged("a component has an impossible sampling factor"));
    }
    if quantisation > 3 {
        return Err(Error::Damaged("a component has an impossible quantisation table"));
    }
    Ok(Component { id, sampling, quantisation: quantisation.into() })
}
