"""Which painter follows from what a terminal can do, and why."""

from dataclasses import replace

import pytest

from tests.pty import brands
from tests.pty.brands import Brand
from tui_label.geometry.boxes import Size
from tui_label.graphics.brands import brand_of
from tui_label.graphics.capabilities import PAINTERS, Capabilities, choose
from tui_label.graphics.probe import OUTER_QUESTIONS, QUESTIONS
from tui_label.graphics.replies import parse_replies
from tui_label.graphics.understanding import colours_of, understood, with_outer
from tui_label.graphics.viewport import CellSize

CELL = CellSize(8, 16)
XTERM = {"TERM": "xterm-256color"}


def asked(brand: Brand, environ=XTERM, cell=CELL) -> Capabilities:
    return understood(parse_replies(brand.said(QUESTIONS)), environ, cell)


def outside(brand: Brand) -> Capabilities:
    unwrapped = OUTER_QUESTIONS.replace(b"\x1bPtmux;", b"").replace(b"\x1b\x1b", b"\x1b")
    inner = asked(brands.TMUX, {"TERM": "tmux-256color"})
    return with_outer(inner, parse_replies(brand.said(unwrapped)))


ABLE = asked(brands.KITTY_NEW)


def test_kitty_can_what_its_version_can():
    assert ABLE.kitty_edits and ABLE.kitty_relative and ABLE.animation and ABLE.pixel_bias == 1
    old = asked(brands.KITTY)
    assert old.kitty_edits and not old.kitty_relative
    assert not asked(brands.GHOSTTY).kitty_edits and not asked(brands.KONSOLE).kitty_edits


def test_sixel_comes_with_its_limits():
    found = asked(brands.XTERM_SIXEL)
    assert found.sixel and found.sixel_colours == 256 and found.sixel_largest == Size(1000, 1000)


def test_what_tmux_says_of_sixel_does_not_count():
    found = asked(brands.TMUX, {"TERM": "xterm"})
    assert found.multiplexer == "tmux" and not found.sixel and not found.iterm2


def test_a_terminal_in_tmux_is_known_by_its_own_answers():
    found = outside(brands.KITTY_NEW)
    assert found.terminal == "kitty 0.41.1" and found.brand == "tmux"
    assert found.kitty and found.kitty_edits and found.passthrough
    assert outside(brands.SILENT).acknowledge == "none"
    assert not outside(brands.SILENT).passthrough


def test_a_mouse_that_is_not_known_to_tell_the_truth_counts_in_cells():
    assert asked(brands.FOOT).pixel_mouse
    assert not asked(brands.ITERM2).pixel_mouse
    assert not asked(brands.MLTERM).pixel_mouse


def test_inline_images_are_taken_where_the_size_of_a_cell_is_told_for_them():
    stranger = Brand("stranger", "stranger 1", inline_cell="16;8")
    assert asked(stranger).iterm2 and choose(asked(stranger))[0] == "iterm2"
    assert asked(stranger, cell=None).cell == CellSize(8, 16)


def test_the_environment_names_only_those_that_do_not_say_who_they_are():
    environ = XTERM | {"TERM_PROGRAM": "mintty"}
    assert asked(brands.FOOT, environ).brand == "foot"
    assert asked(brands.PLAIN, environ).brand == "mintty"
    # One that answers nothing at all shows no pictures, whatever was inherited.
    assert not asked(brands.SILENT, environ).iterm2


@pytest.mark.parametrize(
    ("environ", "brand", "colours"),
    [
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "kitty", "grey"),
        ({"NO_COLOR": ""}, "kitty", "24bit"),
        ({}, "kitty", "24bit"),
        ({}, "", "256"),
        ({"COLORTERM": "truecolor"}, "", "24bit"),
        ({"TERM": "xterm-direct"}, "", "24bit"),
        ({"TERM": "vt100"}, "", "grey"),
        ({}, "apple_terminal", "256"),
    ],
)
def test_colours(environ, brand, colours):
    assert colours_of(brand_of(brand), {"TERM": "xterm", **environ}) == colours


def test_tmux_takes_every_colour():
    assert colours_of(brand_of("tmux"), {"TERM": "tmux-256color"}, "tmux") == "24bit"


@pytest.mark.parametrize("name", PAINTERS)
def test_what_is_asked_for_is_taken_at_its_word(name):
    for found in (ABLE, Capabilities(), asked(brands.TMUX)):
        chosen, reason = choose(found, name)
        assert chosen == name and "asked for" in reason and reason.endswith(".")


@pytest.mark.parametrize("name", ["kitty", "sixel", "iterm2", "sextants"])
def test_a_terminal_that_did_not_answer_to_it_is_told_of(name):
    assert "although" in choose(asked(brands.PLAIN), name)[1]


def test_no_doubt_where_there_is_none():
    assert "although" not in choose(ABLE, "kitty")[1]
    assert "although" not in choose(ABLE, "sextants")[1]
    assert "although" not in choose(Capabilities(), "quadrants")[1]


def test_colours_that_are_not_wanted_are_not_sent_as_a_picture():
    assert choose(replace(ABLE, colours="grey"))[0] == "cells"


def test_a_picture_needs_the_size_of_a_cell():
    name, reason = choose(asked(brands.FOOT, cell=None))
    assert name == "sixel"  # it tells the size itself
    name, reason = choose(replace(asked(brands.FOOT), cell=None))
    assert name == "cells" and "how large its cells are" in reason


def test_screen_passes_nothing_on():
    found = asked(brands.KITTY_NEW, {"TERM": "screen-256color"})
    assert not found.kitty and "screen passes no" in choose(found)[1]


def test_a_brand_without_pictures_is_named():
    assert "apple_terminal" in choose(asked(brands.APPLE, {"TERM_PROGRAM": "Apple_Terminal"}))[1]


def test_an_unknown_painter_is_refused():
    with pytest.raises(ValueError, match="there are auto, kitty, sixel"):
        choose(ABLE, "oil")
