"""Asking the terminal: never long, never as keys, and everything taken back at the end."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import pytest

from tests.pty.brands import (
    FOOT,
    GHOSTTY,
    KITTY,
    PLAIN,
    SILENT,
    WEZTERM,
    XTERM,
    XTERM_SIXEL,
    Brand,
)
from tests.pty.conftest import Start
from tests.pty.seeing import has_mask, is_ready, written
from tests.pty.terminal import FakeTerminal

START_UP_S = 6.0
"""Python, Textual and ONNX Runtime on a machine that runs other tests at the same time."""


def is_untouched(terminal: FakeTerminal) -> bool:
    """Whether no key has done anything: no prompt, no message, no dialog, no label."""
    status, said = terminal.status, terminal.said
    return (
        status.startswith("file 1/1 dog.jpg · class dog · no objects")
        and said.startswith("built-in")
        and "escape closes" not in terminal.text
    )


def probed_in(terminal: FakeTerminal) -> float:
    """Seconds between the last question and the first thing that is drawn."""
    terminal.wait(lambda _: b"\x1b[c" in terminal.received)
    asked = time.monotonic()
    terminal.wait(lambda _: b"\x1b[?1049h" in terminal.received)
    return time.monotonic() - asked


def test_a_terminal_that_answers_is_not_waited_for(start: Start, dog: Path) -> None:
    """The same start-up follows in both; only one of them waits for answers."""
    with start(dog, "--classes", "dog", brand=SILENT) as silent:
        waited = probed_in(silent)
    for brand in (PLAIN, KITTY):
        with start(dog, "--classes", "dog", brand=brand) as terminal:
            assert waited - probed_in(terminal) > 1, brand.name


def test_a_terminal_that_says_nothing_gets_half_blocks_after_two_seconds(
    start: Start, dog: Path
) -> None:
    begun = time.monotonic()
    with start(dog, "--classes", "dog", brand=SILENT) as terminal:
        terminal.wait(lambda text: "▀" in text)
        assert time.monotonic() - begun < 2 + START_UP_S
        terminal.wait(is_ready)
        terminal.command("point 160 430")
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait("1 object, saved")


@pytest.mark.parametrize(
    ("delay", "torn"),
    [(2.5, 0), (3.5, 0), (2.5, 3), (3.5, 7)],
    ids=["whole", "whole and later", "in threes", "in sevens"],
)
def test_late_answers_are_never_keys(start: Start, dog: Path, delay: float, torn: int) -> None:
    """An answer begins with Escape and holds digits and letters, each of which is a command."""
    with start(dog, "--classes", "dog", brand=KITTY, delay=delay, torn=torn) as terminal:
        terminal.wait(is_ready)
        time.sleep(max(0, delay - 2))
        terminal.settle(1.0)
        assert is_untouched(terminal), terminal.text
        assert not (dog / "dog.txt").exists()
        # The keyboard still works.
        terminal.press("?")
        terminal.wait("escape closes")


def test_a_late_answer_that_was_cut_by_the_deadline_is_not_keys_either(
    start: Start, dog: Path
) -> None:
    """Half of it before the two seconds are over and half of it after."""
    with start(dog, "--classes", "dog", brand=SILENT) as terminal:
        terminal.wait(lambda _: b"\x1b[c" in terminal.received)
        time.sleep(1.7)
        terminal.send(b"\x1bP>|kitty(0.2")
        time.sleep(0.6)
        terminal.send(b"6.5)\x1b\\\x1b[?62;4;22c")
        terminal.wait(is_ready)
        terminal.settle(1.0)
        assert is_untouched(terminal), terminal.text


@pytest.mark.parametrize("brand", [PLAIN, KITTY, SILENT], ids=lambda brand: brand.name)
def test_keys_typed_while_the_terminal_is_asked_are_not_lost(
    start: Start, dog: Path, brand: Brand
) -> None:
    delay = 0.0 if brand is SILENT else 0.7
    with start(dog, "--classes", "dog", brand=brand, delay=delay) as terminal:
        terminal.wait(lambda _: b"\x1b[c" in terminal.received)
        terminal.type("?")
        terminal.wait("escape closes")


LEFT = {1049: "alternate screen", 1000: "mouse", 1003: "mouse", 1006: "mouse", 2004: "paste"}


@pytest.mark.parametrize("way", ["q"])
@pytest.mark.parametrize("brand", [PLAIN, KITTY, XTERM], ids=lambda brand: brand.name)
def test_the_terminal_is_left_as_it_was_found(
    start: Start, dog: Path, brand: Brand, way: str
) -> None:
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.command("point 160 430")
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait("1 object, saved")
        terminal.press("+")
        terminal.settle(0.4)
        assert terminal.pixel_reports == brand.pixel_mouse
        terminal.press(way)
        assert terminal.wait_exit() == 0
        left_on = [name for mode, name in LEFT.items() if terminal.is_on(mode)]
        assert not left_on
        assert not terminal.pixel_reports
        assert terminal.is_on(25), "the text cursor is hidden"
        assert not terminal.images
    assert len(written(dog / "dog.jpg")) == 1


def test_every_image_that_was_sent_is_deleted_by_name(start: Start, dog: Path) -> None:
    """Other programs' pictures in the same terminal are none of our business."""
    with start(dog, "--classes", "dog", brand=KITTY) as terminal:
        terminal.wait(is_ready)
        terminal.press("+", "+")
        terminal.settle(0.5)
        terminal.press("q")
        terminal.wait_exit()
        sent = set(re.findall(rb"a=t,i=(\d+)", terminal.received))
        deleted = set(re.findall(rb"a=d,d=I,i=(\d+)", terminal.received))
        # Some numbers are set apart for us, whether there is a picture of that number or not.
        ours = range(min(map(int, sent)) - 16, max(map(int, sent)) + 16)
        assert sent and sent <= deleted
        assert all(int(number) in ours for number in deleted)
        assert b"a=d,d=A" not in terminal.received


def test_graphics_can_be_chosen_by_hand(start: Start, dog: Path) -> None:
    with start(dog, "--graphics", "cells", brand=KITTY) as terminal:
        terminal.wait(lambda text: "▀" in text)
        assert not terminal.images
    with start(dog, "--graphics", "kitty", brand=PLAIN) as terminal:
        terminal.wait(is_ready)
        terminal.settle()
        assert "▀" not in terminal.text
        assert terminal.images


ENDS = (
    (PLAIN, "cells", "q"),
    (KITTY, "kitty", "enter"),
    (KITTY, "kitty", "ctrl+c"),
    (KITTY, "kitty", "SIGTERM"),
    (XTERM_SIXEL, "sixel", "SIGHUP"),
    (WEZTERM, "iterm2", "escape"),
)


class TestDoctor:
    @pytest.mark.parametrize(
        ("brand", "painter", "way"), ENDS, ids=[f"{painter}, {way}" for _, painter, way in ENDS]
    )
    def test_the_card_ends_and_gives_the_terminal_back(
        self, start: Start, brand: Brand, painter: str, way: str
    ) -> None:
        with start("doctor", brand=brand) as terminal:
            terminal.wait(f"drawn with {painter}")
            terminal.wait("Move the mouse")
            if way.startswith("SIG"):
                terminal.kill(getattr(signal, way))
                assert terminal.wait_exit() == 128 + getattr(signal, way)
            else:
                terminal.press(way)
                assert terminal.wait_exit() == (130 if way == "ctrl+c" else 0)
                assert way == "ctrl+c" or f"picture         {painter}" in terminal.text
            assert not [mode for mode in (*LEFT, 1016) if terminal.is_on(mode)]
            assert terminal.is_on(25)
            if brand is KITTY:
                assert not terminal.images

    @pytest.mark.parametrize("brand", [PLAIN, KITTY, XTERM], ids=lambda brand: brand.name)
    def test_the_mouse_is_echoed_and_a_click_ends_it(self, start: Start, brand: Brand) -> None:
        with start("doctor", brand=brand) as terminal:
            terminal.wait("Move the mouse")
            terminal.mouse(60.25, 18.5, 35, "M")
            terminal.wait("column  60.")
            terminal.click(60.25, 18.5)
            assert terminal.wait_exit() == 0
            told = re.search(r"click +column ([\d.]+), row ([\d.]+)", terminal.text)
            assert told is not None
            wanted = (60.25, 18.5) if brand.pixel_mouse else (60.5, 18.5)
            near = 1 / terminal.cell[0] if brand.pixel_mouse else 0.01
            assert float(told[1]) == pytest.approx(wanted[0], abs=near)
            assert float(told[2]) == pytest.approx(wanted[1], abs=near)

    def test_a_window_that_shrinks_to_nothing_is_survived(self, start: Start) -> None:
        with start("doctor", brand=KITTY) as terminal:
            terminal.wait("Move the mouse")
            for size in ((1, 1), (10, 3), (120, 36)):
                terminal.resize(*size)
                terminal.settle(0.4)
            terminal.wait("Move the mouse")
            terminal.press("q")
            assert terminal.wait_exit() == 0

    @pytest.mark.parametrize("brand", [SILENT, GHOSTTY, FOOT], ids=lambda brand: brand.name)
    def test_without_the_card_it_only_tells(self, start: Start, brand: Brand) -> None:
        with start("doctor", "--no-card", brand=brand) as terminal:
            assert terminal.wait_exit() == 0
            picture = {"silent": "cells", "ghostty": "kitty", "foot": "sixel"}[brand.name]
            assert f"picture         {picture}" in terminal.text
            assert ("did not answer" in terminal.text) == (brand is SILENT)

    def test_a_terminal_that_goes_away_ends_it(self, start: Start) -> None:
        with start("doctor", brand=KITTY) as terminal:
            terminal.wait("Move the mouse")
            terminal.hang_up()
            assert terminal.wait_exit() != 0
