"""Terminals that keep silent, stammer, lie, shrink or die: labels are saved, no reply is a key."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pty.brands import FOOT, KITTY_NEW, PLAIN, SILENT, Brand
from tests.pty.conftest import Start
from tests.pty.line import Line
from tests.pty.seeing import has_mask, is_ready, written
from tests.pty.showing import assert_photo, fitted
from tests.pty.terminal import FakeTerminal
from tests.pty.ways import WAYS, Way

pytestmark = pytest.mark.slow


MBIT = Line(rate=125_000, delay=0.02)
SMALL = {"columns": 96, "rows": 24}


def is_untouched(terminal: FakeTerminal) -> bool:
    """Whether no key has done anything: no prompt, no message, no dialog, no label."""
    return (
        terminal.status.startswith("file 1/1 dog.jpg · class dog · no objects")
        and terminal.said.startswith("built-in")
        and "escape closes" not in terminal.text
    )


def assert_works(terminal: FakeTerminal, dog: Path) -> None:
    """A label can be made, and is on disk when the program has ended."""
    terminal.command("point 160 430")
    terminal.wait(has_mask)
    terminal.press("enter")
    terminal.wait("1 object, saved")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert len(written(dog / "dog.jpg")) == 1


@pytest.mark.parametrize(
    ("brand", "delay"),
    [(KITTY_NEW, 0.5), (FOOT, 1.9), (KITTY_NEW, 5.0)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_terminal_that_answers_late_is_no_typist(
    start: Start, dog: Path, brand: Brand, delay: float
) -> None:
    """For two seconds nothing is drawn; then half blocks are, until there is an answer."""
    with start(dog, "--classes", "dog", brand=brand, delay=delay, **SMALL) as terminal:
        terminal.wait(is_ready, 30)
        time.sleep(max(0.0, delay - 2))
        terminal.settle(0.8)
        assert is_untouched(terminal), terminal.text
        in_cells_first = "▀".encode() in terminal.received
        assert in_cells_first == (delay > 2)
        assert_works(terminal, dog)


def test_a_terminal_that_answers_nothing(start: Start, dog: Path) -> None:
    with start(dog, "--classes", "dog", brand=SILENT) as terminal:
        terminal.wait(is_ready)
        assert "▀" in terminal.text
        assert is_untouched(terminal), terminal.text
        assert_works(terminal, dog)


GARBAGE = {
    "halves": b"\x1b[?62;\x1bP>|ki\x1b_Gi=31;\x1b[6;16",
    "too long": b"\x1b[?" + b"1;" * 400 + b"c",
    "too large": b"\x1b[6;99999999999;0t\x1b[?99999999999999999999;9$y\x1b[?62;4c",
    "controls": bytes(range(0x80, 0x100)) + b"\x1b[?62c",
    "another's": b"\x1b[48;0;0;0;0t\x1b[8;36;120t\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62c",
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_for_answers(start: Start, dog: Path, kind: str) -> None:
    """A program that was asked by someone else, a torn line, a terminal with a fault."""
    with start(dog, "--classes", "dog", brand=SILENT) as terminal:
        terminal.wait(lambda _: b"\x1b[c" in terminal.received)
        terminal.send(GARBAGE[kind])
        terminal.wait(is_ready, 30)
        assert not (dog / "dog.txt").exists()
        # Whatever of it looked like a key: escape and the letters of commands do no harm.
        terminal.press("escape", "escape")
        terminal.settle(0.5)
        assert_works(terminal, dog)


def test_noise_while_it_runs(start: Start, dog: Path) -> None:
    """Answers that nobody asked for, in pieces that end anywhere, and no key among them."""
    answers = [
        b"\x1b[0n",
        b"\x1b[?62;4;22c",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b_Gi=7,p=2;ENOENT:no such image\x1b\\",
        b"\x1bP>|kitty(0.41.1)\x1b\\",
        b"\x1b[6;16;8t",
        b"\x1b[?1016;2$y",
    ]
    chance = random.Random(7)
    with start(dog, "--classes", "dog", brand=KITTY_NEW) as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.5)
        for _ in range(60):
            noise = chance.choice(answers)
            # Not after its first characters, which are a key by themselves.
            cut = chance.randint(4, len(noise))
            terminal.send(noise[:cut])
            time.sleep(0.005)
            terminal.send(noise[cut:])
        terminal.settle(0.8)
        assert is_untouched(terminal), terminal.text
        assert_works(terminal, dog)


def test_a_terminal_that_says_sixel_and_no_name_is_believed(start: Start, dog: Path) -> None:
    """There is nothing else to go by; ``--graphics cells`` helps where it lies."""
    brand = Brand("nameless", None, attributes="?62;4", cell_report=True)
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.5)
        assert is_untouched(terminal), terminal.text
        assert_works(terminal, dog)
    liar = replace(brand, attributes="?1;2")
    (dog / "dog.txt").unlink()
    with start(dog, "--classes", "dog", "--graphics", "cells", brand=liar) as terminal:
        terminal.wait(lambda text: "▀" in text)
        assert_works(terminal, dog)


ACKNOWLEDGES: dict[str, Callable[[int], int]] = {
    "only the first": lambda count: int(count == 1),
    "every other": lambda count: count % 2,
    "twice": lambda _: 2,
}


@pytest.mark.parametrize(
    ("painter", "how"), [("sixel", "only the first"), ("sixel", "every other"), ("kitty", "twice")]
)
def test_acknowledgements_that_do_not_add_up(
    start: Start, dog: Path, painter: str, how: str
) -> None:
    """The picture becomes whole all the same, and nothing waits for ever."""
    way = WAYS[painter]
    options = {"brand": way.brand, "line": Line(rate=400_000, delay=0.03), **SMALL}
    with start(dog, "--classes", "dog", acknowledges=ACKNOWLEDGES[how], **options) as terminal:
        terminal.wait(is_ready)
        terminal.settle(3.5, 40)
        assert is_untouched(terminal), terminal.text
        assert_photo(way, terminal.pixels(), dog / "dog.jpg", fitted(dog / "dog.jpg", **SMALL))
        assert_works(terminal, dog)


@pytest.mark.parametrize(
    "way", [WAYS[name] for name in ("kitty", "sixel", "cells")], ids=lambda w: w.painter
)
def test_a_window_that_shrinks_to_nothing_in_the_middle_of_a_picture(
    start: Start, dog: Path, way: Way
) -> None:
    options = {"brand": way.brand, "line": MBIT, **SMALL}
    with start(dog, "--classes", "dog", *way.arguments, **options) as terminal:
        terminal.wait(is_ready, 30)
        for size in ((1, 1), (60, 20), (1, 1), (96, 24)):
            terminal.press("ctrl+l")
            time.sleep(0.15)
            terminal.resize(*size)
        terminal.wait("no objects")
        terminal.settle(0.8, 40)
        assert_photo(way, terminal.pixels(), dog / "dog.jpg", fitted(dog / "dog.jpg", **SMALL))
        assert_works(terminal, dog)


def die(terminal: FakeTerminal) -> None:
    terminal.hang_up()


DEATHS: dict[str, Callable[[FakeTerminal], None]] = {
    "it goes away": die,
    "SIGHUP": lambda terminal: terminal.kill(signal.SIGHUP),
    "SIGHUP, then it goes away": lambda terminal: (terminal.kill(signal.SIGHUP), die(terminal))[1],
}


@pytest.mark.parametrize(
    ("painter", "how"), [*(("kitty", how) for how in DEATHS), ("cells", "it goes away")]
)
def test_a_terminal_that_dies_in_the_middle_of_a_picture(
    start: Start, dog: Path, painter: str, how: str
) -> None:
    way = WAYS[painter]
    with start(dog, "--classes", "dog", brand=way.brand, line=MBIT) as terminal:
        terminal.wait(is_ready, 30)
        terminal.command("point 160 430")
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait("1 object, saved")
        terminal.press("ctrl+l")
        time.sleep(0.15)
        DEATHS[how](terminal)
        terminal.wait_exit()
    assert len(written(dog / "dog.jpg")) == 1


def test_a_terminal_that_stops_reading_keeps_no_label_from_the_disk(
    start: Start, dog: Path
) -> None:
    """ctrl+s at the other end of the line, or a laptop that sleeps."""
    with start(dog, "--classes", "dog", brand=PLAIN) as terminal:
        terminal.wait(is_ready)
        terminal.command("point 160 430")
        terminal.wait(has_mask)
        terminal.pause()
        terminal.press("enter")
        deadline = time.monotonic() + 10
        while not (dog / "dog.txt").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(written(dog / "dog.jpg")) == 1
        for _ in range(40):
            terminal.press("ctrl+l")
        time.sleep(0.5)
        terminal.resume()
        terminal.wait("1 object, saved")
        terminal.press("q")
        assert terminal.wait_exit() == 0
