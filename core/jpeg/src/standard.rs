//! The tables that a file may leave out (ITU-T T.81, K.3.3), as Motion JPEG does.

use crate::huffman::Spec;

/// Symbols of differences, for both kinds of components.
const DIFFERENCES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// For luminance's first coefficients (table K.3).
pub(crate) fn dc_luminance() -> Spec {
    spec([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &DIFFERENCES)
}

/// For chrominance's first coefficients (table K.4).
pub(crate) fn dc_chrominance() -> Spec {
    spec([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], &DIFFERENCES)
}

/// For luminance's other coefficients (table K.5).
pub(crate) fn ac_luminance() -> Spec {
    let first = [
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
        0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52,
        0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72, 0x82,
    ];
    spec([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], &with_the_others(&first))
}

/// For chrominance's other coefficients (table K.6).
pub(crate) fn ac_chrominance() -> Spec {
    let first = [
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61,
        0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33,
        0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1, 0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1,
    ];
    spec([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], &with_the_others(&first))
}

/// The codes of 16 bits come in ascending order of their symbols.
fn with_the_others(first: &[u8]) -> Vec<u8> {
    let runs = (0..16u8).flat_map(|run| (1..=10).map(move |size| run << 4 | size));
    let others = runs.filter(|symbol| !first.contains(symbol));
    first.iter().copied().chain(others).collect()
}

fn spec(counts: [u8; 16], symbols: &[u8]) -> Spec {
    Spec { counts, symbols: symbols.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_symbol() {
        for spec in [dc_luminance(), dc_chrominance(), ac_luminance(), ac_chrominance()] {
            let codes: usize = spec.counts.iter().map(|&count| usize::from(count)).sum();
            assert_eq!(codes, spec.symbols.len());
            let mut symbols = spec.symbols.clone();
            symbols.sort_unstable();
            symbols.dedup();
            assert_eq!(symbols.len(), codes, "each symbol once");
        }
    }
}
