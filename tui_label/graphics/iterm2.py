"""Inline images of iTerm2 (OSC 1337): wezterm, VS Code and others with xterm.js, mintty, iTerm2.

Nothing lies over anything else there: photo, masks and marks are put together here, and the
cells whose pixels changed are sent as small pictures. A picture is kept in pieces by the
terminal, so what is sent is counted, and each part is sent anew before it is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.cellrects import CellRect, cell_mask, seen_rects
from tui_label.graphics.frame import Frame, blended, frame_of
from tui_label.graphics.iterm2_edges import edge_ground
from tui_label.graphics.iterm2_images import Level, encoded, image_at
from tui_label.graphics.palette import MASK_COLOURS, RGB, overlay_palette
from tui_label.graphics.scene import Pixels
from tui_label.graphics.sequences import cursor_kept
from tui_label.graphics.viewport import Viewport

if TYPE_CHECKING:
    from tui_label.graphics.painter import View

_OLD, _COARSE, _FINE = 0, 1, 2
"""How a cell is shown: not at all or as it was before, coarsely, as well as it will be."""

_PHOTO = Level(90)
_CHANGE = Level(90, chroma=True)
"""With the picture's own quality the rim of a piece is seen least: it differs from the picture
by 1 to 2 levels there, at 95 by more, as the two then round differently (four photos)."""

_LADDER = (Level(60), Level(50, 2), Level(40, 3), Level(40, 4), Level(30, 6), Level(30, 8))
"""What is sent when there is no room for better; the last one in any case."""

_MOVING = 24_000
"""Bytes of a picture that will not stay, when no budget says less."""

_KEPT = 60_000_000
"""xterm.js keeps 128 MB of decoded pixels and forgets the oldest piece first (its image add-on,
option ``storageLimit``); what is shown is sent anew when half of that has been sent since."""

_PIXEL_BYTES = 4
_GUESS = 0.3
"""Bytes a pixel of a photo takes in base64, until it is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Iterm2Shown:
    """What the terminal shows.

    Args:
        frame: the scene in parts.
        pixels: ``uint8[h, w, 3]``, RGB, one a canvas pixel: the scene.
        viewport: it was drawn for.
        origin: of the canvas on the screen.
        covered: cells that something else had drawn over.
        state: ``uint8[rows, columns]``: how well a cell is shown.
        total: decoded bytes of all pictures that were sent.
        since: ``int64[rows, columns]``: what ``total`` was once a cell had been sent.
        density: bytes that a pixel took lately.
        near: row, fractional, around which is refined first.
    """

    frame: Frame
    pixels: Pixels
    viewport: Viewport
    origin: tuple[int, int]
    covered: tuple[CellRect, ...]
    state: NDArray[np.uint8]
    total: int
    since: NDArray[np.int64]
    density: float = _GUESS
    near: float = 0.0

    @property
    def left(self) -> NDArray[np.bool_]:
        """``bool[rows, columns]``: cells that could be shown better."""
        return (self.state < _FINE) & ~cell_mask(self.covered, self.viewport.cells)


@dataclass(frozen=True, slots=True, eq=False)
class Iterm2Painted:
    """What is shown then, what to write, and which cells that changes."""

    shown: Iterm2Shown
    data: bytes
    damage: tuple[CellRect, ...]


def paint(
    shown: Iterm2Shown | None,
    view: View,
    colours: Sequence[RGB] = MASK_COLOURS,
    budget: int | None = None,
) -> Iterm2Painted:
    """Bring the terminal to a view, or as near as the budget allows.

    Args:
        shown: what the last call returned, ``None`` when the terminal shows nothing of it.
        view: what to show.
        colours: of masks by class index, cyclic.
        budget: about how many bytes may be sent: all that has changed is, but no better than
            the budget allows.
    """
    before, after = shown, _composed(shown, view, colours)
    limit = budget if budget is not None or view.settled else _MOVING
    urgent = after.left & (after.state == _OLD)
    same_photo = before is not None and before.frame.bare is after.frame.bare
    rects = seen_rects(urgent, view.covered)
    pieces: list[bytes] = []
    if same_photo:
        after = _send(after, rects, (_CHANGE, *_LADDER), limit, pieces)
    elif limit is not None:
        after = _send(after, rects, _LADDER, limit, pieces)
    else:
        rects = ()
    after = _aged(after)
    if limit is None:
        others = seen_rects(after.left, view.covered)
        after = _send(after, others, (_PHOTO,), None, pieces)
        rects = (*rects, *others)
    return Iterm2Painted(after, cursor_kept(pieces), rects)


def refine(shown: Iterm2Shown, budget: int) -> Iterm2Painted:
    """Bands of what is left, the one nearest the cursor first, until so many bytes are sent."""
    pieces: list[bytes] = []
    damage: tuple[CellRect, ...] = ()
    while (room := budget - sum(map(len, pieces))) > 0:
        band = _next_band(shown, room)
        if not band:
            break
        shown = _send(shown, band, (_PHOTO,), None, pieces)
        damage += band
    return Iterm2Painted(shown, cursor_kept(pieces), damage)


def _composed(before: Iterm2Shown | None, view: View, colours: Sequence[RGB]) -> Iterm2Shown:
    """The scene as it should be shown, and what of it is shown already."""
    scene, viewport = view.scene, view.viewport
    canvas = viewport.canvas
    frame = frame_of(before.frame if before else None, scene, viewport, *canvas)
    pixels = blended(frame, overlay_palette(colours, scene.look.opacity))
    state = np.zeros((viewport.cells.height, viewport.cells.width), dtype=np.uint8)
    same_cells = before is not None and (
        (before.viewport.cells, before.viewport.cell, before.origin)
        == (viewport.cells, viewport.cell, view.origin)
    )
    if before is not None and same_cells:
        state = before.state.copy()
        state[_changed_cells(before.pixels, pixels, viewport)] = _OLD
    state[cell_mask(view.covered, viewport.cells)] = _OLD
    near = viewport.cells.height / 2
    if scene.cursor is not None:
        near = viewport.to_cells(*scene.cursor)[1]
    return Iterm2Shown(
        frame,
        pixels,
        viewport,
        view.origin,
        view.covered,
        state,
        before.total if before else 0,
        before.since if before and same_cells else np.zeros(state.shape, dtype=np.int64),
        before.density if before else _GUESS,
        near,
    )


def _send(
    shown: Iterm2Shown,
    rects: Sequence[CellRect],
    levels: Sequence[Level],
    limit: int | None,
    pieces: list[bytes],
) -> Iterm2Shown:
    """Add pictures of the rectangles to ``pieces``, of the first level that has room."""
    if not rects:
        return shown
    level, sent = levels[-1], []
    for level in levels:
        sent = [_image(shown, rect, level) for rect in rects]
        if limit is None or sum(map(len, sent)) <= limit:
            break
    pieces += [edge_ground(shown.pixels, shown.viewport, rects, shown.origin), *sent]
    cell = shown.viewport.cell
    pixels = sum(rect.width * rect.height for rect in rects) * cell.width * cell.height
    total = shown.total + round(pixels * _PIXEL_BYTES)
    state, since = shown.state.copy(), shown.since.copy()
    for rect in rects:
        inside = slice(rect.y, rect.bottom), slice(rect.x, rect.right)
        state[inside] = _FINE if level in (_PHOTO, _CHANGE) else _COARSE
        since[inside] = total
    shown = replace(shown, state=state, total=total, since=since)
    if level is not _PHOTO:
        return shown
    return replace(shown, density=sum(map(len, sent)) / pixels)


def _aged(shown: Iterm2Shown) -> Iterm2Shown:
    """What was sent so long ago that the terminal may soon forget it counts as coarse.

    It is shown well, and is sent anew all the same.
    """
    width, height = shown.viewport.canvas
    old = shown.total - shown.since > max(_KEPT, width * height * _PIXEL_BYTES)
    if not old.any():
        return shown
    return replace(shown, state=np.where(old, np.minimum(shown.state, _COARSE), shown.state))


def _image(shown: Iterm2Shown, rect: CellRect, level: Level) -> bytes:
    """A part of the scene; colours are as fine as lightness where a mask's lines are thin."""
    pixels, (rows, columns) = _cut(shown, rect), shown.pixels.shape[:2]
    size = shown.viewport.cells
    down = slice(rect.y * rows // size.height, -(-rect.bottom * rows // size.height))
    across = slice(rect.x * columns // size.width, -(-rect.right * columns // size.width))
    lined = level.reduction == 1 and bool(shown.frame.indices[down, across].any())
    level = replace(level, chroma=True) if lined else level
    return image_at(rect, shown.origin, encoded(pixels, level))


def _cut(shown: Iterm2Shown, rect: CellRect) -> Pixels:
    """The pixels that span some cells, resampled where cells are no whole pixels."""
    cell = shown.viewport.cell
    rows, columns = shown.pixels.shape[:2]
    x, y = rect.x * cell.width, rect.y * cell.height
    width, height = rect.width * cell.width, rect.height * cell.height
    size = max(1, round(width)), max(1, round(height))
    if all(float(edge).is_integer() for edge in (x, y, width, height)):
        return shown.pixels[int(y) : int(y) + size[1], int(x) : int(x) + size[0]]
    # A canvas has whole pixels, a little more or fewer than its cells make.
    canvas = shown.viewport.cells
    sx = columns / (canvas.width * cell.width) * width / size[0]
    sy = rows / (canvas.height * cell.height) * height / size[1]
    x, y = x * columns / (canvas.width * cell.width), y * rows / (canvas.height * cell.height)
    inverse = np.array([[sx, 0, x + sx / 2 - 0.5], [0, sy, y + sy / 2 - 0.5]], dtype=np.float64)
    return np.asarray(
        cv2.warpAffine(
            shown.pixels,
            inverse,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def _changed_cells(before: Pixels, after: Pixels, viewport: Viewport) -> NDArray[np.bool_]:
    """``bool[rows, columns]``: cells with a pixel, or a part of one, that differs."""
    rows, columns, channels = after.shape
    differing = cv2.absdiff(before, after).reshape(rows, columns * channels)
    counts = cv2.integral(cv2.threshold(differing, 0, 1, cv2.THRESH_BINARY)[1])
    top, bottom = _spans(viewport.cells.height, rows)
    left, right = (channels * edge for edge in _spans(viewport.cells.width, columns))
    inside = counts[bottom][:, right] - counts[top][:, right]
    outside = counts[bottom][:, left] - counts[top][:, left]
    return np.asarray(inside > outside)


def _spans(cells: int, pixels: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first pixel of each cell, and the first one behind it."""
    edges = np.arange(cells + 1) * (pixels / cells)
    # One pixel more where cells are no whole pixels: resampling looks at the neighbours.
    if not float(pixels / cells).is_integer():
        edges = np.stack((edges - 1, edges + 1))
    else:
        edges = np.stack((edges, edges))
    whole = np.clip(np.stack((np.floor(edges[0]), np.ceil(edges[1]))), 0, pixels).astype(np.intp)
    return whole[0, :-1], whole[1, 1:]


def _next_band(shown: Iterm2Shown, room: int) -> tuple[CellRect, ...]:
    """Rows of what is left that take about so many bytes, beginning nearest the cursor."""
    left = shown.left
    rows = np.flatnonzero(left.any(axis=1))
    if not rows.size:
        return ()
    first = int(rows[np.abs(rows + 0.5 - shown.near).argmin()])
    cell = shown.viewport.cell
    row_bytes = shown.density * left[first].sum() * cell.width * cell.height
    count = max(1, int(room / max(row_bytes, 1)))
    band = np.zeros_like(left)
    start = first
    if first < shown.near:  # from here upwards, so that no row between is forgotten
        start = max(0, first - count + 1)
    band[start : start + count] = left[start : start + count]
    return seen_rects(band, shown.covered)
