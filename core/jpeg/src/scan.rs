//! A scan: its header and the tables that it is decoded with (ITU-T T.81, B.2.3).

use crate::Error;
use crate::frame::Frame;
use crate::huffman::{Spec, Table};
use crate::tables::Tables;
use crate::walk::Walk;

/// A component of a scan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// Its place in the frame.
    pub(crate) component: usize,
    /// The slots of its Huffman tables.
    pub(crate) dc: usize,
    pub(crate) ac: usize,
}

/// What a scan's header says.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub(crate) parts: Vec<Part>,
    /// The first and the last coefficient, in the file's order.
    pub(crate) band: (u32, u32),
    /// The bit of coefficients above which everything came in earlier scans; 0 if nothing did.
    pub(crate) high: u32,
    /// The lowest bit that comes with this scan.
    pub(crate) low: u32,
}

impl Scan {
    /// Reads the segment behind a start-of-scan marker.
    pub(crate) fn read(frame: &Frame, segment: &[u8]) -> Result<Self, Error> {
        const SHORT: Error = Error::Damaged("a scan's header is too short");
        let (&count, rest) = segment.split_first().ok_or(SHORT)?;
        let (parts, rest) = rest.split_at_checked(usize::from(count) * 2).ok_or(SHORT)?;
        let &[first, last, bits, ..] = rest else { return Err(SHORT) };
        let mut scan = Self {
            parts: Vec::new(),
            band: (first.into(), last.into()),
            high: u32::from(bits >> 4),
            low: u32::from(bits & 15),
        };
        for &[id, slots] in parts.as_chunks::<2>().0 {
            scan.add(frame, id, slots)?;
        }
        if scan.parts.is_empty() {
            return Err(Error::Damaged("a scan has no components"));
        }
        Ok(scan)
    }

    fn add(&mut self, frame: &Frame, id: u8, slots: u8) -> Result<(), Error> {
        let free = |place: &usize| self.parts.iter().all(|part| part.component != *place);
        let component = (0..frame.components.len())
            .find(|place| frame.components[*place].id == id && free(place));
        let component = component.ok_or(Error::Damaged("a scan has an unknown component"))?;
        self.parts.push(Part { component, dc: (slots >> 4).into(), ac: (slots & 15).into() });
        Ok(())
    }

    /// The way through its blocks.
    pub(crate) fn walk(&self, frame: &Frame, restart_interval: u32) -> Walk {
        let component = |part: &Part| &frame.components[part.component];
        match self.parts.as_slice() {
            [part] => {
                Walk { units: frame.blocks(component(part)), parts: vec![(1, 1)], restart_interval }
            }
            parts => Walk {
                units: frame.units(),
                parts: parts.iter().map(|part| component(part).sampling).collect(),
                restart_interval,
            },
        }
    }

    /// The definition of a part's table for first coefficients.
    pub(crate) fn dc<'t>(&self, tables: &'t Tables, part: &Part) -> Result<&'t Spec, Error> {
        let spec = defined(&tables.dc, part.dc)?;
        if spec.symbols.iter().any(|&size| size > 15) {
            return Err(Error::Damaged("a Huffman table has impossible symbols"));
        }
        Ok(spec)
    }

    /// The definition of a part's table for the other coefficients.
    pub(crate) fn ac<'t>(&self, tables: &'t Tables, part: &Part) -> Result<&'t Spec, Error> {
        defined(&tables.ac, part.ac)
    }
}

fn defined(specs: &[Option<Spec>; 4], slot: usize) -> Result<&Spec, Error> {
    let spec = specs.get(slot).and_then(Option::as_ref);
    spec.ok_or(Error::Damaged("a Huffman table is missing"))
}

/// Tables of several parts, made once for each slot.
pub(crate) struct Made<T>([Option<T>; 4]);

impl<T> Default for Made<T> {
    fn default() -> Self {
        Self([const { None }; 4])
    }
}

impl<T> Made<T> {
    /// Makes the table of `slot`, if it is not there yet.
    pub(crate) fn make(
        &mut self,
        slot: usize,
        make: impl FnOnce() -> Result<T, Error>,
    ) -> Result<(), Error> {
        if self.0[slot].is_none() {
            self.0[slot] = Some(make()?);
        }
        Ok(())
    }

    /// The table of `slot`, which was made.
    pub(crate) fn get(&self, slot: usize) -> Option<&T> {
        self.0.get(slot)?.as_ref()
    }
}

/// Decoding tables.
pub(crate) type Codes = Made<Table>;
