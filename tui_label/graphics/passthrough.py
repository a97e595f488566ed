"""Through tmux to the terminal outside: wrapped sequences, and the option that allows them.

tmux lets nothing through unless ``allow-passthrough`` is set (tmux 3.3; before that it always
did). It is set for our own pane alone, and put back when the program leaves.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

OPTION = "allow-passthrough"

_TMUX_S = 1.0
"""tmux answers within milliseconds; one that does not is stuck."""


def wrapped(sequence: bytes) -> bytes:
    """A sequence for the terminal outside tmux: every escape in it doubled."""
    return b"\x1bPtmux;" + sequence.replace(b"\x1b", b"\x1b\x1b") + b"\x1b\\"


@dataclass(frozen=True, slots=True)
class Passthrough:
    """Whether sequences reach the terminal outside.

    Args:
        known: tmux could be asked; it cannot where it runs on another machine.
        open: they do, as far as tmux is concerned.
        attached: there is a terminal outside now.
        before: the pane's own setting when we came, ``""`` for none; ``None`` where nothing
            was changed, so nothing is to be put back.
    """

    known: bool = False
    open: bool = False
    attached: bool = False
    before: str | None = None


def open_passthrough(environ: Mapping[str, str]) -> Passthrough:
    """Allow it for the pane in which the program runs, where it is not allowed already.

    ``all`` rather than ``on``: a mask that is ready while another window is looked at must not
    be lost. tmux 3.3 knows only ``on``.
    """
    pane = environ.get("TMUX_PANE", "")
    said = ask_tmux(
        environ, "display-message", "-p", "-t", pane, "#{allow-passthrough} #{client_pid}"
    )
    if said is None:
        return Passthrough()
    setting, _, client = said.partition(" ")
    if setting in {"on", "1", "all", ""}:
        return Passthrough(True, True, bool(client))
    before = ask_tmux(environ, "show-options", "-pv", "-t", pane, OPTION)
    for value in ("all", "on"):
        if ask_tmux(environ, "set-option", "-p", "-t", pane, OPTION, value) is not None:
            return Passthrough(True, True, bool(client), before or "")
    return Passthrough(True, False, bool(client))


def close_passthrough(environ: Mapping[str, str], before: str | None) -> None:
    """Put the pane's setting back.

    Only after tmux has read all that was written (it answers ``CSI c`` itself): what it reads
    later than this does not get through.
    """
    pane = environ.get("TMUX_PANE", "")
    if before is None:
        return
    if before:
        ask_tmux(environ, "set-option", "-p", "-t", pane, OPTION, before)
    else:
        ask_tmux(environ, "set-option", "-pu", "-t", pane, OPTION)


def ask_tmux(environ: Mapping[str, str], *words: str) -> str | None:
    """What a tmux command says; ``None`` where it fails, or there is no tmux to ask."""
    if not environ.get("TMUX") or not environ.get("TMUX_PANE"):
        return None
    try:
        done = subprocess.run(
            ["tmux", *words],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TMUX_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace").strip("\n") if done.returncode == 0 else None
