"""A terminal for tests: a pty that answers questions, types keys, moves a mouse, keeps a screen.

It stands where a person's terminal stands: the program under test runs in a process of its
own and knows nothing of the test. Text ends in a pyte screen; everything that was sent is
kept and counted.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyte

_APC = re.compile(rb"\x1b_.*?\x1b\\", re.DOTALL)
_DCS = re.compile(rb"\x1bP.*?\x1b\\", re.DOTALL)
# pyte prints the rest of CSI sequences with private parameters that it does not know.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[[0-9;?]*\$p")

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
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


@dataclass(frozen=True)
class Brand:
    """What a terminal answers. ``None`` is silence."""

    name: str = "plain"
    version: str | None = None
    kitty: bool = False
    pixel_mouse: bool = False
    sync: bool = False
    attributes: str | None = "?62;22"
    cell_report: bool = False

    def answers(self, cell: tuple[int, int]) -> list[tuple[re.Pattern[bytes], bytes]]:
        """Question → answer."""

        def mode(number: int, known: bool) -> tuple[re.Pattern[bytes], bytes]:
            question = re.compile(rb"\x1b\[\?%d\$p" % number)
            return question, b"\x1b[?%d;%d$y" % (number, 2 if known else 0)

        table = [mode(1016, self.pixel_mouse), mode(2026, self.sync), mode(2048, False)]
        if self.attributes is not None:
            table.append((re.compile(rb"\x1b\[c"), f"\x1b[{self.attributes}c".encode()))
        if self.version is not None:
            table.append((re.compile(rb"\x1b\[>0?q"), f"\x1bP>|{self.version}\x1b\\".encode()))
        if self.kitty:
            query = re.compile(rb"\x1b_G(?=[^;]*a=q)[^;]*i=(\d+)[^\x1b]*\x1b\\")
            table.append((query, b"\x1b_Gi=%s;OK\x1b\\"))
        if self.cell_report:
            reply = f"\x1b[6;{cell[1]};{cell[0]}t".encode()
            table.append((re.compile(rb"\x1b\[16t"), reply))
        return table


PLAIN = Brand()
KITTY = Brand("kitty", "kitty(0.26.5)", kitty=True, pixel_mouse=True, sync=True, cell_report=True)
XTERM = Brand("xterm", "XTerm(379)", pixel_mouse=True, attributes="?64;4;22")
SILENT = Brand("silent", attributes=None)


@dataclass
class FakeTerminal:
    """One program in one terminal.

    State: the pty, the process, the bytes that came, the pyte screen. A thread reads and
    answers; everything else happens on the test's thread. Ended by :meth:`close`.
    """

    arguments: list[str]
    brand: Brand = PLAIN
    columns: int = 100
    rows: int = 32
    cell: tuple[int, int] = (8, 16)
    delay: float = 0.0
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None

    def __post_init__(self) -> None:
        self.received = bytearray()
        self.exit_code: int | None = None
        self._answered = 0
        self._shown = 0
        self._screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self._answers = self.brand.answers(self.cell)
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            self._become_program()
        self.resize(self.columns, self.rows)
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

    def type(self, text: str) -> None:
        """Characters, one after the other."""
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
        """Another window size, told to the kernel and to the program."""
        self.columns, self.rows = columns, rows
        with self._lock:
            self._screen.resize(rows, columns)
        size = (rows, columns, columns * self.cell[0], rows * self.cell[1])
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", *size))

    # What the person sees

    @property
    def pixel_reports(self) -> bool:
        """Whether the program has asked for mouse reports in pixels."""
        return self.received.rfind(b"\x1b[?1016h") > self.received.rfind(b"\x1b[?1016l")

    @property
    def text(self) -> str:
        """The screen's characters, a line a row."""
        self._show()
        with self._lock:
            return "\n".join(self._screen.display)

    def colours(self, column: int, row: int) -> tuple[str, str, str]:
        """Character, foreground and background (six hex digits or a name) of one cell."""
        self._show()
        with self._lock:
            cell = self._screen.buffer[row][column]
            return cell.data, cell.fg, cell.bg

    def mark(self) -> int:
        """How many bytes have come so far."""
        return len(self.received)

    def wait(self, condition: Callable[[str], bool] | str, timeout: float = 30.0) -> str:
        """Until the screen's text holds (or satisfies) something; fails with the screen."""
        deadline = time.monotonic() + timeout
        while True:
            text = self.text
            if condition in text if isinstance(condition, str) else condition(text):
                return text
            if self.exit_code is not None or time.monotonic() > deadline:
                state = f"exit code {self.exit_code}" if self.exit_code is not None else "timeout"
                raise AssertionError(f"{state} while waiting for {condition!r}\n{text}")
            time.sleep(0.02)

    def settle(self, quiet: float = 0.4, timeout: float = 30.0) -> int:
        """Until nothing has come for a while; how many bytes had come by then."""
        deadline = time.monotonic() + timeout
        last, since = self.mark(), time.monotonic()
        while time.monotonic() - since < quiet and time.monotonic() < deadline:
            time.sleep(0.02)
            if self.mark() != last:
                last, since = self.mark(), time.monotonic()
        return self.mark()

    def wait_exit(self, timeout: float = 15.0) -> int:
        """The program's exit code."""
        deadline = time.monotonic() + timeout
        while self.exit_code is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.exit_code is not None, f"still running\n{self.text}"
        return self.exit_code

    def close(self) -> None:
        """End the program by its process id, gently first."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.exit_code is None:
                try:
                    os.kill(self._pid, number)
                except ProcessLookupError:
                    break
                deadline = time.monotonic() + 3
                while self.exit_code is None and time.monotonic() < deadline:
                    time.sleep(0.02)
        self._reader.join(timeout=5)
        os.close(self._fd)

    # Inside

    def _become_program(self) -> None:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        os.environ.update(self.environ)
        for name in ("TMUX", "STY", "NO_COLOR", "TERM_PROGRAM"):
            if name not in self.environ:
                os.environ.pop(name, None)
        if self.cwd is not None:
            os.chdir(self.cwd)
        # The window has its size before the program looks at it.
        time.sleep(0.1)
        os.execv(sys.executable, [sys.executable, "-m", "tui_label", *self.arguments])

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._fd], [], [], 0.1)
            if ready:
                try:
                    data = os.read(self._fd, 1 << 16)
                except OSError:
                    data = b""
                if data:
                    self.received += data
                    self._answer()
                    continue
            done, status = os.waitpid(self._pid, os.WNOHANG)
            if done:
                self.exit_code = os.waitstatus_to_exitcode(status)
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
        try:
            os.write(self._fd, replies)
        except OSError:
            return  # the program has ended and does not want to know any more

    def _show(self) -> None:
        with self._lock:
            data = bytes(self.received[self._shown :])
            # Not in the middle of a graphics command, whose end is still to come.
            cut = max(data.rfind(b"\x1b_"), data.rfind(b"\x1bP"))
            if cut >= 0 and data.find(b"\x1b\\", cut) < 0:
                data = data[:cut]
            self._shown += len(data)
            for pattern in (_APC, _DCS, _UNKNOWN):
                data = pattern.sub(b"", data)
            self._stream.feed(data)
