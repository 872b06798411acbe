"""Writes networks.json: what torchvision's networks and EfficientNet-Lite make of weights and an image
from formula.py."""

import json
import pathlib

import numpy as np
import torch
import torchvision
from efficientnet_lite import MEAN, STD, EfficientNetLite
from formula import codes, weight

CLASSES = 80
SIDE = 96
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
HALF = ([0.5] * 3, [0.5] * 3)
LITE = "efficientnet_lite"
OWN = "resnet-1-2-1-1-w16-bottleneck-deep"
TORCHVISION = ["resnet18", "resnet34", "resnet50", "mobilenet_v2"]


def pad_as_tensorflow(model: torch.nn.Module) -> None:
    """Layers of stride 2 pad at the bottom and on the right alone."""
    pad = lambda _module, inputs: torch.nn.functional.pad(inputs[0], (0, 1, 0, 1))
    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d) and module.stride == (2, 2):
            module.padding = (0, 0)
            module.register_forward_pre_hook(pad)


class OwnResNet(torchvision.models.ResNet):
    """A ResNet of other settings: bottlenecks, and a stem of three 3x3 convolutions."""

    def __init__(self, blocks: list, width: int, classes: int):
        block = torchvision.models.resnet.Bottleneck
        super().__init__(block, blocks, num_classes=classes)
        layers, channels = [], 3
        for outputs, stride in [(width // 2, 2), (width // 2, 1), (width, 1)]:
            convolution = torch.nn.Conv2d(channels, outputs, 3, stride, 1, bias=False)
            layers += [convolution, torch.nn.BatchNorm2d(outputs), torch.nn.ReLU()]
            channels = outputs
        self.conv1, self.bn1 = torch.nn.Sequential(*layers), torch.nn.Identity()
        self.inplanes = width
        for stage, count in enumerate(blocks):
            stride = 1 if stage == 0 else 2
            layer = self._make_layer(block, width << stage, count, stride=stride)
            setattr(self, f"layer{stage + 1}", layer)
        self.fc = torch.nn.Linear(self.inplanes, classes)


def golden(name: str) -> list:
    if name == OWN:
        model = OwnResNet([1, 2, 1, 1], 16, CLASSES).eval()
    elif name.startswith(LITE):
        model = EfficientNetLite(int(name.removeprefix(LITE)), CLASSES).eval()
    else:
        model = getattr(torchvision.models, name)(weights=None, num_classes=CLASSES).eval()
    state = {
        key: torch.from_numpy(weight(key, tuple(value.shape)))
        for key, value in model.state_dict().items()
        if not key.endswith("num_batches_tracked")
    }
    model.load_state_dict(state, strict=False)
    mean, std = IMAGENET
    if name == "mobilenet_v2":
        mean, std = HALF
        pad_as_tensorflow(model)
    if name.startswith(LITE):
        mean, std = [MEAN] * 3, [STD] * 3
    image = codes("image", (2, SIDE, SIDE, 3)).astype(np.float32) / np.float32(127)
    image = (image - np.array(mean, dtype=np.float32)) / np.array(std, dtype=np.float32)
    with torch.no_grad():
        logits = model(torch.from_numpy(image.transpose(0, 3, 1, 2).copy()))
    return [[round(float(value), 7) for value in row] for row in logits]


def main() -> None:
    names = [*TORCHVISION, OWN, *(f"{LITE}{variant}" for variant in range(5))]
    result = {name: golden(name) for name in names}
    for name, logits in result.items():
        print(name, np.abs(logits).max(), np.std(logits))
    path = pathlib.Path(__file__).with_name("networks.json")
    path.write_text(json.dumps({"side": SIDE, "torch": torch.__version__, "logits": result}) + "\n")


if __name__ == "__main__":
    main()
