"""Writes what the benchmark runs on: `make.py OUT` makes the peers' models and the photos: one of the
networks' size, and one of a camera's."""

import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw

import to_onnx
import to_tflite
from efficientnet_lite import efficientnet_lite2
from layers import SIDE
from resnet import BLOCKS, resnet

# Twelve megapixels.
CAMERA = (4032, 3024)


def camera_photo(random):
    """Discs over discs ("dead leaves"), whose spectrum is that of photographs, and a sensor's noise."""
    image = Image.new("RGB", CAMERA)
    draw = ImageDraw.Draw(image)
    for _ in range(4000):
        radius = 8 / random.uniform(0.01, 1)
        x, y = random.uniform((0, 0), CAMERA)
        colour = tuple(int(level) for level in random.integers(0, 256, 3))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    noise = random.normal(0, 4, (CAMERA[1], CAMERA[0], 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
for network in [efficientnet_lite2(), *map(resnet, BLOCKS)]:
    name = network.name
    to_onnx.write(network, out / f"{name}.onnx")
    for dtype in ("float32", "float16"):
        to_onnx.write_float(network, out / f"{name}.{dtype}.onnx", dtype)
    to_tflite.write(network, out / f"{name}.tflite")
noise = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
Image.fromarray(noise).save(out / "photo.png")
camera_photo(np.random.default_rng(4)).save(out / "camera.jpg", quality=85, subsampling="4:2:0")
