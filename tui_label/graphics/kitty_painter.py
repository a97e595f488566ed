"""Kitty graphics, as the canvas uses them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from tui_label.graphics import kitty
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.kitty import KittyOptions
from tui_label.graphics.kitty_placements import base_id
from tui_label.graphics.kitty_text import anchor_id
from tui_label.graphics.painter import Painted, View
from tui_label.graphics.palette import MASK_COLOURS, RGB


class KittyPainter:
    """Kitty graphics. State: the images and placements that the terminal holds.

    Args:
        capabilities: of the terminal: whether it edits images and synchronises updates.
        colours: of masks by class index, cyclic.
        process: keeps the images of several programs in one terminal apart.
    """

    name = "kitty"

    def __init__(
        self,
        capabilities: Capabilities,
        colours: Sequence[RGB] = MASK_COLOURS,
        process: int | None = None,
    ) -> None:
        process = os.getpid() if process is None else process
        self._options = KittyOptions(
            base=base_id(process),
            sync=capabilities.sync,
            edits=capabilities.kitty_edits,
            colours=tuple(colours),
            anchor=anchor_id(process) if capabilities.multiplexer == "tmux" else 0,
        )
        self._shown = kitty.KittyShown(self._options)

    @property
    def is_whole(self) -> bool:
        """See :class:`Painter`."""
        return self._shown.is_whole

    def paint(self, view: View, budget: int | None = None) -> Painted:
        """See :class:`Painter`."""
        painted = kitty.paint(self._shown, view, budget, options=self._options)
        self._shown = painted.shown
        return Painted(painted.data)

    def refine(self, budget: int) -> bytes:
        """See :class:`Painter`."""
        painted = kitty.refine(self._shown, budget)
        self._shown = painted.shown
        return painted.data

    def clear(self) -> bytes:
        """See :class:`Painter`."""
        painted = kitty.cleared(self._shown)
        self._shown = painted.shown
        return painted.data
