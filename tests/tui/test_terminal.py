"""Another terminal is attached: noticed, asked, and drawn upon from nothing."""

from tests.tui.conftest import Perform
from tests.tui.stage import CELL, Stage
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.reattach import Client
from tui_label.tui.terminal import Attachment

TMUX = Capabilities(brand="tmux", version="3.5a", multiplexer="tmux", complete=True, cell=CELL)


class Watch:
    """An attachment in tmux, and what it said."""

    def __init__(self, stage: Stage) -> None:
        self.changes: list[Capabilities] = []
        self.active: list[bool] = []
        self.held = Attachment(stage.app, TMUX, self.changes.append, self.active.append, {})


async def test_the_first_look_changes_nothing(perform: Perform) -> None:
    async with perform() as stage:
        watch = Watch(stage)
        watch.held.seen(Client("1 xterm 8x16", True))
        watch.held.seen(Client("1 xterm 8x16", True))
        await stage.settle()
        assert watch.changes == []


async def test_another_client_is_asked_and_believed(perform: Perform) -> None:
    async with perform() as stage:
        watch = Watch(stage)
        watch.held.seen(Client("1 xterm 8x16", True))
        watch.held.seen(Client("2 kitty 10x20", True))
        assert watch.changes == []
        watch.held.answered(b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\")
        assert watch.changes == []
        watch.held.answered(b"\x1b[6;20;10t\x1b[?62;c")
        (found,) = watch.changes
        assert (found.outer_brand, found.kitty) == ("kitty", True)
        assert watch.held.capabilities is found


async def test_one_that_does_not_answer_is_drawn_upon_all_the_same(perform: Perform) -> None:
    async with perform() as stage:
        watch = Watch(stage)
        watch.held.seen(Client("1 xterm 8x16", True))
        watch.held.seen(Client("2 xterm 8x16", True))
        await stage.until(lambda: watch.changes)
        assert watch.changes == [TMUX]


async def test_what_it_says_too_late_is_believed_all_the_same(perform: Perform) -> None:
    async with perform() as stage:
        watch = Watch(stage)
        watch.held.seen(Client("1 xterm 8x16", True))
        watch.held.seen(Client("2 kitty 10x20", True))
        await stage.until(lambda: watch.changes)
        watch.held.answered(b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;20;10t\x1b[?62;c")
        before, after = watch.changes
        assert (before.kitty, after.kitty) == (False, True)
        # What comes after the last answer is none of ours.
        watch.held.answered(b"\x1b[?62;c")
        assert len(watch.changes) == 2


async def test_so_are_late_answers_to_the_first_questions(perform: Perform) -> None:
    async with perform() as stage:
        changes: list[Capabilities] = []
        silent = Capabilities(said=b"\x1bP>|kitty(0.41.1)\x1b\\", cell=CELL)
        held = Attachment(stage.app, silent, changes.append, lambda _: None, {})
        held.answered(b"\x1b_Gi=31;OK\x1b\\")
        held.answered(b"\x1b[?62;c")
        assert [(found.brand, found.kitty) for found in changes] == [("kitty", True)]


async def test_while_another_pane_has_the_keys_nothing_is_asked(perform: Perform) -> None:
    async with perform() as stage:
        watch = Watch(stage)
        watch.held.seen(Client("1 xterm 8x16", True))
        watch.held.seen(Client("2 xterm 8x16", False))
        assert watch.active == [True, False]
        assert watch.held._deadline is None
        # It is asked as soon as it has them.
        watch.held.seen(Client("2 xterm 8x16", True))
        assert watch.held._deadline is not None


async def test_nobody_looks_for_a_while(perform: Perform) -> None:
    async with perform() as stage:
        watch = Watch(stage)
        watch.held.seen(Client("1 xterm 8x16", True))
        watch.held.seen(Client("", False))
        watch.held.seen(Client("1 xterm 8x16", True))
        assert watch.held._deadline is None
        assert watch.changes == []


async def test_the_app_draws_with_what_the_new_terminal_can(perform: Perform) -> None:
    async with perform() as stage:
        before = stage.canvas.painter
        stage.app._another_terminal(Capabilities(colours="256", complete=True, cell=CELL))
        await stage.settle()
        assert stage.canvas.painter is not before
        assert stage.canvas.painter.name == "cells"
        assert stage.canvas._grid is not None
