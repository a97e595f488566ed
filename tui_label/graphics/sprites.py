"""The small pictures that stand over the photo: two markers and the cursor.

They differ in shape and not only in colour, and carry a light and a dark rim each, so that
they are readable on any photo.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from tui_label.graphics.scene import Pixels
from tui_label.graphics.viewport import CellSize

_SMALLEST = 9
_LARGEST = 41
_OVERSAMPLING = 4

_POSITIVE = (0, 158, 78, 255)
_NEGATIVE = (213, 30, 60, 255)
_WHITE = (255, 255, 255, 255)
_BLACK = (0, 0, 0, 255)


def marker_side(cell: CellSize) -> int:
    """Pixels of a marker: odd, so that it has a middle pixel; about as high as a cell."""
    return _odd(cell.height)


def cursor_side(cell: CellSize) -> int:
    """Pixels of the cursor: odd, and larger than a marker, which it must not hide."""
    return _odd(cell.height * 1.6)


@lru_cache(maxsize=8)
def marker(side: int, positive: bool) -> Pixels:
    """``uint8[side, side, 4]``, RGBA, read-only: a disc with a plus or a minus sign."""
    large = side * _OVERSAMPLING
    picture = np.zeros((large, large, 4), dtype=np.uint8)
    middle = (large // 2, large // 2)
    for radius, colour in (
        (large * 0.49, _BLACK),
        (large * 0.44, _WHITE),
        (large * 0.36, _POSITIVE if positive else _NEGATIVE),
    ):
        cv2.circle(picture, middle, round(radius), colour, -1)
    arm, half = round(large * 0.22), max(_OVERSAMPLING // 2, round(large * 0.05))
    _bar(picture, middle, arm, half)
    if positive:
        _bar(picture, middle, half, arm)
    return _sealed(_averaged(picture, side))


@lru_cache(maxsize=8)
def crosshair(side: int) -> Pixels:
    """``uint8[side, side, 4]``, RGBA, read-only: four white arms with black rims, open inside."""
    picture = np.zeros((side, side, 4), dtype=np.uint8)
    middle, gap = side // 2, max(2, side // 8)
    picture[middle - 1 : middle + 2, :] = _BLACK
    picture[:, middle - 1 : middle + 2] = _BLACK
    picture[middle, 1:-1] = _WHITE
    picture[1:-1, middle] = _WHITE
    picture[middle - gap : middle + gap + 1, middle - gap : middle + gap + 1] = 0
    return _sealed(picture)


def _odd(size: float) -> int:
    return min(_LARGEST, max(_SMALLEST, round(size))) | 1


def _bar(picture: Pixels, middle: tuple[int, int], half_width: int, half_height: int) -> None:
    x, y = middle
    picture[y - half_height : y + half_height, x - half_width : x + half_width] = _WHITE


def _averaged(picture: Pixels, side: int) -> Pixels:
    """Smaller, with smooth edges; colours are weighted by alpha, or rims would turn dark."""
    weighted = picture.astype(np.float32)
    weighted[..., :3] *= weighted[..., 3:] / 255
    small = cv2.resize(weighted, (side, side), interpolation=cv2.INTER_AREA)
    small[..., :3] = small[..., :3] * 255 / np.maximum(small[..., 3:], 1)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)


def _sealed(picture: Pixels) -> Pixels:
    picture.flags.writeable = False
    return picture
