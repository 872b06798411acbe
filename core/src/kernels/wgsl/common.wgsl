// What every kernel needs: four 8-bit codes lie in a word, the first channel in its lowest byte.

struct Batch {
    photos: u32,
}

// What a convolution does to four output channels' sums.
struct Channels {
    bias: vec4<i32>,
    multiplier: vec4<f32>,
    residual: vec4<i32>,
}

// The codes that an activation gives: sums are clamped to low..=high, then zero_point is added.
struct CodeRange {
    low: f32,
    high: f32,
    zero_point: i32,
}

fn unpacked(word: u32) -> vec4<i32> {
    let signed = bitcast<i32>(word);
    return vec4<i32>(
        extractBits(signed, 0u, 8u),
        extractBits(signed, 8u, 8u),
        extractBits(signed, 16u, 8u),
        extractBits(signed, 24u, 8u),
    );
}

fn packed(codes: vec4<i32>) -> u32 {
    let bytes = bitcast<vec4<u32>>(codes) & vec4<u32>(0xffu);
    return bytes.x | (bytes.y << 8u) | (bytes.z << 16u) | (bytes.w << 24u);
}

// Sums as floats, half to even. WGSL lets a device round conversions as it likes, so what has more
// than a float's 24 bits is rounded here, and every conversion is exact.
fn nearest_float(sums: vec4<i32>) -> vec4<f32> {
    let magnitude = bitcast<vec4<u32>>(abs(sums));
    let dropped = vec4<u32>(8u) - min(vec4<u32>(8u), countLeadingZeros(magnitude));
    let unit = vec4<u32>(1u) << dropped;
    let is_odd = (magnitude >> dropped) & vec4<u32>(1u);
    let bump = select(vec4<u32>(0u), (unit >> vec4<u32>(1u)) - 1u + is_odd, dropped > vec4<u32>(0u));
    let rounded = vec4<f32>((magnitude + bump) & ~(unit - 1u));
    return select(rounded, -rounded, sums < vec4<i32>(0));
}

// `requantise` of core's quant.rs, for four channels.
fn requantised(sums: vec4<i32>, multiplier: vec4<f32>, range: CodeRange) -> u32 {
    let scaled = nearest_float(sums) * multiplier;
    let clamped = clamp(scaled, vec4<f32>(range.low), vec4<f32>(range.high));
    return packed(vec4<i32>(round(clamped)) + vec4<i32>(range.zero_point));
}
