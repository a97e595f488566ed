"""What the actions about looking do: cursor, zoom, light, masks, loupe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_label.errors import InputError
from tui_label.graphics.scene import MaskStyle, Tone
from tui_label.tui.arguments import WAYS, Words, number, pixel, usage

if TYPE_CHECKING:
    from tui_label.tui.screens.label import LabelScreen

_ZOOM_STEP = 1.5
_PAN_STEP = 0.25
"""Of the canvas."""

_STYLES = {
    MaskStyle.FILLED: "",
    MaskStyle.OUTLINE: "Masks are outlines.",
    MaskStyle.HIDDEN: "The saved objects are hidden; m shows them.",
}


def cursor(screen: LabelScreen, words: Words) -> None:
    """By cells in a direction, or to a pixel."""
    match words:
        case [way] if way in WAYS:
            screen.looking.move_cursor(*WAYS[way])
        case [way, cells] if way in WAYS:
            step = number("cursor", cells)
            screen.looking.move_cursor(WAYS[way][0] * step, WAYS[way][1] * step)
        case [x, y]:
            screen.looking.put_cursor(*pixel("cursor", x, y))
        case _:
            raise usage("cursor")


def zoom(screen: LabelScreen, words: Words) -> None:
    """At the cursor, or to one of the named views."""
    match words:
        case ["in"]:
            screen.looking.zoom(_ZOOM_STEP)
        case ["out"]:
            screen.looking.zoom(1 / _ZOOM_STEP)
        case ["fit"]:
            screen.looking.fit()
        case ["fill"]:
            screen.looking.fill()
        case ["1:1"]:
            screen.looking.one_to_one()
        case ["object"]:
            _zoom_to_object(screen)
        case _:
            raise usage("zoom")


def _zoom_to_object(screen: LabelScreen) -> None:
    """The mask being made, else the object that is meant."""
    session = screen.session
    shown = session.prompting.shown
    if not session.now.draft.prompt.is_empty and shown is not None:
        if shown.region.is_empty:
            raise InputError("The mask is empty: there is nothing to zoom to.")
        screen.looking.frame(shown.region.box)
        return
    index = session.target(*screen.looking.cursor)
    if session.document is not None:
        screen.looking.frame(session.document.box(index))


def pan(screen: LabelScreen, words: Words) -> None:
    """By a quarter of the canvas."""
    match words:
        case [way] if way in WAYS:
            dx, dy = WAYS[way]
            screen.looking.pan(dx * _PAN_STEP, dy * _PAN_STEP)
        case _:
            raise usage("pan")


def masks(screen: LabelScreen, words: Words) -> None:
    """Filled, outline or hidden; by name, or the next of them."""
    looking = screen.looking
    match words:
        case []:
            looking.next_style()
        case [style] if style in set(MaskStyle):
            looking.look = replace(looking.look, masks=MaskStyle(style))
        case _:
            raise usage("masks")
    screen.say(_STYLES[looking.look.masks])


def opacity(screen: LabelScreen, words: Words) -> None:
    """More, less, or so many percent."""
    looking = screen.looking
    match words:
        case ["more"]:
            looking.fade(1)
        case ["less"]:
            looking.fade(-1)
        case [percent]:
            part = min(max(number("opacity", percent) / 100, 0.0), 1.0)
            looking.look = replace(looking.look, opacity=part)
        case _:
            raise usage("opacity")
    screen.say(f"Masks cover {looking.look.opacity:.0%} of what they lie on.")


def light(screen: LabelScreen, words: Words) -> None:
    """Brightness, contrast, equalised levels; for this photo or for all."""
    looking = screen.looking
    match words:
        case ["brighter"]:
            looking.lighten(1)
        case ["darker"]:
            looking.lighten(-1)
        case ["more"]:
            looking.sharpen(1)
        case ["less"]:
            looking.sharpen(-1)
        case ["equalise"]:
            looking.light(replace(looking.tone, equalise=not looking.tone.equalise))
        case ["reset"]:
            looking.light(Tone())
        case ["sticky"]:
            looking.stick(not looking.sticky)
        case _:
            raise usage("light")
    screen.say(_light_in_words(looking.tone, looking.sticky))


def _light_in_words(tone: Tone, sticky: bool) -> str:
    words = [f"brightness {tone.brightness:+.0%}", f"contrast {tone.contrast:.0%}"]
    if tone.equalise:
        words.append("levels equalised")
    whose = "every photo" if sticky else "this photo"
    return f"{', '.join(words)}; for {whose}, on the screen only"


def loupe(screen: LabelScreen, _: Words) -> None:
    """Out, or away."""
    screen.looking.magnifying = not screen.looking.magnifying
    if screen.looking.magnifying and screen.looking.viewport and screen.looking.loupe is None:
        screen.looking.magnifying = False
        raise InputError("The window is too small for a loupe; zoom in with + instead.")


def redraw(screen: LabelScreen, _: Words) -> None:
    """Everything from nothing."""
    screen.redraw()


VIEW_HANDLERS: dict[str, Callable[[LabelScreen, Words], None]] = {
    "cursor": cursor,
    "zoom": zoom,
    "pan": pan,
    "masks": masks,
    "opacity": opacity,
    "light": light,
    "loupe": loupe,
    "redraw": redraw,
}
