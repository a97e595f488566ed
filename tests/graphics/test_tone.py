"""Brightness, contrast and equalised levels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.graphics.scenes import photo
from tui_label.graphics.scene import Picture, Tone
from tui_label.graphics.tone import tone_table

PHOTO = Picture.of(photo())
TONES = st.builds(Tone, st.floats(-1, 1), st.floats(0.1, 10), st.booleans()).filter(
    lambda tone: tone != Tone()
)


def test_nothing_to_do_is_no_table() -> None:
    assert tone_table(PHOTO, Tone()) is None


@given(TONES)
def test_lighter_never_becomes_darker_than_what_was_darker(tone: Tone) -> None:
    table = tone_table(PHOTO, tone)
    assert table is not None and table.shape == (256,) and table.dtype == np.uint8
    assert (np.diff(table.astype(int)) >= 0).all()


def test_full_brightness_is_white_and_none_is_black() -> None:
    white, black = tone_table(PHOTO, Tone(1.0)), tone_table(PHOTO, Tone(-1.0))
    assert white is not None and black is not None
    assert (white == 255).all() and (black == 0).all()


def test_contrast_turns_around_the_middle() -> None:
    table = tone_table(PHOTO, Tone(contrast=2.0))
    assert table is not None
    assert abs(int(table[127]) - 127) <= 1 and table[64] == 0 and table[192] == 255


def test_equalised_levels_use_the_whole_range_evenly() -> None:
    narrow = np.random.default_rng(0).normal(120, 8, (200, 200, 1)).clip(0, 255).astype(np.uint8)
    grey = np.repeat(narrow, 3, axis=2)
    table = tone_table(Picture.of(grey), Tone(equalise=True))
    assert table is not None
    spread = table[grey]
    assert spread.min() <= 2 and spread.max() == 255
    assert abs(float(np.median(spread)) - 127) < 12


def test_a_photo_of_one_level_stays_as_it_is() -> None:
    table = tone_table(Picture.of(np.full((4, 4, 3), 77, np.uint8)), Tone(equalise=True))
    assert table is not None and table[77] == 77
