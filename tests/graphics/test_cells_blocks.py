"""Block glyphs: which split of a cell is the best one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_label.graphics.cells_blocks import HALVES, QUADRANTS, SEXTANTS, Blocks, by_cell, split

WEIGHTS = np.array([2, 4, 3]) / 3


def error(cell: np.ndarray, glyph: int, blocks: Blocks, fg: np.ndarray, bg: np.ndarray) -> float:
    bits = blocks.glyphs.index(chr(glyph))
    front = np.array([bits >> bit & 1 for bit in range(blocks.pixels)], dtype=bool)
    drawn = np.where(front[:, None], fg, bg)
    return float((((cell.astype(float) - drawn) ** 2) * WEIGHTS).sum())


def test_the_glyphs_are_those_of_unicode():
    assert [len(blocks.glyphs) for blocks in (HALVES, QUADRANTS, SEXTANTS)] == [4, 16, 64]
    assert len(set(SEXTANTS.glyphs)) == 64
    # BLOCK SEXTANT-1, -1246 and -23456.
    assert [ord(SEXTANTS.glyphs[bits]) for bits in (0b1, 0b101011, 0b111110)] == [
        0x1FB00,
        0x1FB28,
        0x1FB3B,
    ]


@given(st.integers(0, 999), st.sampled_from([QUADRANTS, SEXTANTS]), st.sampled_from([2, 30, 256]))
@settings(deadline=None)
def test_no_other_split_is_nearer_to_the_pixels(seed, blocks, contrast):
    random = np.random.default_rng(seed)
    cell = random.integers(0, contrast, (1, blocks.pixels, 3), dtype=np.uint8)
    glyphs, fg, bg = split(cell, np.zeros(cell.shape[:2], dtype=bool), blocks)
    ours = error(cell[0], int(glyphs[0]), blocks, fg[0], bg[0])
    best = min(
        sum(
            float((((part - part.mean(axis=0)) ** 2) * WEIGHTS).sum())
            for part in (cell[0][chosen].astype(float), cell[0][~chosen].astype(float))
            if len(part)
        )
        for chosen in (np.array(bits) for bits in product((False, True), repeat=blocks.pixels))
    )
    # Colours are whole numbers.
    assert ours <= best + 0.25 * WEIGHTS.sum() * blocks.pixels + 0.1


def test_a_contour_is_one_of_the_two_colours_whatever_the_rest_is():
    cell = np.uint8([[[255] * 3, [0] * 3, [0] * 3, [240, 228, 66]]])
    lines = np.array([[False, False, False, True]])
    glyphs, _, bg = split(cell, lines, QUADRANTS)
    assert chr(glyphs[0]) == "▛" and bg[0].tolist() == [240, 228, 66]


def test_small_differences_may_be_left_out():
    cell = np.uint8([[[10] * 3, [10] * 3, [14] * 3, [14] * 3]])
    none = np.zeros((1, 4), dtype=bool)
    assert chr(split(cell, none, QUADRANTS)[0][0]) == "▀"
    glyphs, fg, bg = split(cell, none, QUADRANTS, flat=6)
    assert chr(glyphs[0]) == "█" and fg.tolist() == bg.tolist() == [[12] * 3]


@pytest.mark.parametrize("blocks", [HALVES, QUADRANTS, SEXTANTS])
def test_pixels_by_cell(blocks):
    height, width = 2 * blocks.down, 3 * blocks.across
    pixels = np.arange(height * width).reshape(height, width)
    cells = by_cell(pixels, blocks)
    assert cells.shape == (2, 3, blocks.pixels)
    assert cells[1, 2, -1] == pixels[-1, -1] and cells[0, 1, 0] == pixels[0, blocks.across]
