"""Inline images of iTerm2, as the canvas uses them."""

from __future__ import annotations

from collections.abc import Sequence

from tui_label.graphics import iterm2
from tui_label.graphics.painter import Painted, View
from tui_label.graphics.palette import MASK_COLOURS, RGB
from tui_label.graphics.sequences import synchronised


class Iterm2Painter:
    """Inline images. State: what the terminal shows, and how well.

    Args:
        colours: of masks by class index, cyclic.
        sync: the terminal knows synchronised updates.
    """

    name = "iterm2"

    def __init__(self, colours: Sequence[RGB] = MASK_COLOURS, sync: bool = False) -> None:
        self._sync = sync
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
        return Painted(self._written(painted), painted.damage)

    def refine(self, budget: int) -> bytes:
        """See :class:`Painter`."""
        if self._shown is None:
            return b""
        painted = iterm2.refine(self._shown, budget)
        self._shown = painted.shown
        return self._written(painted)

    def clear(self) -> bytes:
        """See :class:`Painter`.

        Nothing to write: pictures belong to the cells, and go with what is written there.
        """
        self._shown = None
        return b""

    def _written(self, painted: iterm2.Iterm2Painted) -> bytes:
        # A picture and the ground under its edges are two parts already.
        return synchronised(painted.data) if self._sync else painted.data
