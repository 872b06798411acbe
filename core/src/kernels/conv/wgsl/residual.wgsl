// What a residual adds to four channels' sums.

@group(0) @binding(5) var<storage, read> residual: array<u32>;

fn residual_at(place: u32, word: u32) -> vec4<i32> {
    return unpacked(residual[place]) * channels[word].residual;
}
