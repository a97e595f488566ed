"""What the screen looks like, cell by cell. ``pytest --snapshot-update`` after a change that is
meant; look at every picture of the report first."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.editor.walk import IN_RED, ON_NOTHING
from tests.tui.blocks import BlockSegmenter
from tests.tui.stage import Stage, app_over
from tui_label.dataset.state import StateStore
from tui_label.tui.app import LabelApp

SIZE = (60, 20)

Scene = Callable[[Stage], Awaitable[None]]


@pytest.fixture
def app(folder: Path) -> Iterator[LabelApp]:
    store = StateStore.open(folder)
    yield app_over(folder, store, BlockSegmenter)
    store.close()


def looks_the_same(snap_compare: Callable[..., bool], app: LabelApp, scene: Scene) -> bool:
    """The screen after ``scene``, with nothing on it that blinks or moves."""

    async def play(pilot: Pilot[None]) -> None:
        stage = Stage(app, pilot)
        await stage.opened()
        await stage.settle()
        await scene(stage)
        for line in app.screen.query(Input):
            line.cursor_blink = False
        await stage.settle()

    return snap_compare(app, terminal_size=SIZE, run_before=play)


async def with_mask(on: Stage) -> None:
    await on.put(IN_RED)
    await on.press("space")
    await on.put(ON_NOTHING)
    await on.press("minus")
    await on.until(lambda: not on.session.now.draft.stale)
    await on.put((65.5, 20.5))


def test_a_photo(snap_compare: Callable[..., bool], app: LabelApp) -> None:
    async def nothing(on: Stage) -> None:
        """As it opens."""

    assert looks_the_same(snap_compare, app, nothing)


def test_a_mask_and_its_points(snap_compare: Callable[..., bool], app: LabelApp) -> None:
    assert looks_the_same(snap_compare, app, with_mask)


def test_saved_objects(snap_compare: Callable[..., bool], app: LabelApp) -> None:
    async def saved(on: Stage) -> None:
        await with_mask(on)
        await on.press("enter", "right_square_bracket")

    assert looks_the_same(snap_compare, app, saved)


def test_the_class_picker(snap_compare: Callable[..., bool], app: LabelApp) -> None:
    async def picker(on: Stage) -> None:
        await on.press("c")
        await on.paste("o")

    assert looks_the_same(snap_compare, app, picker)


def test_the_help(snap_compare: Callable[..., bool], app: LabelApp) -> None:
    async def help_screen(on: Stage) -> None:
        await on.press("question_mark")

    assert looks_the_same(snap_compare, app, help_screen)


def test_a_command_that_is_not_understood(snap_compare: Callable[..., bool], app: LabelApp) -> None:
    async def command(on: Stage) -> None:
        await on.command("pont 1 2")

    assert looks_the_same(snap_compare, app, command)
