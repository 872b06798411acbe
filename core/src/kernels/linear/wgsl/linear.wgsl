// The classifier on pooled sums, in integers. A workgroup makes one class of one photo.

struct Layer {
    words: u32,
    classes: u32,
}

@group(0) @binding(1) var<uniform> layer: Layer;
// Words `[classes, channels / 4]`.
@group(0) @binding(2) var<storage, read> weights: array<u32>;
@group(0) @binding(3) var<storage, read> bias: array<i32>;
@group(0) @binding(4) var<storage, read> input: array<vec4<i32>>;
@group(0) @binding(6) var<storage, read_write> output: array<i32>;

var<workgroup> shares: array<i32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let class_number = group.x;
    let photo = group.y;
    var sums = vec4<i32>(0);
    for (var word = thread; word < layer.words; word += THREADS) {
        let codes = unpacked(weights[class_number * layer.words + word]);
        sums += codes * input[photo * layer.words + word];
    }
    shares[thread] = sums.x + sums.y + sums.z + sums.w;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            shares[thread] += shares[thread + half];
        }
    }
    if thread == 0u {
        output[photo * layer.classes + class_number] = shares[0] + bias[class_number];
    }
}
