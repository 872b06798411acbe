"""Weights and images from a formula, the same in Rust (suite/formula.rs): numbers in [-1, 1)."""

import numpy as np


def fnv1a(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def units(name: str, count: int) -> np.ndarray:
    """SplitMix64 over the positions, seeded by the name; exact in float32."""
    with np.errstate(over="ignore"):
        z = np.uint64(fnv1a(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float32) / np.float32(2**23) - np.float32(1)


def weight(name: str, shape: tuple) -> np.ndarray:
    """Kernels keep the size of what passes through them; batch norms differ from the identity."""
    u = units(name, int(np.prod(shape)))
    if len(shape) > 1:
        fan_in = int(np.prod(shape[1:]))
        u = u * np.float32((6.0 / fan_in) ** 0.5)
    elif name.endswith("running_var"):
        u = np.float32(1) + np.float32(0.5) * u
    elif name.endswith("running_mean") or name.endswith("bias"):
        u = np.float32(0.1) * u
    else:
        u = np.float32(0.6) + np.float32(0.2) * u
    return u.reshape(shape)


def codes(name: str, shape: tuple) -> np.ndarray:
    """7-bit pixel codes."""
    return np.floor((units(name, int(np.prod(shape))) + 1) * np.float32(64)).astype(np.int8).reshape(shape)
