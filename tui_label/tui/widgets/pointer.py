"""What the pointer does on the picture."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from tui_label.graphics.viewport import CellSize, Viewport
from tui_label.tui import private

_DRAG_CELLS = 0.6
"""A press that moves less than this is a click: hands are not still."""

_WHEEL_STEP = 1.25

_EDGE_CELLS = 1.0
_EDGE_EVERY_S = 0.08
_EDGE_STEP_CELLS = 2.0
"""A drag that rests at the edge of the canvas, or beyond it, moves the photo on."""


class Pointer(Widget):
    """Turns mouse events into acts on the photo, in image pixels, edge frame.

    State: the press under way, in image pixels so that the photo may move beneath it. Whoever
    derives from it has the viewport, knows when there is a photo, and shows another part when
    asked to look.
    """

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

        def can_replace(self, message: Message) -> bool:
            """A drag that goes on makes its last place old."""
            return not self.done and isinstance(message, Pointer.Dragged)

    @dataclass
    class Dropped(Message):
        """A drag was broken off."""

    @dataclass
    class Hovered(Message):
        """The pointer rests or moves here: image pixels; ``None`` when it is not on the photo."""

        place: tuple[float, float] | None

        def can_replace(self, message: Message) -> bool:
            """Only the last place counts."""
            return isinstance(message, Pointer.Hovered)

    @dataclass
    class Ready(Message):
        """The canvas looks elsewhere, or has another size, and wants to be painted."""

        def can_replace(self, message: Message) -> bool:
            """Painted once, it is painted."""
            return isinstance(message, Pointer.Ready)

    def __init__(self, name: str, cell: CellSize) -> None:
        super().__init__(id=name)
        self.cell = cell
        self.viewport: Viewport | None = None
        self._press: tuple[float, float] | None = None
        self._button = 0
        self._place = (0.0, 0.0)
        self._pulled_from: tuple[float, float] | None = None
        self._edge: Timer | None = None

    @property
    def has_photo(self) -> bool:
        """Whether there is anything to point at."""
        raise NotImplementedError

    def look(self, viewport: Viewport) -> None:
        """Look at another part of the photo."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press: a click or the start of a drag."""
        if not self.has_photo or event.button not in {1, 2, 3}:
            return
        self.focus()
        self.capture_mouse()
        self._press = self._place = self._cell_of(event)
        self._button = event.button
        self._pulled_from = None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A drag pulls up a box, or the photo with the middle button."""
        if self.viewport is None or not self.has_photo:
            return
        self._place = x, y = self._cell_of(event)
        if self._press is None:
            self._hover()
            return
        if event.button == 0:
            # The button was let go where we could not see it: over another screen, say.
            self.drop()
            return
        start_x, start_y = self._press
        if self._pulled_from is None:
            if max(abs(x - start_x), abs(y - start_y)) < _DRAG_CELLS:
                return
            self._pulled_from = self.viewport.to_image(start_x, start_y)
        if self._button == 2:
            self._press = (x, y)
            self._pan((start_x - x) * self.cell.width, (start_y - y) * self.cell.height)
        elif self._button == 1:
            self._report_drag(done=False)
            if self._edge is None and self._beyond() != (0, 0):
                self._edge = self.set_interval(_EDGE_EVERY_S, self._pan_at_edge)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The end of a drag, or a click where it was pressed."""
        self.release_mouse()
        if self._press is None or self.viewport is None:
            return
        self._place = self._cell_of(event)
        if self._pulled_from is None and self._button in {1, 3}:
            x, y = self.viewport.to_image(*self._press)
            self.post_message(self.Clicked(x, y, positive=self._button == 1))
        elif self._pulled_from is not None and self._button == 1:
            self._report_drag(done=True)
        self._let_go()

    def drop(self) -> None:
        """Break off the press under way."""
        if self._press is not None:
            self.release_mouse()
            self._let_go()
            self.post_message(self.Dropped())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in at the pointer."""
        self._wheel(event, _WHEEL_STEP)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out at the pointer."""
        self._wheel(event, 1 / _WHEEL_STEP)

    def on_leave(self) -> None:
        """The pointer is elsewhere."""
        if self._press is None:
            self.post_message(self.Hovered(None))

    def _wheel(self, event: events.MouseEvent, factor: float) -> None:
        if self.viewport is None or not self.has_photo:
            return
        event.stop()
        x, y = self.viewport.to_image(*self._cell_of(event))
        self.look(self.viewport.zoomed(factor, x, y))
        self.post_message(self.Ready())

    def _hover(self) -> None:
        assert self.viewport is not None
        x, y = self.viewport.to_image(*self._place)
        width, height = self.viewport.photo
        inside = 0 <= x < width and 0 <= y < height
        self.post_message(self.Hovered((x, y) if inside else None))

    def _pan(self, dx: float, dy: float) -> None:
        assert self.viewport is not None
        self.look(self.viewport.panned(dx, dy))
        self.post_message(self.Ready())

    def _beyond(self) -> tuple[int, int]:
        """In which direction the pointer has reached the canvas' edge: -1, 0 or 1 each."""
        (x, y), (width, height) = self._place, self.size
        across = (x > width - _EDGE_CELLS) - (x < _EDGE_CELLS)
        down = (y > height - _EDGE_CELLS) - (y < _EDGE_CELLS)
        return across, down

    def _pan_at_edge(self) -> None:
        across, down = self._beyond()
        if self._pulled_from is None or self.viewport is None or (across, down) == (0, 0):
            self._stop_at_edge()
            return
        step = _EDGE_STEP_CELLS * self.cell.height
        before = self.viewport
        self._pan(across * step, down * step)
        if self.viewport != before:
            self._report_drag(done=False)

    def _stop_at_edge(self) -> None:
        if self._edge is not None:
            self._edge.stop()
            self._edge = None

    def _let_go(self) -> None:
        self._press = self._pulled_from = None
        self._stop_at_edge()

    def _report_drag(self, *, done: bool) -> None:
        assert self._pulled_from is not None and self.viewport is not None
        end = self.viewport.to_image(*self._place)
        self.post_message(self.Dragged(self._pulled_from, end, done))

    def _cell_of(self, event: events.MouseEvent) -> tuple[float, float]:
        if private.reports_pixels(self.app):
            # The report names a pixel; its centre is meant.
            half_x, half_y = 0.5 / self.cell.width, 0.5 / self.cell.height
            return event.pointer_x + half_x, event.pointer_y + half_y
        return event.x + 0.5, event.y + 0.5
