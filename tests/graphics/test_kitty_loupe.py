"""The loupe in a kitty terminal: placed from what is there, with marks of its own."""

import numpy as np
import pytest

from tests.graphics.kitty_stage import (
    FIT,
    KITTY,
    ORIGIN,
    SIZE,
    TMUX,
    Stage,
    scene,
)
from tests.graphics.scenes import disc
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.kitty_planes import Image
from tui_label.graphics.painter import View
from tui_label.graphics.raster import photo_pixels
from tui_label.graphics.scene import Loupe, Mark, Picture, Shape

CELLS = CellRect(26, 1, 12, 5)
RAMP = np.zeros((300, 400, 3), np.uint8)
RAMP[..., 0] = np.arange(400) // 2
RAMP[..., 1] = np.arange(300)[:, None] // 2
PHOTO = Picture.of(RAMP)


def inset_of(stage: Stage) -> np.ndarray:
    rows = slice(CELLS.y * 16, CELLS.bottom * 16)
    return stage.seen()[rows, CELLS.x * 8 : CELLS.right * 8]


@pytest.mark.parametrize("terminal", [KITTY, TMUX], ids=["kitty", "tmux"])
@pytest.mark.parametrize("viewport", [FIT, FIT.zoomed(3, 100, 100)], ids=["fit", "zoomed"])
@pytest.mark.parametrize("spot", [(100, 100), (140, 60), (60, 170)])
def test_a_loupe_shows_the_photo_magnified_within_a_frame(terminal, viewport, spot):
    loupe = Loupe(CELLS, *spot)
    stage = Stage(terminal)
    view = View(scene(PHOTO, loupe=loupe), viewport, ORIGIN)
    stage.paint(view)
    inset = inset_of(stage).astype(int)
    magnified = viewport.magnified(loupe)
    wanted = photo_pixels(PHOTO, magnified, *magnified.canvas).astype(int)
    assert np.abs(inset - wanted)[2:-2, 2:-2].max() <= 4
    for edge in (inset[0], inset[-1], inset[:, 0], inset[:, -1]):
        assert (edge == 255).all()


def test_a_moved_loupe_costs_a_few_hundred_bytes():
    stage = Stage()
    stage.paint(View(scene(PHOTO, loupe=Loupe(CELLS, 100, 100)), FIT, ORIGIN))
    moved = View(scene(PHOTO, loupe=Loupe(CELLS, 103, 101), cursor=(103, 101)), FIT, ORIGIN)
    assert 0 < len(stage.paint(moved)) <= 500


def test_a_loupe_has_masks_and_marks_and_the_cursor_of_its_own():
    spot = (100.0, 100.0)
    parts = {"shapes": (Shape(disc(100, 100, 6, SIZE)),)}
    bare, masked, marked = Stage(), Stage(), Stage()
    loupe = Loupe(CELLS, *spot)
    bare.paint(View(scene(PHOTO, loupe=loupe), FIT, ORIGIN))
    masked.paint(View(scene(PHOTO, loupe=loupe, **parts), FIT, ORIGIN))
    marked.paint(View(scene(PHOTO, loupe=loupe, marks=(Mark(*spot),), cursor=spot), FIT, ORIGIN))
    middle = (slice(35, 45), slice(43, 53))
    assert (inset_of(bare)[middle] != inset_of(masked)[middle]).any()
    assert (inset_of(bare)[middle] != inset_of(marked)[middle]).any()
    at_cursor = [key for key in marked.terminal.placed if key[0] % 16 == Image.CURSOR]
    assert len(at_cursor) == 2


def test_a_loupe_goes_without_a_trace():
    stage = Stage()
    stage.paint(View(scene(loupe=Loupe(CELLS, 100, 100), cursor=(100, 100)), FIT, ORIGIN))
    after = View(scene(cursor=(100, 100)), FIT, ORIGIN)
    stage.paint(after)
    assert stage.wrong(after) == 0


def test_a_loupe_that_a_dialog_touches_is_not_shown():
    stage = Stage()
    hole = (CellRect(20, 3, 10, 3),)
    view = View(scene(loupe=Loupe(CELLS, 100, 100)), FIT, ORIGIN, covered=hole)
    stage.paint(view)
    assert stage.wrong(view) == 0


def test_a_loupe_beyond_the_detail_shows_the_masks_that_are_there_now():
    viewport = FIT.zoomed(3, 200, 150)
    left, top = viewport.window.x1, viewport.window.y1
    loupe = Loupe(CELLS, left, top, factor=1.5)
    stage = Stage()
    stage.paint(View(scene(), FIT, ORIGIN))
    before = View(scene(loupe=loupe), viewport, ORIGIN)
    stage.paint(before)
    bare = inset_of(stage)
    shapes = (Shape(disc(round(left), round(top), 20, SIZE)),)
    stage.paint(View(scene(loupe=loupe, shapes=shapes), viewport, ORIGIN))
    assert (inset_of(stage)[30:50, 40:56] != bare[30:50, 40:56]).any()


def test_a_loupe_of_another_size_has_another_frame():
    stage = Stage()
    stage.paint(View(scene(PHOTO, loupe=Loupe(CELLS, 100, 100)), FIT, ORIGIN))
    larger = Loupe(CellRect(20, 1, 18, 8), 100, 100)
    stage.paint(View(scene(PHOTO, loupe=larger), FIT, ORIGIN))
    frame = next(image for image in stage.terminal.images if image % 16 == Image.LOUPE_FRAME)
    assert stage.terminal.images[frame].shape[:2] == (8 * 16, 18 * 8)
