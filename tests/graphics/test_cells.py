"""Half blocks: what cells show, what changed, and how few bytes say so."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.scenes import disc, photo, scene, whole
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.cells import (
    CURSOR_GLYPH,
    NEGATIVE_GLYPH,
    POSITIVE_GLYPH,
    CellGrid,
    CellRect,
    paint,
    row_ansi,
)
from tui_label.graphics.palette import MASK_COLOURS
from tui_label.graphics.scene import Emphasis, Mark, Shape
from tui_label.graphics.viewport import CellSize, Viewport

SIZE = Size(400, 300)
VIEW = Viewport.fitted(SIZE, Size(50, 20), CellSize(8, 16))


def grids_equal(a: CellGrid, b: CellGrid) -> bool:
    return (
        np.array_equal(a.glyphs, b.glyphs)
        and np.array_equal(a.fg, b.fg)
        and np.array_equal(a.bg, b.bg)
    )


def test_a_cell_shows_two_pixels_of_the_photo():
    pixels = np.zeros((40, 50, 3), np.uint8)
    pixels[::2] = (200, 10, 10)
    viewport = Viewport.fitted(Size(50, 40), Size(50, 20), CellSize(8, 16))
    grid = paint(None, scene(pixels), viewport).grid
    assert (grid.fg == (200, 10, 10)).all() and not grid.bg.any()


def test_a_mask_tints_and_its_contour_is_opaque():
    pixels = np.zeros((40, 50, 3), np.uint8)
    viewport = Viewport.fitted(Size(50, 40), Size(50, 20), CellSize(8, 16))
    shapes = (Shape(whole(10, 10, 30, 30, Size(50, 40))),)
    grid = paint(None, scene(pixels, shapes=shapes), viewport).grid
    assert grid.fg[5, 15].tolist() == list(MASK_COLOURS[0])
    tint = grid.fg[10, 20]
    assert 0 < tint.max() < max(MASK_COLOURS[0])


def test_marks_and_cursor_are_told_apart_by_shape():
    marks = (Mark(100, 150), Mark(200, 150, positive=False))
    grid = paint(None, scene(marks=marks, cursor=(300, 150)), VIEW).grid
    row = VIEW.cells.height // 2
    columns = [int(VIEW.to_cells(x, 150)[0]) for x in (100, 200, 300)]
    assert grid.glyphs[row, columns].tolist() == [POSITIVE_GLYPH, NEGATIVE_GLYPH, CURSOR_GLYPH]


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_the_cursor_is_readable_on_any_colour(red, green, blue):
    pixels = np.full((4, 4, 3), (red, green, blue), np.uint8)
    viewport = Viewport.fitted(Size(4, 4), Size(4, 2), CellSize(8, 16))
    grid = paint(None, scene(pixels, cursor=(2, 2)), viewport).grid
    weights = np.array([0.2126, 0.7152, 0.0722])
    fg, bg = (float((side[1, 2] / 255.0) ** 2.2 @ weights) + 0.05 for side in (grid.fg, grid.bg))
    # WCAG 2.2 asks 4.5 of text.
    assert max(fg, bg) / min(fg, bg) >= 4.5


def test_a_cursor_on_a_mark_keeps_the_colour_of_the_mark():
    marked = paint(None, scene(marks=(Mark(200, 150),)), VIEW).grid
    both = paint(None, scene(marks=(Mark(200, 150),), cursor=(200, 150)), VIEW).grid
    column, row = (int(place) for place in VIEW.to_cells(200, 150))
    assert both.glyphs[row, column] == CURSOR_GLYPH
    assert np.array_equal(both.bg[row, column], marked.bg[row, column])


def test_a_cursor_step_damages_two_cells_and_nothing_damages_none():
    first = paint(None, scene(cursor=(100, 150)), VIEW)
    assert first.damage is None
    moved = paint(first.shown, scene(cursor=(300, 150)), VIEW)
    assert moved.damage is not None
    assert [rect[2:] for rect in moved.damage] == [(1, 1), (1, 1)]
    assert paint(moved.shown, scene(cursor=(300, 150)), VIEW).damage == ()


def test_another_canvas_damages_everything():
    first = paint(None, scene(), VIEW)
    assert paint(first.shown, scene(), VIEW.resized(Size(40, 20), VIEW.cell)).damage is None


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
    lambda seed, shapes, marks, rubber, cursor: scene(
        photo(seed=seed),
        key=str(seed),
        shapes=tuple(shapes),
        marks=tuple(Mark(*at, positive=positive) for at, positive in marks),
        rubber=Box.from_corners(*rubber[0], *rubber[1]) if rubber else None,
        cursor=cursor,
    ),
    st.integers(0, 1),
    st.lists(shapes, max_size=3),
    st.lists(st.tuples(points, st.booleans()), max_size=3),
    st.none() | st.tuples(points, points),
    st.none() | points,
)
views = st.sampled_from([VIEW, VIEW, VIEW.zoomed(3, 100, 100), VIEW.zoomed(12, 300, 200)])


@given(st.lists(st.tuples(scenes, views), min_size=1, max_size=4))
@settings(deadline=None, max_examples=30)
def test_repainting_the_damage_gives_what_a_fresh_paint_shows(steps):
    shown = None
    screen = None
    for step, viewport in steps:
        painted = paint(shown, step, viewport)
        fresh = paint(None, step, viewport).grid
        assert grids_equal(painted.grid, fresh)
        if painted.damage is None or screen is None:
            screen = CellGrid(fresh.glyphs.copy(), fresh.fg.copy(), fresh.bg.copy())
        else:
            covered = np.zeros(screen.glyphs.shape, int)
            for x, y, width, height in painted.damage:
                inside = slice(y, y + height), slice(x, x + width)
                covered[inside] += 1
                screen.glyphs[inside] = painted.grid.glyphs[inside]
                screen.fg[inside] = painted.grid.fg[inside]
                screen.bg[inside] = painted.grid.bg[inside]
            assert covered.max(initial=0) <= 1
        assert grids_equal(screen, fresh)
        shown = painted.shown


def read_row(ansi: str) -> list[tuple[str, tuple[int, ...] | None, tuple[int, ...] | None]]:
    """Characters with their colours, as a terminal reads them."""
    cells, fg, bg = [], None, None
    for codes, char in re.findall(r"\x1b\[([\d;]*)m|(.)", ansi):
        if char:
            cells.append((char, fg, bg))
            continue
        values = [int(code) for code in codes.split(";")]
        while values and values != [0]:
            colour = tuple(values[2:5])
            fg, bg = (colour, bg) if values[0] == 38 else (fg, colour)
            values = values[5:]
    return cells


def alike(shown: tuple[int, ...] | None, wanted: tuple[int, ...]) -> bool:
    return shown is not None and max(abs(a - b) for a, b in zip(shown, wanted, strict=True)) <= 4


@given(st.integers(0, 99), st.integers(1, 4), st.integers(1, 30), st.sampled_from((12, 256)))
def test_a_row_of_ansi_shows_the_grid_within_four_of_255(seed, colours, columns, contrast):
    random = np.random.default_rng(seed)
    few = random.integers(0, contrast, (colours, 3), dtype=np.uint8)
    grid = CellGrid(
        random.choice([0x2580, POSITIVE_GLYPH, CURSOR_GLYPH], (1, columns)).astype(np.uint32),
        few[random.integers(0, colours, (1, columns))],
        few[random.integers(0, colours, (1, columns))],
    )
    cells = read_row(row_ansi(grid, 0, 0, columns))
    assert len(cells) == columns
    for x, (char, fg, bg) in enumerate(cells):
        top, bottom = tuple(grid.fg[0, x].tolist()), tuple(grid.bg[0, x].tolist())
        if char == " ":
            assert top == bottom or grid.glyphs[0, x] == 0x2580
            assert alike(bg, top) and alike(bg, bottom)
        elif char == "▄":
            assert alike(fg, bottom) and alike(bg, top)
        else:
            assert ord(char) == grid.glyphs[0, x]
            assert alike(fg, top) and alike(bg, bottom)


def test_equal_neighbours_cost_one_byte_each():
    grid = CellGrid(
        np.full((1, 80), 0x2580, np.uint32),
        np.full((1, 80, 3), 7, np.uint8),
        np.full((1, 80, 3), 7, np.uint8),
    )
    assert row_ansi(grid, 0, 0, 80) == "\x1b[48;2;7;7;7m" + " " * 80 + "\x1b[0m"
    assert row_ansi(grid, 0, 5, 5) == ""


def bytes_of(damage: tuple[CellRect, ...], grid: CellGrid) -> int:
    rows = [
        row_ansi(grid, y, rect.x, rect.x + rect.width)
        for rect in damage
        for y in range(rect.y, rect.y + rect.height)
    ]
    return sum(len(row.encode()) + len("\x1b[99;999H") for row in rows)


def test_budgets_on_200_by_60_cells():
    viewport = Viewport.fitted(SIZE, Size(200, 60), CellSize(8, 16))
    first = paint(None, scene(cursor=(100, 100)), viewport)
    moved = paint(first.shown, scene(cursor=(103, 100)), viewport)
    assert bytes_of(moved.damage or (), moved.grid) <= 200
    candidate = Shape(disc(150, 120, 20, SIZE), None, 0, Emphasis.CANDIDATE)
    clicked = paint(
        moved.shown,
        scene(cursor=(103, 100), shapes=(candidate,), marks=(Mark(150, 120),)),
        viewport,
    )
    assert bytes_of(clicked.damage or (), clicked.grid) <= 6000
