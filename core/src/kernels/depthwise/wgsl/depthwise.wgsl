// A depthwise convolution's windows.

// Words `[kh, kw, channels / 4]`.
@group(0) @binding(2) var<storage, read> weights: array<u32>;
@group(0) @binding(3) var<storage, read> channels: array<Channels>;

fn begun(word: u32) -> vec4<i32> {
    return channels[word].bias;
}

fn with_tap(sums: vec4<i32>, codes: vec4<i32>, tap: u32, word: u32) -> vec4<i32> {
    return sums + codes * unpacked(weights[tap * layer.words + word]);
}

fn ended(sums: vec4<i32>, word: u32) -> u32 {
    let range = CodeRange(layer.low, layer.high, layer.zero_point);
    return requantised(sums, channels[word].multiplier, range);
}
