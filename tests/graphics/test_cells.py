"""Block glyphs: what cells show, what is sent, and how few bytes that takes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.cells_model import TextTerminal, looks
from tests.graphics.scenes import disc, photo, whole
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.cellgrid import CellGrid, Colours
from tui_label.graphics.cellrects import CellRect, cell_mask
from tui_label.graphics.cells import CellsOptions, CellsShown, paint, refine
from tui_label.graphics.cells_blocks import HALF_BLOCK, HALVES, QUADRANTS, SEXTANTS
from tui_label.graphics.cells_colours import palette_256
from tui_label.graphics.cells_marks import CURSOR_GLYPH, NEGATIVE_GLYPH, POSITIVE_GLYPH
from tui_label.graphics.painter import View
from tui_label.graphics.palette import CANDIDATE_COLOUR, MASK_COLOURS
from tui_label.graphics.scene import (
    Emphasis,
    Look,
    Loupe,
    Mark,
    MaskStyle,
    Picture,
    Scene,
    Shape,
)
from tui_label.graphics.viewport import CellSize, Viewport

SIZE = Size(400, 300)
VIEW = Viewport.fitted(SIZE, Size(50, 20), CellSize(8, 16))
LARGE = Viewport.fitted(SIZE, Size(200, 60), CellSize(8, 16))
SMALL = Viewport.fitted(Size(50, 40), Size(50, 20), CellSize(8, 16))
BLACK = np.zeros((40, 50, 3), np.uint8)


def scene(pixels: np.ndarray | None = None, key: str = "a", **parts) -> Scene:
    return Scene(Picture.of(photo() if pixels is None else pixels), key, **parts)


def shown(made: Scene, viewport: Viewport = VIEW, **options) -> CellGrid:
    """What all of the scene looks like on a terminal that showed nothing."""
    return paint(None, View(made, viewport), CellsOptions(**options)).shown.sent


def test_a_cell_shows_two_pixels_of_the_photo():
    pixels = BLACK.copy()
    pixels[::2] = (200, 10, 10)
    grid = shown(scene(pixels), SMALL)
    assert (grid.fg == (200, 10, 10)).all() and not grid.bg.any()


@pytest.mark.parametrize("blocks", [QUADRANTS, SEXTANTS], ids=["quadrants", "sextants"])
def test_finer_blocks_show_every_pixel_where_a_cell_has_two_colours(blocks):
    random = np.random.default_rng(1)
    size = Size(20 * blocks.across, 8 * blocks.down)
    pixels = np.where(
        random.random((size.height, size.width, 1)) < 0.5, np.uint8((240, 20, 20)), np.uint8(9)
    ).astype(np.uint8)
    cell = CellSize(8, 8 * blocks.down / blocks.across)
    grid = shown(scene(pixels), Viewport.fitted(size, Size(20, 8), cell), blocks=blocks)
    seen = looks(grid)[1][:, :, :: 6 // blocks.down, :: 2 // blocks.across]
    assert np.array_equal(seen.swapaxes(1, 2).reshape(pixels.shape), pixels)


def test_a_contour_is_solid_and_the_inside_a_sparse_hatch():
    shapes = (Shape(whole(10, 10, 40, 30, Size(50, 40))),)
    grid = shown(scene(BLACK, shapes=shapes), SMALL)
    assert grid.fg[5, 10:40].tolist() == [list(MASK_COLOURS[0])] * 30
    inside = grid.fg[7:13, 12:38].any(axis=2)
    assert inside.mean() == pytest.approx(0.25, abs=0.05)
    assert 0 < grid.fg[7:13, 12:38].max() <= max(MASK_COLOURS[0])


def test_the_look_of_masks():
    shapes = (Shape(whole(10, 10, 40, 30, Size(50, 40))),)
    outline = shown(scene(BLACK, shapes=shapes, look=Look(MaskStyle.OUTLINE)), SMALL)
    assert outline.fg[5, 20].any() and not outline.fg[7:13, 12:38].any()
    faint, dense = (
        shown(scene(BLACK, shapes=shapes, look=Look(opacity=opacity)), SMALL)
        for opacity in (0.1, 0.5)
    )
    assert 0 < faint.fg[7:13, 12:38].max() < dense.fg[7:13, 12:38].max()


@pytest.mark.parametrize("blocks", [HALVES, QUADRANTS, SEXTANTS])
def test_a_contour_has_its_colour_in_every_cell_that_it_crosses(blocks):
    shape = Shape(disc(200, 150, 70, SIZE), emphasis=Emphasis.CANDIDATE)
    painted = paint(None, View(scene(shapes=(shape,)), VIEW), CellsOptions(blocks))
    grid, slack = painted.shown.wanted, painted.shown.slack
    crossed = slack == 16
    sides = np.stack((grid.fg, grid.bg))[:, crossed].astype(int)
    nearest = np.abs(sides - np.array(CANDIDATE_COLOUR)).max(axis=2).min(axis=0)
    assert crossed.sum() > 30 and nearest.max() <= 1


def test_marks_and_cursor_are_told_apart_by_shape():
    marks = (Mark(100, 150), Mark(200, 150, positive=False))
    for colours in Colours:
        grid = shown(scene(marks=marks, cursor=(300, 150)), colours=colours)
        row = VIEW.cells.height // 2
        columns = [int(VIEW.to_cells(x, 150)[0]) for x in (100, 200, 300)]
        assert grid.glyphs[row, columns].tolist() == [POSITIVE_GLYPH, NEGATIVE_GLYPH, CURSOR_GLYPH]


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_the_cursor_is_readable_on_any_colour(red, green, blue):
    pixels = np.full((4, 4, 3), (red, green, blue), np.uint8)
    viewport = Viewport.fitted(Size(4, 4), Size(4, 2), CellSize(8, 16))
    grid = shown(scene(pixels, cursor=(2, 2)), viewport)
    weights = np.array([0.2126, 0.7152, 0.0722])
    fg, bg = (float((side[1, 2] / 255.0) ** 2.2 @ weights) + 0.05 for side in (grid.fg, grid.bg))
    # WCAG 2.2 asks 4.5 of text.
    assert max(fg, bg) / min(fg, bg) >= 4.5


def test_a_cursor_on_a_mark_keeps_the_colour_of_the_mark():
    marked = shown(scene(marks=(Mark(200, 150),)))
    both = shown(scene(marks=(Mark(200, 150),), cursor=(200, 150)))
    column, row = (int(place) for place in VIEW.to_cells(200, 150))
    assert both.glyphs[row, column] == CURSOR_GLYPH
    assert np.array_equal(both.bg[row, column], marked.bg[row, column])


def test_few_colours_are_those_of_the_palette_and_grey_has_no_hue():
    shapes = (Shape(disc(200, 150, 60, SIZE)),)
    there = {tuple(colour) for colour in palette_256()[16:].tolist()}
    for colours in (Colours.INDEXED, Colours.GREY):
        grid = shown(scene(shapes=shapes), colours=colours)
        sides = np.concatenate((grid.fg, grid.bg)).reshape(-1, 3)
        assert {tuple(side) for side in sides.tolist()} <= there
    assert (np.ptp(sides, axis=1) == 0).all()


def test_without_hue_masks_differ_by_their_lines():
    box = whole(100, 100, 300, 200, SIZE)
    drawn = {
        emphasis: {
            chr(glyph)
            for glyph in shown(
                scene(shapes=(Shape(box, emphasis=emphasis),)), colours=Colours.GREY
            ).glyphs.flat
        }
        - {chr(HALF_BLOCK)}
        for emphasis in (Emphasis.NORMAL, Emphasis.SELECTED, Emphasis.CANDIDATE)
    }
    assert set("─│┌┐└┘") < drawn[Emphasis.NORMAL]
    assert set("━┃┏┓┗┛") < drawn[Emphasis.SELECTED]
    assert set("═║╔╗╚╝") < drawn[Emphasis.CANDIDATE]


def test_nothing_new_is_nothing_to_send():
    first = paint(None, View(scene(cursor=(100, 150)), VIEW))
    again = paint(first.shown, View(scene(cursor=(100, 150)), VIEW))
    assert (again.text, again.damage) == ("", ())


def test_a_cursor_step_damages_two_cells():
    first = paint(None, View(scene(cursor=(100, 150)), VIEW))
    moved = paint(first.shown, View(scene(cursor=(300, 150)), VIEW))
    assert [rect[2:] for rect in moved.damage] == [(1, 1), (1, 1)]


def test_a_theme_changes_only_the_masks():
    made = scene(shapes=(Shape(disc(100, 100, 30, SIZE)),))
    first = paint(None, View(made, VIEW))
    again = paint(first.shown, View(made, VIEW), CellsOptions(mask_colours=((9, 200, 9),)))
    box = again.damage[0]
    assert again.text and box.width * box.height < 120


shapes = st.builds(
    lambda x, y, radius, colour, emphasis: Shape(disc(x, y, radius, SIZE), None, colour, emphasis),
    st.integers(20, 380),
    st.integers(20, 280),
    st.integers(1, 60),
    st.integers(0, 20),
    st.sampled_from(Emphasis),
)
points = st.tuples(st.floats(0, 400), st.floats(0, 300))
scenes = st.builds(
    lambda seed, shapes, marks, rubber, cursor, loupe: scene(
        photo(seed=seed),
        key=str(seed),
        shapes=tuple(shapes),
        marks=tuple(Mark(*at, positive=positive) for at, positive in marks),
        rubber=Box.from_corners(*rubber[0], *rubber[1]) if rubber else None,
        cursor=cursor,
        loupe=Loupe(CellRect(3, 2, 9, 4), *loupe) if loupe else None,
    ),
    st.integers(0, 1),
    st.lists(shapes, max_size=3),
    st.lists(st.tuples(points, st.booleans()), max_size=3),
    st.none() | st.tuples(points, points),
    st.none() | points,
    st.none() | points,
)
FEW = Viewport.fitted(SIZE, Size(24, 9), CellSize(8, 16))
viewports = st.sampled_from([FEW, FEW, FEW.zoomed(3, 100, 100), FEW.zoomed(12, 300, 200)])
rects = st.builds(CellRect, *(st.integers(0, 20), st.integers(0, 8)), *[st.integers(1, 9)] * 2)
steps = st.lists(
    st.tuples(
        scenes,
        viewports,
        st.lists(rects, max_size=2),
        st.sampled_from([(0, 0), (2, 1)]),
        st.none() | st.sampled_from([0, 300, 2000]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
options = st.builds(
    CellsOptions, st.sampled_from([HALVES, QUADRANTS, SEXTANTS]), st.sampled_from(Colours)
)


@given(steps, options)
@settings(deadline=None, max_examples=40)
def test_the_terminal_shows_what_the_painter_thinks_and_dialogs_stay(steps, options):
    terminal = TextTerminal(28, 11)
    before: CellsShown | None = None
    for made, viewport, dialogs, origin, budget, refined in steps:
        covered = [rect.within(FEW.cells) for rect in dialogs]
        for rect in covered:
            terminal.cover(rect, origin)
        if before is not None and before.origin != origin:
            before = None
        view = View(made, viewport, origin, covered=tuple(covered))
        painted = paint(before, view, options, budget)
        assert budget is not None or not painted.shown.left.any()
        terminal.feed(painted.text.encode())
        before = painted.shown
        while refined and before.left.any():
            painted = refine(before, 1000)
            assert painted.text
            terminal.feed(painted.text.encode())
            before = painted.shown
        hidden = cell_mask(covered, FEW.cells)
        on_screen = terminal.grid(origin, *FEW.cells)
        assert (on_screen.glyphs[hidden] == ord("P")).all()
        seen, thought, wanted = looks(on_screen), looks(before.sent), looks(before.wanted)
        known = before.known & ~hidden
        assert np.array_equal(seen[0][known], thought[0][known])
        assert np.array_equal(seen[1][known], thought[1][known])
        done = ~before.left & ~hidden
        assert np.array_equal(seen[0][done], wanted[0][done])
        off = np.abs(seen[1][done].astype(int) - wanted[1][done]).max(axis=(1, 2, 3))
        assert (off <= before.slack[done]).all()
        fresh = looks(paint(None, replace(view, covered=()), options).shown.wanted)
        assert np.array_equal(fresh[1], wanted[1])


def test_what_a_person_did_goes_before_a_new_photo():
    made = scene(key="a", cursor=(200, 40))
    first = paint(None, View(made, VIEW))
    shape = Shape(disc(300, 200, 30, SIZE), emphasis=Emphasis.CANDIDATE)
    other = scene(photo(seed=1), "b", shapes=(shape,), marks=(Mark(20, 280),), cursor=(200, 40))
    painted = paint(first.shown, View(other, VIEW), budget=600)
    overlay = painted.shown.slack > 4
    marked = painted.shown.slack == 0
    assert overlay.any() and marked.sum() == 2
    assert not painted.shown.left[overlay | marked].any()
    assert painted.shown.left.any()
    # Then rows from the cursor on.
    row = int(VIEW.to_cells(200, 40)[1])
    refined = refine(painted.shown, 2000)
    assert not refined.shown.left[row].any() and refined.shown.left[-1].any()


@pytest.mark.parametrize("blocks", [HALVES, QUADRANTS, SEXTANTS], ids=["1x2", "2x2", "2x3"])
@pytest.mark.parametrize("colours", Colours)
def test_a_new_photo_is_coarse_first_and_nothing_of_the_old_one_stays(blocks, colours):
    options = CellsOptions(blocks, colours)
    terminal = TextTerminal(200, 60)
    first = paint(None, View(scene(), LARGE), options)
    terminal.feed(first.text.encode())
    shape = Shape(disc(300, 200, 30, SIZE), emphasis=Emphasis.CANDIDATE)
    view = View(scene(photo(seed=1), "b", shapes=(shape,)), LARGE)
    painted = paint(first.shown, view, options, budget=20_000)
    assert len(painted.text.encode()) <= 30_000  # the mask comes whole, and beside the rest
    terminal.feed(painted.text.encode())
    shown = painted.shown
    assert shown.known.all() and shown.left.mean() > 0.3
    assert np.array_equal(looks(terminal.grid((0, 0), 200, 60))[1], looks(shown.sent)[1])
    off = np.abs(shown.sent.bg.astype(int) - shown.wanted.bg).mean()
    old = np.abs(first.shown.sent.bg.astype(int) - shown.wanted.bg).mean()
    assert off < old / 2
    while shown.left.any():
        painted = refine(shown, 8000)
        terminal.feed(painted.text.encode())
        shown = painted.shown
    assert np.array_equal(looks(terminal.grid((0, 0), 200, 60))[1], looks(shown.sent)[1])


def test_what_is_nearly_right_already_is_not_sent_coarse():
    first = paint(None, View(scene(), VIEW)).shown
    lit = photo().copy()
    lit[100:110, 100:140] = (250, 10, 10)
    painted = paint(first, View(scene(lit, "b"), VIEW), budget=2000)
    assert painted.text and not painted.shown.left.any()


def test_the_smallest_budget_still_shows_the_new_photo_whole():
    first = paint(None, View(scene(), LARGE)).shown
    painted = paint(first, View(scene(photo(seed=1), "b"), LARGE), budget=0)
    assert painted.shown.known.all()
    # A byte a cell is the least that any terminal takes, and each row begins somewhere.
    assert len(painted.text.encode()) < 200 * 60 * 1.9


def test_a_canvas_that_moves_while_its_photo_is_coarse_is_coarse_in_its_new_place():
    waiting = paint(None, View(scene(), VIEW), budget=1500).shown
    terminal = TextTerminal(60, 30)
    painted = paint(waiting, View(scene(), VIEW, (3, 2)), budget=1500)
    terminal.feed(painted.text.encode())
    assert painted.shown.known.all()
    seen = looks(terminal.grid((3, 2), *VIEW.cells))
    assert np.array_equal(seen[1], looks(painted.shown.sent)[1])


def test_a_mask_does_not_wait_for_a_photo_that_is_still_coming():
    waiting = paint(None, View(scene(), VIEW), budget=1000).shown
    assert waiting.left.any()
    shape = Shape(disc(200, 280, 15, SIZE), emphasis=Emphasis.CANDIDATE)
    painted = paint(waiting, View(scene(shapes=(shape,)), VIEW), budget=0)
    assert painted.text and not painted.shown.left[painted.shown.slack > 4].any()
    assert len(painted.text.encode()) < 1500


def test_a_slice_ends_soon_after_its_budget():
    shown = paint(None, View(scene(), VIEW), budget=0).shown
    sizes = []
    while shown.left.any():
        painted = refine(shown, 2000)
        sizes.append(len(painted.text.encode()))
        shown = painted.shown
    row = 50 * 45
    assert len(sizes) > 3 and max(sizes) <= 2000 + row


def sent(made: Scene, before: CellsShown | None = None, **options) -> int:
    painted = paint(before, View(made, LARGE), CellsOptions(**options))
    return len(painted.text.encode())


@pytest.mark.parametrize("blocks", [HALVES, QUADRANTS, SEXTANTS])
@pytest.mark.parametrize("colours", Colours)
def test_budgets_on_200_by_60_cells(blocks, colours):
    options = {"blocks": blocks, "colours": colours}
    first = paint(None, View(scene(cursor=(100, 100)), LARGE), CellsOptions(**options)).shown
    assert sent(scene(cursor=(103, 100)), first, **options) <= 200
    shape = Shape(disc(150, 120, 40, SIZE), None, 0, Emphasis.CANDIDATE)
    clicked = scene(cursor=(100, 100), shapes=(shape,), marks=(Mark(150, 120),))
    assert sent(clicked, first, **options) <= 6000


@pytest.mark.parametrize("blocks", [HALVES, QUADRANTS, SEXTANTS])
def test_few_colours_cost_at_most_two_thirds(blocks):
    made = scene()
    whole = sent(made, blocks=HALVES)
    assert sent(made, blocks=blocks, colours=Colours.INDEXED) < whole * 2 / 3
    assert sent(made, blocks=blocks, colours=Colours.GREY) < whole * 2 / 3
