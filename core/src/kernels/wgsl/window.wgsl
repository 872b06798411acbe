// A kernel over windows, channel by channel: a thread makes one word, four channels of a pixel. The
// file after this one says what is done with a window: `begun`, `with_tap` for each of its taps
// inside the input (what is outside does not count), and `ended`.

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
    var values = begun(word);
    for (var tap = 0u; tap < layer.kernel * layer.kernel; tap++) {
        let y = bitcast<u32>(first_y + i32(tap / layer.kernel));
        let x = bitcast<u32>(first_x + i32(tap % layer.kernel));
        if y < layer.in_height && x < layer.in_width {
            let place = ((photo * layer.in_height + y) * layer.in_width + x) * layer.words + word;
            values = with_tap(values, unpacked(input[place]), tap, word);
        }
    }
    output[index] = ended(values, word);
}
