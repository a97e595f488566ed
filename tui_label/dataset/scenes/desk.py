"""A desk in perspective: books, mugs, a phone and a pencil."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tui_label.dataset.scenes.canvas import Canvas, Finish, Outline, stroke
from tui_label.dataset.scenes.textures import blend, fractal, rgb

_EYE_HEIGHT, _EYE_BACK, _FOCAL = 520.0, 620.0, 1080.0
_PITCH = math.radians(38)


def draw_desk(canvas: Canvas) -> None:
    """Books in a pile, two mugs, a phone and a pencil on grey cloth."""
    x, y = canvas.sheet_coordinates()
    nap = canvas.texture(5, (3, 0.7))
    cloud = canvas.texture(260)
    canvas.pixels[:] = blend(rgb("cfc8bb"), rgb("b9b1a3"), 0.6 * nap + 0.4 * cloud)
    canvas.pixels *= (1.1 - 0.25 * (x / 960) - 0.12 * (1 - y / 640))[..., None]

    _mug(canvas, 236, 236, 62, 118, "c8473f")
    for place, angle, height, cover in (
        ((-190, 130, 250, 180), 8, (0, 42), "2f5d50"),
        ((-186, 136, 224, 164), -6, (42, 76), "b5532a"),
        ((-200, 132, 190, 140), 15, (76, 104), "31497c"),
    ):
        _book(canvas, place, angle, height, cover)
    _mug(canvas, 66, 78, 56, 104, "e9e4d6")
    _book(canvas, (236, -66, 200, 150), -16, (0, 30), "7a2d55")
    _phone(canvas, -20, -96, 14)
    _pencil(canvas, (-320, -52), (-130, -140), "e0a92a")


def _seen(points: Sequence[tuple[float, float, float]] | NDArray[np.float64]) -> Outline:
    """Points of the desk (x right, y away, z up; the sheet's units) as the camera sees them."""
    world = np.asarray(points, dtype=np.float64)
    away, up = world[:, 1] + _EYE_BACK, world[:, 2] - _EYE_HEIGHT
    depth = away * math.cos(_PITCH) - up * math.sin(_PITCH)
    rise = away * math.sin(_PITCH) + up * math.cos(_PITCH)
    return np.stack([480 + _FOCAL * world[:, 0] / depth, 372 - _FOCAL * rise / depth], axis=-1)


def _corners(
    place: tuple[float, float, float, float], angle: float
) -> tuple[tuple[float, float], ...]:
    """Front left, front right, back right, back left of a turned rectangle on the desk."""
    cx, cy, width, depth = place
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return tuple(
        (
            cx + sx * width / 2 * cosine - sy * depth / 2 * sine,
            cy + sx * width / 2 * sine + sy * depth / 2 * cosine,
        )
        for sx, sy in signs
    )


def _box(
    canvas: Canvas,
    place: tuple[float, float, float, float],
    angle: float,
    height: tuple[float, float],
    owner: int,
    colours: tuple[str, str, str],
) -> Outline:
    """Paint the sides that face the camera, then the top; returns the outline of the top.

    ``colours`` are of the top, of sides that face the camera and of those that turn away.
    """
    low, high = height
    corners = _corners(place, angle)
    ground = _seen([(px + 6, py - 6, low) for px, py in corners])
    canvas.cast_shadow(ground, 26 if low == 0 else 10)
    for i in range(4):
        (ax, ay), (bx, by) = corners[i], corners[(i + 1) % 4]
        normal = np.array([by - ay, ax - bx])
        middle = np.array([(ax + bx) / 2, (ay + by) / 2 + _EYE_BACK])
        if normal @ middle >= 0:
            continue
        lit = 0.72 + 0.28 * max(0.0, -normal[0] / float(np.linalg.norm(normal)))
        side = _seen([(ax, ay, low), (bx, by, low), (bx, by, high), (ax, ay, high)])
        patch = canvas.patch(side)
        lines = fractal(patch.alpha.shape, 5 * canvas.scale, canvas.rng, (30, 0.5), 2)
        face = rgb(colours[1] if i in (0, 2) else colours[2])
        canvas.paint(patch, blend(face * lit, face * lit * 0.82, lines), owner)
    top = _seen([(px, py, high) for px, py in corners])
    patch = canvas.patch(top)
    cloth = fractal(patch.alpha.shape, 4 * canvas.scale, canvas.rng, octaves=2)
    canvas.paint(patch, blend(rgb(colours[0]) * 1.08, rgb(colours[0]) * 0.92, cloth), owner)
    return top


def _book(
    canvas: Canvas,
    place: tuple[float, float, float, float],
    angle: float,
    height: tuple[float, float],
    cover: str,
) -> None:
    book = canvas.new_object("book")
    low, high = height
    _box(canvas, place, angle, (low, low + 4), book, (cover, cover, cover))
    cx, cy, width, depth = place
    _box(canvas, (cx, cy, width - 10, depth - 10), angle, (low + 4, high - 4), book,
         ("e9e1cd", "e9e1cd", "d8cfb9"))  # fmt: skip
    _box(canvas, place, angle, (high - 4, high), book, (cover, cover, cover))
    title = _corners((cx, cy + depth * 0.16, width * 0.5, depth * 0.16), angle)
    canvas.paint(canvas.patch(_seen([(px, py, high) for px, py in title])), rgb("e6d6a8"))


def _phone(canvas: Canvas, cx: float, cy: float, angle: float) -> None:
    phone = canvas.new_object("phone")
    _box(canvas, (cx, cy, 92, 178), angle, (0, 9), phone, ("20242b", "3a4049", "3a4049"))
    screen = _corners((cx, cy, 80, 162), angle)
    patch = canvas.patch(_seen([(px, py, 9) for px, py in screen]))
    height, width = patch.alpha.shape
    glow = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    glow = glow + np.linspace(0, 0.5, width, dtype=np.float32)[None, :]
    canvas.paint(patch, blend(rgb("27415e"), rgb("11161f"), glow))


def _circle(cx: float, cy: float, z: float, radius: float) -> Outline:
    turn = np.linspace(0, 2 * math.pi, 90, endpoint=False)
    points = np.stack(
        [cx + radius * np.cos(turn), cy + radius * np.sin(turn), np.full_like(turn, z)], axis=-1
    )
    return _seen(points)


def _mug(canvas: Canvas, cx: float, cy: float, radius: float, height: float, glaze: str) -> None:
    mug = canvas.new_object("mug")
    foot, rim = _circle(cx, cy, 0, radius * 0.86), _circle(cx, cy, height, radius)
    canvas.cast_shadow(foot, 44)
    colour = rgb(glaze)
    turn = np.linspace(-1.75, 1.75, 30)
    handle = _seen(
        np.stack(
            [
                cx + radius * 0.88 + 46 * np.cos(turn),
                np.full_like(turn, cy - 8),
                height * (0.5 + 0.33 * np.sin(turn)),
            ],
            axis=-1,
        )
    )
    canvas.solid(stroke(handle, (15, 17, 15)), colour * 0.9, mug, Finish(gloss=0.2))
    left, right = int(np.argmin(foot[:, 0])), int(np.argmax(foot[:, 0]))
    lower = np.roll(foot, -right, axis=0)[: (left - right) % 90 + 1]
    if lower[:, 1].mean() < foot[:, 1].mean():
        lower = np.roll(foot, -left, axis=0)[: (right - left) % 90 + 1][::-1]
    ends = rim[[int(np.argmin(rim[:, 0])), int(np.argmax(rim[:, 0]))]]
    patch = canvas.patch(np.concatenate([lower, ends]))
    across = np.linspace(-1, 1, patch.alpha.shape[1], dtype=np.float32)[None, :]
    light = 0.5 + 0.56 * np.exp(-((across + 0.45) ** 2) / 0.22) + 0.12 * np.clip(across - 0.7, 0, 1)
    light = np.repeat(light, patch.alpha.shape[0], axis=0)
    canvas.paint(patch, np.clip(colour * light[..., None], 0, 1), mug)
    canvas.paint(canvas.patch(rim), np.clip(colour * 1.12 + 0.05, 0, 1), mug)
    inner = _circle(cx, cy, height, radius * 0.9)
    canvas.paint(canvas.patch(inner), colour * 0.5, mug)
    coffee = canvas.patch(_circle(cx, cy, height - 16, radius * 0.83))
    canvas.paint(coffee, rgb("3b2213"), mug)


def _pencil(
    canvas: Canvas, tail: tuple[float, float], tip: tuple[float, float], paint: str
) -> None:
    pencil = canvas.new_object("pencil")
    line = _seen([(*tail, 5), (*tip, 5)])
    along = np.linspace(0, 1, 40)[:, None]
    points = line[0] + (line[1] - line[0]) * along
    canvas.cast_shadow(stroke(points, (24, 22)), 9)
    canvas.solid(stroke(points[:35], (25, 23)), rgb(paint), pencil, Finish(gloss=0.2))
    canvas.solid(stroke(points[:3], (25, 25)), rgb("d98a86"), pencil, Finish(gloss=0.1))
    canvas.solid(stroke(points[34:], (23, 4)), rgb("e2c08d"), pencil, Finish(gloss=0.05))
    canvas.paint(canvas.patch(stroke(points[38:], (7, 2))), rgb("2a2a2a"), pencil)
