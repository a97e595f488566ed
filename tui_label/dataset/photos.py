"""Photos from disk as upright RGB pixels, or one sentence that says why not.

Pillow decodes everything. OpenCV's JPEG decoder takes about 60 ms for 12 megapixels and
Pillow's, copied out in strips, about 75; but OpenCV lets libjpeg, libpng and libtiff write
to file descriptor 2, which is the screen of a terminal app and cannot be redirected in one
thread only. Pillow's decoders are silent, and they say when a file ends early.
"""

from __future__ import annotations

import io
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from tui_label.errors import InputError
from tui_label.wording import printable, reason_of

Photo = NDArray[np.uint8]  # uint8[H, W, 3], RGB, upright, C-contiguous, read-only

IMAGE_SUFFIXES = frozenset(
    {".avif", ".bmp", ".jp2", ".jpeg", ".jpg", ".mpo", ".png", ".tif", ".tiff", ".webp"}
)
"""What Ultralytics 8.3.203 or 8.4.190 trains on and what can be decoded here (lower case)."""

UNDECODABLE_SUFFIXES = frozenset({".dng", ".heic", ".heif", ".pfm"})
"""What Ultralytics also lists, but what needs a decoder that is not installed with this."""

MAX_PIXELS = 200_000_000
"""The largest photo, in pixels: what the largest phone sensors deliver (16,320 x 12,240).

One such photo takes 1.4 GB while it is decoded (4 bytes a pixel in Pillow, 3 in the result).
"""

# Pillow opens an MPO, several JPEGs in one file, as JPEG first.
_FORMATS = ("AVIF", "BMP", "DIB", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP")
_ORIENTATION_TAG = 0x0112
_JPEG_END = b"\xff\xd9"
_STRIP_ROWS = 64  # 1 MB of a 12 MP photo: stays in the processor's cache while it is repacked

# The size is checked against MAX_PIXELS before anything is decoded; Pillow's own limit is
# lower, and its error does not tell width and height.
Image.MAX_IMAGE_PIXELS = None
# Oddities in EXIF blocks and the like are reported by Python warnings, that is on the screen.
warnings.filterwarnings("ignore", module=r"PIL\.")


def load_photo(path: Path) -> Photo:
    """Decode a photo.

    All eight EXIF orientations are applied, as the training loader does. 16-bit grey is
    scaled by 1/256, and CMYK, palette and grey become RGB. Transparency is dropped, not
    blended: training sees the colours beneath it. Only the first frame or page is read.

    Returns:
        ``uint8[H, W, 3]``, RGB, upright, C-contiguous, read-only.

    Raises:
        InputError: the file is missing, unreadable, not an image, damaged, cut short or
            larger than :data:`MAX_PIXELS`. A JPEG that lacks nothing but its end marker loads.
    """
    with _opened(path) as image:
        _check_pixels(path, _stored_size(image))
        upright = image.format == "TIFF"  # Pillow turns TIFF, and only TIFF, while it loads
        orientation = 1 if upright else _orientation(image)
        pixels = _turned(_pixels(path, image), orientation)
    pixels.flags.writeable = False
    return pixels


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The image behind an open file, its header read; every failure inside as InputError."""
    name = printable(path)
    try:
        with _open_file(path) as file, Image.open(file, formats=_FORMATS) as image:
            yield image
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


def _stored_size(image: Image.Image) -> tuple[int, int]:
    """Width and height as stored, before any turning."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        # Whether ``size`` is already turned after open() depends on Pillow's version.
        return int(image.tag_v2[256]), int(image.tag_v2[257])
    return image.size


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1..8; 1 where there is none or the block is damaged."""
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    # A damaged EXIF block makes Pillow raise anything (see above), and must not hide the photo.
    except Exception:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _check_pixels(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise InputError(
            f"{printable(path)} is {width:,} × {height:,} pixels; "
            f"photos up to {MAX_PIXELS // 1_000_000} megapixels can be opened.",
            "Cut it into tiles first.",
        )


def _pixels(path: Path, image: Image.Image) -> NDArray[np.uint8]:
    """``uint8[H, W, 3]``, as stored (a TIFF: upright); not yet read-only."""
    is_jpeg = image.format in {"JPEG", "MPO"}
    if is_jpeg and _filled_up(path):
        return _jpeg_without_end(path)
    try:
        image.load()
    except OSError as error:
        if not is_jpeg:
            raise _damaged(path, error) from error
        return _jpeg_without_end(path)
    return _rgb(path, image)


def _filled_up(path: Path) -> bool:
    """Whether zeros stand where the rest of a JPEG should be, as interrupted copies leave it.

    Zeros decode: to grey blocks, without any error.
    """
    with path.open("rb") as file:
        file.seek(-2, os.SEEK_END)
        if file.read() != b"\0\0":
            return False
    return not path.read_bytes().rstrip(b"\0").endswith(_JPEG_END)


def _damaged(path: Path, error: OSError) -> InputError:
    if "truncated" in str(error):
        return _cut_short(path)
    name = printable(path)
    return InputError(f"{name} is damaged ({reason_of(error)}).", "Copy it again, or leave it out.")


def _cut_short(path: Path) -> InputError:
    return InputError(
        f"{printable(path)} is cut short: its last part is missing.",
        "Copy it again; labels on half a photo would be wrong.",
    )


def _jpeg_without_end(path: Path) -> NDArray[np.uint8]:
    """Decode a JPEG of which only the end marker is missing, and refuse any other.

    A decoder that runs out of data invents the rest of the picture. So the file is finished
    in two ways, by the marker alone and by noise before the marker: if pixels differ, some of
    them came from the noise, and data were missing.
    """
    data = path.read_bytes().rstrip(b"\0").rstrip(b"\xff")  # 0xff: half a marker
    noise = np.random.default_rng(0).integers(1, 255, 256, dtype=np.uint8).tobytes()
    try:
        finished = _finished_jpeg(path, data + _JPEG_END)
        if np.array_equal(finished, _finished_jpeg(path, data + noise + _JPEG_END)):
            return finished
    except OSError as error:
        raise _damaged(path, error) from error
    raise _cut_short(path)


def _finished_jpeg(path: Path, data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        image.load()
        return _rgb(path, image)


def _rgb(path: Path, image: Image.Image) -> NDArray[np.uint8]:
    """A loaded image repacked as ``uint8[H, W, 3]``.

    In strips: ``np.asarray`` of a whole 12 MP image takes 32 to 47 ms, strips take 24.
    """
    if image.mode in {"I", "F"}:
        raise InputError(
            f"{printable(path)} has 32-bit pixels, whose range is not known.",
            "Convert it to 8 or 16 bits a channel.",
        )
    width, height = image.size
    pixels = np.empty((height, width, 3), dtype=np.uint8)
    for top in range(0, height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, height)
        strip = image.crop((0, top, width, bottom))
        if strip.mode.startswith("I;16"):
            pixels[top:bottom] = (np.asarray(strip) >> 8)[..., None]
        else:
            pixels[top:bottom] = np.asarray(strip.convert("RGB"))
    return pixels


def _turned(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn stored pixels upright; the codes are those of EXIF 2.3, tag 0x0112."""
    match orientation:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.flip(cv2.transpose(pixels), -1)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
    return np.ascontiguousarray(turned, dtype=np.uint8)
