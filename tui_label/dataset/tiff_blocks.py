"""TIFF files read by their strips or tiles, so that a part costs a part.

A TIFF holds independent blocks, and a list of where they begin. Pillow decodes files, not
blocks; so the blocks that are wanted become a small TIFF of their own, in memory, with the
tags of the large one that say how pixels are made of bytes. That way every compression and
every kind of pixel that opens whole also opens in parts, with the same pixels.

Tag numbers: TIFF 6.0, and its technical note 2 for JPEG.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from PIL import TiffImagePlugin

from tui_label.geometry.boxes import Size

_WIDTH, _HEIGHT, _BITS, _COMPRESSION = 256, 257, 258, 259
_STRIP_OFFSETS, _SAMPLES, _ROWS_PER_STRIP, _STRIP_BYTES = 273, 277, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES = 322, 323, 324, 325
_PLANAR, _SUBFILE, _JPEG_TABLES = 284, 254, 347

_SHORT, _LONG, _RATIONAL, _UNDEFINED = 3, 4, 5, 7
_FORMATS = {_SHORT: "H", _LONG: "L"}

# How pixels are made of bytes: sample widths and kinds, photometric, fill order, predictor,
# palette, inks, JPEG's tables, subsampling and reference levels. Not the orientation: what is
# read in parts is turned afterwards.
_COPIED = {
    _BITS: _SHORT,
    _COMPRESSION: _SHORT,
    262: _SHORT,
    266: _SHORT,
    _SAMPLES: _SHORT,
    _PLANAR: _SHORT,
    292: _LONG,
    293: _LONG,
    317: _SHORT,
    320: _SHORT,
    332: _SHORT,
    338: _SHORT,
    339: _SHORT,
    _JPEG_TABLES: _UNDEFINED,
    529: _RATIONAL,
    530: _SHORT,
    532: _RATIONAL,
}

_UNCOMPRESSED = 1
_CUT_BYTES = 1 << 20
"""Uncompressed strips longer than this are cut further: their rows lie one after the other."""

_LARGEST_BLOCK = 32_000_000
"""Pixels; a file that is stored in larger blocks cannot be read in parts worth the name."""

_MOST_REDUCED = 12
"""Reduced copies looked for at most; halving, that is from 65,536 pixels to 16."""


class Span(NamedTuple):
    """Columns or rows of blocks, or of pixels: ``first`` up to, not including, ``stop``."""

    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class BlockGrid:
    """Where the blocks of one page are, and how they are decoded.

    Args:
        size: of the page, as stored.
        block: pixels of a block; the last ones of strips are lower, tiles are always whole.
        is_tiled: tiles, else strips.
        planes: 1, or the number of samples where each has blocks of its own.
        offsets: bytes from the file's beginning, row by row, plane by plane.
        lengths: bytes.
        tags: values by number, of those that are copied.
        order: ``<`` or ``>``, that of 16-bit pixels.
    """

    size: Size
    block: Size
    is_tiled: bool
    planes: int
    offsets: tuple[int, ...]
    lengths: tuple[int, ...]
    tags: tuple[tuple[int, tuple[int, ...] | bytes], ...]
    order: str

    @property
    def across(self) -> int:
        """Blocks side by side."""
        return -(-self.size.width // self.block.width)

    @property
    def down(self) -> int:
        """Blocks one below the other."""
        return -(-self.size.height // self.block.height)

    def holding(self, columns: Span, rows: Span) -> tuple[Span, Span]:
        """Columns and rows of the blocks that hold some pixels."""
        return (
            Span(columns.first // self.block.width, -(-columns.stop // self.block.width)),
            Span(rows.first // self.block.height, -(-rows.stop // self.block.height)),
        )

    def extent(self, columns: Span, rows: Span) -> Size:
        """Pixels of some blocks together, as far as the page goes."""
        return Size(
            min(columns.stop * self.block.width, self.size.width)
            - columns.first * self.block.width,
            min(rows.stop * self.block.height, self.size.height) - rows.first * self.block.height,
        )


def grids_of(image: TiffImagePlugin.TiffImageFile) -> dict[int, BlockGrid]:
    """The blocks of the first page and of its reduced copies, by their reduction; 1 is the page.

    Reduced copies are pages that say so (tag 254 is 1) and are smaller by a power of two, as
    geographic programs write them. Empty where the page cannot be read in parts.
    """
    page = _grid(image)
    if page is None:
        return {}
    grids = {1: page}
    for number in range(1, _MOST_REDUCED + 1):
        try:
            image.seek(number)
        # There is none, or its directory is damaged, at which Pillow raises anything; the page
        # itself has been read.
        except Exception:
            break
        reduction = _reduction(page.size, image) if image.tag_v2.get(_SUBFILE) == 1 else 0
        grid = _grid(image) if reduction else None
        if grid is not None:
            grids.setdefault(reduction, grid)
    return grids


def small_tiff(file: int, grid: BlockGrid, columns: Span, rows: Span) -> io.BytesIO:
    """Some neighbouring blocks as a TIFF of their own.

    Args:
        file: descriptor to read from; it is not moved, so threads may share it.
        grid: of the page.
        columns: of blocks.
        rows: of blocks.
    """
    blocks = []
    at = 8
    offsets, lengths = [], []
    end = os.fstat(file).st_size
    for index in _indices(grid, columns, rows):
        offset = grid.offsets[index]
        # A damaged length must not reserve memory; decoders notice what is missing.
        block = os.pread(file, min(grid.lengths[index], max(0, end - offset)), offset)
        offsets.append(at)
        lengths.append(len(block))
        at += len(block)
        blocks.append(block)
    blocks.append(b"\0" * (at % 2))  # a directory begins at an even byte
    size = grid.extent(columns, rows)
    tags = dict(grid.tags) | {_WIDTH: (size.width,), _HEIGHT: (size.height,)}
    if grid.is_tiled:
        tags |= {_TILE_WIDTH: (grid.block.width,), _TILE_HEIGHT: (grid.block.height,)}
        tags |= {_TILE_OFFSETS: tuple(offsets), _TILE_BYTES: tuple(lengths)}
    else:
        tags |= {_ROWS_PER_STRIP: (grid.block.height,)}
        tags |= {_STRIP_OFFSETS: tuple(offsets), _STRIP_BYTES: tuple(lengths)}
    at += at % 2
    mark = b"II*\0" if grid.order == "<" else b"MM\0*"
    head = mark + struct.pack(f"{grid.order}L", at)
    return io.BytesIO(b"".join([head, *blocks, _directory(tags, at, grid.order)]))


def _grid(image: TiffImagePlugin.TiffImageFile) -> BlockGrid | None:
    tags = image.tag_v2
    size = Size(int(tags[_WIDTH]), int(tags[_HEIGHT]))
    is_tiled = _TILE_OFFSETS in tags
    if is_tiled:
        block = Size(int(tags[_TILE_WIDTH]), int(tags[_TILE_HEIGHT]))
        offsets, lengths = tags.get(_TILE_OFFSETS), tags.get(_TILE_BYTES)
    else:
        block = Size(size.width, min(int(tags.get(_ROWS_PER_STRIP, size.height)), size.height))
        offsets, lengths = tags.get(_STRIP_OFFSETS), tags.get(_STRIP_BYTES)
    if not offsets or not lengths or min(*size, *block) <= 0:
        return None
    grid = BlockGrid(
        size=size,
        block=block,
        is_tiled=is_tiled,
        planes=int(tags.get(_SAMPLES, 1)) if tags.get(_PLANAR, 1) == 2 else 1,
        offsets=tuple(offsets),
        lengths=tuple(lengths),
        tags=tuple((tag, _values(tags[tag])) for tag in sorted(_COPIED) if tag in tags),
        order="<" if tags.prefix == b"II" else ">",
    )
    if len(grid.offsets) != grid.across * grid.down * grid.planes:
        return None
    if len(grid.lengths) != len(grid.offsets):
        return None
    if not is_tiled and tags.get(_COMPRESSION, _UNCOMPRESSED) == _UNCOMPRESSED:
        grid = _cut(grid, tags)
    return grid if grid.block.width * grid.block.height <= _LARGEST_BLOCK else None


def _values(value: object) -> tuple[int, ...] | bytes:
    if isinstance(value, bytes):
        return value
    values = value if isinstance(value, tuple) else (value,)
    numbers: list[int] = []
    for number in values:
        if isinstance(number, int):
            numbers.append(number)
        else:  # a rational
            numbers += [int(number.numerator), int(number.denominator)]
    return tuple(numbers)


def _cut(grid: BlockGrid, tags: TiffImagePlugin.ImageFileDirectory_v2) -> BlockGrid:
    """Uncompressed strips as lower ones: a whole photo may be a single strip."""
    bits = _values(tags.get(_BITS, 1))
    samples = 1 if grid.planes > 1 else int(tags.get(_SAMPLES, 1))
    width = -(-grid.size.width * samples * int(bits[0]) // 8)
    rows = _divisor(grid.block.height, max(1, _CUT_BYTES // width))
    if rows == grid.block.height:
        return grid
    offsets, lengths = [], []
    for index, offset in enumerate(grid.offsets):
        top = index % grid.down * grid.block.height
        height = min(grid.block.height, grid.size.height - top)
        for row in range(0, height, rows):
            offsets.append(offset + row * width)
            lengths.append(min(rows, height - row) * width)
    block = Size(grid.block.width, rows)
    return replace(grid, block=block, offsets=tuple(offsets), lengths=tuple(lengths))


def _divisor(number: int, most: int) -> int:
    """The largest divisor that is not above ``most``; cut strips must not straddle others."""
    return next(n for n in range(min(number, most), 0, -1) if number % n == 0)


def _reduction(page: Size, image: TiffImagePlugin.TiffImageFile) -> int:
    """By how much a page is smaller, if by a power of two, however it was rounded; else 0."""
    width, height = int(image.tag_v2[_WIDTH]), int(image.tag_v2[_HEIGHT])
    reduction = 1 << max(0, round(page.width / max(1, width)).bit_length() - 1)
    fits = all(
        whole // reduction <= part <= -(-whole // reduction)
        for whole, part in zip(page, (width, height), strict=True)
    )
    return reduction if fits and reduction > 1 else 0


def _indices(grid: BlockGrid, columns: Span, rows: Span) -> Iterator[int]:
    for plane in range(grid.planes):
        for row in range(*rows):
            start = (plane * grid.down + row) * grid.across
            yield from range(start + columns.first, start + columns.stop)


def _directory(tags: dict[int, tuple[int, ...] | bytes], at: int, order: str) -> bytes:
    """An image file directory that stands at a place in a file, and its values behind it."""
    entries, behind = [], b""
    values_at = at + 2 + 12 * len(tags) + 4
    for tag, value in sorted(tags.items()):
        kind = _COPIED.get(tag, _LONG)
        if isinstance(value, bytes):
            count, packed = len(value), value
        elif kind == _RATIONAL:
            count, packed = len(value) // 2, struct.pack(f"{order}{len(value)}L", *value)
        else:
            count, packed = len(value), struct.pack(f"{order}{len(value)}{_FORMATS[kind]}", *value)
        if len(packed) > 4:
            place = struct.pack(f"{order}L", values_at + len(behind))
            behind += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        entries.append(struct.pack(f"{order}HHL", tag, kind, count) + place)
    return struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4) + behind
