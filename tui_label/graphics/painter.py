"""What every way to show a scene in a terminal has in common.

A painter remembers what the terminal shows now, compares it with what it should show, and says
which bytes lead from one to the other. Owned by the canvas, used in the UI thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tui_label.graphics.cellgrid import CellGrid
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.scene import Scene
from tui_label.graphics.viewport import Viewport


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the terminal should show.

    Args:
        scene: what there is to see.
        viewport: over the scene's photo.
        origin: column and row of the canvas' first cell on the screen, 0-based.
        settled: whether the viewport will stay for a while, so that a sharp picture of it is
            worth its bytes.
        covered: cells of the canvas that something else has drawn over, a dialog or a menu:
            nothing may be drawn there. What is no longer covered is drawn anew.
    """

    scene: Scene
    viewport: Viewport
    origin: tuple[int, int] = (0, 0)
    settled: bool = True
    covered: tuple[CellRect, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """What the canvas has to do so that the terminal shows a view.

    Args:
        data: to be written to the terminal as it is; it leaves the text cursor, colours and
            modes as they were.
        damage: the cells that change; empty where nothing does.
        grid: what the cells of the canvas show, for whoever wants them as text; ``None``
            where the picture is none of cells.
    """

    data: bytes = b""
    damage: tuple[CellRect, ...] = ()
    grid: CellGrid | None = None


class Painter(Protocol):
    """One way to show a scene in a terminal."""

    @property
    def name(self) -> str:
        """As in :data:`tui_label.graphics.capabilities.PAINTERS`."""

    @property
    def is_whole(self) -> bool:
        """Whether the last view is shown as well as it can be: there is nothing to refine."""

    def paint(self, view: View, budget: int | None = None) -> Painted:
        """Bring the terminal from what it shows now to a view.

        Args:
            view: what to show.
            budget: about how many bytes may be sent now; ``None`` for any number. What a
                person has just done (a point, a mask, the cursor, a zoom) always is sent, a
                new photo as coarse as it must be. The rest is left to :meth:`refine`.
        """

    def refine(self, budget: int) -> bytes:
        """About so many bytes more towards the last view; empty when nothing is left to do."""

    def clear(self) -> bytes:
        """What to write so that the terminal holds nothing of ours; the next paint is whole."""
