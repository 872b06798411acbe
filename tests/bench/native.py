"""Times `trainer bench` and onnxruntime in turn, one thread each, and the way from a camera's JPEG to
the network's input beside Pillow's (libjpeg-turbo's scaled decoding, then a resize), and prints JSON.

    native.py TRAINER WORK ROUNDS

WORK holds for each model the ONNX file and this engine's artifact, and `camera.jpg`. The results are
checked elsewhere: the trainer's against its scalar engine, onnxruntime's here to vary with the image.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import onnxruntime
import PIL
from PIL import Image, features

MODELS = ("efficientnet_lite2", "resnet18", "resnet50")
PHOTO_MODEL = "resnet18"
SIDE = 224
RUNS_A_ROUND = 10
UNTIMED_RUNS = 3


def main():
    trainer, work, rounds = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    results = {name: measure(trainer, work, name, rounds) for name in MODELS}
    photo = measure_photo(trainer, work, rounds)
    versions = {"onnxruntime": onnxruntime.__version__, "Pillow": PIL.__version__}
    versions["libjpeg-turbo"] = features.version("libjpeg_turbo")
    print(json.dumps({"versions": versions, "results": results, "photo": photo}))


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


def measure_photo(trainer, work, rounds):
    path = work / "camera.jpg"
    check_photo(path)
    parts, theirs = {"decode": [], "squash": []}, []
    for _ in range(rounds):
        times = time_trainer(trainer, work / PHOTO_MODEL, "--photo", str(path))
        for name, part in parts.items():
            part.append(times[f"{name}_ms"])
        theirs.append(statistics.median(time_pillow(path) for _ in range(RUNS_A_ROUND)))
    whole = [sum(times) for times in zip(*parts.values())]
    times = {"Tagsight": whole, "Pillow": theirs, **parts}
    return {name: summary(values) for name, values in times.items()}


def pillow(path):
    """The photo as Pillow's users make a small square of it."""
    image = Image.open(path)
    image.draft("RGB", (SIDE, SIDE))
    return image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)


def time_pillow(path):
    start = time.perf_counter()
    pillow(path)
    return (time.perf_counter() - start) * 1e3


def check_photo(path):
    """That it decodes at a scale, and something."""
    image = Image.open(path)
    image.draft("RGB", (SIDE, SIDE))
    assert image.size[0] < 1000, image.size
    assert np.asarray(pillow(path)).std() > 10


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


def time_trainer(trainer, artifact, *arguments):
    command = [trainer, "bench", "--json", "--runs", str(RUNS_A_ROUND), "--artifact", str(artifact)]
    command += arguments
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
