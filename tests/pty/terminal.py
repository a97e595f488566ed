"""A terminal for tests: a pty that answers questions, types keys, moves a mouse, keeps a screen.

It stands where a person's terminal stands: the program under test runs in a process of its
own and knows nothing of the test. What it writes comes over a :class:`tests.pty.line.Line`,
is kept, counted and answered, and ends in a :class:`tests.pty.screen.Screen`.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.graphics.terminal_model import Placed
from tests.pty.brands import PLAIN, Brand
from tests.pty.keys import DRAGGED, key, report
from tests.pty.line import Line, Passed, Wire
from tests.pty.program import Program
from tests.pty.screen import Screen

_PLACEHOLDER = "point 410 233"

_QUESTION = 64
"""Bytes: no question is longer."""

_RESIZES = b"\x1b[?2048h"


@dataclass
class FakeTerminal:
    """One program in one terminal.

    State: the pty, the process, the bytes that came, the line, the screen, what was sent to a
    program that had ended (``leaked``: the shell would read it). A thread reads and answers;
    everything else happens on the test's thread. Ended by :meth:`close`.

    ``delay`` seconds pass before an answer is sent, in pieces of ``torn`` bytes where that is
    not 0; ``acknowledges`` says how often the so many-th status report is answered.
    ``redirected`` is where the program's standard output goes instead of the terminal.
    """

    arguments: list[str]
    brand: Brand = PLAIN
    columns: int = 120
    rows: int = 36
    cell: tuple[int, int] = (8, 16)
    delay: float = 0.0
    torn: int = 0
    line: Line = Line()
    acknowledges: Callable[[int], int] = lambda _: 1
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    redirected: int | None = None

    def __post_init__(self) -> None:
        self.received = bytearray()
        self.exit_code: int | None = None
        self.wire = Wire(self.line)
        self._gone = self._paused = False
        self._text: list[str] = []
        self._answered = self._shown = self._asked = 0
        self.leaked = b""
        self._screen = self.new_screen()
        # Two, or the line would stand still while a test looks at the screen.
        self._lock = threading.Lock()
        self._line_lock = threading.Lock()
        # An answer that comes in pieces is whole before the next one begins.
        self._reply_lock = threading.Lock()
        self._answers = self.brand.answers(self.cell)
        self._program = Program(
            self.arguments, self.environ, self._window(), self.cwd, self.redirected
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> FakeTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What the person does

    def press(self, *keys: str) -> None:
        """Keys by name (see ``KEYS``) or as the characters they are."""
        for name in keys:
            self.send(key(name))

    def command(self, line: str) -> None:
        """A line after ``:``, as a person types it: when the line has opened."""
        self.press(":")
        self.wait(lambda _: self.said.startswith(_PLACEHOLDER))
        self.type(line)
        self.wait(lambda _: self.said.startswith(line))
        self.press("enter")
        self.wait(lambda _: not self.said.startswith((_PLACEHOLDER, line)))

    def type(self, text: str) -> None:
        """Characters, all at once."""
        self.send(text.encode())

    def send(self, data: bytes) -> None:
        """Bytes as they are."""
        if self.line.is_shaped:
            with self._line_lock:
                self.wire.send(data, time.monotonic())
        else:
            self._put(data)

    def click(self, x: float, y: float, button: int = 1) -> None:
        """Press and release at a place of the screen, in fractional cells."""
        self.mouse(x, y, button - 1, "M")
        self.mouse(x, y, button - 1, "m")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Pull with the left button, by way of the middle."""
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.mouse(*start, 0, "M")
        self.mouse(*middle, DRAGGED, "M")
        self.mouse(*end, DRAGGED, "M")
        self.mouse(*end, 0, "m")

    def mouse(self, x: float, y: float, code: int, end: str) -> None:
        """One SGR report, in pixels when the program asked for them (mode 1016)."""
        if self.pixel_reports:
            self.send(report(code, end, x, y, self.cell, self.brand.first_pixel))
        else:
            self.send(report(code, end, x, y, (1, 1), 1))

    def resize(self, columns: int, rows: int) -> None:
        """Another window size, told to the kernel and so to the program."""
        with self._lock:
            self._show()
            self.columns, self.rows = columns, rows
            self._screen.resize(columns, rows)
            self._text = []
        self._program.resize(self._window())
        if self.is_on(2048):
            self._reply(self._size_report())

    def kill(self, number: int) -> None:
        """Send the program a signal."""
        self._program.signal(number)

    def pause(self) -> None:
        """The terminal reads nothing any more, until :meth:`resume`."""
        self._paused = True

    def resume(self) -> None:
        """It reads again."""
        self._paused = False

    def hang_up(self) -> None:
        """The terminal goes away, and the program is left alone."""
        self._gone = True

    @property
    def state(self) -> str:
        """Of the process, one letter: ``T`` is stopped (Linux, proc(5))."""
        return self._program.state

    def cpu_seconds(self) -> float:
        """Processor time that the program has used so far (Linux)."""
        return self._program.cpu_seconds()

    # What the person sees

    @property
    def pixel_reports(self) -> bool:
        """Whether the program has asked for mouse reports in pixels."""
        return self.is_on(1016)

    def is_on(self, mode: int) -> bool:
        """Whether a private mode was set last, and not reset."""
        on, off = (self.received.rfind(b"\x1b[?%d%s" % (mode, end)) for end in (b"h", b"l"))
        return on > off

    @property
    def text(self) -> str:
        """The screen's characters, a line a row."""
        return "\n".join(self.glyphs())

    @property
    def status(self) -> str:
        """The line in words: where we are, what is being made, what is on disk."""
        return self._words()[0]

    @property
    def said(self) -> str:
        """What was said last: everything between the status and the keys."""
        return " ".join(self._words()[1:])

    def _words(self) -> list[str]:
        lines = [line.strip() for line in self.glyphs()]
        starts = [number for number, line in enumerate(lines) if line.startswith("file ")]
        return lines[starts[-1] : -1] if starts else [""]

    def glyphs(self) -> list[str]:
        """The characters of every row, untrimmed."""
        with self._lock:
            self._show()
            self._text = self._text or self._screen.lines
            return self._text

    def pixels(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: the whole screen, whatever its picture is made of."""
        with self._lock:
            self._show()
            return self._screen.pixels()

    def half_blocks(self) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`tests.pty.screen.Screen.half_blocks`."""
        with self._lock:
            self._show()
            return self._screen.half_blocks()

    def pictures(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: what kitty shows, without the text over it."""
        with self._lock:
            self._show()
            return self._screen.kitty.screen()

    def placed(self) -> list[Placed]:
        """Everything that stands on the screen as a kitty picture."""
        with self._lock:
            self._show()
            return list(self._screen.kitty.placed.values())

    @property
    def images(self) -> set[int]:
        """Ids of the kitty images that the terminal holds."""
        with self._lock:
            self._show()
            return set(self._screen.kitty.images)

    def new_screen(self) -> Screen:
        """Another screen like this terminal's, blank: to look at what came piece by piece."""
        return Screen(self.columns, self.rows, self.cell, self.brand)

    def first_seen(
        self, start: int, is_seen: Callable[[Screen], bool], step: int = 1_024
    ) -> Passed:
        """How the piece of the stream has passed with which something came into view.

        Args:
            start: offset in the stream; it is looked at from here on.
            is_seen: whether it is.
            step: bytes between two looks.
        """
        screen = self.new_screen()
        screen.feed(bytes(self.received[:start]))
        while start < len(self.received):
            screen.feed(bytes(self.received[start : start + step]))
            start = min(start + step, len(self.received))
            if is_seen(screen):
                return self.wire.passing(start)
        raise AssertionError("it was never seen")

    # How long it takes

    def mark(self) -> int:
        """How many bytes have come so far."""
        return len(self.received)

    def wait(self, condition: Callable[[str], bool] | str, timeout: float = 15.0) -> str:
        """Until the screen's text holds (or satisfies) something; fails with the screen."""
        deadline = time.monotonic() + timeout
        while True:
            over = self.exit_code is not None or time.monotonic() > deadline
            text = self.text
            if condition in text if isinstance(condition, str) else condition(text):
                return text
            if over:
                state = f"exit code {self.exit_code}" if self.exit_code is not None else "timeout"
                raise AssertionError(f"{state} while waiting for {condition!r}\n{text}")
            time.sleep(0.02)

    def settle(self, quiet: float = 0.25, timeout: float = 30.0) -> int:
        """Until nothing has come for a while; how many bytes had come by then."""
        deadline = time.monotonic() + timeout
        last, since = self.mark(), time.monotonic()
        while time.monotonic() - since < quiet and time.monotonic() < deadline:
            time.sleep(0.02)
            if self.mark() != last:
                last, since = self.mark(), time.monotonic()
        return self.mark()

    def after(self, act: Callable[[], object], quiet: float = 0.45) -> np.ndarray:
        """The screen that something leads to, which must send something: :meth:`pixels`."""
        before, deadline = self.mark(), time.monotonic() + 15
        act()
        while self.mark() == before and time.monotonic() < deadline:
            time.sleep(0.02)
        self.settle(quiet)
        return self.pixels()

    def wait_exit(self, timeout: float = 15.0) -> int:
        """The program's exit code; negative: the signal that ended it."""
        deadline = time.monotonic() + timeout
        while self.exit_code is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.exit_code is not None, f"still running\n{self.text}"
        return self.exit_code

    def close(self) -> None:
        """End the program by its process id, if it has not ended; closing twice is fine."""
        if self.exit_code is None:
            self._program.signal(signal.SIGKILL)
        self._reader.join(timeout=5)
        self._program.detach()

    # Inside

    def _window(self) -> tuple[int, int, int, int]:
        return self.columns, self.rows, self.columns * self.cell[0], self.rows * self.cell[1]

    def _size_report(self) -> bytes:
        columns, rows, width, height = self._window()
        return b"\x1b[48;%d;%d;%d;%dt" % (rows, columns, height, width)

    def _read(self) -> None:
        while True:
            if self._gone:
                self._program.detach()
            if not self._program.is_attached or self._paused:
                time.sleep(0.05)
            else:
                patience = min(0.05, max(0.0, self.wire.next() - time.monotonic()))
                data = self._program.read(patience)
                self._pass_on(data)
                if data or self.wire.next() < float("inf"):
                    continue
            if self._program.code is not None:
                self.exit_code = self._program.code
                return

    def _pass_on(self, data: bytes) -> None:
        """Both ways, as far as the line is."""
        with self._line_lock:
            now = time.monotonic()
            if data:
                self.wire.write(data, now)
            arrived, due = self.wire.arrived(now), self.wire.due(now)
            self.received += arrived
        if arrived:
            self._answer()
        if due:
            self._put(due)

    def _answer(self) -> None:
        window = bytes(self.received[self._answered :])
        found = [
            (match.end(), reply % match.groups() if match.groups() else reply)
            for question, reply in self._answers
            for match in question.finditer(window)
        ]
        if self.brand.resizes:
            found += [(window.find(_RESIZES), self._size_report())] * (_RESIZES in window)
        if not found:
            # A question may be cut in two by the read.
            self._answered = max(self._answered, len(self.received) - _QUESTION)
            return
        self._answered += max(end for end, _ in found)
        replies = b"".join(self._said(reply) for _, reply in sorted(found))
        if self.delay:
            threading.Timer(self.delay, self._reply, [replies]).start()
        else:
            self._reply(replies)

    def _said(self, reply: bytes) -> bytes:
        if reply != b"\x1b[0n":
            return reply
        self._asked += 1
        return reply * self.acknowledges(self._asked)

    def _reply(self, replies: bytes) -> None:
        step = self.torn or len(replies)
        with self._reply_lock:
            for start in range(0, len(replies), step or 1):
                self.send(replies[start : start + step])
                if self.torn:
                    time.sleep(0.03)

    def _put(self, data: bytes) -> None:
        if self._program.code is not None:
            self.leaked += data
        self._program.write(data)

    def _show(self) -> None:
        """Bring the screen to what has come; whoever calls holds the lock."""
        data = bytes(self.received[self._shown :])
        if data:
            self._shown += len(data)
            self._screen.feed(data)
            self._text = []
