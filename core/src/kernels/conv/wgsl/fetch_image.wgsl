// How a convolution reads the image: a word a pixel, red in its lowest byte, none in its highest.
// So a vector is four pixels of the window, counted row by row.

@group(0) @binding(4) var<storage, read> input: array<u32>;

// A vector of the window.
struct Position {
    vector: u32,
}

fn start_of(lane: u32) -> Position {
    return Position(lane);
}

fn next(position: Position) -> Position {
    return Position(position.vector + STEP);
}

fn fetch(corner: Corner, position: Position) -> vec4<u32> {
    let first = position.vector * 4u;
    return vec4<u32>(
        fetch_pixel(corner, first),
        fetch_pixel(corner, first + 1u),
        fetch_pixel(corner, first + 2u),
        fetch_pixel(corner, first + 3u),
    );
}

fn fetch_pixel(corner: Corner, tap: u32) -> u32 {
    let y = bitcast<u32>(corner.y + i32(tap / layer.kernel));
    let x = bitcast<u32>(corner.x + i32(tap % layer.kernel));
    if y >= layer.in_height || x >= layer.in_width {
        return layer.padding_word;
    }
    return input[(u32(corner.photo_row) + y) * layer.in_width + x];
}
