"""A quantised ResNet with random weights, as a list of layers that any format can be written from.

The weights are drawn so that activations keep their variance through the network: no tensor
saturates, so the output still depends on the input and can be checked before anything is timed.
"""

from dataclasses import dataclass, field

import numpy as np

SIDE = 224
CLASSES = 80
BLOCKS = {"resnet18": (2, 2, 2, 2), "resnet50": (3, 4, 6, 3)}
WIDTHS = (64, 128, 256, 512)
# Activations beyond this many standard deviations are clipped.
RANGE_DEVIATIONS = 6.0


@dataclass
class Tensor:
    """An activation: 8-bit codes over [0, high] when rectified, else over [-high, high]."""

    name: str
    side: int
    channels: int
    power: float
    """Mean square of its values."""
    rectified: bool

    @property
    def scale(self):
        high = RANGE_DEVIATIONS * self.power**0.5
        return np.float32(high / 255 if self.rectified else 2 * high / 255)


@dataclass
class Conv:
    name: str
    input: Tensor
    output: Tensor
    kernel: int
    stride: int
    weight: np.ndarray
    """Codes [out, kh, kw, in]."""
    weight_scale: np.ndarray
    bias: np.ndarray


@dataclass
class Pool:
    name: str
    input: Tensor
    output: Tensor


@dataclass
class Add:
    """Sum and ReLU."""

    name: str
    left: Tensor
    right: Tensor
    output: Tensor


@dataclass
class Head:
    """Global average pool and linear layer."""

    name: str
    input: Tensor
    pooled: Tensor
    output: Tensor
    weight: np.ndarray
    weight_scale: np.ndarray
    bias: np.ndarray


@dataclass
class Network:
    name: str
    image: Tensor
    layers: list = field(default_factory=list)

    @property
    def output(self):
        return self.layers[-1].output


class Builder:
    def __init__(self, name, seed=1):
        self.random = np.random.default_rng(seed)
        self.network = Network(name, Tensor("image", SIDE, 3, 1.0, rectified=False))

    def build(self):
        bottleneck = self.network.name == "resnet50"
        x = self.conv("conv1", self.network.image, 64, 7, 2, rectified=True)
        pooled = Tensor("pool", x.side // 2, x.channels, x.power, rectified=True)
        self.network.layers.append(Pool("maxpool", x, pooled))
        x = pooled
        for stage, (width, blocks) in enumerate(zip(WIDTHS, BLOCKS[self.network.name])):
            for block in range(blocks):
                stride = 2 if stage > 0 and block == 0 else 1
                make = self.bottleneck if bottleneck else self.basic
                x = make(f"layer{stage + 1}.{block}", x, width, stride)
        self.head(x)
        return self.network

    def basic(self, name, x, width, stride):
        shortcut = self.shortcut(name, x, width, stride)
        y = self.conv(f"{name}.conv1", x, width, 3, stride, rectified=True)
        y = self.conv(f"{name}.conv2", y, width, 3, 1, rectified=False)
        return self.add(name, y, shortcut)

    def bottleneck(self, name, x, width, stride):
        shortcut = self.shortcut(name, x, 4 * width, stride)
        y = self.conv(f"{name}.conv1", x, width, 1, 1, rectified=True)
        y = self.conv(f"{name}.conv2", y, width, 3, stride, rectified=True)
        y = self.conv(f"{name}.conv3", y, 4 * width, 1, 1, rectified=False)
        return self.add(name, y, shortcut)

    def shortcut(self, name, x, channels, stride):
        if stride == 1 and x.channels == channels:
            return x
        return self.conv(f"{name}.downsample.0", x, channels, 1, stride, rectified=False)

    def conv(self, name, x, channels, kernel, stride, rectified):
        taps = kernel * kernel * x.channels
        # Variance 1 before the ReLU, which halves the mean square.
        output = Tensor(name, x.side // stride, channels, 0.5 if rectified else 1.0, rectified)
        parameters = self.parameters((channels, kernel, kernel, x.channels), taps, x)
        self.network.layers.append(Conv(name, x, output, kernel, stride, *parameters))
        return output

    def add(self, name, left, right):
        output = Tensor(f"{name}.add", left.side, left.channels, left.power + right.power, True)
        self.network.layers.append(Add(f"{name}.add", left, right, output))
        return output

    def head(self, x):
        pooled = Tensor("avgpool", 1, x.channels, x.power, rectified=True)
        # Averaging over the positions leaves little of the variance.
        output = Tensor("logits", 1, CLASSES, 1 / 16, rectified=False)
        parameters = self.parameters((CLASSES, x.channels), x.channels, x)
        self.network.layers.append(Head("fc", x, pooled, output, *parameters))

    def parameters(self, shape, taps, x):
        real = self.random.normal(0, (taps * x.power) ** -0.5, shape).astype(np.float32)
        rows = real.reshape(shape[0], -1)
        # Rows of mean 0: the mean of rectified inputs must not add up over the layers.
        rows -= rows.mean(axis=1, keepdims=True)
        scale = np.abs(rows).max(axis=1) / np.float32(127)
        codes = np.rint(rows / scale[:, None]).astype(np.int8).reshape(shape)
        bias = self.random.normal(0, 0.1, shape[0]) / (scale * x.scale)
        return codes, scale, np.rint(bias).astype(np.int32)


def resnet(name):
    return Builder(name).build()
