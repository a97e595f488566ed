"""The one screen where labelling happens: the picture, the status in words, the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.reactive import Reactive
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Footer, Static

from tui_label.editor.photo_cache import PhotoCache
from tui_label.editor.session import Session
from tui_label.errors import InputError, UserError
from tui_label.geometry.boxes import Box
from tui_label.segment.events import Failed
from tui_label.tui import status
from tui_label.tui.actions import ACTIONS, bindings, parse
from tui_label.tui.handlers import HANDLERS
from tui_label.tui.looking import Looking
from tui_label.tui.messages import (
    EngineSpoke,
    Redrawn,
)
from tui_label.tui.scenes import scene_of
from tui_label.tui.screens.classes import Choice, ClassPicker
from tui_label.tui.screens.confirm import Confirm
from tui_label.tui.screens.help import HelpScreen
from tui_label.tui.screens.photo import PhotoScreen
from tui_label.tui.tour import Tour
from tui_label.tui.widgets.canvas import Canvas
from tui_label.tui.widgets.command_line import CommandLine
from tui_label.wording import printable

_READOUT_S = 0.05
"""How often the pixel under a moving pointer is told at most."""

_REST_S = 0.12
"""The pointer stays this long where somebody wants to see a mask."""

_READOUT_COLUMNS = 21
"""As in the style sheet."""


class LabelScreen(PhotoScreen):
    """Turns commands into steps of the session, and the session into a picture and words.

    State: a box's first corner and the pointer (image pixels, edge frame), what was said last,
    which words stand where, the tour. Everything about labels is the session's, everything
    about the view is ``looking``'s.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings()

    # Textual draws a whole screen again whenever the focus moves: 70 KB of half blocks that
    # look the same, each time the command line opens.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(
        self,
        session: Session,
        canvas: Canvas,
        photos: PhotoCache,
        install: str,
        about: str,
        tour: Tour | None,
    ) -> None:
        super().__init__(session, canvas, photos)
        self.looking = Looking(canvas)
        self.corner: tuple[float, float] | None = None
        self.pointer: tuple[float, float] | None = None
        self._install = install
        self._about = about
        self._tour = tour
        self._tour_kept = tour or Tour()
        self._said = ""
        self._warning = False
        self._rubber: Box | None = None
        self._written: dict[str, str] = {}
        self._readout: Timer | None = None
        self._resting: Timer | None = None

    # Layout

    def compose(self) -> ComposeResult:
        """The picture takes whatever the words leave."""
        yield Static(id="tour", markup=False)
        yield self.canvas
        with Horizontal(id="row"):
            yield Static(id="status", markup=False)
            yield Static(id="pixel", markup=False)
        yield Static(id="said", markup=False)
        yield CommandLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Open the image where the walk begins."""
        # Toasts and tooltips come and go without another screen.
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self.canvas.recover())
        self.canvas.focus()
        self.session.goto(self.session.index)
        self.load_photo()
        self.update()

    def get_style_at(self, x: int, y: int) -> Style:
        """A picture has none; Textual would make text of it for every report of the mouse."""
        return Style.null() if self.canvas.region.contains(x, y) else super().get_style_at(x, y)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every action of the table, by its words."""
        for action in ACTIONS:
            for line, what in action.offers():
                yield SystemCommand(what, f":{line}", partial(self.run_line, line))

    # Commands

    def action_command(self, line: str) -> None:
        """What every key does: run a command."""
        self.run_line(line)

    def run_line(self, line: str) -> None:
        """Run one command and show what came of it; errors are sentences."""
        try:
            action, words = parse(line)
            HANDLERS[action.name](self, words)
        except UserError as error:
            self.say(str(error), warning=True)
        else:
            if self._tour is not None:
                self._tour = self._tour.after(action.name, self.session)
            if action.name == "cursor":
                self._rest_on(self.looking.cursor)
            else:
                # What is seen now is the answer itself, or another image.
                self._stop_resting()
        self.update()

    def say(self, sentence: str, *, warning: bool = False) -> None:
        """Put a sentence on the second status line."""
        self._said, self._warning = sentence, warning

    # What handlers ask for

    def turn_to(self, turned: bool, otherwise: str = "") -> None:
        """Another image is at hand, or a sentence says why not."""
        if not turned:
            self.say(otherwise)
            return
        self.corner = self.pointer = None
        self._stop_resting()
        self.canvas.drop()
        self.say("")
        self.load_photo()

    def class_named(self, word: str) -> int:
        """A class by name, or by id as ``#3``.

        Raises:
            InputError: there is none of that name.
        """
        names = self.session.classes.names
        if word in names:
            return names.index(word)
        if word.startswith("#") and word[1:].isdecimal() and len(word) < 10:
            return int(word[1:])
        raise InputError(f"There is no class “{printable(word)}”; c shows them.")

    def pick_class(self, title: str, chosen: Callable[[Choice], None]) -> None:
        """Ask for a class, then go on."""

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self._guarded(lambda: chosen(choice))

        self.app.push_screen(
            ClassPicker(self.session.classes, self.session.class_id, title), picked
        )

    def adopt(self, choice: Choice) -> int:
        """The class id of a choice; new names are written to the class list first."""
        if choice.class_id is not None:
            return choice.class_id
        first = len(self.session.classes.names)
        self.session.add_classes(list(choice.new_names))
        return first

    def redraw(self) -> None:
        """Take the terminal for blank, and for another one perhaps."""
        self.canvas.measure()
        self.app.refresh(layout=True)
        self.post_message(Redrawn())

    def toggle_tour(self) -> None:
        """Show the tour where it was left, or put it away."""
        if self._tour is None:
            self._tour = self._tour_kept
        else:
            self._tour_kept, self._tour = self._tour, None

    def show_help(self) -> None:
        """All keys."""
        self.app.push_screen(HelpScreen(self._about))

    def open_command_line(self) -> None:
        """Take a typed command."""
        self.query_one("#said").display = False
        self.query_one(CommandLine).open()

    def leave(self) -> None:
        """End the app; asks first when labels are not on disk."""
        lost = []
        if files := len(self.session.unsaved):
            lost.append("1 label file" if files == 1 else f"{files} label files")
        if self.session.prompting.waiting_class is not None:
            lost.append("the object that you accepted and that still waits for its mask")
        if not lost:
            self.app.exit()
            return
        question = f"Not saved: {' and '.join(lost)}. Leave all the same?"

        def answered(yes: bool | None) -> None:
            if yes:
                self.app.exit()

        self.app.push_screen(Confirm(question), answered)

    # Events

    @on(CommandLine.Typed)
    def _typed(self, event: CommandLine.Typed) -> None:
        self.run_line(event.line)

    @on(CommandLine.Left)
    def _left_command_line(self) -> None:
        self.query_one("#said").display = True
        self.canvas.focus()

    @on(Canvas.Clicked)
    def _clicked(self, event: Canvas.Clicked) -> None:
        sign = "+" if event.positive else "-"
        self.run_line(f"point {event.x - 0.5:.3f} {event.y - 0.5:.3f} {sign}")

    @on(Canvas.Dragged)
    def _dragged(self, event: Canvas.Dragged) -> None:
        self._rubber = Box.from_corners(*event.start, *event.end)
        if event.done:
            self._rubber = None
            numbers = (*event.start, *event.end)
            self.run_line("box " + " ".join(f"{number:.3f}" for number in numbers))
        else:
            self.update()

    @on(Canvas.Dropped)
    def _dropped(self) -> None:
        self._rubber = None
        self.update()

    @on(Canvas.Ready)
    def _canvas_ready(self) -> None:
        if self.session.photo is not None and self.canvas.viewport is None:
            self.see_photo()
        self.update()

    @on(Canvas.Hovered)
    def _hovered(self, event: Canvas.Hovered) -> None:
        self.pointer = event.place
        if event.place is not None:
            self._rest_on(event.place)
        elif self._stop_resting():
            self.update()
        if self._readout is None:
            self._readout = self.set_timer(_READOUT_S, self._read_out)

    @on(EngineSpoke)
    def engine_spoke(self, message: EngineSpoke) -> None:
        """The model was loaded, or an answer has come."""

        def take() -> None:
            if sentence := self.session.receive(message.event):
                self.say(sentence)
            if isinstance(message.event, Failed) and self.session.prompting.trouble:
                self.say(self.session.prompting.trouble, warning=True)

        self._guarded(take)

    # Inside

    def update(self) -> None:
        """Bring picture and words to the present state."""
        document = self.session.document
        if document is not None and document.merged:
            document.merged = False
            self.say("The label file was changed by somebody else; both versions were merged.")
        scene = scene_of(self.session, self.looking, self._rubber_now())
        if scene is not None or self.session.failure:
            self.canvas.show(scene, self.session.failure)
        else:
            self.canvas.wait(f"opening {printable(self.session.path.name)}")
        self._update_words()
        self.sharpen_soon()

    def _update_words(self) -> None:
        session = self.session
        parts = [status.where(session), status.making(session), status.kept(session)]
        if session.unsaved:
            parts[1:] = reversed(parts[1:])  # a narrow window cuts off the end of the line
        self._put("#status", " · ".join(part for part in parts if part))
        self.query_one("#status").set_class(bool(session.unsaved), "unsaved")
        self._fit_readout()
        failure = session.failure
        self._put("#said", failure or self._said or status.model(session, self._install))
        self.query_one("#said").set_class(bool(failure) or self._warning, "warning")
        if self._tour is not None:
            self._put("#tour", self._tour.words)
        # On a small window the picture needs the row more.
        self.query_one("#tour").display = self._tour is not None and self.size.height > 12

    def _put(self, place: str, words: str) -> None:
        # Every update of a Static lays the screen out again; most key presses change no word.
        line = self.query_one(place, Static)
        if words != self._written.get(place):
            self._written[place] = words
            line.update(Text(words), layout=place not in {"#status", "#pixel"})

    def _rubber_now(self) -> Box | None:
        if self.corner is not None:
            return Box.from_corners(*self.corner, *self.looking.cursor)
        return self._rubber

    def see_photo(self) -> None:
        """Look at another photo as a whole."""
        seen = self.session.seen
        if seen is not None and self.canvas.size.area:
            self.canvas.fit(seen.size)
            self.looking.begin(self.session.key, seen.size)

    def _read_out(self) -> None:
        self._readout = None
        self._put("#pixel", status.pixel(self.session, self.pointer))
        self._fit_readout()

    def _fit_readout(self) -> None:
        """What is saved and what is not is more important where there is little room."""
        words = self._written.get("#pixel", "")
        taken = cell_len(self._written.get("#status", "")) + 2
        self.query_one("#pixel").display = (
            bool(words) and self.size.width - taken >= _READOUT_COLUMNS
        )

    def _rest_on(self, place: tuple[float, float]) -> None:
        """Whoever rests here wants to see the mask, where previews are on."""
        if not self.session.hovering.wanted:
            return
        if self.session.hovering.move(*place):
            self.update()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST_S, partial(self._preview, place))

    def _stop_resting(self) -> bool:
        """No preview any more, and none to come; whether one was seen."""
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        was_seen = self.session.hovering.region is not None
        self.session.hovering.forget()
        return was_seen

    def _preview(self, place: tuple[float, float]) -> None:
        session = self.session
        if session.document is not None and session.prompting.embedded:
            capability = session.prompting.model.capability
            session.hovering.rest(session.key, session.now.draft, capability, place)

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except UserError as error:
            self.say(str(error), warning=True)
        self.update()
