"""Runs in the terminal: starts the program there and keeps a note about both.

The note is JSON: the window's ``rows``, ``columns``, ``width`` and ``height`` as its kernel
knows them (pixels; 0 where the terminal does not tell), the program's ``pid``, the ``server``
of a multiplexer, and in the end the program's exit ``code``. The shell that would come back
after the program is a minute of nothing.
"""

import fcntl
import json
import os
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path


def main(note: Path, arguments: list[str]) -> None:
    rows, columns, width, height = _size()
    program = subprocess.Popen([sys.executable, "-m", "tui_label", *arguments])
    known = {
        "rows": rows,
        "columns": columns,
        "width": width,
        "height": height,
        "pid": program.pid,
        "server": int((os.environ.get("TMUX") or ",0").split(",")[1]),
    }
    _write(note, known)
    code = program.wait()
    print("the program has ended with", code, flush=True)
    _write(note, known | {"code": code})
    time.sleep(60)


def _size() -> tuple[int, ...]:
    """Once it rests: foot is told its size only after it has started this, in two steps."""
    size: tuple[int, ...] = (0, 0, 0, 0)
    began = since = time.monotonic()
    while time.monotonic() - since < 0.2 or (0 in size and time.monotonic() - began < 1):
        now = struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8)))
        if now != size:
            size, since = now, time.monotonic()
        time.sleep(0.02)
    return size


def _write(note: Path, known: dict[str, int]) -> None:
    """At once: somebody reads it while it is written."""
    fresh = note.with_suffix(".new")
    fresh.write_text(json.dumps(known))
    fresh.replace(note)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
