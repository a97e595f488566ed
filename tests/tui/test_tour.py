"""The first minute, moved on by what the person really does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.walk import IN_RED, Walk
from tui_label.segment.types import Segmenter
from tui_label.tui.actions import BY_NAME
from tui_label.tui.tour import STEPS, Tour


@pytest.fixture
def walk(folder: Path, segmenter: Segmenter) -> Iterator[Walk]:
    walk = Walk.through(folder, segmenter)
    walk.open()
    yield walk
    walk.session.store.close()


def test_every_command_of_the_tour_exists() -> None:
    assert set().union(*(step.after for step in STEPS)) <= set(BY_NAME)


def test_it_counts_its_steps_in_words() -> None:
    assert Tour().words.startswith(f"1/{len(STEPS)}  Put the cursor on an object")


def test_the_keyboard_goes_through_every_step(walk: Walk) -> None:
    tour = Tour().after("cursor", walk.session)
    assert tour.at == 1
    walk.segment(IN_RED)
    for command in ("point", "candidate", "accept", "next"):
        tour = tour.after(command, walk.session)
    assert tour.at == len(STEPS) - 1
    assert tour.after("next", walk.session) == tour


def test_a_click_is_cursor_and_point_at_once(walk: Walk) -> None:
    walk.segment(IN_RED)
    assert Tour().after("point", walk.session).at == 2


def test_something_else_does_not_move_it_on(walk: Walk) -> None:
    assert Tour().after("zoom", walk.session) == Tour()


def test_a_point_that_was_not_set_does_not_count(walk: Walk) -> None:
    assert Tour(1).after("point", walk.session).at == 1
