// A depthwise convolution: a thread makes one word, four channels of a pixel.

struct Layer {
    in_height: u32,
    in_width: u32,
    out_height: u32,
    out_width: u32,
    words: u32,
    kernel: u32,
    stride: u32,
    padding: u32,
    low: f32,
    high: f32,
    zero_point: i32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<uniform> layer: Layer;
// Words `[kh, kw, channels / 4]`.
@group(0) @binding(2) var<storage, read> weights: array<u32>;
@group(0) @binding(3) var<storage, read> channels: array<Channels>;
@group(0) @binding(4) var<storage, read> input: array<u32>;
@group(0) @binding(6) var<storage, read_write> output: array<u32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let index = (group.y * GROUPS_PER_ROW + group.x) * THREADS + thread;
    let word = index % layer.words;
    let pixel = index / layer.words;
    let row = pixel / layer.out_width;
    let photo = row / layer.out_height;
    if photo >= batch.photos {
        return;
    }
    let first_y = i32(row % layer.out_height * layer.stride) - i32(layer.padding);
    let first_x = i32(pixel % layer.out_width * layer.stride) - i32(layer.padding);
    var sums = channels[word].bias;
    for (var tap = 0u; tap < layer.kernel * layer.kernel; tap++) {
        let y = bitcast<u32>(first_y + i32(tap / layer.kernel));
        let x = bitcast<u32>(first_x + i32(tap % layer.kernel));
        if y < layer.in_height && x < layer.in_width {
            let place = ((photo * layer.in_height + y) * layer.in_width + x) * layer.words + word;
            sums += unpacked(input[place]) * unpacked(weights[tap * layer.words + word]);
        }
    }
    let range = CodeRange(layer.low, layer.high, layer.zero_point);
    output[index] = requantised(sums, channels[word].multiplier, range);
}
