"""What every screen that lies over the picture has in common."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from rich.style import Style
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.geometry import Region
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.strip import Strip

from tui_label.tui import private

Result = TypeVar("Result")


class Moved(Message):
    """What lies over the picture may cover another part of it."""


if TYPE_CHECKING:
    _Base = Screen[Any]
else:
    # Textual takes styles from the first base that is a widget, which must be the other one.
    _Base = object


class SeeThrough(_Base):
    """A screen that draws nothing but its widgets: what is around them stays as it is.

    Textual would draw the screen below again, tinted, for every change: 116 KB for opening the
    help, and blanks over a picture that only the terminal could draw.
    """

    def on_mount(self) -> None:
        """Tell whoever is covered about every change of the layout."""
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._tell())

    def on_unmount(self) -> None:
        """Nothing is covered any more."""
        self._tell()

    def _tell(self) -> None:
        self.app.post_message(Moved())

    def get_style_at(self, x: int, y: int) -> Style:
        """Around the widgets there is none; Textual would draw all that is below to look."""
        return super().get_style_at(x, y) if self._is_on_widget(x, y) else Style.null()

    def _is_on_widget(self, x: int, y: int) -> bool:
        return any(child.region.contains(x, y) for child in self.children if child.display)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows that Textual leaves alone."""
        # While the window changes its size the layout may be ahead of the screen.
        width, height = max(self.size.width, crop.right), max(self.size.height, crop.bottom)
        below = partial(super().render_lines, Region(0, 0, width, height))
        rows = private.held(below, height, width)
        return [rows[y].crop(crop.x, crop.right) for y in crop.line_range]


class Panel(SeeThrough, ModalScreen[Result]):
    """A screen over the picture that is put away once, however often it is told to.

    A double click chooses twice; the second time Textual would take away what lies below.
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Put the screen away with a result; nothing happens when it is no longer on top."""
        if not self.is_current:
            return AwaitComplete(asyncio.sleep(0))
        return super().dismiss(result)


class Palette(SeeThrough, CommandPalette):
    """Textual's command palette over the picture."""
