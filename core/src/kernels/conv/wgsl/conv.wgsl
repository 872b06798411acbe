// A dense convolution as a matrix product: rows are output pixels of all photos, columns are output
// channels, and the inner dimension is the window, four words (16 channels) to a vector. Nothing is
// copied out of the input beforehand (implicit GEMM).
//
// A workgroup makes ROWS × COLUMNS outputs, and a thread ROWS / ROW_THREADS pixels' four channels. With
// SLICES, as many threads share the inner dimension of an output, and their sums are added in the end.
// Lines with a `$row` or `$load` in them stand for one line for each of the thread's pixels or loads.

struct Layer {
    in_height: u32,
    in_width: u32,
    in_vectors: u32,
    out_height: u32,
    out_width: u32,
    out_words: u32,
    kernel: u32,
    stride: u32,
    padding: u32,
    vectors: u32,
    columns: u32,
    padding_word: u32,
    low: f32,
    high: f32,
    zero_point: i32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<uniform> layer: Layer;
@group(0) @binding(2) var<storage, read> weights: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> channels: array<Channels>;
@group(0) @binding(6) var<storage, read_write> output: array<u32>;

const SLICE_THREADS = ROW_THREADS * COLUMN_THREADS;
const THREADS = SLICE_THREADS * SLICES;
const COLUMNS = COLUMN_THREADS * 4u;
// Vectors of the inner dimension between two barriers: of a slice, and of all.
const DEPTH = 4u;
const STEP = DEPTH * SLICES;
const LOAD_ROWS = SLICE_THREADS / DEPTH;
const INPUT_TILE = ROWS * DEPTH;
const WEIGHT_TILE = COLUMNS * DEPTH;

var<workgroup> input_tile: array<vec4<u32>, INPUT_TILE * SLICES>;
var<workgroup> weight_tile: array<vec4<u32>, WEIGHT_TILE * SLICES>;

// Where an output pixel's window begins.
struct Corner {
    // Row of the photo's first row among those of all photos.
    photo_row: i32,
    y: i32,
    x: i32,
}

fn corner(pixel: u32) -> Corner {
    let row = pixel / layer.out_width;
    let photo = row / layer.out_height;
    let first = vec2<u32>(row % layer.out_height, pixel % layer.out_width) * layer.stride;
    let place = vec2<i32>(first) - vec2<i32>(i32(layer.padding));
    // Pixels of no photo read nothing.
    let is_real = photo < batch.photos;
    let y = select(-0x1000000, place.x, is_real);
    return Corner(i32(photo * layer.in_height), y, place.y);
}

fn dot16(left: vec4<u32>, right: vec4<u32>) -> i32 {
    return dot4(left.x, right.x) + dot4(left.y, right.y)
        + dot4(left.z, right.z) + dot4(left.w, right.w);
}

fn store(pixel: u32, word: u32, sums: vec4<i32>) {
    if pixel >= batch.photos * layer.out_height * layer.out_width || word >= layer.out_words {
        return;
    }
    let place = pixel * layer.out_words + word;
    let total = sums + channels[word].bias + residual_at(place, word);
    let range = CodeRange(layer.low, layer.high, layer.zero_point);
    output[place] = requantised(total, channels[word].multiplier, range);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let first_pixel = group.y * ROWS;
    let first_column = group.x * COLUMNS;
    let slice = index / SLICE_THREADS;
    let thread = index % SLICE_THREADS;
    let inputs = slice * INPUT_TILE;
    let row = thread / COLUMN_THREADS;
    let column = thread % COLUMN_THREADS;
    let lane = thread % DEPTH;
    let load_row = thread / DEPTH;
    let corner$load = corner(first_pixel + load_row + $loadu * LOAD_ROWS);
    var position = start_of(slice * DEPTH + lane);
    var sums$row = vec4<i32>(0);
    for (var first = 0u; first < layer.vectors; first += STEP) {
        workgroupBarrier();
        input_tile[inputs + lane * ROWS + load_row + $loadu * LOAD_ROWS] = fetch(corner$load, position);
        position = next(position);
        for (var load = thread; load < WEIGHT_TILE; load += SLICE_THREADS) {
            // A thread's four channels lie apart, so that neighbouring threads read neighbours.
            let channel = load % COLUMNS;
            let place = channel % 4u * COLUMN_THREADS + channel / 4u;
            let vector = first + slice * DEPTH + load / COLUMNS;
            weight_tile[slice * WEIGHT_TILE + load - channel + place] =
                weights[vector * layer.columns + first_column + channel];
        }
        workgroupBarrier();
        for (var depth = 0u; depth < DEPTH; depth++) {
            let start = slice * WEIGHT_TILE + depth * COLUMNS + column;
            let weight0 = weight_tile[start];
            let weight1 = weight_tile[start + COLUMN_THREADS];
            let weight2 = weight_tile[start + 2u * COLUMN_THREADS];
            let weight3 = weight_tile[start + 3u * COLUMN_THREADS];
            let codes$row = input_tile[inputs + depth * ROWS + row + $rowu * ROW_THREADS];
            sums$row += vec4<i32>(dot16(codes$row, weight0), dot16(codes$row, weight1), dot16(codes$row, weight2), dot16(codes$row, weight3));
        }
    }
    // The codes are not needed any more; sums of integers are the same in any order.
    for (var other = 1u; other < SLICES; other++) {
        workgroupBarrier();
        if slice == other {
            input_tile[thread + $rowu * SLICE_THREADS] = bitcast<vec4<u32>>(sums$row);
        }
        workgroupBarrier();
        if slice == 0u {
            sums$row += bitcast<vec4<i32>>(input_tile[thread + $rowu * SLICE_THREADS]);
        }
    }
    if slice == 0u {
        store(first_pixel + row + $rowu * ROW_THREADS, first_column / 4u + column, sums$row);
    }
}
