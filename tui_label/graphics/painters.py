"""From the name of a painter to the painter."""

from __future__ import annotations

from collections.abc import Sequence

from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.cells_painter import CellsPainter
from tui_label.graphics.iterm2_painter import Iterm2Painter
from tui_label.graphics.kitty_painter import KittyPainter
from tui_label.graphics.painter import Painter
from tui_label.graphics.palette import MASK_COLOURS, RGB
from tui_label.graphics.sixel_painter import SixelPainter


def make_painter(
    name: str, capabilities: Capabilities, colours: Sequence[RGB] = MASK_COLOURS
) -> Painter:
    """A painter that has painted nothing yet.

    Args:
        name: one of :data:`tui_label.graphics.capabilities.PAINTERS`. ``quadrants`` and
            ``sextants`` are for slow lines: they use 256 colours on a terminal of 24 bit too.
        capabilities: of the terminal.
        colours: of masks by class index, cyclic.

    Raises:
        ValueError: there is no painter of that name.
    """
    match name:
        case "kitty":
            return KittyPainter(capabilities, colours)
        case "cells" | "quadrants" | "sextants":
            return CellsPainter(colours, name, capabilities.colours, capabilities.sync)
        case "iterm2":
            return Iterm2Painter(colours, capabilities.sync)
        case "sixel":
            return SixelPainter(capabilities, colours)
    raise ValueError(f"no painter is called {name!r}")
