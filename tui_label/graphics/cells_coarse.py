"""A new photo on a slow line, in cells: first of all in few colours, a stretch of a row each.

A cell takes a byte at least, so a canvas of 200 by 60 cells is never less than 12 KB; it is
four to seven times as much as it should be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tui_label.graphics import cells_grey
from tui_label.graphics.cellgrid import CellGrid, Colours
from tui_label.graphics.cells_colours import nearest_256, palette_256
from tui_label.graphics.scene import Pixels

COARSE_SLACK = 16
"""How far from its own a colour may be, of 255 a channel: stretches that differ less are one."""

_LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16)
"""Cells of a stretch."""

_ROW_BYTES = 8
_COLOUR_BYTES = 6
_FINE_BYTES = 20
"""What it takes to begin a row, to set a colour of the 256 (10, but only every other stretch has
another colour than the one before), and at most to write a cell as it is."""

_BLANK = ord(" ")


def is_worth_it(cells: int, budget: int) -> bool:
    """Whether so many cells as they are may take more than so many bytes."""
    return cells * _FINE_BYTES > budget


def coarse_grid(wanted: CellGrid, drawn: NDArray[np.bool_], budget: int) -> CellGrid:
    """Cells of one colour each, from the palette of 256, in stretches as short as fit.

    Args:
        wanted: what the cells should show.
        drawn: ``bool[rows, columns]``: which of them will be written.
        budget: bytes that they may take, where that can be.
    """
    stretch = _stretch(drawn, budget)
    columns = wanted.fg.shape[1]
    starts = np.arange(0, columns, stretch)
    lengths = np.diff(starts, append=columns)
    both = np.add.reduceat(wanted.fg.astype(np.uint32) + wanted.bg, starts, axis=1)
    means = (both // (2 * lengths[None, :, None])).astype(np.uint8)
    colours = _in_palette(means, wanted.colours).repeat(lengths, axis=1)
    return CellGrid(np.full_like(wanted.glyphs, _BLANK), colours, colours, wanted.colours)


def _stretch(drawn: NDArray[np.bool_], budget: int) -> int:
    cells, rows = int(drawn.sum()), int(drawn.any(axis=1).sum())
    for length in _LENGTHS:
        if cells + rows * _ROW_BYTES + cells / length * _COLOUR_BYTES <= budget:
            return length
    return _LENGTHS[-1]


def _in_palette(colours: Pixels, kind: Colours) -> Pixels:
    if kind is Colours.GREY:
        return cells_grey.snapped(colours)
    return palette_256()[nearest_256(colours)]
