"""Photos from disk as upright RGB pixels, or one sentence that says why not.

Pillow decodes everything. OpenCV's JPEG decoder takes about 60 ms for 12 megapixels and
Pillow's, copied out in strips, about 75; but OpenCV lets libjpeg, libpng and libtiff write
to file descriptor 2, which is the screen of a terminal app and cannot be redirected in one
thread only. Pillow's decoders say when a file ends early, and they are silent, but for the
lines that libtiff writes there about damaged blocks of a compressed TIFF.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tui_label.dataset.jpegs import JPEG_FORMATS, load_jpeg
from tui_label.dataset.large_photos import LargePhoto, large_photo
from tui_label.dataset.orientation import turned
from tui_label.dataset.photo_files import (
    MAX_PIXELS,
    Photo,
    check_pixels,
    damaged,
    opened,
    orientation_of,
    rgb,
    stored_size,
)

__all__ = [
    "IMAGE_SUFFIXES",
    "LARGE_FROM",
    "MAX_PIXELS",
    "UNDECODABLE_SUFFIXES",
    "LargePhoto",
    "Photo",
    "load_photo",
    "open_photo",
]

IMAGE_SUFFIXES = frozenset(
    {".avif", ".bmp", ".jp2", ".jpeg", ".jpg", ".mpo", ".png", ".tif", ".tiff", ".webp"}
)
"""What Ultralytics 8.3.203 or 8.4.190 trains on and what can be decoded here (lower case)."""

UNDECODABLE_SUFFIXES = frozenset({".dng", ".heic", ".heif", ".pfm"})
"""What Ultralytics also lists, but what needs a decoder that is not installed with this."""

LARGE_FROM = 64_000_000
"""Photos of more pixels are read in parts where their format allows it.

Full-frame cameras deliver up to 61 megapixels, which decode in half a second.
"""


def open_photo(path: Path) -> Photo | LargePhoto:
    """A photo as :func:`load_photo` decodes it, or, above :data:`LARGE_FROM`, an overview of it.

    JPEG and TIFF are read in parts. Everything else is decoded whole, whatever its size.

    Raises:
        InputError: as for :func:`load_photo`, with higher limits on the size for what is read
            in parts (see :mod:`tui_label.dataset.large_photos`).
    """
    with opened(path) as image:
        size = stored_size(image)
        if size.width * size.height > LARGE_FROM:
            large = large_photo(path, image)
            if large is not None:
                return large
        return _whole(path, image)


def load_photo(path: Path) -> Photo:
    """Decode a photo whole.

    All eight EXIF orientations are applied, as the training loader does. 16-bit grey is
    scaled by 1/256, and CMYK, palette and grey become RGB. Transparency is dropped, not
    blended: training sees the colours beneath it. Only the first frame or page is read.

    Returns:
        ``uint8[H, W, 3]``, RGB, upright, C-contiguous, read-only.

    Raises:
        InputError: the file is missing, unreadable, not an image, damaged, cut short or
            larger than :data:`MAX_PIXELS`. A JPEG that lacks nothing but its end marker loads.
    """
    with opened(path) as image:
        return _whole(path, image)


def _whole(path: Path, image: Image.Image) -> Photo:
    check_pixels(path, stored_size(image))
    upright = image.format == "TIFF"  # Pillow turns TIFF, and only TIFF, while it loads
    orientation = 1 if upright else orientation_of(image)
    pixels = turned(_pixels(path, image), orientation)
    pixels.flags.writeable = False
    return pixels


def _pixels(path: Path, image: Image.Image) -> NDArray[np.uint8]:
    """``uint8[H, W, 3]``, as stored (a TIFF: upright); not yet read-only."""
    if image.format in JPEG_FORMATS:
        return rgb(path, load_jpeg(path, image))
    try:
        image.load()
    except OSError as error:
        raise damaged(path, error) from error
    return rgb(path, image)
