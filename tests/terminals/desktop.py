"""An X server without a screen, the terminals that are windows on it, a hand and an eye.

Kitty is drawn by Mesa: llvmpipe, which in Mesa 22.3 lets pictures shine through words in red,
or softpipe, which takes 3 s for what the other does in 0.3 s. There is no window manager: a
terminal opens in the top left corner and has the keys while the pointer is over it. Foot
speaks Wayland, so it gets a weston of its size, which is a window here.
"""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from tests.terminals.screen import INSIDE, Screen, awaited_note, ended

SCREEN = (1400, 900)

TOOLS = ("Xvfb", "xdotool", "import")
"""What is needed besides a terminal; ``import`` is ImageMagick's."""


@dataclass
class Desktop:
    """One X server with at most one terminal.

    State: the display's name; the processes started on it, ended by their ids; the sizes of
    foot's cells that were measured, by points and system.
    """

    display: str
    home: Path
    driver: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    foot_cells: dict[tuple[int, Path | None], tuple[int, int]] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """For everything that runs here."""
        return surroundings(self.home) | {
            "DISPLAY": self.display,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "GALLIUM_DRIVER": self.driver,
        }

    def run(self, *command: str) -> bytes:
        """A tool on this display; its output."""
        done = subprocess.run(
            command, env=self.environ, capture_output=True, timeout=30, check=True
        )
        return done.stdout

    def start(self, command: list[str], **more: str) -> subprocess.Popen[bytes]:
        """A program on this display, to be ended with it; ``more`` for its environment."""
        process = subprocess.Popen(
            command,
            env=self.environ | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """One of those that were started."""
        self.processes.remove(process)
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def photo(self, size: tuple[int, int] = SCREEN) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: the top left part of the screen now."""
        part = "{}x{}+0+0".format(*size)
        # PPM: compressing it as PNG takes longer than all the rest.
        ppm = self.run("import", "-window", "root", "-crop", part, "-depth", "8", "ppm:-")
        return np.asarray(Image.open(io.BytesIO(ppm)).convert("RGB"))

    def close(self) -> None:
        """End everything, the newest first."""
        for process in reversed(self.processes.copy()):
            self.end(process)


@dataclass
class Window(Screen):
    """A terminal in the top left corner of the desktop."""

    desktop: Desktop

    def move(self, x: float, y: float) -> None:
        """See :class:`Screen`."""
        self.desktop.run("xdotool", "mousemove", str(int(x)), str(int(y)))

    def click(self, x: float, y: float, button: int = 1) -> None:
        """See :class:`Screen`."""
        self._press(x, y, button, 1)

    def wheel(self, x: float, y: float, steps: int) -> None:
        """See :class:`Screen`."""
        self._press(x, y, 4 if steps < 0 else 5, abs(steps))

    def press(self, name: str) -> None:
        """See :class:`Screen`."""
        self.desktop.run("xdotool", "key", name)

    def type(self, text: str) -> None:
        """See :class:`Screen`."""
        self.desktop.run("xdotool", "type", "--delay", "12", text)

    def photo(self) -> np.ndarray:
        """See :class:`Screen`."""
        return self.desktop.photo(self.size)

    def _press(self, x: float, y: float, button: int, times: int) -> None:
        # A hand does not jump: kitty 0.26 takes a pointer that was not seen moving to be at 0, 0.
        self.move(x - 3, y)
        self.move(x, y)
        time.sleep(0.3)
        repeated = ("--repeat", str(times), "--delay", "40") if times > 1 else ()
        self.desktop.run("xdotool", "click", *repeated, str(button))


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a person who has nothing set up, with a home of its own."""
    ours = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
    return ours | {
        "LANG": "C.UTF-8",
        "COLORTERM": "truecolor",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_RUNTIME_DIR": str(home),
        "TMUX_TMPDIR": str(home),
        "TUI_LABEL_MODELS": str(home / "models"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


def _is_foreign(name: str) -> bool:
    return name in {"TMUX", "STY", "NO_COLOR", "COLUMNS", "LINES", "WAYLAND_DISPLAY"} or (
        name.startswith(("TUI_LABEL", "TEXTUAL", "KITTY", "TERM_PROGRAM"))
    )


@contextmanager
def opened_desktop(driver: str = "llvmpipe") -> Iterator[Desktop]:
    """An X server on the first free display.

    Its home is in /tmp, which a chroot shares. ``driver`` is Mesa's name for what draws.
    """
    with tempfile.TemporaryDirectory(prefix="tui-label-", dir="/tmp") as home:
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
        desktop = Desktop(f":{number}", Path(home), driver, [server])
        try:
            yield desktop
        finally:
            desktop.close()


@contextmanager
def opened_window(
    desktop: Desktop,
    terminal: str,
    arguments: list[str],
    size: tuple[int, int],
    points: int = 11,
    *,
    multiplexer: bool = False,
    root: Path | None = None,
) -> Iterator[Window]:
    """The program in a terminal.

    Args:
        desktop: where.
        terminal: ``kitty``, ``xterm`` or ``foot``.
        arguments: of the program.
        size: pixels, width and height; cells that do not fit whole are left out.
        points: of the font.
        multiplexer: whether tmux stands between terminal and program.
        root: where terminal and tmux are taken from, the program not; see ``trixie.sh``.
    """
    if terminal == "foot":
        # On a whole screen it puts what is over around its cells, from 1.20 on.
        cell = _foot_cell(desktop, points, root)
        size = size[0] // cell[0] * cell[0], size[1] // cell[1] * cell[1]
    with _opened(desktop, terminal, arguments, size, points, multiplexer, root) as window:
        yield window


@contextmanager
def _opened(
    desktop: Desktop,
    terminal: str,
    arguments: list[str],
    size: tuple[int, int],
    points: int,
    multiplexer: bool,
    root: Path | None,
) -> Iterator[Window]:
    note = desktop.home / f"note-{time.monotonic_ns()}"
    inside = [sys.executable, str(INSIDE), str(note), *arguments]
    if root is not None:
        # Terminal and tmux see another system; the program is to see this one.
        inside = ["nsenter", "-t", str(os.getpid()), "-m", "-r", "-w", "--", *inside]
    if multiplexer:
        inside = ["tmux", "-L", note.name, "-f", _tmux_settings(desktop.home), "new", *inside]
    command = _COMMANDS[terminal](inside, size, points)
    if root is not None:
        command = [str(ENTER), str(root), *command]
    before = len(desktop.processes)
    desktop.run("xdotool", "mousemove", str(size[0] - 30), str(size[1] - 30))
    more = {}
    if terminal == "foot":
        more["WAYLAND_DISPLAY"] = _start_weston(desktop, size)
    desktop.start(command, **more)
    known: dict[str, int] = {}
    try:
        known = awaited_note(note)
        columns, rows = known["columns"], known["rows"]
        # Kitty counts the pixels that fill no cell.
        cell = known["width"] // columns, known["height"] // rows
        quiet = 2.5 if desktop.driver == "softpipe" else 0.8
        yield Window(columns, rows, cell, note, quiet, desktop)
    finally:
        for process in reversed(desktop.processes[before:]):
            desktop.end(process)
        ended(known)


def _foot_cell(desktop: Desktop, points: int, root: Path | None) -> tuple[int, int]:
    key = points, root
    if key not in desktop.foot_cells:
        with _opened(desktop, "foot", ["--version"], (400, 300), points, False, root) as window:
            desktop.foot_cells[key] = round(window.cell[0]), round(window.cell[1])
    return desktop.foot_cells[key]


ENTER = Path(__file__).with_name("enter.sh")

_IMAGE = 0xFFFD0002


def _start_weston(desktop: Desktop, size: tuple[int, int]) -> str:
    """A Wayland desktop of this size as a window; its name."""
    _hide_pointers(desktop.home)
    name = f"wayland-{time.monotonic_ns()}"
    options = ["--backend=x11-backend.so", "--shell=kiosk-shell.so", "--use-pixman", "--no-config"]
    geometry = [f"--width={size[0]}", f"--height={size[1]}", f"--socket={name}", "--idle-time=0"]
    desktop.start(["weston", *options, *geometry])
    deadline = time.monotonic() + 20
    while not (desktop.home / name).exists():
        assert time.monotonic() < deadline, "weston has not started"
        time.sleep(0.05)
    return name


def _hide_pointers(home: Path) -> None:
    """Weston draws the pointer into the picture, so it is to be one transparent pixel.

    The file is as Xcursor(3) describes it: a header, a table of contents with one entry, and
    an image of one pixel.
    """
    image = struct.pack("<9I", 36, _IMAGE, 24, 1, 1, 1, 0, 0, 0) + bytes(4)
    file = b"Xcur" + struct.pack("<3I", 16, 1 << 16, 1) + struct.pack("<3I", _IMAGE, 24, 28) + image
    folder = home / ".icons" / "default" / "cursors"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("default", "left_ptr", "text", "xterm", "crosshair", "pointer", "hand2"):
        (folder / name).write_bytes(file)


def _tmux_settings(home: Path) -> str:
    """What a person sets who wants pictures in tmux; and it ends with its terminal."""
    settings = home / "tmux.conf"
    settings.write_text(
        "set -g allow-passthrough on\nset -g mouse on\nset -g status off\n"
        "set -g destroy-unattached on\nset -as terminal-features ',*:RGB'\n"
        "set -s escape-time 20\nset -g focus-events on\n"
    )
    return str(settings)


def _kitty(inside: list[str], size: tuple[int, int], points: int) -> list[str]:
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


def _xterm(inside: list[str], size: tuple[int, int], points: int) -> list[str]:
    # DejaVu Sans Mono of n points is about 0.8 n wide and 1.6 n high, at 96 dots an inch.
    columns, rows = int(size[0] / (points * 0.82)), int(size[1] / (points * 1.7))
    return [
        # A terminal with sixel graphics and as many colours as they may have.
        *("xterm", "-ti", "vt340", "-xrm", "XTerm*numColorRegisters: 256"),
        *("-fa", "DejaVu Sans Mono", "-fs", str(points), "-b", "0", "-bw", "0", "+sb"),
        *("-geometry", f"{columns}x{rows}+0+0", "-bg", "black", "-fg", "white", "+bc"),
        *("-e", *inside),
    ]


def _foot(inside: list[str], size: tuple[int, int], points: int) -> list[str]:
    settings = {
        "font": f"DejaVu Sans Mono:size={points}",
        "pad": "0x0",
        "dpi-aware": "no",
        "cursor.blink": "no",
        "colors.background": "000000",
    }
    options = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
    return ["foot", "-c", "/dev/null", *options, *inside]


_COMMANDS = {"kitty": _kitty, "xterm": _xterm, "foot": _foot}
