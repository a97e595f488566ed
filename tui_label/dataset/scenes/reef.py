"""Fish over a reef, in blue water with light from above."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tui_label.dataset.scenes.canvas import Canvas, Finish, Outline, ellipse, placed, smooth, stroke
from tui_label.dataset.scenes.textures import Colour, blend, fractal, rgb

_BODY = ((-1.0, -0.06), (-0.6, -0.34), (0, -0.46), (0.55, -0.36), (0.9, -0.12), (1.0, 0.02),
         (0.9, 0.14), (0.5, 0.36), (0, 0.44), (-0.6, 0.28), (-1.0, 0.06))  # fmt: skip
_TAIL = ((-0.88, 0), (-1.18, -0.28), (-1.5, -0.46), (-1.4, 0), (-1.5, 0.46), (-1.18, 0.28))
_BACK_FIN = ((-0.55, -0.3), (-0.35, -0.62), (0.1, -0.7), (0.3, -0.42), (-0.1, -0.3))
_BELLY_FIN = ((-0.3, 0.3), (-0.4, 0.6), (-0.1, 0.62), (0.15, 0.36))
_SIDE_FIN = ((0.3, 0.05), (0.02, 0.06), (-0.12, 0.24), (0.12, 0.26))


def draw_reef(canvas: Canvas) -> None:
    """Six fish, corals and weed."""
    x, y = canvas.sheet_coordinates()
    depth = np.clip(y / 640 + 0.12 * (canvas.texture(240) - 0.5), 0, 1)
    water = blend(rgb("4fb3d9"), rgb("0d4272"), depth.astype(np.float32))
    rays = canvas.texture(70, (1, 60))
    slant = np.clip(1 - y / 460, 0, 1) * (np.clip(rays - 0.5, 0, 1) * 0.5)
    canvas.pixels[:] = np.clip(water + slant[..., None] + 0 * x[..., None], 0, 1)

    _sea_floor(canvas)
    for left, height, lean in ((64, 190, 26), (112, 240, -20), (884, 220, -26), (926, 160, 12)):
        _weed(canvas, left, height, lean)
    _coral(canvas, 300, 590, 120, "d9577c")
    _coral(canvas, 690, 604, 96, "e2a13c")

    _fish(canvas, 300, 300, 150, 4, ("f28c1e", "fbf3e4"))
    _fish(canvas, 690, 190, 128, -6, ("f4d21f", "2d3f8f"), left=True)
    _fish(canvas, 760, 400, 110, 8, ("d63a3f", "f7c9b2"), left=True)
    _fish(canvas, 150, 120, 84, 10, ("f4d21f", "2d3f8f"))
    _fish(canvas, 470, 470, 92, -10, ("e8e4da", "3b3f46"))
    _fish(canvas, 440, 110, 74, 3, ("f28c1e", "fbf3e4"), left=True)


def _sea_floor(canvas: Canvas) -> None:
    floor = smooth([(-60, 700), (-60, 560), (160, 548), (360, 584), (560, 572), (780, 552),
                    (1020, 566), (1020, 700)])  # fmt: skip
    patch = canvas.patch(floor)
    grains = fractal(patch.alpha.shape, 16 * canvas.scale, canvas.rng, (2, 1), 5)
    canvas.paint(patch, blend(rgb("8e9c86"), rgb("47605f"), grains))


def _weed(canvas: Canvas, left: float, height: float, lean: float) -> None:
    rise = np.linspace(0, 1, 30)
    sway = np.sin(rise * 5 + left) * 10 * rise
    line = np.stack([left + lean * rise**2 + sway, 610 - height * rise], axis=-1)
    canvas.solid(stroke(line, (16, 24, 20, 14, 3)), rgb("2f7a4b"), None, Finish(gloss=0.05))


def _coral(canvas: Canvas, cx: float, foot: float, size: float, colour: str) -> None:
    """A branching coral; its branches are one object."""
    coral = canvas.new_object("coral")
    branches = [(cx, foot, -90.0, size * 0.55, size * 0.3)]
    while branches:
        bx, by, angle, length, width = branches.pop()
        turn = np.radians(angle)
        ex, ey = bx + length * np.cos(turn), by + length * np.sin(turn)
        line = np.linspace((bx, by), (ex, ey), 8)
        canvas.solid(stroke(line, (width, width * 0.85)), rgb(colour), coral, Finish(gloss=0.08))
        canvas.solid(ellipse(ex, ey, width * 0.46, width * 0.46), rgb(colour) * 1.06, coral,
                     Finish(gloss=0.1))  # fmt: skip
        if width > size * 0.12:
            for side in (-38, 4, 36):
                spread = side + canvas.rng.uniform(-8, 8)
                branches.append((ex, ey, angle + spread, length * 0.78, width * 0.72))


def _fish(
    canvas: Canvas,
    cx: float,
    cy: float,
    size: float,
    angle: float,
    colours: tuple[str, str],
    left: bool = False,
) -> None:
    """A fish ``2 * size`` long with two bands; it swims to the right unless ``left``."""
    fish = canvas.new_object("fish")

    def part(points: Outline) -> Outline:
        mirrored = points * (-1, 1) if left else points
        return placed(mirrored, cx, cy, angle, size * 0.8)

    main, band = rgb(colours[0]), rgb(colours[1])
    for fin in (_TAIL, _BACK_FIN, _BELLY_FIN):
        patch = canvas.patch(part(smooth(fin)))
        rays = fractal(patch.alpha.shape, 10 * canvas.scale, canvas.rng, (4, 0.5), 2)
        canvas.paint(patch, blend(main * 0.95, main * 0.6, rays), fish)
    body = canvas.patch(part(smooth(_BODY)))
    skin = _scales(canvas, body.alpha.shape, main)
    canvas.paint(body, canvas.lit(body, skin, Finish(gloss=0.3, focus=26, ambient=0.42)), fish)
    for middle in (-0.28, 0.42):
        _band(canvas, part, middle, band)
    canvas.solid(part(smooth(_SIDE_FIN)), main * 0.8, fish, Finish(gloss=0.1))
    eye = np.array([[0.72, -0.1]])
    ((ex, ey),) = part(eye)
    for radius, tone in ((0.085, "f5f0e0"), (0.052, "14161a")):
        canvas.paint(canvas.patch(ellipse(ex, ey, size * radius, size * radius)), rgb(tone))


def _scales(canvas: Canvas, shape: tuple[int, int], main: Colour) -> Colour:
    height, width = shape
    row = np.arange(height, dtype=np.float32)[:, None] / (5 * canvas.scale)
    column = np.arange(width, dtype=np.float32)[None, :] / (6 * canvas.scale)
    pattern = np.sin(column * np.pi * 2 + np.floor(row) * np.pi) * np.sin(row % 1 * np.pi)
    back = np.linspace(0.0, 0.6, height, dtype=np.float32)[:, None]
    belly = blend(main, np.clip(main * 0.6 + 0.4, 0, 1), back + 0 * column)
    lit: Colour = belly * (0.94 + 0.08 * pattern)[..., None]
    return lit


def _band(
    canvas: Canvas, part: Callable[[Outline], Outline], middle: float, colour: Colour
) -> None:
    """A band across the body, a little narrower than the fish so that it stays inside."""
    upper = np.interp(middle, [p[0] for p in _BODY[:6]], [p[1] for p in _BODY[:6]]) * 0.93
    lower = np.interp(middle, [p[0] for p in _BODY[:4:-1]], [p[1] for p in _BODY[:4:-1]]) * 0.93
    bow = 0.05
    near, far = middle - 0.08, middle + 0.08
    right = [(near, upper), (far, upper), (far + bow, 0), (far, lower), (near, lower)]
    outline = [*right, (near + bow, 0)]
    patch = canvas.patch(part(smooth(outline)))
    canvas.paint(patch, canvas.lit(patch, colour, Finish(roundness=6, gloss=0.1, ambient=0.6)))
