"""What kitty's painter writes as text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.graphics.kitty_stage import CANVAS, holes
from tests.graphics.terminal_model import TerminalModel
from tui_label.graphics.cellrects import CellRect, cell_mask, uncovered
from tui_label.graphics.kitty_commands import Anchor
from tui_label.graphics.kitty_text import anchor_cell, anchor_id, anchored, blanks, freed


@given(st.none() | holes, holes)
def test_freed_cells_are_those_that_can_be_seen_now_and_could_not_before(before, covered):
    seen = ~cell_mask(covered, CANVAS)
    if before is not None:
        seen &= cell_mask(before, CANVAS)
    assert np.array_equal(cell_mask(freed(CANVAS, covered, before), CANVAS), seen)


@given(holes, holes)
def test_blanks_erase_what_they_should_and_nothing_else(before, covered):
    terminal = TerminalModel(46, 16)
    for row in range(16):
        terminal.feed(f"\x1b[{row + 1};1H{'#' * 46}".encode())
    cursor = terminal.cursor
    rects = freed(CANVAS, covered, before)
    terminal.feed(blanks(rects, (3, 2)))
    assert terminal.cursor == cursor
    empty = {
        (column, row)
        for column in range(46)
        for row in range(16)
        if (column, row) not in terminal.text
    }
    assert empty == {
        (3 + rect.x + column, 2 + rect.y + row)
        for rect in rects
        for column in range(rect.width)
        for row in range(rect.height)
    }


def test_a_large_canvas_is_blank_for_half_a_kilobyte():
    assert len(blanks((CellRect(0, 0, 160, 50),), (0, 0))) <= 512


def test_the_anchor_is_found_by_its_id_and_leaves_cursor_and_colour_alone():
    terminal = TerminalModel(46, 16)
    for process in (0, 1234, 8159, 4194303):
        anchor = Anchor(anchor_id(process), 5, 4)
        terminal.feed(anchor_cell(anchor))
        assert terminal.anchors(anchor.image) == [(5, 4)]
        assert (terminal.cursor, terminal.colour) == ((0, 0), 0)


@given(st.lists(holes, min_size=1, max_size=5))
def test_the_anchor_stays_while_it_can_be_seen_and_is_never_covered(covers):
    anchor = None
    for covered in covers:
        seen = uncovered(CANVAS, covered)
        before, anchor = anchor, anchored(anchor, 1 << 24, (3, 2), seen)
        if not seen:
            assert anchor is None
            continue
        free = ~cell_mask(covered, CANVAS)
        assert free[anchor.row - 2, anchor.column - 3]
        if before is not None and free[before.row - 2, before.column - 3]:
            assert anchor == before
