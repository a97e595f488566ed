"""A terminal for tests: a pty that answers questions, types keys, moves a mouse, keeps a screen.

It stands where a person's terminal stands: the program under test runs in a process of its
own and knows nothing of the test. Text ends in a pyte screen, kitty graphics in a
:class:`tests.graphics.terminal_model.TerminalModel`; everything that was sent is kept and
counted.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyte

from tests.graphics.terminal_model import Placed, TerminalModel
from tests.pty.brands import PLAIN, Brand

_APC = re.compile(rb"\x1b_.*?\x1b\\", re.DOTALL)
_DCS = re.compile(rb"\x1bP.*?\x1b\\", re.DOTALL)
_QUERY = re.compile(rb"\x1b_G[^\x1b;]*a=q[^\x1b]*\x1b\\")
# pyte prints the rest of CSI sequences with private parameters that it does not know, and
# takes OSC 22 (the shape of the pointer) for text.
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[[0-9;?]*\$p|\x1b\][^\x07\x1b]*(\x07|\x1b\\)"
)
_UNFINISHED = re.compile(rb"\x1b([_P\]][^\x07\x1b]*\x1b?|\[[0-?]*[ -/]*)?\Z")

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "shift+tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "ctrl+c": "\x03",
    "ctrl+l": "\x0c",
    "ctrl+p": "\x10",
    "ctrl+r": "\x12",
    "backspace": "\x7f",
}

_PLACEHOLDER = "point 410 233"

# Of the terminal that the tests run in; pytest-xdist sets the size.
_NOT_HERE = {"TMUX", "STY", "NO_COLOR", "TERM_PROGRAM", "COLUMNS", "LINES"}

WHEEL_UP, WHEEL_DOWN = 64, 65


@dataclass
class FakeTerminal:
    """One program in one terminal.

    State: the pty, the process, the bytes that came, the pyte screen, the pictures. A thread
    reads and answers; everything else happens on the test's thread. Ended by :meth:`close`.

    ``delay`` seconds pass before an answer is sent, in pieces of ``torn`` bytes where that is
    not 0. ``redirected`` is where the program's standard output goes instead of the terminal.
    """

    arguments: list[str]
    brand: Brand = PLAIN
    columns: int = 120
    rows: int = 36
    cell: tuple[int, int] = (8, 16)
    delay: float = 0.0
    torn: int = 0
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    redirected: int | None = None

    def __post_init__(self) -> None:
        self.received = bytearray()
        self.exit_code: int | None = None
        self._gone = False
        self._text = ""
        self._answered = self._shown = self._drawn = 0
        self._screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.ByteStream(self._screen)
        self._pictures = TerminalModel(self.columns, self.rows, *self.cell)
        self._lock = threading.Lock()
        self._answers = self.brand.answers(self.cell)
        self._fd, slave = pty.openpty()
        # The window has its size before the program looks at it.
        self._tell_size()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tui_label", *self.arguments],
            stdin=slave,
            stdout=slave if self.redirected is None else self.redirected,
            stderr=slave,
            env=self._environment(),
            cwd=self.cwd,
            start_new_session=True,
            # Between fork and exec there is only this one call, which needs no lock.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> FakeTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What the person does

    def press(self, *keys: str) -> None:
        """Keys by name (see ``KEYS``) or as the characters they are."""
        for key in keys:
            self.send(KEYS.get(key, key).encode())

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
        os.write(self._fd, data)

    def click(self, x: float, y: float, button: int = 1) -> None:
        """Press and release at a place of the screen, in fractional cells."""
        self.mouse(x, y, button - 1, "M")
        self.mouse(x, y, button - 1, "m")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Pull with the left button, by way of the middle."""
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.mouse(*start, 0, "M")
        self.mouse(*middle, 32, "M")
        self.mouse(*end, 32, "M")
        self.mouse(*end, 0, "m")

    def mouse(self, x: float, y: float, code: int, end: str) -> None:
        """One SGR report, in pixels when the program asked for them (mode 1016)."""
        if self.pixel_reports:
            column, row = int(x * self.cell[0]) + 1, int(y * self.cell[1]) + 1
        else:
            column, row = int(x) + 1, int(y) + 1
        self.send(f"\x1b[<{code};{column};{row}{end}".encode())

    def resize(self, columns: int, rows: int) -> None:
        """Another window size, told to the kernel and so to the program."""
        self._show()
        self.columns, self.rows = columns, rows
        with self._lock:
            self._screen.resize(rows, columns)
            self._text = ""
            self._pictures.columns, self._pictures.rows = columns, rows
        self._tell_size()

    def kill(self, number: int) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """The terminal goes away, and the program is left alone."""
        self._gone = True

    def cpu_seconds(self) -> float:
        """Processor time that the program has used so far (Linux)."""
        words = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

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
        self._show()
        if not self._text:
            with self._lock:
                self._text = "\n".join(self._screen.display)
        return self._text

    @property
    def status(self) -> str:
        """The line in words: where we are, what is being made, what is on disk."""
        return self._words()[0]

    @property
    def said(self) -> str:
        """What was said last: everything between the status and the keys."""
        return " ".join(self._words()[1:])

    def _words(self) -> list[str]:
        lines = [line.strip() for line in self.text.split("\n")]
        starts = [number for number, line in enumerate(lines) if line.startswith("file ")]
        return lines[starts[-1] : -1] if starts else [""]

    def glyphs(self) -> list[str]:
        """The characters of every row, untrimmed."""
        return self.text.split("\n")

    def half_blocks(self) -> tuple[np.ndarray, np.ndarray]:
        """``uint8[2 * rows, columns, 3]``, RGB, and ``bool[2 * rows, columns]``: what half
        blocks show, and which pixels are half blocks at all."""
        self._show()
        pixels = np.zeros((2 * self.rows, self.columns, 3), dtype=np.uint8)
        known = np.zeros(pixels.shape[:2], dtype=bool)
        with self._lock:
            for row in range(self.rows):
                line = self._screen.buffer[row]
                for column in range(self.columns):
                    cell = line[column]
                    upper, lower = _HALVES.get(cell.data, (None, None))
                    for half, name in enumerate((upper, lower)):
                        if name is not None:
                            pixels[2 * row + half, column] = _rgb(getattr(cell, name))
                            known[2 * row + half, column] = True
        return pixels, known

    def pictures(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: what kitty graphics show, without the text over them."""
        with self._lock:
            return self._draw().screen().copy()

    def placed(self) -> list[Placed]:
        """Everything that stands on the screen as a kitty picture."""
        with self._lock:
            return list(self._draw().placed.values())

    @property
    def images(self) -> set[int]:
        """Ids of the images that the terminal holds."""
        with self._lock:
            return set(self._draw().images)

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
            self._process.kill()
        self._reader.join(timeout=5)
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    # Inside

    def _environment(self) -> dict[str, str]:
        ours = {
            name: value
            for name, value in os.environ.items()
            if name not in _NOT_HERE and not name.startswith(("TUI_LABEL", "TEXTUAL"))
        }
        ours |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        return ours | dict(self.environ)

    def _tell_size(self) -> None:
        size = (self.rows, self.columns, self.columns * self.cell[0], self.rows * self.cell[1])
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", *size))

    def _read(self) -> None:
        while True:
            if self._gone and self._fd >= 0:
                os.close(self._fd)
                self._fd = -1
            if self._fd < 0:
                time.sleep(0.05)
            elif select.select([self._fd], [], [], 0.05)[0]:
                try:
                    data = os.read(self._fd, 1 << 16)
                except OSError:
                    data = b""
                if data:
                    self.received += data
                    self._answer()
                    continue
            if self._process.poll() is not None:
                self.exit_code = self._process.returncode
                return

    def _answer(self) -> None:
        window = bytes(self.received[self._answered :])
        found = []
        for question, reply in self._answers:
            for match in question.finditer(window):
                found.append((match.end(), reply % match.groups() if match.groups() else reply))
        if not found:
            # A question may be cut in two by the read.
            self._answered = max(self._answered, len(self.received) - 64)
            return
        self._answered += max(end for end, _ in found)
        replies = b"".join(reply for _, reply in sorted(found))
        if self.delay:
            threading.Timer(self.delay, self._reply, [replies]).start()
        else:
            self._reply(replies)

    def _reply(self, replies: bytes) -> None:
        step = self.torn or len(replies)
        for start in range(0, len(replies), step):
            try:
                os.write(self._fd, replies[start : start + step])
            except OSError:
                return  # the program has ended and does not want to know any more
            if self.torn:
                time.sleep(0.03)

    def _show(self) -> None:
        with self._lock:
            data = bytes(self.received[self._shown :])
            # Not in the middle of a sequence, whose end is still to come.
            if unfinished := _UNFINISHED.search(data):
                data = data[: unfinished.start()]
            self._shown += len(data)
            for pattern in (_APC, _DCS, _UNKNOWN):
                data = pattern.sub(b"", data)
            if data:
                self._stream.feed(data)
                self._text = ""

    def _draw(self) -> TerminalModel:
        data = bytes(self.received[self._drawn :])
        if unfinished := _UNFINISHED.search(data):
            data = data[: unfinished.start()]
        self._drawn += len(data)
        self._pictures.feed(_QUERY.sub(b"", data))
        return self._pictures


_HALVES = {"▀": ("fg", "bg"), "▄": ("bg", "fg"), " ": ("bg", "bg")}


def _rgb(name: str) -> tuple[int, int, int]:
    """pyte's six hex digits; its colour names (``default``, ``red``) are none of a photo's."""
    if not re.fullmatch(r"[0-9a-f]{6}", name):
        return 0, 0, 0
    return int(name[:2], 16), int(name[2:4], 16), int(name[4:], 16)
