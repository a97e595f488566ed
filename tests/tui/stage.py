"""The real app on painted photos, played by Textual's pilot."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from tests.editor.walk import IN_GREEN, IN_RED
from tui_label.dataset.sources import open_dataset
from tui_label.dataset.state import StateStore
from tui_label.editor.session import Session
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.viewport import CellSize
from tui_label.labels.annotation import Task
from tui_label.labels.paths import label_path
from tui_label.segment.types import Segmenter
from tui_label.tui.app import LabelApp, Setup
from tui_label.tui.screens.label import LabelScreen
from tui_label.tui.themes import load_theme
from tui_label.tui.widgets.canvas import Canvas

CELL = CellSize(8, 16)
PATIENCE_S = 10.0

_ROUNDS = 5
"""A key goes from the driver to the app, the screen, the widget; what it does may post more."""


@dataclass
class Stage:
    """The app while it runs."""

    app: LabelApp
    pilot: Pilot[None]

    @property
    def session(self) -> Session:
        return self.app.session

    @property
    def screen(self) -> LabelScreen:
        return self.app.main

    @property
    def canvas(self) -> Canvas:
        return self.app.canvas

    @property
    def label(self) -> Path:
        """The label file of the image at hand."""
        return label_path(self.session.path)

    @property
    def written(self) -> bytes | None:
        return self.label.read_bytes() if self.label.exists() else None

    @property
    def status(self) -> str:
        return self._words("#status")

    @property
    def said(self) -> str:
        return self._words("#said")

    @property
    def tour(self) -> str:
        return self._words("#tour") if self.screen.query_one("#tour").display else ""

    def _words(self, place: str) -> str:
        content = self.screen.query_one(place, Static).content
        return content.plain if isinstance(content, Text) else str(content)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for the worker, a timer or a thread; fails when that takes longer than patience."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"never came: {self.status} / {self.said}"
            await asyncio.sleep(0.002)
        await self.settle()

    async def opened(self) -> None:
        """The photo is on the screen and the model has read it."""
        await self.until(
            lambda: (
                self.session.photo is not None
                and self.session.prompting.embedded
                and self.session.prompting.model.title
            )
        )

    async def settle(self) -> None:
        """Until everything that was sent has been acted upon.

        ``pilot.press`` waits for the process to be idle instead: 40 ms a key, and ten times
        that while the model works.
        """
        for _ in range(_ROUNDS):
            await self.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        """Keys by Textual's names, each acted upon before the next."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            driver.send_message(events.Key(key, key if len(key) == 1 else None))
            await self.settle()

    async def command(self, line: str) -> None:
        """Type a command on the command line."""
        await self.press("colon")
        await self.paste(line)
        await self.press("enter")

    async def paste(self, text: str) -> None:
        """Into the input that has the focus; what a paste is."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def put(self, at: tuple[float, float]) -> None:
        """The cursor to a place, image pixels."""
        self.screen.looking.put_cursor(*at)
        self.screen.update()
        await self.settle()

    async def mask(self, at: tuple[float, float] = IN_RED) -> None:
        """A positive point and its mask, drawn to the edges."""
        await self.put(at)
        await self.press("space")
        await self.until(self.has_settled)

    def has_settled(self) -> bool:
        """Whether the mask has come, to the edges too."""
        answer = self.session.now.draft.answer
        return (
            answer is not None
            and not self.session.now.draft.stale
            and answer.chosen in answer.snapped
        )

    async def objects(self) -> None:
        """A red dog and a green cat on disk."""
        for at, key in ((IN_RED, "1"), (IN_GREEN, "2")):
            await self.mask(at)
            await self.press(key)

    def cell_of(self, at: tuple[float, float]) -> tuple[float, float]:
        """Where on the screen a place of the photo is, fractional cells."""
        assert self.canvas.viewport is not None
        column, row = self.canvas.viewport.to_cells(*at)
        return self.canvas.region.x + column, self.canvas.region.y + row

    async def pointer(
        self, kind: type[events.MouseEvent], at: tuple[float, float], button: int = 1
    ) -> None:
        """What the driver hands on when the terminal reports the pointer at a place of the photo.

        Positions are finer than cells, as on a terminal that reports pixels.
        """
        driver = self.app._driver
        assert driver is not None
        driver._mouse_pixels = True  # type: ignore[attr-defined]
        x, y = self.cell_of(at)
        # A report names a pixel by its top-left corner.
        x, y = x - 0.5 / CELL.width, y - 0.5 / CELL.height
        driver.send_message(kind(None, x, y, 0, 0, button, False, False, False))
        await self.settle()

    async def click(self, at: tuple[float, float], button: int = 1) -> None:
        await self.pointer(events.MouseDown, at, button)
        await self.pointer(events.MouseUp, at, button)

    async def drag(
        self, start: tuple[float, float], end: tuple[float, float], button: int = 1
    ) -> None:
        await self.pointer(events.MouseDown, start, button)
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        await self.pointer(events.MouseMove, middle, button)
        await self.pointer(events.MouseMove, end, button)
        await self.pointer(events.MouseUp, end, button)


def app_over(
    folder: Path,
    store: StateStore,
    load: Callable[[], Segmenter],
    *,
    task: Task = Task.DETECT,
    tour: bool = False,
) -> LabelApp:
    """The app on half blocks in a terminal that tells the size of its cells."""
    return LabelApp(
        Setup(
            dataset=open_dataset(folder),
            store=store,
            load_segmenter=load,
            capabilities=Capabilities(complete=True, cell=CELL),
            painter="cells",
            task=task,
            theme=load_theme("dark"),
            install="tui-label models pull better",
            tour=tour,
        )
    )


@asynccontextmanager
async def staged(
    folder: Path,
    *,
    load: Callable[[], Segmenter],
    size: tuple[int, int] = (80, 24),
    task: Task = Task.DETECT,
    tour: bool = False,
    wait: bool = True,
) -> AsyncIterator[Stage]:
    """The app over a folder, from its first picture on."""
    store = StateStore.open(folder)
    app = app_over(folder, store, load, task=task, tour=tour)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            stage = Stage(app, pilot)
            if wait:
                await stage.opened()
            yield stage
    finally:
        store.close()
