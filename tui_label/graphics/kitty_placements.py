"""Where images stand on the screen for a viewport, and how to get there from where they stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

from tui_label.graphics.kitty_commands import (
    BASE_Z,
    CURSOR_Z,
    MARK_Z,
    OVERLAY_Z,
    Placement,
    place,
    take_away,
)
from tui_label.graphics.scene import Scene
from tui_label.graphics.sprites import cursor_side, marker_side
from tui_label.graphics.viewport import CellSize, Viewport

_IDS_A_PROCESS = 8
_LARGEST_ID = 1 << 24


class Image(IntEnum):
    """What an image holds; added to the base id."""

    FIT_BASE = 1
    FIT_OVERLAY = 2
    DETAIL_BASE = 3
    DETAIL_OVERLAY = 4
    POSITIVE = 5
    NEGATIVE = 6
    CURSOR = 7


def base_id(process: int) -> int:
    """Ids are shared by all programs in a terminal; eight a process keep them apart."""
    return process % (_LARGEST_ID // _IDS_A_PROCESS) * _IDS_A_PROCESS


def plane_placements(
    images: tuple[int, int], held: Viewport, wanted: Viewport, origin: tuple[int, int]
) -> Iterator[Placement]:
    """Photo and masks of a plane over the whole canvas.

    Args:
        images: ids of the photo and of the masks.
        held: the viewport that the plane was made for.
        wanted: what the canvas shows: the same, or a part of it, which is stretched.
        origin: column and row of the canvas' first cell on the screen, 0-based.
    """
    column, row = origin
    source = None if held == wanted else _source(held, wanted)
    cells = (wanted.cells.width, wanted.cells.height)
    for image, z in zip(images, (BASE_Z, OVERLAY_Z), strict=True):
        yield Placement(image, 1, z, column, row, source=source, cells=cells)


def sprite_placements(
    scene: Scene, viewport: Viewport, origin: tuple[int, int], base: int
) -> Iterator[Placement]:
    """Markers and cursor, cut off at the canvas' edges; those beyond them are left out."""
    side = marker_side(viewport.cell)
    for number, mark in enumerate(scene.marks, start=1):
        image = Image.POSITIVE if mark.positive else Image.NEGATIVE
        spot = _Spot.around(viewport, side, mark.x, mark.y)
        if spot is not None:
            yield spot.placed((base + image, number, MARK_Z), origin, viewport.cell)
    if scene.cursor is not None:
        spot = _Spot.around(viewport, cursor_side(viewport.cell), *scene.cursor)
        if spot is not None:
            yield spot.placed((base + Image.CURSOR, 1, CURSOR_Z), origin, viewport.cell)


def moves(before: Iterable[Placement], after: Iterable[Placement]) -> list[bytes]:
    """The commands that lead from some placements to others, one a changed placement."""
    old = {placement.key: placement for placement in before}
    new = {placement.key: placement for placement in after}
    # New places first, so that no frame between them is empty.
    moved = [place(placement) for key, placement in new.items() if old.get(key) != placement]
    return moved + [take_away(placement) for key, placement in old.items() if key not in new]


class _Spot(NamedTuple):
    """The part of a sprite that is on the canvas, canvas pixels, and where the sprite begins."""

    x1: int
    y1: int
    x2: int
    y2: int
    left: int
    top: int
    side: int

    @classmethod
    def around(cls, viewport: Viewport, side: int, x: float, y: float) -> _Spot | None:
        """A sprite whose middle pixel is the one that holds the image point."""
        width, height = viewport.canvas
        canvas_x, canvas_y = viewport.to_canvas(x, y)
        # A point on the photo's far edge belongs to its last pixel.
        column = width - 1 if canvas_x == width else int(canvas_x // 1)
        row = height - 1 if canvas_y == height else int(canvas_y // 1)
        left, top = column - side // 2, row - side // 2
        x1, y1 = max(0, left), max(0, top)
        x2, y2 = min(width, left + side), min(height, top + side)
        return cls(x1, y1, x2, y2, left, top, side) if x1 < x2 and y1 < y2 else None

    def placed(
        self, identity: tuple[int, int, int], origin: tuple[int, int], cell: CellSize
    ) -> Placement:
        """With ``identity`` = image, number, z."""
        column, row = int(self.x1 / cell.width), int(self.y1 / cell.height)
        size = self.x2 - self.x1, self.y2 - self.y1
        whole = size == (self.side, self.side)
        return Placement(
            *identity,
            origin[0] + column,
            origin[1] + row,
            dx=int(self.x1 - column * cell.width),
            dy=int(self.y1 - row * cell.height),
            source=None if whole else (self.x1 - self.left, self.y1 - self.top, *size),
        )


def _source(held: Viewport, wanted: Viewport) -> tuple[int, int, int, int]:
    """The wanted window in whole pixels of a plane, at least one, inside the plane."""
    window = wanted.window
    left, top = held.to_canvas(window.x1, window.y1)
    right, bottom = held.to_canvas(window.x2, window.y2)
    width, height = held.canvas
    x, y = min(max(0, round(left)), width - 1), min(max(0, round(top)), height - 1)
    return (
        x,
        y,
        max(1, min(round(right - left), width - x)),
        max(1, min(round(bottom - top), height - y)),
    )
