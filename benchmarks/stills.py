"""The same pictures shown by textual-image's widgets: ``python -m benchmarks.stills KIND FOLDER``.

The letter ``a`` shows the first picture of FOLDER, ``b`` the second; ``+`` opens a dialog over
it and ``-`` puts it away. The pictures are ready when the app starts, so what a key costs is
the widget's own work.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from textual.app import App, ComposeResult
from textual.events import Key
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from benchmarks.ways import CANVAS, CELL

KINDS = ("TGPImage", "SixelImage", "HalfcellImage", "UnicodeImage")


def widget(kind: str) -> Any:
    """A widget of textual-image that has not asked the terminal anything.

    Its questions wait 0.1 s for their answers, and a later answer is taken for keys; it asks
    when it is imported, and only a terminal.
    """
    screen = sys.__stdout__
    with Path(os.devnull).open("w") as nowhere:
        sys.__stdout__ = nowhere  # type: ignore[misc]
        from textual_image import _terminal
        from textual_image import widget as widgets
    sys.__stdout__ = screen  # type: ignore[misc]
    size = _terminal.CellSize(int(CELL.width), int(CELL.height))
    setattr(_terminal.get_cell_size, "_result", size)  # noqa: B010
    return getattr(widgets, kind)()


class Dialog(ModalScreen[None]):
    """A box of text over the middle of the picture, which stays visible around it."""

    CSS = """
    Dialog { align: center middle; background: transparent; }
    Dialog Static { width: 60; height: 16; border: solid white; }
    """

    def compose(self) -> ComposeResult:
        """A few lines."""
        yield Static("\n".join(["Which class?"] * 8))

    def on_key(self, event: Key) -> None:
        """Put away."""
        if event.character == "-":
            self.dismiss()


class Stills(App[None]):
    """One picture at a time. State: which."""

    CSS = f"#picture {{ width: 100%; height: {CANVAS.height}; }}"

    def __init__(self, picture: Widget, folder: Path) -> None:
        super().__init__()
        self._picture = picture
        picture.id = "picture"
        self._pictures = [Image.open(file) for file in sorted(folder.glob("*.png"))]
        for picture_file in self._pictures:
            picture_file.load()
        self._show(0)

    def compose(self) -> ComposeResult:
        """The picture, and words below it."""
        yield self._picture
        yield Static("ready")

    def on_key(self, event: Key) -> None:
        """Another picture, or the dialog."""
        if event.character == "+":
            self.push_screen(Dialog())
        elif event.character is not None and event.character.islower():
            self._show(ord(event.character) - ord("a"))

    def _show(self, number: int) -> None:
        picture: Any = self._picture
        picture.image = self._pictures[number]


if __name__ == "__main__":
    Stills(widget(sys.argv[1]), Path(sys.argv[2])).run()
