//! Scans of some coefficients, or some of their bits (ITU-T T.81, G.1.2 and G.2).

use crate::Error;
use crate::bits::Bits;
use crate::coefficients::{Coefficients, Kept};
use crate::huffman::{Read, Table};
use crate::scan::{Codes, Scan};
use crate::tables::Tables;
use crate::walk::{Coder, Ending};

/// Reads first coefficients of several components.
pub(crate) struct Means<'t> {
    /// The component, its table (none where bits are refined) and its coefficient before.
    parts: Vec<(usize, Option<&'t Table>, i32)>,
    components: &'t mut [Coefficients],
    low: u32,
}

/// Reads a band of other coefficients of one component.
pub(crate) struct Band<'t> {
    component: &'t mut Coefficients,
    table: &'t Table,
    first: u32,
    last: u32,
    low: u32,
    refines: bool,
    /// Blocks to come that have nothing more.
    empty: u32,
}

/// Refuses what no scan can be.
pub(crate) fn check(scan: &Scan) -> Result<(), Error> {
    let (first, last) = scan.band;
    let band = if first == 0 { last == 0 } else { last < 64 && scan.parts.len() == 1 };
    let bits = scan.low <= 13 && (scan.high == 0 || scan.high == scan.low + 1);
    if band && first <= last && bits {
        Ok(())
    } else {
        Err(Error::Damaged("a scan has impossible coefficients"))
    }
}

/// Makes the tables that `scan` needs.
pub(crate) fn codes(scan: &Scan, tables: &Tables) -> Result<Codes, Error> {
    let mut codes = Codes::default();
    for part in &scan.parts {
        match scan.band.0 {
            0 if scan.high > 0 => {}
            0 => {
                let spec = scan.dc(tables, part)?;
                codes.make(part.dc, || Table::new(spec))?;
            }
            _ => {
                let spec = scan.ac(tables, part)?;
                codes.make(part.ac, || Table::new(spec))?;
            }
        }
    }
    Ok(codes)
}

impl<'t> Means<'t> {
    /// For a scan of first coefficients.
    pub(crate) fn new(scan: &Scan, codes: &'t Codes, components: &'t mut [Coefficients]) -> Self {
        let parts = scan.parts.iter().map(|part| (part.component, codes.get(part.dc), 0));
        Self { parts: parts.collect(), components, low: scan.low }
    }
}

impl Coder for Means<'_> {
    fn restart(&mut self) {
        for part in &mut self.parts {
            part.2 = 0;
        }
    }

    #[inline(always)]
    fn block(&mut self, bits: &mut Bits, part: usize, x: u32, y: u32) -> Ending {
        let (component, table, previous) = &mut self.parts[part];
        let mut kept = self.components[*component].block(x, y);
        let Some(table) = table else {
            *kept.first() |= i16::from(bits.flag()) << self.low;
            return Ending::Sound;
        };
        let Some(difference) = table.difference(bits) else { return Ending::Broken };
        *previous = previous.wrapping_add(difference);
        *kept.first() = (*previous << self.low) as i16;
        Ending::Sound
    }
}

impl<'t> Band<'t> {
    /// For a scan of other coefficients.
    pub(crate) fn new(
        scan: &Scan,
        codes: &'t Codes,
        components: &'t mut [Coefficients],
    ) -> Result<Self, Error> {
        let part = scan.parts[0];
        Ok(Self {
            component: &mut components[part.component],
            table: codes.get(part.ac).ok_or(Error::Damaged("a table is missing"))?,
            first: scan.band.0,
            last: scan.band.1,
            low: scan.low,
            refines: scan.high > 0,
            empty: 0,
        })
    }

    /// A run of blocks, this one among them, that have nothing more; `run` bits say its length.
    fn begin_empty(&mut self, bits: &mut Bits, run: u32) {
        self.empty = (1 << run) + bits.take(run);
    }
}

impl Coder for Band<'_> {
    fn restart(&mut self) {
        self.empty = 0;
    }

    #[inline(always)]
    fn block(&mut self, bits: &mut Bits, _: usize, x: u32, y: u32) -> Ending {
        if self.refines {
            return self.refine(bits, x, y);
        }
        if self.empty > 0 {
            self.empty -= 1;
            return Ending::Sound;
        }
        self.begin(bits, x, y)
    }
}

impl Band<'_> {
    /// The first scan of the band.
    #[inline(always)]
    fn begin(&mut self, bits: &mut Bits, x: u32, y: u32) -> Ending {
        let mut k = self.first;
        while k <= self.last {
            bits.prepare();
            let value = match self.table.read(bits) {
                None => return Ending::Broken,
                Some(Read::Value { run, value }) => {
                    k += run;
                    value
                }
                Some(Read::Code(symbol)) if symbol.size() > 0 => {
                    k += symbol.run();
                    bits.value(symbol.size())
                }
                Some(Read::Code(symbol)) if symbol.run() == 15 => {
                    k += 16;
                    continue;
                }
                Some(Read::Code(symbol)) => {
                    self.begin_empty(bits, symbol.run());
                    self.empty -= 1;
                    return Ending::Sound;
                }
            };
            if k > self.last {
                return Ending::Broken;
            }
            let mut kept = self.component.block(x, y);
            *kept.nonzero |= 1 << k;
            if let Some(kept) = kept.get(k) {
                *kept = (value << self.low) as i16;
            }
            k += 1;
        }
        Ending::Sound
    }

    /// A scan that adds a bit to coefficients of the band, and new ones that are nothing but it.
    #[inline(always)]
    fn refine(&mut self, bits: &mut Bits, x: u32, y: u32) -> Ending {
        let mut k = self.first;
        while self.empty == 0 && k <= self.last {
            bits.prepare();
            let Some(symbol) = self.table.symbol(bits) else { return Ending::Broken };
            let value = match symbol.size() {
                0 if symbol.run() < 15 => {
                    self.begin_empty(bits, symbol.run());
                    break;
                }
                0 => 0,
                // Another size than 1 would be wrong; libjpeg takes it for one too.
                _ if bits.take(1) == 1 => 1,
                _ => -1,
            };
            let mut kept = self.component.block(x, y);
            let place = after_zeros(*kept.nonzero, k, self.last, symbol.run());
            correct(bits, &mut kept, k, place, self.low);
            if value != 0 {
                if place > self.last {
                    return Ending::Broken;
                }
                *kept.nonzero |= 1 << place;
                if let Some(kept) = kept.get(place) {
                    *kept = value << self.low;
                }
            }
            k = place + 1;
        }
        if self.empty > 0 {
            self.empty -= 1;
            let mut kept = self.component.block(x, y);
            correct(bits, &mut kept, k, self.last + 1, self.low);
        }
        Ending::Sound
    }
}

/// The place of the zero behind `run` others, from coefficient `k` on; behind `last` if there are
/// not so many.
fn after_zeros(nonzero: u64, k: u32, last: u32, run: u32) -> u32 {
    let mut zeros = !nonzero & between(k, last + 1);
    for _ in 0..run {
        zeros &= zeros.wrapping_sub(1);
    }
    zeros.trailing_zeros().min(last + 1)
}

/// Bits `from` to `to`, without the last, which is at most 64.
fn between(from: u32, to: u32) -> u64 {
    let below = |bit: u32| if bit < 64 { (1 << bit) - 1 } else { u64::MAX };
    below(to) & !below(from)
}

/// Reads a bit for each coefficient from `from` to before `to` that is not zero.
#[inline(always)]
fn correct(bits: &mut Bits, kept: &mut Kept, from: u32, to: u32, low: u32) {
    let mut nonzero = *kept.nonzero & between(from, to);
    if kept.is_mean() {
        bits.skip(nonzero.count_ones());
        return;
    }
    while nonzero != 0 {
        let k = nonzero.trailing_zeros();
        nonzero &= nonzero - 1;
        if bits.flag()
            && let Some(value) = kept.get(k)
            && *value & 1 << low == 0
        {
            *value = value.wrapping_add(value.signum() << low);
        }
    }
}
