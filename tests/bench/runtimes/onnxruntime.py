"""onnxruntime as the other runtimes' programs are (`src/lib.rs`), and its quantiser.

    onnxruntime.py MODEL PIXELS PHOTOS RUNS THREADS
    onnxruntime.py quantise static|dynamic MODEL PIXELS PHOTOS OUT
"""

import json
import os
import statistics
import sys
import time

# This file is called as the package is.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]

import numpy as np
import onnxruntime

WARM_UP = 5


def main():
    if sys.argv[1] == "quantise":
        return quantise(*sys.argv[2:])
    model, pixels, *numbers = sys.argv[1:]
    photos, runs, threads = map(int, numbers)
    pixels = read(pixels, photos)
    before = memory("VmRSS")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    logits = [session.run(["logits"], {"pixels": photo[None]})[0] for photo in pixels]
    times = []
    for run in range(WARM_UP + runs if runs else 0):
        start = time.perf_counter()
        session.run(["logits"], {"pixels": pixels[:1]})
        if run >= WARM_UP:
            times.append((time.perf_counter() - start) * 1e3)
    peak = memory("VmHWM")
    said = {
        "runtime": f"onnxruntime {onnxruntime.__version__}",
        "logits": np.concatenate(logits).astype(float).ravel().tolist(),
        "median_ms": statistics.median(times) if times else None,
        "peak_bytes": max(0, peak - before) if before is not None else None,
    }
    print(json.dumps(said))


def read(path, photos):
    pixels = np.fromfile(path, np.float32)
    side = round((pixels.size / photos / 3) ** 0.5)
    return pixels.reshape(photos, 3, side, side)


def memory(field):
    """What Linux says of this process's memory; what getrusage says is at least what the caller had."""
    try:
        with open("/proc/self/status") as file:
            return next(1024 * int(line.split()[1]) for line in file if line.startswith(field + ":"))
    except (OSError, StopIteration):
        return None


def quantise(way, model, pixels, photos, out):
    """As its documentation says: 8 bits, weights per channel; static with pairs of Q and DQ, calibrated by least
    and greatest."""
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = out + ".prepared"
    # Shapes are written in the file.
    quant_pre_process(model, prepared, skip_symbolic_shape=True)
    if way == "dynamic":
        quantization.quantize_dynamic(prepared, out, per_channel=True)
    else:
        images = iter(read(pixels, int(photos)))

        class Reader(quantization.CalibrationDataReader):
            def get_next(self):
                photo = next(images, None)
                return None if photo is None else {"pixels": photo[None]}

        quantization.quantize_static(prepared, out, Reader(), per_channel=True)
    os.remove(prepared)


main()
