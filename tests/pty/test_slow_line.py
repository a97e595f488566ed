"""A line of 1 Mbit/s with 150 ms there and back: an answer never waits behind a picture.

Nothing here is judged by how long this machine takes: what counts is how long the line needs
for what stands in front of an answer when it is written.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.pty.conftest import one_photo, starting
from tests.pty.line import Line, Passed
from tests.pty.screen import Screen
from tests.pty.seeing import Fit, has_mask, is_ready
from tests.pty.showing import assert_photo, canvas, fitted
from tests.pty.terminal import FakeTerminal
from tests.pty.ways import WAYS, Way
from tui_label.graphics.palette import CANDIDATE_COLOUR

pytestmark = pytest.mark.slow


MBIT = Line(rate=125_000, delay=0.075)
WINDOW = {"columns": 96, "rows": 24}

DECODER_S = 0.03
"""The built-in model's own run on a quiet machine, and what Textual needs around it."""

BEHIND_S = 0.300 - 2 * MBIT.delay - DECODER_S
"""What is left of 300 ms for the line to get to a mask, and to take it."""

SPOT = (279, 406)
"""On the dog, image pixels."""

_YELLOW = 40
"""Of 255: so far palettes may be from the candidate's colour."""

_STEPS = 15


@dataclass
class Story:
    """What came over the line, and the screen after it.

    ``waited`` is seconds of line in front of an answer and for it (of three keys, the middle
    one), ``behind`` the bytes that came after it; ``zoomed`` are bytes, ``queued`` the seconds
    of line that they made at most.
    """

    way: Way
    image: Path
    first: int
    whole: np.ndarray
    mask_waited: float
    mask_behind: int
    key_waited: float
    zoomed: int
    queued: float
    last: np.ndarray


def rested(terminal: FakeTerminal) -> int:
    """Until the picture is whole; bytes so far."""
    return terminal.settle(0.8, 60)


def redrawing(terminal: FakeTerminal) -> int:
    """A photo is on its way again, and will be for a while; bytes so far."""
    before = terminal.mark()
    terminal.press("ctrl+l")
    deadline = time.monotonic() + 10
    while terminal.mark() < before + 12_000 and time.monotonic() < deadline:
        time.sleep(0.01)
    return terminal.mark()


def candidates(screen: Screen) -> int:
    """Pixels in the colour of a mask that is being made."""
    off = np.abs(canvas(screen.pixels()).astype(np.int16) - CANDIDATE_COLOUR).max(axis=2)
    return int((off <= _YELLOW).sum())


def first_mask(terminal: FakeTerminal, clicked: int) -> Passed:
    """How the first mask came; it is not yet drawn to the edges and may be smaller."""
    before, now = terminal.new_screen(), terminal.new_screen()
    before.feed(bytes(terminal.received[:clicked]))
    now.feed(bytes(terminal.received))
    none, all_ = candidates(before), candidates(now)
    assert all_ - none > 200
    return terminal.first_seen(
        clicked, lambda screen: candidates(screen) - none > 0.4 * (all_ - none)
    )


def says_flagged(flagged: bool, screen: Screen) -> bool:
    return any("flagged" in line for line in screen.lines) == flagged


def waited(piece: Passed) -> float:
    return piece.arrived - piece.written - MBIT.delay


@pytest.fixture(
    scope="module",
    params=[WAYS[name] for name in ("kitty", "sixel", "iterm2", "cells")],
    ids=lambda way: way.painter,
)
def story(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    way: Way = request.param
    folder = tmp_path_factory.mktemp(way.painter)
    dog = one_photo(shared, folder / "one")
    words = (dog, "--classes", "dog", *way.arguments)
    options = {"brand": way.brand, "line": MBIT, **WINDOW}
    with starting(folder / "home") as start, start(*words, **options) as terminal:
        terminal.wait(is_ready, 40)
        first = rested(terminal)
        whole = terminal.pixels()

        clicked = redrawing(terminal)
        terminal.click(*Fit.of(dog / "dog.jpg", terminal).cells(*SPOT))
        terminal.wait(has_mask)
        again = rested(terminal)
        mask = first_mask(terminal, clicked)
        terminal.press("escape")
        terminal.wait(lambda text: "score" not in text)

        redrawing(terminal)
        pressed = []
        for flagged in (True, False, True):
            pressed.append((terminal.mark(), flagged))
            terminal.press("f")
            terminal.wait(lambda text, flagged=flagged: ("flagged" in text) == flagged)
        rested(terminal)
        keys = [
            waited(terminal.first_seen(start, partial(says_flagged, flagged), 64))
            for start, flagged in pressed
        ]

        before = terminal.mark()
        for key_ in "+_":
            for _ in range(_STEPS):
                terminal.press(key_)
                time.sleep(0.03)
        zoomed = rested(terminal) - before
        queues = [waited(piece) for piece in terminal.wire.passed if piece.stop > before]
        yield Story(
            way,
            dog / "dog.jpg",
            first,
            whole,
            waited(mask),
            again - mask.stop,
            sorted(keys)[1],
            zoomed,
            max(queues),
            terminal.pixels(),
        )


def test_the_photo_is_whole_and_sharp_in_the_end(story: Story) -> None:
    assert_photo(story.way, story.whole, story.image, fitted(story.image, **WINDOW))


def test_a_mask_comes_while_the_photo_is_still_being_sent(story: Story) -> None:
    print(f"{story.mask_waited:.3f} s of line, {story.mask_behind} bytes behind it")
    assert story.mask_waited <= BEHIND_S
    # Half blocks take so little of the line that they may be whole by then.
    assert story.first < MBIT.rate or story.mask_behind > 8_000


def test_the_answer_to_a_key_never_waits_behind_a_picture(story: Story) -> None:
    print(f"{story.key_waited:.3f} s of line")
    assert story.key_waited <= BEHIND_S


def test_a_zoom_key_that_is_held_sends_no_pictures_that_nobody_sees(story: Story) -> None:
    """Of thirty views fewer than four whole pictures; the last one is the one that is seen."""
    print(f"{story.zoomed} bytes, first picture {story.first}, {story.queued:.3f} s of line")
    assert story.zoomed <= 4 * story.first
    assert story.queued <= 0.5
    assert_photo(story.way, story.last, story.image, fitted(story.image, **WINDOW))
