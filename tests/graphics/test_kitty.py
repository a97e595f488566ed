"""The kitty painter, seen through a model of the terminal: right pixels, few bytes."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.kitty_stage import (
    CANVAS,
    CELL,
    FIT,
    KITTY,
    LARGE,
    OLD,
    ORIGIN,
    SIZE,
    TMUX,
    Stage,
    picture,
    scene,
    views,
)
from tests.graphics.scenes import disc
from tests.graphics.terminal_model import TerminalModel
from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import region_from_mask
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.kitty import paint
from tui_label.graphics.kitty_placements import base_id
from tui_label.graphics.kitty_planes import Image
from tui_label.graphics.kitty_text import anchor_id
from tui_label.graphics.kitty_tiles import tile_id
from tui_label.graphics.painter import View
from tui_label.graphics.raster import photo_pixels
from tui_label.graphics.scene import Emphasis, Layer, Look, Mark, Picture, Shape, Tone
from tui_label.graphics.sprites import marker
from tui_label.graphics.viewport import CellSize, Viewport

terminals = pytest.mark.parametrize("terminal", [KITTY, OLD, TMUX], ids=["kitty", "old", "tmux"])


def tolerance(view: View) -> int:
    """A photo with fewer pixels than the canvas is cut at whole pixels of its own."""
    reduced = 2 <= view.viewport.scale <= 4 and view.covered
    return 60 if reduced else 0


@terminals
@given(
    steps=st.lists(st.tuples(views, st.none() | st.integers(1000, 20000)), max_size=4), last=views
)
@settings(deadline=None, max_examples=20)
def test_after_any_history_the_terminal_shows_the_scene_around_what_covers_it(
    terminal, steps, last
):
    stage = Stage(terminal)
    for view, budget in steps:
        stage.paint(view, budget)
        if budget is not None and not stage.painter.is_whole:
            stage.refine(budget)
        base = base_id(4194303)
        assert {image for image in stage.terminal.images if image < 1 << 24} <= {
            base + image for image in Image
        }
        assert {image for image in stage.terminal.images if image >= 1 << 24} <= {
            anchor_id(4194303),
            *range(tile_id(base, 0), tile_id(base + 16, 0)),
        }
    last = replace(last, settled=True)
    stage.paint(last)
    assert stage.wrong(last) <= tolerance(last)
    assert stage.painter.is_whole
    assert stage.painter.paint(last).data == b""
    stage.terminal.feed(stage.painter.clear())
    assert not stage.terminal.images and not stage.terminal.placed


@given(st.integers(1, 7), st.integers(0, 400), st.integers(0, 300))
@settings(deadline=None, max_examples=25)
def test_before_it_settles_a_zoom_is_shown_blurred_but_in_place(steps, x, y):
    ramp = np.zeros((300, 400, 3), np.uint8)
    ramp[..., 0] = np.arange(400) // 2
    ramp[..., 1] = np.arange(300)[:, None] // 2
    shown = scene(Picture.of(ramp))
    stage, viewport = Stage(), FIT
    for _ in range(steps):
        stage.paint(View(shown, viewport, ORIGIN, viewport is FIT))
        viewport = viewport.zoomed(1.25, x, y)
    stage.paint(View(shown, viewport, ORIGIN, settled=False))
    wanted = photo_pixels(shown.photo, viewport, *viewport.canvas).astype(int)
    inner = (slice(8, -8), slice(8, -8))
    error = np.abs(stage.seen().astype(int) - wanted)[inner]
    assert np.percentile(error, 95) <= 4


def placed_images(painted) -> set[int]:
    return {item.image for item in painted.shown.placements}


def test_a_zoom_out_of_the_detail_uses_the_fit_and_a_zoom_in_uses_the_detail():
    first = paint(None, View(scene(), FIT.zoomed(3, 200, 150), ORIGIN))
    closer = paint(first.shown, View(scene(), FIT.zoomed(6, 200, 150), ORIGIN, settled=False))
    assert placed_images(closer) == {Image.DETAIL, Image.DETAIL_OVERLAY}
    out = paint(closer.shown, View(scene(), FIT.zoomed(2, 200, 150), ORIGIN, settled=False))
    assert placed_images(out) == {Image.FIT, Image.FIT_OVERLAY}


def test_a_dialog_leaves_its_cells_free_and_when_it_goes_nothing_of_it_stays():
    stage = Stage()
    open_, shut = (View(scene(), FIT, ORIGIN, covered=holes) for holes in (HOLE, ()))
    stage.paint(shut)
    stage.paint(open_)
    assert stage.wrong(open_) == 0
    stage.paint(shut)
    assert stage.wrong(shut) == 0


HOLE = (CellRect(10, 3, 20, 5),)


def test_where_everything_is_covered_nothing_is_placed_and_all_comes_back():
    stage = Stage()
    whole = (CellRect(0, 0, *CANVAS),)
    marks = (Mark(100, 100),)
    stage.paint(View(scene(marks=marks), FIT, ORIGIN))
    stage.paint(View(scene(marks=marks), FIT, ORIGIN, covered=whole))
    assert not stage.terminal.placed and stage.terminal.images
    back = View(scene(marks=(Mark(200, 100), Mark(50, 50, positive=False))), FIT, ORIGIN)
    assert len(stage.paint(back)) < 1500
    assert stage.wrong(back) == 0


def test_a_mark_that_touches_a_dialog_is_left_out():
    stage = Stage()
    x, y = FIT.to_image(9.9, 5)
    view = View(scene(marks=(Mark(x, y),)), FIT, ORIGIN, covered=HOLE)
    stage.paint(view)
    assert not any(key[0] % 16 == Image.POSITIVE for key in stage.terminal.placed)


@terminals
def test_masks_that_are_already_shown_can_get_other_colours(terminal):
    stage = Stage(terminal)
    view = View(scene(shapes=(Shape(disc(200, 150, 90, SIZE)),)), FIT, ORIGIN)
    stage.paint(view)
    before = stage.seen()
    shown = stage.painter._shown
    red = replace(shown.options, colours=((255, 0, 0),))
    stage.fed(paint(shown, view, options=red).data)
    changed = (stage.seen() != before).any(axis=2)
    assert changed[FIT.canvas.height // 2, FIT.canvas.width // 2]


def test_what_was_cleared_is_painted_whole_again():
    stage = Stage()
    view = View(scene(), FIT, ORIGIN)
    stage.paint(view)
    stage.fed(stage.painter.clear())
    assert not stage.terminal.images
    stage.write(CellRect(0, 0, *CANVAS))
    stage.paint(view)
    assert stage.wrong(view) == 0
    assert Stage().painter.clear() == b""


def test_clearing_deletes_what_may_be_there_whatever_is_known():
    stage = Stage()
    stage.paint(View(scene(), FIT, ORIGIN))
    stage.painter.clear()  # and these bytes never arrive
    stage.fed(stage.painter.clear())
    assert not stage.terminal.images and not stage.terminal.placed


def test_a_photo_that_was_decoded_further_is_not_sent_again_where_nothing_new_is_seen():
    coarse, fine = picture(0), Layer(picture(1).layers[0].pixels, Box(0, 0, 400, 300))
    further = Picture(coarse.size, (*coarse.layers, fine))
    stage = Stage()
    stage.paint(View(scene(coarse, "a"), FIT, ORIGIN))
    assert stage.paint(View(scene(further, "b"), FIT, ORIGIN)) == b""


def test_a_photo_that_was_decoded_further_stays_on_the_screen_while_it_gets_sharper():
    pixels = picture(0).layers[0].pixels
    rough = Layer(cv2.resize(pixels, (100, 75)), Box(0, 0, 400, 300))
    fine = Layer(pixels, Box(0, 0, 400, 300))
    stage = Stage()
    stage.paint(View(scene(Picture(SIZE, (rough,)), "a"), FIT, ORIGIN), 8000)
    stage.finish()
    sharper = View(scene(Picture(SIZE, (rough, fine)), "b"), FIT, ORIGIN)
    assert stage.paint(sharper, 8000) == b""
    assert not stage.painter.is_whole
    stage.finish()
    assert stage.wrong(sharper) == 0


def test_a_fractional_cell_size_stays_inside_cells():
    viewport = Viewport.fitted(SIZE, CANVAS, CellSize(7.6, 15.3))
    terminal = TerminalModel(60, 30, 8, 16)
    marks = tuple(Mark(x, x * 0.7) for x in range(0, 400, 9))
    terminal.feed(paint(None, View(scene(marks=marks), viewport, ORIGIN)).data)


def test_two_programs_do_not_share_ids():
    assert base_id(41) + max(Image) < base_id(42) + min(Image)
    for process in (0, 1, 2**22 - 1, 2**22):
        assert 1000 < base_id(process) + min(Image) < base_id(process) + max(Image) < 1 << 24
        assert anchor_id(process) >= 1 << 24
        assert anchor_id(process) < tile_id(base_id(process), 1023) < 1 << 31
    assert len({anchor_id(process) for process in range(30000, 38000)}) == 8000


@pytest.fixture(params=[KITTY, TMUX], ids=["kitty", "tmux"])
def large(request):
    stage = Stage(request.param, LARGE.cells)
    stage.paint(View(scene(cursor=(200, 150), marks=(Mark(100, 100),)), LARGE, ORIGIN))
    return stage


def test_a_cursor_move_costs_at_most_100_bytes(large):
    for cursor in ((201.5, 150.2), (350.5, 250.9), (0, 0)):
        moved = scene(cursor=cursor, marks=(Mark(100, 100),))
        assert 0 < len(large.paint(View(moved, LARGE, ORIGIN))) <= 100


def test_a_click_costs_at_most_a_kilobyte(large):
    candidate = Shape(disc(200, 150, 25, SIZE), None, 0, Emphasis.CANDIDATE)
    clicked = scene(cursor=(200, 150), marks=(Mark(100, 100), Mark(200, 150)), shapes=(candidate,))
    data = large.paint(View(clicked, LARGE, ORIGIN))
    assert b"a=f" in data and len(data) <= 1024


def test_a_zoom_step_costs_at_most_400_bytes(large):
    shown = scene(cursor=(200, 150), marks=(Mark(100, 100),))
    zoomed = LARGE.zoomed(1.25, 200, 150)
    for viewport in (zoomed, zoomed.panned(40, 0)):
        step = large.paint(View(shown, viewport, ORIGIN, settled=False))
        assert 0 < len(step) <= 400


def test_a_whole_overlay_costs_at_most_7_kilobytes_where_images_cannot_be_edited():
    stage = Stage(OLD, LARGE.cells)
    stage.paint(View(scene(), LARGE, ORIGIN))
    masks = tuple(Shape(disc(90 + 70 * n, 100 + 30 * n, 40, SIZE), None, n) for n in range(4))
    changed = stage.paint(View(scene(shapes=masks), LARGE, ORIGIN))
    assert b"a=f" not in changed and len(changed) <= 7168
    other = View(scene(shapes=masks, look=Look(opacity=0.8)), LARGE, ORIGIN)
    assert len(stage.paint(other)) <= 7168


def test_a_dialog_costs_at_most_a_kilobyte_each_way(large):
    shown = scene(cursor=(200, 150), marks=(Mark(100, 100),))
    for covered in ((CellRect(40, 10, 80, 30), CellRect(120, 44, 40, 6)), ()):
        assert len(large.paint(View(shown, LARGE, ORIGIN, covered=covered))) <= 1024


def test_a_grey_photo_is_sent_without_colours():
    grey = np.repeat(picture(0).layers[0].pixels[..., :1], 3, axis=2)
    coloured, plain = (
        len(Stage().paint(View(scene(shown), FIT, ORIGIN)))
        for shown in (picture(0), Picture.of(grey))
    )
    assert plain < coloured * 0.5


def test_another_tone_is_another_photo():
    stage = Stage()
    stage.paint(View(scene(), FIT, ORIGIN))
    lit = View(scene(tone=Tone(brightness=0.3)), FIT, ORIGIN)
    stage.paint(lit)
    assert stage.wrong(lit) == 0


def test_markers_differ_in_shape_not_only_in_colour():
    plus, minus = (cv2.cvtColor(marker(15, sign), cv2.COLOR_RGBA2GRAY) for sign in (True, False))
    assert plus[4, 7] > 200 > minus[4, 7]


def test_an_edit_of_several_chunks_changes_the_frame_that_is_shown():
    canvas, size = Size(160, 50), Size(1280, 800)
    viewport = Viewport.fitted(size, canvas, CELL)
    ragged = np.random.default_rng(0).random((300, 300)) < 0.5
    candidate = Shape(region_from_mask(ragged, size, 400, 200), None, 0, Emphasis.CANDIDATE)
    shown = picture(0, 1280, 800)
    stage = Stage(canvas=canvas)
    stage.paint(View(scene(shown), viewport, ORIGIN))
    after = View(scene(shown, shapes=(candidate,)), viewport, ORIGIN)
    edit = stage.painter.paint(after).data
    assert edit.count(b"a=f") > 1
    for start in range(0, len(edit), 1000):
        stage.terminal.feed(edit[start : start + 1000])
    assert stage.wrong(after) == 0
