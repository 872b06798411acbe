//! What a scan says, before it is known which codes say it (ITU-T T.81, F.1.2 and G.1.2).

use super::{Component, Picture, Scan};

/// A piece of a scan's data.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token {
    /// A symbol of the table for first coefficients of a component.
    Dc(usize, u8),
    /// A symbol of the table for its others.
    Ac(usize, u8),
    /// So many bits as they are.
    Bits(u32, u32),
    /// The end of a restart interval.
    Restart,
}

/// The tokens of `scan`, with a restart every `interval` units; none if that is 0.
pub(super) fn tokens(
    picture: &Picture,
    scan: &Scan,
    progressive: bool,
    interval: usize,
) -> Vec<Token> {
    let mut writer = Writer::new(picture, scan, progressive);
    let units = units(picture, scan);
    for (index, unit) in units.iter().enumerate() {
        if interval > 0 && index > 0 && index.is_multiple_of(interval) {
            writer.restart();
        }
        for &(component, block) in unit {
            writer.block(component, block);
        }
    }
    writer.end_run();
    writer.tokens
}

/// The blocks of each unit: component, and number of the block (T.81, A.2).
fn units(picture: &Picture, scan: &Scan) -> Vec<Vec<(usize, usize)>> {
    if let [index] = scan.components[..] {
        let component = &picture.components[index];
        let (across, down) = component.visible;
        let blocks = (0..down).flat_map(|y| (0..across).map(move |x| (x, y)));
        return blocks.map(|(x, y)| vec![(index, y * component.blocks.0 + x)]).collect();
    }
    let first = &picture.components[0];
    let (across, down) = (first.blocks.0 / first.sampling.0, first.blocks.1 / first.sampling.1);
    let units = (0..down).flat_map(|y| (0..across).map(move |x| (x, y)));
    units
        .map(|(x, y)| {
            let parts = scan.components.iter();
            parts.flat_map(|&index| blocks(index, &picture.components[index], x, y)).collect()
        })
        .collect()
}

fn blocks(index: usize, component: &Component, x: usize, y: usize) -> Vec<(usize, usize)> {
    let (h, v) = component.sampling;
    let places = (0..v).flat_map(|row| (0..h).map(move |column| (column, row)));
    places
        .map(|(column, row)| (index, (y * v + row) * component.blocks.0 + x * h + column))
        .collect()
}

struct Writer<'a> {
    picture: &'a Picture,
    scan: &'a Scan,
    progressive: bool,
    tokens: Vec<Token>,
    /// By component.
    previous: Vec<i32>,
    /// Blocks that have nothing more, and the bits that correct their coefficients.
    run: u32,
    corrections: Vec<u32>,
}

impl<'a> Writer<'a> {
    fn new(picture: &'a Picture, scan: &'a Scan, progressive: bool) -> Self {
        let previous = vec![0; picture.components.len()];
        Self {
            picture,
            scan,
            progressive,
            tokens: Vec::new(),
            previous,
            run: 0,
            corrections: Vec::new(),
        }
    }

    fn restart(&mut self) {
        self.end_run();
        self.previous.fill(0);
        self.tokens.push(Token::Restart);
    }

    fn block(&mut self, component: usize, block: usize) {
        let coefficients = &self.picture.components[component].coefficients[block];
        match (self.progressive, self.scan.band.0, self.scan.high) {
            (false, ..) => {
                self.first(component, coefficients[0], 0);
                self.whole(component, coefficients);
            }
            (true, 0, 0) => self.first(component, coefficients[0], self.scan.low),
            (true, 0, _) => {
                let bit = coefficients[0] >> self.scan.low & 1;
                self.tokens.push(Token::Bits(bit as u32, 1));
            }
            (true, _, 0) => self.band(component, coefficients),
            (true, ..) => self.refine(component, coefficients),
        }
    }

    /// A first coefficient, as its difference to the one before.
    fn first(&mut self, component: usize, value: i16, low: u32) {
        let value = i32::from(value) >> low;
        let difference = value - self.previous[component];
        self.previous[component] = value;
        self.tokens.push(Token::Dc(component, size(difference) as u8));
        self.value(difference);
    }

    /// The other coefficients of a block.
    fn whole(&mut self, component: usize, coefficients: &[i16; 64]) {
        let mut zeros = 0;
        for &value in &coefficients[1..] {
            if value == 0 {
                zeros += 1;
                continue;
            }
            zeros = self.run_and_value(component, zeros, value.into());
        }
        if zeros > 0 {
            self.tokens.push(Token::Ac(component, 0));
        }
    }

    /// Writes a run of zeros and a value; returns the zeros behind it.
    fn run_and_value(&mut self, component: usize, mut zeros: u32, value: i32) -> u32 {
        while zeros > 15 {
            self.tokens.push(Token::Ac(component, 0xF0));
            zeros -= 16;
        }
        self.tokens.push(Token::Ac(component, (zeros << 4 | size(value)) as u8));
        self.value(value);
        0
    }

    /// The high bits of a band.
    fn band(&mut self, component: usize, coefficients: &[i16; 64]) {
        let mut zeros = 0;
        for &value in &coefficients[self.scan.band.0..=self.scan.band.1] {
            let magnitude = i32::from(value).abs() >> self.scan.low;
            if magnitude == 0 {
                zeros += 1;
                continue;
            }
            self.end_run();
            zeros = self.run_and_value(component, zeros, magnitude * i32::from(value.signum()));
        }
        if zeros > 0 {
            self.lengthen_run();
        }
    }

    /// The next bit of a band.
    fn refine(&mut self, component: usize, coefficients: &[i16; 64]) {
        let band = self.scan.band.0..=self.scan.band.1;
        let magnitude = |k: usize| u32::from(coefficients[k].unsigned_abs()) >> self.scan.low;
        let last_new = band.clone().rev().find(|&k| magnitude(k) == 1).unwrap_or(0);
        let mut zeros = 0;
        let mut corrections = Vec::new();
        for k in band {
            match magnitude(k) {
                0 => zeros += 1,
                1 => {
                    self.end_run();
                    while zeros > 15 {
                        self.sixteen_zeros(component, &mut corrections);
                        zeros -= 16;
                    }
                    self.tokens.push(Token::Ac(component, zeros << 4 | 1));
                    self.tokens.push(Token::Bits(u32::from(coefficients[k] > 0), 1));
                    self.bits(&mut corrections);
                    zeros = 0;
                }
                magnitude => {
                    while zeros > 15 && k <= last_new {
                        self.end_run();
                        self.sixteen_zeros(component, &mut corrections);
                        zeros -= 16;
                    }
                    corrections.push(magnitude & 1);
                }
            }
        }
        if zeros > 0 || !corrections.is_empty() {
            self.corrections.append(&mut corrections);
            self.lengthen_run();
        }
    }

    fn sixteen_zeros(&mut self, component: usize, corrections: &mut Vec<u32>) {
        self.tokens.push(Token::Ac(component, 0xF0));
        self.bits(corrections);
    }

    fn bits(&mut self, bits: &mut Vec<u32>) {
        self.tokens.extend(bits.drain(..).map(|bit| Token::Bits(bit, 1)));
    }

    /// One more block that has nothing more.
    fn lengthen_run(&mut self) {
        self.run += 1;
        if self.run == 0x7FFF {
            self.end_run();
        }
    }

    fn end_run(&mut self) {
        if self.run > 0 {
            let size = self.run.ilog2();
            self.tokens.push(Token::Ac(self.scan.components[0], (size << 4) as u8));
            self.tokens.push(Token::Bits(self.run - (1 << size), size));
            self.run = 0;
        }
        let mut corrections = std::mem::take(&mut self.corrections);
        self.bits(&mut corrections);
    }

    /// The bits of a value, whose size was said.
    fn value(&mut self, value: i32) {
        let size = size(value);
        let bits = if value < 0 { value + (1 << size) - 1 } else { value };
        self.tokens.push(Token::Bits(bits as u32, size));
    }
}

/// How many bits a value takes.
fn size(value: i32) -> u32 {
    value.unsigned_abs().checked_ilog2().map_or(0, |bits| bits + 1)
}
