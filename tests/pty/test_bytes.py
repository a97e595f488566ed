"""What is sent over the line: every byte of it may have to cross an ocean.

The bounds are about half as much again as was measured at 120 x 36 cells of 8 x 16 pixels;
each test prints its figures (``pytest -s``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pty.conftest import one_photo, starting
from tests.pty.seeing import has_mask, is_ready
from tests.pty.terminal import FakeTerminal
from tests.pty.ways import WAYS, Way


@dataclass(frozen=True)
class Bounds:
    """Bytes.

    A click is a mask, the same mask drawn to the edges, and the words about both; the mask is
    133 x 118 canvas pixels large.
    """

    first: int
    cursor: int
    click: int
    accept: int


BOUNDS = {
    "kitty": Bounds(first=1_000_000, cursor=100, click=4_500, accept=2_000),
    "sixel": Bounds(first=350_000, cursor=3_000, click=15_000, accept=15_000),
    "iterm2": Bounds(first=250_000, cursor=6_000, click=60_000, accept=30_000),
    "cells": Bounds(first=120_000, cursor=200, click=6_000, accept=6_000),
}


@dataclass
class Story:
    """Bytes of what was done, one after the other; ``idle`` are those of nobody doing anything."""

    way: Way
    first: int
    steps: list[int]
    click: int
    accept: int
    line: int
    idle: list[int]

    @property
    def bounds(self) -> Bounds:
        return BOUNDS[self.way.painter]


def sent(terminal: FakeTerminal, act: Callable[[], object], quiet: float = 0.4) -> int:
    """Bytes that something makes the program send."""
    before = terminal.mark()
    act()
    return terminal.settle(quiet) - before


@pytest.fixture(scope="module", params=BOUNDS)
def story(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    way = WAYS[request.param]
    folder = tmp_path_factory.mktemp(way.painter)
    dog = one_photo(shared, folder / "one")
    words = (dog, "--classes", "dog", *way.arguments)
    with starting(folder / "home") as start, start(*words, brand=way.brand) as terminal:
        terminal.wait(is_ready)
        first = terminal.settle(0.7)
        idle = [sent(terminal, lambda: time.sleep(3), 0.0)]
        steps = [sent(terminal, lambda: terminal.press("right"), 0.25) for _ in range(4)]

        def click() -> None:
            terminal.click(82.5, 12.5)
            terminal.wait(has_mask)

        click_ = sent(terminal, click)
        idle.append(sent(terminal, lambda: time.sleep(3), 0.0))
        line = sent(terminal, lambda: terminal.press(":"))
        line += sent(terminal, lambda: terminal.press("escape"))
        accept = sent(terminal, lambda: terminal.press("enter"))
        terminal.wait("1 object, saved")
        yield Story(way, first, steps, click_, accept, line, idle)


def test_who_does_nothing_is_sent_nothing(story: Story) -> None:
    assert story.idle == [0, 0]


def test_the_first_picture(story: Story) -> None:
    print(f"first picture: {story.first}")
    assert story.first <= story.bounds.first


def test_a_step_of_the_cursor(story: Story) -> None:
    print(f"cursor step: {story.steps}")
    assert max(story.steps) <= story.bounds.cursor


def test_a_click_with_its_mask(story: Story) -> None:
    print(f"click: {story.click}, accept: {story.accept}")
    assert story.click <= story.bounds.click
    assert story.accept <= story.bounds.accept


def test_the_command_line_opens_over_the_words_and_not_with_a_new_picture(story: Story) -> None:
    print(f"command line: {story.line} to open and to leave")
    assert story.line <= 6_000
