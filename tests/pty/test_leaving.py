"""Every way out, and the way to the background and back, leaves a terminal as it was found."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pty.brands import KITTY_NEW
from tests.pty.conftest import Start
from tests.pty.line import Line
from tests.pty.seeing import has_mask, is_ready, left_on, written
from tests.pty.showing import apart
from tests.pty.terminal import FakeTerminal
from tests.pty.ways import WAYS, Way

FAULT = """
import tui_label.tui.screens.label as label

def fail(self):
    raise RuntimeError("a fault of the program")

label.LabelScreen.show_help = fail
"""
"""As a ``sitecustomize`` module: the key for help ends the program."""


def assert_left(terminal: FakeTerminal) -> None:
    assert not left_on(terminal)
    assert terminal.is_on(25), "the text cursor is hidden"
    assert terminal.is_on(7), "lines do not wrap"
    assert not terminal.images and not terminal.placed()
    received = terminal.received
    assert received.count(b"\x1b[<u") == received.count(b"\x1b[>25u"), "kitty's keyboard is on"
    assert not terminal.leaked, "the shell gets answers"


def accept_one(terminal: FakeTerminal) -> None:
    terminal.wait(is_ready)
    terminal.command("point 160 430")
    terminal.wait(has_mask)
    terminal.press("enter")
    terminal.wait("1 object, saved")


ENDS: dict[str, Callable[[FakeTerminal], None]] = {
    "q": lambda terminal: terminal.press("q"),
    "ctrl+c": lambda terminal: terminal.press("ctrl+c"),
    "fault": lambda terminal: terminal.press("?"),
    "SIGTERM": lambda terminal: terminal.kill(signal.SIGTERM),
    "SIGHUP": lambda terminal: terminal.kill(signal.SIGHUP),
}
CODES = {"q": 0, "ctrl+c": 0, "fault": 1, "SIGTERM": 143, "SIGHUP": 129}


@pytest.mark.parametrize(
    ("painter", "end"), [*(("kitty", end) for end in ENDS), ("sixel", "fault")]
)
def test_an_end_leaves_the_terminal_as_it_was_and_labels_on_disk(
    start: Start, dog: Path, tmp_path: Path, painter: str, end: str
) -> None:
    environ = {}
    if end == "fault":
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "sitecustomize.py").write_text(FAULT)
        environ["PYTHONPATH"] = f"{tmp_path / 'site'}:{ROOT}"
    way = WAYS[painter]
    with start(dog, "--classes", "dog", brand=way.brand, environ=environ) as terminal:
        accept_one(terminal)
        terminal.settle(0.3)
        ENDS[end](terminal)
        assert terminal.wait_exit() == CODES[end]
        assert_left(terminal)
        assert ("Please report it with the file" in terminal.text.replace("\n", "")) == (
            end == "fault"
        )
    assert len(written(dog / "dog.jpg")) == 1


@pytest.mark.parametrize("end", ["q", "SIGTERM"])
def test_an_end_in_the_middle_of_a_picture_leaves_nothing_either(
    start: Start, dog: Path, end: str
) -> None:
    line = Line(rate=125_000, delay=0.05)
    with start(dog, "--classes", "dog", brand=KITTY_NEW, line=line) as terminal:
        terminal.wait(lambda _: terminal.images != set() and "no objects" in terminal.text)
        ENDS[end](terminal)
        assert terminal.wait_exit() == CODES[end]
        assert_left(terminal)


def stop(terminal: FakeTerminal, how: Callable[[], None]) -> None:
    how()
    deadline = time.monotonic() + 10
    while terminal.state != "T":
        assert time.monotonic() < deadline, terminal.state
        time.sleep(0.02)
    terminal.settle(0.1)


@pytest.mark.parametrize(
    "way", [WAYS[name] for name in ("kitty", "sixel", "iterm2", "cells")], ids=lambda w: w.painter
)
def test_the_background_and_back(start: Start, dog: Path, way: Way) -> None:
    with start(dog, "--classes", "dog", *way.arguments, brand=way.brand) as terminal:
        accept_one(terminal)
        terminal.settle(0.5)
        before = terminal.pixels()
        for how in (
            lambda: terminal.press("ctrl+z"),
            lambda: terminal.kill(signal.SIGTSTP),
        ):
            stop(terminal, how)
            assert_left(terminal)
            # What the shell writes meanwhile.
            terminal.received += b"\x1b[2J\x1b[H$ ls\r\none  two\r\n$ fg\r\n"
            terminal.kill(signal.SIGCONT)
            terminal.wait("1 object, saved")
            terminal.settle(0.6)
            slack = {"kitty": 0, "sixel": 0}.get(way.painter, 32)
            assert apart(before, terminal.pixels()) <= slack
        terminal.press("u")
        terminal.wait("no objects")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert_left(terminal)
