"""The Textual app: puts the session, the worker and the screen together, and takes them apart."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import Screen

from tui_label.dataset.sources import Dataset
from tui_label.dataset.state import StateStore
from tui_label.editor.photo_cache import PhotoCache
from tui_label.editor.session import Session
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.painter import CellsPainter, KittyPainter, Painter
from tui_label.graphics.viewport import CellSize
from tui_label.labels.annotation import Task
from tui_label.segment.events import Event
from tui_label.segment.types import Segmenter
from tui_label.segment.worker import InferenceWorker
from tui_label.tui import private
from tui_label.tui.messages import EngineSpoke
from tui_label.tui.screens.label import LabelScreen
from tui_label.tui.themes import Theme
from tui_label.tui.tour import Tour
from tui_label.tui.widgets.canvas import Canvas

_CELL_GUESS = CellSize(8, 16)
"""Half blocks need only the shape of a cell, and 1:2 is what most fonts have."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that was decided before the screen is taken over."""

    dataset: Dataset
    store: StateStore
    load_segmenter: Callable[[], Segmenter]
    capabilities: Capabilities
    painter: str
    task: Task
    theme: Theme
    install: str
    tour: bool = False
    start: int = 0
    painter_reason: str = ""


class LabelApp(private.SpokenCrash):
    """Labelling one dataset.

    State: the session and the inference worker; both end with the app.
    """

    TITLE = "tui-label"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    # The screen binds the palette's key from the actions table like every other key.
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, setup: Setup) -> None:
        super().__init__(driver_class=private.driver_class(setup.capabilities))
        self._setup = setup
        self._photos = PhotoCache()
        self.engine = InferenceWorker(setup.load_segmenter, self._engine_spoke)
        self.session = Session(
            setup.dataset,
            setup.store,
            self.engine,
            task=setup.task,
            load_photo=self._photos.load,
        )
        self.session.index = setup.start
        self.canvas = Canvas(self._painter(), setup.capabilities.cell or _CELL_GUESS)
        self.main = LabelScreen(
            self.session,
            self.canvas,
            self._photos,
            setup.install,
            f"Picture: {setup.painter_reason}",
            Tour() if setup.tour else None,
        )

    async def on_mount(self) -> None:
        """Show the screen, then start inference, which speaks to it."""
        self.register_theme(self._setup.theme.textual)
        self.theme = self._setup.theme.textual.name
        if not self.is_headless:
            # Whoever ends the program this way wants the terminal back as it was, too.
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop = asyncio.get_running_loop()
                loop.add_signal_handler(number, self.exit, None, 128 + number)
        await self.push_screen(self.main)
        self.engine.start()

    def on_unmount(self) -> None:
        """Leave nothing behind: no picture in the terminal, no thread."""
        self.canvas.wipe()
        self.engine.close()

    def exit(self, *args: object, **options: object) -> None:
        """Take the pictures out of the terminal while it still listens, then leave."""
        self.canvas.wipe()
        super().exit(*args, **options)  # type: ignore[arg-type]

    def pop_screen(self) -> AwaitComplete:
        """Take away what lies over the picture, never the picture (see :class:`Panel`)."""
        return AwaitComplete(asyncio.sleep(0)) if self.screen is self.main else super().pop_screen()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette offers what the actions table holds, and nothing else."""
        yield from self.main.get_system_commands(screen)

    async def action_quit(self) -> None:
        """Textual's own way out ends here too."""
        self.main.leave()

    def _painter(self) -> Painter:
        setup = self._setup
        if setup.painter == "kitty":
            return KittyPainter(setup.capabilities, setup.theme.masks)
        return CellsPainter(setup.theme.masks)

    def _engine_spoke(self, event: Event) -> None:
        # Called on the worker's thread; posting is the one thing that is safe from there.
        if self.is_running:
            self.main.post_message(EngineSpoke(event))
