//! A picture as a file.

use std::collections::BTreeSet;

use fastrand::Rng;

use super::bytes::Bytes;
use super::codes::Codes;
use super::tokens::{Token, tokens};
use super::{Picture, Scan, Script};
use crate::random::Draw;

const SOF1: u8 = 0xC1;
const SOF2: u8 = 0xC2;
const DHT: u8 = 0xC4;
const RST0: u8 = 0xD0;
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DQT: u8 = 0xDB;
const DRI: u8 = 0xDD;
const APP0: u8 = 0xE0;
const APP14: u8 = 0xEE;

/// How a picture is written.
#[derive(Debug, Clone)]
pub struct Encoding {
    /// Its scans.
    pub script: Script,
    /// Units between restart markers; 0 for none.
    pub interval: usize,
    /// Whether JFIF's segment is there.
    pub jfif: bool,
    /// The transform of Adobe's segment, if that is there.
    pub adobe: Option<u8>,
    /// Whether there are segments and bytes that mean nothing.
    pub clutter: bool,
    /// What tables and clutter are made of.
    pub seed: u64,
}

impl Encoding {
    /// The plainest one.
    pub fn baseline(picture: &Picture) -> Self {
        let script = Script::baseline(picture);
        Self { script, interval: 0, jfif: true, adobe: None, clutter: false, seed: 1 }
    }

    /// A random one that is legal for `picture`.
    pub fn random(random: &mut Rng, picture: &Picture) -> Self {
        let interval = if random.bool() { 0 } else { random.draw(1..=9) };
        let adobe = match picture.components.len() {
            4 => Some([0, 2][random.draw(0..2)]),
            _ if random.bool() => None,
            _ => Some(random.u8(0..2)),
        };
        Self {
            script: Script::random(random, picture),
            interval,
            jfif: picture.components.len() != 4 && random.bool(),
            adobe,
            clutter: random.bool(),
            seed: random.u64(..),
        }
    }
}

/// The file.
pub fn encode(picture: &Picture, encoding: &Encoding) -> Vec<u8> {
    let mut random = Rng::with_seed(encoding.seed);
    let mut file = Bytes::default();
    file.marker(SOI);
    if encoding.jfif {
        file.segment(APP0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
    }
    if let Some(transform) = encoding.adobe {
        file.segment(APP14, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat());
    }
    for (slot, component) in picture.components.iter().enumerate() {
        clutter(&mut file, encoding, &mut random);
        let wide = component.steps.iter().any(|&step| step > 255) || random.bool();
        let steps = component.steps.iter();
        let mut table = vec![u8::from(wide) << 4 | slot as u8];
        table
            .extend(steps.flat_map(|step| step.to_be_bytes().into_iter().skip(usize::from(!wide))));
        file.segment(DQT, &table);
    }
    file.segment(if encoding.script.progressive { SOF2 } else { SOF1 }, &frame(picture));
    for scan in &encoding.script.scans {
        clutter(&mut file, encoding, &mut random);
        write_scan(&mut file, picture, encoding, scan, &mut random);
    }
    file.marker(EOI);
    file.bytes
}

fn frame(picture: &Picture) -> Vec<u8> {
    let mut frame = vec![8];
    frame.extend((picture.height as u16).to_be_bytes());
    frame.extend((picture.width as u16).to_be_bytes());
    frame.push(picture.components.len() as u8);
    for (slot, component) in picture.components.iter().enumerate() {
        let (across, down) = component.sampling;
        frame.extend([component.id, (across << 4 | down) as u8, slot as u8]);
    }
    frame
}

/// Segments that no decoder knows, and fill bytes.
fn clutter(file: &mut Bytes, encoding: &Encoding, random: &mut Rng) {
    if encoding.clutter {
        let content: Vec<u8> = (0..random.draw(0..40)).map(|_| random.u8(..)).collect();
        file.segment([0xFE, 0xE5, 0xEF][random.draw(0..3)], &content);
        file.bytes.extend(vec![0xFF; random.draw(0..3)]);
    }
}

fn write_scan(
    file: &mut Bytes,
    picture: &Picture,
    encoding: &Encoding,
    scan: &Scan,
    random: &mut Rng,
) {
    let tokens = tokens(picture, scan, encoding.script.progressive, encoding.interval);
    file.segment(DRI, &(encoding.interval as u16).to_be_bytes());
    let mut code = |class: u8, used: &dyn Fn(&Token, usize) -> Option<u8>| {
        let tables: Vec<Codes> = (0..picture.components.len())
            .map(|component| {
                let symbols: BTreeSet<u8> =
                    tokens.iter().filter_map(|token| used(token, component)).collect();
                Codes::random(random, symbols.into_iter().collect())
            })
            .collect();
        for (slot, table) in
            tables.iter().enumerate().filter(|(_, table)| !table.symbols.is_empty())
        {
            let content = [&[class << 4 | slot as u8], &table.counts[..], &table.symbols].concat();
            file.segment(DHT, &content);
        }
        tables.iter().map(Codes::by_symbol).collect::<Vec<_>>()
    };
    let dc = code(0, &|token, of| match *token {
        Token::Dc(component, symbol) if component == of => Some(symbol),
        _ => None,
    });
    let ac = code(1, &|token, of| match *token {
        Token::Ac(component, symbol) if component == of => Some(symbol),
        _ => None,
    });
    file.segment(SOS, &header(picture, scan));
    let mut restarts = 0;
    for token in tokens {
        match token {
            Token::Dc(component, symbol) => {
                let (code, length) = dc[component][&symbol];
                file.put(code, length);
            }
            Token::Ac(component, symbol) => {
                let (code, length) = ac[component][&symbol];
                file.put(code, length);
            }
            Token::Bits(bits, count) => file.put(bits, count),
            Token::Restart => {
                file.pad();
                file.marker(RST0 + restarts % 8);
                restarts += 1;
            }
        }
    }
    file.pad();
}

fn header(picture: &Picture, scan: &Scan) -> Vec<u8> {
    let mut header = vec![scan.components.len() as u8];
    for &component in &scan.components {
        let slot = component as u8;
        header.extend([picture.components[component].id, slot << 4 | slot]);
    }
    header.extend([scan.band.0 as u8, scan.band.1 as u8, (scan.high << 4 | scan.low) as u8]);
    header
}
