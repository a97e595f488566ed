"""The kitty painter, seen through a model of the terminal: right pixels, few bytes."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.scenes import disc, photo, scene
from tests.graphics.terminal_model import TerminalModel
from tests.graphics.test_cells import scenes
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import region_from_mask
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.kitty import KittyOptions, clear, hide, paint, show
from tui_label.graphics.kitty_placements import Image, base_id
from tui_label.graphics.painter import KittyPainter
from tui_label.graphics.palette import overlay_palette
from tui_label.graphics.raster import overlay_indices, photo_pixels
from tui_label.graphics.scene import Emphasis, Mark, Shape
from tui_label.graphics.sprites import crosshair, cursor_side, marker, marker_side
from tui_label.graphics.viewport import CellSize, Viewport

SIZE = Size(400, 300)
CELL = CellSize(8, 16)
CANVAS = Size(40, 12)
ORIGIN = (3, 2)
VIEW = Viewport.fitted(SIZE, CANVAS, CELL)
LARGE = Viewport.fitted(SIZE, Size(160, 50), CELL)


def screen_for(canvas: Size = CANVAS) -> TerminalModel:
    return TerminalModel(canvas.width + 6, canvas.height + 4)


def canvas_of(terminal: TerminalModel, canvas: Size = CANVAS) -> np.ndarray:
    x, y = ORIGIN[0] * 8, ORIGIN[1] * 16
    return terminal.screen()[y : y + canvas.height * 16, x : x + canvas.width * 8]


def over(below: np.ndarray, picture: np.ndarray) -> np.ndarray:
    alpha = picture[..., 3:].astype(np.uint16)
    return ((picture[..., :3] * alpha + below * (255 - alpha) + 127) // 255).astype(np.uint8)


def expected(shown, viewport: Viewport) -> np.ndarray:
    """Painted here without any protocol: photo, masks, marks, cursor."""
    width, height = viewport.canvas
    pixels = photo_pixels(shown.photo, viewport, width, height)
    pixels = over(pixels, overlay_palette()[overlay_indices(shown, viewport, width, height)])
    side = marker_side(viewport.cell)
    sprites = [
        (mark.x, mark.y, marker(side, mark.positive), not mark.positive, number)
        for number, mark in enumerate(shown.marks)
    ]
    # One picture lies over another of the same height by id, then by number.
    sprites.sort(key=lambda sprite: sprite[3:])
    if shown.cursor is not None:
        sprites.append((*shown.cursor, crosshair(cursor_side(viewport.cell)), True, 0))
    pad = 64
    padded = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)))
    for x, y, sprite, *_ in sprites:
        column, row = viewport.to_canvas(x, y)
        column = width - 1 if column == width else int(np.floor(column))
        row = height - 1 if row == height else int(np.floor(row))
        half = sprite.shape[0] // 2
        if not (-half <= column < width + half + 1 and -half <= row < height + half + 1):
            continue
        left, top = column - half + pad, row - half + pad
        target = padded[top : top + sprite.shape[0], left : left + sprite.shape[1]]
        target[:] = over(target, sprite)
    return padded[pad:-pad, pad:-pad]


views = st.sampled_from(
    [VIEW, VIEW.zoomed(3, 100, 100), VIEW.zoomed(3.3, 100, 100), VIEW.zoomed(20, 300, 200)]
)


@given(
    st.lists(st.tuples(scenes, views, st.booleans()), max_size=4),
    st.tuples(scenes, views),
    st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_after_any_history_the_terminal_shows_the_scene(history, last, edits):
    options = KittyOptions(base=8, edits=edits, sync=True)
    terminal, shown = screen_for(), None
    for step, viewport, settled in [*history, (*last, True)]:
        painted = paint(shown, step, viewport, ORIGIN, settled, options=options)
        terminal.feed(painted.data)
        shown = painted.shown
        assert not terminal.synchronising
        assert set(terminal.images) <= {8 + image for image in Image}
    difference = np.abs(canvas_of(terminal).astype(int) - expected(*last))
    assert difference.max() == 0
    outside = terminal.screen().copy()
    outside[ORIGIN[1] * 16 : -2 * 16, ORIGIN[0] * 8 : -3 * 8] = 0
    assert not outside.any()
    again = paint(shown, last[0], last[1], ORIGIN, True, options=options)
    assert again.data == b""
    assert shown is not None
    terminal.feed(clear(shown))
    assert not terminal.images and not terminal.placed


@given(st.integers(1, 7), st.integers(0, 400), st.integers(0, 300))
@settings(deadline=None, max_examples=25)
def test_before_it_settles_a_zoom_is_shown_blurred_but_in_place(steps, x, y):
    ramp = np.zeros((300, 400, 3), np.uint8)
    ramp[..., 0] = np.arange(400) // 2
    ramp[..., 1] = np.arange(300)[:, None] // 2
    terminal, shown, viewport = screen_for(), None, VIEW
    for _ in range(steps):
        painted = paint(shown, scene(ramp), viewport, ORIGIN, shown is None)
        terminal.feed(painted.data)
        shown = painted.shown
        viewport = viewport.zoomed(1.25, x, y)
    painted = paint(shown, scene(ramp), viewport, ORIGIN, False)
    terminal.feed(painted.data)
    wanted = photo_pixels(ramp, viewport, *viewport.canvas).astype(int)
    inner = (slice(8, -8), slice(8, -8))
    error = np.abs(canvas_of(terminal).astype(int) - wanted)[inner]
    assert np.percentile(error, 95) <= 4


def test_a_zoom_out_of_the_detail_uses_the_fit_and_a_zoom_in_uses_the_detail():
    first = paint(None, scene(), VIEW.zoomed(3, 200, 150), ORIGIN, True)
    closer = paint(first.shown, scene(), VIEW.zoomed(6, 200, 150), ORIGIN, False)
    assert {item.image for item in closer.shown.placements} == {
        Image.DETAIL_BASE,
        Image.DETAIL_OVERLAY,
    }
    out = paint(closer.shown, scene(), VIEW.zoomed(2, 200, 150), ORIGIN, False)
    assert {item.image for item in out.shown.placements} == {Image.FIT_BASE, Image.FIT_OVERLAY}


def test_another_photo_takes_the_place_of_the_old_one():
    terminal = screen_for()
    first = paint(None, scene(), VIEW.zoomed(3, 200, 150), ORIGIN, True)
    terminal.feed(first.data)
    other = scene(photo(seed=1), key="b")
    second = paint(first.shown, other, VIEW, ORIGIN, True)
    terminal.feed(second.data)
    assert Image.DETAIL_BASE not in terminal.images
    assert np.array_equal(canvas_of(terminal), expected(other, VIEW))


def test_a_hidden_canvas_shows_nothing_and_keeps_its_images():
    terminal = screen_for()
    shown = scene(marks=(Mark(100, 100),))
    first = paint(None, shown, VIEW, ORIGIN, True)
    terminal.feed(first.data)
    hidden = hide(first.shown)
    terminal.feed(hidden.data)
    assert not terminal.screen().any() and terminal.images
    changed = scene(marks=(Mark(200, 100), Mark(50, 50, positive=False)))
    meanwhile = paint(hidden.shown, changed, VIEW, ORIGIN, True)
    terminal.feed(meanwhile.data)
    assert not terminal.screen().any()
    back = show(meanwhile.shown)
    terminal.feed(back.data)
    assert np.array_equal(canvas_of(terminal), expected(changed, VIEW))


def test_a_moved_canvas_takes_its_pictures_along():
    terminal = screen_for()
    first = paint(None, scene(marks=(Mark(100, 100),)), VIEW, (0, 0), True)
    terminal.feed(first.data)
    terminal.feed(paint(first.shown, scene(marks=(Mark(100, 100),)), VIEW, ORIGIN, True).data)
    assert np.array_equal(canvas_of(terminal), expected(scene(marks=(Mark(100, 100),)), VIEW))


def test_a_theme_recolours_masks_that_are_already_shown():
    painter = KittyPainter(Capabilities(brand="kitty", version="0.41.1"), process=1)
    terminal = screen_for()
    shown = scene(shapes=(Shape(disc(200, 150, 90, SIZE)),))
    terminal.feed(painter.paint(shown, VIEW, ORIGIN).data)
    before = canvas_of(terminal)
    painter.recolour([(255, 0, 0)])
    terminal.feed(painter.paint(shown, VIEW, ORIGIN).data)
    changed = (canvas_of(terminal) != before).any(axis=2)
    assert changed[VIEW.canvas.height // 2, VIEW.canvas.width // 2]


def test_a_fractional_cell_size_stays_inside_cells():
    viewport = Viewport.fitted(SIZE, CANVAS, CellSize(7.6, 15.3))
    terminal = TerminalModel(60, 30, 8, 16)
    marks = tuple(Mark(x, x * 0.7) for x in range(0, 400, 9))
    terminal.feed(paint(None, scene(marks=marks), viewport, ORIGIN, True).data)


def test_two_programs_do_not_share_ids():
    assert base_id(41) + Image.CURSOR < base_id(42) + Image.FIT_BASE
    assert 0 < base_id(2**22 - 1) + Image.CURSOR < 1 << 24
    assert base_id(1 << 21) + Image.FIT_BASE > 0


@pytest.fixture(scope="module")
def painted_large():
    # Ids as large as they get: they are part of the bytes that are counted.
    shown = scene(photo(), cursor=(200, 150), marks=(Mark(100, 100),))
    return paint(None, shown, LARGE, ORIGIN, True, options=KittyOptions(base_id(2**21 - 1)))


def test_a_cursor_move_costs_at_most_100_bytes(painted_large):
    for cursor in ((201.5, 150.2), (350.5, 250.9), (0, 0)):
        moved = scene(photo(), cursor=cursor, marks=(Mark(100, 100),))
        data = paint(painted_large.shown, moved, LARGE, ORIGIN, True).data
        assert 0 < len(data) <= 100


def test_a_click_costs_at_most_a_kilobyte(painted_large):
    candidate = Shape(disc(200, 150, 25, SIZE), None, 0, Emphasis.CANDIDATE)
    clicked = scene(
        photo(), cursor=(200, 150), marks=(Mark(100, 100), Mark(200, 150)), shapes=(candidate,)
    )
    data = paint(painted_large.shown, clicked, LARGE, ORIGIN, True).data
    assert b"a=f" in data and len(data) <= 1024


def test_a_whole_overlay_costs_at_most_7_kilobytes_where_images_cannot_be_edited():
    options = KittyOptions(edits=False)
    first = paint(None, scene(), LARGE, ORIGIN, True, options=options)
    masks = tuple(Shape(disc(90 + 70 * n, 100 + 30 * n, 40, SIZE), None, n) for n in range(4))
    changed = paint(first.shown, scene(shapes=masks), LARGE, ORIGIN, True, options=options)
    assert b"a=f" not in changed.data and len(changed.data) <= 7168


def test_a_zoom_step_costs_at_most_400_bytes(painted_large):
    shown = scene(photo(), cursor=(200, 150), marks=(Mark(100, 100),))
    step = paint(painted_large.shown, shown, LARGE.zoomed(1.25, 200, 150), ORIGIN, False)
    assert 0 < len(step.data) <= 400
    pan = paint(step.shown, shown, LARGE.zoomed(1.25, 200, 150).panned(40, 0), ORIGIN, False)
    assert 0 < len(pan.data) <= 400


def test_markers_differ_in_shape_not_only_in_colour():
    plus, minus = (cv2.cvtColor(marker(15, sign), cv2.COLOR_RGBA2GRAY) for sign in (True, False))
    assert plus[4, 7] > 200 > minus[4, 7]


def test_an_edit_of_several_chunks_changes_the_frame_that_is_shown():
    canvas = Size(160, 50)
    size = Size(1280, 800)
    viewport = Viewport.fitted(size, canvas, CELL)
    ragged = np.random.default_rng(0).random((300, 300)) < 0.5
    candidate = Shape(region_from_mask(ragged, size, 400, 200), None, 0, Emphasis.CANDIDATE)
    before, after = scene(photo(1280, 800)), scene(photo(1280, 800), shapes=(candidate,))
    terminal = screen_for(canvas)
    first = paint(None, before, viewport, ORIGIN, True)
    terminal.feed(first.data)
    edit = paint(first.shown, after, viewport, ORIGIN, True).data
    assert edit.count(b"a=f") > 1
    for start in range(0, len(edit), 1000):
        terminal.feed(edit[start : start + 1000])
    assert np.array_equal(canvas_of(terminal, canvas), expected(after, viewport))
