"""Ask the terminal what it can do: once, in one write, before the app owns it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct
import termios
import time
import tty
from collections.abc import Callable, Mapping
from dataclasses import replace

from tui_label.graphics.acknowledge import STATUS, graphics_question
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.passthrough import (
    Passthrough,
    close_passthrough,
    open_passthrough,
    wrapped,
)
from tui_label.graphics.replies import (
    PIXEL_MOUSE_MODE,
    RESIZE_MODE,
    SYNC_MODE,
    Replies,
    parse_replies,
)
from tui_label.graphics.understanding import multiplexer_of, understood, with_outer
from tui_label.graphics.viewport import CellSize

_NAME = b"\x1b[>q"
_CELL = b"\x1b[16t"
_ATTRIBUTES = b"\x1b[c"

_ABILITIES = (
    _NAME
    + graphics_question()
    + _CELL
    + b"\x1b]1337;ReportCellSize\x1b\\"
    + f"\x1b[?{PIXEL_MOUSE_MODE}$p".encode()
    # Registers; the largest picture now and ever: xterm answers the first with its window.
    + b"\x1b[?1;1;0S\x1b[?2;1;0S\x1b[?2;4;0S"
)

QUESTIONS = _ABILITIES + f"\x1b[?{RESIZE_MODE}$p\x1b[?{SYNC_MODE}$p".encode() + STATUS + _ATTRIBUTES
"""Brand, kitty graphics, cell size, iTerm2's inline images, sixel, three modes; whether it
answers status reports; then the device attributes, which every terminal answers and which
therefore say that no other answer will come."""

MULTIPLEXED_QUESTIONS = QUESTIONS.replace(graphics_question(), b"")
"""tmux takes what it does not know of that kind for a title, and screen for a message."""

OUTER_QUESTIONS = b"".join(map(wrapped, (_NAME, graphics_question(), _CELL, _ATTRIBUTES, STATUS)))
"""For the terminal outside tmux. tmux may keep the answer to the attributes for itself when it
has just been attached, so here the status report is the last one."""

AGAIN = _ABILITIES + _ATTRIBUTES
"""While the app runs: without the modes, whose answers Textual would take for its own, and
without the status report, which would count as an acknowledgement."""

OUTER_AGAIN = b"".join(map(wrapped, (_NAME, graphics_question(), _CELL, _ATTRIBUTES)))

_UNSURE_S = 0.5
"""How much longer than tmux itself the terminal outside may take where nobody can say whether
tmux lets anything through (it runs on another machine)."""


def probe(
    stdin_fd: int,
    stdout_fd: int,
    timeout: float = 2.0,
    environ: Mapping[str, str] = os.environ,
) -> Capabilities:
    """What the terminal answers within ``timeout`` seconds; returns as soon as it has.

    Inside tmux the terminal outside is asked as well, for which ``timeout`` begins anew. The
    terminal's mode is the same afterwards, whatever happens. Keys that were typed meanwhile
    are in ``typed``; later answers are the business of ``ReplyFilter``.

    Args:
        stdin_fd: where the terminal's answers come from.
        stdout_fd: where it is written to.
        timeout: seconds; generous, as a slow line answers late.
        environ: what :func:`tui_label.graphics.understanding.understood` needs, and for tmux.
    """
    nothing = understood(Replies(), environ, None)
    if not (os.isatty(stdin_fd) and os.isatty(stdout_fd)):
        return replace(nothing, reason="This is not a terminal.")
    if environ.get("TERM", "") in {"", "dumb"}:
        return replace(
            nothing,
            cell=kernel_cell(stdout_fd),
            colours="grey",
            reason="TERM says that the terminal understands no sequences.",
        )
    try:
        before = termios.tcgetattr(stdin_fd)
        try:
            # TCSADRAIN: what was typed before the questions is still wanted.
            tty.setcbreak(stdin_fd, termios.TCSADRAIN)
            return _asked(stdin_fd, stdout_fd, timeout, environ)
        finally:
            # Everything that arrived was read; what arrives from now on is the app's.
            termios.tcsetattr(stdin_fd, termios.TCSADRAIN, before)
    except (OSError, termios.error):
        return replace(nothing, reason="The terminal went away while asked.")


def leave(
    stdin_fd: int,
    stdout_fd: int,
    capabilities: Capabilities,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Put back what the probe changed in tmux; call it when the last byte has been written.

    Waits, for a second at most, until tmux has read everything: what comes later than the
    option would not get through to the terminal outside.
    """
    if capabilities.passthrough_before is None:
        return
    with contextlib.suppress(OSError, termios.error):
        before = termios.tcgetattr(stdin_fd)
        try:
            tty.setcbreak(stdin_fd, termios.TCSADRAIN)
            _write(stdout_fd, STATUS)
            _listen(stdin_fd, 1.0, b"", lambda replies: replies.status > 0)
        finally:
            termios.tcsetattr(stdin_fd, termios.TCSADRAIN, before)
    close_passthrough(environ, capabilities.passthrough_before)


def window_pixels(fd: int) -> tuple[int, int, int, int] | None:
    """The terminal's columns and rows, and its width and height in pixels, right now.

    ``None`` where the kernel lacks one of them, and for what is no terminal.
    """
    try:
        answer = fcntl.ioctl(fd, termios.TIOCGWINSZ, b"\0" * 8)
    except OSError:
        return None
    rows, columns, width, height = struct.unpack("HHHH", answer)
    return None if 0 in {rows, columns, width, height} else (columns, rows, width, height)


def kernel_cell(fd: int) -> CellSize | None:
    """Pixels of a cell as the kernel has them right now; ``None`` where it does not."""
    window = window_pixels(fd)
    return None if window is None else cell_of(window)


def cell_of(window: tuple[int, int, int, int]) -> CellSize:
    """Whole pixels of a cell in a window of columns, rows, width and height in pixels.

    What is left over is the border: xterm counts it into the window, but neither into mouse
    reports nor into where a cell begins. 484 pixels are 80 columns of 6 and a border of 4.
    """
    columns, rows, width, height = window
    return CellSize(float(max(width // columns, 1)), float(max(height // rows, 1)))


def _asked(
    stdin_fd: int, stdout_fd: int, timeout: float, environ: Mapping[str, str]
) -> Capabilities:
    is_multiplexed = multiplexer_of(Replies(), environ) != ""
    _write(stdout_fd, MULTIPLEXED_QUESTIONS if is_multiplexed else QUESTIONS)
    replies, seconds = _listen(stdin_fd, timeout, b"", lambda replies: replies.complete)
    found = understood(replies, environ, kernel_cell(stdout_fd))
    found = replace(found, round_trip=seconds, reason=_reason(replies, timeout))
    if multiplexer_of(replies, environ) != "tmux" or not replies.complete:
        return found
    way, patience = open_passthrough(environ), timeout
    if not way.known:
        way, patience = Passthrough(open=True, attached=True), _UNSURE_S + 2 * seconds
    found = replace(found, passthrough_before=way.before)
    if not (way.open and way.attached):
        return found
    _write(stdout_fd, OUTER_QUESTIONS)
    outer, seconds = _listen(
        stdin_fd, min(patience, timeout), found.pending, lambda replies: replies.status > 0
    )
    found = with_outer(found, outer)
    if outer.status:
        found = replace(found, round_trip=seconds)
    return found


def _write(fd: int, content: bytes) -> None:
    while content:
        content = content[os.write(fd, content) :]


def _listen(
    fd: int, timeout: float, received: bytes, is_over: Callable[[Replies], bool]
) -> tuple[Replies, float]:
    """The replies, and the seconds to the last one; 0 when that did not come."""
    begun = time.monotonic()
    replies = parse_replies(received)
    while not is_over(replies):
        left = begun + timeout - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            return replies, 0.0
        chunk = os.read(fd, 4096)
        if not chunk:
            return replies, 0.0
        received += chunk
        replies = parse_replies(received)
    return replies, time.monotonic() - begun


def _reason(replies: Replies, timeout: float) -> str:
    name = f"{replies.brand} {replies.version}".strip() or "The terminal"
    if replies.complete:
        return f"{name} answered."
    return f"{name} did not answer everything within {timeout:g} s."
