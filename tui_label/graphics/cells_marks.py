"""Points and the cursor in cells: glyphs, so that they differ by shape and not by hue alone."""

from __future__ import annotations

from collections.abc import Iterator

from tui_label.graphics.cellgrid import CellGrid
from tui_label.graphics.palette import DARK, LIGHT, RGB
from tui_label.graphics.scene import Mark, Pixels, Scene
from tui_label.graphics.viewport import Viewport

CURSOR_GLYPH = ord("┼")
POSITIVE_GLYPH = ord("+")
NEGATIVE_GLYPH = ord("−")

_POSITIVE: RGB = (0, 96, 48)
_NEGATIVE: RGB = (150, 0, 30)

Cell = tuple[int, int]
"""Row and column."""


def marked(scene: Scene, viewport: Viewport) -> Iterator[Cell]:
    """The cells of points and cursor."""
    points = [(mark.x, mark.y) for mark in scene.marks]
    for at in points if scene.cursor is None else [*points, scene.cursor]:
        cell = _cell_at(*at, viewport)
        if cell is not None:
            yield cell


def put_marks(grid: CellGrid, scene: Scene, viewport: Viewport) -> None:
    """Draw points and cursor onto the grid."""
    for mark in scene.marks:
        _put_mark(grid, mark, viewport)
    if scene.cursor is not None:
        _put_cursor(grid, scene.cursor, scene.marks, viewport)


def _put_mark(grid: CellGrid, mark: Mark, viewport: Viewport) -> None:
    cell = _cell_at(mark.x, mark.y, viewport)
    if cell is None:
        return
    grid.glyphs[cell] = POSITIVE_GLYPH if mark.positive else NEGATIVE_GLYPH
    grid.fg[cell] = LIGHT
    grid.bg[cell] = _POSITIVE if mark.positive else _NEGATIVE


def _put_cursor(
    grid: CellGrid, cursor: tuple[float, float], marks: tuple[Mark, ...], viewport: Viewport
) -> None:
    """The cross over what the cell shows; over a mark it keeps the mark's background."""
    cell = _cell_at(*cursor, viewport)
    if cell is None:
        return
    if all(_cell_at(mark.x, mark.y, viewport) != cell for mark in marks):
        halves = grid.fg[cell].astype("uint16") + grid.bg[cell]
        grid.bg[cell] = halves // 2
    grid.glyphs[cell] = CURSOR_GLYPH
    grid.fg[cell] = contrasting(grid.bg[cell])


def contrasting(colour: Pixels) -> RGB:
    """Black or white, whichever WCAG 2.2 gives the higher contrast ratio on ``colour``."""
    linear = (colour / 255.0) ** 2.2
    luminance = float(linear @ (0.2126, 0.7152, 0.0722))
    return DARK if luminance > 0.179 else LIGHT


def _cell_at(x: float, y: float, viewport: Viewport) -> Cell | None:
    column, row = viewport.to_cells(x, y)
    if not (0 <= column <= viewport.cells.width and 0 <= row <= viewport.cells.height):
        return None
    # The photo's far edge belongs to its last cell.
    return min(int(row), viewport.cells.height - 1), min(int(column), viewport.cells.width - 1)
