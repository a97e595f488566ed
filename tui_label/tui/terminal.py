"""The terminal that looks at the app may be another one from one moment to the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from textual.app import App
from textual.timer import Timer

from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.reattach import Client, reprobe_questions, reprobed, tmux_client
from tui_label.graphics.replies import parse_replies
from tui_label.graphics.understanding import with_outer
from tui_label.tui import private

_PATIENCE_S = 2.0


class Attachment:
    """Finds out when another terminal was attached (``tmux attach``), and what that one can do.

    State: who looked last, what was said since the terminal was asked again. Used on the app's
    thread, but for :meth:`look`.

    Args:
        app: writes the questions.
        capabilities: of the terminal that the app was started in.
        changed: called with what the new terminal can do, also when that is the same as
            before: it does not hold our pictures.
        active: called with whether answers come to us; while they do not, they would be
            typed into whatever pane has the keys.
        environ: for ``TMUX`` and ``TMUX_PANE``.
    """

    def __init__(
        self,
        app: App[None],
        capabilities: Capabilities,
        changed: Callable[[Capabilities], None],
        active: Callable[[bool], None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.capabilities = capabilities
        self._app = app
        self._changed = changed
        self._active = active
        self._environ = environ
        self._client: Client | None = None
        # What came too late for the first questions may come yet.
        self._listening = not capabilities.complete
        self._said = capabilities.said
        self._is_another = False
        self._deadline: Timer | None = None

    @property
    def can_change(self) -> bool:
        """Whether another terminal may come: outside a multiplexer it stays the same."""
        return self.capabilities.multiplexer == "tmux"

    def look(self) -> Client | None:
        """Who looks now; runs ``tmux``, so better on a thread of its own."""
        return tmux_client(self._environ)

    def seen(self, client: Client | None) -> None:
        """This one looks now: ask it what it can do where it is not the one that did before."""
        if client is None:
            return
        self._active(client.is_active)
        before = self._client
        if before is None or client.terminal == before.terminal:
            self._client = client
        elif client.terminal and client.is_active:
            # Where it is not active it cannot be asked yet, and still counts as new later.
            self._client, self._is_another = client, True
            self.ask()

    def ask(self) -> None:
        """Ask the terminal once more what it can do; ``changed`` follows where that differs."""
        self._said, self._listening = b"", True
        private.write(self._app, reprobe_questions(self.capabilities).decode("latin-1"))
        if self._deadline is not None:
            self._deadline.stop()
        self._deadline = self._app.set_timer(_PATIENCE_S, self._out_of_patience)

    def answered(self, replies: bytes) -> None:
        """The terminal has said something about itself, perhaps very late."""
        if not self._listening:
            return
        self._said += replies
        found = reprobed(self.capabilities, self._said, self._environ, private.cell_size())
        if found is not None:
            self._listening = False
            self._settle(found)

    def _out_of_patience(self) -> None:
        # Of another terminal nothing is known but what it has said so far: a picture that
        # cannot be seen would be worse than cells. Should it answer yet, that will be mended.
        known = self.capabilities
        self._settle(with_outer(known, parse_replies(self._said)) if self._is_another else known)

    def _settle(self, found: Capabilities) -> None:
        if self._deadline is not None:
            self._deadline.stop()
            self._deadline = None
        another = self._is_another or _abilities(found) != _abilities(self.capabilities)
        self.capabilities, self._is_another = found, False
        if another:
            self._changed(found)


def _abilities(capabilities: Capabilities) -> Capabilities:
    """Without what differs from one answer of the same terminal to the next, or is measured."""
    return replace(
        capabilities,
        said=b"",
        outer_said=b"",
        typed=b"",
        pending=b"",
        round_trip=0.0,
        complete=True,
        reason="",
        cell=None,
    )
