"""How bytes come from the terminal and go there."""

from __future__ import annotations

import asyncio
import codecs
import queue
import re
import termios
import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers import linux_driver
from textual.events import Key
from textual.message import Message

from tui_label.graphics.acknowledge import REQUESTS
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.replies import AMBIGUOUS_END, ReplyFilter
from tui_label.tui.private.screen import screen_grid

_TORN_REPLY_S = 1.0
"""How long the rest of a late answer may take; only what cannot be a key waits for it."""

_TORN_KEY_S = 0.2
"""How long what may be a key, or the beginning of a late answer, waits for the rest of it."""

_REPORT = re.compile(r"(\x1b\[<\d+;)(-?\d+);(-?\d+)([Mm])")

_PRESS = re.compile(r"\x1b\[<[0-2];\d+;\d+M")

_PATIENCE_S = 5.0
"""After the start: what has not answered by then will not."""

_KEY_S = 0.25
"""How long the next key waits for one that takes long: then they overtake as they always did."""

_ROUNDS = 3
"""A key goes app, widget, screen, app; what it does may post a message, and that another one."""

_WRITER_S = 0.5
"""How often a full queue looks whether anybody still empties it."""

_PROVING = 3
"""Places pressed that could all be cells before a terminal is taken to report cells."""

_LAST_ANSWERS_S = 1.0
"""How long the app waits for the answers to what it has asked, when it leaves."""


class Acknowledged(Message):
    """The terminal has read up to ``count`` more of our questions; ``at`` is when it said so."""

    def __init__(self, count: int, at: float) -> None:
        super().__init__()
        self.count = count
        self.at = at


class Answered(Message):
    """The terminal has answered something else that was asked: the bytes as they came."""

    def __init__(self, replies: bytes) -> None:
        super().__init__()
        self.replies = replies


def driver_class(
    capabilities: Capabilities, farewell: Callable[[], str] = str
) -> type[linux_driver.LinuxDriver]:
    """A driver for this terminal.

    The mouse reports pixels where it can, answers of the terminal are no keys, and keys are
    handed to the app one after the other.

    Args:
        capabilities: of the terminal.
        farewell: what takes everything of ours out of the terminal; written whenever the app
            gives it back, for good or for a while.
    """
    pixel_mouse = capabilities.pixel_mouse and screen_grid(capabilities.cell) is not None

    question = REQUESTS[capabilities.acknowledge].decode()

    class Driver(linux_driver.LinuxDriver):
        mouse_lies = False
        questions = answers = 0

        def write(self, data: str) -> None:
            if question:
                self.questions += data.count(question)
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

        def stop_application_mode(self) -> None:
            # Every way out comes by here: quitting, a crash, a signal, ctrl+z.
            self.write(farewell())
            self._await_answers()
            super().stop_application_mode()

        def _await_answers(self) -> None:
            # The shell would take the answers for keys. Who has not answered at all will not.
            deadline = time.monotonic() + _LAST_ANSWERS_S
            while 0 < self.answers < self.questions and time.monotonic() < deadline:
                if self._key_thread is None or not self._key_thread.is_alive():
                    return
                time.sleep(0.005)

        def _sigcont_application(self, *_: Any) -> None:
            # A terminal that goes away sends SIGHUP and SIGCONT. Whoever takes that for the end
            # of a ctrl+z starts over on a terminal that is not there.
            try:
                termios.tcgetattr(self.fileno)
            except termios.error:
                return
            super()._sigcont_application()

        def process_message(self, message: Message) -> None:
            if isinstance(message, Key) and (self._app._exit or self.exit_event.is_set()):
                # Typed ahead of the end: nobody will act on it, and waiting for somebody to
                # would hold up the end by as many keys as there are.
                return
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
            parser = partial(_Parser, self, capabilities, pixel_mouse)
            setattr(linux_driver, XTermParser.__name__, parser)
            decoder = partial(codecs.getincrementaldecoder("utf-8"), errors="replace")
            setattr(linux_driver, "getincrementaldecoder", lambda _: decoder)  # noqa: B010
            super().run_input_thread()

    return Driver


class _Parser(XTermParser):
    """Textual's parser behind a filter for what the terminal says about itself.

    State: the filter, what waits for its rest, and what is known about mouse reports. Owned by
    the thread that reads the terminal.
    """

    def __init__(
        self, driver: Any, capabilities: Capabilities, pixel_mouse: bool, debug: bool = False
    ) -> None:
        super().__init__(debug)
        self.mouse_pixels = pixel_mouse
        self._driver = driver
        self._bias = capabilities.pixel_bias
        self._cell = capabilities.cell
        self._replies = ReplyFilter(capabilities.pending)
        # Keys that may be the beginning of an answer wait for the rest only while answers are
        # on their way: escape alone would be late for ever otherwise.
        self._patient = 0.0 if capabilities.complete else time.monotonic() + _PATIENCE_S
        self._fed = time.monotonic()
        self._tail = ""
        self._pressed: set[tuple[int, int]] = set()
        self._reports_pixels = False

    def feed(self, data: str) -> Iterable[Message]:
        """Keys, mouse and the rest; answers as messages of their own."""
        self._fed = time.monotonic()
        text = self._tail + data
        self._tail = ""
        owed = self._driver.answers < self._driver.questions
        if (owed or self._fed < self._patient) and data and (end := AMBIGUOUS_END.search(text)):
            self._tail = end[0]
        kept = self._replies.feed(text.removesuffix(self._tail))
        if self._replies.take_torn():
            # Textual waits a moment for what may follow an escape, so it has not acted yet.
            self._forget()
        # Feeding nothing means the end of input to the parser.
        if kept or not data:
            yield from self._understood(kept)
        yield from self._answers()

    def tick(self) -> Iterable[Message]:
        """Time goes by without input."""
        quiet = time.monotonic() - self._fed
        if self._tail and quiet > _TORN_KEY_S:
            kept, self._tail = self._replies.feed(self._tail), ""
            yield from self._understood(kept) if kept else ()
        if quiet > _TORN_REPLY_S:
            # No key begins like this: whatever it is, its letters must not become commands.
            self._replies.flush()
        yield from super().tick()

    def parse_mouse_code(self, code: str) -> Message | None:
        """One report; its place is in pixels where the terminal was asked for that."""
        place = _REPORT.fullmatch(code)
        asked = self.mouse_pixels or self._driver.mouse_lies
        if asked and place and (grid := screen_grid(self._cell)) is not None:
            # Not the window: xterm's is larger by a border, from which nothing is counted.
            columns, rows, cell = grid
            self.terminal_size = columns, rows
            self.terminal_pixel_size = round(columns * cell.width), round(rows * cell.height)
            x, y = int(place[2]), int(place[3])
            self._weigh((x, y), x > columns or y > rows, _PRESS.fullmatch(code) is not None)
            if self.mouse_pixels:
                code = f"{place[1]}{x + self._bias};{y + self._bias}{place[4]}"
        return super().parse_mouse_code(code)

    def _weigh(self, place: tuple[int, int], beyond: bool, pressed: bool) -> None:
        """Some multiplexers take the question for pixels and answer in cells.

        A place beyond what cells can be settles it for good, and a moving hand comes to one
        at once. Whoever only ever presses within so few pixels is none: those are cells.
        """
        if beyond:
            self._reports_pixels = True
        elif pressed:
            self._pressed.add(place)
        lies = not self._reports_pixels and len(self._pressed) >= _PROVING
        self._driver.mouse_lies, self.mouse_pixels = lies, not lies

    def _understood(self, data: str) -> Iterable[Message]:
        try:
            yield from super().feed(data)
        except (ValueError, OverflowError):
            # A number that is no key and no place; the parser is of no use after it.
            self._forget()

    def _forget(self) -> None:
        """Drop what was begun."""
        pixels = self.mouse_pixels
        super().__init__()
        self.mouse_pixels = pixels

    def _answers(self) -> Iterable[Message]:
        if count := self._replies.take_acknowledged():
            self._driver.answers += count
            yield Acknowledged(count, time.monotonic())
        if replies := self._replies.take_replies():
            yield Answered(replies)


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
