"""Inline images of iTerm2, as the canvas uses them."""

from __future__ import annotations

from collections.abc import Sequence

from tui_label.graphics import iterm2
from tui_label.graphics.painter import Painted, View
from tui_label.graphics.palette import MASK_COLOURS, RGB


class Iterm2Painter:
    """Inline images. State: what the terminal shows, and how well."""

    name = "iterm2"

    def __init__(self, colours: Sequence[RGB] = MASK_COLOURS) -> None:
        self._colours = tuple(colours)
        self._shown: iterm2.Iterm2Shown | None = None

    @property
    def is_whole(self) -> bool:
        """See :class:`Painter`."""
        return self._shown is None or not self._shown.left.any()

    def paint(self, view: View, budget: int | None = None) -> Painted:
        """See :class:`Painter`."""
        painted = iterm2.paint(self._shown, view, self._colours, budget)
        self._shown = painted.shown
        return Painted(painted.data, painted.damage)

    def refine(self, budget: int) -> bytes:
        """See :class:`Painter`."""
        if self._shown is None:
            return b""
        painted = iterm2.refine(self._shown, budget)
        self._shown = painted.shown
        return painted.data

    def recolour(self, colours: Sequence[RGB]) -> None:
        """See :class:`Painter`."""
        self._colours = tuple(colours)

    def clear(self) -> bytes:
        """See :class:`Painter`.

        Nothing to write: pictures belong to the cells, and go with what is written there.
        """
        self._shown = None
        return b""
