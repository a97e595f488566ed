"""The program under test, in a process and a pty of its own; it knows nothing of the test."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

# Of the terminal that the tests run in; pytest-xdist sets the size.
_NOT_HERE = {"TMUX", "STY", "NO_COLOR", "TERM_PROGRAM", "COLUMNS", "LINES"}


class Program:
    """``tui-label ARGUMENTS`` at one end of a pty, whose other end is ours.

    State: the pty, the process. :meth:`read` and :meth:`write` may be used on one thread each.

    Args:
        arguments: of the command.
        environ: added to the environment.
        window: columns, rows, width and height in pixels.
        cwd: where it runs.
        redirected: where its standard output goes instead of the pty.
    """

    def __init__(
        self,
        arguments: list[str],
        environ: Mapping[str, str],
        window: tuple[int, int, int, int],
        cwd: Path | None,
        redirected: int | None,
    ) -> None:
        self._fd, slave = pty.openpty()
        # The window has its size before the program looks at it.
        self.resize(window)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tui_label", *arguments],
            stdin=slave,
            stdout=slave if redirected is None else redirected,
            stderr=slave,
            env=_environment() | dict(environ),
            cwd=cwd,
            start_new_session=True,
            # Between fork and exec there is only this one call, which needs no lock.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )
        os.close(slave)

    @property
    def code(self) -> int | None:
        """How it ended; negative: the signal that ended it."""
        return self._process.poll()

    @property
    def is_attached(self) -> bool:
        """Whether our end of the pty is there."""
        return self._fd >= 0

    @property
    def state(self) -> str:
        """Of the process, one letter: ``T`` is stopped (Linux, proc(5))."""
        return self._stat()[0]

    def cpu_seconds(self) -> float:
        """Processor time used so far (Linux)."""
        words = self._stat()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def read(self, patience: float) -> bytes:
        """What it writes next; nothing when that takes longer, or it has ended."""
        if not select.select([self._fd], [], [], patience)[0]:
            return b""
        try:
            return os.read(self._fd, 1 << 16)
        except OSError:
            time.sleep(patience)
            return b""

    def write(self, data: bytes) -> None:
        """What it may read; lost when it has ended."""
        try:
            os.write(self._fd, data)
        except OSError:
            return

    def resize(self, window: tuple[int, int, int, int]) -> None:
        """Tell the kernel, and so the program, of another window size."""
        columns, rows, width, height = window
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, width, height))

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def detach(self) -> None:
        """Close our end of the pty; closing twice is fine."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _stat(self) -> list[str]:
        return Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()


def _environment() -> dict[str, str]:
    ours = {
        name: value
        for name, value in os.environ.items()
        if name not in _NOT_HERE and not name.startswith(("TUI_LABEL", "TEXTUAL"))
    }
    return ours | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
