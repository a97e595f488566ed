"""A terminal at the other end of a line: a pty, a program in it, bytes that take their time.

What the program writes is read at once, as a ssh server does, and crosses the line in its turn:
so much a second, and half a round trip later. Answers and keys come back as late. Nothing is
shown; what has arrived when is all that counts here.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.pty.brands import Brand
from tests.pty.line import Line, Wire

_TICK_S = 0.005
_TORN = 64
"""Bytes: a question may be cut in two by a read."""

_PATIENCE_S = 5.0
"""A key that has changed nothing by then changes nothing."""

SLOW = Line(125_000, 0.075)
"""1 Mbit/s, and 150 ms there and back."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """``time.monotonic`` of a byte being written and of its arrival at the far end."""

    written: float
    arrived: float


@dataclass
class Far:
    """One program at the near end, a terminal at the far one. Ended by :meth:`close`.

    State: the pty and the process, what was read and when each piece of it had crossed, what
    is on its way back. A thread reads and answers; everything else is the caller's.

    Args:
        arguments: of the Python interpreter.
        brand: what the terminal answers.
        size: columns and rows.
        cell: pixels.
        line: between the two.
        environ: added to the environment.
        log: what the program writes down of itself; for whoever measures it.
    """

    arguments: Sequence[str]
    brand: Brand
    size: tuple[int, int]
    cell: tuple[int, int] = (8, 16)
    line: Line = Line()
    environ: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None

    def __post_init__(self) -> None:
        self.received = bytearray()
        self.began = time.monotonic()
        self._wire = Wire(self.line)
        self._wired = 0
        self._arrived = bytearray()
        self._answers = self.brand.answers(self.cell)
        self._lock = threading.Lock()
        self._closing = False
        self._fd, slave = pty.openpty()
        columns, rows = self.size
        window = struct.pack("HHHH", rows, columns, columns * self.cell[0], rows * self.cell[1])
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, window)
        self._process = subprocess.Popen(
            [sys.executable, *self.arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=_environment(self.environ),
            start_new_session=True,
            # Between fork and exec there is only this one call, which needs no lock.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )
        os.close(slave)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Far:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def press(self, keys: str) -> float:
        """Keys, pressed at the far end; when that was (``time.monotonic``)."""
        now = time.monotonic()
        with self._lock:
            self._wire.send(keys.encode(), now)
        return now

    def mark(self) -> int:
        """How many bytes the program has written so far."""
        return len(self.received)

    def crossing(self, end: int) -> Crossing:
        """When the first ``end`` bytes were written and when they had crossed the line.

        That may still be to come: what was sent is sure to arrive, in its turn.
        """
        with self._lock:
            passed = self._wire.passing(end - self._wired)
        return Crossing(passed.written, passed.arrived)

    def act(self, keys: str) -> int:
        """Keys, and how many bytes the program writes for them until it rests."""
        before, deadline = self.mark(), time.monotonic() + _PATIENCE_S
        self.press(keys)
        while self.mark() == before and time.monotonic() < deadline:
            time.sleep(_TICK_S)
        return self.settle() - before

    def settle(self, quiet: float = 0.6, timeout: float = 30.0) -> int:
        """Until the program has written nothing for a while; how many bytes there were then."""
        deadline = time.monotonic() + timeout
        last, since = self.mark(), time.monotonic()
        while time.monotonic() - since < quiet and time.monotonic() < deadline:
            time.sleep(_TICK_S)
            if self.mark() != last:
                last, since = self.mark(), time.monotonic()
        return last

    def wait(self, condition: Callable[[], bool], timeout: float = 30.0) -> None:
        """Until something holds.

        Raises:
            TimeoutError: it never did, with what the program wrote last.
        """
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError(repr(bytes(self.received[-2000:])))
            time.sleep(_TICK_S)

    def drain(self) -> None:
        """Take what is on the line as arrived: what comes next does not wait behind it."""
        with self._lock:
            self._wire, self._wired = Wire(self.line), len(self.received)

    def cpu_ms(self) -> float:
        """Processor time that the program has used so far, to 10 ms (Linux)."""
        words = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK") * 1e3

    def close(self) -> None:
        """End the program by its process id."""
        self._process.kill()
        self._process.wait()
        self._closing = True
        self._thread.join(timeout=5)
        os.close(self._fd)

    def _run(self) -> None:
        while not self._closing:
            data = b""
            if select.select([self._fd], [], [], _TICK_S)[0]:
                try:
                    data = os.read(self._fd, 1 << 16)
                except OSError:
                    return  # the program has ended
            now = time.monotonic()
            with self._lock:
                self.received += data
                self._wire.write(data, now)
                self._answer(self._wire.arrived(now), now)
                due = self._wire.due(now)
            if due:
                os.write(self._fd, due)

    def _answer(self, data: bytes, now: float) -> None:
        if not data:
            return
        self._arrived += data
        found = sorted(
            (match.end(), reply % match.groups() if match.groups() else reply)
            for question, reply in self._answers
            for match in question.finditer(self._arrived)
        )
        if found:
            del self._arrived[: found[-1][0]]
            self._wire.send(b"".join(reply for _, reply in found), now)
        del self._arrived[:-_TORN]


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"TMUX", "STY", "NO_COLOR", "TERM_PROGRAM", "COLUMNS", "LINES"}
        and not name.startswith(("TUI_LABEL", "TEXTUAL"))
    }
    known = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    return kept | known | dict(more)
