"""Pictures over cells as iTerm2's inline images (OSC 1337), which several terminals show.

Format: iTerm2 documentation, *Inline Images Protocol*. The size is given in cells, so the
terminal stretches a picture exactly over them, however many pixels it has.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

import cv2
import numpy as np

from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.scene import Pixels
from tui_label.graphics.sequences import cursor_to

_FLAT = 0.5
"""PNG is tried where more pixels than this are like their left neighbour: there it is smaller,
elsewhere three times as large as JPEG and slower to make."""

_SMALL = 2048
"""Pixels up to which PNG is tried in any case: tables alone are 600 bytes of a JPEG."""


@dataclass(frozen=True, slots=True)
class Level:
    """How well a picture is sent.

    Args:
        quality: of JPEG, 0 to 100.
        reduction: pixels of the canvas to a pixel that is sent, per side.
        chroma: whether colours are sent as finely as lightness, as thin lines need it.
    """

    quality: int
    reduction: int = 1
    chroma: bool = False


def image_at(rect: CellRect, origin: tuple[int, int], picture: bytes) -> bytes:
    """The sequence that shows a picture file over some cells.

    The text cursor moves; where it ends differs from terminal to terminal.

    Args:
        rect: cells of the canvas.
        origin: column and row of the canvas' first cell on the screen, 0-based.
        picture: PNG or JPEG.
    """
    left, top = origin
    # xterm.js refuses a picture without its size.
    keys = (
        f"inline=1;size={len(picture)};width={rect.width};height={rect.height};"
        "preserveAspectRatio=0;doNotMoveCursor=1"
    )
    place = cursor_to(left + rect.x, top + rect.y)
    return f"{place}\x1b]1337;File={keys}:".encode() + b64encode(picture) + b"\x07"


def encoded(pixels: Pixels, level: Level) -> bytes:
    """``uint8[h, w, 3]``, RGB, as JPEG, or as PNG where that is smaller and not reduced."""
    if level.reduction > 1:
        height, width = (max(1, side // level.reduction) for side in pixels.shape[:2])
        smaller = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
        return _jpeg(np.asarray(smaller, dtype=np.uint8), level)
    jpeg = _jpeg(pixels, level)
    if pixels.shape[0] * pixels.shape[1] > _SMALL and _flatness(pixels) < _FLAT:
        return jpeg
    png = _written(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    return min(png, jpeg, key=len)


def _flatness(pixels: Pixels) -> float:
    return float((pixels[:, 1:] == pixels[:, :-1]).all(axis=2).mean())


def _jpeg(pixels: Pixels, level: Level) -> bytes:
    fine, coarse = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    flags = [
        *(cv2.IMWRITE_JPEG_QUALITY, level.quality),
        *(cv2.IMWRITE_JPEG_OPTIMIZE, 1),
        *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, fine if level.chroma else coarse),
    ]
    return _written(".jpg", pixels, flags)


def _written(suffix: str, pixels: Pixels, flags: list[int]) -> bytes:
    ok, file = cv2.imencode(suffix, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), flags)
    assert ok  # OpenCV writes any uint8 picture of at least one pixel
    return file.tobytes()
