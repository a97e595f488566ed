"""The test card on the screen: a picture, and the mouse's place finer than a cell.

The terminal is given back as it was however this ends: a key, a click, ctrl+c, an exception of
whoever handles signals, or a fault.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import termios
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass

from tui_label.geometry.boxes import Size
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.painter import Painter, View
from tui_label.graphics.painters import make_painter
from tui_label.graphics.probe import kernel_cell
from tui_label.graphics.replies import ReplyFilter
from tui_label.graphics.testcard import SIZE, TO_SEE, test_card
from tui_label.graphics.viewport import CellSize, Viewport

_GUESS = CellSize(8, 16)
_TOP, _BOTTOM = 2, 1
"""Rows of words over and under the picture."""

_SMALLEST = Size(16, 4)
_LINGER_S = 1.0
"""How long the mark of a click is shown before the card goes."""

_ESCAPE_S = 0.1
"""An Escape with nothing behind it for so long is the key."""

_ENTER = "\x1b[?1049h\x1b[2J\x1b[?25l\x1b[?1000h\x1b[?1003h\x1b[?1006h"
_LEAVE = "\x1b[?1016l\x1b[?1006l\x1b[?1003l\x1b[?1000l\x1b[0m\x1b[?25h\x1b[?1049l"
_PIXELS = "\x1b[?1016h"

_MOUSE = re.compile(r"\x1b\[<(\d{1,4});(-?\d{1,6});(-?\d{1,6})([Mm])")
_SEQUENCE = re.compile(r"\x1b(?:[\[O][0-?]*[ -/]*[@-~]?|[^\[O])")
_LEAVING = frozenset("qQ\r\n")
_MOVED, _WHEEL = 32, 64


@dataclass(slots=True)
class _Hand:
    """What the person has done. State of one card, in the one thread that there is.

    Args:
        place: of the pointer, fractional columns and rows of the screen; ``None`` before it
            moved.
        pressed: where a button went down.
        is_over: a key said so.
    """

    place: tuple[float, float] | None = None
    pressed: tuple[float, float] | None = None
    is_over: bool = False


def show_card(stdin_fd: int, stdout_fd: int, capabilities: Capabilities, painter: str) -> str:
    """Show it until a key or a click.

    Returns:
        A sentence on where the click was; empty without one.

    Raises:
        OSError: the terminal went away.
    """
    shown = make_painter(painter, capabilities)
    hand = _Hand()
    with _borrowed(stdin_fd, stdout_fd, capabilities, shown):
        _show(stdin_fd, stdout_fd, capabilities, shown, hand)
    if hand.pressed is None:
        return ""
    column, row = hand.pressed
    return f"column {column:.2f}, row {row:.2f} of the screen, in cells"


def _show(
    stdin_fd: int, stdout_fd: int, capabilities: Capabilities, painter: Painter, hand: _Hand
) -> None:
    replies = ReplyFilter(capabilities.pending)
    text = replies.feed(capabilities.typed.decode("latin-1"))
    seen: tuple[os.terminal_size, CellSize] | None = None
    done: object = None
    until = None
    while True:
        window = os.get_terminal_size(stdout_fd)
        cell = kernel_cell(stdout_fd) or capabilities.cell or _GUESS
        if seen != (window, cell):
            seen, done = (window, cell), None
            _write(stdout_fd, painter.clear() + b"\x1b[2J" + _words(window.columns, painter.name))
        text = _understand(text, capabilities, cell, hand)
        if hand.is_over or (until is not None and time.monotonic() >= until):
            return
        if hand.pressed is not None and until is None:
            until = time.monotonic() + _LINGER_S
        if done != (hand.place, hand.pressed):
            done = hand.place, hand.pressed
            _write(stdout_fd, _painted(painter, window, cell, hand))
        if not _ready(stdin_fd, _LINGER_S / 4):
            continue
        text += replies.feed(_read(stdin_fd))
        if text.endswith("\x1b") and not _ready(stdin_fd, _ESCAPE_S):
            return


def _painted(painter: Painter, window: os.terminal_size, cell: CellSize, hand: _Hand) -> bytes:
    """The card for a window, and the line in words under it."""
    cells = Size(window.columns, window.lines - _TOP - _BOTTOM)
    if cells.width < _SMALLEST.width or cells.height < _SMALLEST.height:
        return b"\x1b[1;1HThe window is too small for the card."[: window.columns + 6]
    viewport = Viewport.fitted(SIZE, cells, cell)
    places = [
        None if place is None else viewport.to_image(place[0], place[1] - _TOP)
        for place in (hand.place, hand.pressed)
    ]
    pointer, pressed = (place if _is_inside(place) else None for place in places)
    painted = painter.paint(View(test_card(pointer, pressed), viewport, (0, _TOP)))
    line = f"\x1b[{window.lines};1H\x1b[0m\x1b[K{_echo(hand, places[0])[: window.columns - 1]}"
    return painted.data + line.encode()


def _echo(hand: _Hand, image: tuple[float, float] | None) -> str:
    if hand.place is None or image is None:
        return "Move the mouse over the picture."
    column, row = hand.place
    return (
        f"mouse: column {column:7.3f}  row {row:7.3f}   image: x {image[0]:6.1f}  y {image[1]:6.1f}"
    )


def _is_inside(place: tuple[float, float] | None) -> bool:
    return place is not None and 0 <= place[0] <= SIZE.width and 0 <= place[1] <= SIZE.height


def _words(columns: int, painter: str) -> bytes:
    title = f"tui-label test card, drawn with {painter}. q, escape, enter or a click leaves."
    return f"\x1b[1;1H{title[: columns - 1]}\x1b[2;1H{TO_SEE[: columns - 1]}".encode()


def _understand(text: str, capabilities: Capabilities, cell: CellSize, hand: _Hand) -> str:
    """Take mouse reports and keys in; what is left is the beginning of a sequence."""
    while text:
        report = _MOUSE.match(text)
        if report is not None:
            _point(report, capabilities, cell, hand)
            text = text[report.end() :]
            continue
        if text.startswith("\x1b"):
            sequence = _SEQUENCE.match(text)
            if sequence is None or (sequence.end() == len(text) and not text[-1].isalpha()):
                return text[-64:]
            text = text[sequence.end() :]
            continue
        hand.is_over = hand.is_over or text[0] in _LEAVING
        text = text[1:]
    return text


def _point(report: re.Match[str], capabilities: Capabilities, cell: CellSize, hand: _Hand) -> None:
    code, x, y = (int(word) for word in report.groups()[:3])
    if capabilities.pixel_mouse:
        bias = capabilities.pixel_bias
        # A report counts from 1; its middle is half a pixel further.
        hand.place = (x + bias - 0.5) / cell.width, (y + bias - 0.5) / cell.height
    else:
        hand.place = x - 0.5, y - 0.5
    if report[4] == "M" and not code & (_MOVED | _WHEEL):
        hand.pressed = hand.place


@contextlib.contextmanager
def _borrowed(
    stdin_fd: int, stdout_fd: int, capabilities: Capabilities, painter: Painter
) -> Iterator[None]:
    """The terminal's other screen, keys one by one, the mouse; and all of it back."""
    before = termios.tcgetattr(stdin_fd)
    try:
        tty.setcbreak(stdin_fd, termios.TCSADRAIN)
        _refuse_to_stop(stdin_fd)
        _write(stdout_fd, (_ENTER + (_PIXELS if capabilities.pixel_mouse else "")).encode())
        yield
    finally:
        # The terminal may be the very thing that went away.
        with contextlib.suppress(OSError, termios.error):
            _write(stdout_fd, painter.clear() + _LEAVE.encode())
            termios.tcsetattr(stdin_fd, termios.TCSAFLUSH, before)


def _refuse_to_stop(stdin_fd: int) -> None:
    """No ctrl+z: the shell would get the card and the mouse reports."""
    mode = termios.tcgetattr(stdin_fd)
    mode[6][termios.VSUSP] = b"\0"
    termios.tcsetattr(stdin_fd, termios.TCSADRAIN, mode)


def _ready(fd: int, seconds: float) -> bool:
    return bool(select.select([fd], [], [], seconds)[0])


def _read(fd: int) -> str:
    chunk = os.read(fd, 1 << 16)
    if not chunk:
        raise OSError("the terminal went away")
    return chunk.decode("latin-1")


def _write(fd: int, content: bytes) -> None:
    while content:
        content = content[os.write(fd, content) :]
