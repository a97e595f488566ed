"""The ground under the edges of inline images, where cells are no whole pixels.

xterm.js cuts a picture down to whole pixels: up to one pixel of the last column (and row) of
its cells stays empty, and a dark line remains at every edge of a piece (seen in xterm.js 6.0
with cells of 9.03 pixels). Behind it is the cell's own background: it gets the picture's colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tui_label.graphics.cellgrid import CellGrid, Pen
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.scene import Pixels
from tui_label.graphics.viewport import Viewport

_SLACK = 12
"""Of 255: how far off these colours may be; they are seen through part of a pixel."""


def edge_ground(
    pixels: Pixels, viewport: Viewport, rects: Sequence[CellRect], origin: tuple[int, int]
) -> bytes:
    """What to write before the pictures; empty where all cells are whole pixels.

    The text cursor moves; colours are afterwards the terminal's own.

    Args:
        pixels: ``uint8[h, w, 3]``, RGB, of the whole canvas.
        viewport: its cells.
        rects: what will be covered by a picture each.
        origin: column and row of the canvas' first cell on the screen, 0-based.
    """
    columns, rows = viewport.cells
    across, down = (not float(side).is_integer() for side in viewport.cell)
    edges = np.zeros((rows, columns), dtype=np.bool_)
    for rect in rects:
        # At the canvas' own edges nobody sees a line.
        if across and rect.right < columns:
            edges[rect.y : rect.bottom, rect.right - 1] = True
        if down and rect.bottom < rows:
            edges[rect.bottom - 1, rect.x : rect.right] = True
    if not edges.any():
        return b""
    y, x = np.nonzero(edges)
    last_y = ((y + 1) * pixels.shape[0] // rows - 1).clip(0)
    last_x = ((x + 1) * pixels.shape[1] // columns - 1).clip(0)
    colours = np.zeros((rows, columns, 3), dtype=np.uint8)
    colours[y, x] = pixels[last_y, last_x]
    pen = Pen(CellGrid(np.full((rows, columns), ord(" "), np.uint32), colours, colours), origin)
    for row in np.flatnonzero(edges.any(axis=1)).tolist():
        pen.put(row, np.flatnonzero(edges[row]), np.full(columns, _SLACK, dtype=np.uint8))
    return pen.body().encode()
