"""Wet pebbles and starfish on rippled sand."""

from __future__ import annotations

import math

import numpy as np

from tui_label.dataset.scenes.canvas import Canvas, Finish, blob, placed, smooth
from tui_label.dataset.scenes.textures import blend, fractal, rgb

# x, y, width, height of half a pebble, its turn, base colour and that of its clouds
_PEBBLES = (
    (150, 150, 88, 62, 15, "5d6873", "39424c"),
    (330, 110, 60, 44, -30, "8a4f3d", "5f2f26"),
    (690, 140, 104, 76, -12, "46505a", "2a3138"),
    (850, 250, 58, 50, 40, "f0ebe2", "cfc6b8"),
    (806, 92, 46, 34, 10, "7c5a44", "553a2b"),
    (120, 420, 70, 54, 60, "ece6da", "c9beac"),
    (262, 520, 110, 74, -8, "525c52", "343c36"),
    (420, 566, 56, 44, 24, "93513d", "6b3227"),
    (790, 520, 92, 68, 22, "64707c", "3d4853"),
    (900, 440, 50, 40, -40, "8a4f3d", "54301f"),
    (232, 268, 50, 38, 30, "39414a", "242a30"),
)  # fmt: skip


def draw_beach(canvas: Canvas) -> None:
    """Eleven pebbles and two starfish, some of them touching."""
    x, y = canvas.sheet_coordinates()
    drift = canvas.texture(180)
    ripple = np.sin((y + 0.25 * x + drift * 90) * 0.13)
    grains = canvas.rng.random(drift.shape, dtype=np.float32)
    sand = blend(rgb("dcc294"), rgb("bb9c69"), 0.42 - 0.24 * ripple + 0.4 * (drift - 0.5))
    canvas.pixels[:] = sand * (0.86 + 0.26 * grains)[..., None]
    for spot in canvas.rng.random((240, 3)):
        speck = blob(spot[0] * 960, spot[1] * 640, 1.2 + spot[2] * 1.8, 1.2 + spot[2])
        canvas.paint(canvas.patch(speck), rgb("7c6546" if spot[2] > 0.4 else "f3e6c8"))

    for cx, cy, rx, ry, angle, base, clouds in _PEBBLES:
        _pebble(canvas, (cx, cy, rx, ry, angle), base, clouds)
    _starfish(canvas, 500, 330, 138, 12, "d9622b")
    _starfish(canvas, 620, 520, 78, -20, "b5303c")


def _pebble(
    canvas: Canvas, place: tuple[float, float, float, float, float], base: str, clouds: str
) -> None:
    pebble = canvas.new_object("pebble")
    bumps = [(n, canvas.rng.normal(0, 0.035), canvas.rng.random() * 6) for n in (2, 3, 4, 5)]
    outline = blob(*place, wobble=bumps, squareness=2.25)
    canvas.cast_shadow(outline, 20)
    patch = canvas.patch(outline)
    marble = fractal(patch.alpha.shape, 50 * canvas.scale, canvas.rng, (1.6, 0.7), 5)
    speckle = fractal(patch.alpha.shape, 4 * canvas.scale, canvas.rng, octaves=2)
    colour = blend(rgb(base), rgb(clouds), marble) * (0.9 + 0.2 * speckle)[..., None]
    finish = Finish(roundness=place[3] * 0.9, gloss=0.3, focus=34)
    canvas.paint(patch, canvas.lit(patch, colour, finish), pebble)


def _starfish(canvas: Canvas, cx: float, cy: float, size: float, angle: float, skin: str) -> None:
    star = canvas.new_object("starfish")
    points = []
    for arm in range(5):
        turn = 2 * math.pi * arm / 5
        for reach, side in ((0.36, -0.62), (0.68, -0.2), (1.0, -0.05), (1.0, 0.05), (0.68, 0.2)):
            points.append((reach * math.cos(turn + side), reach * math.sin(turn + side)))
    outline = placed(smooth(points), cx, cy, angle, size)
    canvas.cast_shadow(outline, 16)
    patch = canvas.patch(outline)
    rough = fractal(patch.alpha.shape, 6 * canvas.scale, canvas.rng, octaves=2)
    colour = blend(rgb(skin) * 1.12, rgb(skin) * 0.78, rough)
    canvas.paint(patch, canvas.lit(patch, colour, Finish(gloss=0.12, focus=14)), star)
    for arm in range(5):
        turn = 2 * math.pi * arm / 5 + math.radians(angle)
        for step in np.linspace(0.1, 0.86, 9):
            spot = blob(
                cx + size * step * math.cos(turn), cy + size * step * math.sin(turn),
                size * 0.034 * (1.2 - step), size * 0.034 * (1.2 - step),
            )  # fmt: skip
            canvas.paint(canvas.patch(spot), rgb("f6cf9c"))
