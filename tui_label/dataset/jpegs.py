"""JPEGs, whole or reduced while they are decoded, and whether they are complete."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image

from tui_label.dataset.photo_files import cut_short, damaged

JPEG_FORMATS = frozenset({"JPEG", "MPO"})

LARGEST_REDUCTION = 8
"""What libjpeg reduces by while it decodes: 1, 2, 4 or 8, a block of 8 by 8 to one pixel."""

_END = b"\xff\xd9"
_COMPARED_ROWS = 256


def load_jpeg(path: Path, image: Image.Image, reduction: int = 1) -> Image.Image:
    """A complete JPEG, decoded; one that lacks nothing but its end marker is complete.

    Args:
        path: of the file.
        image: opened from it, not loaded.
        reduction: 1, 2, 4 or 8; the result has the size divided by it, rounded up.

    Raises:
        InputError: the file is damaged or cut short.
    """
    if _filled_up(path):
        return _without_end(path, reduction)
    _ask_reduced(image, reduction)
    try:
        image.load()
    except OSError:
        return _without_end(path, reduction)
    return image


def _ask_reduced(image: Image.Image, reduction: int) -> None:
    if reduction > 1:
        # Pillow takes the largest reduction that still gives this size.
        image.draft(None, (image.width // reduction, image.height // reduction))


def _filled_up(path: Path) -> bool:
    """Whether zeros stand where the rest of a JPEG should be, as interrupted copies leave it.

    Zeros decode: to grey blocks, without any error.
    """
    with path.open("rb") as file:
        file.seek(-2, os.SEEK_END)
        if file.read() != b"\0\0":
            return False
    return not path.read_bytes().rstrip(b"\0").endswith(_END)


def _without_end(path: Path, reduction: int) -> Image.Image:
    """Decode a JPEG of which only the end marker is missing, and refuse any other.

    A decoder that runs out of data invents the rest of the picture. So the file is finished
    in two ways, by the marker alone and by noise before the marker: if pixels differ, some of
    them came from the noise, and data were missing.
    """
    data = path.read_bytes().rstrip(b"\0").rstrip(b"\xff")  # 0xff: half a marker
    noise = np.random.default_rng(0).integers(1, 255, 256, dtype=np.uint8).tobytes()
    try:
        finished = _finished(data + _END, reduction)
        if _same(finished, _finished(data + noise + _END, reduction)):
            return finished
    except OSError as error:
        raise damaged(path, error) from error
    raise cut_short(path)


def _finished(data: bytes, reduction: int) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        _ask_reduced(image, reduction)
        image.load()
        return image


def _same(first: Image.Image, second: Image.Image) -> bool:
    width, height = first.size
    for top in range(0, height, _COMPARED_ROWS):
        box = (0, top, width, min(top + _COMPARED_ROWS, height))
        if not np.array_equal(np.asarray(first.crop(box)), np.asarray(second.crop(box))):
            return False
    return True
