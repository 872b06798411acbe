// A max pool's windows, of rectified codes.

fn begun(word: u32) -> vec4<i32> {
    return vec4<i32>(0);
}

fn with_tap(largest: vec4<i32>, codes: vec4<i32>, tap: u32, word: u32) -> vec4<i32> {
    return max(largest, codes);
}

fn ended(largest: vec4<i32>, word: u32) -> u32 {
    return packed(largest);
}
