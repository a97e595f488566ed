"""What the cells of a canvas show, and how few bytes say so.

Sizes are cells; a :class:`CellGrid` covers the canvas, the origin at its top-left cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.cells_blocks import inverse_glyphs
from tui_label.graphics.cells_colours import Colour, code_of, rough_code
from tui_label.graphics.scene import Pixels
from tui_label.graphics.sequences import cursor_to

_BLACK: Colour = (0, 0, 0)

ALIKE = 4
"""Of 255 a channel: colours this close are not set anew. Nobody sees the difference between
two neighbouring cells, and it halves what is sent (medians of five photos: 50 KB for 105)."""

_ROUGH = 12
"""Where a colour may be this wrong it is taken from the 256: 9 bytes instead of 17."""


class Colours(StrEnum):
    """How a terminal is told colours."""

    DIRECT = "24bit"
    INDEXED = "256"
    GREY = "grey"


@dataclass(frozen=True, slots=True, eq=False)
class CellGrid:
    """What each cell of the canvas shows.

    ``glyphs`` is ``uint32[rows, columns]``, code points; ``fg`` and ``bg`` are
    ``uint8[rows, columns, 3]``, RGB. For half blocks ``fg`` is the upper pixel. Unless
    ``colours`` are direct, all of them are from the palette of 256.
    """

    glyphs: NDArray[np.uint32]
    fg: Pixels
    bg: Pixels
    colours: Colours = Colours.DIRECT


_INVERSE = inverse_glyphs()
"""The glyph that shows the same with both colours exchanged; only blocks have one."""


class Pen:
    """Writes cells. State: the colours that the terminal holds, and what was written so far.

    Lives for one call: it begins and ends with the terminal's default colours, and with the
    text cursor where it was.
    """

    def __init__(self, grid: CellGrid, origin: tuple[int, int]) -> None:
        self._grid = grid
        self._left, self._top = origin
        self._fg: Colour | None = None
        self._bg: Colour | None = None
        self._pieces: list[str] = []
        self.size = 0

    def put(
        self, y: int, columns: NDArray[np.intp], slack: NDArray[np.uint8]
    ) -> tuple[list[Colour], list[Colour]]:
        """Write some cells of a row; what ``fg`` and ``bg`` of each have become.

        Args:
            y: the row.
            columns: which cells, ascending, at least one.
            slack: by column of the whole row: how far from the grid's a colour may be, of 255
                a channel.
        """
        grid, before = self._grid, len(self._pieces)
        fronts: list[Colour] = []
        backs: list[Colour] = []
        at = -1
        for x, glyph, front, back, rough in zip(
            columns.tolist(),
            grid.glyphs[y, columns].tolist(),
            map(tuple, grid.fg[y, columns].tolist()),
            map(tuple, grid.bg[y, columns].tolist()),
            slack[columns].tolist(),
            strict=True,
        ):
            if at < 0:
                self._pieces.append(cursor_to(self._left + x, self._top + y))
            elif x > at:
                self._pieces.append("\x1b[C" if x == at + 1 else f"\x1b[{x - at}C")
            at = x + 1
            sent = self._cell(glyph, front, back, rough)
            fronts.append(sent[0])
            backs.append(sent[1])
        self.size += sum(map(len, self._pieces[before:]))
        return fronts, backs

    def text(self) -> str:
        """All that was written; empty when nothing was."""
        return f"\x1b7{self.body()}\x1b8" if self._pieces else ""

    def body(self) -> str:
        """The same for somebody who keeps the text cursor himself."""
        return "".join([*self._pieces, "\x1b[0m"])

    def _cell(self, glyph: int, front: Colour, back: Colour, slack: int) -> tuple[Colour, Colour]:
        """Write a cell as cheaply as looks like it; the colours that were sent."""
        inverse = _INVERSE.get(glyph)
        if front == back or (inverse is not None and _alike(front, back, slack)):
            return self._flat(front, back, slack)
        fg, bg = self._fg, self._bg
        same = _alike(front, fg, slack), _alike(back, bg, slack)
        if inverse is not None and not all(same):
            swapped = _alike(back, fg, slack), _alike(front, bg, slack)
            if sum(swapped) > sum(same):
                back, front = self._set(
                    None if swapped[0] else back, None if swapped[1] else front, slack
                )
                self._pieces.append(inverse)
                return front, back
        front, back = self._set(None if same[0] else front, None if same[1] else back, slack)
        self._pieces.append(chr(glyph))
        return front, back

    def _flat(self, front: Colour, back: Colour, slack: int) -> tuple[Colour, Colour]:
        bg = self._bg
        if bg is not None and _alike(front, bg, slack) and _alike(back, bg, slack):
            self._pieces.append(" ")
            return bg, bg
        # A full block would do with the foreground; some fonts leave gaps around it.
        direct = self._grid.colours is Colours.DIRECT
        if direct and front != back:
            red, green, blue = ((a + b) // 2 for a, b in zip(front, back, strict=True))
            back, slack = (red, green, blue), slack // 2
        _, colour = self._set(None, back, slack)
        self._pieces.append(" ")
        return colour, colour

    def _set(self, fg: Colour | None, bg: Colour | None, slack: int) -> tuple[Colour, Colour]:
        """Set what is not ``None``; the colours held afterwards."""
        codes = []
        if fg is not None:
            code, self._fg = self._code(fg, slack)
            codes.append(f"38;{code}")
        if bg is not None:
            code, self._bg = self._code(bg, slack)
            codes.append(f"48;{code}")
        if codes:
            self._pieces.append(f"\x1b[{';'.join(codes)}m")
        return self._fg or _BLACK, self._bg or _BLACK

    def _code(self, colour: Colour, slack: int) -> tuple[str, Colour]:
        if self._grid.colours is not Colours.DIRECT:
            return f"5;{code_of(colour)}", colour
        rough = rough_code(colour, slack) if slack >= _ROUGH else None
        if rough is not None:
            return f"5;{rough[0]}", rough[1]
        return "2;{};{};{}".format(*colour), colour


def _alike(wanted: Colour, held: Colour | None, slack: int) -> bool:
    return held is not None and (
        wanted == held
        or (
            abs(wanted[0] - held[0]) <= slack
            and abs(wanted[1] - held[1]) <= slack
            and abs(wanted[2] - held[2]) <= slack
        )
    )
