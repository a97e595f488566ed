"""Choosing a class by typing a part of its name, or naming classes for the first time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_label.dataset.classes import ClassList
from tui_label.tui.screens.panel import Panel
from tui_label.wording import printable


@dataclass(frozen=True, slots=True)
class Choice:
    """A class of the list, or names to be added to it."""

    class_id: int | None = None
    new_names: tuple[str, ...] = ()


class ClassPicker(Panel[Choice | None]):
    """A list of classes, narrowed by typing; ``None`` when it was put away.

    A name that is not in the list can be added at its end, which changes no number; several
    at once with commas between them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "put away", show=False),
        Binding("up,shift+tab", "move(-1)", show=False),
        Binding("down,tab", "move(1)", show=False),
    ]

    def __init__(self, classes: ClassList, current: int, title: str) -> None:
        super().__init__()
        self._list = classes
        self._current = current
        self._title = title

    def compose(self) -> ComposeResult:
        """The title, the line to type in, the list."""
        with Vertical(id="picker"):
            yield Static(self._title, id="picker-title", markup=False)
            yield Input(placeholder=self._placeholder(), id="picker-input")
            yield OptionList(id="picker-list", markup=False)

    def on_mount(self) -> None:
        """Show everything, the current class first under the cursor."""
        self._narrow("")
        if self._list.names:
            self.query_one(OptionList).highlighted = min(self._current, len(self._list.names) - 1)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value.strip())

    @on(Input.Submitted)
    def _entered(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._choose(options.get_option_at_index(options.highlighted))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option)

    def action_move(self, step: int) -> None:
        """Up or down in the list while the typing goes on."""
        options = self.query_one(OptionList)
        if options.option_count:
            at = options.highlighted or 0
            options.highlighted = (at + step) % options.option_count

    def _choose(self, option: Option) -> None:
        kind, _, value = (option.id or "").partition(":")
        if kind == "class":
            self.dismiss(Choice(class_id=int(value)))
        elif kind == "new":
            self.dismiss(Choice(new_names=_names(self.query_one(Input).value)))

    def _placeholder(self) -> str:
        if not self._list.names:
            return "dog, cat, bird"
        return "type a part of the name" + (", or a new one" if self._list.editable else "")

    def _narrow(self, typed: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        if typed:
            matcher = Matcher(typed)
            scored = [(matcher.match(name), i) for i, name in enumerate(self._list.names)]
            order = [i for score, i in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0]
        else:
            order = list(range(len(self._list.names)))
        options.add_options([Option(self._line(i), id=f"class:{i}") for i in order])
        names = _names(typed)
        fresh = [name for name in names if name not in self._list.names]
        if fresh and not self._list.editable:
            source = printable(self._list.source.name) if self._list.source else "its file"
            words = f"not among the names in {source}; new ones are added there"
            options.add_option(Option(Text(words, style="italic"), disabled=True))
        elif fresh and len(fresh) == len(names):
            words = ", ".join(f"“{printable(name)}”" for name in names)
            options.add_option(Option(Text(f"add {words}", style="italic"), id="new:"))
        if order or fresh:
            options.action_first()

    def _line(self, class_id: int) -> Text:
        key = str(class_id + 1) if class_id < 9 else " "
        return Text.assemble((f"{key} ", "bold"), self._list.title(class_id))


def _names(typed: str) -> tuple[str, ...]:
    return tuple(name for part in typed.split(",") if (name := part.strip()))
