"""The painter that every terminal can show: pictures of block glyphs, two colours a cell.

Masks are contours with a sparse hatch: a full tint would change both colours of every cell
that a mask covers. Sizes are cells here, the origin at the canvas' top-left cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tui_label.graphics import cells_grey
from tui_label.graphics.cellgrid import ALIKE, CellGrid, Colours, Pen
from tui_label.graphics.cellrects import CellRect, cell_mask, changed_rects
from tui_label.graphics.cells_blocks import HALF_BLOCK, HALVES, Blocks, by_cell, split
from tui_label.graphics.cells_coarse import COARSE_SLACK, coarse_grid, is_worth_it
from tui_label.graphics.cells_colours import nearest_256, palette_256
from tui_label.graphics.cells_marks import marked, put_marks
from tui_label.graphics.frame import Frame, frame_of, mixed
from tui_label.graphics.palette import (
    MASK_COLOURS,
    RGB,
    SLOTS,
    Part,
    overlay_index,
    overlay_palette,
)
from tui_label.graphics.scene import Emphasis, Pixels

if TYPE_CHECKING:
    from tui_label.graphics.painter import View

_SLACK_AT_LINES = 16
_SLACK_INSIDE = 32
"""As :data:`ALIKE`, in cells with a part of a mask: whoever looks there looks at the mask.
Every fourth cell inside of it is hatched, and runs of them may have a single colour."""

_HATCH = 2.0
"""Times the opacity: what is left out of a mask's inside is made up for where it is drawn."""

_FLAT = 6.0
"""Finer differences within a cell are left out where colours are few: they would be too coarse
to show them, and two colours cost twice."""


@dataclass(frozen=True, slots=True)
class CellsOptions:
    """How cells are drawn; ``mask_colours`` are by class index, cyclic."""

    blocks: Blocks = HALVES
    colours: Colours = Colours.DIRECT
    mask_colours: tuple[RGB, ...] = MASK_COLOURS


@dataclass(frozen=True, slots=True, eq=False)
class CellsShown:
    """What the terminal shows, what it should, and what that was made from.

    Args:
        options: it was drawn with.
        origin: of the canvas on the screen.
        frame: the scene as pixels, ``pixels`` with the masks drawn over it.
        pixels: ``uint8[h, w, 3]``.
        indices: ``uint8[h, w]``: the overlay as it was drawn.
        base: the picture without marks and cursor.
        wanted: all of it.
        slack: ``uint8[rows, columns]``: how far a colour may be off.
        sent: what the terminal shows where ``known``.
        known: ``bool[rows, columns]``; elsewhere it shows something else or old.
        left: ``bool[rows, columns]``: what is still to be sent.
        order: rows in the order in which they are sent.
    """

    options: CellsOptions
    origin: tuple[int, int]
    frame: Frame
    pixels: Pixels
    indices: Pixels
    base: CellGrid
    wanted: CellGrid
    slack: Pixels
    sent: CellGrid
    known: NDArray[np.bool_]
    left: NDArray[np.bool_]
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CellsPainted:
    """The canvas, what to write, and which cells that changes."""

    shown: CellsShown
    text: str
    damage: tuple[CellRect, ...]


def paint(
    shown: CellsShown | None,
    view: View,
    options: CellsOptions = CellsOptions(),
    budget: int | None = None,
) -> CellsPainted:
    """Bring the terminal to a view, or as near as the budget allows.

    Args:
        shown: what the last call returned, ``None`` when the terminal shows nothing of it.
        view: what to show.
        options: how.
        budget: bytes after which no further row of the photo is begun. Masks, marks, the
            cursor and what is no longer covered are sent in any case, and a new photo as
            coarse as fits (:mod:`.cells_coarse`), or as can be.
    """
    viewport = view.viewport
    before = shown
    if before is not None and (
        before.wanted.glyphs.shape != viewport.cells[::-1]
        or replace(before.options, mask_colours=options.mask_colours) != options
    ):
        before = None
    after = _composed(before, view, options)
    covered = cell_mask(view.covered, viewport.cells)
    known = after.known & ~covered
    if before is not None and before.origin != view.origin:
        known = np.zeros_like(known)
    left = (_differing(after.sent, after.wanted, after.slack) | ~known) & ~covered
    after = replace(after, known=known, left=left)
    if budget is None:
        return _sent(after, left, np.zeros_like(left), 0)
    return _sent(after, *_first(before, after, view, budget), budget)


def refine(shown: CellsShown, budget: int) -> CellsPainted:
    """Rows of what is left, until so many bytes are reached."""
    nothing = np.zeros_like(shown.left)
    return _sent(shown, nothing, nothing, budget)


def _composed(before: CellsShown | None, view: View, options: CellsOptions) -> CellsShown:
    """What should be shown; what is shown is taken over."""
    scene, viewport, blocks = view.scene, view.viewport, options.blocks
    columns, rows = viewport.cells
    frame = frame_of(
        before.frame if before else None,
        scene,
        viewport,
        columns * blocks.across,
        rows * blocks.down,
    )
    grey = options.colours is Colours.GREY
    indices = _sparse(frame.indices, blocks)
    palette = _hatched(options.mask_colours, scene.look.opacity)
    pixels = cells_grey.levels(frame.photo) if grey else mixed(frame.photo, indices, palette)
    base = _blocks(before, pixels, indices, options)
    overlay = by_cell(indices, blocks)
    wanted = CellGrid(base.glyphs.copy(), base.fg.copy(), base.bg.copy(), options.colours)
    if grey:
        cells_grey.draw_contours(wanted, overlay)
    put_marks(wanted, scene, viewport)
    if options.colours is not Colours.DIRECT:
        wanted = _snapped(wanted)
    slack = np.where(overlay.any(axis=2), np.uint8(_SLACK_INSIDE), np.uint8(ALIKE))
    slack[_contours()[overlay].any(axis=2)] = _SLACK_AT_LINES
    for cell in marked(scene, viewport):
        slack[cell] = 0
    nothing = np.zeros((rows, columns), dtype=np.bool_)
    return CellsShown(
        options,
        view.origin,
        frame,
        pixels,
        indices,
        base,
        wanted,
        slack,
        before.sent if before else wanted,
        before.known if before else nothing,
        nothing,
        _order(view),
    )


def _blocks(
    before: CellsShown | None, pixels: Pixels, indices: Pixels, options: CellsOptions
) -> CellGrid:
    """The picture as glyphs; only cells with other pixels than before are looked at."""
    blocks = options.blocks
    rows, columns = pixels.shape[0] // blocks.down, pixels.shape[1] // blocks.across
    if before is None:
        base = CellGrid(
            np.full((rows, columns), HALF_BLOCK, dtype=np.uint32),
            np.zeros((rows, columns, 3), dtype=np.uint8),
            np.zeros((rows, columns, 3), dtype=np.uint8),
        )
        changed = np.ones((rows, columns), dtype=np.bool_)
    else:
        base = before.base
        differing = (pixels != before.pixels).any(axis=2) | (indices != before.indices)
        changed = np.asarray(by_cell(differing, blocks).any(axis=2))
        if not changed.any():
            return base
        base = CellGrid(base.glyphs.copy(), base.fg.copy(), base.bg.copy())
    base.glyphs[changed], base.fg[changed], base.bg[changed] = split(
        by_cell(pixels, blocks)[changed],
        _contours()[by_cell(indices, blocks)[changed]],
        blocks,
        0.0 if options.colours is Colours.DIRECT else _FLAT,
    )
    return base


def _sent(
    shown: CellsShown,
    urgent: NDArray[np.bool_],
    coarse: NDArray[np.bool_],
    budget: int,
) -> CellsPainted:
    """Write what is urgent, then what is coarse, then rows of what is left within the budget."""
    held = shown.sent
    sent = CellGrid(held.glyphs.copy(), held.fg.copy(), held.bg.copy(), held.colours)
    urgent = urgent & shown.left
    drawn, slack = shown.wanted, shown.slack
    if coarse.any():
        drawn = _in_part(drawn, coarse_grid(drawn, coarse, budget), coarse)
        slack = np.where(coarse, np.uint8(COARSE_SLACK), slack)
    written = np.zeros_like(shown.left)
    pen = Pen(drawn, shown.origin)
    for part, limit in ((urgent, None), (coarse, None), (shown.left & ~urgent & ~coarse, budget)):
        waiting = np.asarray(part.any(axis=1))
        for y in shown.order:
            if limit is not None and pen.size >= limit:
                break
            if not waiting[y]:
                continue
            columns = np.flatnonzero(part[y])
            sent.fg[y, columns], sent.bg[y, columns] = pen.put(y, columns, slack[y])
            sent.glyphs[y, columns] = drawn.glyphs[y, columns]
            written[y, columns] = True
    left = shown.left & ~written
    if coarse.any():
        left |= coarse & _differing(sent, shown.wanted, shown.slack)
    after = replace(shown, sent=sent, known=shown.known | written, left=left)
    return CellsPainted(after, pen.text(), changed_rects(written))


def _in_part(grid: CellGrid, other: CellGrid, part: NDArray[np.bool_]) -> CellGrid:
    """A grid with some cells of another one."""
    of_all = part[..., None]
    return CellGrid(
        np.where(part, other.glyphs, grid.glyphs),
        np.where(of_all, other.fg, grid.fg),
        np.where(of_all, other.bg, grid.bg),
        grid.colours,
    )


def _first(
    before: CellsShown | None, after: CellsShown, view: View, budget: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """``bool[rows, columns]`` each: what cannot wait, and what is sent coarse.

    Nothing of an old photo stays beside a new one, nor what somebody else has written.
    """
    urgent = _urgent(before, after, view)
    coarse = after.left & ~urgent
    if before is not None and before.frame.bare is after.frame.bare:
        coarse &= ~after.known
    if not is_worth_it(int(coarse.sum()), budget):
        return urgent | coarse, np.zeros_like(coarse)
    return urgent, coarse


def _urgent(before: CellsShown | None, after: CellsShown, view: View) -> NDArray[np.bool_]:
    """Cells that cannot wait: all but those that only a new photo or its tone has changed."""
    overlay = by_cell(after.indices, after.options.blocks)
    if before is None or before.frame.bare is not after.frame.bare:
        urgent = np.asarray(overlay.any(axis=2))
    else:
        # What was waiting goes on waiting, unless a mask has changed there.
        earlier = by_cell(before.indices, after.options.blocks)
        urgent = np.asarray(~before.left | (overlay != earlier).any(axis=2))
    for cell in marked(view.scene, view.viewport):
        urgent[cell] = True
    return urgent & after.left


def _order(view: View) -> tuple[int, ...]:
    """Rows from the one nearest the cursor, or from the middle."""
    rows = view.viewport.cells.height
    near = rows / 2
    if view.scene.cursor is not None:
        near = view.viewport.to_cells(*view.scene.cursor)[1]
    return tuple(sorted(range(rows), key=lambda y: abs(y + 0.5 - near)))


def _sparse(indices: Pixels, blocks: Blocks) -> Pixels:
    """The overlay with the inside of masks in every fourth cell only, as bricks lie."""
    if not indices.any():
        return indices
    rows, columns = indices.shape
    y, x = np.ogrid[:rows, :columns]
    drawn = (x // blocks.across + 2 * (y // blocks.down)) % 4 == 0
    return np.where(drawn | ~_insides()[indices], indices, np.uint8(0))


@lru_cache(maxsize=1)
def _insides() -> NDArray[np.bool_]:
    """``bool[256]``: the entries of the overlay palette that are the inside of masks."""
    return _entries(Part.FILL)


@lru_cache(maxsize=1)
def _contours() -> NDArray[np.bool_]:
    """``bool[256]``: the entries that are lines."""
    lines = ~_entries(Part.FILL)
    lines[0] = False
    return lines


def _entries(part: Part) -> NDArray[np.bool_]:
    entries = np.zeros(256, dtype=np.bool_)
    for emphasis in Emphasis:
        for slot in range(SLOTS):
            entries[overlay_index(slot, emphasis, part)] = True
    return entries


@lru_cache(maxsize=8)
def _hatched(colours: tuple[RGB, ...], opacity: float) -> Pixels:
    """The overlay palette with the inside of masks as dense as a sparse hatch needs it."""
    palette = overlay_palette(colours, opacity).copy()
    inside = _insides()
    alpha = palette[inside, 3] * _HATCH
    palette[inside, 3] = np.minimum(alpha, 255).astype(np.uint8)
    palette.flags.writeable = False
    return palette


def _snapped(grid: CellGrid) -> CellGrid:
    """With colours that the terminal has."""
    if grid.colours is Colours.GREY:
        fg, bg = cells_grey.snapped(grid.fg), cells_grey.snapped(grid.bg)
    else:
        fg, bg = (palette_256()[nearest_256(side)] for side in (grid.fg, grid.bg))
    return CellGrid(grid.glyphs, fg, bg, grid.colours)


def _differing(shown: CellGrid, wanted: CellGrid, slack: Pixels) -> NDArray[np.bool_]:
    """``bool[rows, columns]``: cells that do not look as wanted, to within their slack."""
    off = np.maximum(_distance(shown.fg, wanted.fg), _distance(shown.bg, wanted.bg)) > slack
    # Where nothing but one colour is seen, it is of no importance which glyph shows it.
    flat = (shown.fg == shown.bg).all(axis=2)
    return np.asarray(off | ((shown.glyphs != wanted.glyphs) & ~flat))


def _distance(a: Pixels, b: Pixels) -> Pixels:
    """The largest difference of a channel."""
    return np.asarray((np.maximum(a, b) - np.minimum(a, b)).max(axis=2))
