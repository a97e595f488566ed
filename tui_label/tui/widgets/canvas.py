"""The picture: what is painted, and what the pointer does on it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import partial
from typing import Self

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui_label.geometry.boxes import Size
from tui_label.graphics.cells import CellGrid, CellRect, row_ansi
from tui_label.graphics.painter import Painter
from tui_label.graphics.scene import Scene
from tui_label.graphics.viewport import CellSize, Viewport
from tui_label.tui import private

_SETTLE_S = 0.2
"""After the last zoom or pan: a finer picture is worth its bytes only once the hand rests."""

_PATIENCE_S = 0.3
"""A photo that is there sooner follows the one before without a gap."""

_DRAG_CELLS = 0.6
"""A press that moves less than this is a click: hands are not still."""

_SMALLEST = Size(16, 4)
"""Cells: below this a picture cannot be told from noise."""


class Canvas(Widget, can_focus=True):
    """Shows a scene through a painter and reports pointer acts in image pixels.

    State: the viewport, the scene that was shown last, the press under way; the painter is
    owned here and holds what the terminal shows. Used on the app's thread.
    """

    ALLOW_SELECT = False

    @dataclass
    class Clicked(Message):
        """A click: image pixels, edge frame."""

        x: float
        y: float
        positive: bool

    @dataclass
    class Dragged(Message):
        """A box is being pulled up, or was (``done``): image pixels, edge frame."""

        start: tuple[float, float]
        end: tuple[float, float]
        done: bool

    @dataclass
    class Dropped(Message):
        """A drag was broken off."""

    @dataclass
    class Ready(Message):
        """The canvas has a size, or another one, and wants to be painted."""

    def __init__(self, painter: Painter, cell: CellSize) -> None:
        super().__init__(id="canvas")
        self.painter = painter
        self.viewport: Viewport | None = None
        self._cell = cell
        self._scene: Scene | None = None
        self._words = ""
        self._grid: CellGrid | None = None
        self._press: tuple[float, float, int] | None = None
        self._dragging = False
        self._settle: Timer | None = None
        self._patience: Timer | None = None

    # What is shown

    @property
    def is_large_enough(self) -> bool:
        """Whether a picture makes sense here."""
        return self.size.width >= _SMALLEST.width and self.size.height >= _SMALLEST.height

    def fit(self, photo: Size) -> None:
        """Look at a new photo as a whole."""
        self.viewport = Viewport.fitted(photo, self._cells(), self._cell)

    def look(self, viewport: Viewport) -> None:
        """Look at another part; a finer picture follows when nothing moves any more."""
        self.viewport = viewport
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(_SETTLE_S, self._settled)

    def show(self, scene: Scene | None, words: str = "") -> None:
        """Bring the terminal to a scene; ``None`` for no picture, with words in its place."""
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        if words != self._words or (scene is None) != (self._scene is None):
            self._redraw()
        self._scene, self._words = scene, words
        self._paint(settled=self._settle is None)

    def wait(self, words: str) -> None:
        """Another scene is on its way; words take the picture's place only if that takes long."""
        if self._patience is None and self._words != words:
            self._patience = self.set_timer(_PATIENCE_S, partial(self.show, None, words))

    def forget(self) -> None:
        """Take the terminal for blank: the next scene is drawn from nothing."""
        self.wipe()
        self._grid = None
        self._redraw()
        self._paint(settled=True)

    def wipe(self) -> None:
        """Take every picture out of the terminal's memory."""
        self._send(self.painter.clear())

    def cover(self) -> None:
        """Something will lie over the canvas: text over a picture is not readable everywhere.

        Kitty draws pictures below a z-index under coloured cells, but not with every graphics
        driver, and other terminals that speak its protocol differ.
        """
        self.drop()
        self._send(self.painter.hide())

    def uncover(self) -> None:
        """Nothing lies over the canvas any more."""
        self._send(self.painter.show())

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Parts, or the layout; the whole picture is drawn again only when the canvas says so.

        Textual asks for it whenever a widget gets or loses the focus, so also for every click
        and for the command line: 75 KB of half blocks each that look the same.
        """
        if not (regions or layout or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _redraw(self) -> None:
        super().refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows of the picture, or blanks under a picture that the terminal draws itself."""
        if self._grid is None or self._grid.glyphs.shape != (self.size.height, self.size.width):
            lines = self._lines_of_words()
            return [lines.get(y, self._blank()).crop(crop.x, crop.right) for y in crop.line_range]
        return [private.GridStrip(self._grid, y, crop.x, crop.right) for y in crop.line_range]

    def _blank(self) -> Strip:
        # Without a style: under anything but the default background kitty hides the picture.
        return Strip([Segment(" " * self.size.width)], self.size.width)

    def _lines_of_words(self) -> dict[int, Strip]:
        width, height = self.size
        words = self._words
        if self._scene is not None and not self.is_large_enough:
            words = "The window is too small for a picture; make it larger."
        lines = textwrap.wrap(words, max(1, width - 2))[:height]
        first = (height - len(lines)) // 2
        return {
            first + number: Strip([Segment(line.center(width))], width)
            for number, line in enumerate(lines)
        }

    def _paint(self, *, settled: bool) -> None:
        if private.is_leaving(self.app):
            # The pictures have been taken out of the terminal, and must not come back.
            return
        scene, viewport = self._scene, self.viewport
        if scene is None or viewport is None or not self.is_large_enough:
            self._grid = None
            self.wipe()
            self._redraw()
            return
        origin = (self.region.x, self.region.y)
        painted = self.painter.paint(scene, viewport, origin, settled)
        self._grid = painted.grid
        self._send(painted.data)
        if painted.damage is None:
            self._redraw()
        elif painted.grid is None or not painted.damage:
            return
        elif private.is_uncovered(self):
            # The compositor would send each row again from the canvas' left edge: 11 KB
            # for a cursor step on 200 columns that takes 0.1 KB like this.
            private.write(self.app, self._rows(painted.grid, painted.damage))
        else:
            self.refresh(*(Region(*rect) for rect in painted.damage))

    def _send(self, data: bytes) -> None:
        if data:
            private.write(self.app, data.decode("ascii"))

    def _rows(self, grid: CellGrid, damage: tuple[CellRect, ...]) -> str:
        left, top = self.region.offset
        pieces = ["\x1b7"]
        for rect in damage:
            for y in range(rect.y, rect.y + rect.height):
                pieces.append(f"\x1b[{top + y + 1};{left + rect.x + 1}H")
                pieces.append(row_ansi(grid, y, rect.x, rect.x + rect.width))
        pieces.append("\x1b8")
        return "".join(pieces)

    def _settled(self) -> None:
        self._settle = None
        self._paint(settled=True)

    def on_resize(self) -> None:
        """Another size, or another font: measure again."""
        self._cell = private.cell_size() or self._cell
        if self.viewport is not None and self.is_large_enough:
            self.viewport = self.viewport.resized(self._cells(), self._cell)
        self._grid = None
        self.wipe()
        self.post_message(self.Ready())

    def _cells(self) -> Size:
        return Size(max(1, self.size.width), max(1, self.size.height))

    # What the pointer does

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press: a click or the start of a drag."""
        if self._scene is None or event.button not in {1, 2, 3}:
            return
        self.focus()
        self.capture_mouse()
        self._press = (*self._cell_of(event), event.button)
        self._dragging = False

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A drag pulls up a box, or the photo with the middle button."""
        if self._press is None or self.viewport is None:
            return
        if event.button == 0:
            # The button was let go where we could not see it: over another screen, say.
            self.drop()
            return
        x, y = self._cell_of(event)
        start_x, start_y, button = self._press
        if not self._dragging and max(abs(x - start_x), abs(y - start_y)) < _DRAG_CELLS:
            return
        self._dragging = True
        if button == 2:
            dx, dy = (start_x - x) * self._cell.width, (start_y - y) * self._cell.height
            self._press = (x, y, button)
            self.look(self.viewport.panned(dx, dy))
            self.post_message(self.Ready())
        elif button == 1:
            self._report_drag(x, y, done=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The end of a drag, or a click where it was pressed."""
        self.release_mouse()
        if self._press is None or self.viewport is None:
            return
        x, y, button = self._press
        if not self._dragging and button in {1, 3}:
            self.post_message(self.Clicked(*self.viewport.to_image(x, y), positive=button == 1))
        elif self._dragging and button == 1:
            self._report_drag(*self._cell_of(event), done=True)
        self._press, self._dragging = None, False

    def drop(self) -> None:
        """Break off the press under way."""
        if self._press is not None:
            self.release_mouse()
            self._press, self._dragging = None, False
            self.post_message(self.Dropped())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in at the pointer."""
        self._wheel(event, 1.25)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out at the pointer."""
        self._wheel(event, 1 / 1.25)

    def _wheel(self, event: events.MouseEvent, factor: float) -> None:
        if self.viewport is None:
            return
        event.stop()
        x, y = self.viewport.to_image(*self._cell_of(event))
        self.look(self.viewport.zoomed(factor, x, y))
        self.post_message(self.Ready())

    def _report_drag(self, column: float, row: float, *, done: bool) -> None:
        assert self._press is not None and self.viewport is not None
        start = self.viewport.to_image(self._press[0], self._press[1])
        self.post_message(self.Dragged(start, self.viewport.to_image(column, row), done))

    def _cell_of(self, event: events.MouseEvent) -> tuple[float, float]:
        if private.reports_pixels(self.app):
            # The report names a pixel; its centre is meant.
            half_x, half_y = 0.5 / self._cell.width, 0.5 / self._cell.height
            return event.pointer_x + half_x, event.pointer_y + half_y
        return event.x + 0.5, event.y + 0.5
