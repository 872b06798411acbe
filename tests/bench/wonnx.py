"""Times this engine and wonnx in turn on the machine's graphics device, a photo at a time, and prints
a table.

    wonnx.py TRAINER WONNX WORK ROUNDS [RUNS]

WORK holds for each model the float ONNX file and this engine's artifact. `trainer bench` runs nothing
that did not give the processor's logits first; wonnx's logits are compared with onnxruntime's. wonnx
is told to run on the device that this engine chose. A turn has RUNS runs.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys

import numpy as np
import onnxruntime

MODELS = ("resnet18", "resnet50")
RUNS = 20
TOLERANCE = 1e-3


def main():
    trainer, wonnx, work = *sys.argv[1:3], pathlib.Path(sys.argv[3])
    rounds, runs = int(sys.argv[4]), int(sys.argv[5]) if len(sys.argv) > 5 else RUNS
    image = np.random.default_rng(1).standard_normal((1, 3, 224, 224), np.float32)
    image.tofile(work / "image.f32")
    print("| graphics device, natively | Tagsight | wonnx 0.5.1, float32 |\n|---|--:|--:|")
    for name in MODELS:
        device, ours, theirs = measure(trainer, wonnx, work, name, image, rounds, runs)
        print(f"| {name} on {device} | {ours:.1f} ms | {theirs:.1f} ms ({theirs / ours:.2f}×) |")


def measure(trainer, wonnx, work, name, image, rounds, runs):
    model = work / f"{name}.float32.onnx"
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    expected = session.run(None, {"image.real": image})[0].ravel()
    ours, theirs = [], []
    for number in range(rounds):
        bench = ["bench", "--backend", "webgpu", "--json", "--runs", str(runs)]
        tune = ["--tune"] if number == 0 else []
        found = run(trainer, *bench, *tune, "--artifact", work / name)
        ours.append(found["median_ms"])
        device = found["engine"].removeprefix("webgpu on ")
        photo = [work / "image.f32", "1", str(runs), "1", "image.real"]
        peer = run(wonnx, model, *photo, WGPU_ADAPTER_NAME=device)
        difference = np.abs(np.array(peer["logits"]) - expected).max()
        assert difference < TOLERANCE, f"wonnx's logits are {difference} beside onnxruntime's"
        theirs.append(peer["median_ms"])
    return device, statistics.median(ours), statistics.median(theirs)


def run(*command, **variables):
    environment = os.environ | variables
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    return json.loads(done.stdout)


main()
