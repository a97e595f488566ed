"""From what a sixel terminal shows to what it should show: pixels that differ, and no others.

What is shown is a raster of palette entries like the picture (see :mod:`.sixel_picture`);
where nobody knows, because something else was there, it is :data:`UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Size
from tui_label.graphics import sixel
from tui_label.graphics.cellrects import CellRect, pixels_of, seen_rects
from tui_label.graphics.scene import Pixels
from tui_label.graphics.sequences import cursor_kept, cursor_to, synchronised
from tui_label.graphics.sixel import BAND, UNKNOWN
from tui_label.graphics.sixel_picture import SixelPicture, sketch

LARGEST = Size(1000, 1000)
"""Pixels of a picture that xterm accepts unless it was told otherwise (``maxGraphicSize``)."""

_BYTES_PER_PIXEL = 0.4
"""Of a photo in 64 colours, before one was sent: four photos took 0.37 to 0.7."""

_TELLING = 1000
"""Pixels from which on a piece tells what a pixel costs; below, it is mostly the definitions of
its colours."""

_DEAREST = 2.0
"""Bytes per pixel that no photo exceeds in pieces worth sending: noise takes 1.3."""

_BLOCKS = ((8, 48_000), (16, 39_000), (32, 28_000), (64, 18_000), (128, 12_000))
"""Columns of pixels in a block of a sketch, and bytes for 1280 × 800 pixels of it (medians of
three photos; narrower or lower blocks than 8 × 6 are hardly cheaper than the photo itself)."""

_SKETCHED_PIXELS = 1280 * 800

_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SixelOptions:
    """What is known of the terminal.

    Args:
        registers: colours that one picture may have.
        largest: pixels of the largest picture.
        blends: what is transparent in a picture leaves what is shown below it; else a picture
            takes its cells whole.
        sync: it knows synchronised updates (mode 2026).
    """

    registers: int = 256
    largest: Size = LARGEST
    blends: bool = True
    sync: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SixelShown:
    """What the terminal shows, and what it should show.

    Args:
        picture: what it should show.
        values: ``uint8[h, w]``, what it shows.
        cell: pixels of a cell.
        cells: of the canvas.
        origin: of the canvas on the screen.
        covered: cells that something else has drawn over.
        cost: bytes per pixel of the photo, as it was seen last.
    """

    picture: SixelPicture
    values: Pixels
    cell: Size
    cells: Size
    origin: tuple[int, int]
    covered: tuple[CellRect, ...]
    cost: float = _BYTES_PER_PIXEL


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """What is shown after the bytes, the bytes, and the cells that they draw in."""

    shown: SixelShown
    data: bytes = b""
    damage: tuple[CellRect, ...] = ()


def begun(
    before: SixelShown | None,
    picture: SixelPicture,
    cell: Size,
    cells: Size,
    origin: tuple[int, int],
    covered: tuple[CellRect, ...],
) -> SixelShown:
    """What is still shown of an earlier picture when another is wanted; nothing is sent yet.

    Forgotten is what is covered, and every colour that means another one now.
    """
    usable = (
        before is not None
        and (before.cell, before.cells, before.origin) == (cell, cells, origin)
        and before.values.shape == picture.values.shape
    )
    if before is None or not usable:
        return SixelShown(picture, np.zeros_like(picture.values), cell, cells, origin, covered)
    values = before.values
    kept = np.arange(256, dtype=np.uint8)
    was, now = before.picture.palette.percents, picture.palette.percents
    if was is not now and (changed := (was != now).any(axis=1)).any():
        kept[changed] = UNKNOWN
        values = kept[values]
    for rect in covered:
        part = pixels_of(rect.within(cells), cell)
        if values[part].any():
            values = values.copy() if values is before.values else values
            values[part] = UNKNOWN
    return SixelShown(picture, values, cell, cells, origin, covered, before.cost)


def finished(shown: SixelShown, options: SixelOptions) -> Update:
    """Everything that is not yet as it should be."""
    return _sent(shown, shown.picture.values, _differing(shown), options)


def hurried(
    shown: SixelShown, before: SixelPicture | None, budget: int, options: SixelOptions
) -> Update:
    """What a person has just done, whole; the photo as a sketch where it is not there yet.

    Args:
        shown: as :func:`begun`.
        before: what was wanted until now.
        budget: bytes that a sketch should take; without it the photo would take more.
        options: of the terminal.
    """
    wanted = shown.picture.values
    moved = before is None or before.bare is not shown.picture.bare
    # Pixels that happen to be right already would cut the long runs of a sketch into pieces.
    photo = _open(shown, np.ones_like(wanted, np.bool_) if moved else shown.values == UNKNOWN)
    pixels = int(np.count_nonzero(photo))
    if pixels * shown.cost > budget:
        target = np.where(photo, sketch(shown.picture, _block(pixels, budget)), wanted)
    else:
        target = wanted
        photo = photo & _differing(shown)
    if before is not None and not moved:
        photo = photo | (_differing(shown) & (wanted != before.values))
    return _sent(shown, target, photo, options)


def refined(shown: SixelShown, row: int, budget: int, options: SixelOptions) -> Update:
    """A piece of what is not yet as it should be, that which is nearest to a row of cells."""
    differing = _differing(shown)
    rows = np.flatnonzero(_cells_of(differing, shown).any(axis=1))
    if not len(rows):
        return Update(shown)
    start = int(rows[np.abs(rows - row).argmin()])
    lines = _lines(differing, shown, start)
    room = budget / shown.cost
    stop = start
    taken = 0
    while stop < shown.cells.height and (stop == start or taken + lines[stop - start] <= room):
        taken += int(lines[stop - start])
        stop += 1
    piece = np.zeros_like(differing)
    band = slice(start * shown.cell.height, stop * shown.cell.height)
    piece[band] = differing[band]
    if stop == start + 1 and taken > 2 * room:
        # One row of cells is too much for this link: from its left end as far as it goes.
        counted = np.cumsum(np.count_nonzero(piece[band], axis=0))
        width = shown.cell.width
        # The cell with the pixel that is one too many is drawn, so that there always is one.
        column = (int(np.searchsorted(counted, max(room, 1))) // width + 1) * width
        piece[:, column:] = False
    update = _sent(shown, shown.picture.values, piece, options)
    drawn = int(np.count_nonzero(piece))
    seen = len(update.data) / drawn
    if drawn < _TELLING and seen > shown.cost:
        return update
    cost = min((shown.cost + seen) / 2, _DEAREST)
    return replace(update, shown=replace(update.shown, cost=cost))


def is_whole(shown: SixelShown) -> bool:
    """Whether everything that is not covered is as it should be."""
    return not _differing(shown).any()


def _lines(differing: _Mask, shown: SixelShown, start: int) -> NDArray[np.intp]:
    """How many pixels differ in each row of cells from ``start`` on."""
    part = differing[start * shown.cell.height :]
    return np.asarray(np.count_nonzero(part.reshape(shown.cells.height - start, -1), axis=1))


def _block(pixels: int, budget: int) -> int:
    """Columns of a block so that a sketch of so many pixels takes about the budget."""
    for block, size in _BLOCKS:
        if size * pixels / _SKETCHED_PIXELS <= budget:
            return block
    return _BLOCKS[-1][0]


def _differing(shown: SixelShown) -> _Mask:
    return _open(shown, np.asarray(shown.values != shown.picture.values))


def _open(shown: SixelShown, pixels: _Mask) -> _Mask:
    """Those that nothing covers; changed in place."""
    for rect in shown.covered:
        pixels[pixels_of(rect.within(shown.cells), shown.cell)] = False
    return pixels


def _cells_of(changed: _Mask, shown: SixelShown) -> _Mask:
    """``bool[rows, columns]``: cells with any such pixel."""
    cells = np.zeros((shown.cells.height, shown.cells.width), dtype=np.bool_)
    x, y, width, height = cv2.boundingRect(changed.view(np.uint8))
    if width == 0:
        return cells
    across, down = shown.cell
    left, top = x // across, y // down
    right, bottom = -(-(x + width) // across), -(-(y + height) // down)
    rect = CellRect(left, top, right - left, bottom - top)
    # The longest axis first: a reduction over few pixels at a time costs twenty times more.
    columns = changed[pixels_of(rect, shown.cell)].reshape(rect.height, down, -1).any(axis=1)
    cells[top:bottom, left:right] = columns.reshape(rect.height, rect.width, across).any(axis=2)
    return cells


def _sent(shown: SixelShown, target: Pixels, changed: _Mask, options: SixelOptions) -> Update:
    """Draw the changed pixels of a target, which must not be covered."""
    damage = seen_rects(_cells_of(changed, shown), shown.covered)
    if not damage:
        return Update(shown)
    values = shown.values.copy()
    pieces: list[bytes] = []
    for rect in damage:
        part = pixels_of(rect, shown.cell)
        drawn = np.where(changed[part], target[part], UNKNOWN)
        if not options.blends:
            held = values[part]
            held = np.where(held == UNKNOWN, shown.picture.values[part], held)
            drawn = np.where(drawn == UNKNOWN, held, drawn)
        np.copyto(values[part], drawn, where=drawn.view(np.bool_))
        pieces.extend(_pictures(drawn, shown, rect, options))
    data = cursor_kept(pieces)
    data = synchronised(data) if options.sync else data
    return Update(replace(shown, values=values), data, damage)


def _pictures(
    drawn: Pixels, shown: SixelShown, rect: CellRect, options: SixelOptions
) -> Iterator[bytes]:
    """A rectangle in as few pictures as the terminal accepts, each with where it is."""
    left, top = shown.origin
    for piece in _pieces(rect, shown.cell, options.largest):
        inside = pixels_of(piece._replace(x=piece.x - rect.x, y=piece.y - rect.y), shown.cell)
        place = cursor_to(left + piece.x, top + piece.y).encode()
        percents = shown.picture.palette.percents
        for data in sixel.pictures(drawn[inside], percents, options.registers):
            yield place + data


def _pieces(rect: CellRect, cell: Size, largest: Size) -> Iterator[CellRect]:
    """Parts no larger than a picture may be, in whole bands: xterm 379 drops one that is cut."""
    across = max(1, largest.width // cell.width)
    down = max(1, largest.height // BAND * BAND // cell.height)
    for y in range(rect.y, rect.bottom, down):
        for x in range(rect.x, rect.right, across):
            yield CellRect(x, y, min(across, rect.right - x), min(down, rect.bottom - y))
