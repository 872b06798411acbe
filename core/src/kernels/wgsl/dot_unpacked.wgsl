// Σ of four 8-bit products, for devices without an instruction for it.
fn dot4(left: u32, right: u32) -> i32 {
    let products = unpacked(left) * unpacked(right);
    return products.x + products.y + products.z + products.w;
}
