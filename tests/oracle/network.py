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
# Inverted residuals are 50 or 60 layers in a row, most of them narrow, to amplify what differs.
LEAST_SQNR_DB_DEEP = 37.0
MOBILENET, LITE = "mobilenet_v2", "efficientnet_lite2"
BLOCKS = {
    "resnet18": (2, 2, 2, 2),
    "resnet50": (3, 4, 6, 3),
    MOBILENET: (1, 2, 3, 4, 3, 3, 1),
    LITE: (1, 3, 3, 4, 4, 5, 1),
}
# Stride of each stage of inverted residuals, and side of its windows.
STRIDES = (1, 2, 2, 2, 1, 2, 1)
KERNELS = {MOBILENET: (3,) * 7, LITE: (3, 3, 5, 3, 5, 5, 3)}
# Codes around the image: before it and after it.
IMAGE_PADDING = {"resnet18": (3, 3), "resnet50": (3, 3), MOBILENET: (0, 1), LITE: (0, 1)}
# A layer in the middle.
MIDDLE = {MOBILENET: "features.7.conv.1.0", LITE: "_blocks.8._depthwise_conv"}
# Smallest and largest code and zero point of what a convolution gives, before the latter is added.
RECTIFIED, LINEAR, CENTRED = (0, 127, 0), (-127, 127, 128), (-64, 63, 64)


def main():
    trainer = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        photos = [make_photo(folder / f"{index}.png", index) for index in range(PHOTOS)]
        for name, bits in [*((name, 8) for name in BLOCKS), ("resnet18", 4)]:
            artifact = folder / f"{name}-{bits}"
            random = ["--random", "--model", name, "--random-bits", str(bits)]
            run([trainer, "export", *random, "--out", str(artifact)])
            data = (artifact / "model.safetensors").read_bytes()
            ours = logits(trainer, artifact, photos)
            theirs = onnx_logits(Network(data).model(), photos, data)
            agreement = sqnr_db(ours, theirs)
            print(f"{name}, {bits} bits: logits agree with onnxruntime to {agreement:.1f} dB")
            least = LEAST_SQNR_DB_DEEP if name in KERNELS else LEAST_SQNR_DB
            assert agreement >= least, f"{least} dB wanted"
            control(data, photos, ours, least)


def control(data, photos, ours, least):
    """The negative control: one layer's scale off by a fifth is noticed."""
    network = Network(data)
    layer = MIDDLE.get(network.name, "layer3.0.conv1")
    network.tensors[f"{layer}.weight_scale"] *= 1.2
    agreement = sqnr_db(ours, onnx_logits(network.model(), photos, data))
    assert agreement < least, f"a wrong scale gave {agreement:.1f} dB"


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
    before, after = IMAGE_PADDING[metadata(data)["architecture"]]
    padded = before + SIDE + after
    rows = []
    for photo in photos:
        pixels = np.asarray(Image.open(photo)).astype(np.int64)
        # Mean pixels around the image are the stem's padding.
        codes = np.broadcast_to(np.rint(mean * 127), (padded, padded, 3)).copy()
        codes[before:, before:][:SIDE, :SIDE] = (pixels * 254 + 255) // 510
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
        x, head = self.inverted_residuals(x) if self.name in KERNELS else self.resnet(x)
        mean = self.node("GlobalAveragePool", [x], "avgpool")
        flat = self.node("Flatten", [mean], "flat")
        weight = self.tensors[f"{head}.weight"] * self.tensors[f"{head}.weight_scale"][:, None]
        unit = self.tensors[f"{head}.weight_scale"] * self.scales[x] / (SIDE // 32) ** 2
        bias = self.constant(f"{head}.bias", (self.tensors[f"{head}.bias"] * unit).astype(np.float32))
        weight = self.constant(f"{head}.weight", weight.astype(np.float32))
        self.node("Gemm", [flat, weight, bias], "logits", transB=1)
        size = SIDE + sum(IMAGE_PADDING[self.name])
        image = helper.make_tensor_value_info("image", TensorProto.UINT8, [1, 3, size, size])
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 80])
        graph = helper.make_graph(self.nodes, self.name, [image], [logits], self.initializers)
        opsets = [helper.make_opsetid("", 17)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def resnet(self, x):
        """All but the head, and its name."""
        x = self.conv("conv1", x, 2, 0)
        # The pool's output has its input's codes, so it is not rounded again.
        window = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
        pooled = self.node("MaxPool", [x], "maxpool", **window)
        self.scales[pooled] = self.scales[x]
        x = pooled
        for stage, blocks in enumerate(BLOCKS[self.name]):
            for block in range(blocks):
                x = self.block(f"layer{stage + 1}.{block}", x, 2 if stage and not block else 1)
        return x, "fc"

    def inverted_residuals(self, x):
        """All but the head, and its name."""
        x = self.conv("features.0.0" if self.name == MOBILENET else "_conv_stem", x, 2, 0)
        number = 0
        for blocks, stride, kernel in zip(BLOCKS[self.name], STRIDES, KERNELS[self.name]):
            for block in range(blocks):
                x = self.inverted_residual(number, x, 1 if block else stride, kernel, block > 0)
                number += 1
        if self.name == MOBILENET:
            return self.conv(f"features.{number + 1}.0", x, 1, 0), "classifier.1"
        return self.conv("_conv_head", x, 1, 0), "_fc"

    def inverted_residual(self, number, x, stride, kernel, with_residual):
        expand, depthwise, project = self.step_names(number)
        y = self.conv(expand, x, 1, 0) if f"{expand}.bias" in self.tensors else x
        # All sides are even where the stride is 2, so one zero more lies after than before.
        before = (kernel - stride) // 2
        padding = [before, before, kernel - stride - before, kernel - stride - before]
        y = self.conv(depthwise, y, stride, padding, depthwise=True)
        return self.conv(project, y, 1, 0, x if with_residual else None, CENTRED)

    def step_names(self, number):
        """Of a block's convolutions, the first of which may be absent."""
        if self.name == MOBILENET:
            name = f"features.{number + 1}.conv"
            if number == 0:
                return "absent", f"{name}.0.0", f"{name}.1"
            return f"{name}.0.0", f"{name}.1.0", f"{name}.2"
        return tuple(f"_blocks.{number}._{step}_conv" for step in ("expand", "depthwise", "project"))

    def block(self, name, x, stride):
        shortcut = x
        if f"{name}.downsample.0.bias" in self.tensors:
            shortcut = self.conv(f"{name}.downsample.0", x, stride, 0, None, LINEAR)
        if f"{name}.conv3.bias" in self.tensors:
            y = self.conv(f"{name}.conv1", x, 1, 0)
            y = self.conv(f"{name}.conv2", y, stride, 1)
            return self.conv(f"{name}.conv3", y, 1, 0, shortcut)
        y = self.conv(f"{name}.conv1", x, stride, 1)
        return self.conv(f"{name}.conv2", y, 1, 1, shortcut)

    def codes(self, name, kernel):
        """A convolution's weights; of two codes in a byte the earlier one is the lower."""
        if f"{name}.weight4" not in self.tensors:
            return self.tensors[f"{name}.weight"]
        packed = self.tensors[f"{name}.weight4"].astype(np.int8)
        codes = np.stack([(packed << 4) >> 4, packed >> 4], -1)
        return codes.reshape(len(packed), kernel, kernel, -1)

    def conv(self, name, x, stride, padding, residual=None, kind=RECTIFIED, depthwise=False):
        scale = self.tensors[f"{name}.weight_scale"]
        weight = self.codes(name, 3 if padding else 1).transpose(0, 3, 1, 2)
        weight = weight.astype(np.float32) * scale[:, None, None, None]
        bias = self.tensors[f"{name}.bias"] * scale * self.scales[x]
        inputs = [
            x,
            self.constant(f"{name}.weight", weight),
            self.constant(f"{name}.bias", bias.astype(np.float32)),
        ]
        pads = [padding] * 4 if isinstance(padding, int) else padding
        window = {"strides": [stride] * 2, "pads": pads, "group": len(scale) if depthwise else 1}
        y = self.node("Conv", inputs, f"{name}.sum", **window)
        if residual is not None:
            y = self.node("Add", [y, residual], f"{name}.add")
        return self.requantised(name, y, self.tensors[f"{name}.output_scale"][0], kind)

    def requantised(self, name, y, scale, kind):
        """Rounds to codes of a kind: clipped first, as 8-bit types are wider."""
        low, high, zero = kind
        low, high = np.float32(low * scale), np.float32(high * scale)
        bounds = [self.constant(f"{name}.low", low), self.constant(f"{name}.high", high)]
        y = self.node("Clip", [y, *bounds], f"{name}.clip")
        zero = np.uint8(zero)
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
