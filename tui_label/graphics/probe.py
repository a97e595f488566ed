"""Ask the terminal what it can do: once, in one write, before the app owns it."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
import time
import tty
from collections.abc import Mapping

from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.replies import (
    PIXEL_MOUSE_MODE,
    QUERY_ID,
    SYNC_MODE,
    Replies,
    parse_replies,
)
from tui_label.graphics.viewport import CellSize

QUESTIONS = (
    b"\x1b[>q"
    + f"\x1b_Gi={QUERY_ID},s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\".encode()
    + b"\x1b[16t"
    + f"\x1b[?{PIXEL_MOUSE_MODE}$p\x1b[?{SYNC_MODE}$p".encode()
    + b"\x1b[c"
)
"""Brand, kitty graphics, cell size, two modes; then the device attributes, which every
terminal answers and which therefore say that no other answer will come."""


def probe(
    stdin_fd: int,
    stdout_fd: int,
    timeout: float = 2.0,
    environ: Mapping[str, str] = os.environ,
) -> Capabilities:
    """What the terminal answers within ``timeout`` seconds; returns as soon as it has.

    The terminal's mode is the same afterwards, whatever happens. Keys that were typed
    meanwhile are in ``typed``; later answers are the business of ``ReplyFilter``.

    Args:
        stdin_fd: where the terminal's answers come from.
        stdout_fd: where it is written to.
        timeout: seconds; generous, as a slow line answers late.
        environ: for ``TERM``, ``TMUX`` and ``STY``.
    """
    multiplexer = _multiplexer(environ)
    if not (os.isatty(stdin_fd) and os.isatty(stdout_fd)):
        return Capabilities(multiplexer=multiplexer, reason="This is not a terminal.")
    if environ.get("TERM", "") in {"", "dumb"}:
        return Capabilities(
            cell=_kernel_cell(stdout_fd),
            reason="TERM says that the terminal understands no sequences.",
        )
    try:
        replies = _ask(stdin_fd, stdout_fd, timeout)
    except (OSError, termios.error):
        return Capabilities(multiplexer=multiplexer, reason="The terminal went away while asked.")
    if replies.brand in {"tmux", "screen"}:
        multiplexer = replies.brand
    return Capabilities(
        brand=replies.brand,
        version=replies.version,
        kitty=replies.kitty,
        sixel=replies.sixel,
        cell=_kernel_cell(stdout_fd) or replies.cell,
        pixel_mouse=replies.pixel_mouse,
        sync=replies.sync,
        multiplexer=multiplexer,
        complete=replies.complete,
        reason=_reason(replies, timeout),
        typed=replies.typed,
        pending=replies.pending,
    )


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


def _ask(stdin_fd: int, stdout_fd: int, timeout: float) -> Replies:
    before = termios.tcgetattr(stdin_fd)
    try:
        # TCSADRAIN: what was typed before the questions is still wanted.
        tty.setcbreak(stdin_fd, termios.TCSADRAIN)
        _write(stdout_fd, QUESTIONS)
        return _listen(stdin_fd, timeout)
    finally:
        # Everything that arrived was read; what arrives from now on is the app's.
        termios.tcsetattr(stdin_fd, termios.TCSADRAIN, before)


def _write(fd: int, content: bytes) -> None:
    while content:
        content = content[os.write(fd, content) :]


def _listen(fd: int, timeout: float) -> Replies:
    deadline = time.monotonic() + timeout
    received = b""
    replies = Replies()
    while not replies.complete:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            break
        chunk = os.read(fd, 4096)
        if not chunk:
            break
        received += chunk
        replies = parse_replies(received)
    return replies


def _kernel_cell(fd: int) -> CellSize | None:
    window = window_pixels(fd)
    if window is None:
        return None
    columns, rows, width, height = window
    return CellSize(width / columns, height / rows)


def _multiplexer(environ: Mapping[str, str]) -> str:
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith("tmux"):
        return "tmux"
    if environ.get("STY") or term.startswith("screen"):
        return "screen"
    return ""


def _reason(replies: Replies, timeout: float) -> str:
    name = f"{replies.brand} {replies.version}".strip() or "The terminal"
    if replies.complete:
        return f"{name} answered."
    return f"{name} did not answer everything within {timeout:g} s."
