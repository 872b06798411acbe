"""Times `trainer bench` and onnxruntime in turn, one thread each, and prints JSON.

    native.py TRAINER WORK ROUNDS

WORK holds for each model the ONNX file and this engine's artifact. The results are checked
elsewhere: the trainer's against its scalar engine, onnxruntime's here to vary with the image.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import onnxruntime

MODELS = ("resnet18", "resnet50")
RUNS_A_ROUND = 10
UNTIMED_RUNS = 3


def main():
    trainer, work, rounds = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    results = {name: measure(trainer, work, name, rounds) for name in MODELS}
    print(json.dumps({"onnxruntime": onnxruntime.__version__, "results": results}))


def measure(trainer, work, name, rounds):
    session = single_threaded(work / f"{name}.onnx")
    check(session)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(time_trainer(trainer, work / name))
        theirs.append(time_session(session))
    return {
        f"Tagsight, {ours[0]['engine']}": summary([round["median_ms"] for round in ours]),
        "onnxruntime": summary(theirs),
    }


def single_threaded(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def image(seed):
    return np.random.default_rng(seed).integers(0, 256, (1, 3, 224, 224), dtype=np.uint8)


def check(session):
    first, second = (session.run(None, {"image": image(seed)})[0] for seed in (1, 2))
    assert np.isfinite(first).all() and (first != second).any(), "logits must vary with the image"


def time_trainer(trainer, artifact):
    command = [trainer, "bench", "--json", "--runs", str(RUNS_A_ROUND), "--artifact", str(artifact)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def time_session(session):
    inputs = {"image": image(1)}
    for _ in range(UNTIMED_RUNS):
        session.run(None, inputs)
    times = []
    for _ in range(RUNS_A_ROUND):
        start = time.perf_counter()
        session.run(None, inputs)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def summary(times):
    return {"median_ms": statistics.median(times), "min_ms": min(times)}


main()
