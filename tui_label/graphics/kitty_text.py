"""What kitty's painter writes as text: blanks under its pictures, and the anchor in tmux.

Pictures lie below text, so a cell of the canvas must be a blank without a colour. Inside tmux
pictures hang on one such cell, the *anchor*: it holds a character that stands for a part of
an image (a Unicode placeholder, https://sw.kovidgoyal.net/kitty/graphics-protocol/), here the
only part of a transparent one. tmux takes it for text: it moves it with its pane, takes it
away with its window and brings it back, and with it come all pictures that are placed
relative to it (seen with tmux 3.5a in kitty 0.41.1).
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_label.geometry.boxes import Size
from tui_label.graphics.cellrects import CellRect, uncovered
from tui_label.graphics.kitty_commands import Anchor
from tui_label.graphics.sequences import cursor_to

_PLACEHOLDER = "\U0010eeee"

_NUMBERS = (
    *(0x305, 0x30D, 0x30E, 0x310, 0x312, 0x33D, 0x33E, 0x33F, 0x346, 0x34A, 0x34B, 0x34C),
    *(0x350, 0x351, 0x352, 0x357, 0x35B),
    *range(0x363, 0x370),
    *range(0x483, 0x488),
)
"""Combining characters that the protocol counts with, from 0 on; the first 35 of 297."""

_FIRST_COLOUR = 16
_COLOURS = 240
"""Palette colours that no theme changes. A colour of 24 bits would hold a whole id, but tmux
rounds it to the palette where it takes the terminal for one of 256 colours."""


def anchor_id(process: int) -> int:
    """Id of a process' anchor image: the colour of its cell, and in the top byte a number."""
    high, colour = divmod(process, _COLOURS)
    return (1 + high % (len(_NUMBERS) - 1)) << 24 | _FIRST_COLOUR + colour


def anchor_cell(anchor: Anchor) -> bytes:
    """The text that holds the anchor; cursor and colours stay as they are."""
    high, colour = anchor.image >> 24, anchor.image & 0xFF
    numbers = "".join(chr(_NUMBERS[number]) for number in (0, 0, high))
    place = cursor_to(anchor.column, anchor.row)
    return f"\x1b7{place}\x1b[0;38;5;{colour}m{_PLACEHOLDER}{numbers}\x1b8".encode()


def anchored(
    before: Anchor | None, image: int, origin: tuple[int, int], seen: Sequence[CellRect]
) -> Anchor | None:
    """Where the anchor stands: where it stood while that can be seen, else in the first cell.

    Args:
        before: where it stood.
        image: its id.
        origin: column and row of the canvas' first cell on the screen, 0-based.
        seen: the cells of the canvas that nothing covers.
    """
    if before is not None:
        cell = CellRect(before.column - origin[0], before.row - origin[1], 1, 1)
        if any(rect.overlaps(cell) for rect in seen):
            return before
    if not seen:
        return None
    return Anchor(image, origin[0] + seen[0].x, origin[1] + seen[0].y)


def freed(
    cells: Size, covered: Sequence[CellRect], before: Sequence[CellRect] | None
) -> tuple[CellRect, ...]:
    """Cells of a canvas that can be seen now and could not before; ``None``: none of them."""
    if before is None:
        return uncovered(cells, covered)
    if tuple(before) == tuple(covered):
        return ()
    holes = (rect.within(cells) for rect in before)
    return tuple(
        CellRect(hole.x + part.x, hole.y + part.y, part.width, part.height)
        for hole in holes
        if min(hole.width, hole.height) > 0
        for part in uncovered(
            Size(hole.width, hole.height),
            [rect._replace(x=rect.x - hole.x, y=rect.y - hole.y) for rect in covered],
        )
    )


def blanks(rects: Sequence[CellRect], origin: tuple[int, int]) -> bytes:
    """Nothing, in the terminal's own colours, in these cells of the canvas.

    Erasing leaves the cursor where it is, so a row costs a step down and a count.
    """
    if not rects:
        return b""
    parts = []
    for rect in rects:
        row = f"\x1b[{rect.width}X"
        parts.append(cursor_to(origin[0] + rect.x, origin[1] + rect.y))
        parts.append("\x1b[B".join([row] * rect.height))
    return f"\x1b7\x1b[m{''.join(parts)}\x1b8".encode()
