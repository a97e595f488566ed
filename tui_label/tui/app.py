"""The Textual app: puts the session, the worker and the screen together, and takes them apart."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import Screen

from tui_label.dataset.sources import Dataset
from tui_label.dataset.state import StateStore
from tui_label.editor.photo_cache import PhotoCache
from tui_label.editor.session import Session
from tui_label.graphics.brands import brand_of
from tui_label.graphics.capabilities import Capabilities, choose
from tui_label.graphics.painters import make_painter
from tui_label.labels.annotation import Task
from tui_label.segment.events import Event
from tui_label.segment.types import Segmenter
from tui_label.segment.worker import InferenceWorker
from tui_label.tui import private
from tui_label.tui.messages import EngineSpoke, Redrawn, TerminalSeen
from tui_label.tui.screens.label import LabelScreen
from tui_label.tui.screens.panel import Moved, Palette
from tui_label.tui.terminal import Attachment
from tui_label.tui.themes import Theme
from tui_label.tui.tour import Tour
from tui_label.tui.widgets.canvas import Canvas


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
    graphics: str = "auto"
    tour: bool = False
    start: int = 0
    painter_reason: str = ""


class LabelApp(private.SpokenCrash):
    """Labelling one dataset.

    State: the session, the inference worker, which terminal looks; all end with the app.
    """

    TITLE = "tui-label"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    # The screen binds the palette's key from the actions table like every other key.
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, setup: Setup) -> None:
        super().__init__(driver_class=private.driver_class(setup.capabilities, self._farewell))
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
        painter = make_painter(setup.painter, setup.capabilities, setup.theme.masks)
        self.canvas = Canvas(painter, setup.capabilities)
        self.attachment = Attachment(
            self, setup.capabilities, self._another_terminal, self.canvas.ask
        )
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
        self.app_resume_signal.subscribe(self, lambda _: self.canvas.forget())
        self.register_theme(self._setup.theme.textual)
        self.theme = self._setup.theme.textual.name
        if not self.is_headless:
            # Whoever ends the program this way wants the terminal back as it was, too.
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop = asyncio.get_running_loop()
                loop.add_signal_handler(number, self.exit, None, 128 + number)
        await self.push_screen(self.main)
        self._look_who_looks()
        self.engine.start()

    def on_unmount(self) -> None:
        """Leave no thread behind."""
        self.engine.close()

    def _farewell(self) -> str:
        # The driver asks for it whenever it gives the terminal back, whatever the reason.
        return self.canvas.farewell()

    def _another_terminal(self, capabilities: Capabilities) -> None:
        """It holds none of our pictures, and may show them in another way."""
        name, _ = choose(capabilities, self._setup.graphics)
        painter = make_painter(name, capabilities, self._setup.theme.masks)
        self.canvas.adopt(painter, capabilities)
        self.canvas.measure()

    def on_app_focus(self) -> None:
        """The keys come to us (again), perhaps from another terminal."""
        self._look_who_looks()
        capabilities = self.attachment.capabilities
        if self.canvas.painter.name == "sixel" and brand_of(capabilities.brand).forgetful:
            self.canvas.forget()

    def on_app_blur(self) -> None:
        """The keys go elsewhere."""
        self._look_who_looks()

    @work(thread=True, exclusive=True, group="terminal")
    def _look_who_looks(self) -> None:
        if self.attachment.can_change:
            self.post_message(TerminalSeen(self.attachment.look()))

    @on(TerminalSeen)
    def _terminal_seen(self, message: TerminalSeen) -> None:
        self.attachment.seen(message.client)

    @on(Redrawn)
    def _ask_again(self) -> None:
        self.attachment.ask()

    @on(private.Answered)
    def _answered(self, message: private.Answered) -> None:
        self.attachment.answered(message.replies)

    @on(private.Acknowledged)
    def _acknowledged(self, message: private.Acknowledged) -> None:
        self.canvas.acknowledged(message.count, message.at)

    @on(Moved)
    def _something_moved(self) -> None:
        self.canvas.recover()

    def on_resize(self) -> None:
        """Other cells, perhaps as many as before: another font, or another terminal."""
        self._look_who_looks()
        if private.cell_size() not in {None, self.canvas.cell}:
            self.canvas.measure()
        if self.screen is not self.main:
            self.call_after_refresh(private.draw_below, self)

    def action_command_palette(self) -> None:
        """The palette, over the picture."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def pop_screen(self) -> AwaitComplete:
        """Take away what lies over the picture, never the picture (see :class:`Panel`)."""
        return AwaitComplete(asyncio.sleep(0)) if self.screen is self.main else super().pop_screen()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette offers what the actions table holds, and nothing else."""
        yield from self.main.get_system_commands(screen)

    async def action_quit(self) -> None:
        """Textual's own way out ends here too."""
        self.main.leave()

    def _engine_spoke(self, event: Event) -> None:
        # Called on the worker's thread; posting is the one thing that is safe from there.
        if self.is_running:
            self.main.post_message(EngineSpoke(event))
