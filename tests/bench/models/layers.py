"""Quantised networks with random weights, as lists of layers that any format can be written from.

The weights are drawn so that activations keep their variance through the network: no tensor
saturates, so the output still depends on the input and can be checked before anything is timed.
"""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np

SIDE = 224
CLASSES = 80
# Activations beyond this many standard deviations are clipped.
RANGE_DEVIATIONS = 6.0


class Activation(Enum):
    LINEAR = "linear"
    RELU = "relu"
    RELU6 = "relu6"


@dataclass
class Tensor:
    """An activation: 8-bit codes over [0, high] when rectified, else over [-high, high]."""

    name: str
    side: int
    channels: int
    power: float
    """Mean square of its values."""
    activation: Activation

    @property
    def rectified(self):
        return self.activation is not Activation.LINEAR

    @property
    def scale(self):
        if self.activation is Activation.RELU6:
            return np.float32(6 / 255)
        high = RANGE_DEVIATIONS * self.power**0.5
        return np.float32(high / 255 if self.rectified else 2 * high / 255)


@dataclass
class Conv:
    name: str
    input: Tensor
    output: Tensor
    kernel: int
    stride: int
    padding: tuple
    """Before and after."""
    weight: np.ndarray
    """Codes [out, kh, kw, in], or [channels, kh, kw, 1] of a depthwise one."""
    weight_scale: np.ndarray
    bias: np.ndarray

    @property
    def depthwise(self):
        return self.weight.shape[-1] == 1


@dataclass
class Pool:
    name: str
    input: Tensor
    output: Tensor


@dataclass
class Add:
    """Sum and activation."""

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
    """Appends layers to a network, each after those that it takes its input from."""

    def __init__(self, name, seed=1):
        self.random = np.random.default_rng(seed)
        self.network = Network(name, Tensor("image", SIDE, 3, 1.0, Activation.LINEAR))

    def conv(self, name, x, channels, kernel, stride, activation, padding=None):
        """Dense; padded alike on both sides unless told otherwise."""
        shape = (channels, kernel, kernel, x.channels)
        return self.convolution(name, x, shape, stride, activation, padding)

    def depthwise(self, name, x, kernel, stride, activation, padding=None):
        return self.convolution(name, x, (x.channels, kernel, kernel, 1), stride, activation, padding)

    def convolution(self, name, x, shape, stride, activation, padding):
        channels, kernel = shape[:2]
        # Variance 1 before a rectifier, which halves the mean square.
        power = 1.0 if activation is Activation.LINEAR else 0.5
        output = Tensor(name, -(-x.side // stride), channels, power, activation)
        parameters = self.parameters(shape, kernel * kernel * shape[-1], x)
        padding = padding or (kernel // 2, kernel // 2)
        self.network.layers.append(Conv(name, x, output, kernel, stride, padding, *parameters))
        return output

    def pool(self, x):
        pooled = Tensor("pool", x.side // 2, x.channels, x.power, x.activation)
        self.network.layers.append(Pool("maxpool", x, pooled))
        return pooled

    def add(self, name, left, right, activation):
        power = left.power + right.power
        output = Tensor(f"{name}.add", left.side, left.channels, power, activation)
        self.network.layers.append(Add(f"{name}.add", left, right, output))
        return output

    def head(self, x):
        pooled = Tensor("avgpool", 1, x.channels, x.power, x.activation)
        # Averaging over the positions leaves little of the variance.
        output = Tensor("logits", 1, CLASSES, 1 / 16, Activation.LINEAR)
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
