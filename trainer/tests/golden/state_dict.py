"""Writes the .pth files beside it: small state dictionaries as torch.save stores them, and what is none."""

import collections
import pathlib

import torch

FOLDER = pathlib.Path(__file__).parent


def save(name: str, what, **options) -> None:
    torch.save(what, FOLDER / f"{name}.pth", **options)
    name = "legacy" if name == "zip" else f"{name}_legacy"
    torch.save(what, FOLDER / f"{name}.pth", _use_new_zipfile_serialization=False, **options)


def plain() -> dict:
    return {
        "conv1.weight": torch.arange(12, dtype=torch.float32).reshape(2, 2, 1, 3) / 8,
        "bn1.running_var": torch.tensor([0.5, 2.0], dtype=torch.float16),
        "bn1.num_batches_tracked": torch.tensor(7),
        # A view that does not begin where its storage does.
        "fc.weight": torch.arange(10, dtype=torch.float64).reshape(5, 2)[1:3],
    }


def permuted() -> dict:
    """The same values in another order of memory, in one storage and as a parameter."""
    state = plain()
    shared = torch.tensor([2.0, 4.0, 3.0, 5.0, 0.5, 9.0, 2.0])
    state["fc.weight"] = shared[:4].reshape(2, 2).t()
    state["bn1.running_var"] = shared[4::2]
    kernels = state["conv1.weight"].to(memory_format=torch.channels_last)
    state["conv1.weight"] = torch.nn.Parameter(kernels)
    return state


def main() -> None:
    state = plain()
    save("zip", state)
    save("permuted", permuted())
    save("protocol4", collections.OrderedDict(state), pickle_protocol=4)
    wrapped = {f"module.{name}": tensor for name, tensor in state.items()}
    optimizer = {"state": {0: {"exp_avg": torch.zeros(2)}}, "param_groups": []}
    training = {"epoch": 3, "optimizer": optimizer}
    best = {"best": torch.tensor(0.5)}
    torch.save({**training, **best, "state_dict": wrapped}, FOLDER / "wrapped.pth")
    torch.save({**training, **best, "ema": {"model": state}}, FOLDER / "averaged.pth")
    torch.save(training, FOLDER / "no_state.pth")
    # Not in the older format too, which would keep PyTorch's source in the file.
    torch.save(torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1)), FOLDER / "whole_model.pth")
    quantised = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)
    torch.save({"conv1.weight": quantised}, FOLDER / "quantised.pth")


if __name__ == "__main__":
    main()
