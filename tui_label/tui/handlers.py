"""What each action of the table does; ``HANDLERS`` says which is which.

A handler gets the screen and the words after the command's name. It raises ``UserError``
for anything that the person should read; the screen shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_label.editor.images import image_named
from tui_label.editor.session import NeedsClassesError
from tui_label.geometry.boxes import Box
from tui_label.tui.arguments import Words, number, pixel, step, usage
from tui_label.tui.screens.classes import Choice
from tui_label.tui.view_handlers import VIEW_HANDLERS

if TYPE_CHECKING:
    from tui_label.tui.screens.label import LabelScreen

Handler = Callable[["LabelScreen", Words], None]


def point(screen: LabelScreen, words: Words) -> None:
    """At the cursor, or at a pixel."""
    positive = True
    if words and words[-1] in {"-", "+"}:
        positive, words = words[-1] == "+", words[:-1]
    match words:
        case []:
            x, y = screen.looking.cursor
        case [column, row]:
            x, y = pixel("point", column, row)
        case _:
            raise usage("point")
    screen.looking.put_cursor(x, y)
    screen.say("")
    if screen.corner is not None:
        _close_box(screen)
        return
    screen.session.prompting.point(x, y, positive=positive)


def box(screen: LabelScreen, words: Words) -> None:
    """One corner at the cursor, then the other; or four numbers, image pixels."""
    match words:
        case []:
            if screen.corner is None:
                screen.corner = screen.looking.cursor
                screen.say("Move to the opposite corner and press b or space; escape drops it.")
            else:
                _close_box(screen)
        case [x1, y1, x2, y2]:
            numbers = [number("box", word) for word in (x1, y1, x2, y2)]
            screen.session.prompting.box(Box.from_corners(*numbers))
        case _:
            raise usage("box")


def candidate(screen: LabelScreen, words: Words) -> None:
    """Turn to the next or previous mask."""
    if not screen.session.prompting.turn(step("candidate", words)):
        screen.say("There is no other mask for this prompt.")


def clear(screen: LabelScreen, _: Words) -> None:
    """Drop the corner of a box, else the prompt, else the selection."""
    if screen.corner is not None:
        screen.corner = None
        screen.say("")
    elif not screen.session.prompting.clear() and screen.session.document is not None:
        screen.session.document.select(None)


def snap(screen: LabelScreen, _: Words) -> None:
    """On or off."""
    prompting = screen.session.prompting
    if not prompting.model.capability.snap:
        screen.say(f"{prompting.model.title or 'This model'} draws its own edges.")
        return
    screen.say("Masks go to the edges." if prompting.toggle_snap() else "Masks stay as predicted.")


def preview(screen: LabelScreen, _: Words) -> None:
    """On or off."""
    on = screen.session.hovering.toggle()
    screen.say("Rest on an object to see its mask." if on else "Masks are seen after a click.")


def accept(screen: LabelScreen, words: Words) -> None:
    """With the current class, or one named here; the first time the classes are asked for."""
    session = screen.session
    class_id = screen.class_named(" ".join(words)) if words else None
    try:
        screen.say(session.accept(class_id))
    except NeedsClassesError:

        def named(choice: Choice) -> None:
            chosen = screen.adopt(choice)
            screen.say(session.accept(chosen))

        screen.pick_class("Name the classes, in their order; commas between them", named)


def assign(screen: LabelScreen, words: Words) -> None:
    """Accept as a class, else give it to the selected object, else make it current."""
    session = screen.session
    if not words:
        raise usage("assign")
    if not session.now.draft.prompt.is_empty:
        accept(screen, words)
        return
    class_id = screen.class_named(" ".join(words))
    if session.now.selected is not None:
        session.relabel(session.now.selected, class_id)
        screen.say(f"now {session.classes.title(class_id)}, saved")
    else:
        session.choose_class(class_id)


def choose_class(screen: LabelScreen, words: Words) -> None:
    """By name, or from the picker."""
    session = screen.session
    if words:
        session.choose_class(screen.class_named(" ".join(words)))
        return
    screen.pick_class("Current class", lambda choice: session.choose_class(screen.adopt(choice)))


def select(screen: LabelScreen, words: Words) -> None:
    """The next or previous object; the cursor goes there."""
    session = screen.session
    if not session.select(step("select", words)):
        screen.say("This image has no objects yet.")
        return
    document, index = session.document, session.now.selected
    if document is not None and index is not None:
        place = document.box(index).clipped(document.size)
        screen.looking.put_cursor((place.x1 + place.x2) / 2, (place.y1 + place.y2) / 2)
        name = session.classes.title(document.now.annotation(index).class_id)
        number = document.now.objects.index(index) + 1
        screen.say(f"object {number} of {len(document.now.objects)}: {name}")


def edit(screen: LabelScreen, _: Words) -> None:
    """Refine the object that is meant."""
    screen.session.prompting.reopen(screen.session.target(*screen.looking.cursor))
    screen.say("Refine it; enter replaces the object, escape leaves it as it was.")


def delete(screen: LabelScreen, _: Words) -> None:
    """Take the object away that is meant; undo brings it back."""
    session = screen.session
    index = session.target(*screen.looking.cursor)
    name = session.classes.title(session.now.annotation(index).class_id)
    session.delete(index)
    screen.say(f"{name} deleted; u brings it back")


def relabel(screen: LabelScreen, words: Words) -> None:
    """Another class for the object that is meant."""
    session = screen.session
    index = session.target(*screen.looking.cursor)

    def give(class_id: int) -> None:
        session.relabel(index, class_id)
        screen.say(f"now {session.classes.title(class_id)}, saved")

    if words:
        give(screen.class_named(" ".join(words)))
    else:
        screen.pick_class("New class of the object", lambda choice: give(screen.adopt(choice)))


def undo(screen: LabelScreen, _: Words) -> None:
    """One step back."""
    screen.say("undone" if screen.session.undo() else "Nothing to undo on this image.")


def redo(screen: LabelScreen, _: Words) -> None:
    """One step forward."""
    screen.say("done again" if screen.session.redo() else "Nothing was undone.")


def go_next(screen: LabelScreen, _: Words) -> None:
    """Forward by one."""
    screen.turn_to(screen.session.step(1), "This is the last image.")


def go_previous(screen: LabelScreen, _: Words) -> None:
    """Back by one."""
    screen.turn_to(screen.session.step(-1), "This is the first image.")


def todo(screen: LabelScreen, _: Words) -> None:
    """The next that is not done, round the end."""
    screen.turn_to(screen.session.next_not_done(), "Every other image is done.")


def goto(screen: LabelScreen, words: Words) -> None:
    """By number from 1, or by file name or a part of it."""
    if not words:
        raise usage("goto")
    word, session = " ".join(words), screen.session
    # No dataset has 10^9 images, and Python refuses to read numbers of 5,000 digits.
    is_number = word.isdecimal() and len(word) < 10
    index = int(word) - 1 if is_number else image_named(session.dataset.images, word)
    session.goto(index)
    screen.turn_to(True)


def done(screen: LabelScreen, _: Words) -> None:
    """Finished; the next image follows."""
    words_of_it = screen.session.done()
    screen.turn_to(screen.session.step(1))
    screen.say(words_of_it)


def flag(screen: LabelScreen, words: Words) -> None:
    """Set apart, with a note."""
    screen.say(screen.session.flag(" ".join(words)))


def write(screen: LabelScreen, _: Words) -> None:
    """Try again what could not be saved."""
    count = screen.session.write()
    files = "1 label file" if count == 1 else f"{count} label files"
    screen.say(f"{files} written." if count else "Everything is on disk.")


def tour(screen: LabelScreen, _: Words) -> None:
    """Show it or put it away."""
    screen.toggle_tour()


def show_help(screen: LabelScreen, _: Words) -> None:
    """The help screen."""
    screen.show_help()


def palette(screen: LabelScreen, _: Words) -> None:
    """Textual's palette, filled from the table."""
    screen.app.action_command_palette()


def suspend(screen: LabelScreen, _: Words) -> None:
    """To the background; the shell's ``fg`` comes back."""
    screen.app.action_suspend_process()


def command(screen: LabelScreen, _: Words) -> None:
    """Open the command line."""
    screen.open_command_line()


def leave(screen: LabelScreen, _: Words) -> None:
    """Leave, after a question when something could not be saved."""
    screen.leave()


HANDLERS: dict[str, Handler] = VIEW_HANDLERS | {
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
    "next": go_next,
    "previous": go_previous,
    "todo": todo,
    "goto": goto,
    "done": done,
    "flag": flag,
    "write": write,
    "tour": tour,
    "help": show_help,
    "palette": palette,
    "command": command,
    "suspend": suspend,
    "quit": leave,
}


def _close_box(screen: LabelScreen) -> None:
    assert screen.corner is not None
    corner, screen.corner = screen.corner, None
    screen.say("")
    screen.session.prompting.box(Box.from_corners(*corner, *screen.looking.cursor))
