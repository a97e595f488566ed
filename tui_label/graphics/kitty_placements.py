"""Where images stand on the screen for a view, and how to get there from where they stood."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui_label.geometry.boxes import Size
from tui_label.graphics.cellrects import CellRect, uncovered
from tui_label.graphics.kitty_commands import (
    CURSOR_Z,
    FRAME_Z,
    LOUPE,
    MARK_Z,
    MASKS_Z,
    PHOTO_Z,
    TILES_Z,
    Anchor,
    Placement,
    place,
    take_away,
)
from tui_label.graphics.kitty_masks import Masks, sharpest
from tui_label.graphics.kitty_planes import Image, Plane, stacked
from tui_label.graphics.kitty_tiles import tile_viewport, tiles_seen
from tui_label.graphics.painter import View
from tui_label.graphics.scene import Loupe, Scene
from tui_label.graphics.sprites import cursor_side, marker_side
from tui_label.graphics.viewport import CellSize, Viewport

_IDS_A_PROCESS = 16
_LARGEST_ID = 1 << 24
_FIRST_ID = 1 << 10
"""Ids below it belong to questions: see :mod:`tui_label.graphics.replies`."""

_OF_LOUPE = 1 << 10
"""What a loupe shows once more is numbered from here on."""


def base_id(process: int) -> int:
    """Ids are shared by all programs in a terminal; sixteen a process keep them apart."""
    processes = (_LARGEST_ID - _FIRST_ID) // _IDS_A_PROCESS
    return _FIRST_ID + process % processes * _IDS_A_PROCESS


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What can be placed: the pictures that the terminal holds.

    Args:
        planes: of the photo.
        masks: that lie over them, as the scene has them now.
        base: of image ids.
        anchor: the cell that pictures move along with; ``None`` where they stand by
            themselves.
    """

    planes: Sequence[Plane]
    masks: Sequence[Masks]
    base: int
    anchor: Anchor | None = None


def placements(view: View, held: Held) -> tuple[Placement, ...]:
    """Everything that a view shows, around the cells that something else covers."""
    viewport = view.viewport
    canvas = CellRect(0, 0, *viewport.cells)
    placer = _Placer(held, view.scene, view.origin, view.covered)
    placed = [
        *placer.pictures(viewport, canvas, uncovered(viewport.cells, view.covered)),
        *placer.sprites(viewport, canvas),
    ]
    if view.scene.loupe is not None:
        placed += placer.loupe(viewport, view.scene.loupe)
    return tuple(placed)


def moves(before: Iterable[Placement], after: Iterable[Placement]) -> list[bytes]:
    """The commands that lead from some placements to others, one a changed placement."""
    old = {placement.key: placement for placement in before}
    new = {placement.key: placement for placement in after}
    # New places first, so that no frame between them is empty.
    moved = [place(placement) for key, placement in new.items() if old.get(key) != placement]
    return moved + [take_away(placement) for key, placement in old.items() if key not in new]


def loupe_pixels(loupe: Loupe, viewport: Viewport) -> Size:
    """Canvas pixels of a loupe's frame."""
    rect = loupe.cells.within(viewport.cells)
    return Size(round(rect.width * viewport.cell.width), round(rect.height * viewport.cell.height))


class _Placer(NamedTuple):
    """Makes placements of one view. ``level`` is 0 on the canvas, ``LOUPE`` in a loupe."""

    held: Held
    scene: Scene
    origin: tuple[int, int]
    covered: Sequence[CellRect]

    def pictures(
        self, viewport: Viewport, canvas: CellRect, seen: Iterable[CellRect], level: int = 0
    ) -> Iterator[Placement]:
        """Photo and masks of a viewport over a canvas, in the parts of it that are seen."""
        masks = sharpest(self.held.masks, viewport)
        layers = [
            (self.held.base + plane.image, plane.viewport, plane.raster, PHOTO_Z + height)
            for height, plane in enumerate(stacked(self.held.planes, viewport))
        ]
        layers.append(
            (self.held.base + masks.image, masks.viewport, masks.viewport.canvas, MASKS_Z)
        )
        tiles = list(tiles_seen(self.held.planes, viewport))
        for number, rect in enumerate(seen, start=_first(level)):
            for tile in tiles:
                part = tile.cells.common(rect)
                if part is None:
                    continue
                held = tile_viewport(viewport, tile.cells)
                yield self._placed(
                    tile.image,
                    number,
                    TILES_Z,
                    part,
                    source=None
                    if part == tile.cells
                    else _source(held, tile.raster, viewport, canvas, part),
                    cells=(part.width, part.height),
                )
            for image, held, raster, z in layers:
                whole = rect == canvas and held == viewport
                yield self._placed(
                    image,
                    number,
                    z + level,
                    rect,
                    source=None if whole else _source(held, raster, viewport, canvas, rect),
                    cells=(rect.width, rect.height),
                )

    def sprites(self, viewport: Viewport, canvas: CellRect, level: int = 0) -> Iterator[Placement]:
        """Markers and cursor, cut off at the canvas' edges; none beyond them or covered."""
        side = marker_side(viewport.cell)
        number = _first(level)
        spots = [
            (
                Image.POSITIVE if mark.positive else Image.NEGATIVE,
                number + place,
                MARK_Z,
                _Spot.around(viewport, side, mark.x, mark.y),
            )
            for place, mark in enumerate(self.scene.marks)
        ]
        if self.scene.cursor is not None:
            spot = _Spot.around(viewport, cursor_side(viewport.cell), *self.scene.cursor)
            spots.append((Image.CURSOR, number, CURSOR_Z, spot))
        for image, number, z, spot in spots:
            rect = spot.cells(viewport.cell, canvas) if spot is not None else None
            if spot is None or rect is None or any(hole.overlaps(rect) for hole in self.covered):
                continue
            dx, dy = spot.offset(viewport.cell)
            yield self._placed(
                self.held.base + image, number, z + level, rect, dx=dx, dy=dy, source=spot.source
            )

    def loupe(self, viewport: Viewport, loupe: Loupe) -> Iterator[Placement]:
        """The inset with marks and cursor of its own; none at all where a part is covered."""
        rect = loupe.cells.within(viewport.cells)
        if min(rect.width, rect.height) < 1 or any(hole.overlaps(rect) for hole in self.covered):
            return
        inset = viewport.magnified(loupe)
        yield from self.pictures(inset, rect, (rect,), LOUPE)
        yield self._placed(self.held.base + Image.LOUPE_FRAME, 1, FRAME_Z + LOUPE, rect)
        yield from self.sprites(inset, rect, LOUPE)

    def _placed(
        self,
        image: int,
        number: int,
        z: int,
        rect: CellRect,
        *,
        dx: int = 0,
        dy: int = 0,
        source: tuple[int, int, int, int] | None = None,
        cells: tuple[int, int] | None = None,
    ) -> Placement:
        """At a rectangle's first cell."""
        column, row = self.origin[0] + rect.x, self.origin[1] + rect.y
        identity = image, number, z, column, row
        return Placement(*identity, dx, dy, source, cells, self.held.anchor)


def _first(level: int) -> int:
    """What a loupe shows once more is numbered from higher on."""
    return _OF_LOUPE if level else 1


class _Spot(NamedTuple):
    """The part of a sprite that is on its canvas, canvas pixels, and where the sprite begins."""

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
        column, row = viewport.pixel(x, y)
        left, top = column - side // 2, row - side // 2
        x1, y1 = max(0, left), max(0, top)
        x2, y2 = min(width, left + side), min(height, top + side)
        return cls(x1, y1, x2, y2, left, top, side) if x1 < x2 and y1 < y2 else None

    @property
    def source(self) -> tuple[int, int, int, int] | None:
        """The part in pixels of the sprite; ``None`` for all of it."""
        size = self.x2 - self.x1, self.y2 - self.y1
        whole = size == (self.side, self.side)
        return None if whole else (self.x1 - self.left, self.y1 - self.top, *size)

    def cells(self, cell: CellSize, canvas: CellRect) -> CellRect:
        """The cells that it touches."""
        column, row = int(self.x1 / cell.width), int(self.y1 / cell.height)
        right, bottom = math.ceil(self.x2 / cell.width), math.ceil(self.y2 / cell.height)
        return CellRect(canvas.x + column, canvas.y + row, right - column, bottom - row)

    def offset(self, cell: CellSize) -> tuple[int, int]:
        """Pixels behind the edges of its first cell."""
        return (
            int(self.x1 - int(self.x1 / cell.width) * cell.width),
            int(self.y1 - int(self.y1 / cell.height) * cell.height),
        )


def _source(
    held: Viewport, raster: Size, wanted: Viewport, canvas: CellRect, rect: CellRect
) -> tuple[int, int, int, int]:
    """What a rectangle of the wanted canvas shows, in whole pixels of a picture, at least one."""
    left, top = wanted.to_image(rect.x - canvas.x, rect.y - canvas.y)
    right, bottom = wanted.to_image(rect.right - canvas.x, rect.bottom - canvas.y)
    window = held.window
    x1, x2 = _span(left - window.x1, right - window.x1, raster.width / window.width, raster.width)
    y1, y2 = _span(
        top - window.y1, bottom - window.y1, raster.height / window.height, raster.height
    )
    return x1, y1, x2 - x1, y2 - y1


def _span(low: float, high: float, scale: float, limit: int) -> tuple[int, int]:
    start = min(max(0, round(low * scale)), limit - 1)
    return start, min(max(start + 1, round(high * scale)), limit)
