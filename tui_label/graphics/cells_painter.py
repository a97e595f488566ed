"""Block glyphs, for every terminal."""

from __future__ import annotations

from collections.abc import Sequence

from tui_label.graphics import cells
from tui_label.graphics.cellgrid import Colours
from tui_label.graphics.cells import CellsOptions
from tui_label.graphics.cells_blocks import HALVES, QUADRANTS, SEXTANTS
from tui_label.graphics.painter import Painted, View
from tui_label.graphics.palette import MASK_COLOURS, RGB
from tui_label.graphics.sequences import synchronised

BLOCKS = {"cells": HALVES, "quadrants": QUADRANTS, "sextants": SEXTANTS}


class CellsPainter:
    """Block glyphs. State: what every cell of the canvas shows, and what is still to be sent.

    Args:
        colours: of masks by class index, cyclic.
        name: how many pixels a cell has: 1×2 (``cells``), 2×2 (``quadrants``) or 2×3
            (``sextants``, which the terminal's font must have: Unicode 13).
        depth: how many colours the terminal has: ``24bit``, ``256`` or ``grey``. Who asks for
            ``quadrants`` or ``sextants`` wants to save bytes, so these have no more than 256:
            44 KB for a photo of 160×50 cells, where half blocks of 24 bit take 138.
        sync: the terminal knows synchronised updates.

    Raises:
        ValueError: another depth.
        KeyError: another name.
    """

    def __init__(
        self,
        colours: Sequence[RGB] = MASK_COLOURS,
        name: str = "cells",
        depth: str = Colours.DIRECT,
        sync: bool = False,
    ) -> None:
        self.name = name
        blocks, own = BLOCKS[name], Colours(depth)
        if blocks is not HALVES and own is Colours.DIRECT:
            own = Colours.INDEXED
        self._options = CellsOptions(blocks, own, tuple(colours))
        self._sync = sync
        self._shown: cells.CellsShown | None = None

    @property
    def is_whole(self) -> bool:
        """See :class:`Painter`."""
        return self._shown is None or not self._shown.left.any()

    def paint(self, view: View, budget: int | None = None) -> Painted:
        """See :class:`Painter`."""
        painted = cells.paint(self._shown, view, self._options, budget)
        self._shown = painted.shown
        return Painted(self._written(painted), painted.damage, painted.shown.sent)

    def refine(self, budget: int) -> bytes:
        """See :class:`Painter`."""
        if self._shown is None or self.is_whole:
            return b""
        painted = cells.refine(self._shown, budget)
        self._shown = painted.shown
        return self._written(painted)

    def clear(self) -> bytes:
        """See :class:`Painter`."""
        self._shown = None
        return b""

    def _written(self, painted: cells.CellsPainted) -> bytes:
        data = painted.text.encode()
        several = sum(rect.height for rect in painted.damage) > 1
        return synchronised(data) if self._sync and several else data
