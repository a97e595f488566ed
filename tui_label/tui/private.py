"""Every part of Textual that is not public and that the canvas needs, in one place.

``tests/tui/test_private.py`` fails loudly when a release of Textual changes one of them.

* ``App._driver.write``: graphics go to the terminal through the same queue as text, so that
  they cannot overtake it.
* ``App._exit``: set as soon as the app was told to end, before its last messages.
* ``LinuxDriver`` and the ``XTermParser`` that its module uses: pixel mouse reports on
  terminals that know mode 1016 but not 2048 (xterm, kitty before 0.36), late answers to our
  probe, which must not arrive as key presses, keys one after the other, and an end when the
  terminal goes away.
* ``App._fatal_error``: where a fault would put a traceback on the person's screen.
* ``Strip._segments``: a strip whose segments are made only when somebody asks for them.
"""

from __future__ import annotations

import asyncio
import codecs
import queue
import re
import sys
import termios
import threading
import time
import traceback
from asyncio import AbstractEventLoop
from collections.abc import Iterable
from functools import partial
from typing import Any

from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers import linux_driver
from textual.events import Key
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets._toast import Toast

from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.cells import CellGrid, row_ansi
from tui_label.graphics.probe import window_pixels
from tui_label.graphics.replies import ReplyFilter
from tui_label.graphics.viewport import CellSize

_TORN_REPLY_S = 1.0
"""How long the rest of a late answer may take; only what cannot be a key waits for it."""


class SpokenCrash(App[None]):
    """An app that keeps its traceback to itself, for whoever started it to speak of.

    State: ``crash_details``, the traceback of the fault that ended the app, else empty.
    """

    crash_details = ""

    def _fatal_error(self) -> None:
        self.crash_details = traceback.format_exc()
        self._close_messages_no_wait()


_TORN_KEY_S = 0.2
"""How long what may be a key, or the beginning of a late answer, waits for the rest of it."""

_AMBIGUOUS_TAIL = re.compile(r"(?:\x1b[P_\[]?)?\Z")

_KEY_S = 0.25
"""How long the next key waits for one that takes long: then they overtake as they always did."""

_ROUNDS = 3
"""A key goes app, widget, screen, app; what it does may post a message, and that another one."""


_WRITER_S = 0.5
"""How often a full queue looks whether anybody still empties it."""


def write(app: App[Any], text: str) -> None:
    """Send bytes for the terminal in order with everything that Textual writes."""
    driver = app._driver
    if driver is not None and not app.is_headless and app._running:
        driver.write(text)


def is_leaving(app: App[Any]) -> bool:
    """Whether the app was told to end: what is drawn from then on would stay in the terminal."""
    return app._exit


def is_uncovered(widget: Widget) -> bool:
    """Whether nothing can be drawn over the widget now: no other screen, no toast."""
    return widget.app.screen is widget.screen and not widget.screen.query(Toast)


def screen_pixels() -> tuple[int, int, int, int] | None:
    """Columns, rows, width and height in pixels; ``None`` where the kernel does not know."""
    try:
        return window_pixels(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        return None  # the program was started without a standard input


def cell_size() -> CellSize | None:
    """Size of a cell in pixels right now (a font zoom changes it); ``None`` if unknown."""
    pixels = screen_pixels()
    if pixels is None:
        return None
    columns, rows, width, height = pixels
    return CellSize(width / columns, height / rows)


def driver_class(capabilities: Capabilities) -> type[linux_driver.LinuxDriver]:
    """A driver for this terminal.

    The mouse reports pixels where it can, late answers to the probe are swallowed, and keys
    are handed to the app one after the other.
    """
    pixel_mouse = capabilities.pixel_mouse and screen_pixels() is not None
    late = not capabilities.complete

    class Parser(XTermParser):
        def __init__(self, debug: bool = False) -> None:
            super().__init__(debug)
            self.mouse_pixels = pixel_mouse
            self._replies = ReplyFilter(capabilities.pending) if late else None
            self._fed = time.monotonic()
            self._tail = ""

        def feed(self, data: str) -> Iterable[Message]:
            if self._replies is None:
                yield from self._understood(data)
                return
            self._fed = time.monotonic()
            text = self._tail + data
            self._tail = text[_AMBIGUOUS_TAIL.search(text).start() :] if data else ""  # type: ignore[union-attr]
            kept = self._replies.feed(text.removesuffix(self._tail))
            # Feeding nothing means the end of input to the parser.
            if kept or not data:
                yield from self._understood(kept)

        def _understood(self, data: str) -> Iterable[Message]:
            try:
                yield from super().feed(data)
            except (ValueError, OverflowError):
                # A number that is no key and no place; the parser is of no use after it.
                pixels = self.mouse_pixels
                XTermParser.__init__(self)
                self.mouse_pixels = pixels

        def tick(self) -> Iterable[Message]:
            quiet = time.monotonic() - self._fed
            if self._replies is not None and self._tail and quiet > _TORN_KEY_S:
                kept, self._tail = self._replies.feed(self._tail), ""
                yield from super().feed(kept) if kept else ()
            if self._replies is not None and quiet > _TORN_REPLY_S:
                # No key begins like this: whatever it is, its letters must not become commands.
                self._replies.flush()
            yield from super().tick()

        def parse_mouse_code(self, code: str) -> Message | None:
            if self.mouse_pixels and (pixels := screen_pixels()) is not None:
                self.terminal_size, self.terminal_pixel_size = pixels[:2], pixels[2:]
            return super().parse_mouse_code(code)

    class Driver(linux_driver.LinuxDriver):
        def write(self, data: str) -> None:
            # The stock driver waits for ever for a writer that has died with its terminal.
            writer = self._writer_thread
            while writer is not None and writer.is_alive():
                try:
                    writer._queue.put(data, timeout=_WRITER_S)
                except queue.Full:
                    continue
                return

        def close(self) -> None:
            if self._writer_thread is not None and self._writer_thread.is_alive():
                super().close()

        def _sigcont_application(self, *_: Any) -> None:
            # A terminal that goes away sends SIGHUP and SIGCONT. Whoever takes that for the end
            # of a ctrl+z starts over on a terminal that is not there.
            try:
                termios.tcgetattr(self.fileno)
            except termios.error:
                return
            super()._sigcont_application()

        def process_message(self, message: Message) -> None:
            super().process_message(message)
            if isinstance(message, Key):
                # Textual hands a key on to whoever has the focus while keys before it are still
                # waiting to be acted upon. When a slow line delivers ":delete" at once, the
                # letters would be d, e, l, … to the canvas, and the first one of them "done".
                _wait_until_taken(self._app, self._loop)

        def _enable_mouse_support(self) -> None:
            super()._enable_mouse_support()
            if pixel_mouse:
                self._enable_mouse_pixels()

        def _disable_mouse_support(self) -> None:
            # The stock driver never takes 1016 back; the shell would get pixel reports.
            if self._mouse_pixels:
                self.write("\x1b[?1016l")
            super()._disable_mouse_support()

        def run_input_thread(self) -> None:
            # What was typed while the terminal was asked is the first input.
            if typed := capabilities.typed.decode(errors="ignore"):
                for event in XTermParser().feed(typed):
                    self.process_message(event)
            # The stock driver makes its parser and its decoder here, from names in its module.
            # One byte that is not UTF-8 (an old paste, an old mouse report) would end the app.
            setattr(linux_driver, XTermParser.__name__, Parser)
            decoder = partial(codecs.getincrementaldecoder("utf-8"), errors="replace")
            setattr(linux_driver, "getincrementaldecoder", lambda _: decoder)  # noqa: B010
            super().run_input_thread()

    return Driver


def reports_pixels(app: App[Any]) -> bool:
    """Whether mouse positions are finer than cells."""
    return bool(getattr(app._driver, "_mouse_pixels", False))


def _wait_until_taken(app: App[Any], loop: AbstractEventLoop) -> None:
    """Block the thread that reads keys until the app has done what the last key means."""
    taken = threading.Event()

    def ask(steps: int) -> None:
        if steps == 0 or not app.screen_stack:
            taken.set()
            return
        # Whoever is asked answers only after everything that was posted to it before.
        asked = (app, app.focused or app.screen, app.screen)[steps % 3]
        if not asked.call_later(ask, steps - 1):
            taken.set()

    async def begin() -> None:
        ask(3 * _ROUNDS)

    asyncio.run_coroutine_threadsafe(begin(), loop)
    taken.wait(_KEY_S)


class GridStrip(Strip):
    """A row of a :class:`CellGrid`; 20 times faster to show than a segment a cell.

    Textual caches and cuts strips by their segments. Here those are made only when asked for
    (a screenshot, a filter); showing and cutting work on the arrays.
    """

    __slots__ = ("_grid", "_row", "_start", "_stop")

    def __init__(self, grid: CellGrid, row: int, start: int, stop: int) -> None:
        self._grid, self._row, self._start, self._stop = grid, row, start, stop
        super().__init__((), stop - start)

    @property
    def _segments(self) -> list[Segment]:
        # Not list(self): that asks for the length first, and the length asks for segments.
        return [*iter(self)]

    @_segments.setter
    def _segments(self, _: list[Segment]) -> None:
        """The base class stores segments; there are none to store."""

    def __iter__(self) -> Any:
        grid, row = self._grid, self._row
        for column in range(self._start, self._stop):
            front, back = grid.fg[row, column].tolist(), grid.bg[row, column].tolist()
            style = Style(color=Color.from_rgb(*front), bgcolor=Color.from_rgb(*back))
            yield Segment(chr(int(grid.glyphs[row, column])), style)

    def __bool__(self) -> bool:
        return self._stop > self._start

    @property
    def text(self) -> str:
        """The glyphs."""
        return "".join(map(chr, self._grid.glyphs[self._row, self._start : self._stop].tolist()))

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Cells ``start`` to ``end`` of this strip."""
        stop = self._stop if end is None else min(self._start + end, self._stop)
        return GridStrip(self._grid, self._row, min(self._start + start, stop), stop)

    def divide(self, cuts: Iterable[int]) -> list[Strip]:
        """Cut at the given offsets, as the compositor asks for it."""
        strips: list[Strip] = []
        at = 0
        for cut in cuts:
            strips.append(self.crop(at, cut))
            at = cut
        return strips

    def apply_offsets(self, x: int, y: int) -> Strip:
        """The picture holds no selectable text, so there are no offsets to note."""
        return self

    def render(self, console: Console) -> str:
        """The row as text with the fewest colour changes."""
        if self._render_cache is None:
            self._render_cache = row_ansi(self._grid, self._row, self._start, self._stop)
        return self._render_cache
