"""All keys and commands, from the actions table."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.keys import format_key
from textual.widgets import Static

from tui_label.tui.actions import ACTIONS, GROUPS, Action
from tui_label.tui.screens.panel import Panel


class HelpScreen(Panel[None]):
    """Everything a person can do here, grouped, with keys and the words of the ``:`` line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss(None)", "put away", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, about: str) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """One table a group."""
        with VerticalScroll(id="help"):
            hint = f"escape closes this, arrows scroll. {self._about}"
            yield Static(hint, id="help-hint", markup=False)
            for group in GROUPS:
                yield Static(_table(group))

    def action_scroll(self, step: int) -> None:
        """Up or down by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)


def _table(group: str) -> Table:
    table = Table(title=group, title_justify="left", box=None, expand=True, padding=(0, 1))
    table.add_column("keys", ratio=2, style="bold")
    table.add_column("what", ratio=4)
    table.add_column("command", ratio=3, style="dim")
    for action in (action for action in ACTIONS if action.group == group):
        table.add_row(Text(keys_of(action)), Text(action.what), Text(action.synopsis))
    return table


def keys_of(action: Action) -> str:
    """The default keys of an action, as the footer writes them."""
    names = (format_key(key) for entry in action.keys for key in entry.keys.split(","))
    return action.keys_in_words or "  ".join(names)
