"""What is known of terminals beyond what they answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_label.graphics.brands import (
    ALWAYS,
    BRANDS,
    MULTIPLEXERS,
    NEVER,
    PAINTERS,
    brand_in,
    brand_of,
    reaches,
)


def test_every_driver_is_a_painter_and_every_name_is_there_once():
    names = [brand.name for brand in BRANDS]
    assert len(names) == len(set(names)) and all(name == name.lower() for name in names)
    assert set(MULTIPLEXERS) <= set(names)
    for brand in BRANDS:
        assert set(brand.drivers) <= set(PAINTERS)


def test_a_brand_that_nobody_knows_is_believed_as_far_as_it_answers():
    brand = brand_of("whatever")
    assert set(brand.drivers) == {"kitty", "sixel", "iterm2"}
    assert brand.edits == brand.inline == NEVER


@pytest.mark.parametrize(
    ("version", "first", "can"),
    [
        ("0.41.1", (0, 20), True),
        ("0.19.3", (0, 20), False),
        ("0.20", (0, 20), True),
        ("1", (0, 31), True),
        ("", (0, 20), False),
        ("", ALWAYS, True),
        ("nightly", (0, 20), False),
        ("9999.9", NEVER, False),
        ("20240203-110809-5046fc22", (20210814,), True),
        ("1.4.0-dev+1a2b", (1, 4), False),
        ("1.4.1-dev+1a2b", (1, 4), True),
        ("1.4.0", (1, 4), True),
    ],
)
def test_versions_are_compared_number_by_number(version, first, can):
    assert reaches(version, first) is can


@given(st.text(max_size=20), st.lists(st.integers(0, 50), max_size=3).map(tuple))
def test_any_version_is_comparable(version, first):
    assert reaches(version, first) in {True, False}


@pytest.mark.parametrize(
    ("environ", "brand"),
    [
        ({"TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.99"}, ("xterm.js", "1.99")),
        ({"TERM_PROGRAM": "Apple_Terminal"}, ("apple_terminal", "")),
        ({"WT_SESSION": "x", "TERM": "xterm-256color"}, ("windows terminal", "")),
        ({"TERM": "mlterm"}, ("mlterm", "")),
        ({"KONSOLE_VERSION": "230801"}, ("konsole", "230801")),
        ({"TERM": "xterm-256color"}, ("", "")),
    ],
)
def test_a_brand_that_keeps_its_name_to_itself_is_known_by_the_environment(environ, brand):
    assert brand_in(environ) == brand
