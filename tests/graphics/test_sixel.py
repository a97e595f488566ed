"""Rasters as sixel pictures: what a terminal decodes is what was encoded."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.graphics.sixel_model import SixelModel
from tui_label.graphics.sixel import pictures

PERCENTS = np.random.default_rng(0).integers(0, 101, (256, 3), dtype=np.uint8)
RASTERS = hnp.arrays(
    np.uint8,
    st.tuples(st.integers(1, 30), st.integers(1, 40)),
    elements=st.sampled_from([0, 0, 1, 2, 3, 200, 255]),
)


def decoded(values: np.ndarray, registers: int = 256) -> np.ndarray:
    model = SixelModel(1, 2, (values.shape[1], values.shape[0]), registers=registers)
    for picture in pictures(values, PERCENTS, registers):
        model.feed(b"\x1b[1;1H" + picture)
    return model.canvas(0, 0, 1, 1)


def wanted(values: np.ndarray) -> np.ndarray:
    return np.where(values[..., None] == 0, -1, PERCENTS[values].astype(np.int16))


def body(values: list[list[int]]) -> str:
    """Without the beginning, the size, the colours and the end."""
    (picture,) = pictures(np.array(values, dtype=np.uint8), PERCENTS)
    text = picture.decode().removeprefix("\x1bP0;1q").removesuffix("\x1b\\")
    return re.sub(r'^"[\d;]+(#\d+;2;\d+;\d+;\d+)*', "", text)


@given(RASTERS, st.sampled_from([1, 2, 16, 256]))
@settings(deadline=None)
def test_a_terminal_decodes_what_was_encoded(values: np.ndarray, registers: int) -> None:
    assert np.array_equal(decoded(values, registers), wanted(values))


@pytest.mark.parametrize("registers", [16, 256])
def test_a_raster_of_many_bands_and_all_colours(registers: int) -> None:
    values = np.random.default_rng(1).integers(0, 256, (200, 500), dtype=np.uint8)
    values[50:100] = 0
    values[100:150, 20:480] = 9
    assert np.array_equal(decoded(values, registers), wanted(values))


def test_nothing_to_draw_is_no_picture() -> None:
    assert pictures(np.zeros((12, 12), dtype=np.uint8), PERCENTS) == []


def test_the_size_is_declared_and_what_is_not_drawn_stays_transparent() -> None:
    (picture,) = pictures(np.ones((7, 9), dtype=np.uint8), PERCENTS)
    assert picture.startswith(b'\x1bP0;1q"1;1;9;7#1;2;')


def test_four_columns_and_more_are_counted_and_fewer_are_written_out() -> None:
    assert body([[1, 1, 1]]) == "#1@@@"
    assert body([[1] * 4]) == "#1!4@"
    assert body([[0] * 12 + [1] * 1234]) == "#1!12?!1234@"


def test_a_band_is_a_row_of_characters_a_colour() -> None:
    assert body([[1, 2], [2, 2]]) == "#1@$#2A" + "B"


def test_empty_bands_cost_a_character_each_and_those_at_the_end_nothing() -> None:
    values = [[0]] * 12 + [[5]] + [[0]] * 20
    assert body(values) == "--#5@"


def test_more_colours_than_registers_take_more_pictures() -> None:
    values = np.arange(1, 41, dtype=np.uint8)[None]
    drawn = pictures(values, PERCENTS, 16)
    assert len(drawn) == 3
    numbers = [int(number) for picture in drawn for number in re.findall(rb"#(\d+)", picture)]
    assert max(numbers) == 15


def test_with_enough_registers_an_entry_is_always_in_the_same_one() -> None:
    (picture,) = pictures(np.array([[200, 7]], dtype=np.uint8), PERCENTS)
    assert set(re.findall(rb"#(\d+)[?-~]", picture)) == {b"7", b"200"}


def test_a_picture_has_at_least_one_colour() -> None:
    with pytest.raises(ValueError, match="0 colours"):
        pictures(np.ones((1, 1), dtype=np.uint8), PERCENTS, 0)
