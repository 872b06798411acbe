//! The text of a dense convolution's kernel.

use super::tile::Tile;
use crate::kernels::wgsl::{COMMON, Dot};

/// The kernel for `tile`, which reads the image or a tensor, adds a residual or nothing, and multiplies
/// words as `dot` says.
pub(in crate::kernels) fn source(
    tile: Tile,
    reads_image: bool,
    has_residual: bool,
    dot: Dot,
) -> String {
    let fetch = match reads_image {
        true => include_str!("fetch_image.wgsl"),
        false => include_str!("fetch.wgsl"),
    };
    let residual = match has_residual {
        true => include_str!("residual.wgsl"),
        false => include_str!("no_residual.wgsl"),
    };
    let conv = unrolled(include_str!("conv.wgsl"), tile);
    [&tile_constants(tile), COMMON, dot.text(), fetch, residual, &conv].join("\n")
}

fn tile_constants(tile: Tile) -> String {
    let Tile { rows, row_threads, column_threads, slices } = tile;
    format!(
        "const ROWS = {rows}u;\nconst ROW_THREADS = {row_threads}u;\n\
         const COLUMN_THREADS = {column_threads}u;\nconst SLICES = {slices}u;\n"
    )
}

/// Repeats lines with `$row` and `$load` for each of a thread's. Written out, sums are registers
/// on every device; an array of them need not be.
fn unrolled(body: &str, tile: Tile) -> String {
    let mut text = String::new();
    for line in body.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let (mark, count) = match line {
            _ if line.contains("$row") => ("$row", tile.rows_of_thread()),
            _ if line.contains("$load") => ("$load", tile.loads()),
            _ => ("$row", 1),
        };
        for number in 0..count {
            text.push_str(&line.replace(mark, &number.to_string()));
            text.push('\n');
        }
    }
    text
}
