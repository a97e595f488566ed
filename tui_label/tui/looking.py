"""How a person looks at the photos: the cursor, the part that is seen, light, masks, loupe."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from tui_label.errors import InputError
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.scene import Look, Loupe, MaskStyle, Tone
from tui_label.graphics.viewport import Viewport

_EDGE_CELLS = 2.0
"""The picture moves on before the cursor reaches the edge of the canvas."""

_BRIGHTNESS_STEP, _CONTRAST_STEP = 0.1, 1.25
_OPACITY_STEP = 0.1

_LOUPE_PART = 0.3
_SMALLEST_LOUPE = Size(12, 5)
_LOUPE_FACTOR = 4.0
"""A loupe takes this part of the canvas, both ways, and shows things so many times larger."""

PLAIN = Tone()

_NEXT_STYLE = {
    MaskStyle.FILLED: MaskStyle.OUTLINE,
    MaskStyle.OUTLINE: MaskStyle.HIDDEN,
    MaskStyle.HIDDEN: MaskStyle.FILLED,
}


class Window(Protocol):
    """What shows the photo."""

    viewport: Viewport | None

    def look(self, viewport: Viewport) -> None:
        """Show another part of it."""


@dataclass(slots=True)
class Looking:
    """What a person has set about looking. Used on the app's thread.

    State: the cursor (image pixels, edge frame), how masks are drawn, the light of every photo
    that got another one, or of all where it is sticky, and whether the loupe is out.
    """

    window: Window
    cursor: tuple[float, float] = (0.0, 0.0)
    look: Look = Look()
    sticky: bool = False
    magnifying: bool = False
    _photo: str = ""
    _light: Tone = PLAIN
    _lights: dict[str, Tone] = field(default_factory=dict)

    # Where

    @property
    def viewport(self) -> Viewport:
        """What is seen now.

        Raises:
            InputError: there is no photo yet.
        """
        if self.window.viewport is None:
            raise InputError("There is no photo to look at yet.")
        return self.window.viewport

    def begin(self, photo: str, size: Size) -> None:
        """Another photo: its middle, and the light that it had."""
        self.cursor = (size.width / 2, size.height / 2)
        self._photo = photo

    def move_cursor(self, dx: float, dy: float) -> None:
        """By cells of the canvas, so that a step is the same distance on the screen."""
        column, row = self.viewport.to_cells(*self.cursor)
        self.put_cursor(*self.viewport.to_image(column + dx, row + dy))

    def put_cursor(self, x: float, y: float) -> None:
        """To a place on the photo; the view follows where it must."""
        viewport = self.viewport
        width, height = viewport.photo
        self.cursor = (min(max(x, 0.0), width - 1e-3), min(max(y, 0.0), height - 1e-3))
        if not viewport.is_fit:
            moved = viewport.including(*self.cursor, _EDGE_CELLS * max(viewport.cell))
            if moved != viewport:
                self.window.look(moved)

    def zoom(self, factor: float) -> None:
        """At the cursor."""
        self.window.look(self.viewport.zoomed(factor, *self.cursor))

    def fit(self) -> None:
        """The whole photo."""
        viewport = self.viewport
        self.window.look(Viewport.fitted(viewport.photo, viewport.cells, viewport.cell))

    def fill(self) -> None:
        """No empty cells, the cursor as near to the middle as can be."""
        self.window.look(self.viewport.filling().including(*self.cursor))

    def one_to_one(self) -> None:
        """A pixel of the photo for each pixel of the screen, the cursor in the middle."""
        self.window.look(self.viewport.natural().centred(*self.cursor))

    def frame(self, box: Box) -> None:
        """A box as large as it fits."""
        self.window.look(self.viewport.framed(box))

    def pan(self, across: float, down: float) -> None:
        """By parts of the canvas."""
        canvas = self.viewport.canvas
        self.window.look(self.viewport.panned(across * canvas.width, down * canvas.height))

    # How

    @property
    def tone(self) -> Tone:
        """The light of the photo at hand."""
        return self._light if self.sticky else self._lights.get(self._photo, PLAIN)

    def lighten(self, steps: int) -> None:
        """Brighter, or darker where negative."""
        brightness = self.tone.brightness + steps * _BRIGHTNESS_STEP
        self.light(replace(self.tone, brightness=round(min(max(brightness, -1.0), 1.0), 3)))

    def sharpen(self, steps: int) -> None:
        """More contrast, or less where negative."""
        contrast = self.tone.contrast * _CONTRAST_STEP**steps
        self.light(replace(self.tone, contrast=round(min(max(contrast, 0.1), 10.0), 3)))

    def light(self, tone: Tone) -> None:
        """This light, for this photo or for all."""
        if self.sticky:
            self._light = tone
        else:
            self._lights[self._photo] = tone

    def stick(self, sticky: bool) -> None:
        """The light of this photo for all from now on, or for each its own."""
        tone = self.tone
        self.sticky = sticky
        self.light(tone)

    def next_style(self) -> None:
        """Filled, outline, hidden, and round."""
        self.look = replace(self.look, masks=_NEXT_STYLE[self.look.masks])

    def fade(self, steps: int) -> None:
        """The inside of masks more solid, or less where negative."""
        opacity = self.look.opacity + steps * _OPACITY_STEP
        self.look = replace(self.look, opacity=round(min(max(opacity, 0.0), 1.0), 2))

    @property
    def loupe(self) -> Loupe | None:
        """Where the loupe stands: in the corner farthest from the cursor."""
        viewport = self.window.viewport
        if not self.magnifying or viewport is None:
            return None
        columns, rows = viewport.cells
        width = max(round(columns * _LOUPE_PART), _SMALLEST_LOUPE.width)
        height = max(round(rows * _LOUPE_PART), _SMALLEST_LOUPE.height)
        if width > columns // 2 or height > rows // 2:
            return None
        column, row = viewport.to_cells(*self.cursor)
        x = columns - width if column < columns / 2 else 0
        y = 0 if row > rows / 2 else rows - height
        return Loupe(CellRect(x, y, width, height), *self.cursor, _LOUPE_FACTOR)
