"""Every key of the actions table does what its action is for.

A check stands here for every action of the table; one without a check fails the first test, a
key without an effect fails its own.
"""

from collections.abc import Awaitable, Callable

import pytest
from textual.command import CommandPalette

from tests.editor.walk import GREEN_ROW, IN_GREEN, IN_RED, RED
from tests.tui.conftest import Perform
from tests.tui.stage import Stage
from tui_label.dataset.state import ImageState
from tui_label.geometry.boxes import Box
from tui_label.tui.actions import ACTIONS
from tui_label.tui.screens.classes import ClassPicker
from tui_label.tui.screens.help import HelpScreen
from tui_label.tui.widgets.command_line import CommandLine

Act = Callable[[], Awaitable[None]]
Check = Callable[[Stage, Act, str], Awaitable[None]]

WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


async def cursor(on: Stage, act: Act, arguments: str) -> None:
    way, _, cells = arguments.partition(" ")
    before = on.cell_of(on.screen.cursor)
    await act()
    after = on.cell_of(on.screen.cursor)
    step = float(cells or 1)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx(
        (WAYS[way][0] * step, WAYS[way][1] * step)
    )


async def point(on: Stage, act: Act, arguments: str) -> None:
    await on.put(IN_RED)
    await act()
    (dot,) = on.session.now.draft.prompt.points
    assert (dot.x, dot.y, dot.positive) == (*IN_RED, arguments != "-")
    if dot.positive:
        await on.until(lambda: "score" in on.status)
    else:
        assert "1 negative · set a positive point too" in on.status


async def box(on: Stage, act: Act, _: str) -> None:
    await on.put(RED[:2])
    await act()
    assert "opposite corner" in on.said
    await on.put(RED[2:])
    await act()
    assert on.session.now.draft.prompt.box == Box(*RED)
    await on.until(lambda: "score" in on.status)


async def candidate(on: Stage, act: Act, arguments: str) -> None:
    await on.mask()
    assert "mask 1 of 3" in on.status
    await act()
    assert f"mask {2 if arguments == 'next' else 3} of 3" in on.status


async def clear(on: Stage, act: Act, _: str) -> None:
    await on.press("b")
    await act()
    assert on.screen.corner is None
    await on.mask()
    await act()
    assert on.session.now.draft.is_blank
    await on.objects()
    await on.press("right_square_bracket")
    await act()
    assert on.session.now.selected is None


async def snap(on: Stage, act: Act, _: str) -> None:
    await on.mask(IN_GREEN)
    assert "to the edges" in on.status
    await act()
    assert "to the edges" not in on.status
    assert on.said == "Masks stay as predicted."
    await act()
    assert on.said == "Masks go to the edges."


async def accept(on: Stage, act: Act, _: str) -> None:
    await on.mask()
    await act()
    assert (on.written or b"").startswith(b"0 0.291667 0.5")
    assert on.said == "dog saved"
    assert "1 object, saved" in on.status


async def assign(on: Stage, act: Act, arguments: str) -> None:
    class_id = int(arguments.removeprefix("#"))
    await on.mask()
    await act()
    assert (on.written or b"").split()[0] == str(class_id).encode()
    await on.press("0", "1", "right_square_bracket")
    await act()
    assert (on.written or b"").split()[0] == str(class_id).encode()
    await on.press("escape", "1")
    await act()
    assert on.session.class_id == class_id
    assert f"class {on.session.classes.names[class_id]}" in on.status


async def choose_class(on: Stage, act: Act, _: str) -> None:
    await act()
    assert isinstance(on.app.screen, ClassPicker)
    await on.press("down", "enter")
    assert on.session.class_id == 1
    assert "class cat" in on.status


async def select(on: Stage, act: Act, arguments: str) -> None:
    await act()
    assert on.said == "This image has no objects yet."
    await on.objects()
    await act()
    chosen, name, middle = (0, "dog", (35, 40)) if arguments == "next" else (1, "cat", (95, 20))
    assert on.session.now.selected == chosen
    assert on.said == f"object {chosen + 1} of 2: {name}"
    assert on.screen.cursor == pytest.approx(middle, abs=0.01)


async def edit(on: Stage, act: Act, _: str) -> None:
    await on.objects()
    await on.put(IN_RED)
    await act()
    assert on.session.now.reopened == 0
    assert "refining" in on.status
    await on.until(on.has_settled)
    await on.press("enter")
    assert len((on.written or b"").splitlines()) == 2


async def delete(on: Stage, act: Act, _: str) -> None:
    await on.objects()
    await on.put(IN_RED)
    await act()
    assert on.written == b"1" + GREEN_ROW[1:]
    assert on.said == "dog deleted; u brings it back"


async def relabel(on: Stage, act: Act, _: str) -> None:
    await on.objects()
    await on.put(IN_RED)
    await act()
    assert isinstance(on.app.screen, ClassPicker)
    await on.paste("bird")
    await on.press("enter")
    assert (on.written or b"").startswith(b"2 ")
    assert on.said == "now bird, saved"


async def undo(on: Stage, act: Act, _: str) -> None:
    await act()
    assert on.said == "Nothing to undo on this image."
    await on.mask()
    await on.press("enter")
    await act()
    assert on.written is None
    assert on.said == "undone"


async def redo(on: Stage, act: Act, _: str) -> None:
    await act()
    assert on.said == "Nothing was undone."
    await on.mask()
    await on.press("enter")
    before = on.written
    await on.press("u")
    await act()
    assert on.written == before is not None
    assert on.said == "done again"


async def next_image(on: Stage, act: Act, _: str) -> None:
    await act()
    await on.opened()
    assert on.status.startswith("file 2/3 b.png")
    await act()
    await act()
    assert on.said == "This is the last image."


async def previous_image(on: Stage, act: Act, _: str) -> None:
    await act()
    assert on.said == "This is the first image."
    await on.press("n")
    await act()
    await on.opened()
    assert on.status.startswith("file 1/3 a.png")


async def todo(on: Stage, act: Act, _: str) -> None:
    await on.press("n")
    await on.opened()
    await on.press("d", "p", "p")
    await on.opened()
    assert on.session.index == 0
    await act()
    assert on.session.index == 2
    await on.opened()


async def goto(on: Stage, _: Act, __: str) -> None:
    await on.command("goto 3")
    await on.opened()
    assert on.status.startswith("file 3/3 c.png")
    await on.command("goto b")
    await on.opened()
    assert on.status.startswith("file 2/3 b.png")


async def done(on: Stage, act: Act, _: str) -> None:
    first = on.label
    await act()
    await on.opened()
    assert first.read_bytes() == b""
    assert on.session.store.state("a.png") is ImageState.DONE_EMPTY
    assert on.session.index == 1
    assert on.said == "done: background, an empty label file says so"


async def flag(on: Stage, act: Act, _: str) -> None:
    await act()
    assert "a.png, flagged" in on.status
    await act()
    assert "flagged" not in on.status
    await on.command("flag 'what is this?'")
    assert on.session.store.record("a.png").note == "what is this?"


async def write(on: Stage, _: Act, __: str) -> None:
    await on.command("write")
    assert on.said == "Everything is on disk."
    await on.mask()
    await on.press("enter")
    on.label.chmod(0o444)
    await on.press("x")
    assert "NOT SAVED" in on.status
    on.label.chmod(0o644)
    await on.command("write")
    assert on.said == "1 label file written."
    assert on.written is None


async def zoom(on: Stage, act: Act, arguments: str) -> None:
    viewport = on.canvas.viewport
    assert viewport is not None
    if arguments != "in":
        await on.press("plus", "plus")
    await act()
    after = on.canvas.viewport
    assert after is not None
    assert after.zoom == pytest.approx({"in": 1.5, "out": 1.5, "fit": 1.0}[arguments])


async def pan(on: Stage, act: Act, arguments: str) -> None:
    await on.press("plus", "plus", "plus")
    before = on.canvas.viewport
    await act()
    after = on.canvas.viewport
    assert before is not None and after is not None
    dx, dy = after.left - before.left, after.top - before.top
    way = WAYS[arguments]
    assert (dx * way[0] > 0, dy * way[1] > 0) == (way[0] != 0, way[1] != 0)


async def masks(on: Stage, act: Act, _: str) -> None:
    await on.objects()
    assert len(on.canvas._scene.shapes) == 2
    await act()
    assert on.canvas._scene.shapes == ()
    assert "hidden" in on.said
    await act()
    assert len(on.canvas._scene.shapes) == 2


async def redraw(on: Stage, act: Act, _: str) -> None:
    before = on.canvas.painter._shown.pixels
    await on.press("left")
    assert on.canvas.painter._shown.pixels is before
    await act()
    assert on.canvas.painter._shown.pixels is not before


async def tour(on: Stage, act: Act, _: str) -> None:
    assert on.tour == ""
    await act()
    assert on.tour.startswith("1/")
    await act()
    assert on.tour == ""


async def show_help(on: Stage, act: Act, _: str) -> None:
    await act()
    assert isinstance(on.app.screen, HelpScreen)


async def palette(on: Stage, act: Act, _: str) -> None:
    await act()
    assert isinstance(on.app.screen, CommandPalette)


async def command(on: Stage, act: Act, _: str) -> None:
    await act()
    assert isinstance(on.app.focused, CommandLine)


async def leave(on: Stage, act: Act, _: str) -> None:
    await act()
    await on.until(lambda: on.app._exit)
    assert on.app.return_code == 0


CHECKS: dict[str, Check] = {
    "cursor": cursor,
    "point": point,
    "box": box,
    "candidate": candidate,
    "clear": clear,
    "snap": snap,
    "accept": accept,
    "assign": assign,
    "class": choose_class,
    "select": select,
    "edit": edit,
    "delete": delete,
    "relabel": relabel,
    "undo": undo,
    "redo": redo,
    "next": next_image,
    "previous": previous_image,
    "todo": todo,
    "goto": goto,
    "done": done,
    "flag": flag,
    "write": write,
    "zoom": zoom,
    "pan": pan,
    "masks": masks,
    "redraw": redraw,
    "tour": tour,
    "help": show_help,
    "palette": palette,
    "command": command,
    "quit": leave,
}

PRESSES = [
    pytest.param(action.name, key.arguments, name, id=f"{name}={action.name}")
    for action in ACTIONS
    for key in action.keys
    for name in key.keys.split(",")
]
TYPED = [
    pytest.param(action.name, "", "", id=f":{action.name}") for action in ACTIONS if not action.keys
]


def test_there_is_a_check_for_every_action_and_no_other() -> None:
    assert list(CHECKS) == [action.name for action in ACTIONS]


@pytest.mark.parametrize(("name", "arguments", "key"), PRESSES + TYPED)
async def test_a_key_does_what_it_is_for(
    perform: Perform, name: str, arguments: str, key: str
) -> None:
    async with perform() as stage:
        await CHECKS[name](stage, lambda: stage.press(key), arguments)
        assert stage.app.crash_details == ""
