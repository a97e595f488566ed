"""What a terminal can do, and which painter that means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_label.graphics.viewport import CellSize

PAINTERS = ("kitty", "cells")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The answers of one terminal.

    Args:
        brand: what XTVERSION says, lower case (``kitty``, ``xterm``, ``foot``, ``tmux``);
            empty when it says nothing.
        version: as it writes it, e.g. ``0.41.1``.
        kitty: it answered OK to a kitty graphics query.
        sixel: its device attributes name sixel graphics.
        cell: pixels per cell; ``None`` when neither the kernel nor the terminal knows.
        pixel_mouse: it knows mouse reports in pixels (mode 1016).
        sync: it knows synchronised updates (mode 2026).
        multiplexer: ``"tmux"``, ``"screen"`` or empty.
        complete: the last question was answered in time, so nothing more will arrive.
        reason: one sentence on how this was found out.
        typed: what the person typed meanwhile, to be handed to whoever reads keys next.
        pending: the beginning of an answer that was cut off by the deadline; feed it to
            :class:`tui_label.graphics.replies.ReplyFilter` before anything else.
    """

    brand: str = ""
    version: str = ""
    kitty: bool = False
    sixel: bool = False
    cell: CellSize | None = None
    pixel_mouse: bool = False
    sync: bool = False
    multiplexer: str = ""
    complete: bool = False
    reason: str = "The terminal was not asked."
    typed: bytes = b""
    pending: bytes = b""


def choose(capabilities: Capabilities, wanted: str = "auto") -> tuple[str, str]:
    """The painter to use and a sentence that says why.

    Args:
        capabilities: of the terminal.
        wanted: ``auto``, or the name of a painter, which is then taken at its word.

    Raises:
        ValueError: ``wanted`` is none of these.
    """
    if wanted == "cells":
        return "cells", "Half blocks were asked for."
    if wanted == "kitty":
        return "kitty", _kitty_as_asked(capabilities)
    if wanted != "auto":
        raise ValueError(f"no painter is called {wanted!r}; there are auto, {', '.join(PAINTERS)}")
    if capabilities.multiplexer:
        return "cells", f"Inside {capabilities.multiplexer} pictures are drawn with half blocks."
    if not capabilities.kitty:
        return "cells", f"Half blocks, as no kitty graphics were found. {capabilities.reason}"
    if capabilities.cell is None:
        return "cells", "Half blocks, as the terminal does not tell how large its cells are."
    return "kitty", "The terminal answered to kitty graphics."


def edits_frames(capabilities: Capabilities) -> bool:
    """Whether parts of an image that was already sent can be changed (kitty's ``a=f``).

    Kitty does since 0.20; others answer to the graphics query long before they can, and an
    edit they do not understand would leave a stale mask on the screen.
    """
    numbers = re.findall(r"\d+", capabilities.version)[:2]
    return capabilities.brand == "kitty" and [int(number) for number in numbers] >= [0, 20]


def _kitty_as_asked(capabilities: Capabilities) -> str:
    if capabilities.multiplexer:
        return f"Kitty graphics were asked for; {capabilities.multiplexer} may not pass them on."
    if not capabilities.kitty:
        return "Kitty graphics were asked for, although the terminal did not answer to them."
    return "Kitty graphics were asked for."
