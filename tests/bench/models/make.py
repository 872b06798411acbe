"""Writes what the benchmark runs on: `make.py OUT` makes the peers' models and the photo."""

import pathlib
import sys

import numpy as np
from PIL import Image

import to_onnx
import to_tflite
from resnet import BLOCKS, SIDE, resnet

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
for name in BLOCKS:
    network = resnet(name)
    to_onnx.write(network, out / f"{name}.onnx")
    for dtype in ("float32", "float16"):
        to_onnx.write_float(network, out / f"{name}.{dtype}.onnx", dtype)
    to_tflite.write(network, out / f"{name}.tflite")
noise = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
Image.fromarray(noise).save(out / "photo.png")
