"""Counter-based randomness: every day and purpose has a stream of its own, so days can be simulated one at a time."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from demo.typing import Array

_BEFORE = 1  # day -1 is the population that exists before the first day


def stream(seed: int, day: int, purpose: str) -> np.random.Generator:
    """The generator of one purpose on one day (-1 and later) under one seed."""
    entropy = np.random.SeedSequence([seed, day + _BEFORE, crc32(purpose.encode())])
    return np.random.Generator(np.random.Philox(entropy))


def mixed(values: Array, salt: int) -> Array:
    """A fixed pseudo-random uint64 for each integer (splitmix64): the same person always gets the same name."""
    with np.errstate(over="ignore"):
        state = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return state ^ (state >> np.uint64(31))
