"""Whole networks against onnxruntime: `network.py TRAINER`.

Artifacts of random weights are rebuilt as QDQ ONNX models, whose convolutions onnxruntime computes
in float between the same 7-bit codes. The two differ where a sum lies on the edge between two
codes and in the residual's ratio, which Tagsight rounds to an integer; so logits agree closely,
not bit for bit. (`src/oracle.rs` compares single layers, and those exactly.)
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from safetensors.numpy import load

SIDE = 224
PHOTOS = 3
# Rounding to codes leaves 33 dB in a ResNet; two engines must differ by far less than that.
LEAST_SQNR_DB = 42.0
BLOCKS = {"resnet18": (2, 2, 2, 2), "resnet50": (3, 4, 6, 3)}


def main():
    trainer = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        photos = [make_photo(folder / f"{index}.png", index) for index in range(PHOTOS)]
        for name in BLOCKS:
            artifact = folder / name
            run([trainer, "export", "--random", "--model", name, "--out", str(artifact)])
            data = (artifact / "model.safetensors").read_bytes()
            ours = logits(trainer, artifact, photos)
            theirs = onnx_logits(Network(data).model(), photos, data)
            agreement = sqnr_db(ours, theirs)
            print(f"{name}: logits agree with onnxruntime to {agreement:.1f} dB")
            assert agreement >= LEAST_SQNR_DB, f"{LEAST_SQNR_DB} dB wanted"
            control(data, photos, ours)


def control(data, photos, ours):
    """The negative control: one layer's scale off by a fifth is noticed."""
    network = Network(data)
    network.tensors["layer3.0.conv1.weight_scale"] *= 1.2
    agreement = sqnr_db(ours, onnx_logits(network.model(), photos, data))
    assert agreement < LEAST_SQNR_DB, f"a wrong scale gave {agreement:.1f} dB"


def make_photo(path, seed):
    """Noise on blocks of colour, of the network's size: nothing has to be resized."""
    random = np.random.default_rng(seed)
    blocks = random.integers(0, 200, (SIDE // 16, SIDE // 16, 3))
    pixels = np.kron(blocks, np.ones((16, 16, 1))) + random.integers(0, 56, (SIDE, SIDE, 3))
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def logits(trainer, artifact, photos):
    """From the scores, which are plain sigmoids in an artifact that nobody calibrated."""
    command = [trainer, "tag", "--json", "--artifact", str(artifact), *map(str, photos)]
    rows = [list(json.loads(line)["scores"].values()) for line in run(command).splitlines()]
    scores = np.array(rows, np.float64)
    return np.log(scores / (1 - scores))


def metadata(data):
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["tagsight"])


def onnx_logits(model, photos, data):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    mean = np.array(metadata(data)["preprocessing"]["mean"])
    rows = []
    for photo in photos:
        pixels = np.asarray(Image.open(photo)).astype(np.int64)
        # Mean pixels around the image are the stem's padding.
        codes = np.broadcast_to(np.rint(mean * 127), (SIDE + 6, SIDE + 6, 3)).copy()
        codes[3:-3, 3:-3] = (pixels * 254 + 255) // 510
        rows.append(session.run(None, {"image": codes.transpose(2, 0, 1)[None].astype(np.uint8)})[0])
    return np.concatenate(rows)


def sqnr_db(expected, actual):
    return 10 * np.log10((expected**2).sum() / ((expected - actual) ** 2).sum())


class Network:
    """An artifact's tensors, and the ONNX nodes that are made of them."""

    def __init__(self, data):
        self.tensors = load(data)
        self.name = metadata(data)["architecture"]
        self.nodes, self.initializers = [], []
        self.scales = {}

    def model(self):
        x = self.dequantised("image", np.float32(1 / 127))
        x = self.conv("conv1", x, 2, 0)
        # The pool's output has its input's codes, so it is not rounded again.
        window = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
        pooled = self.node("MaxPool", [x], "maxpool", **window)
        self.scales[pooled] = self.scales[x]
        x = pooled
        for stage, blocks in enumerate(BLOCKS[self.name]):
            for block in range(blocks):
                x = self.block(f"layer{stage + 1}.{block}", x, 2 if stage and not block else 1)
        mean = self.node("GlobalAveragePool", [x], "avgpool")
        flat = self.node("Flatten", [mean], "flat")
        weight = self.tensors["fc.weight"] * self.tensors["fc.weight_scale"][:, None]
        unit = self.tensors["fc.weight_scale"] * self.scales[x] / (SIDE // 32) ** 2
        bias = self.constant("fc.bias", (self.tensors["fc.bias"] * unit).astype(np.float32))
        weight = self.constant("fc.weight", weight.astype(np.float32))
        self.node("Gemm", [flat, weight, bias], "logits", transB=1)
        size = [1, 3, SIDE + 6, SIDE + 6]
        graph = helper.make_graph(
            self.nodes,
            self.name,
            [helper.make_tensor_value_info("image", TensorProto.UINT8, size)],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 80])],
            self.initializers,
        )
        opsets = [helper.make_opsetid("", 17)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def block(self, name, x, stride):
        shortcut = x
        if f"{name}.downsample.0.weight" in self.tensors:
            shortcut = self.conv(f"{name}.downsample.0", x, stride, 0, rectified=False)
        if f"{name}.conv3.weight" in self.tensors:
            y = self.conv(f"{name}.conv1", x, 1, 0)
            y = self.conv(f"{name}.conv2", y, stride, 1)
            return self.conv(f"{name}.conv3", y, 1, 0, shortcut)
        y = self.conv(f"{name}.conv1", x, stride, 1)
        return self.conv(f"{name}.conv2", y, 1, 1, shortcut)

    def conv(self, name, x, stride, padding, residual=None, rectified=True):
        scale = self.tensors[f"{name}.weight_scale"]
        weight = self.tensors[f"{name}.weight"].transpose(0, 3, 1, 2)
        weight = weight.astype(np.float32) * scale[:, None, None, None]
        bias = self.tensors[f"{name}.bias"] * scale * self.scales[x]
        inputs = [
            x,
            self.constant(f"{name}.weight", weight),
            self.constant(f"{name}.bias", bias.astype(np.float32)),
        ]
        window = {"strides": [stride] * 2, "pads": [padding] * 4}
        y = self.node("Conv", inputs, f"{name}.sum", **window)
        if residual is not None:
            y = self.node("Add", [y, residual], f"{name}.add")
        return self.requantised(name, y, self.tensors[f"{name}.output_scale"][0], rectified)

    def requantised(self, name, y, scale, rectified):
        """Rounds to codes 0..=127 or -127..=127: clipped first, as 8-bit types are wider."""
        low = np.float32(0 if rectified else -127 * scale)
        bounds = [self.constant(f"{name}.low", low), self.constant(f"{name}.high", np.float32(127 * scale))]
        y = self.node("Clip", [y, *bounds], f"{name}.clip")
        zero = np.uint8(0 if rectified else 128)
        step = [self.constant(f"{name}.step", np.float32(scale)), self.constant(f"{name}.zero", zero)]
        codes = self.node("QuantizeLinear", [y, *step], f"{name}.codes")
        return self.dequantised(codes, scale, zero)

    def dequantised(self, codes, scale, zero=np.uint8(0)):
        step = [self.constant(f"{codes}.step", np.float32(scale)), self.constant(f"{codes}.zero", zero)]
        real = self.node("DequantizeLinear", [codes, *step], f"{codes}.real")
        self.scales[real] = np.float32(scale)
        return real

    def constant(self, name, value):
        self.initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


main()
