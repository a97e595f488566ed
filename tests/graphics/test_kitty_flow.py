"""A photo over a slow line: something at once, the rest in pieces, and nobody waits for it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.kitty_stage import (
    FIT,
    KITTY,
    LARGE,
    OLD,
    ORIGIN,
    TMUX,
    Stage,
    expected,
    picture,
    scene,
    views,
)
from tests.graphics.scenes import disc
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.kitty_planes import Image
from tui_label.graphics.painter import View
from tui_label.graphics.scene import Emphasis, Mark, Picture, Shape, Tone

BUDGET = 8192
terminals = pytest.mark.parametrize("terminal", [KITTY, OLD, TMUX], ids=["kitty", "old", "tmux"])


def large(**parts) -> View:
    return View(scene(picture(0, 1280, 960), **parts), LARGE_VIEW, ORIGIN)


LARGE_VIEW = LARGE.fitted(picture(0, 1280, 960).size, LARGE.cells, LARGE.cell)


@terminals
def test_a_new_photo_is_there_within_about_the_budget_and_roughly_right(terminal):
    stage = Stage(terminal, LARGE.cells)
    view = large()
    first = stage.paint(view, BUDGET)
    assert len(first) <= BUDGET + 4000  # sprites, blanks and an empty overlay come with the first
    error = np.abs(stage.seen().astype(int) - expected(view))
    assert np.median(error) <= 8
    assert not stage.painter.is_whole


@pytest.mark.parametrize("terminal", [KITTY, TMUX], ids=["kitty", "tmux"])
def test_the_rest_comes_in_pieces_of_about_the_budget(terminal):
    stage = Stage(terminal, LARGE.cells)
    stage.paint(large(), BUDGET)
    sizes = []
    while not stage.painter.is_whole:
        sizes.append(len(stage.refine(BUDGET)))
    assert max(sizes) <= 2 * BUDGET
    assert stage.wrong(large()) == 0
    coarse = next(image for image in stage.terminal.images if image % 16 == Image.COARSE)
    assert stage.terminal.images[coarse].shape[:2] == (1, 1)


def test_rows_near_the_cursor_come_first():
    stage = Stage(canvas=LARGE.cells)
    view = large(cursor=(640, 800))
    stage.paint(view, BUDGET)
    for _ in range(4):
        stage.refine(BUDGET)
    error = np.abs(stage.seen().astype(int) - expected(view)).mean(axis=(1, 2))
    _, row = view.viewport.pixel(640, 800)
    near, far = error[row - 8 : row + 8].mean(), error[:100].mean()
    assert near < far / 2


def test_a_click_does_not_wait_for_the_photo():
    stage = Stage(canvas=LARGE.cells)
    stage.paint(large(), BUDGET)
    stage.refine(BUDGET)
    mask = Shape(disc(640, 480, 60, picture(0, 1280, 960).size), None, 0, Emphasis.CANDIDATE)
    clicked = large(shapes=(mask,), marks=(Mark(640, 480),))
    assert len(stage.paint(clicked, BUDGET)) <= 1024
    assert not stage.painter.is_whole
    stage.finish(BUDGET)
    assert stage.wrong(clicked) == 0


def test_a_zoom_before_the_photo_is_whole_costs_little_and_its_detail_comes_in_pieces():
    stage = Stage(canvas=LARGE.cells)
    stage.paint(large(), BUDGET)
    stage.refine(BUDGET)
    zoomed = LARGE_VIEW.zoomed(2, 640, 480)
    view = View(large().scene, zoomed, ORIGIN, settled=False)
    assert len(stage.paint(view, BUDGET)) <= 500
    settled = View(large().scene, zoomed, ORIGIN)
    assert len(stage.paint(settled, BUDGET)) <= 2500  # the masks, sharp
    assert not stage.painter.is_whole
    stage.finish(BUDGET)
    assert stage.wrong(settled) == 0


def test_what_is_overtaken_is_not_sent():
    stage = Stage(canvas=LARGE.cells)
    stage.paint(large(), BUDGET)
    other = View(scene(picture(1, 1280, 960), "b"), LARGE_VIEW, ORIGIN)
    assert len(stage.paint(other, BUDGET)) <= BUDGET + 500
    stage.finish(BUDGET)
    assert stage.wrong(other) == 0


def test_another_tone_is_coarse_first():
    stage = Stage(canvas=LARGE.cells)
    stage.paint(large())
    lit = large(tone=Tone(brightness=0.3))
    assert len(stage.paint(lit, BUDGET)) <= BUDGET + 500
    error = np.abs(stage.seen().astype(int) - expected(lit))
    assert np.median(error) <= 8


def test_a_grey_photo_has_no_pass_of_few_colours():
    grey = np.repeat(picture(0).layers[0].pixels[..., :1], 3, axis=2)
    view = View(scene(Picture.of(grey)), FIT, ORIGIN)
    stage = Stage()
    stage.paint(view, 3000)
    total = stage.finish()
    whole = Stage()
    assert total < 1.5 * len(whole.paint(view))
    assert stage.wrong(view) == 0


@pytest.mark.parametrize("budget", [5000, 8192])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_terminal_without_edits_gets_the_rest_in_pieces_too(budget, seed):
    stage = Stage(OLD, LARGE.cells)
    view = View(scene(noisy(seed), cursor=(640, 800)), LARGE_VIEW, ORIGIN)
    stage.paint(view, budget)
    sizes = []
    while not stage.painter.is_whole:
        sizes.append(len(stage.refine(budget)))
        if len(sizes) == 8:
            assert_near_the_cursor_first(stage, view)
    assert max(sizes) <= 2 * budget
    assert np.median(np.abs(stage.seen().astype(int) - expected(view))) <= 8
    assert stage.refine(budget) == stage.paint(view, budget) == b""
    marked = replace(view, scene=replace(view.scene, marks=(Mark(640, 480),)))
    assert 0 < len(stage.paint(marked, budget)) <= 300


def noisy(seed: int) -> Picture:
    """As little of it is alike as in a photo of leaves."""
    pixels = picture(seed, 1280, 960).layers[0].pixels
    noise = np.random.default_rng(seed).integers(0, 60, pixels.shape, dtype=np.uint8)
    return Picture.of(cv2.add(pixels, noise))


def assert_near_the_cursor_first(stage: Stage, view: View) -> None:
    error = np.abs(stage.seen().astype(int) - expected(view)).mean(axis=2)
    column, row = view.viewport.pixel(*view.scene.cursor)
    assert error[row - 8 : row + 8, column - 50 : column + 50].mean() < 0.7 * error[:100].mean()


def test_without_edits_a_zoom_is_coarse_and_then_comes_in_pieces_and_the_fit_is_still_there():
    stage = Stage(OLD)
    fit = View(scene(), FIT, ORIGIN)
    stage.paint(fit, 3000)
    stage.finish(3000)
    seen = stage.seen()
    zoomed = FIT.zoomed(3, 200, 150)
    assert len(stage.paint(View(scene(), zoomed, ORIGIN, settled=False), 3000)) <= 3000
    stage.paint(View(scene(), zoomed, ORIGIN), 3000)
    stage.finish(3000)
    error = np.abs(stage.seen().astype(int) - expected(View(scene(), zoomed, ORIGIN)))
    assert np.median(error) <= 8
    assert len(stage.paint(fit, 3000)) < 3000
    assert stage.painter.is_whole and np.array_equal(stage.seen(), seen)


def test_without_edits_tiles_stand_around_a_dialog():
    dialog = (CellRect(10, 3, 20, 5),)
    stage = Stage(OLD)
    stage.paint(View(scene(), FIT, ORIGIN), 3000)
    stage.finish(3000)
    whole = stage.seen()
    stage.paint(View(scene(), FIT, ORIGIN, covered=dialog), 3000)
    assert not stage.seen()[3 * 16 : 8 * 16, 10 * 8 : 30 * 8].any()
    stage.paint(View(scene(), FIT, ORIGIN), 3000)
    assert np.array_equal(stage.seen(), whole)


@pytest.mark.parametrize("terminal", [KITTY, TMUX], ids=["kitty", "tmux"])
@given(st.lists(st.tuples(views, st.integers(0, 3)), min_size=1, max_size=5))
@settings(deadline=None, max_examples=15)
def test_after_any_history_over_a_slow_line_the_terminal_shows_the_scene(terminal, steps):
    stage = Stage(terminal)
    for view, pieces in steps:
        stage.paint(view, 3000)
        for _ in range(pieces):
            stage.refine(3000)
    last = View(steps[-1][0].scene, FIT, ORIGIN, covered=steps[-1][0].covered)
    stage.paint(last, 3000)
    stage.finish()
    assert stage.wrong(last) == 0
    stage.fed(stage.painter.clear())
    assert not stage.terminal.images and not stage.terminal.placed


def test_pieces_are_placed_around_a_dialog():
    stage = Stage()
    view = View(scene(), FIT, ORIGIN, covered=(CellRect(10, 3, 20, 5),))
    stage.paint(view, 3000)
    stage.finish()
    assert stage.wrong(view) == 0
