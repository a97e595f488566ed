"""Huge photos of nothing much, drawn in a second: one red rectangle on grey noise."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from tui_label.geometry.boxes import Box, Size

TIFF_SIZE = Size(30_000, 20_000)
JPEG_SIZE = Size(11_600, 8_640)

_STRIP_ROWS = 16
_NOISE = 24
_RED = (214, 40, 40)


@dataclass(frozen=True, slots=True)
class HugePhoto:
    """A file, and the box of the object on it (image pixels)."""

    name: str
    path: Path
    size: Size
    object: Box


def draw_tiff(folder: Path, size: Size = TIFF_SIZE, *, deflate: bool) -> HugePhoto:
    """A TIFF in strips; those that look the same are stored once, so the file is small.

    Reading it costs the processor and the memory what it would cost with every strip stored;
    it does not cost the disk the same.
    """
    name = f"{size.width} x {size.height} TIFF, {'deflate' if deflate else 'uncompressed'}"
    box = _object_on(size)
    across = np.arange(size.width)
    grey = np.random.default_rng(0).integers(
        110 - _NOISE, 110 + _NOISE, (_STRIP_ROWS, size.width, 1), dtype=np.uint8
    )
    plain = np.repeat(grey, 3, axis=2)
    crossed = plain.copy()
    crossed[:, (across >= box.x1) & (across < box.x2)] = _RED
    packed = [strip.tobytes() for strip in (plain, crossed)]
    if deflate:
        packed = [zlib.compress(strip, 1) for strip in packed]
    offsets = [8, 8 + len(packed[0])]
    kinds = [int(box.y1 <= top < box.y2) for top in range(0, size.height, _STRIP_ROWS)]
    path = folder / f"huge-{'deflate' if deflate else 'raw'}.tif"
    content = b"".join(packed)
    content += b"\0" * (len(content) % 2)
    tags = {
        256: (size.width,),
        257: (size.height,),
        258: (8, 8, 8),
        259: (8 if deflate else 1,),
        262: (2,),
        273: tuple(offsets[kind] for kind in kinds),
        277: (3,),
        278: (_STRIP_ROWS,),
        279: tuple(len(packed[kind]) for kind in kinds),
    }
    head = b"II*\0" + struct.pack("<L", 8 + len(content))
    path.write_bytes(head + content + _directory(tags, 8 + len(content)))
    return HugePhoto(name, path, size, box)


def draw_jpeg(folder: Path, size: Size = JPEG_SIZE) -> HugePhoto:
    """A baseline JPEG of 100 megapixels."""
    box = _object_on(size)
    rng = np.random.default_rng(0)
    noise = rng.integers(110 - _NOISE, 110 + _NOISE, (640, 640, 3), dtype=np.uint8)
    tile = Image.fromarray(noise)
    image = Image.new("RGB", size)
    for top in range(0, size.height, tile.height):
        for left in range(0, size.width, tile.width):
            image.paste(tile, (left, top))
    image.paste(_RED, (int(box.x1), int(box.y1), int(box.x2), int(box.y2)))
    path = folder / "huge.jpg"
    image.save(path, quality=85)
    return HugePhoto(f"{size.width} x {size.height} JPEG", path, size, box)


def _object_on(size: Size) -> Box:
    """A rectangle beside the middle, its edges on those of strips."""

    def on_strip(value: float) -> int:
        return int(value) // _STRIP_ROWS * _STRIP_ROWS

    left, top = on_strip(size.width * 0.5), on_strip(size.height * 0.4)
    return Box(left, top, left + on_strip(size.width * 0.08), top + on_strip(size.height * 0.1))


def _directory(tags: dict[int, tuple[int, ...]], at: int) -> bytes:
    entries, behind = b"", b""
    values_at = at + 2 + 12 * len(tags) + 4
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"<{len(values)}L", *values)
        if len(packed) > 4:
            packed, behind = struct.pack("<L", values_at + len(behind)), behind + packed
        entries += struct.pack("<HHL", tag, 4, len(values)) + packed
    return struct.pack("<H", len(tags)) + entries + bytes(4) + behind
