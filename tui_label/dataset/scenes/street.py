"""A street on a clear day: buildings, trees and cars."""

from __future__ import annotations

import numpy as np

from tui_label.dataset.scenes.canvas import (
    Canvas,
    Finish,
    Outline,
    blob,
    ellipse,
    placed,
    rectangle,
    smooth,
    stroke,
)
from tui_label.dataset.scenes.textures import blend, fractal, rgb

_KERB, _ROAD = 470.0, 492.0


def draw_street(canvas: Canvas) -> None:
    """Four buildings, two trees and three cars."""
    x, y = canvas.sheet_coordinates()
    sky = blend(rgb("5f9fd8"), rgb("d3e6f2"), (y / 430 + 0 * x).astype(np.float32))
    clouds = np.clip(canvas.texture(170, (2.2, 0.8)) * 3.2 - 1.75, 0, 0.9) * np.clip(
        1 - y / 420, 0, 1
    )
    canvas.pixels[:] = blend(sky, rgb("fbfcfd"), clouds.astype(np.float32))

    _building(canvas, (24, 150, 190), "b0674c", (3, 5))
    _building(canvas, (236, 60, 176), "c9bfa8", (4, 7))
    _building(canvas, (560, 186, 210), "8f4b3f", (4, 4))
    _building(canvas, (742, 96, 196), "9aa7b3", (4, 6))
    _road(canvas)
    _tree(canvas, 486, 330, 84)
    _tree(canvas, 914, 396, 52)
    _car(canvas, 190, 500, 1.0, "c2272d")
    _car(canvas, 700, 498, 0.94, "e9b820")
    _car(canvas, 440, 572, 1.28, "2456a6", left=True)


def _road(canvas: Canvas) -> None:
    pavement = canvas.patch(np.array([(-20.0, 448), (980, 448), (980, _ROAD), (-20, _ROAD)]))
    slabs = fractal(pavement.alpha.shape, 14 * canvas.scale, canvas.rng)
    canvas.paint(pavement, blend(rgb("bdb6aa"), rgb("a49d92"), slabs), 0)
    canvas.paint(canvas.patch(rectangle(480, _ROAD - 3, 1000, 7)), rgb("8d877d"), 0)
    road = canvas.patch(np.array([(-20.0, _ROAD), (980, _ROAD), (980, 660), (-20, 660)]))
    grit = fractal(road.alpha.shape, 4 * canvas.scale, canvas.rng, octaves=3)
    wear = fractal(road.alpha.shape, 200 * canvas.scale, canvas.rng, (4, 0.5))
    canvas.paint(road, blend(rgb("6b6d70"), rgb("505255"), 0.5 * grit + 0.5 * wear), 0)
    for left in range(-40, 1000, 150):
        dash = np.array([(left, 556.0), (left + 84, 556), (left + 76, 565), (left - 8, 565)])
        canvas.paint(canvas.patch(dash), rgb("e4e1d6"))


def _building(
    canvas: Canvas, place: tuple[float, float, float], wall: str, windows: tuple[int, int]
) -> None:
    """``place`` is left, top and width; the right side is seen a little from the side."""
    building = canvas.new_object("building")
    left, top, width = place
    front = canvas.patch(
        np.array([(left, top), (left + width * 0.82, top), (left + width * 0.82, 460), (left, 460)])
    )
    courses = fractal(front.alpha.shape, 5 * canvas.scale, canvas.rng, (6, 0.6), 3)
    canvas.paint(front, blend(rgb(wall) * 1.08, rgb(wall) * 0.88, courses), building)
    edge, far = left + width * 0.82, left + width
    side = np.array([(edge, top), (far, top + 16), (far, 460), (edge, 460)])
    canvas.paint(canvas.patch(side), rgb(wall) * 0.56, building)
    cornice = rectangle(left + width * 0.41, top + 3, width * 0.86, 12)
    canvas.paint(canvas.patch(cornice), np.clip(rgb(wall) * 1.25 + 0.04, 0, 1), building)
    columns, rows = windows
    step_x, step_y = width * 0.82 / columns, (448 - top) / (rows + 0.35)
    for row in range(rows):
        for column in range(columns):
            cx = left + step_x * (column + 0.5)
            cy = top + 14 + step_y * (row + 0.5)
            _window(canvas, cx, cy, step_x * 0.5, step_y * 0.56)


def _window(canvas: Canvas, cx: float, cy: float, width: float, height: float) -> None:
    canvas.paint(canvas.patch(rectangle(cx, cy, width + 5, height + 5)), rgb("ece6da"))
    glass = canvas.patch(rectangle(cx, cy, width, height))
    shade = np.linspace(0, 1, glass.alpha.shape[0], dtype=np.float32)[:, None]
    shade = np.repeat(shade, glass.alpha.shape[1], axis=1) * canvas.rng.uniform(0.4, 1)
    canvas.paint(glass, blend(rgb("7f9db4"), rgb("2c3d4c"), shade))
    canvas.paint(canvas.patch(rectangle(cx, cy, 2, height)), rgb("ece6da"))


def _tree(canvas: Canvas, cx: float, cy: float, radius: float) -> None:
    tree = canvas.new_object("tree")
    trunk = np.linspace((cx, cy + radius * 0.5), (cx + 4, _KERB + 8), 12)
    canvas.solid(stroke(trunk, (18, 15, 22)), rgb("5b4330"), tree, Finish(gloss=0.02))
    bumps = [(5, 0.07, 1.0), (9, 0.05, 2.0), (14, 0.03, 0.5), (23, 0.02, 1.5)]
    crown = canvas.patch(blob(cx, cy, radius, radius * 1.12, wobble=bumps))
    leaves = fractal(crown.alpha.shape, 15 * canvas.scale, canvas.rng, octaves=4)
    colour = blend(rgb("4f8f34"), rgb("1e4a1c"), np.clip(leaves * 1.8 - 0.4, 0, 1))
    canvas.paint(crown, canvas.lit(crown, colour, Finish(gloss=0.03, ambient=0.5)), tree)


_SHELL = ((-1.0, 0.06), (-0.98, -0.16), (-0.72, -0.24), (-0.5, -0.28), (-0.26, -0.56),
          (0.0, -0.6), (0.26, -0.58), (0.5, -0.3), (0.8, -0.24), (0.98, -0.12), (1.0, 0.08),
          (0.9, 0.16), (0.0, 0.17), (-0.9, 0.16))  # fmt: skip
_GLASS = (((-0.43, -0.27), (-0.22, -0.5), (-0.03, -0.53), (-0.03, -0.26)),
          ((0.03, -0.26), (0.03, -0.53), (0.23, -0.51), (0.42, -0.28)))  # fmt: skip


def _car(canvas: Canvas, cx: float, cy: float, size: float, paint: str, left: bool = False) -> None:
    car = canvas.new_object("car")
    length = 104 * size

    def part(points: Outline) -> Outline:
        return placed(points * (-1, 1) if left else points, cx, cy, 0, length)

    ground = ellipse(cx + 4, cy + length * 0.25, length * 1.02, length * 0.07)
    canvas.cast_shadow(ground, 6, 0.8)
    shell = canvas.patch(part(smooth(_SHELL)))
    finish = Finish(roundness=14 * size, gloss=0.4, focus=30, ambient=0.42)
    canvas.paint(shell, canvas.lit(shell, rgb(paint), finish), car)
    sill = part(np.array([(-0.97, 0.06), (0.97, 0.06), (0.9, 0.155), (-0.9, 0.155)]))
    canvas.paint(canvas.patch(sill), rgb(paint) * 0.55, car)
    for pane in _GLASS:
        glass = canvas.patch(part(np.array(pane)))
        rows = np.linspace(0, 1, glass.alpha.shape[0], dtype=np.float32)[:, None]
        sheen = np.repeat(rows, glass.alpha.shape[1], axis=1)
        canvas.paint(glass, blend(rgb("9fb9c9"), rgb("26323c"), sheen * 1.3))
    for ends, lamp in (((0.9, -0.08), "fff3cf"), ((-0.93, -0.08), "ff5a4a")):
        ((lx, ly),) = part(np.array([ends]))
        canvas.paint(canvas.patch(ellipse(lx, ly, 7 * size, 5 * size)), rgb(lamp))
    for along in (-0.56, 0.58):
        ((wx, wy),) = part(np.array([(along, 0.12)]))
        for radius, tone in (
            (0.19, "1b1c1e"),
            (0.115, "b9bcc0"),
            (0.095, "8d9195"),
            (0.03, "303236"),
        ):
            canvas.paint(
                canvas.patch(ellipse(wx, wy, length * radius, length * radius)), rgb(tone), car
            )
