"""Rows of the screen that are not Textual's to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

_Rows = Callable[[], list[Strip]]


class HeldStrip(Strip):
    """Cells of which Textual draws none: it moves the text cursor over them.

    Who draws there is somebody else, who must know when something else did. What the cells look
    like is asked for only by whoever wants them as text (a screenshot).
    """

    __slots__ = ("_rows", "_start", "_stop", "_y")

    def __init__(self, rows: _Rows, y: int, start: int, stop: int) -> None:
        self._rows, self._y, self._start, self._stop = rows, y, start, stop
        super().__init__((), stop - start)

    @property
    def _segments(self) -> list[Segment]:
        rows = self._rows()
        # Made when they are asked for, which may be after the window has got smaller.
        row = rows[self._y] if self._y < len(rows) else Strip([])
        return list(row.adjust_cell_length(self._stop).crop(self._start, self._stop))

    @_segments.setter
    def _segments(self, _: list[Segment]) -> None:
        """The base class stores segments; there are none to store."""

    def __iter__(self) -> Any:
        return iter(self._segments)

    def __bool__(self) -> bool:
        return self._stop > self._start

    @property
    def text(self) -> str:
        """What stands in the cells."""
        return "".join(segment.text for segment in self._segments)

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Cells ``start`` to ``end`` of this strip."""
        stop = self._stop if end is None else min(self._start + end, self._stop)
        return HeldStrip(self._rows, self._y, min(self._start + start, stop), stop)

    def divide(self, cuts: Iterable[int]) -> list[Strip]:
        """Cut at the given offsets, as the compositor asks for it."""
        strips: list[Strip] = []
        at = 0
        for cut in cuts:
            strips.append(self.crop(at, cut))
            at = cut
        return strips

    def apply_offsets(self, x: int, y: int) -> Strip:
        """There is no text to be selected, so there are no offsets to note."""
        return self

    def render(self, console: Console) -> str:
        """Only a movement of the text cursor."""
        width = self._stop - self._start
        return f"\x1b[{width}C" if width else ""


def held(rows: _Rows, count: int, width: int) -> list[Strip]:
    """So many rows that Textual leaves alone; ``rows`` makes them for a screenshot, once."""
    once = cache(rows)
    return [HeldStrip(once, y, 0, width) for y in range(count)]
