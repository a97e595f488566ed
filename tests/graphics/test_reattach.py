"""Another terminal looks at us: noticed, and asked again while the app runs."""

import re

import pytest

from tests.graphics.test_capabilities import CELL, XTERM, asked, outside
from tests.pty import brands
from tests.pty.brands import Brand
from tui_label.graphics.acknowledge import REQUESTS
from tui_label.graphics.capabilities import Capabilities, choose
from tui_label.graphics.passthrough import wrapped
from tui_label.graphics.reattach import Client, reprobe_questions, reprobed, tmux_client
from tui_label.graphics.replies import ReplyFilter
from tui_label.graphics.viewport import CellSize

TMUX = {"TERM": "tmux-256color"}


def again(before: Capabilities, brand: Brand, environ=XTERM, cell=CELL) -> Capabilities | None:
    """The answers as they come while the app runs, torn and among keys."""
    questions = reprobe_questions(before).replace(b"\x1bPtmux;", b"")
    questions = questions.replace(b"\x1b\x1b", b"\x1b")
    stream = "q" + brand.said(questions).decode() + "\x1b[A"
    replies = ReplyFilter()
    keys, found, said = "", None, b""
    # Torn in the middle of answers; what is torn after an Escape waits in the app's parser.
    for piece in re.split(r"(?<=;)", stream):
        keys += replies.feed(piece)
        said += replies.take_replies()
        found = reprobed(before, said, environ, cell)
    assert keys == "q\x1b[A"
    return found


def test_the_same_terminal_says_the_same():
    before = asked(brands.KITTY_NEW)
    found = again(before, brands.KITTY_NEW)
    assert found is not None and choose(found) == choose(before)
    assert (found.sync, found.acknowledge, found.pixel_mouse) == (True, "dsr", True)


def test_another_terminal_outside_tmux_is_taken_for_what_it_is():
    before = outside(brands.KITTY_NEW)
    after = again(before, brands.XTERM, TMUX)
    assert after is not None and after.outer_brand == "xterm" and choose(after)[0] == "cells"
    back = again(after, brands.KITTY_NEW, TMUX, CellSize(10, 20))
    assert back is not None and choose(back)[0] == "kitty" and back.cell == CellSize(10, 20)
    assert back.acknowledge == "tmux-dsr"


def test_nothing_is_known_before_the_last_answer():
    assert reprobed(asked(brands.FOOT), b"\x1bP>|foot(1.21)\x1b\\", XTERM, CELL) is None
    assert again(asked(brands.FOOT), brands.SILENT) is None


def test_asking_again_acknowledges_nothing():
    for before in (asked(brands.FOOT), outside(brands.FOOT)):
        assert b"[5n" not in reprobe_questions(before)


def test_an_acknowledgement_in_tmux_is_the_outer_terminals():
    assert REQUESTS["tmux-dsr"] == wrapped(REQUESTS["dsr"]) == b"\x1bPtmux;\x1b\x1b[5n\x1b\\"
    assert REQUESTS["none"] == b""


@pytest.fixture
def tmux(tmp_path):
    def saying(words: str, code: int = 0):
        program = tmp_path / "tmux"
        program.write_text(f"#!/bin/sh\nprintf '{words}\\n'\nexit {code}\n")
        program.chmod(0o755)
        return {"TMUX": "x", "TMUX_PANE": "%1", "PATH": f"{tmp_path}:/usr/bin:/bin"}

    return saying


def test_who_looks_at_the_pane(tmux):
    first = tmux_client(tmux("12 99 xterm-kitty 9x18\\t11"))
    assert first == Client("12 99 xterm-kitty 9x18", is_active=True)
    assert tmux_client(tmux("13 99 xterm-kitty 9x18\\t11")) != first
    assert tmux_client(tmux("12 99 xterm-kitty 9x18\\t01")) == Client(first.terminal, False)


def test_nobody_looks_at_a_detached_one(tmux):
    assert tmux_client(tmux("   x\\t11")) == Client("", is_active=False)


def test_outside_tmux_there_is_nobody_to_ask(tmux):
    assert tmux_client({}) is None
    assert tmux_client(tmux("no server", 1)) is None
    assert tmux_client({"TMUX": "x", "TMUX_PANE": "%1", "PATH": "/nowhere"}) is None
