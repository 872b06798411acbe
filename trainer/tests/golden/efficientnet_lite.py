"""EfficientNet-Lite in PyTorch, after the paper (arXiv 1905.11946) and TensorFlow's lite variant:
ReLU6, no squeeze-and-excitation, stem and last width and first and last depth not scaled. Layers are
named as the PyTorch ports of EfficientNet name them."""

import math

import torch
from torch import nn

# Width and depth of each variant.
SCALES = {0: (1.0, 1.0), 1: (1.0, 1.1), 2: (1.1, 1.2), 3: (1.2, 1.4), 4: (1.4, 1.8)}
# Expansion, width, depth, stride and kernel of each stage.
STAGES = [
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
]
MEAN, STD = 127 / 255, 128 / 255


class SameConv(nn.Conv2d):
    """A convolution without bias that pads as TensorFlow's `same` does."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1):
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pads = []
        for side in (x.shape[3], x.shape[2]):
            zeros = max((math.ceil(side / self.stride[0]) - 1) * self.stride[0] + self.kernel_size[0] - side, 0)
            pads += [zeros // 2, zeros - zeros // 2]
        return super().forward(nn.functional.pad(x, pads))


def norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)


class Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int, kernel: int):
        super().__init__()
        hidden = inputs * expansion
        if expansion > 1:
            self._expand_conv, self._bn0 = SameConv(inputs, hidden, 1), norm(hidden)
        self._depthwise_conv, self._bn1 = SameConv(hidden, hidden, kernel, stride, hidden), norm(hidden)
        self._project_conv, self._bn2 = SameConv(hidden, outputs, 1), norm(outputs)
        self.expands = expansion > 1
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        if self.expands:
            y = nn.functional.relu6(self._bn0(self._expand_conv(y)))
        y = nn.functional.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.adds else y


class EfficientNetLite(nn.Module):
    def __init__(self, variant: int, classes: int):
        super().__init__()
        width, depth = SCALES[variant]
        self._conv_stem, self._bn0 = SameConv(3, 32, 3, 2), norm(32)
        blocks, inputs = [], 32
        for index, (expansion, outputs, repeats, stride, kernel) in enumerate(STAGES):
            outputs = rounded(outputs * width)
            if 0 < index < len(STAGES) - 1:
                repeats = math.ceil(repeats * depth)
            for block in range(repeats):
                blocks.append(Block(inputs, outputs, expansion, 1 if block else stride, kernel))
                inputs = outputs
        self._blocks = nn.ModuleList(blocks)
        self._conv_head, self._bn1 = SameConv(inputs, 1280, 1), norm(1280)
        self._fc = nn.Linear(1280, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        x = nn.functional.relu6(self._bn1(self._conv_head(x)))
        return self._fc(x.mean([2, 3]))


def rounded(width: float) -> int:
    """The nearest multiple of 8, but not less than nine tenths."""
    nearest = max(8, int(width + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * width else nearest
