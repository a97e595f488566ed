"""Photos too large to be held whole: an overview in memory, the rest read where it is looked at.

A TIFF is read block by block, at any place and resolution, so that neither an overview nor a
part ever needs more than a few megabytes beside its result.

A JPEG is one stream. It is reduced while it is decoded, by 2, 4 or 8, without ever being whole
in memory (but a progressive one keeps its coefficients there, 3 bytes a pixel and more). Looked
at in full resolution it must be decoded whole: 4 bytes a pixel, kept until :meth:`rest`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from tui_label.dataset.jpegs import JPEG_FORMATS, LARGEST_REDUCTION, load_jpeg
from tui_label.dataset.orientation import stored_box, turned, upright_box, upright_size
from tui_label.dataset.photo_files import (
    MAX_PIXELS,
    Photo,
    check_pixels,
    damaged,
    failures_told,
    opened,
    orientation_of,
    reduced_rgb,
    stored_size,
    written,
)
from tui_label.dataset.tiff_blocks import BlockGrid, Span, grids_of, small_tiff
from tui_label.errors import InputError
from tui_label.geometry.boxes import Box, Size
from tui_label.wording import printable

MAX_PIXELS_IN_PARTS = 2_000_000_000
"""The largest photo that is read in parts: 45,000 x 45,000 pixels."""

OVERVIEW = 2048
"""Pixels that the longer side of an overview has at least: twice what any encoder sees."""

_BAND_PIXELS = 1_000_000
"""Pixels of a TIFF that are decoded at a time: 8 MB, in each of the threads."""

_THREADS = 4


class _Source(Protocol):
    """Stored pixels, in parts."""

    @property
    def size(self) -> Size:
        """Of the photo, as stored."""

    def finest(self) -> int:
        """The smallest reduction."""

    def part(self, columns: Span, rows: Span, reduction: int) -> NDArray[np.uint8]:
        """Stored pixels; ``columns`` and ``rows`` begin at multiples of the reduction."""

    def rest(self) -> None:
        """Let go of what can be read again."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""


class LargePhoto:
    """A photo of which an overview is in memory.

    State: what its source keeps (a JPEG: the full decode, once one was needed). Every method may
    be called from any thread, and reading blocks for up to seconds. Equal to nothing but itself.
    """

    def __init__(self, path: Path, source: _Source, orientation: int, overview: int) -> None:
        self.size = upright_size(source.size, orientation)
        self._path = path
        self._source = source
        self._orientation = orientation
        self._written = written(path)
        self._reduction = max(source.finest(), _overview_reduction(self.size, overview))
        self.overview = self._read(Box.whole(self.size), self._reduction)

    @property
    def finest(self) -> int:
        """The smallest reduction in which it can be read: 1, or more where memory forbids it."""
        return self._source.finest()

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""
        return self.overview[0].nbytes + self._source.nbytes

    def region(self, box: Box, reduction: int) -> tuple[Photo, Box]:
        """The part of the photo around a box, reduced.

        Args:
            box: image pixels, edge frame, within the photo and not empty.
            reduction: a power of two; each pixel is the mean of so many squared. Where
                memory does not allow it the result is coarser, and what the overview shows well
                enough comes from there, and may be finer.

        Returns:
            ``uint8[h, w, 3]``, RGB, upright, read-only; and what it spans, image pixels: the box
            rounded outward to whole pixels of the result. At the photo's border that may reach
            past it by less than one of them, which then is the mean of what there is.

        Raises:
            InputError: the file cannot be read any more, or is another one now.
        """
        if written(self._path) != self._written:
            raise InputError(
                f"{printable(self._path)} was changed on disk while it was looked at.",
                "Go to another image and back.",
            )
        if reduction >= self._reduction:
            return self._overlooked(box)
        return self._read(box, max(reduction, self.finest))

    def rest(self) -> None:
        """Let go of all but the overview; what is looked at again is read again."""
        self._source.rest()

    def _overlooked(self, box: Box) -> tuple[Photo, Box]:
        pixels, whole = self.overview
        by = self._reduction
        columns = _outward(box.x1 - whole.x1, box.x2 - whole.x1, pixels.shape[1] * by, by)
        rows = _outward(box.y1 - whole.y1, box.y2 - whole.y1, pixels.shape[0] * by, by)
        spanned = Box(
            whole.x1 + columns.first,
            whole.y1 + rows.first,
            whole.x1 + columns.stop,
            whole.y1 + rows.stop,
        )
        part = pixels[rows.first // by : rows.stop // by, columns.first // by : columns.stop // by]
        return part, spanned

    def _read(self, box: Box, reduction: int) -> tuple[Photo, Box]:
        stored = self._source.size
        wanted = stored_box(box.clipped(self.size), stored, self._orientation)
        columns = _outward(wanted.x1, wanted.x2, stored.width, reduction)
        rows = _outward(wanted.y1, wanted.y2, stored.height, reduction)
        with failures_told(self._path):
            pixels = self._source.part(columns, rows, reduction)
        spanned = Box(
            columns.first,
            rows.first,
            columns.first + pixels.shape[1] * reduction,
            rows.first + pixels.shape[0] * reduction,
        )
        upright = turned(pixels, self._orientation)
        upright.flags.writeable = False
        return upright, upright_box(spanned, stored, self._orientation)


def large_photo(path: Path, image: Image.Image, overview: int = OVERVIEW) -> LargePhoto | None:
    """A photo that can be read in parts, its overview decoded; ``None`` for other kinds of file.

    Args:
        path: of the file.
        image: opened from it, not loaded.
        overview: pixels that the longer side of the overview has at least.

    Raises:
        InputError: too many pixels even so (:data:`MAX_PIXELS_IN_PARTS`; a progressive JPEG:
            :data:`~tui_label.dataset.photo_files.MAX_PIXELS`), or the file is damaged.
    """
    size, orientation = stored_size(image), orientation_of(image)
    if image.format in JPEG_FORMATS:
        progressive = bool(image.info.get("progressive"))
        check_pixels(path, size, MAX_PIXELS if progressive else MAX_PIXELS_IN_PARTS)
        return LargePhoto(path, _Jpeg(path, size), orientation, overview)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        grids = grids_of(image)
        if grids:
            check_pixels(path, size, MAX_PIXELS_IN_PARTS)
            return LargePhoto(path, _Tiff(path, size, grids), orientation, overview)
    return None


def _overview_reduction(size: Size, least: int) -> int:
    """The largest power of two that leaves the longer side ``least`` pixels or more."""
    return 1 << max(0, (max(size) // least).bit_length() - 1)


class _Jpeg:
    """A JPEG. State: its full decode, once it was needed; a lock makes others wait for it."""

    def __init__(self, path: Path, size: Size) -> None:
        self.size = size
        self._path = path
        self._whole: Image.Image | None = None
        self._rests = 0
        self._lock = Lock()

    def finest(self) -> int:
        reduction = 1
        while self.size.width * self.size.height > MAX_PIXELS * reduction**2:
            reduction *= 2
        return reduction

    def part(self, columns: Span, rows: Span, reduction: int) -> NDArray[np.uint8]:
        with self._lock:
            whole, by = self._decoded(reduction)
        box = (columns.first // by, rows.first // by, -(-columns.stop // by), -(-rows.stop // by))
        return reduced_rgb(self._path, whole, box, reduction // by)

    def rest(self) -> None:
        # Without the lock: the screen's thread must not wait for a decode.
        self._rests += 1
        self._whole = None

    @property
    def nbytes(self) -> int:
        whole = self._whole
        return 0 if whole is None else 4 * whole.width * whole.height

    def _decoded(self, reduction: int) -> tuple[Image.Image, int]:
        """The JPEG, decoded, and by what it is reduced."""
        finest = self.finest()
        whole = self._whole
        # Looked up once: meanwhile another thread may let go of it.
        if whole is not None:
            return whole, finest
        by, rests = min(reduction, LARGEST_REDUCTION), self._rests
        with opened(self._path) as image:
            loaded = load_jpeg(self._path, image, by)
        if by == finest and rests == self._rests:
            self._whole = loaded
        return loaded, by


@dataclass(frozen=True, slots=True)
class _Task:
    """A band of a TIFF's page and the place of its reduced pixels in the result."""

    columns: Span
    rows: Span
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class _Tiff:
    """A TIFF: the blocks of its page and of its reduced copies, by their reduction."""

    path: Path
    size: Size
    grids: dict[int, BlockGrid]

    def finest(self) -> int:
        return 1

    def part(self, columns: Span, rows: Span, reduction: int) -> NDArray[np.uint8]:
        copy = max(by for by in self.grids if by <= reduction)
        grid, rest = self.grids[copy], reduction // copy
        across = Span(columns.first // copy, min(-(-columns.stop // copy), grid.size.width))
        down = Span(rows.first // copy, min(-(-rows.stop // copy), grid.size.height))
        shape = -(-(down.stop - down.first) // rest), -(-(across.stop - across.first) // rest), 3
        pixels = np.empty(shape, dtype=np.uint8)
        with self.path.open("rb") as file:

            def read(task: _Task) -> None:
                part = self._band(file.fileno(), grid, task, rest)
                height, width = part.shape[:2]
                pixels[task.top : task.top + height, task.left : task.left + width] = part

            threads = min(_THREADS, os.cpu_count() or 1)
            with ThreadPoolExecutor(threads, thread_name_prefix="tiff") as pool:
                for _ in pool.map(read, _tasks(grid, across, down, rest)):
                    pass
        return pixels

    def rest(self) -> None:
        pass

    @property
    def nbytes(self) -> int:
        return 0

    def _band(self, file: int, grid: BlockGrid, task: _Task, reduction: int) -> NDArray[np.uint8]:
        columns, rows = grid.holding(task.columns, task.rows)
        left, top = columns.first * grid.block.width, rows.first * grid.block.height
        small = small_tiff(file, grid, columns, rows)
        with Image.open(small, formats=("TIFF",)) as image:
            try:
                image.load()
            except OSError as error:
                raise damaged(self.path, error) from error
            box = (
                task.columns.first - left,
                task.rows.first - top,
                task.columns.stop - left,
                task.rows.stop - top,
            )
            return reduced_rgb(self.path, image, box, reduction)


def _tasks(grid: BlockGrid, across: Span, down: Span, reduction: int) -> Iterator[_Task]:
    """Bands that together are a part, each a whole number of reduced pixels.

    They are cut where blocks are cut as far as the reduction allows, so that few are decoded
    twice.
    """
    width = _stride(grid.block.width, _BAND_PIXELS // grid.block.height, reduction)
    height = _stride(grid.block.height, _BAND_PIXELS // min(width, grid.size.width), reduction)
    for rows in _cut(down, height):
        for columns in _cut(across, width):
            yield _Task(
                columns,
                rows,
                (columns.first - across.first) // reduction,
                (rows.first - down.first) // reduction,
            )


def _cut(span: Span, stride: int) -> Iterator[Span]:
    """A span cut at the multiples of a length."""
    first = span.first
    while first < span.stop:
        stop = min((first // stride + 1) * stride, span.stop)
        yield Span(first, stop)
        first = stop


def _stride(block: int, most: int, reduction: int) -> int:
    """A length of whole blocks, or else of whole reduced pixels, of about ``most`` pixels."""
    length = max(1, most // block) * block
    return max(1, -(-length // reduction)) * reduction


def _outward(low: float, high: float, limit: int, reduction: int) -> Span:
    first = int(low // reduction) * reduction
    stop = min(-(-int(np.ceil(high)) // reduction) * reduction, limit)
    return Span(first, max(stop, min(first + 1, limit)))
