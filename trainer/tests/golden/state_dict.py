"""Writes zip.pth, legacy.pth and wrapped.pth: one small state dictionary as torch.save stores it."""

import pathlib

import torch

FOLDER = pathlib.Path(__file__).parent


def main() -> None:
    state = {
        "conv1.weight": torch.arange(12, dtype=torch.float32).reshape(2, 2, 1, 3) / 8,
        "bn1.running_var": torch.tensor([0.5, 2.0], dtype=torch.float16),
        "bn1.num_batches_tracked": torch.tensor(7),
        # A view that is neither contiguous nor at its storage's start.
        "fc.weight": torch.arange(10, dtype=torch.float64).reshape(2, 5)[:, 1:3].t(),
    }
    torch.save(state, FOLDER / "zip.pth")
    torch.save(state, FOLDER / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "state_dict": state}, FOLDER / "wrapped.pth")


if __name__ == "__main__":
    main()
