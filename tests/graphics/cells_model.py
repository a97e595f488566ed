"""A terminal of text, and what its cells look like as pixels."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyte

from tui_label.graphics.cellgrid import CellGrid
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.cells_blocks import HALVES, QUADRANTS, SEXTANTS, Blocks

DEFAULT = (1, 2, 3)
"""Stands for the terminal's own colours, which no photo of the tests has."""


class TextTerminal:
    """pyte, with the canvas somewhere on its screen."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)

    def feed(self, data: bytes) -> None:
        """Write; the text cursor and its colours must be afterwards as they were."""
        cursor = self.screen.cursor
        before = cursor.x, cursor.y, cursor.attrs
        self._stream.feed(data)
        cursor = self.screen.cursor
        assert (cursor.x, cursor.y, cursor.attrs) == before

    def cover(self, rect: CellRect, origin: tuple[int, int]) -> None:
        """A dialog over some cells of the canvas."""
        for y in range(rect.y, rect.bottom):
            place = f"\x1b7\x1b[{origin[1] + y + 1};{origin[0] + rect.x + 1}H"
            self._stream.feed(f"{place}{'P' * rect.width}\x1b8".encode())

    def grid(self, origin: tuple[int, int], columns: int, rows: int) -> CellGrid:
        """What the canvas' cells show."""
        cells = [
            [self.screen.buffer[origin[1] + y][origin[0] + x] for x in range(columns)]
            for y in range(rows)
        ]
        return CellGrid(
            np.array([[ord(cell.data) for cell in row] for row in cells], dtype=np.uint32),
            np.array([[_rgb(cell.fg) for cell in row] for row in cells], dtype=np.uint8),
            np.array([[_rgb(cell.bg) for cell in row] for row in cells], dtype=np.uint8),
        )


def looks(grid: CellGrid) -> tuple[np.ndarray, np.ndarray]:
    """Characters (0 for blocks) and pixels: ``uint8[rows, columns, 6, 2, 3]``.

    Two grids that look the same have both in common, whichever glyphs and colours they use.
    """
    known, at = np.unique(grid.glyphs, return_inverse=True)
    patterns = np.array([_patterns().get(int(glyph), _CHARACTER) for glyph in known])
    front = patterns[at.reshape(grid.glyphs.shape)][..., None]
    shape = (*grid.glyphs.shape, 1, 1, 3)
    pixels = np.where(front, grid.fg.reshape(shape), grid.bg.reshape(shape))
    is_block = np.isin(grid.glyphs, list(_patterns()))
    return np.where(is_block, 0, grid.glyphs), pixels


_CHARACTER = np.array([[True, False]] * 6)


@cache
def _patterns() -> dict[int, np.ndarray]:
    """By code point: ``bool[6, 2]``, the finest grid that all blocks fit into."""
    found: dict[int, np.ndarray] = {}
    for blocks in (HALVES, QUADRANTS, SEXTANTS):
        found.update((ord(glyph), _pattern(blocks, at)) for at, glyph in enumerate(blocks.glyphs))
    return found


def _pattern(blocks: Blocks, bits: int) -> np.ndarray:
    flags = np.array([bits >> bit & 1 for bit in range(blocks.pixels)], dtype=bool)
    small = flags.reshape(blocks.down, blocks.across)
    return small.repeat(6 // blocks.down, axis=0).repeat(2 // blocks.across, axis=1)


def _rgb(colour: str) -> tuple[int, ...]:
    return DEFAULT if colour == "default" else tuple(bytes.fromhex(colour))
