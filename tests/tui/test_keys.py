"""Every key of the actions table does what its action is for.

A check stands here for every action of the table; one without a check fails the first test, a
key without an effect fails its own.
"""

from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.command import CommandPalette

from tests.editor.walk import GREEN_ROW, IN_GREEN, IN_RED, RED
from tests.tui.conftest import Perform
from tests.tui.stage import Stage
from tui_label.dataset.state import ImageState
from tui_label.geometry.boxes import Box
from tui_label.graphics.painter import Painted, Painter, View
from tui_label.graphics.scene import Emphasis, MaskStyle, Scene, Shape, Tone
from tui_label.tui.actions import ACTIONS
from tui_label.tui.screens.classes import ClassPicker
from tui_label.tui.screens.help import HelpScreen
from tui_label.tui.widgets.command_line import CommandLine

Act = Callable[[], Awaitable[None]]
Check = Callable[[Stage, Act, str], Awaitable[None]]

WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


async def cursor(on: Stage, act: Act, arguments: str) -> None:
    way, _, cells = arguments.partition(" ")
    before = on.cell_of(on.screen.looking.cursor)
    await act()
    after = on.cell_of(on.screen.looking.cursor)
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


async def preview(on: Stage, act: Act, _: str) -> None:
    def seen() -> list[Shape]:
        assert on.canvas._scene is not None
        shapes = on.canvas._scene.shapes
        return [shape for shape in shapes if shape.emphasis is Emphasis.PREVIEW]

    await act()
    await on.pointer(events.MouseMove, IN_RED, button=0)
    await on.until(seen)
    assert seen()[0].region.contains(*IN_RED)  # type: ignore[union-attr]
    assert on.session.now.draft.is_blank and on.written is None
    await on.pointer(events.MouseMove, IN_GREEN, button=0)
    await on.until(lambda: seen() and seen()[0].region.contains(*IN_GREEN))  # type: ignore[union-attr]
    await on.click(IN_GREEN)
    assert not seen()
    await act()
    await on.pointer(events.MouseMove, IN_RED, button=0)
    await on.settle()
    assert not seen()


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
    assert on.screen.looking.cursor == pytest.approx(middle, abs=0.01)


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
    before = on.canvas.viewport
    assert before is not None
    if arguments == "object":
        await on.objects()
        await on.press("right_square_bracket")
    elif arguments not in {"in", "fill"}:
        await on.press("plus", "plus")
    await act()
    after = on.canvas.viewport
    assert after is not None
    match arguments:
        case "in" | "out":
            assert after.zoom == pytest.approx(1.5)
        case "fit":
            assert after.is_fit
        case "fill":
            # The photo was narrower than the canvas.
            assert before.window.x1 < 0 and after.window.x1 == pytest.approx(0, abs=1e-6)
        case "1:1":
            assert after.scale == pytest.approx(max(1.0, before.scale))
        case "object":
            assert after.zoom > before.zoom
            assert after.visible.encloses(Box(*RED))


async def pan(on: Stage, act: Act, arguments: str) -> None:
    await on.press("plus", "plus", "plus")
    before = on.canvas.viewport
    await act()
    after = on.canvas.viewport
    assert before is not None and after is not None
    dx, dy = after.left - before.left, after.top - before.top
    way = WAYS[arguments]
    assert (dx * way[0] > 0, dy * way[1] > 0) == (way[0] != 0, way[1] != 0)


async def loupe(on: Stage, act: Act, _: str) -> None:
    def scene() -> Scene:
        assert on.canvas._scene is not None
        return on.canvas._scene

    await act()
    glass = scene().loupe
    assert glass is not None and (glass.x, glass.y) == on.screen.looking.cursor
    await act()
    assert scene().loupe is None


async def masks(on: Stage, act: Act, _: str) -> None:
    styles = []
    for _turn in range(3):
        await act()
        assert on.canvas._scene is not None
        styles.append(on.canvas._scene.look.masks)
    assert styles == [MaskStyle.OUTLINE, MaskStyle.HIDDEN, MaskStyle.FILLED]


async def opacity(on: Stage, act: Act, arguments: str) -> None:
    before = on.screen.looking.look.opacity
    await act()
    assert on.canvas._scene is not None
    step = 0.1 if arguments == "more" else -0.1
    assert on.canvas._scene.look.opacity == pytest.approx(before + step)


async def light(on: Stage, act: Act, arguments: str) -> None:
    await act()
    assert on.canvas._scene is not None
    assert (
        on.canvas._scene.tone
        == {
            "brighter": Tone(brightness=0.1),
            "darker": Tone(brightness=-0.1),
            "more": Tone(contrast=1.25),
            "less": Tone(contrast=0.8),
            "equalise": Tone(equalise=True),
        }[arguments]
    )
    await on.press("n")
    await on.opened()
    assert on.canvas._scene.tone == Tone()  # another photo has its own light


async def redraw(on: Stage, act: Act, _: str) -> None:
    watched = Watched(on.canvas.painter)
    on.canvas.painter = watched
    await on.press("left")
    await act()
    step, everything = watched.changed
    assert step < 10 < everything == on.canvas.size.area


class Watched:
    """A painter, and how many cells each paint changed."""

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self.changed: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._painter, name)

    def paint(self, view: View, budget: int | None = None) -> Painted:
        painted = self._painter.paint(view, budget)
        if painted.damage:
            self.changed.append(sum(rect.width * rect.height for rect in painted.damage))
        return painted


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


async def suspend(on: Stage, act: Act, _: str) -> None:
    # Nothing to be suspended without a terminal; tests/pty does it in one.
    assert not on.app._driver.can_suspend  # type: ignore[union-attr]
    await act()
    assert on.app.is_running


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
    "preview": preview,
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
    "loupe": loupe,
    "masks": masks,
    "opacity": opacity,
    "light": light,
    "redraw": redraw,
    "tour": tour,
    "help": show_help,
    "palette": palette,
    "command": command,
    "suspend": suspend,
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
