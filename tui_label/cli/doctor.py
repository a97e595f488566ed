"""``tui-label doctor``: what the terminal can do, what is chosen and why."""

from __future__ import annotations

import json
import os
import platform
import sys
import termios
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tui_label import __version__
from tui_label.cli.options import graphics_option
from tui_label.cli.signals import ended_cleanly
from tui_label.errors import TerminalError
from tui_label.wording import printable

if TYPE_CHECKING:
    from tui_label.graphics.capabilities import Capabilities

_PACKAGES = (
    "textual",
    "textual-image",
    "numpy",
    "onnxruntime",
    "onnxruntime-gpu",
    "opencv-python-headless",
    "opencv-python",
)

_VARIABLES = ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "TERM_PROGRAM")
"""What these say matters, and names nobody; of TMUX and others it matters that they are set."""

_SET = ("TMUX", "STY", "ZELLIJ", "SSH_CONNECTION", "TUI_LABEL_GRAPHICS")


@click.command()
@graphics_option
@click.option("--json", "as_json", is_flag=True, help="For bug reports: no names, no paths.")
@click.option("--card/--no-card", default=True, help="Show the test card.")
def doctor(graphics: str, as_json: bool, card: bool) -> None:
    """Ask the terminal what it can do, say how pictures are drawn and why, show a test card.

    The test card ends with q, escape, enter or a click.
    """
    with ended_cleanly():
        _examine(graphics, as_json, card)


def _examine(graphics: str, as_json: bool, card: bool) -> None:
    from tui_label.graphics.capabilities import choose
    from tui_label.graphics.probe import leave, probe

    stdin_fd, stdout_fd = _terminal()
    capabilities = probe(stdin_fd, stdout_fd)
    try:
        painter, reason = choose(capabilities, graphics)
        if as_json:
            click.echo(json.dumps(_report(capabilities, painter, reason), indent=2))
            return
        clicked = ""
        if card and capabilities.complete and sys.stdout.isatty():
            clicked = _card(stdin_fd, stdout_fd, capabilities, painter)
        for line in _table(capabilities, painter, reason, clicked):
            click.echo(line)
    finally:
        leave(stdin_fd, stdout_fd, capabilities)


def _card(stdin_fd: int, stdout_fd: int, capabilities: Capabilities, painter: str) -> str:
    from tui_label.cli.card import show_card

    try:
        return show_card(stdin_fd, stdout_fd, capabilities, painter)
    except (OSError, termios.error) as error:
        raise TerminalError("The terminal went away while the test card was shown.") from error


def _terminal() -> tuple[int, int]:
    """Where to ask: the error output is the terminal when the report goes into a file."""
    streams = (sys.__stdout__, sys.__stderr__)
    outputs = [stream.fileno() for stream in streams if stream is not None and stream.isatty()]
    stdin = sys.__stdin__
    if stdin is None or not stdin.isatty() or not outputs:
        return -1, -1
    return stdin.fileno(), outputs[0]


def _table(capabilities: Capabilities, painter: str, reason: str, clicked: str) -> list[str]:
    rows = [*_found(capabilities), ("picture", painter), ("why", reason)]
    if clicked:
        rows.append(("click", clicked))
    width = max(len(name) for name, _ in rows)
    return [f"{name:<{width}}  {printable(words)}" for name, words in rows]


def _found(capabilities: Capabilities) -> list[tuple[str, str]]:
    """What was found, in words."""
    from tui_label.graphics.brands import brand_of

    known = brand_of(capabilities.outer_brand or capabilities.brand)
    name = f"{capabilities.brand} {capabilities.version}".strip()
    rows = [("terminal", name or "it does not tell its name")]
    if capabilities.multiplexer:
        outside = f"{capabilities.outer_brand} {capabilities.outer_version}".strip()
        rows.append(("outside it", outside or "no answer"))
    if known.name:
        rows.append(("this brand", _seen(known.seen, known.note)))
    return [
        *rows,
        ("kitty graphics", _kitty(capabilities)),
        ("sixel", _sixel(capabilities)),
        ("inline images", _yes(capabilities.iterm2)),
        ("cell", _cell(capabilities)),
        ("mouse", "in pixels" if capabilities.pixel_mouse else "in cells"),
        ("colours", capabilities.colours),
        ("whole updates", _yes(capabilities.sync)),
        ("acknowledges", _yes(capabilities.acknowledge != "none")),
        ("asked", _asked(capabilities)),
    ]


def _seen(seen: bool, note: str) -> str:
    words = "tried with this program" if seen else "known from its documentation only"
    return f"{words}. {note}".strip() if note else words


def _kitty(capabilities: Capabilities) -> str:
    if not capabilities.kitty:
        return "no"
    parts = [
        ("parts can be changed", capabilities.kitty_edits),
        ("relative to text", capabilities.kitty_relative),
    ]
    return ", ".join(["yes", *(words if can else f"not: {words}" for words, can in parts)])


def _sixel(capabilities: Capabilities) -> str:
    words = [_yes(capabilities.sixel)]
    if capabilities.sixel_colours:
        words.append(f"{capabilities.sixel_colours} colours")
    if capabilities.sixel_largest:
        words.append("up to {} × {} pixels".format(*capabilities.sixel_largest))
    return ", ".join(words)


def _cell(capabilities: Capabilities) -> str:
    cell = capabilities.cell
    return f"{cell.width:g} × {cell.height:g} pixels" if cell else "unknown"


def _asked(capabilities: Capabilities) -> str:
    if not capabilities.complete:
        return capabilities.reason
    return f"{capabilities.reason} It took {capabilities.round_trip * 1000:.0f} ms."


def _yes(can: bool) -> str:
    return "yes" if can else "no"


def _report(capabilities: Capabilities, painter: str, reason: str) -> dict[str, Any]:
    """All of it, for a bug report: nothing names the person, the machine or a folder."""
    found = asdict(capabilities)
    raw = {name: _escaped(found.pop(name)) for name in ("said", "outer_said", "pending")}
    del found["typed"]
    return {
        "tui-label": __version__,
        "python": platform.python_version(),
        "packages": _versions(),
        "platform": f"{platform.system()} {platform.machine()}",
        "environment": {
            **{name: printable(os.environ[name]) for name in _VARIABLES if name in os.environ},
            **{name: name in os.environ for name in _SET},
        },
        "capabilities": found,
        "answers": raw,
        "picture": painter,
        "why": reason,
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _escaped(said: bytes) -> str:
    return said.decode("latin-1").encode("unicode_escape").decode("ascii")
