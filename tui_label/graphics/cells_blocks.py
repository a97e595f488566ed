"""Several pixels in a cell: the two colours and the block glyph that come nearest to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.scene import Pixels

_Value = TypeVar("_Value", bound=np.generic)

HALF_BLOCK = ord("▀")

_WEIGHTS = np.array([2.0, 4.0, 3.0], dtype=np.float32) / 3
"""Of squared differences a channel: about how far apart the eye finds two colours, at the price
of a product (the constant part of the *redmean* formula, T. Riemersma, 2001)."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """How the pixels of a cell are drawn.

    ``glyphs`` are by bit pattern; the lowest bit is the upper left pixel, then row by row. A
    set bit has the foreground's colour.
    """

    across: int
    down: int
    glyphs: str

    @property
    def pixels(self) -> int:
        """Of a cell."""
        return self.across * self.down


def _sextants() -> str:
    """Unicode 13, U+1FB00 …, which leaves out what had a glyph before."""
    older = {0: " ", 0b010101: "▌", 0b101010: "▐", 0b111111: "█"}
    return "".join(
        older.get(bits) or chr(0x1FB00 + bits - 1 - (bits > 0b010101) - (bits > 0b101010))
        for bits in range(64)
    )


HALVES = Blocks(1, 2, " ▀▄█")
QUADRANTS = Blocks(2, 2, " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
SEXTANTS = Blocks(2, 3, _sextants())


def inverse_glyphs() -> dict[int, str]:
    """By code point: the glyph that shows the same with both colours exchanged."""
    return {
        ord(glyph): inverse
        for blocks in (SEXTANTS, QUADRANTS, HALVES)
        for glyph, inverse in zip(blocks.glyphs, reversed(blocks.glyphs), strict=True)
    }


def by_cell(pixels: NDArray[_Value], blocks: Blocks) -> NDArray[_Value]:
    """``[rows * down, columns * across, …]`` as ``[rows, columns, pixels of a cell, …]``."""
    height, width, *rest = pixels.shape
    rows, columns = height // blocks.down, width // blocks.across
    cut = pixels.reshape(rows, blocks.down, columns, blocks.across, *rest)
    return cut.swapaxes(1, 2).reshape(rows, columns, blocks.pixels, *rest)


def split(
    cells: Pixels, lines: NDArray[np.bool_], blocks: Blocks, flat: float = 0.0
) -> tuple[NDArray[np.uint32], Pixels, Pixels]:
    """Glyphs, foregrounds and backgrounds: of all splits in two the one with the least error.

    Args:
        cells: ``uint8[N, pixels of a cell, 3]``, RGB.
        lines: ``bool[N, pixels of a cell]``: pixels of contours. Where a cell has some, they
            are the foreground, however that suits the rest: a contour is what a person
            goes by.
        blocks: what is drawn with.
        flat: a cell gets one colour if a second one brought each pixel no more than this
            nearer, of 255 a channel (root of the mean square).

    Returns:
        ``uint32[N]``, ``uint8[N, 3]`` and ``uint8[N, 3]``; both colours are the same where
        the cell is flat.
    """
    if blocks is HALVES:
        glyphs = np.full(len(cells), HALF_BLOCK, dtype=np.uint32)
        return glyphs, cells[:, 0], cells[:, 1]
    front = _patterns(blocks.pixels)[_best(cells, flat)]
    drawn = lines.any(axis=1)
    front[drawn] = lines[drawn]
    # Flat: all in front. Else the upper left pixel is, so that equal cells are drawn alike.
    front ^= ~front[:, :1]
    shares = front / front.sum(axis=1, keepdims=True)
    rest = (~front) / np.maximum((~front).sum(axis=1, keepdims=True), 1)
    both = np.stack((shares, rest), axis=1).astype(np.float32) @ cells.astype(np.float32)
    colours = np.rint(both).astype(np.uint8)
    single = front.all(axis=1)
    colours[single, 1] = colours[single, 0]
    bits = front @ (1 << np.arange(blocks.pixels))
    return _code_points(blocks)[bits], colours[:, 0], colours[:, 1]


def _best(cells: Pixels, flat: float) -> NDArray[np.intp]:
    """Which of the patterns suits each cell; the last one is a single colour.

    The squared error of a split is the same sum for all splits less what is computed here.
    """
    patterns = _patterns(cells.shape[1])
    weighted = cells * np.sqrt(_WEIGHTS)
    inside = patterns.astype(np.float32) @ weighted
    outside = weighted.sum(axis=1, keepdims=True) - inside
    counts = patterns.sum(axis=1).astype(np.float32)
    explained = (inside**2).sum(axis=2) / counts
    explained[:, :-1] += (outside[:, :-1] ** 2).sum(axis=2) / (cells.shape[1] - counts[:-1])
    explained[:, -1] += float(_WEIGHTS.sum()) * flat**2 * cells.shape[1] + 1e-2
    return np.asarray(explained.argmax(axis=1))


@lru_cache(maxsize=4)
def _patterns(pixels: int) -> NDArray[np.bool_]:
    """``bool[2^(pixels-1), pixels]``: all splits with the first pixel in front, all last."""
    bits = np.arange(1, 1 << pixels, 2)
    return np.asarray((bits[:, None] >> np.arange(pixels)) & 1, dtype=np.bool_)


@lru_cache(maxsize=4)
def _code_points(blocks: Blocks) -> NDArray[np.uint32]:
    return np.array([ord(glyph) for glyph in blocks.glyphs], dtype=np.uint32)
