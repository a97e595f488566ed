"""The 12-megapixel photo that everything is measured on, and where it is clicked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from tui_label.dataset.photos import load_photo
from tui_label.dataset.scenes import draw_scene
from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Mask
from tui_label.segment.types import Photo

SIZE = Size(4000, 3000)
_SCENE = "street"
_REAL = Path(__file__).parents[2] / "shared" / "data" / "photos" / "truck.jpg"
"""1800 × 1200 pixels: more than the canvas has."""

_DRAFT = 8  # --quick draws this much smaller and enlarges: 12 MP of scene take 15 s to draw
_GRAIN = 6  # standard deviation of the noise that makes an enlarged drawing a photo again
_NEAREST = 20  # pixels between a click and the photo's border
_BOXES = (0.06, 0.15, 0.3, 0.6)  # of the photo's shorter side: three small objects, a large one


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A photo with places to click on, image pixels, edge frame."""

    photo: Photo
    clicks: tuple[tuple[float, float], ...]

    @property
    def size(self) -> Size:
        """The photo's."""
        return Size(self.photo.shape[1], self.photo.shape[0])

    @property
    def boxes(self) -> tuple[Box, ...]:
        """One box of each size around every click, cut at the photo's border."""
        sides = [part * min(self.size) for part in _BOXES]
        return tuple(
            Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2).clipped(self.size)
            for x, y in self.clicks
            for side in sides
        )


def subject(count: int, *, quick: bool, file: Path | None = None) -> Subject:
    """A drawn photo of 12 megapixels, or one from a file, with ``count`` places to click on.

    The middles of the drawn objects come first; the rest is spread evenly.

    Raises:
        InputError: the file is no photo.
    """
    if file is not None:
        photo = load_photo(file)
        return Subject(photo, _spread(Size(photo.shape[1], photo.shape[0]), count))
    if not quick:
        scene = draw_scene(_SCENE, SIZE)
        return _drawn(scene.image, [mask for _, mask in scene.objects], count)
    small = draw_scene(_SCENE, (SIZE.width // _DRAFT, SIZE.height // _DRAFT))
    large = cv2.resize(small.image, SIZE, interpolation=cv2.INTER_CUBIC)
    random = np.random.default_rng(0)
    # One row of noise, shifted from row to row: 36 million fresh numbers would take 0.5 s.
    strip = random.normal(0, _GRAIN, 2 * 3 * SIZE.width).astype(np.int16)
    starts = random.integers(0, 3 * SIZE.width, SIZE.height)
    grain = np.stack([strip[start : start + 3 * SIZE.width] for start in starts])
    noisy = cv2.add(large, grain.reshape(large.shape), dtype=cv2.CV_8U)
    return _drawn(np.asarray(noisy, dtype=np.uint8), [mask for _, mask in small.objects], count)


def real_subject(count: int, *, quick: bool) -> Subject:
    """A real photo where there is one beside the checkout, else the drawn one.

    It is enlarged to the 12 megapixels of a camera, except when ``quick``; the places are
    spread evenly.

    Raises:
        InputError: the file is no photo.
    """
    if not _REAL.is_file():
        return subject(count, quick=quick)
    photo = load_photo(_REAL)
    if quick:
        return Subject(photo, _spread(Size(photo.shape[1], photo.shape[0]), count))
    scale = (SIZE.width * SIZE.height / (photo.shape[0] * photo.shape[1])) ** 0.5
    large = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    large.flags.writeable = False
    return Subject(
        np.asarray(large, dtype=np.uint8),
        _spread(Size(large.shape[1], large.shape[0]), count),
    )


def _drawn(photo: Photo, masks: list[Mask], count: int) -> Subject:
    middles = [_middle(mask) for mask in masks][:count]
    spread = _spread(SIZE, count - len(middles))
    photo.flags.writeable = False
    return Subject(photo, (*middles, *spread))


def _middle(mask: Mask) -> tuple[float, float]:
    """The point of an object that is furthest from its border, in pixels of the 12 MP photo."""
    scale = SIZE.width / mask.shape[1]
    reduced = cv2.resize(mask.astype(np.uint8), (500, 375), interpolation=cv2.INTER_NEAREST)
    depth = cv2.distanceTransform(np.pad(reduced, 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    step = mask.shape[1] * scale / 500
    return (float(column) + 0.5) * step, (float(row) + 0.5) * step


def _spread(size: Size, count: int) -> tuple[tuple[float, float], ...]:
    """Even and without a pattern: the R2 sequence (Roberts 2018), the same every time."""
    ratio = 1.32471795724474602596  # the plastic number
    steps = np.arange(1, count + 1)[:, None] * np.array([1 / ratio, 1 / ratio**2])
    room = np.array(size) - 2 * _NEAREST
    return tuple((float(x), float(y)) for x, y in (0.5 + steps) % 1 * room + _NEAREST)
