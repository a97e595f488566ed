"""Sixel graphics, as the canvas uses them."""

from __future__ import annotations

from collections.abc import Sequence

from tui_label.graphics import sixel_update
from tui_label.graphics.brands import brand_of
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.painter import Painted, View
from tui_label.graphics.palette import MASK_COLOURS, RGB
from tui_label.graphics.sixel_palette import palette_of
from tui_label.graphics.sixel_picture import picture_of, whole_cell
from tui_label.graphics.sixel_update import LARGEST, SixelOptions, SixelShown

_REGISTERS = 256

_PASSING_BUDGET = 50_000
"""Bytes of a view that will not stay, where nobody counts them: a terminal draws as much in
the time of a frame or two."""


class SixelPainter:
    """Sixel graphics. State: which entry of a palette every pixel of the terminal shows.

    The canvas must end above the last row of the screen: a picture that touches that row
    scrolls the screen in xterm 379 and foot 1.13. Xterm shows any number of pictures but keeps
    few of them: after sixty more the photo was gone when its window had been hidden and was
    seen again, until :meth:`clear` and a paint.

    Args:
        capabilities: of the terminal: its colours, its largest picture.
        colours: of masks by class index, cyclic.
    """

    name = "sixel"

    def __init__(self, capabilities: Capabilities, colours: Sequence[RGB] = MASK_COLOURS) -> None:
        self._colours = tuple(colours)
        self._grey = capabilities.colours == "grey"
        registers = min(capabilities.sixel_colours or _REGISTERS, _REGISTERS)
        self._options = SixelOptions(
            registers=registers,
            largest=capabilities.sixel_largest or LARGEST,
            # With so few, a picture is drawn a few colours at a time, one over the other.
            blends=brand_of(capabilities.brand).blends or registers < _REGISTERS,
            sync=capabilities.sync,
        )
        self._shown: SixelShown | None = None
        self._row = 0
        """Of cells: what is refined first."""

    @property
    def is_whole(self) -> bool:
        """See :class:`Painter`."""
        return self._shown is None or sixel_update.is_whole(self._shown)

    def paint(self, view: View, budget: int | None = None) -> Painted:
        """See :class:`Painter`."""
        shown, viewport = self._shown, view.viewport
        before = shown.picture if shown is not None else None
        palette = palette_of(
            before.palette if before is not None else None,
            view.scene,
            self._colours,
            self._grey,
        )
        picture = picture_of(before, view.scene, viewport, palette)
        shown = sixel_update.begun(
            shown, picture, whole_cell(viewport.cell), viewport.cells, view.origin, view.covered
        )
        if budget is None and view.settled:
            update = sixel_update.finished(shown, self._options)
        else:
            room = _PASSING_BUDGET if budget is None else budget
            update = sixel_update.hurried(shown, before, room, self._options)
        self._shown = update.shown
        cursor = view.scene.cursor
        self._row = 0 if cursor is None else int(viewport.to_cells(*cursor)[1])
        return Painted(update.data, update.damage)

    def refine(self, budget: int) -> bytes:
        """See :class:`Painter`."""
        if self._shown is None:
            return b""
        update = sixel_update.refined(self._shown, self._row, budget, self._options)
        self._shown = update.shown
        return update.data

    def clear(self) -> bytes:
        """See :class:`Painter`; what is on the screen goes when something is written there."""
        self._shown = None
        return b""
