//! From a header to pixels.

use crate::coefficients::Coefficients;
use crate::frame::{Component, Frame, Process};
use crate::header::{Header, define};
use crate::idct::Block;
use crate::marker::{self, EOI, SOI, SOS};
use crate::plane::Plane;
use crate::progress::Progress;
use crate::progressive::{self, Band, Means};
use crate::scan::Scan;
use crate::sequential::{ScanTables, Sequential};
use crate::tables::{Steps, Tables};
use crate::upsample::Upsampling;
use crate::walk::follows_zeros;
use crate::{Error, Options, Picture, Scale};

/// More scans than any encoder writes; each may take as long as a picture.
const MAX_SCANS: u32 = 1000;

impl Header<'_> {
    /// Decodes the picture.
    ///
    /// # Errors
    /// If blocks are missing, much of it is damaged, or it would take too much memory.
    pub fn decode(&self, options: &Options) -> Result<Picture, Error> {
        let layout = Layout::new(&self.frame, options.scale);
        let needed = layout.bytes(&self.frame, self.colour.channels());
        if needed > options.max_bytes {
            return Err(Error::TooLarge { needed, limit: options.max_bytes });
        }
        let mut decoder = Decoder::new(self, &layout);
        decoder.scans()?;
        let planes = decoder.into_planes()?;
        Ok(self.picture(options.scale, &planes))
    }

    /// Puts the components together.
    fn picture(&self, scale: Scale, planes: &[Plane]) -> Picture {
        let (width, height) = (scale.of(self.frame.width), scale.of(self.frame.height));
        let (across, down) = self.frame.sampling();
        let upsamplings = self.frame.components.iter().zip(planes).map(|(component, plane)| {
            let times = self.frame.block_scale(component, scale).block_side() / scale.block_side();
            let (h, v) = component.sampling;
            let smooth = scale != Scale::Eighth;
            Upsampling::new((h * times, across), (v * times, down), plane, smooth)
        });
        let mut rows: Vec<_> =
            upsamplings.zip(planes).map(|(how, plane)| (how, plane, Vec::new())).collect();
        let mut sums = Vec::new();
        let channels = self.colour.channels();
        let mut bytes = vec![0; width as usize * height as usize * channels];
        for (y, pixels) in bytes.chunks_exact_mut(width as usize * channels).enumerate() {
            let rows: Vec<&[u8]> = rows
                .iter_mut()
                .map(|(how, plane, row)| how.row(plane, y, row, &mut sums))
                .collect();
            self.colour.convert(&rows, pixels);
        }
        Picture { width, height, channels, bytes }
    }
}

/// How the parts of a picture lie in memory.
struct Layout {
    /// By component: the scale of its blocks.
    scales: Vec<Scale>,
    /// By component: columns and rows of its blocks, in whole units.
    blocks: Vec<(u32, u32)>,
    picture: (u32, u32),
}

impl Layout {
    fn new(frame: &Frame, scale: Scale) -> Self {
        let units = frame.units();
        let blocks = |component: &Component| {
            (units.0 * component.sampling.0, units.1 * component.sampling.1)
        };
        Self {
            scales: frame.components.iter().map(|c| frame.block_scale(c, scale)).collect(),
            blocks: frame.components.iter().map(blocks).collect(),
            picture: (scale.of(frame.width), scale.of(frame.height)),
        }
    }

    /// What decoding takes beside the file and tables.
    fn bytes(&self, frame: &Frame, channels: usize) -> u64 {
        let (width, height) = self.picture;
        let picture = u64::from(width) * u64::from(height) * channels as u64;
        let components = self.blocks.iter().zip(&self.scales).map(|(&blocks, &scale)| {
            let coefficients = match frame.process {
                Process::Sequential => 0,
                Process::Progressive => Coefficients::size(blocks, scale),
            };
            Plane::size(blocks, scale.block_side()) + coefficients
        });
        picture + components.sum::<u64>()
    }
}

/// What was decoded so far.
struct Decoder<'a> {
    header: &'a Header<'a>,
    layout: &'a Layout,
    tables: Tables,
    planes: Vec<Plane>,
    /// Of a progressive picture.
    coefficients: Vec<Coefficients>,
    /// By component: the steps that were in force when it began.
    steps: Vec<Option<Box<Steps>>>,
    progress: Progress,
}

impl<'a> Decoder<'a> {
    fn new(header: &'a Header, layout: &'a Layout) -> Self {
        let frame = &header.frame;
        let blocks = || layout.blocks.iter().zip(&layout.scales);
        let planes = frame.components.iter().zip(blocks()).map(|(component, (&blocks, &scale))| {
            Plane::new(frame.samples(component, scale), blocks, scale.block_side())
        });
        let coefficients = match frame.process {
            Process::Sequential => Vec::new(),
            Process::Progressive => {
                blocks().map(|(&blocks, &scale)| Coefficients::new(blocks, scale)).collect()
            }
        };
        Self {
            header,
            layout,
            tables: header.tables.clone(),
            planes: planes.collect(),
            coefficients,
            steps: vec![None; frame.components.len()],
            progress: Progress::new(frame),
        }
    }

    /// Reads scans until nothing is missing, or there are no more.
    fn scans(&mut self) -> Result<(), Error> {
        let data = self.header.data;
        let mut at = self.header.first_scan;
        let mut scans = 0;
        let mut ended = false;
        while !self.progress.is_complete() {
            let Some((marker, start)) = marker::find(data, at) else { break };
            at = start + 2;
            match marker {
                EOI => {
                    // Where zeros were written over scans, it is not this picture's.
                    ended = !follows_zeros(data, start);
                    break;
                }
                // The next picture.
                SOI => break,
                marker if marker::stands_alone(marker) => continue,
                _ => {}
            }
            let Some((segment, end)) = marker::segment(data, at) else { break };
            at = end;
            match marker {
                SOS if scans == MAX_SCANS => return Err(Error::Damaged("it has too many scans")),
                SOS => {
                    scans += 1;
                    at = self.scan(segment, end)?;
                }
                marker => define(&mut self.tables, marker, segment)?,
            }
        }
        if self.progress.is_enough(ended) { Ok(()) } else { Err(Error::Cut) }
    }

    /// Reads a scan whose data begins at byte `at`; returns where it ends.
    fn scan(&mut self, segment: &[u8], at: usize) -> Result<usize, Error> {
        let frame = &self.header.frame;
        let scan = Scan::read(frame, segment)?;
        self.keep_steps(&scan);
        let walk = scan.walk(frame, self.tables.restart_interval);
        let end = match frame.process {
            Process::Sequential => {
                let scales = &self.layout.scales;
                let made = ScanTables::new(&scan, &self.tables, scales)?;
                let (tables, planes) = (&self.tables, &mut self.planes);
                let mut coder = Sequential::new(frame, &scan, tables, &made, scales, planes)?;
                walk.run(self.header.data, at, &mut coder)?
            }
            Process::Progressive => {
                progressive::check(&scan)?;
                let codes = progressive::codes(&scan, &self.tables)?;
                let coefficients = &mut self.coefficients;
                if scan.band.0 == 0 {
                    let mut coder = Means::new(&scan, &codes, coefficients);
                    walk.run(self.header.data, at, &mut coder)?
                } else {
                    let mut coder = Band::new(&scan, &codes, coefficients)?;
                    walk.run(self.header.data, at, &mut coder)?
                }
            }
        };
        self.progress.add(frame.process, &scan);
        Ok(end)
    }

    /// Keeps the steps of components that begin with `scan`: later ones may be others'.
    fn keep_steps(&mut self, scan: &Scan) {
        for part in &scan.parts {
            let slot = self.header.frame.components[part.component].quantisation;
            if self.steps[part.component].is_none() {
                self.steps[part.component].clone_from(&self.tables.steps[slot]);
            }
        }
    }

    /// The samples, of a progressive picture too.
    fn into_planes(mut self) -> Result<Vec<Plane>, Error> {
        let mut block = Block::new();
        for (index, coefficients) in self.coefficients.iter_mut().enumerate() {
            let steps = self.steps[index].as_ref();
            let steps = steps.ok_or(Error::Damaged("a quantisation table is missing"))?;
            let (across, down) = self.layout.blocks[index];
            for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
                coefficients.dequantise(x, y, steps, &mut block);
                block.put(self.layout.scales[index], &mut self.planes[index], x, y);
            }
        }
        Ok(self.planes)
    }
}
