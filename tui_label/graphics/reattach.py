"""Noticing that another terminal looks at us now, and asking it again while the app runs.

What was seen in a pane of tmux 3.3a and 3.5a: on ``tmux detach`` focus goes (``CSI O``), on
``tmux attach`` from any terminal it comes (``CSI I``), whatever ``focus-events`` says. A new
window size is told by SIGWINCH, but a terminal with as many cells and larger pixels is not, and
the name of its tty is often the same again. So when focus comes or the size changes, tmux is
asked which client it is. Outside tmux the terminal stays the same, and a font zoom changes the
window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.passthrough import ask_tmux
from tui_label.graphics.probe import AGAIN, OUTER_AGAIN
from tui_label.graphics.replies import parse_replies
from tui_label.graphics.understanding import understood, with_outer
from tui_label.graphics.viewport import CellSize

_FORMAT = (
    "#{client_pid} #{client_created} #{client_termname} "
    "#{client_cell_width}x#{client_cell_height}\t#{pane_active}#{window_active}"
)


@dataclass(frozen=True, slots=True)
class Client:
    """Who looks at the pane.

    Args:
        terminal: differs whenever another terminal was attached, or its cells have another
            size; empty while none is.
        is_active: its keys, and so its answers, come to our pane. While they go to another
            one, asking the terminal outside would type the answers there.
    """

    terminal: str
    is_active: bool


def tmux_client(environ: Mapping[str, str]) -> Client | None:
    """Who looks at the pane now; ``None`` outside tmux, or where it cannot be asked.

    Runs ``tmux`` (3 ms): once for a change of focus or size, not for every frame, and better
    not on the thread that draws.
    """
    said = ask_tmux(environ, "display-message", "-p", "-t", environ.get("TMUX_PANE", ""), _FORMAT)
    if said is None:
        return None
    terminal, _, active = said.partition("\t")
    is_attached = terminal.partition(" ")[0].isdecimal()
    return Client(terminal if is_attached else "", is_attached and active == "11")


def reprobe_questions(capabilities: Capabilities) -> bytes:
    """What to write so that the terminal says again what it can do.

    The answers come through :class:`tui_label.graphics.replies.ReplyFilter`; collect what its
    ``take_replies`` gives until :func:`reprobed` knows enough, for 2 seconds at most.
    """
    return OUTER_AGAIN if capabilities.multiplexer == "tmux" else AGAIN


def reprobed(
    capabilities: Capabilities,
    said: bytes,
    environ: Mapping[str, str],
    kernel_cell: CellSize | None,
) -> Capabilities | None:
    """What the terminal can do now; ``None`` while its last answer is still to come.

    Args:
        capabilities: as they were; modes and acknowledgements, which are not asked for again,
            stay.
        said: every reply since the questions were written.
        environ: as in :func:`tui_label.graphics.probe.probe`.
        kernel_cell: see :func:`tui_label.graphics.probe.kernel_cell`.
    """
    replies = parse_replies(said)
    if not replies.complete:
        return None
    if capabilities.multiplexer == "tmux":
        found = with_outer(
            replace(capabilities, cell=kernel_cell or replies.cell or capabilities.cell), replies
        )
        # It answered through tmux, so it also answers status reports.
        return replace(found, acknowledge="tmux-dsr")
    found = understood(replies, environ, kernel_cell)
    return replace(
        found,
        in_band_resize=capabilities.in_band_resize,
        sync=capabilities.sync,
        # Who answers late answers all the same.
        acknowledge="dsr" if capabilities.acknowledge == "none" else capabilities.acknowledge,
        round_trip=capabilities.round_trip,
        passthrough_before=capabilities.passthrough_before,
        reason=capabilities.reason,
    )
