"""Rectangles of cells: which part of a canvas changed, and which part something else covers.

Sizes are cells; the canvas' top-left cell is ``(0, 0)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Size

_JOIN_CELLS = 4
"""Changes closer than this are one rectangle: moving the cursor over the gap costs as much."""

_MANY = 12
"""More rectangles than this cost the screen more than the cells between them."""


class CellRect(NamedTuple):
    """Cells of the canvas."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    def overlaps(self, other: CellRect) -> bool:
        """Whether they have a cell in common."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def common(self, other: CellRect) -> CellRect | None:
        """The cells that are in both, if there are any."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return CellRect(x, y, right - x, bottom - y) if x < right and y < bottom else None

    def within(self, size: Size) -> CellRect:
        """The part of it that is on a canvas; its sides are 0 where none is."""
        x, y = min(max(self.x, 0), size.width), min(max(self.y, 0), size.height)
        right = min(max(self.right, x), size.width)
        bottom = min(max(self.bottom, y), size.height)
        return CellRect(x, y, right - x, bottom - y)


def cell_mask(rects: Iterable[CellRect], size: Size) -> NDArray[np.bool_]:
    """``bool[rows, columns]``: the cells of a canvas that lie in any of the rectangles."""
    mask = np.zeros((size.height, size.width), dtype=np.bool_)
    for rect in rects:
        x, y, width, height = rect.within(size)
        mask[y : y + height, x : x + width] = True
    return mask


def uncovered(size: Size, covered: Sequence[CellRect]) -> tuple[CellRect, ...]:
    """What of a canvas can be seen, as rectangles that do not overlap, from top to bottom.

    One rectangle where nothing is covered, at most four around a single hole.
    """
    edges = {0, size.height}
    holes = [hole for rect in covered if min((hole := rect.within(size))[2:]) > 0]
    edges.update(edge for hole in holes for edge in (hole.y, hole.bottom))
    rows = sorted(edges)
    seen: list[CellRect] = []
    for top, bottom in pairwise(rows):
        x = 0
        hidden = sorted((hole.x, hole.right) for hole in holes if hole.y <= top < hole.bottom)
        for start, stop in [*hidden, (size.width, size.width)]:
            if start > x:
                seen.append(CellRect(x, top, start - x, bottom - top))
            x = max(x, stop)
    return tuple(seen)


def changed_rects(changed: NDArray[np.bool_]) -> tuple[CellRect, ...]:
    """Few rectangles that hold every set cell of ``bool[rows, columns]`` and do not overlap."""
    cells = np.ascontiguousarray(changed).view(np.uint8)
    if not cells.any():
        return ()
    joined = cv2.dilate(cells, np.ones((3, _JOIN_CELLS), dtype=np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    if count - 1 > _MANY:
        return (_tight(cells),)
    return _without_overlap([_tight(cells & (labels == part)) for part in range(1, count)])


def seen_rects(changed: NDArray[np.bool_], covered: Sequence[CellRect]) -> tuple[CellRect, ...]:
    """Likewise, but none of the rectangles has a cell that is covered.

    Args:
        changed: ``bool[rows, columns]``; cells that are covered are left out.
        covered: cells of the canvas that something else has drawn over.
    """
    if not covered:
        return changed_rects(changed)
    rows, columns = changed.shape
    return tuple(
        rect._replace(x=rect.x + part.x, y=rect.y + part.y)
        for part in uncovered(Size(columns, rows), covered)
        for rect in changed_rects(changed[part.y : part.bottom, part.x : part.right])
    )


def pixels_of(rect: CellRect, cell: Size) -> tuple[slice, slice]:
    """Rows and columns of a raster with so many whole pixels a cell."""
    return (
        slice(rect.y * cell.height, rect.bottom * cell.height),
        slice(rect.x * cell.width, rect.right * cell.width),
    )


def _tight(changed: NDArray[np.integer]) -> CellRect:
    return CellRect(*cv2.boundingRect(changed.astype(np.uint8)))


def _without_overlap(parts: list[CellRect]) -> tuple[CellRect, ...]:
    done: list[CellRect] = []
    while parts:
        part = parts.pop()
        touching = next((other for other in done if part.overlaps(other)), None)
        if touching is None:
            done.append(part)
        else:
            done.remove(touching)
            parts.append(_around(part, touching))
    return tuple(sorted(done, key=lambda rect: (rect.y, rect.x)))


def _around(a: CellRect, b: CellRect) -> CellRect:
    x, y = min(a.x, b.x), min(a.y, b.y)
    return CellRect(x, y, max(a.right, b.right) - x, max(a.bottom, b.bottom) - y)
