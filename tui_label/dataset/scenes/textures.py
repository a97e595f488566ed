"""Surfaces made of noise: clouds of it, and boards of wood."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]  # float32[h, w]
Colour = NDArray[np.float32]  # float32[3] or float32[h, w, 3], RGB 0..1


def rgb(code: str) -> Colour:
    """A colour from six hexadecimal digits."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)], dtype=np.float32)


def blend(a: Colour, b: Colour, share: Plane) -> Colour:
    """``a`` where ``share`` is 0 and ``b`` where it is 1: ``float32[h, w, 3]``."""
    mixed: Colour = a + (b - a) * np.clip(share, 0, 1)[..., None]
    return mixed


def fractal(
    shape: tuple[int, int],
    feature: float,
    rng: np.random.Generator,
    stretch: tuple[float, float] = (1, 1),
    octaves: int = 4,
) -> Plane:
    """Cloudy noise ``float32[h, w]`` in 0..1, mean 0.5.

    ``feature`` is the size in pixels of its coarsest spots, times ``stretch`` (x, y).
    """
    height, width = shape
    total = np.zeros(shape, dtype=np.float32)
    weight = 0.0
    for octave in range(octaves):
        share = 0.5**octave
        columns = max(2, round(width / max(1.0, feature * stretch[0] * share)) + 1)
        rows = max(2, round(height / max(1.0, feature * stretch[1] * share)) + 1)
        grid = rng.random((min(rows, height), min(columns, width)), dtype=np.float32)
        total += share * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        weight += share
    spread: Plane = np.clip((total / weight - 0.5) * 1.6 + 0.5, 0, 1).astype(np.float32)
    return spread


def wood(x: Plane, y: Plane, fine: Plane, coarse: Plane, board: float) -> Colour:
    """Boards that run along ``x``, ``board`` units wide, with grain and joints.

    ``fine`` and ``coarse`` are noise of the surface's shape, stretched along ``x``.
    """
    number = np.floor(y / board)
    tone = np.sin(number * 12.9898) * 0.5 + 0.5
    rings = np.sin((y + coarse * 55 + tone * 300) * 0.42) * 0.5 + 0.5
    share = 0.30 * rings + 0.45 * fine + 0.25 * tone + x * 0
    colour = blend(rgb("b98352"), rgb("7d4d2a"), share.astype(np.float32))
    edge = np.minimum(y % board, board - y % board) + x * 0
    joint = np.clip(edge / 1.6, 0, 1).astype(np.float32)
    jointed: Colour = colour * (0.35 + 0.65 * joint)[..., None]
    return jointed
