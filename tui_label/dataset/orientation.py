"""EXIF orientation: stored pixels turned upright, and boxes there and back.

The codes 1 to 8 are those of EXIF 2.3, tag 0x0112. Two frames meet: *stored*, as the file has
it, and *upright*, as people see it; both are pixels, edge frame.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Box, Size

_TRANSPOSED = frozenset({5, 6, 7, 8})
_MIRRORED_ACROSS = frozenset({2, 3, 7, 8})  # the stored columns run the other way
_MIRRORED_DOWN = frozenset({3, 4, 6, 7})  # the stored rows do


def upright_size(stored: Size, orientation: int) -> Size:
    """The size of the turned photo."""
    return Size(stored.height, stored.width) if orientation in _TRANSPOSED else stored


def stored_box(box: Box, stored: Size, orientation: int) -> Box:
    """An upright box in stored pixels."""
    x1, y1, x2, y2 = box.x1, box.y1, box.x2, box.y2
    if orientation in _TRANSPOSED:
        x1, y1, x2, y2 = y1, x1, y2, x2
    return _mirrored(Box(x1, y1, x2, y2), stored, orientation)


def upright_box(box: Box, stored: Size, orientation: int) -> Box:
    """A stored box in upright pixels."""
    box = _mirrored(box, stored, orientation)
    if orientation in _TRANSPOSED:
        return Box(box.y1, box.x1, box.y2, box.x2)
    return box


def turned(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Stored pixels, or a part of them, turned upright; C-contiguous."""
    match orientation:
        case 2:
            upright = cv2.flip(pixels, 1)
        case 3:
            upright = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            upright = cv2.flip(pixels, 0)
        case 5:
            upright = cv2.transpose(pixels)
        case 6:
            upright = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            upright = cv2.flip(cv2.transpose(pixels), -1)
        case 8:
            upright = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            upright = pixels
    return np.ascontiguousarray(upright, dtype=np.uint8)


def _mirrored(box: Box, stored: Size, orientation: int) -> Box:
    x1, y1, x2, y2 = box.x1, box.y1, box.x2, box.y2
    if orientation in _MIRRORED_ACROSS:
        x1, x2 = stored.width - x2, stored.width - x1
    if orientation in _MIRRORED_DOWN:
        y1, y2 = stored.height - y2, stored.height - y1
    return Box(x1, y1, x2, y2)
