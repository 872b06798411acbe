"""Writes lsq.json: LSQ (arXiv 1902.08153) as the paper's appendix gives it, in PyTorch's autograd."""

import json
import pathlib

import numpy as np
import torch

CHANNELS = 3
TAPS = 40
PHOTOS = 2
PLANE = 10


def grad_scale(x, scale):
    return (x - x * scale).detach() + x * scale


def round_pass(x):
    return (x.round() - x).detach() + x


def quantise(values, step, low, high, count):
    step = grad_scale(step, 1 / np.sqrt(count * high))
    return round_pass((values / step).clamp(low, high)) * step


def off_the_bounds(values, step, low, high):
    """Gradients jump where values meet a bound or the middle between two codes: moves them away."""
    scaled = values / step
    middles = np.floor(scaled) + 0.5
    scaled = np.where(np.abs(scaled - middles) < 0.02, middles + 0.1, scaled)
    for bound in (low, high):
        scaled = np.where(np.abs(scaled - bound) < 0.02, bound + 0.1, scaled)
    return scaled * step


def case(kind: str, bits: int, rng) -> dict:
    if kind == "weights":
        high = 2 ** (bits - 1) - 1
        low, shape, count = -high, (1, CHANNELS, TAPS), TAPS
        step = rng.uniform(0.6, 1.4, (1, CHANNELS, 1)) * 0.08 / high
        values = rng.normal(0, 0.05, shape)
    else:
        high = 2**bits - 1
        low, shape, count = 0, (PHOTOS, CHANNELS, PLANE), CHANNELS * PLANE
        step = np.full((1, 1, 1), 2.0 / high)
        values = rng.normal(0.4, 1.0, shape)
    values = torch.tensor(off_the_bounds(values, step, low, high), dtype=torch.float32)
    step = torch.tensor(step, dtype=torch.float32, requires_grad=True)
    values.requires_grad_()
    weight = torch.tensor(rng.normal(0, 1, shape), dtype=torch.float32)
    output = quantise(values, step, low, high, count)
    (output * weight).sum().backward()
    flat = lambda tensor: [float(value) for value in tensor.detach().flatten()]
    return {
        "kind": kind,
        "bits": bits,
        "shape": list(shape),
        "values": flat(values),
        "step": flat(step),
        "output_gradient": flat(weight),
        "output": flat(output),
        "values_gradient": flat(values.grad),
        "step_gradient": flat(step.grad),
    }


def main() -> None:
    rng = np.random.default_rng(5)
    cases = [case("weights", bits, rng) for bits in (2, 3, 4, 8)]
    cases += [case("activations", bits, rng) for bits in (2, 4, 7)]
    result = {"torch": torch.__version__, "cases": cases}
    path = pathlib.Path(__file__).with_name("lsq.json")
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print([(c["kind"], c["bits"], c["step_gradient"]) for c in cases])


if __name__ == "__main__":
    main()
