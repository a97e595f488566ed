"""A photo's file: opened, measured, its pixels repacked; whatever goes wrong as one sentence."""

from __future__ import annotations

import logging
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from tui_label.errors import InputError
from tui_label.geometry.boxes import Size
from tui_label.wording import printable, reason_of

Photo = NDArray[np.uint8]  # uint8[H, W, 3], RGB, upright, C-contiguous, read-only

MAX_PIXELS = 200_000_000
"""The largest photo that is decoded whole: what the largest phone sensors deliver
(16,320 x 12,240).

One such photo takes 1.4 GB while it is decoded (4 bytes a pixel in Pillow, 3 in the result).
"""

# Pillow opens an MPO, several JPEGs in one file, as JPEG first.
_FORMATS = ("AVIF", "BMP", "DIB", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP")
_ORIENTATION_TAG = 0x0112
_STRIP_ROWS = 64  # 1 MB of a 12 MP photo: stays in the processor's cache while it is repacked

# Sizes are checked here before anything is decoded; Pillow's own limit is lower, and its
# error does not tell width and height.
Image.MAX_IMAGE_PIXELS = None
# Oddities in EXIF blocks and the like are reported by Python warnings, that is on the screen.
warnings.filterwarnings("ignore", module=r"PIL\.")
# What is logged goes there too, while nobody listens.
logging.getLogger("PIL").addHandler(logging.NullHandler())


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The image behind an open file, its header read.

    Raises:
        InputError: the file cannot be read, or decoding it inside of the block failed.
    """
    with failures_told(path), _open_file(path) as file, Image.open(file, formats=_FORMATS) as image:
        yield image


@contextmanager
def failures_told(path: Path) -> Iterator[None]:
    """Whatever a decoder raises, as :class:`~tui_label.errors.InputError` about this file."""
    name = printable(path)
    try:
        yield
    except InputError:
        raise
    except UnidentifiedImageError as error:
        raise InputError(
            f"{name} is not an image that can be read here.",
            "It may be another kind of file with an image's name, or damaged at its start.",
        ) from error
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory.") from error
    # Pillow's parsers let through whatever hostile bytes make them trip over: OSError,
    # SyntaxError, ValueError, struct.error, IndexError, TypeError, ... A photo must never
    # take the app down.
    except Exception as error:
        raise InputError(
            f"{name} cannot be decoded ({reason_of(error)}).", "Replace the file, or leave it out."
        ) from error


def _open_file(path: Path) -> BinaryIO:
    """Open a regular file that is not empty; a named pipe would make open() wait for ever."""
    name = printable(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{name} is a folder, not an image.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{name} is not a regular file.")
        if status.st_size == 0:
            raise InputError(f"{name} is empty (0 bytes).", "Copy the photo again, or delete it.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"{name} does not exist.", "Was it moved or deleted?") from error
    except PermissionError as error:
        raise InputError(f"{name} cannot be read: permission denied.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{name} cannot be read ({reason_of(error)}).") from error


def written(path: Path) -> int:
    """When the file was last written, in nanoseconds; 0 where that cannot be told."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def stored_size(image: Image.Image) -> Size:
    """Width and height as stored, before any turning."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        # Whether ``size`` is already turned after open() depends on Pillow's version.
        return Size(int(image.tag_v2[256]), int(image.tag_v2[257]))
    return Size(*image.size)


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation 1..8; 1 where there is none or the block is damaged."""
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    # A damaged EXIF block makes Pillow raise anything (see above), and must not hide the photo.
    except Exception:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def check_pixels(path: Path, size: Size, most: int = MAX_PIXELS) -> None:
    """Raise :class:`~tui_label.errors.InputError` for a photo of more than ``most`` pixels."""
    width, height = size
    if width * height > most:
        raise InputError(
            f"{printable(path)} is {width:,} × {height:,} pixels; "
            f"files of its kind can be opened up to {most // 1_000_000:,} megapixels.",
            "Cut it into tiles first, or save it as a tiled TIFF, which is read in parts.",
        )


def damaged(path: Path, error: OSError) -> InputError:
    """The sentence about a file that a decoder gave up on."""
    if "truncated" in str(error):
        return cut_short(path)
    name = printable(path)
    return InputError(f"{name} is damaged ({reason_of(error)}).", "Copy it again, or leave it out.")


def cut_short(path: Path) -> InputError:
    """The sentence about a file that ends early."""
    return InputError(
        f"{printable(path)} is cut short: its last part is missing.",
        "Copy it again; labels on half a photo would be wrong.",
    )


def check_range(path: Path, image: Image.Image) -> None:
    """Raise :class:`~tui_label.errors.InputError` for pixels of which the range is not known."""
    if image.mode in {"I", "F"}:
        raise InputError(
            f"{printable(path)} has 32-bit pixels, whose range is not known.",
            "Convert it to 8 or 16 bits a channel.",
        )


def rgb(
    path: Path, image: Image.Image, box: tuple[int, int, int, int] | None = None
) -> NDArray[np.uint8]:
    """A loaded image, or a part of it, repacked as ``uint8[H, W, 3]``.

    In strips: ``np.asarray`` of a whole 12 MP image takes 32 to 47 ms, strips take 24.

    Raises:
        InputError: the pixels are 32 bits wide.
    """
    check_range(path, image)
    x1, y1, x2, y2 = box or (0, 0, *image.size)
    pixels = np.empty((y2 - y1, x2 - x1, 3), dtype=np.uint8)
    for top in range(y1, y2, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, y2)
        strip = image.crop((x1, top, x2, bottom))
        if strip.mode.startswith("I;16"):
            pixels[top - y1 : bottom - y1] = (np.asarray(strip) >> 8)[..., None]
        else:
            pixels[top - y1 : bottom - y1] = np.asarray(strip.convert("RGB"))
    return pixels


def reduced_rgb(
    path: Path, image: Image.Image, box: tuple[int, int, int, int], factor: int
) -> NDArray[np.uint8]:
    """A part of a loaded image, each pixel the mean of ``factor`` by ``factor``.

    Args:
        path: for errors.
        image: loaded.
        box: left, top, right, bottom, within the image.
        factor: of the reduction; at the right and the bottom it averages what there is.

    Raises:
        InputError: the pixels are 32 bits wide.
    """
    check_range(path, image)
    if image.mode == "RGB" and factor > 1:
        # Without a copy of the part: 1.5 ns a pixel.
        return np.asarray(image.reduce(factor, box))
    part = rgb(path, image, box)
    return part if factor == 1 else np.asarray(Image.fromarray(part).reduce(factor))
