"""The one table of actions: keys, footer, help, palette and the ``:`` line all derive from it.

A key is a short way to type a command: pressing ``-`` is the same as ``:point -``. What an
action does stands in :mod:`tui_label.tui.handlers`, under the same name.
"""

from __future__ import annotations

import difflib
import shlex
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from tui_label.errors import UserError
from tui_label.wording import printable


class CommandError(UserError):
    """A command that is not understood, with what would be."""


@dataclass(frozen=True, slots=True)
class Key:
    """One default key (Textual's names, commas between several) and what it adds to the command.

    ``short`` is the word in the footer; a key without one is only listed in the help.
    """

    keys: str
    arguments: str = ""
    short: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do.

    ``name`` is the word on the ``:`` line and the prefix of the ids that keys are rebound by;
    ``usage`` are its arguments there (image pixels; ``[…]`` may be left out). ``keys_in_words``
    stands in the help for a long list of keys.
    """

    name: str
    group: str
    what: str
    usage: str = ""
    keys: tuple[Key, ...] = ()
    keys_in_words: str = ""

    def offers(self) -> list[tuple[str, str]]:
        """Commands that make sense without typing more, each with what it does."""
        if self.name == "palette":
            return []
        if not self.keys:
            return [] if self.usage and not self.usage.startswith("[") else [(self.name, self.what)]
        lines = {
            f"{self.name} {key.arguments}".rstrip(): key.what or self.what for key in self.keys
        }
        return list(lines.items())

    @property
    def synopsis(self) -> str:
        """How it is typed: ``:point [X Y] [-]``."""
        return f":{self.name} {self.usage}".rstrip()


def _moves() -> tuple[Key, ...]:
    directions = {"left": "h", "down": "j", "up": "k", "right": "l"}
    steps = [
        Key(f"{way},{letter}", way, what=f"{way} by a cell") for way, letter in directions.items()
    ]
    steps += [
        Key(f"shift+{way},{letter.upper()}", f"{way} 8", what=f"{way} by 8 cells")
        for way, letter in directions.items()
    ]
    # A quarter of a cell: on a 10 px cell that is finer than a mouse that reports pixels needs.
    steps += [
        Key(f"ctrl+{way}", f"{way} 0.25", what=f"{way} by a quarter cell") for way in directions
    ]
    return tuple(steps)


_DIGITS = tuple(
    Key(str(digit), f"#{digit - 1}", what=f"… as class {digit}") for digit in range(1, 10)
)

ACTIONS: tuple[Action, ...] = (
    Action(
        "cursor",
        "Prompt",
        "Move the cursor by a cell (shift: by 8, ctrl: by a quarter).",
        "X Y | left|right|up|down [CELLS]",
        _moves(),
        "arrows, hjkl, HJKL",
    ),
    Action(
        "point",
        "Prompt",
        "Set a point: this belongs to the object, or (-) it does not.",
        "[X Y] [-]",
        (
            Key("space", short="point", what="positive point at the cursor (left click)"),
            Key("minus", "-", short="not", what="negative point at the cursor (right click)"),
        ),
    ),
    Action(
        "box",
        "Prompt",
        "Set a box around the object: one corner, then the opposite one.",
        "[X1 Y1 X2 Y2]",
        (Key("b", short="box", what="corner at the cursor, again for the other (drag)"),),
    ),
    Action(
        "candidate",
        "Prompt",
        "Look at another mask for the same prompt.",
        "next|previous",
        (
            Key("tab", "next", short="other", what="next candidate"),
            Key("shift+tab", "previous", what="previous candidate"),
        ),
    ),
    Action("clear", "Prompt", "Forget the prompt.", "", (Key("escape"),)),
    Action(
        "preview",
        "Prompt",
        "See the mask under the resting pointer or cursor before the click, or not.",
        "",
        (Key("v"),),
    ),
    Action("snap", "Prompt", "Draw masks to the edges of the photo, or not.", "", (Key("s"),)),
    Action(
        "accept",
        "Object",
        "Save the mask as an object of a class, the current one unless another is named.",
        "[CLASS]",
        (Key("enter", short="accept"),),
    ),
    Action(
        "assign",
        "Object",
        "The mask or the selected object gets this class; without either, the next one does.",
        "CLASS",
        _DIGITS,
        "1 … 9",
    ),
    Action("class", "Object", "Choose the current class.", "[CLASS]", (Key("c", short="class"),)),
    Action(
        "select",
        "Object",
        "Select an object of this image.",
        "next|previous",
        (
            Key("right_square_bracket", "next", what="next object"),
            Key("left_square_bracket", "previous", what="previous object"),
        ),
    ),
    Action("edit", "Object", "Refine an object: its prompt comes back.", "", (Key("e"),)),
    Action("delete", "Object", "Delete the object selected or under the cursor.", "", (Key("x"),)),
    Action("relabel", "Object", "Give an object another class.", "[CLASS]", (Key("r"),)),
    Action("undo", "Image", "Take the last step back, on disk too.", "", (Key("u", short="undo"),)),
    Action("redo", "Image", "Do the undone step again.", "", (Key("ctrl+r"),)),
    Action("next", "Image", "The next image.", "", (Key("n", short="next"),)),
    Action("previous", "Image", "The previous image.", "", (Key("p"),)),
    Action("todo", "Image", "The next image that is not done.", "", (Key("N"),)),
    Action("goto", "Image", "The image with this number or name.", "NUMBER|NAME"),
    Action(
        "done",
        "Image",
        "This image is finished; without objects it becomes background.",
        "",
        (Key("d", short="done"),),
    ),
    Action("flag", "Image", "Set the image apart, or take that back.", "[NOTE]", (Key("f"),)),
    Action("write", "Image", "Write labels that could not be saved before.", ""),
    Action(
        "zoom",
        "View",
        "Zoom at the cursor (wheel: at the pointer), or to a view.",
        "in|out|fit|fill|1:1|object",
        (
            Key("plus,equals_sign", "in", what="zoom in"),
            Key("underscore", "out", what="zoom out"),
            Key("0", "fit", what="see the whole photo"),
            Key("right_parenthesis", "fill", what="fill the window"),
            Key("asterisk", "1:1", what="pixel for pixel"),
            Key("Z", "object", what="zoom to the object"),
        ),
    ),
    Action(
        "pan",
        "View",
        "Move the photo under the window (drag with the middle button).",
        "left|right|up|down",
        tuple(Key(f"alt+{way}", way, what=f"pan {way}") for way in ("left", "right", "up", "down")),
        "alt+arrows",
    ),
    Action("loupe", "View", "Magnify what is around the cursor, or not.", "", (Key("z"),)),
    Action(
        "masks",
        "View",
        "Masks with a fill, as outlines, or hidden.",
        "[filled|outline|hidden]",
        (Key("m"),),
    ),
    Action(
        "opacity",
        "View",
        "How solid the fill of masks is.",
        "more|less|PERCENT",
        (
            Key("full_stop", "more", what="masks more solid"),
            Key("comma", "less", what="masks less solid"),
        ),
    ),
    Action(
        "light",
        "View",
        "Brightness and contrast of the photo on the screen, of this one or (sticky) of all.",
        "brighter|darker|more|less|equalise|reset|sticky",
        (
            Key("greater_than_sign", "brighter", what="photo brighter"),
            Key("less_than_sign", "darker", what="photo darker"),
            Key("right_curly_bracket", "more", what="more contrast"),
            Key("left_curly_bracket", "less", what="less contrast"),
            Key("E", "equalise", what="levels equalised, or not"),
        ),
    ),
    Action("redraw", "View", "Draw everything again.", "", (Key("ctrl+l"),)),
    Action("tour", "App", "Show the first-minute guide, or put it away.", "", (Key("t"),)),
    Action("help", "App", "All keys and commands.", "", (Key("question_mark", short="help"),)),
    Action("palette", "App", "Find an action by words.", "", (Key("ctrl+p"),)),
    Action("command", "App", "Type a command.", "", (Key("colon"),)),
    Action(
        "suspend", "App", "Go to the background; fg in the shell comes back.", "", (Key("ctrl+z"),)
    ),
    Action("quit", "App", "Leave; everything accepted is on disk.", "", (Key("q,ctrl+q,ctrl+c"),)),
)

BY_NAME = {action.name: action for action in ACTIONS}

GROUPS = tuple(dict.fromkeys(action.group for action in ACTIONS))


def bindings() -> list[BindingType]:
    """Textual's bindings, one a key, with ids like ``point.-`` that a keymap can rebind."""
    return [
        Binding(
            key.keys,
            f"command({f'{action.name} {key.arguments}'.rstrip()!r})",
            key.short or action.what.rstrip("."),
            show=bool(key.short),
            id=f"{action.name}.{key.arguments or 'plain'}".replace(" ", "."),
            tooltip=action.what,
        )
        for action in ACTIONS
        for key in action.keys
    ]


def parse(line: str) -> tuple[Action, tuple[str, ...]]:
    """A typed command as its action and arguments.

    Raises:
        CommandError: empty, unknown (with the nearest names), quotes that do not close, or
            words behind a command that takes none.
    """
    try:
        words = shlex.split(line.removeprefix(":"))
    except ValueError as error:
        raise CommandError(f"The quotes in “{printable(line)}” do not close.") from error
    if not words:
        raise CommandError("Type a command, for example: point 410 233")
    name, *arguments = words
    action = BY_NAME.get(name)
    if action is None:
        near = difflib.get_close_matches(name, BY_NAME, n=3)
        hint = f"Did you mean {', '.join(near)}?" if near else "Press ? for all of them."
        raise CommandError(f"There is no command “{printable(name)}”.", hint)
    if arguments and not action.usage:
        raise CommandError(f"It is written {action.synopsis}")
    return action, tuple(arguments)
