"""The painter that every terminal can show: two pixels a cell, as half blocks.

Sizes are cells here; a :class:`CellGrid` covers the canvas, the origin at its top-left cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.palette import MASK_COLOURS, RGB, overlay_palette
from tui_label.graphics.raster import Overlay, draw_overlay, photo_pixels
from tui_label.graphics.scene import Mark, Pixels, Scene
from tui_label.graphics.viewport import Viewport

HALF_BLOCK = ord("▀")
CURSOR_GLYPH = ord("┼")
POSITIVE_GLYPH = ord("+")
NEGATIVE_GLYPH = ord("−")

_POSITIVE: RGB = (0, 96, 48)
_NEGATIVE: RGB = (150, 0, 30)
_WHITE: RGB = (255, 255, 255)
_BLACK: RGB = (0, 0, 0)

_JOIN_CELLS = 4
"""Changes closer than this are one rectangle: moving the cursor over the gap costs as much."""

_ALIKE = 4
"""Of 255 a channel: colours this close are not set anew. Nobody sees the difference between
two neighbouring cells, and it halves what is sent (medians of five photos: 50 KB for 105)."""

_MANY = 12
"""More rectangles than this cost the screen more than the cells between them."""


class CellRect(NamedTuple):
    """Cells of the canvas."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class CellGrid:
    """What each cell of the canvas shows.

    ``glyphs`` is ``uint32[rows, columns]``, code points; ``fg`` and ``bg`` are
    ``uint8[rows, columns, 3]``, RGB. For half blocks ``fg`` is the upper pixel.
    """

    glyphs: NDArray[np.uint32]
    fg: Pixels
    bg: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class CellsShown:
    """What the terminal shows, and the reduced photo, which changes far less often."""

    photo_key: str
    viewport: Viewport
    pixels: Pixels
    overlay: Overlay
    colours: tuple[RGB, ...]
    grid: CellGrid


@dataclass(frozen=True, slots=True, eq=False)
class CellsPainted:
    """The canvas and what of it changed; ``damage`` is ``None`` when everything may have."""

    shown: CellsShown
    grid: CellGrid
    damage: tuple[CellRect, ...] | None


def paint(
    shown: CellsShown | None,
    scene: Scene,
    viewport: Viewport,
    colours: Sequence[RGB] = MASK_COLOURS,
) -> CellsPainted:
    """The scene as cells.

    Args:
        shown: what the last call returned, ``None`` at first.
        scene: what to show.
        viewport: over the scene's photo.
        colours: of masks by class index, cyclic.
    """
    columns, rows = viewport.cells
    same_view = (
        shown is not None and shown.photo_key == scene.photo_key and shown.viewport == viewport
    )
    if shown is not None and same_view:
        pixels = shown.pixels
    else:
        pixels = photo_pixels(scene.photo, viewport, columns, 2 * rows)
    overlay = draw_overlay(
        shown.overlay if shown is not None else None, scene, viewport, columns, 2 * rows
    )
    blended = _blended(pixels, overlay.indices, overlay_palette(colours))
    grid = CellGrid(
        np.full((rows, columns), HALF_BLOCK, dtype=np.uint32),
        blended[0::2].copy(),
        blended[1::2].copy(),
    )
    for mark in scene.marks:
        _put_mark(grid, mark, viewport)
    if scene.cursor is not None:
        _put_cursor(grid, scene.cursor, scene.marks, viewport)
    comparable = shown is not None and shown.grid.glyphs.shape == grid.glyphs.shape
    damage = _damage(shown.grid, grid) if shown is not None and comparable else None
    kept = CellsShown(scene.photo_key, viewport, pixels, overlay, tuple(colours), grid)
    return CellsPainted(kept, grid, damage)


def row_ansi(grid: CellGrid, y: int, start: int, stop: int) -> str:
    """The cells ``start .. stop`` of row ``y`` with as few colour changes as possible.

    Ends with a reset; assumes default colours and the text cursor before the first cell. A
    cell's colours are those of the grid to within 4 of 255 a channel.
    """
    glyphs = grid.glyphs[y, start:stop].tolist()
    above = map(tuple, grid.fg[y, start:stop].tolist())
    below = map(tuple, grid.bg[y, start:stop].tolist())
    pieces: list[str] = []
    fg = bg = None
    for glyph, top, bottom in zip(glyphs, above, below, strict=True):
        same_bg = _alike(bottom, bg)
        if top == bottom or (glyph == HALF_BLOCK and _alike(top, bottom)):
            if not (same_bg and _alike(top, bg)):
                pieces.append(_sgr(None, bottom))
                bg = bottom
            pieces.append(" ")
            continue
        if glyph == HALF_BLOCK and _alike(top, bg) and _alike(bottom, fg):
            pieces.append("▄")
            continue
        same_fg = _alike(top, fg)
        if not (same_fg and same_bg):
            pieces.append(_sgr(None if same_fg else top, None if same_bg else bottom))
            fg, bg = fg if same_fg else top, bg if same_bg else bottom
        pieces.append(chr(glyph))
    if pieces:
        pieces.append("\x1b[0m")
    return "".join(pieces)


def _alike(wanted: tuple[int, ...], held: tuple[int, ...] | None) -> bool:
    return held is not None and (
        wanted == held
        or (
            abs(wanted[0] - held[0]) <= _ALIKE
            and abs(wanted[1] - held[1]) <= _ALIKE
            and abs(wanted[2] - held[2]) <= _ALIKE
        )
    )


def _sgr(fg: tuple[int, ...] | None, bg: tuple[int, ...] | None) -> str:
    codes = []
    if fg is not None:
        codes.append("38;2;{};{};{}".format(*fg))
    if bg is not None:
        codes.append("48;2;{};{};{}".format(*bg))
    return f"\x1b[{';'.join(codes)}m"


def _blended(pixels: Pixels, indices: Pixels, palette: Pixels) -> Pixels:
    """The overlay over the photo, straight alpha, rounded."""
    x, y, width, height = cv2.boundingRect(indices)
    if width == 0:
        return pixels
    inside = slice(y, y + height), slice(x, x + width)
    drawn = palette[indices[inside]].astype(np.uint16)
    alpha = drawn[..., 3:]
    result = pixels.copy()
    result[inside] = (drawn[..., :3] * alpha + pixels[inside] * (255 - alpha) + 127) // 255
    return result


def _put_mark(grid: CellGrid, mark: Mark, viewport: Viewport) -> None:
    cell = _cell_at(mark.x, mark.y, viewport)
    if cell is None:
        return
    grid.glyphs[cell] = POSITIVE_GLYPH if mark.positive else NEGATIVE_GLYPH
    grid.fg[cell] = _WHITE
    grid.bg[cell] = _POSITIVE if mark.positive else _NEGATIVE


def _put_cursor(
    grid: CellGrid, cursor: tuple[float, float], marks: tuple[Mark, ...], viewport: Viewport
) -> None:
    """The cross over what the cell shows; over a mark it keeps the mark's background."""
    cell = _cell_at(*cursor, viewport)
    if cell is None:
        return
    if all(_cell_at(mark.x, mark.y, viewport) != cell for mark in marks):
        halves = grid.fg[cell].astype(np.uint16) + grid.bg[cell]
        grid.bg[cell] = halves // 2
    grid.glyphs[cell] = CURSOR_GLYPH
    grid.fg[cell] = _contrasting(grid.bg[cell])


def _contrasting(colour: Pixels) -> RGB:
    """Black or white, whichever WCAG 2.2 gives the higher contrast ratio on ``colour``."""
    linear = (colour / 255.0) ** 2.2
    luminance = float(linear @ (0.2126, 0.7152, 0.0722))
    return _BLACK if luminance > 0.179 else _WHITE


def _cell_at(x: float, y: float, viewport: Viewport) -> tuple[int, int] | None:
    column, row = viewport.to_cells(x, y)
    if not (0 <= column <= viewport.cells.width and 0 <= row <= viewport.cells.height):
        return None
    # The photo's far edge belongs to its last cell.
    return min(int(row), viewport.cells.height - 1), min(int(column), viewport.cells.width - 1)


def _damage(before: CellGrid, after: CellGrid) -> tuple[CellRect, ...]:
    """Rectangles that hold every changed cell and do not overlap."""
    changed = (
        (before.glyphs != after.glyphs)
        | (before.fg != after.fg).any(axis=2)
        | (before.bg != after.bg).any(axis=2)
    ).view(np.uint8)
    if not changed.any():
        return ()
    joined = cv2.dilate(changed, np.ones((3, _JOIN_CELLS), dtype=np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    if count - 1 > _MANY:
        return (_tight(changed),)
    parts = [_tight(changed & (labels == part)) for part in range(1, count)]
    return _without_overlap(parts)


def _tight(changed: NDArray[np.integer]) -> CellRect:
    return CellRect(*cv2.boundingRect(changed.astype(np.uint8)))


def _without_overlap(parts: list[CellRect]) -> tuple[CellRect, ...]:
    done: list[CellRect] = []
    while parts:
        part = parts.pop()
        touching = next((other for other in done if _overlap(part, other)), None)
        if touching is None:
            done.append(part)
        else:
            done.remove(touching)
            parts.append(_around(part, touching))
    return tuple(sorted(done, key=lambda rect: (rect.y, rect.x)))


def _overlap(a: CellRect, b: CellRect) -> bool:
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )


def _around(a: CellRect, b: CellRect) -> CellRect:
    x, y = min(a.x, b.x), min(a.y, b.y)
    right, bottom = max(a.x + a.width, b.x + b.width), max(a.y + a.height, b.y + b.height)
    return CellRect(x, y, right - x, bottom - y)
