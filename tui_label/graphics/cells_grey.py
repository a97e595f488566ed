"""Cells without hue, for terminals without colours and for people who set ``NO_COLOR``.

The photo is grey and not tinted; masks are drawn with characters. Contours of saved objects,
the selected one and the candidate differ by line, insides of different colours by character.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.cellgrid import CellGrid
from tui_label.graphics.cells_colours import nearest_grey, palette_256
from tui_label.graphics.palette import (
    FRAME_INDEX,
    RUBBER_DARK_INDEX,
    RUBBER_LIGHT_INDEX,
    SLOTS,
    Part,
    overlay_index,
)
from tui_label.graphics.scene import Emphasis, Pixels

_TURN = 118
"""Of 255: black characters from here on, white below. Contrast is the same there (WCAG 2.2)."""

_STEPS = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""Neighbours, row and column, from the north clockwise: bit by bit of a pattern."""

_NORTH, _EAST, _SOUTH, _WEST = 1, 4, 16, 64
_RISING, _FALLING = 2 | 32, 8 | 128

_INSIDES = ".:'~=-"
_CANDIDATE_INSIDE = "/"


class _Lines(NamedTuple):
    """Characters of a kind of line; the cross is the cursor's, so there is none."""

    across: str
    down: str
    corners: str
    """Open to south-east, south-west, north-east, north-west; then without north, east, south,
    west."""


_LINES = {
    Emphasis.NORMAL: _Lines("─", "│", "┌┐└┘┬┤┴├"),
    Emphasis.SELECTED: _Lines("━", "┃", "┏┓┗┛┳┫┻┣"),
    Emphasis.PREVIEW: _Lines("┄", "┆", "┌┐└┘┬┤┴├"),
    Emphasis.CANDIDATE: _Lines("═", "║", "╔╗╚╝╦╣╩╠"),
}


def levels(photo: Pixels) -> Pixels:
    """``uint8[h, w, 3]`` with three equal channels: the luma of a photo (ITU-R BT.601)."""
    return np.asarray(
        cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), dtype=np.uint8
    )


def snapped(colours: Pixels) -> Pixels:
    """The greys of the 256 colours that are nearest to ``uint8[rows, columns, 3]``."""
    luma = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    return palette_256()[nearest_grey(np.asarray(luma, dtype=np.uint8))]


def draw_contours(grid: CellGrid, overlay: Pixels) -> None:
    """Draw masks as characters over a grey picture.

    Args:
        grid: to be drawn on.
        overlay: ``uint8[rows, columns, pixels of a cell]``: entries of the overlay palette.
    """
    lines = np.where(_is_line()[overlay], overlay, np.uint8(0)).max(axis=2)
    glyphs = _characters()[lines, _neighbours(lines)]
    insides = _inside_characters()[overlay.max(axis=2)]
    glyphs = np.where(lines > 0, glyphs, insides)
    drawn = glyphs > 0
    ground = (grid.fg[drawn].astype(np.uint16) + grid.bg[drawn]) // 2
    grid.glyphs[drawn] = glyphs[drawn]
    grid.bg[drawn] = ground
    grid.fg[drawn] = np.where(ground >= _TURN, np.uint8(0), np.uint8(255))


def _neighbours(lines: Pixels) -> NDArray[np.uint8]:
    """``uint8[rows, columns]``: bit by bit which neighbours belong to the same line."""
    rows, columns = lines.shape
    around = np.pad(lines, 1)
    pattern = np.zeros((rows, columns), dtype=np.uint8)
    for bit, (down, across) in enumerate(_STEPS):
        near = around[1 + down : 1 + down + rows, 1 + across : 1 + across + columns]
        pattern |= (near == lines).astype(np.uint8) << bit
    return pattern


@lru_cache(maxsize=1)
def _is_line() -> NDArray[np.bool_]:
    lines = np.zeros(256, dtype=np.bool_)
    lines[list(_kinds())] = True
    return lines


def _kinds() -> dict[int, Emphasis]:
    """By entry of the overlay palette: what kind of line it is."""
    kinds = {
        overlay_index(slot, emphasis, Part.CONTOUR): emphasis
        for emphasis in Emphasis
        for slot in range(SLOTS)
    }
    rubber = dict.fromkeys((RUBBER_LIGHT_INDEX, RUBBER_DARK_INDEX), Emphasis.PREVIEW)
    return {**kinds, **rubber, FRAME_INDEX: Emphasis.NORMAL}


@lru_cache(maxsize=1)
def _characters() -> NDArray[np.uint32]:
    """``uint32[256, 256]``: code points by entry and by pattern of neighbours."""
    table = np.zeros((256, 256), dtype=np.uint32)
    for entry, kind in _kinds().items():
        table[entry] = [ord(_character(_LINES[kind], pattern)) for pattern in range(256)]
    return table


def _character(lines: _Lines, pattern: int) -> str:
    straight = pattern & (_NORTH | _EAST | _SOUTH | _WEST)
    corners = (
        _EAST | _SOUTH,
        _SOUTH | _WEST,
        _NORTH | _EAST,
        _NORTH | _WEST,
        _EAST | _SOUTH | _WEST,
        _NORTH | _SOUTH | _WEST,
        _NORTH | _EAST | _WEST,
        _NORTH | _EAST | _SOUTH,
    )
    if straight in corners:
        return lines.corners[corners.index(straight)]
    if straight & (_EAST | _WEST):
        return lines.across
    if straight:
        return lines.down
    rising, falling = pattern & _RISING, pattern & _FALLING
    if rising and falling:
        return "╳"
    if rising or falling:
        return "╱" if rising else "╲"
    return "o"


@lru_cache(maxsize=1)
def _inside_characters() -> NDArray[np.uint32]:
    table = np.zeros(256, dtype=np.uint32)
    for slot in range(SLOTS):
        for emphasis in (Emphasis.NORMAL, Emphasis.SELECTED):
            inside = _INSIDES[slot % len(_INSIDES)]
            table[overlay_index(slot, emphasis, Part.FILL)] = ord(inside)
    table[overlay_index(0, Emphasis.CANDIDATE, Part.FILL)] = ord(_CANDIDATE_INSIDE)
    return table
