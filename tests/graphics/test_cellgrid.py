"""A grid of cells as text with few colour changes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.cells_model import TextTerminal, looks
from tui_label.graphics.cellgrid import ALIKE, CellGrid, Colours, Pen
from tui_label.graphics.cells_blocks import HALF_BLOCK, SEXTANTS, inverse_glyphs
from tui_label.graphics.cells_colours import palette_256
from tui_label.graphics.cells_marks import CURSOR_GLYPH, POSITIVE_GLYPH

GLYPHS = [HALF_BLOCK, POSITIVE_GLYPH, CURSOR_GLYPH, ord(SEXTANTS.glyphs[5]), ord("▚")]


def grid_of(seed: int, few: int, columns: int, contrast: int, colours: Colours) -> CellGrid:
    random = np.random.default_rng(seed)
    some = random.integers(0, contrast, (few, 3), dtype=np.uint8)
    if colours is not Colours.DIRECT:
        some = palette_256()[random.integers(16, 256, few)]
    return CellGrid(
        random.choice(GLYPHS, (1, columns)).astype(np.uint32),
        some[random.integers(0, few, (1, columns))],
        some[random.integers(0, few, (1, columns))],
        colours,
    )


def written(grid: CellGrid) -> str:
    """The only row of a grid, in the first row of the screen."""
    columns = grid.glyphs.shape[1]
    pen = Pen(grid, (0, 0))
    pen.put(0, np.arange(columns), np.full(columns, ALIKE, dtype=np.uint8))
    return pen.text()


@given(
    st.integers(0, 99),
    st.integers(1, 4),
    st.integers(1, 30),
    st.sampled_from((12, 256)),
    st.sampled_from(Colours),
)
@settings(deadline=None)
def test_a_row_of_text_shows_the_grid_within_four_of_255(seed, few, columns, contrast, colours):
    grid = grid_of(seed, few, columns, contrast, colours)
    terminal = TextTerminal(columns + 1, 1)
    terminal.feed(written(grid).encode())
    seen, wanted = looks(terminal.grid((0, 0), columns, 1)), looks(grid)
    same = (grid.fg == grid.bg).all(axis=2)
    assert np.array_equal(seen[0][~same], wanted[0][~same])
    error = np.abs(seen[1].astype(int) - wanted[1])
    assert error[seen[0] == wanted[0]].max(initial=0) <= 4


@given(st.integers(0, 99), st.integers(0, 80), st.lists(st.booleans(), min_size=12, max_size=12))
@settings(deadline=None)
def test_a_pen_says_which_colours_the_terminal_has_got(seed, slack, chosen):
    grid = grid_of(seed, 6, 12, 256, Colours.DIRECT)
    columns = np.flatnonzero(chosen)
    if not columns.size:
        return
    pen = Pen(grid, (3, 1))
    fg, bg = pen.put(0, columns, np.full(12, slack, dtype=np.uint8))
    terminal = TextTerminal(20, 3)
    terminal.feed(pen.text().encode())
    screen = terminal.grid((3, 1), 12, 1)
    part = CellGrid(grid.glyphs[:, columns], np.uint8([fg]), np.uint8([bg]))
    seen, sent = looks(screen), looks(part)
    assert np.array_equal(seen[1][:, columns], sent[1])
    untouched = np.setdiff1d(np.arange(12), columns)
    assert (screen.glyphs[:, untouched] == ord(" ")).all()
    for held, asked in ((fg, grid.fg), (bg, grid.bg)):
        assert np.abs(np.array(held) - asked[0, columns]).max() <= slack


def test_equal_neighbours_cost_one_byte_each():
    grid = CellGrid(
        np.full((1, 80), HALF_BLOCK, np.uint32),
        np.full((1, 80, 3), 7, np.uint8),
        np.full((1, 80, 3), 7, np.uint8),
    )
    assert written(grid) == "\x1b7\x1b[1;1H\x1b[48;2;7;7;7m" + " " * 80 + "\x1b[0m\x1b8"


def test_a_colour_of_few_is_a_number():
    white = np.full((1, 1, 3), 255, np.uint8)
    grid = CellGrid(np.full((1, 1), ord("+"), np.uint32), white, white * 0, Colours.INDEXED)
    assert written(grid) == "\x1b7\x1b[1;1H\x1b[38;5;231;48;5;16m+\x1b[0m\x1b8"


def test_the_inverse_of_an_inverse_is_the_glyph():
    inverses = inverse_glyphs()
    assert all(inverses[ord(inverse)] == chr(glyph) for glyph, inverse in inverses.items())
    assert inverses[ord("▀")] == "▄" and inverses[ord("▞")] == "▚"
