"""A wooden table with a bowl of fruit."""

from __future__ import annotations

import math

import numpy as np

from tui_label.dataset.scenes.canvas import (
    Canvas,
    Finish,
    Outline,
    blob,
    ellipse,
    placed,
    smooth,
    stroke,
)
from tui_label.dataset.scenes.textures import blend, fractal, rgb, wood

_WAX = Finish(gloss=0.42, focus=46, ambient=0.30)
_PEEL = Finish(gloss=0.22, focus=18, ambient=0.34)


def draw_fruit(canvas: Canvas) -> None:
    """Fruit in a blue bowl and around it, on boards."""
    x, y = canvas.sheet_coordinates()
    fine = canvas.texture(14, (9, 0.6))
    canvas.pixels[:] = wood(x, y, fine, canvas.texture(120, (3, 0.7)), 128)
    canvas.pixels *= (1.12 - 0.35 * (x / 960) - 0.1 * (y / 640))[..., None]

    bowl = canvas.new_object("bowl")
    rim = ellipse(400, 300, 250, 118)
    body = blob(400, 330, 250, 176)
    canvas.cast_shadow(body, 46)
    canvas.solid(rim, rgb("2f4f78"), bowl, Finish(roundness=200, gloss=0.1, ambient=0.45))
    _apple(canvas, 264, 264, 74, "c4252d", 4)
    _apple(canvas, 530, 262, 72, "b3202c", 10)
    _orange(canvas, 398, 228, 82)
    _lemon(canvas, 470, 322, 66, -24)
    _apple(canvas, 350, 334, 72, "8fb52f", -8)
    _bowl_front(canvas, bowl)

    _banana(canvas, 752, 474)
    _apple(canvas, 800, 190, 86, "c4252d", 6)
    _lemon(canvas, 118, 556, 60, 18)
    _orange(canvas, 690, 108, 62)


def _bowl_front(canvas: Canvas, bowl: int) -> None:
    """The outside of the bowl, before the fruit, with its rim."""
    turn = np.linspace(0, math.pi, 60)
    lip = np.stack([400 + 250 * np.cos(turn), 300 + 118 * np.sin(turn)], axis=-1)
    side = blob(400, 300, 250, 206, squareness=2.3)
    side = side[side[:, 1] >= 300]
    front: Outline = np.concatenate([lip[::-1], side])
    patch = canvas.patch(front)
    height, width = patch.alpha.shape
    glaze = fractal((height, width), 60, canvas.rng)
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    light = 0.55 + 0.62 * np.exp(-((across + 0.42) ** 2) / 0.16) - 0.28 * np.clip(across, 0, 1)
    colour = blend(rgb("3c6aa3"), rgb("4a7fbd"), glaze) * light[..., None]
    band = np.linspace(0, 1, height, dtype=np.float32)[:, None] + across * 0
    colour = colour * (1.05 - 0.45 * band)[..., None]
    canvas.paint(patch, np.clip(colour, 0, 1), bowl)
    for points, widths in ((lip, (9, 9)), (lip - np.array((0, 2)), (3, 3))):
        shade = rgb("86abd8") if widths[0] > 5 else rgb("d3e4f7")
        canvas.paint(canvas.patch(stroke(points, widths)), shade, bowl)


def _apple(canvas: Canvas, cx: float, cy: float, radius: float, skin: str, angle: float) -> None:
    apple = canvas.new_object("apple")
    outline = blob(cx, cy, radius, radius * 0.94, angle, [(2, 0.03, 0.6), (3, 0.035, 2.6)], 2.1)
    canvas.cast_shadow(outline, radius * 0.42)
    patch = canvas.patch(outline)
    streaks = fractal(patch.alpha.shape, 22 * canvas.scale, canvas.rng, (0.35, 3))
    colour = blend(rgb(skin), rgb(skin) * 0.72 + rgb("e8c25a") * 0.28, streaks**2)
    canvas.paint(patch, canvas.lit(patch, colour, _WAX), apple)
    hollow = placed(ellipse(0, 0, radius * 0.22, radius * 0.09), cx, cy - radius * 0.62, angle)
    canvas.paint(canvas.patch(hollow), rgb(skin) * 0.38)
    stem = placed(
        stroke([(0, 0), (2, -10), (7, -20)], (4, 5, 7)), cx, cy - radius * 0.62, angle, radius / 60
    )
    canvas.paint(canvas.patch(stem), rgb("4a2f18"), apple)


def _orange(canvas: Canvas, cx: float, cy: float, radius: float) -> None:
    orange = canvas.new_object("orange")
    outline = blob(cx, cy, radius, radius * 0.97, wobble=[(3, 0.008, 1)])
    canvas.cast_shadow(outline, radius * 0.42)
    patch = canvas.patch(outline)
    pores = fractal(patch.alpha.shape, 5 * canvas.scale, canvas.rng, octaves=2)
    canvas.paint(
        patch, canvas.lit(patch, blend(rgb("f08a1d"), rgb("dd7410"), pores), _PEEL), orange
    )
    canvas.paint(canvas.patch(ellipse(cx + radius * 0.2, cy - radius * 0.5, 5, 3.5)), rgb("7a5a1c"))


def _lemon(canvas: Canvas, cx: float, cy: float, length: float, angle: float) -> None:
    lemon = canvas.new_object("lemon")
    half = [(-1.0, 0), (-0.88, -0.16), (-0.6, -0.5), (0, -0.68), (0.6, -0.5), (0.88, -0.16)]
    points = half + [(-px, -py) for px, py in half]
    outline = placed(smooth(points), cx, cy, angle, length)
    canvas.cast_shadow(outline, length * 0.36)
    patch = canvas.patch(outline)
    pores = fractal(patch.alpha.shape, 6 * canvas.scale, canvas.rng, octaves=2)
    canvas.paint(patch, canvas.lit(patch, blend(rgb("f4d935"), rgb("e2bd1c"), pores), _PEEL), lemon)


def _banana(canvas: Canvas, cx: float, cy: float) -> None:
    banana = canvas.new_object("banana")
    turn = np.linspace(math.radians(20), math.radians(155), 40)
    spine = np.stack([cx + 150 * np.cos(turn), cy - 70 + 150 * np.sin(turn)], axis=-1)
    outline = stroke(spine, (12, 30, 54, 62, 60, 50, 28, 14))
    canvas.cast_shadow(outline, 26)
    patch = canvas.patch(outline)
    spots = fractal(patch.alpha.shape, 12 * canvas.scale, canvas.rng)
    colour = blend(rgb("f2ce3a"), rgb("a3741f"), np.clip(spots * 6 - 4.6, 0, 0.8))
    canvas.paint(patch, canvas.lit(patch, colour, Finish(gloss=0.15, focus=20)), banana)
    ridge = stroke(spine + np.array((2, 7)), (1, 3, 4, 4, 3, 1))
    canvas.paint(canvas.patch(ridge), rgb("c99b22"))
    for end in (spine[:4], spine[-4:]):
        canvas.paint(canvas.patch(stroke(end, (13, 13))), rgb("4d3817"), banana)
