"""The picture: what the terminal shows of it, and when it is sent."""

from __future__ import annotations

import textwrap
import time
from functools import partial
from typing import Self

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer

from tui_label.geometry.boxes import Size
from tui_label.graphics.acknowledge import REQUESTS
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.cellgrid import CellGrid
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.pacing import Pacer
from tui_label.graphics.painter import Painter, View
from tui_label.graphics.scene import Scene
from tui_label.graphics.viewport import CellSize, Viewport
from tui_label.tui import private
from tui_label.tui.widgets.pointer import Pointer

_SETTLE_S = 0.2
"""After the last zoom or pan: a finer picture is worth its bytes only once the hand rests."""

_PATIENCE_S = 0.3
"""A photo that is there sooner follows the one before without a gap."""

_SMALLEST = Size(16, 4)
"""Cells: below this a picture cannot be told from noise."""

_CELL_GUESS = CellSize(8, 16)
"""Half blocks need only the shape of a cell, and 1:2 is what most fonts have."""

_GO_ON_S = 0.02
_PIECE = 1_024
_UNPACED_PIECE = 65_536
"""Bytes of a picture that are worth a write, and that go at once where nothing is known of the
line; there the writer's backlog holds them back."""

_BACKLOG = 8

_MOST_IN_TMUX = 12_000
"""Bytes: tmux on the smallest usual screen, 80 × 24, throws away more than 15 KB."""


class Canvas(Pointer, can_focus=True):
    """Shows a scene through a painter and reports pointer acts in image pixels.

    State: the scene that was shown last, what of the canvas is covered, what is still to be
    sent; the painter is owned here and holds what the terminal shows. Used on the app's
    thread. Textual never draws here while there is a picture: every cell is the painter's.
    """

    ALLOW_SELECT = False

    def __init__(self, painter: Painter, capabilities: Capabilities) -> None:
        super().__init__("canvas", capabilities.cell or _CELL_GUESS)
        self._scene: Scene | None = None
        self._words = self._later = ""
        self._grid: CellGrid | None = None
        self._covered: tuple[CellRect, ...] = ()
        self._owed = False
        self._settle: Timer | None = None
        self._patience: Timer | None = None
        self._going_on: Timer | None = None
        self._answers_come = True
        self._begin(painter, capabilities)

    def adopt(self, painter: Painter, capabilities: Capabilities) -> None:
        """Draw with this painter from now on: the terminal is another one, or knows more."""
        self.wipe()
        self._begin(painter, capabilities)

    def _begin(self, painter: Painter, capabilities: Capabilities) -> None:
        self.painter = painter
        self._question = REQUESTS[capabilities.acknowledge]
        self._most = _MOST_IN_TMUX if capabilities.multiplexer == "tmux" else None
        self._pacer = Pacer(self._asks, capabilities.round_trip, self._most)

    def ask(self, answers_come: bool) -> None:
        """Whether the terminal may be asked how far it has read: not while others get its keys."""
        before, self._answers_come = self._asks, answers_come
        if self._asks != before:
            self._pacer = Pacer(self._asks, self._pacer.round_trip, self._most)

    @property
    def _asks(self) -> bool:
        return self._answers_come and bool(self._question)

    # What is shown

    @property
    def is_large_enough(self) -> bool:
        """Whether a picture makes sense here."""
        return self.size.width >= _SMALLEST.width and self.size.height >= _SMALLEST.height

    @property
    def has_photo(self) -> bool:
        """Whether there is anything to point at."""
        return self._scene is not None

    def fit(self, photo: Size) -> None:
        """Look at a new photo as a whole."""
        self.viewport = Viewport.fitted(photo, self._cells(), self.cell)

    def look(self, viewport: Viewport) -> None:
        """Look at another part; a finer picture follows when nothing moves any more."""
        self.viewport = viewport
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(_SETTLE_S, self._settled)

    def show(self, scene: Scene | None, words: str = "") -> None:
        """Bring the terminal to a scene; ``None`` for no picture, with words in its place."""
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        changed = words != self._words or (scene is None) != (self._scene is None)
        self._scene, self._words = scene, words
        if changed:
            self._redraw()
        self._paint()

    def wait(self, words: str) -> None:
        """Another scene is on its way; words take the picture's place only if that takes long."""
        self._later = words
        if self._patience is None and self._words != words:
            self._patience = self.set_timer(_PATIENCE_S, lambda: self.show(None, self._later))

    def forget(self) -> None:
        """Take the terminal for blank: the next scene is drawn from nothing."""
        self.wipe()
        self._redraw()
        self._paint()

    def wipe(self) -> None:
        """Take every picture out of the terminal's memory."""
        self._send(self.painter.clear())

    def farewell(self) -> str:
        """What takes everything of ours out of the terminal, for whoever writes it himself."""
        return self.painter.clear().decode()

    def recover(self) -> None:
        """Something else may lie over the canvas than before: leave that alone, draw the rest."""
        if not self.is_attached:
            return
        covered = self._covering()
        if covered != self._covered:
            if covered:
                self.drop()
            self._paint()

    def _covering(self) -> tuple[CellRect, ...]:
        """Asked for anew whenever something is sent: news of a dialog may be on their way yet."""
        left, top = self.region.offset
        return tuple(
            CellRect(region.x - left, region.y - top, *region.size)
            for region in private.covering(self)
            if region.overlaps(self.region)
        )

    def acknowledged(self, count: int, at: float) -> None:
        """The terminal had read up to so many more questions at that time (``monotonic``)."""
        for _ in range(count):
            self._pacer.answered(at)
        self._go_on()

    # What Textual may draw

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Parts, or the layout; the canvas itself says when its words are to be drawn again."""
        if not (regions or layout or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _redraw(self) -> None:
        super().refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Words, or rows that Textual leaves to the painter."""
        # While the window changes its size the layout may be ahead of the canvas.
        size = Size(max(self.size.width, crop.right), max(self.size.height, crop.bottom))
        if self._is_picture:
            rows = private.held(partial(self._as_text, size), size.height, size.width)
        else:
            rows = self._lines_of_words(size)
        return [rows[y].crop(crop.x, crop.right) for y in crop.line_range]

    @property
    def _is_picture(self) -> bool:
        return self._scene is not None and self.viewport is not None and self.is_large_enough

    def _lines_of_words(self, size: Size) -> list[Strip]:
        width, height = size
        words = self._words
        if self._scene is not None and not self.is_large_enough:
            words = "The window is too small for a picture; make it larger."
        lines = textwrap.wrap(words, max(1, width - 2))[:height]
        above = (height - len(lines)) // 2
        centred = [line.center(width) for line in lines]
        texts = [*[""] * above, *centred, *[""] * (height - above - len(lines))]
        return [Strip([Segment(text.ljust(width))], width) for text in texts]

    def _as_text(self, size: Size) -> list[Strip]:
        """The picture for a screenshot: its cells where it is made of cells, else blanks."""
        width, height = size
        grid = self._grid
        if grid is None or grid.glyphs.shape != (height, width):
            return [Strip.blank(width)] * height
        return [Strip(list(_segments(grid, y)), width) for y in range(height)]

    # When it is sent

    def _paint(self) -> None:
        if private.is_leaving(self.app):
            # The pictures have been taken out of the terminal, and must not come back.
            return
        scene, viewport = self._scene, self.viewport
        if scene is None or viewport is None or not self._is_picture:
            self._grid, self._owed = None, False
            self.wipe()
            self._redraw()
            return
        now = time.monotonic()
        if self._pacer.is_full(now) or private.backlog(self.app) > _BACKLOG:
            # By the time that the line is free there may be something newer to show.
            self._owed = True
            self._go_on_later()
            return
        self._owed = False
        self._covered = self._covering()
        origin = (self.region.x, self.region.y)
        view = View(scene, viewport, origin, self._settle is None, self._covered)
        painted = self.painter.paint(view, self._allowance(now))
        self._grid = painted.grid
        self._send(painted.data)
        if not self.painter.is_whole:
            self._go_on_later()

    def _allowance(self, now: float) -> int | None:
        allowance = self._pacer.allowance(now)
        return None if allowance is None else max(allowance, _PIECE)

    def _go_on(self) -> None:
        """Send what is still to be sent, as far as the line takes it."""
        if private.is_leaving(self.app) or not self.is_attached:
            return
        now = time.monotonic()
        self._pacer.tick(now)
        held_back = private.backlog(self.app) > _BACKLOG
        stale = self._owed or self._covering() != self._covered
        if stale and not held_back:
            self._paint()
        elif self._is_picture and not self.painter.is_whole and not held_back:
            allowance = self._pacer.allowance(now)
            piece = _UNPACED_PIECE if allowance is None else allowance
            if piece >= _PIECE:
                self._send(self.painter.refine(piece))
        self._go_on_later()

    def _go_on_later(self) -> None:
        if self._going_on is not None:
            self._going_on.stop()
            self._going_on = None
        if self._owed or (self._is_picture and not self.painter.is_whole):
            self._going_on = self.set_timer(_GO_ON_S, self._go_on)

    def _send(self, data: bytes) -> None:
        if not data:
            return
        if self._pacer.sent(len(data), time.monotonic()):
            data += self._question
        private.write(self.app, data.decode())

    def _settled(self) -> None:
        self._settle = None
        self._paint()

    def on_resize(self) -> None:
        """Another size, or another font: measure again."""
        self.measure()

    def measure(self) -> None:
        """The terminal may have other cells than before: look at them, and start anew."""
        self.cell = private.cell_size() or self.cell
        if self.viewport is not None and self.is_large_enough:
            self.viewport = self.viewport.resized(self._cells(), self.cell)
        self._grid = None
        self.wipe()
        self._redraw()
        self.post_message(self.Ready())

    def on_hide(self, _: events.Hide) -> None:
        """Nothing of the canvas can be seen."""
        self.drop()

    def _cells(self) -> Size:
        return Size(max(1, self.size.width), max(1, self.size.height))


def _segments(grid: CellGrid, row: int) -> list[Segment]:
    cells = zip(
        grid.glyphs[row].tolist(), grid.fg[row].tolist(), grid.bg[row].tolist(), strict=True
    )
    return [
        Segment(chr(glyph), Style(color=Color.from_rgb(*front), bgcolor=Color.from_rgb(*back)))
        for glyph, front, back in cells
    ]
