"""What is sent over the line: every byte of it may have to cross an ocean.

The bounds are about half as much again as was measured at 120 x 36 cells of 8 x 16 pixels;
each test prints its figures (``pytest -s``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.brands import KITTY, PLAIN, Brand
from tests.pty.conftest import Start
from tests.pty.seeing import has_mask, is_ready
from tests.pty.terminal import FakeTerminal

BRANDS = pytest.mark.parametrize("brand", [PLAIN, KITTY], ids=["cells", "kitty"])


def sent(terminal: FakeTerminal, act: Callable[[], None], quiet: float = 0.4) -> int:
    """Bytes that something makes the program send."""
    before = terminal.mark()
    act()
    return terminal.settle(quiet) - before


@BRANDS
def test_who_does_nothing_is_sent_nothing(start: Start, dog: Path, brand: Brand) -> None:
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.6)
        assert sent(terminal, lambda: time.sleep(2), 0.1) == 0


@BRANDS
def test_a_step_of_the_cursor(start: Start, dog: Path, brand: Brand) -> None:
    bound = 100 if brand is KITTY else 150
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.6)
        steps = [sent(terminal, lambda: terminal.press("right"), 0.2) for _ in range(5)]
        print(f"cursor step: {steps}")
        assert max(steps) <= bound


@BRANDS
def test_a_click_with_its_mask(start: Start, dog: Path, brand: Brand) -> None:
    """On the bowl, whose mask is 133 x 118 canvas pixels: the mask, then drawn to the edges."""
    bound = 4_000 if brand is KITTY else 12_000
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.6)

        def click() -> None:
            terminal.click(82.5, 12.5)
            terminal.wait(has_mask)

        clicked = sent(terminal, click)
        accepted = sent(terminal, lambda: terminal.press("enter"))
        print(f"click: {clicked}, accept: {accepted}")
        assert clicked <= bound
        assert accepted <= bound / 2


@BRANDS
def test_the_command_line_opens_over_the_words_and_not_with_a_new_picture(
    start: Start, dog: Path, brand: Brand
) -> None:
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.6)
        opened = sent(terminal, lambda: terminal.press(":"))
        left = sent(terminal, lambda: terminal.press("escape"))
        print(f"command line: {opened} to open, {left} to leave")
        assert max(opened, left) <= 4_000


def test_the_first_picture(start: Start, dog: Path) -> None:
    """Half blocks, up to three times while the screen is being laid out; kitty's is a PNG."""
    figures = {}
    for name, brand in (("cells", PLAIN), ("kitty", KITTY)):
        with start(dog, "--classes", "dog", brand=brand) as terminal:
            terminal.wait(is_ready)
            figures[name] = terminal.settle(0.6)
    print(f"first picture: {figures}")
    assert figures["cells"] <= 300_000
    assert figures["kitty"] <= 900_000
