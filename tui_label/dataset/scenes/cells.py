"""Blood under a microscope."""

from __future__ import annotations

import math

import cv2
import numpy as np

from tui_label.dataset.scenes.canvas import Canvas, blob
from tui_label.dataset.scenes.textures import blend, fractal, rgb

_WHITE_CELLS = ((330, 250, 92, 3), (742, 428, 84, 2))
_WANTED, _TRIES = 34, 4000


def draw_cells(canvas: Canvas) -> None:
    """Two white cells with purple nuclei among red cells, some of which overlap."""
    haze = canvas.texture(300)
    canvas.pixels[:] = blend(rgb("f1e6e2"), rgb("e6d5d3"), haze)
    for cx, cy, radius in _red_places(canvas):
        _red_cell(canvas, cx, cy, radius)
    for cx, cy, radius, lobes in _WHITE_CELLS:
        _white_cell(canvas, cx, cy, radius, lobes)


def _red_places(canvas: Canvas) -> list[tuple[float, float, float]]:
    """Places that overlap a little at most, away from the white cells."""
    places: list[tuple[float, float, float]] = []
    taken: list[tuple[float, float, float]] = [
        (cx, cy, float(radius + 12)) for cx, cy, radius, _ in _WHITE_CELLS
    ]
    for _ in range(_TRIES):
        cx, cy = canvas.rng.uniform(-10, 970), canvas.rng.uniform(-10, 650)
        radius = canvas.rng.uniform(48, 60)
        if all(math.hypot(cx - tx, cy - ty) > 0.9 * (radius + reach) for tx, ty, reach in taken):
            places.append((cx, cy, radius))
            taken.append((cx, cy, radius))
        if len(places) == _WANTED:
            break
    return places


def _bumps(canvas: Canvas, amount: float) -> list[tuple[int, float, float]]:
    return [(n, canvas.rng.normal(0, amount), canvas.rng.random() * 6) for n in (2, 3, 4)]


def _red_cell(canvas: Canvas, cx: float, cy: float, radius: float) -> None:
    cell = canvas.new_object("red cell")
    turn = canvas.rng.uniform(0, 180)
    patch = canvas.patch(
        blob(cx, cy, radius, radius * canvas.rng.uniform(0.86, 1), turn, _bumps(canvas, 0.02))
    )
    inside = (np.pad(patch.alpha, 1) > 0.5).astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    rim = np.asarray(depth / (radius * canvas.scale), dtype=np.float32)
    # A disc with a hollow: thick, so dark, near its rim and pale in the middle.
    thick = np.exp(-(((rim - 0.26) / 0.26) ** 2)) * 0.85 + 0.22
    body = blend(rgb("d98f86"), rgb("ad4a48"), thick)
    mottled = fractal(patch.alpha.shape, 20 * canvas.scale, canvas.rng)
    canvas.paint(patch, body * (0.96 + 0.08 * mottled)[..., None], cell)


def _white_cell(canvas: Canvas, cx: float, cy: float, radius: float, lobes: int) -> None:
    cell = canvas.new_object("white cell")
    patch = canvas.patch(blob(cx, cy, radius, radius * 0.95, 20, _bumps(canvas, 0.03)))
    granules = fractal(patch.alpha.shape, 5 * canvas.scale, canvas.rng, octaves=3)
    canvas.paint(patch, blend(rgb("b9a2d8"), rgb("9379bd"), granules), cell)
    for lobe in range(lobes):
        turn = 2 * math.pi * lobe / lobes + 0.7
        part = canvas.patch(
            blob(
                cx + radius * 0.3 * math.cos(turn), cy + radius * 0.3 * math.sin(turn),
                radius * 0.4, radius * 0.33, math.degrees(turn), _bumps(canvas, 0.04),
            )
        )  # fmt: skip
        chromatin = fractal(part.alpha.shape, 9 * canvas.scale, canvas.rng)
        canvas.paint(part, blend(rgb("7a4fae"), rgb("56308c"), chromatin), cell)
