// Σ of four 8-bit products.
fn dot4(left: u32, right: u32) -> i32 {
    return dot4I8Packed(left, right);
}
