"""An X server without a screen, a real terminal on it, a hand and an eye.

Kitty is drawn by Mesa's softpipe: llvmpipe (Mesa 22.3) tints its text red. There is no
window manager: a terminal opens in the top left corner and has the keys while the pointer
is over it.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

SCREEN = (1400, 900)

TOOLS = ("Xvfb", "xdotool", "import")
"""What is needed besides a terminal; ``import`` is ImageMagick's."""

# Runs in the terminal: notes the window's size and the program's process id, and stays when
# the program has ended, with its exit code.
_INSIDE = """
import fcntl, pathlib, struct, subprocess, sys, termios, time
note = pathlib.Path(sys.argv[1])
size = struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8)))
program = subprocess.Popen([sys.executable, "-m", "tui_label", *sys.argv[2:]])
note.write_text(" ".join(map(str, (*size, program.pid))))
code = program.wait()
print("the program has ended with", code)
note.write_text(note.read_text() + f" {code}")
time.sleep(600)
"""


def missing(terminal: str) -> list[str]:
    """Names of the programs that are not installed."""
    return [name for name in (*TOOLS, terminal) if shutil.which(name) is None]


@dataclass
class Desktop:
    """One X server with at most one terminal.

    State: the display's name, the processes started on it; ended by their ids.
    """

    display: str
    home: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        """For everything that runs here."""
        ours = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
        return ours | {
            "DISPLAY": self.display,
            "LANG": "C.UTF-8",
            "COLORTERM": "truecolor",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "GALLIUM_DRIVER": "softpipe",
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_RUNTIME_DIR": str(self.home),
            "TUI_LABEL_MODELS": str(self.home / "models"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }

    def run(self, *command: str) -> bytes:
        """A tool on this display; its output."""
        done = subprocess.run(
            command, env=self.environ, capture_output=True, timeout=30, check=True
        )
        return done.stdout

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """A program on this display, to be ended with it."""
        process = subprocess.Popen(
            command,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def photo(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: the whole screen now."""
        png = self.run("import", "-window", "root", "-depth", "8", "png:-")
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    def close(self) -> None:
        """End everything, the newest first."""
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()


@dataclass
class Window:
    """A terminal with the program in it, in the top left corner of the desktop."""

    desktop: Desktop
    columns: int
    rows: int
    width: int
    height: int
    note: Path

    @property
    def cell(self) -> tuple[int, int]:
        """Pixels."""
        return self.width // self.columns, self.height // self.rows

    @property
    def exit_code(self) -> int | None:
        """Of the program, once it has ended."""
        words = self.note.read_text().split()
        return int(words[5]) if len(words) > 5 else None

    def click(self, x: float, y: float, button: int = 1) -> None:
        """At a pixel of the window; pixels are counted from 0."""
        self.desktop.run("xdotool", "mousemove", str(int(x)), str(int(y)), "click", str(button))

    def key(self, *names: str) -> None:
        """Keys by their names in X."""
        self.desktop.run("xdotool", "key", "--delay", "25", *names)

    def type(self, text: str) -> None:
        """Characters."""
        self.desktop.run("xdotool", "type", "--delay", "12", text)

    def command(self, line: str) -> None:
        """A line after ``:``."""
        self.key("colon")
        time.sleep(0.2)
        self.type(line)
        self.key("Return")

    def photo(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: the terminal's cells now."""
        return self.desktop.photo()[: self.height, : self.width]

    def wait(self, condition: Callable[[np.ndarray], bool], timeout: float = 40.0) -> np.ndarray:
        """Until the picture satisfies something; that picture."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            picture = self.photo()
            if condition(picture):
                return picture
            time.sleep(0.1)
        kept = Path(tempfile.mkdtemp(prefix="tui-label-")) / "screen.png"
        Image.fromarray(self.photo()).save(kept)
        raise AssertionError(f"timeout; the screen is in {kept}")

    def settle(self, quiet: float = 0.6, timeout: float = 40.0) -> np.ndarray:
        """Until nothing moves any more; the last picture."""
        last, since = self.photo(), time.monotonic()

        def is_still(picture: np.ndarray) -> bool:
            nonlocal last, since
            if not np.array_equal(picture, last):
                last, since = picture, time.monotonic()
            return time.monotonic() - since >= quiet

        return self.wait(is_still, timeout)

    def after(self, act: Callable[[], None]) -> np.ndarray:
        """The picture that something changes, once it has changed and rests."""
        before = self.photo()
        act()
        self.wait(lambda now: not np.array_equal(now, before))
        return self.settle(0.6)


@contextmanager
def opened_desktop() -> Iterator[Desktop]:
    """An X server on the first free display."""
    with tempfile.TemporaryDirectory(prefix="tui-label-") as home:
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "{}x{}x24".format(*SCREEN)],
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        desktop = Desktop(f":{number}", Path(home), [server])
        try:
            yield desktop
        finally:
            desktop.close()


@contextmanager
def opened_window(
    desktop: Desktop, terminal: str, arguments: list[str], size: tuple[int, int], points: int = 11
) -> Iterator[Window]:
    """The program in a terminal.

    Args:
        desktop: where.
        terminal: ``kitty`` or ``xterm``.
        arguments: of the program.
        size: pixels, width and height; cells that do not fit whole are left out.
        points: of the font.
    """
    note = desktop.home / f"size-{time.monotonic_ns()}"
    inside = [sys.executable, "-c", _INSIDE, str(note), *arguments]
    process = desktop.start(_command(terminal, inside, size, points))
    program = 0
    desktop.run("xdotool", "mousemove", str(size[0] - 30), str(size[1] - 30))
    try:
        deadline = time.monotonic() + 40
        while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        rows, columns, width, height, program = map(int, note.read_text().split()[:5])
        # Kitty counts the pixels that fill no cell.
        cell = width // columns, height // rows
        yield Window(desktop, columns, rows, columns * cell[0], rows * cell[1], note)
    finally:
        process.terminate()
        process.wait(timeout=10)
        desktop.processes.remove(process)
        if program and not _is_gone(program, 5):
            os.kill(program, signal.SIGKILL)
            raise AssertionError("the program lived on without its terminal")


def _command(terminal: str, inside: list[str], size: tuple[int, int], points: int) -> list[str]:
    if terminal == "kitty":
        settings = {
            "remember_window_size": "no",
            "initial_window_width": size[0],
            "initial_window_height": size[1],
            "placement_strategy": "top-left",
            "window_padding_width": 0,
            "font_family": "DejaVu Sans Mono",
            "font_size": points,
            "cursor_blink_interval": 0,
            "update_check_interval": 0,
            "enable_audio_bell": "no",
            "confirm_os_window_close": 0,
        }
        options = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
        return ["kitty", "--config", "NONE", *options, *inside]
    # DejaVu Sans Mono of n points is about 0.8 n wide and 1.6 n high, at 96 dots an inch.
    columns, rows = int(size[0] / (points * 0.82)), int(size[1] / (points * 1.7))
    return [
        *("xterm", "-fa", "DejaVu Sans Mono", "-fs", str(points), "-b", "0", "-bw", "0", "+sb"),
        *("-geometry", f"{columns}x{rows}+0+0", "-bg", "black", "-fg", "white", "+bc"),
        *("-e", *inside),
    ]


def _is_gone(process: int, timeout: float) -> bool:
    """Whether a process that is not our child ends in time."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def _is_foreign(name: str) -> bool:
    return name in {"TMUX", "STY", "NO_COLOR", "COLUMNS", "LINES", "WAYLAND_DISPLAY"} or (
        name.startswith(("TUI_LABEL", "TEXTUAL", "KITTY"))
    )
