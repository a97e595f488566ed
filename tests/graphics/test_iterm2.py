"""Inline images: what the terminal shows, what is sent for it, and what never is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.iterm2_model import Iterm2Model
from tests.graphics.scenes import disc, photo
from tui_label.geometry.boxes import Size
from tui_label.graphics import iterm2
from tui_label.graphics.cellrects import CellRect, cell_mask
from tui_label.graphics.frame import blended, frame_of
from tui_label.graphics.iterm2 import Iterm2Shown, paint, refine
from tui_label.graphics.iterm2_images import Level, encoded
from tui_label.graphics.iterm2_painter import Iterm2Painter
from tui_label.graphics.painter import View
from tui_label.graphics.palette import overlay_palette
from tui_label.graphics.scene import Emphasis, Loupe, Mark, Picture, Scene, Shape
from tui_label.graphics.viewport import CellSize, Viewport

SIZE = Size(400, 300)
CELLS = Size(40, 12)
EVEN = Viewport.fitted(SIZE, CELLS, CellSize(8, 16))
ODD = Viewport.fitted(SIZE, CELLS, CellSize(9.027, 17.6))
CANDIDATE = Shape(disc(200, 150, 40, SIZE), emphasis=Emphasis.CANDIDATE)


def scene(seed: int = 0, **parts) -> Scene:
    return Scene(Picture.of(photo(seed=seed)), str(seed), **parts)


def wanted(view: View) -> np.ndarray:
    canvas = view.viewport.canvas
    frame = frame_of(None, view.scene, view.viewport, *canvas)
    return blended(frame, overlay_palette(opacity=view.scene.look.opacity))


def model(viewport: Viewport = EVEN) -> Iterm2Model:
    return Iterm2Model(*viewport.cells, viewport.cell)


def off(terminal: Iterm2Model, view: View) -> np.ndarray:
    """Mean error of each cell's pixels, of 255."""
    error = np.abs(terminal.pixels.astype(int) - wanted(view)).mean(axis=2)
    columns, rows = view.viewport.cells
    cells = [[error[terminal.box(x, y, 1, 1)].mean() for x in range(columns)] for y in range(rows)]
    return np.array(cells)


@pytest.mark.parametrize("viewport", [EVEN, ODD, EVEN.zoomed(8, 100, 100)])
def test_a_picture_comes_whole_in_one_piece(viewport):
    terminal, view = model(viewport), View(scene(shapes=(CANDIDATE,), cursor=(9, 9)), viewport)
    received = terminal.feed(paint(None, view).data)
    assert [one.cells for one in received] == [(0, 0, *CELLS)]
    assert off(terminal, view).max() < 8


def test_nothing_new_is_nothing_to_send():
    first = paint(None, View(scene(), EVEN))
    again = paint(first.shown, View(scene(), EVEN))
    assert (again.data, again.damage) == (b"", ())


def test_a_mask_sends_its_cells_only_and_the_rim_is_not_seen():
    terminal = model()
    first = paint(None, View(scene(), EVEN))
    terminal.feed(first.data)
    before = terminal.pixels.copy()
    view = View(scene(shapes=(CANDIDATE,)), EVEN)
    painted = paint(first.shown, view)
    (received,) = terminal.feed(painted.data)
    columns, rows = received.cells[2:]
    assert columns * 8 <= 2 * 40 * EVEN.scale + 16 and rows * 16 <= 2 * 40 * EVEN.scale + 32
    assert painted.damage == (CellRect(*received.cells),)
    bare = ~(wanted(view) != wanted(View(scene(), EVEN))).any(axis=2)
    assert np.abs(terminal.pixels[bare].astype(int) - before[bare]).mean() < 2
    assert off(terminal, view).max() < 8


def test_a_cursor_step_sends_little():
    viewport = Viewport.fitted(SIZE, Size(160, 50), CellSize(8, 16))
    first = paint(None, View(scene(cursor=(100, 100)), viewport))
    moved = paint(first.shown, View(scene(cursor=(103, 100)), viewport))
    assert 0 < len(moved.data) <= 3000


def test_what_is_covered_is_left_alone_and_drawn_anew_afterwards():
    dialog = CellRect(10, 3, 12, 5)
    terminal = model()
    first = paint(None, View(scene(), EVEN))
    terminal.feed(first.data)
    inside = terminal.box(*dialog)
    terminal.pixels[inside] = 77
    view = View(scene(shapes=(CANDIDATE,)), EVEN, covered=(dialog,))
    under = paint(first.shown, view)
    terminal.feed(under.data)
    assert (terminal.pixels[inside] == 77).all()
    view = replace(view, covered=())
    (received,) = terminal.feed(paint(under.shown, view).data)
    assert received.cells == dialog
    assert off(terminal, view).max() < 8


def test_a_new_photo_is_coarse_first_and_sharp_when_there_is_time():
    viewport = Viewport.fitted(SIZE, Size(100, 30), CellSize(8, 16))
    terminal, view = model(viewport), View(scene(cursor=(200, 280)), viewport)
    painted = paint(None, view, budget=6000)
    assert len(painted.data) <= 6000
    terminal.feed(painted.data)
    coarse = off(terminal, view).mean()
    assert 1 < coarse < 20
    shown, slices = painted.shown, []
    while shown.left.any():
        painted = refine(shown, 8000)
        slices.append(len(painted.data))
        shown = painted.shown
        terminal.feed(painted.data)
    assert len(slices) > 2 and max(slices) < 16000
    assert off(terminal, view).mean() < coarse / 2
    assert terminal.received[1].cells[1] > 15  # from the cursor on


def test_a_mask_does_not_wait_for_a_photo_that_is_still_coarse():
    terminal = model()
    first = paint(None, View(scene(), EVEN), budget=1500)
    terminal.feed(first.data)
    view = View(scene(shapes=(CANDIDATE,)), EVEN)
    painted = paint(first.shown, view, budget=4000)
    assert len(painted.data) <= 4000 and painted.shown.left.any()
    terminal.feed(painted.data)
    inside = wanted(view) != wanted(View(scene(), EVEN))
    assert np.abs(terminal.pixels.astype(int) - wanted(view))[inside].mean() < 20


def test_a_view_that_will_not_stay_is_not_sent_sharp():
    viewport = Viewport.fitted(SIZE, Size(160, 50), CellSize(8, 16))
    moving = paint(None, View(scene(), viewport, settled=False))
    assert len(moving.data) <= 24_000 and moving.shown.left.any()
    still = paint(moving.shown, View(scene(), viewport))
    assert not still.shown.left.any()


def test_the_picture_is_sent_anew_before_the_terminal_forgets_it(monkeypatch):
    monkeypatch.setattr(iterm2, "_KEPT", 40 * 12 * 8 * 16 * 4)
    shown = paint(None, View(scene(), EVEN)).shown
    whole, sent = [], 0
    for turn in range(40):
        shapes = (CANDIDATE,) if turn % 2 == 0 else ()
        painted = paint(shown, View(scene(shapes=shapes), EVEN))
        shown = painted.shown
        if CellRect(0, 0, *CELLS) in painted.damage:
            whole.append(turn)
        sent += 1
    assert 2 <= len(whole) < sent / 3


@pytest.mark.parametrize("budget", [None, 2000])
def test_no_part_of_the_picture_is_older_than_what_the_terminal_keeps(monkeypatch, budget):
    whole = 40 * 12 * 8 * 16 * 4
    monkeypatch.setattr(iterm2, "_KEPT", 3 * whole)
    terminal, shown = model(), None
    sent, since = 0, np.zeros((12, 40), np.int64)
    for turn in range(30):
        # Left and right of every photo is a margin, which never changes.
        view = View(scene(turn % 2, shapes=(CANDIDATE,) if turn % 3 else ()), EVEN)
        painted = paint(shown, view, budget=budget)
        pieces = terminal.feed(painted.data)
        while painted.shown.left.any():
            painted = refine(painted.shown, 20_000)
            pieces += terminal.feed(painted.data)
        shown = painted.shown
        for x, y, width, height in (piece.cells for piece in pieces):
            sent += width * height * 8 * 16 * 4
            since[y : y + height, x : x + width] = sent
        # The paint that finds out comes after the bytes that were one too many.
        assert sent - since.min() <= 5 * whole
    assert sent > 10 * whole


def test_what_grows_old_is_sent_anew_in_slices_where_bytes_are_few(monkeypatch):
    monkeypatch.setattr(iterm2, "_KEPT", 40 * 12 * 8 * 16 * 4)
    shown, view = None, View(scene(), EVEN)
    for turn in range(40):
        view = View(scene(shapes=(CANDIDATE,) if turn % 2 else ()), EVEN)
        shown = paint(shown, view, budget=None if shown is None else 20_000).shown
        if shown.left.any():
            break
    assert shown.left.mean() > 0.5
    while shown.left.any():
        shown = refine(shown, 5000).shown
    assert paint(shown, view).data == b""


def test_flat_pictures_are_png_and_photos_jpeg():
    flat = np.zeros((64, 64, 3), np.uint8)
    flat[16:48, 16:48] = (200, 30, 30)
    assert encoded(flat, Level(90)).startswith(b"\x89PNG")
    assert encoded(photo(), Level(90)).startswith(b"\xff\xd8")
    assert len(encoded(photo(), Level(40, 4))) < len(encoded(photo(), Level(90))) / 8


def test_the_painter():
    painter = Iterm2Painter()
    assert painter.refine(100) == painter.clear() == b"" and painter.is_whole
    view = View(scene(), EVEN)
    whole = painter.paint(view).data
    assert painter.is_whole and painter.paint(view).data == b""
    painter.clear()
    assert painter.paint(view).data == whole
    painter.clear()
    painter.paint(view, budget=1500)
    assert not painter.is_whole and painter.refine(10_000)


shapes = st.builds(
    lambda x, y, radius, emphasis: Shape(disc(x, y, radius, SIZE), None, 3, emphasis),
    *(st.integers(20, 380), st.integers(20, 280), st.integers(1, 60), st.sampled_from(Emphasis)),
)
points = st.tuples(st.floats(0, 400), st.floats(0, 300))
scenes = st.builds(
    lambda seed, shapes, marks, cursor, loupe: scene(
        seed,
        shapes=tuple(shapes),
        marks=tuple(Mark(*at) for at in marks),
        cursor=cursor,
        loupe=Loupe(CellRect(3, 2, 10, 4), *loupe) if loupe else None,
    ),
    st.integers(0, 1),
    st.lists(shapes, max_size=2),
    st.lists(points, max_size=2),
    st.none() | points,
    st.none() | points,
)
dialogs = st.lists(
    st.builds(CellRect, *(st.integers(0, 35), st.integers(0, 10)), *[st.integers(1, 12)] * 2),
    max_size=2,
)
steps = st.lists(
    st.tuples(scenes, st.booleans(), dialogs, st.none() | st.sampled_from([0, 4000])),
    min_size=1,
    max_size=4,
)


@given(steps, st.sampled_from([EVEN, ODD]))
@settings(deadline=None, max_examples=25)
def test_after_any_steps_the_terminal_shows_the_view_and_the_dialogs(steps, viewport):
    terminal = model(viewport)
    before: Iterm2Shown | None = None
    for made, zoomed, covered, budget in steps:
        seen = viewport.zoomed(4, 300, 200) if zoomed else viewport
        view = View(made, seen, covered=tuple(rect.within(CELLS) for rect in covered))
        hidden = cell_mask(view.covered, CELLS)
        boxes = [terminal.box(x, y, 1, 1) for y, x in np.argwhere(hidden)]
        for box in boxes:
            terminal.pixels[box] = 77
        painted = paint(before, view, budget=budget)
        terminal.feed(painted.data)
        assert not (painted.shown.state == 0)[~hidden].any()
        while painted.shown.left.any():
            painted = refine(painted.shown, 20_000)
            terminal.feed(painted.data)
        before = painted.shown
        assert all((terminal.pixels[box] == 77).all() for box in boxes)
        # Where cells are no whole pixels a sharp marker may be shifted by a part of one.
        assert off(terminal, view)[~hidden].max(initial=0) < (15 if viewport is EVEN else 40)
