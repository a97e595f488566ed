"""A small painter: antialiased shapes, light from the upper left, soft shadows, and who is where.

Scenes are laid out on a *sheet* of 960 x 640 units, y downwards. The sheet is drawn twice as
fine as the photo and shrunk at the end, so that edges are antialiased and masks exact.
Colours are float RGB in 0..1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.dataset.scenes.textures import Colour, Plane, fractal
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Mask

SHEET = Size(960, 640)
Outline = NDArray[np.float64]  # float64[n, 2], closed, sheet units
_FINER = 2
_LIGHT = np.array([-0.45, -0.62, 0.64], dtype=np.float32)
# Between the light and the eye, which looks straight down: where highlights are.
_HALFWAY = (_LIGHT + np.array([0, 0, 1])) / np.linalg.norm(_LIGHT + np.array([0, 0, 1]))
_SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True)
class Finish:
    """How a surface takes light.

    ``roundness`` is the height in sheet units at which a shape becomes flat on top; ``gloss``
    the strength of its highlight and ``focus`` how small it is; ``ambient`` the light in shade.
    """

    roundness: float = 1000.0
    gloss: float = 0.25
    focus: float = 24.0
    ambient: float = 0.32


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A shape's coverage ``float32[h, w]`` in 0..1, its top-left at canvas pixel (x, y)."""

    x: int
    y: int
    alpha: Plane

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the canvas."""
        height, width = self.alpha.shape
        return slice(self.y, self.y + height), slice(self.x, self.x + width)


class Canvas:
    """The sheet being painted.

    State: its pixels, and which object owns each of them. Owned by the function that draws
    one scene.
    """

    def __init__(self, size: Size, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self._size = size
        self.scale = max(size.width / SHEET.width, size.height / SHEET.height) * _FINER
        width, height = size.width * _FINER, size.height * _FINER
        # A photo of another shape than the sheet shows the middle of it.
        self._left = (SHEET.width * self.scale - width) / 2
        self._top = (SHEET.height * self.scale - height) / 2
        self.pixels = np.zeros((height, width, 3), dtype=np.float32)
        self._owner = np.zeros((height, width), dtype=np.int16)
        self._classes: list[str] = []

    def sheet_coordinates(self) -> tuple[Plane, Plane]:
        """``x`` as ``float32[1, W]`` and ``y`` as ``float32[H, 1]``: of all pixel centres."""
        height, width = self._owner.shape
        x = (np.arange(width, dtype=np.float32) + 0.5 + self._left) / self.scale
        y = (np.arange(height, dtype=np.float32) + 0.5 + self._top) / self.scale
        return x[None, :], y[:, None]

    def texture(self, feature: float, stretch: tuple[float, float] = (1, 1)) -> Plane:
        """Cloudy noise over the whole canvas, 0..1; ``feature`` is its grain in sheet units."""
        height, width = self._owner.shape
        return fractal((height, width), feature * self.scale, self.rng, stretch)

    def patch(self, outline: Outline) -> Patch:
        """Rasterise a closed outline; at least one pixel, uncovered where all is outside."""
        points = outline * self.scale - (self._left, self._top)
        height, width = self._owner.shape
        x1, y1 = (int(v) for v in np.floor(points.min(axis=0)) - 2)
        x2, y2 = (int(v) for v in np.ceil(points.max(axis=0)) + 3)
        x1, y1 = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
        x2, y2 = min(max(x2, x1 + 1), width), min(max(y2, y1 + 1), height)
        alpha = np.zeros((y2 - y1, x2 - x1), dtype=np.uint8)
        local = np.round((points - (x1, y1) - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillPoly(alpha, [local], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        return Patch(x1, y1, alpha.astype(np.float32) / np.float32(255))

    def new_object(self, class_name: str) -> int:
        """Begin an object; what is painted with its number belongs to it."""
        self._classes.append(class_name)
        return len(self._classes)

    def paint(self, patch: Patch, colour: Colour, owner: int | None = None) -> None:
        """Lay a colour (``[3]`` or ``[h, w, 3]``) over the canvas.

        ``owner`` is the object that the pixels belong to from now on, 0 for none; ``None``
        leaves them to whom they belong (a drawing on a surface).
        """
        alpha = patch.alpha[..., None]
        under = self.pixels[patch.window]
        self.pixels[patch.window] = under + (np.asarray(colour, dtype=np.float32) - under) * alpha
        if owner is not None:
            self._owner[patch.window][patch.alpha > 0.5] = owner

    def solid(
        self,
        outline: Outline,
        colour: Colour,
        owner: int | None,
        finish: Finish,
    ) -> None:
        """Paint a rounded body, lit from the upper left; ``owner`` as for :meth:`paint`."""
        patch = self.patch(outline)
        self.paint(patch, self.lit(patch, colour, finish), owner)

    def lit(self, patch: Patch, colour: Colour, finish: Finish) -> Colour:
        """The colour of a rounded body: its height is that of a ball rolled under its outline."""
        inside = (np.pad(patch.alpha, 1) > 0.5).astype(np.uint8)
        depth = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
        radius = max(2.0, min(finish.roundness * self.scale, float(depth.max(initial=0.0))))
        rise = np.clip(depth / radius, 0, 1)
        height = radius * np.sqrt(np.clip(1 - (1 - rise) ** 2, 0, 1))
        height = cv2.GaussianBlur(height, (0, 0), max(1.2, radius * 0.06))
        slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8)
        slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8)
        length = np.sqrt(slope_x**2 + slope_y**2 + 1)
        facing = (-slope_x * _LIGHT[0] - slope_y * _LIGHT[1] + _LIGHT[2]) / length
        mirrored = (-slope_x * _HALFWAY[0] - slope_y * _HALFWAY[1] + _HALFWAY[2]) / length
        diffuse = finish.ambient + (1 - finish.ambient) * np.clip(facing, 0, 1) ** 0.9 * 1.25
        highlight = finish.gloss * np.clip(mirrored, 0, 1) ** finish.focus
        shaded = np.asarray(colour, dtype=np.float32) * diffuse[..., None] + highlight[..., None]
        lit: Colour = np.clip(shaded, 0, 1).astype(np.float32)
        return lit

    def cast_shadow(self, outline: Outline, height: float, strength: float = 0.55) -> None:
        """Darken the ground to the lower right of a shape, and where it touches the ground."""
        for offset, blur, part in ((height * 0.75, height * 0.7, 0.7), (height * 0.2, 3.0, 0.6)):
            spread = blur * 3
            moved = outline + np.array((offset * 0.8, offset))
            low, high = moved.min(axis=0) - spread, moved.max(axis=0) + spread
            frame = self.patch(np.array([low, (high[0], low[1]), high, (low[0], high[1])]))
            shape = self.patch(moved)
            shade = np.zeros_like(frame.alpha)
            y, x = shape.y - frame.y, shape.x - frame.x
            shade[y : y + shape.alpha.shape[0], x : x + shape.alpha.shape[1]] = shape.alpha
            soft = cv2.GaussianBlur(shade, (0, 0), max(1.0, blur * self.scale / 2))
            self.pixels[frame.window] *= 1 - (strength * part) * soft[..., None]

    def photo(self, noise: float = 0.008, vignette: float = 0.18) -> NDArray[np.uint8]:
        """``uint8[H, W, 3]`` as a camera sees it: shrunk, dim in the corners, a little noise."""
        shrunk = cv2.resize(self.pixels, self._size, interpolation=cv2.INTER_AREA)
        height, width = shrunk.shape[:2]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
        grain = self.rng.standard_normal(shrunk.shape, dtype=np.float32) * noise
        seen = shrunk * (1 - vignette * (x**2 + y**2) / 2) + grain
        return np.ascontiguousarray(np.clip(seen * 255 + 0.5, 0, 255).astype(np.uint8))

    def objects(self) -> tuple[tuple[str, Mask], ...]:
        """Class and visible pixels (``bool[H, W]``) of every object that can be seen."""
        masks = ((name, self._mask(number)) for number, name in enumerate(self._classes, start=1))
        return tuple((name, mask) for name, mask in masks if mask.any())

    def _mask(self, number: int) -> Mask:
        """The photo's pixels of which more than half belong to the object."""
        owned = np.where(self._owner == number, np.uint8(255), np.uint8(0))
        covered: Mask = cv2.resize(owned, self._size, interpolation=cv2.INTER_AREA) > 128
        return covered


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Outline:
    """An upright ellipse around its centre."""
    return blob(cx, cy, rx, ry)


def blob(
    cx: float,
    cy: float,
    rx: float,
    ry: float,
    angle: float = 0.0,
    wobble: Sequence[tuple[int, float, float]] = (),
    squareness: float = 2.0,
) -> Outline:
    """A superellipse, turned clockwise by ``angle`` degrees, with bumps.

    Each ``(n, amount, phase)`` of ``wobble`` adds ``n`` waves to the radius.
    """
    turn = np.linspace(0, 2 * math.pi, 160, endpoint=False)
    power = 2 / squareness
    x = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power
    y = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** power
    radius = 1 + sum(amount * np.sin(n * turn + phase) for n, amount, phase in wobble)
    return placed(np.stack([x * radius * rx, y * radius * ry], axis=-1), cx, cy, angle)


def rectangle(cx: float, cy: float, width: float, height: float) -> Outline:
    """An upright rectangle around its centre."""
    w, h = width / 2, height / 2
    return placed(np.array([(-w, -h), (w, -h), (w, h), (-w, h)]), cx, cy)


def placed(outline: Outline, cx: float, cy: float, angle: float = 0.0, size: float = 1) -> Outline:
    """An outline around the origin, scaled, turned by ``angle`` degrees and moved."""
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    turned: Outline = outline * size @ np.array([[cosine, sine], [-sine, cosine]]) + (cx, cy)
    return turned


def smooth(points: Sequence[tuple[float, float]], steps: int = 12) -> Outline:
    """A closed curve through the points (Catmull-Rom)."""
    knots = np.asarray(points, dtype=np.float64)
    before, after, beyond = (np.roll(knots, -shift, axis=0) for shift in (-1, 1, 2))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (p[:, None, :] for p in (before, knots, after, beyond))
    curve = 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    flat: Outline = curve.reshape(-1, 2)
    return flat


def stroke(points: Sequence[tuple[float, float]] | Outline, widths: Sequence[float]) -> Outline:
    """The outline of a line that is as wide at each point as ``widths`` (interpolated) says."""
    line = np.asarray(points, dtype=np.float64)
    along = np.gradient(line, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=-1)
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    spots = np.linspace(0, 1, len(line))
    half = np.interp(spots, np.linspace(0, 1, len(widths)), widths)[:, None] / 2
    outline: Outline = np.concatenate([line + across * half, (line - across * half)[::-1]])
    return outline
