// How a convolution reads activations: vectors of 16 channels.

@group(0) @binding(4) var<storage, read> input: array<vec4<u32>>;

// A vector of the window.
struct Position {
    y: u32,
    x: u32,
    vector: u32,
}

fn start_of(lane: u32) -> Position {
    return wrapped(Position(0u, 0u, lane));
}

fn next(position: Position) -> Position {
    return wrapped(Position(position.y, position.x, position.vector + STEP));
}

fn wrapped(position: Position) -> Position {
    var place = position;
    while place.vector >= layer.in_vectors {
        place.vector -= layer.in_vectors;
        place.x += 1u;
        if place.x == layer.kernel {
            place.x = 0u;
            place.y += 1u;
        }
    }
    return place;
}

fn fetch(corner: Corner, position: Position) -> vec4<u32> {
    let y = bitcast<u32>(corner.y + i32(position.y));
    let x = bitcast<u32>(corner.x + i32(position.x));
    if y >= layer.in_height || x >= layer.in_width || position.y >= layer.kernel {
        return vec4<u32>(0u);
    }
    let row = u32(corner.photo_row) + y;
    return input[(row * layer.in_width + x) * layer.in_vectors + position.vector];
}
