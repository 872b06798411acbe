//! Scans of whole blocks, which become samples at once (ITU-T T.81, F.2).

use crate::bits::Bits;
use crate::frame::Frame;
use crate::huffman::{Read, Table};
use crate::idct::{self, Block};
use crate::plane::Plane;
use crate::scan::{Codes, Made, Scan};
use crate::skip::{Skips, is_end};
use crate::tables::{Steps, Tables};
use crate::walk::{Coder, Ending};
use crate::{Error, Scale};

/// The tables of a scan.
#[derive(Default)]
pub(crate) struct ScanTables {
    dc: Codes,
    ac: Codes,
    skips: Made<Skips>,
}

/// A component of a scan.
struct Part<'t> {
    plane: usize,
    scale: Scale,
    dc: &'t Table,
    ac: &'t Table,
    skips: Option<&'t Skips>,
    steps: Steps,
    /// The first coefficient of the block before.
    previous: i32,
}

/// Reads blocks into planes.
pub(crate) struct Sequential<'t> {
    parts: Vec<Part<'t>>,
    planes: &'t mut [Plane],
    block: Block,
}

impl ScanTables {
    /// Makes what the parts of `scan` need, whose components are decoded at `scales`.
    pub(crate) fn new(scan: &Scan, tables: &Tables, scales: &[Scale]) -> Result<Self, Error> {
        let mut made = Self::default();
        for part in &scan.parts {
            let (dc, ac) = (scan.dc(tables, part)?, scan.ac(tables, part)?);
            made.dc.make(part.dc, || Table::new(dc))?;
            made.ac.make(part.ac, || Table::new(ac))?;
            if scales[part.component] == Scale::Eighth {
                made.skips.make(part.ac, || Ok(Skips::new(ac)))?;
            }
        }
        Ok(made)
    }
}

impl<'t> Sequential<'t> {
    /// For the blocks of `scan`.
    pub(crate) fn new(
        frame: &Frame,
        scan: &Scan,
        tables: &Tables,
        made: &'t ScanTables,
        scales: &[Scale],
        planes: &'t mut [Plane],
    ) -> Result<Self, Error> {
        const MISSING: Error = Error::Damaged("a table is missing");
        let part = |part: &crate::scan::Part| {
            let slot = frame.components[part.component].quantisation;
            let steps = tables.steps[slot].as_deref();
            Ok(Part {
                plane: part.component,
                scale: scales[part.component],
                dc: made.dc.get(part.dc).ok_or(MISSING)?,
                ac: made.ac.get(part.ac).ok_or(MISSING)?,
                skips: made.skips.get(part.ac),
                steps: *steps.ok_or(Error::Damaged("a quantisation table is missing"))?,
                previous: 0,
            })
        };
        let parts = scan.parts.iter().map(part).collect::<Result<_, _>>()?;
        Ok(Self { parts, planes, block: Block::new() })
    }
}

impl Coder for Sequential<'_> {
    fn restart(&mut self) {
        for part in &mut self.parts {
            part.previous = 0;
        }
    }

    #[inline(always)]
    fn block(&mut self, bits: &mut Bits, part: usize, x: u32, y: u32) -> Ending {
        let part = &mut self.parts[part];
        let plane = &mut self.planes[part.plane];
        let Some(difference) = part.dc.difference(bits) else { return Ending::Broken };
        part.previous = part.previous.wrapping_add(difference);
        let first = part.previous.wrapping_mul(part.steps[0].into());
        if let (Scale::Eighth, Some(skips)) = (part.scale, part.skips) {
            plane.put(x, y, &[[idct::mean(first)]]);
            return skips.block(bits, part.ac);
        }
        self.block.clear();
        self.block.set_first(first);
        let ending = coefficients(bits, part.ac, &part.steps, &mut self.block);
        self.block.put(part.scale, plane, x, y);
        ending
    }
}

/// Reads coefficients 1 to 63 into `block`; the window must have what a difference leaves in it.
#[inline(always)]
fn coefficients(bits: &mut Bits, table: &Table, steps: &Steps, block: &mut Block) -> Ending {
    let mut next = 1;
    loop {
        // Two codes take no more than what was topped up.
        for prepared in [false, true] {
            if prepared {
                bits.prepare();
            }
            match coefficient(bits, table, steps, block, next) {
                Ok(after) => next = after,
                Err(ending) => return ending,
            }
        }
    }
}

/// Reads a code, and the value of a coefficient that is number `next` or later; returns the number
/// of the one behind it, or how the block ended.
#[inline(always)]
fn coefficient(
    bits: &mut Bits,
    table: &Table,
    steps: &Steps,
    block: &mut Block,
    next: usize,
) -> Result<usize, Ending> {
    let (run, value) = match table.read(bits) {
        None => return Err(Ending::Broken),
        Some(Read::Value { run, value }) => (run, value),
        Some(Read::Code(symbol)) if is_end(symbol) => return Err(Ending::Sound),
        // Sixteen zeros are fifteen and a value of no bits.
        Some(Read::Code(symbol)) => (symbol.run(), bits.value(symbol.size())),
    };
    let k = next + run as usize;
    if k >= 64 {
        return Err(Ending::Broken);
    }
    block.set(k, value * i32::from(steps[k]));
    if k == 63 { Err(Ending::Sound) } else { Ok(k + 1) }
}
