"""Writes zip.pth, legacy.pth, wrapped.pth and permuted*.pth: small state dictionaries as torch.save stores
them."""

import pathlib

import torch

FOLDER = pathlib.Path(__file__).parent


def main() -> None:
    state = {
        "conv1.weight": torch.arange(12, dtype=torch.float32).reshape(2, 2, 1, 3) / 8,
        "bn1.running_var": torch.tensor([0.5, 2.0], dtype=torch.float16),
        "bn1.num_batches_tracked": torch.tensor(7),
        # A view that does not begin where its storage does.
        "fc.weight": torch.arange(10, dtype=torch.float64).reshape(5, 2)[1:3],
    }
    torch.save(state, FOLDER / "zip.pth")
    torch.save(state, FOLDER / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "state_dict": state}, FOLDER / "wrapped.pth")
    state["fc.weight"] = state["fc.weight"].t()
    kernels = torch.zeros(2, 3, 4, 4).to(memory_format=torch.channels_last)
    state["conv1.weight"] = torch.nn.Parameter(kernels)
    torch.save(state, FOLDER / "permuted.pth")
    torch.save(state, FOLDER / "permuted_legacy.pth", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
