"""The ``:`` line."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from tui_label.tui.actions import BY_NAME


class CommandLine(Input):
    """Where commands are typed; hidden while nobody types.

    State: the commands of this session, newest last, to be had again with the arrows.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up", "recall(-1)", show=False),
        Binding("down", "recall(1)", show=False),
        Binding("tab", "cursor_right", show=False),
    ]

    class Typed(Message):
        """A command was typed."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    class Left(Message):
        """The line was put away."""

    def __init__(self) -> None:
        super().__init__(
            id="command-line", placeholder="point 410 233", suggester=_Commands(), compact=True
        )
        self.display = False
        self._past: list[str] = []
        self._at = 0

    def open(self) -> None:
        """Show the line and take the keys."""
        self.value = ""
        self._at = len(self._past)
        self.display = True
        self.focus()

    def action_leave(self) -> None:
        """Put the line away without a command."""
        self.display = False
        self.post_message(self.Left())

    def action_recall(self, step: int) -> None:
        """A command typed before."""
        self._at = min(max(self._at + step, 0), len(self._past))
        self.value = self._past[self._at] if self._at < len(self._past) else ""
        self.cursor_position = len(self.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the command on."""
        event.stop()
        self.display = False
        # First away, then the command: it may be the one that opens the line.
        self.post_message(self.Left())
        if event.value.strip():
            self._past.append(event.value)
            self.post_message(self.Typed(event.value))


class _Commands(Suggester):
    def __init__(self) -> None:
        super().__init__(use_cache=False)

    async def get_suggestion(self, value: str) -> str | None:
        names = (name for name in BY_NAME if name.startswith(value))
        return next(names, None) if value else None
