"""The painters as the canvas uses them: they remember what the terminal shows now.

Owned by the canvas, used in the UI thread.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tui_label.graphics import cells, kitty
from tui_label.graphics.capabilities import Capabilities, edits_frames
from tui_label.graphics.cells import CellGrid, CellRect
from tui_label.graphics.kitty import KittyOptions
from tui_label.graphics.kitty_placements import base_id
from tui_label.graphics.palette import MASK_COLOURS, RGB
from tui_label.graphics.scene import Scene
from tui_label.graphics.viewport import Viewport


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """What the canvas has to do so that the terminal shows a scene.

    Args:
        data: to be written to the terminal as it is, ASCII.
        grid: what the canvas' cells show; ``None`` when they must be blanks without a
            background colour, for the picture lies under them.
        damage: the cells that changed; ``None`` when all may have.
    """

    data: bytes = b""
    grid: CellGrid | None = None
    damage: tuple[CellRect, ...] | None = ()


class Painter(Protocol):
    """One way to show a scene in a terminal."""

    @property
    def name(self) -> str:
        """``kitty`` or ``cells``, as in ``choose``."""

    def paint(
        self, scene: Scene, viewport: Viewport, origin: tuple[int, int], settled: bool = True
    ) -> Painted:
        """Bring the terminal from what it shows now to the scene.

        Args:
            scene: what to show.
            viewport: over the scene's photo.
            origin: column and row of the canvas' first cell on the screen, 0-based.
            settled: whether the viewport will stay for a while, so that a sharp picture of
                it is worth its bytes.
        """

    def recolour(self, colours: Sequence[RGB]) -> None:
        """Mask colours of a theme, by class index, from the next paint on."""

    def hide(self) -> bytes:
        """What to write when something else covers the whole canvas, until :meth:`show`."""

    def show(self) -> bytes:
        """What to write when the canvas is back."""

    def clear(self) -> bytes:
        """What to write so that the terminal holds nothing of ours; the next paint is whole."""


class CellsPainter:
    """Half blocks. State: the cells and the reduced photo that were painted last."""

    name = "cells"

    def __init__(self, colours: Sequence[RGB] = MASK_COLOURS) -> None:
        self._colours = tuple(colours)
        self._shown: cells.CellsShown | None = None

    def paint(
        self, scene: Scene, viewport: Viewport, origin: tuple[int, int], settled: bool = True
    ) -> Painted:
        """See :class:`Painter`; cells are always sharp, and the canvas places them."""
        painted = cells.paint(self._shown, scene, viewport, self._colours)
        self._shown = painted.shown
        return Painted(grid=painted.grid, damage=painted.damage)

    def recolour(self, colours: Sequence[RGB]) -> None:
        """See :class:`Painter`."""
        self._colours = tuple(colours)

    def hide(self) -> bytes:
        """Nothing: whatever covers the canvas covers its cells."""
        return b""

    def show(self) -> bytes:
        """Nothing: the canvas draws its cells again."""
        return b""

    def clear(self) -> bytes:
        """See :class:`Painter`."""
        self._shown = None
        return b""


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
        self._options = KittyOptions(
            base=base_id(os.getpid() if process is None else process),
            sync=capabilities.sync,
            edits=edits_frames(capabilities),
            colours=tuple(colours),
        )
        self._shown = kitty.KittyShown(self._options)

    def paint(
        self, scene: Scene, viewport: Viewport, origin: tuple[int, int], settled: bool = True
    ) -> Painted:
        """See :class:`Painter`; between hide and show, images are sent but none is placed."""
        painted = kitty.paint(self._shown, scene, viewport, origin, settled, options=self._options)
        first, self._shown = self._shown.fit is None, painted.shown
        return Painted(data=painted.data, damage=None if first else ())

    def recolour(self, colours: Sequence[RGB]) -> None:
        """See :class:`Painter`."""
        self._options = replace(self._options, colours=tuple(colours))

    def hide(self) -> bytes:
        """See :class:`Painter`; holds until :meth:`show`, also when cleared meanwhile."""
        hidden = kitty.hide(self._shown)
        self._shown = hidden.shown
        return hidden.data

    def show(self) -> bytes:
        """See :class:`Painter`."""
        placed = kitty.show(self._shown)
        self._shown = placed.shown
        return placed.data

    def clear(self) -> bytes:
        """See :class:`Painter`."""
        data = kitty.clear(self._shown)
        self._shown = kitty.KittyShown(self._options, hidden=self._shown.hidden)
        return data
