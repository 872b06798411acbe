// Sum of each channel over a photo's pixels. A thread sums four channels.

struct Layer {
    pixels: u32,
    words: u32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<uniform> layer: Layer;
@group(0) @binding(4) var<storage, read> input: array<u32>;
@group(0) @binding(6) var<storage, read_write> output: array<vec4<i32>>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let index = (group.y * GROUPS_PER_ROW + group.x) * THREADS + thread;
    let word = index % layer.words;
    let photo = index / layer.words;
    if photo >= batch.photos {
        return;
    }
    var sums = vec4<i32>(0);
    for (var pixel = 0u; pixel < layer.pixels; pixel++) {
        sums += unpacked(input[(photo * layer.pixels + pixel) * layer.words + word]);
    }
    output[index] = sums;
}
