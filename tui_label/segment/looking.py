"""Looking at a part of a photo, whether it is in memory or must be read."""

from __future__ import annotations

import numpy as np

from tui_label.geometry.boxes import Box, Size
from tui_label.segment.frame import Window
from tui_label.segment.types import AnyPhoto, Photo

_FINER = 2
"""A part that is read is this many times finer than needed: resizing then filters as it would
the photo itself, and rounding to its pixels shifts what is seen by a quarter of a pixel at most."""


def size_of(photo: AnyPhoto) -> Size:
    """Image pixels."""
    if isinstance(photo, np.ndarray):
        return Size(photo.shape[1], photo.shape[0])
    return photo.size


def pixels_in(photo: AnyPhoto, window: Window, wanted: Size) -> Photo:
    """``uint8[h, w, 3]``: a window of a photo, to be resized to ``wanted``.

    In the photo's own pixels where it is in memory; else reduced while it is read, to twice
    ``wanted`` or more where the photo has as many.

    Raises:
        InputError: the photo cannot be read any more.
    """
    x, y, width, height = window
    if isinstance(photo, np.ndarray):
        return photo[y : y + height, x : x + width]
    most = max(1, max(window.width, window.height) // (_FINER * max(wanted)))
    box = Box(x, y, x + width, y + height)
    pixels, spanned = photo.region(box, 1 << (most.bit_length() - 1))
    per_pixel = spanned.width / pixels.shape[1]
    left, right = ((edge - spanned.x1) / per_pixel for edge in (box.x1, box.x2))
    top, bottom = ((edge - spanned.y1) / per_pixel for edge in (box.y1, box.y2))
    return pixels[_rounded(top, bottom), _rounded(left, right)]


def _rounded(first: float, stop: float) -> slice:
    start = int(first)
    return slice(start, max(start + 1, round(stop)))
