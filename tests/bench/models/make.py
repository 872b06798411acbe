"""Writes the peers' models: `make.py OUT` makes OUT/resnet{18,50}.{onnx,tflite}."""

import pathlib
import sys

import to_onnx
import to_tflite
from resnet import BLOCKS, resnet

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
for name in BLOCKS:
    network = resnet(name)
    to_onnx.write(network, out / f"{name}.onnx")
    to_tflite.write(network, out / f"{name}.tflite")
    print(f"{name}: ONNX and TFLite in {out}")
