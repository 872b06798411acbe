"""Writes resnet.json: what torchvision's ResNets make of weights and an image from formula.py."""

import json
import pathlib

import numpy as np
import torch
import torchvision
from formula import codes, weight

CLASSES = 80
SIDE = 96
MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


def golden(name: str) -> dict:
    model = getattr(torchvision.models, name)(weights=None, num_classes=CLASSES).eval()
    state = {
        key: torch.from_numpy(weight(key, tuple(value.shape)))
        for key, value in model.state_dict().items()
        if not key.endswith("num_batches_tracked")
    }
    model.load_state_dict(state, strict=False)
    image = codes("image", (2, SIDE, SIDE, 3)).astype(np.float32) / np.float32(127)
    pixels = torch.from_numpy(((image - MEAN) / STD).transpose(0, 3, 1, 2).copy())
    stages = {}
    for stage in ["layer1", "layer2", "layer3", "layer4"]:
        record = lambda _module, _inputs, output, stage=stage: stages.update(
            {stage: [float(output.double().mean()), float(output.double().pow(2).mean().sqrt())]}
        )
        getattr(model, stage).register_forward_hook(record)
    with torch.no_grad():
        logits = model(pixels)
    return {"logits": [[round(float(v), 7) for v in row] for row in logits], "stages": stages}


def main() -> None:
    result = {name: golden(name) for name in ["resnet18", "resnet34", "resnet50"]}
    for name, values in result.items():
        print(name, np.abs(values["logits"]).max(), values["stages"])
    path = pathlib.Path(__file__).with_name("resnet.json")
    path.write_text(json.dumps({"side": SIDE, "torch": torch.__version__, "models": result}) + "\n")


if __name__ == "__main__":
    main()
