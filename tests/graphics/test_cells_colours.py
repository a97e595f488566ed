"""The 256 colours that terminals share."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_label.graphics.cells_colours import (
    code_of,
    nearest_256,
    nearest_grey,
    palette_256,
    rough_code,
)

channel = st.integers(0, 255)


def test_the_palette_is_that_of_xterm():
    colours = palette_256()
    some = {16: (0, 0, 0), 21: (0, 0, 255), 110: (135, 175, 215), 231: (255,) * 3, 232: (8,) * 3}
    assert {code: tuple(colours[code].tolist()) for code in some} == some
    assert tuple(colours[255]) == (238,) * 3


def test_a_colour_of_the_palette_has_its_own_number():
    for code in range(16, 256):
        assert code_of(tuple(palette_256()[code].tolist())) == code


@given(channel, channel, channel)
@settings(deadline=None)
def test_a_nearest_colour_is_near(red, green, blue):
    pixel = np.uint8([[red, green, blue]])
    near = palette_256()[nearest_256(pixel)[0]].astype(int)
    luma = np.array([0.299, 0.587, 0.114])
    assert abs(float((near - pixel[0]) @ luma)) < 60


@given(st.tuples(channel, channel, channel), st.integers(0, 60))
def test_a_rough_colour_is_as_near_as_asked_for_and_found_where_there_is_one(colour, slack):
    distances = np.abs(palette_256()[16:].astype(int) - colour).max(axis=1)
    found = rough_code(colour, slack)
    assert (found is not None) == (distances.min() <= slack)
    if found is not None:
        code, looks = found
        assert tuple(palette_256()[code].tolist()) == looks and distances[code - 16] <= slack


@given(channel)
def test_a_nearest_grey_is_at_most_half_a_step_away(level):
    code = int(nearest_grey(np.uint8([level]))[0])
    grey = palette_256()[code].astype(int)
    assert np.ptp(grey) == 0 and abs(grey[0] - level) <= (9 if level > 238 else 5)


def test_a_dark_brown_is_no_bright_red():
    red, green, _ = palette_256()[nearest_256(np.uint8([[70, 45, 30]]))[0]].astype(int)
    assert red - green < 60
