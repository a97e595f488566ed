"""The painters as the canvas uses them: what is hidden stays hidden until it is shown."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.graphics.scenes import scene
from tests.graphics.terminal_model import TerminalModel
from tui_label.geometry.boxes import Size
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.painter import KittyPainter
from tui_label.graphics.scene import Mark
from tui_label.graphics.viewport import CellSize, Viewport

VIEW = Viewport.fitted(Size(400, 300), Size(40, 12), CellSize(8, 16))
SCENE = scene(marks=(Mark(100, 100),), cursor=(200, 150))


class Canvas:
    """A painter and the terminal that it writes to."""

    def __init__(self) -> None:
        self.painter = KittyPainter(Capabilities(brand="kitty", version="0.41.1"), process=1)
        self.terminal = TerminalModel(46, 16)

    def paint(self) -> None:
        self.terminal.feed(self.painter.paint(SCENE, VIEW, (3, 2)).data)

    def hide(self) -> None:
        self.terminal.feed(self.painter.hide())

    def show(self) -> None:
        self.terminal.feed(self.painter.show())

    def clear(self) -> None:
        self.terminal.feed(self.painter.clear())


@pytest.fixture
def canvas() -> Canvas:
    return Canvas()


@pytest.fixture
def wanted() -> np.ndarray:
    never_hidden = Canvas()
    never_hidden.paint()
    return never_hidden.terminal.screen()


HIDDEN: dict[str, Callable[[Canvas], None]] = {
    "before the first paint": lambda canvas: canvas.hide(),
    "after it": lambda canvas: (canvas.paint(), canvas.hide()),
    "and cleared": lambda canvas: (canvas.paint(), canvas.hide(), canvas.clear()),
    "when cleared": lambda canvas: (canvas.paint(), canvas.clear(), canvas.hide()),
    "and painted and cleared": lambda canvas: (canvas.hide(), canvas.paint(), canvas.clear()),
}


@pytest.mark.parametrize("steps", HIDDEN.values(), ids=HIDDEN)
def test_a_paint_while_hidden_places_nothing_and_showing_does(
    canvas: Canvas, wanted: np.ndarray, steps: Callable[[Canvas], None]
) -> None:
    steps(canvas)
    canvas.paint()
    assert not canvas.terminal.placed
    canvas.paint()
    assert not canvas.terminal.placed
    canvas.show()
    assert np.array_equal(canvas.terminal.screen(), wanted)


@pytest.mark.parametrize("steps", HIDDEN.values(), ids=HIDDEN)
def test_a_paint_after_showing_brings_the_picture(
    canvas: Canvas, wanted: np.ndarray, steps: Callable[[Canvas], None]
) -> None:
    steps(canvas)
    canvas.show()
    canvas.paint()
    assert np.array_equal(canvas.terminal.screen(), wanted)


def test_what_was_cleared_does_not_come_back_by_showing(canvas: Canvas) -> None:
    canvas.paint()
    canvas.clear()
    canvas.show()
    assert not canvas.terminal.images and not canvas.terminal.placed


def test_the_canvas_draws_its_blanks_when_nothing_of_ours_was_there(canvas: Canvas) -> None:
    for expected in (None, ()):
        assert canvas.painter.paint(SCENE, VIEW, (3, 2)).damage == expected
    canvas.painter.clear()
    assert canvas.painter.paint(SCENE, VIEW, (3, 2)).damage is None
