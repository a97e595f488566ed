"""The status line in words: where we are, what is being made, what is on disk."""

from __future__ import annotations

from tui_label.dataset.state import ImageState
from tui_label.editor.draft import Draft
from tui_label.editor.session import Session
from tui_label.wording import printable

_STATES = {
    ImageState.DONE: "done",
    ImageState.DONE_EMPTY: "done, background",
    ImageState.FLAGGED: "flagged",
}


_LONGEST_NAME = 32
"""Characters of a file name in the line: what is or is not on disk must still fit behind it."""


def where(session: Session) -> str:
    """``file 3/50 truck.jpg, done``."""
    state = _STATES.get(session.now.state, "")
    name = printable(session.path.name)
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME // 2]}…{name[-_LONGEST_NAME // 2 :]}"
    place = f"file {session.index + 1}/{len(session.dataset.images)} {name}"
    return f"{place}, {state}" if state else place


def making(session: Session) -> str:
    """``class dog · 2 points · mask 1 of 3, score 0.91``."""
    parts = []
    now = session.now
    if now.reopened is not None:
        parts.append(f"refining {session.classes.title(now.annotation(now.reopened).class_id)}")
    elif session.classes.names:
        parts.append(f"class {session.classes.title(session.class_id)}")
    else:
        parts.append("no classes yet")
    draft = now.draft
    if not draft.is_blank:
        parts.append(_prompt(draft))
        parts.append(_answer(session))
    return " · ".join(part for part in parts if part)


def kept(session: Session) -> str:
    """``4 objects, saved``."""
    if session.document is None:
        return ""
    now = session.now
    count = len(now.objects)
    words = "no objects" if count == 0 else "1 object" if count == 1 else f"{count} objects"
    if now.not_understood:
        rows = "row" if now.not_understood == 1 else "rows"
        words += f", {now.not_understood} {rows} not understood (kept)"
    if session.unsaved:
        files = len(session.unsaved)
        return (
            f"{words}, NOT SAVED: {files} {'file' if files == 1 else 'files'}, :write tries again"
        )
    if session.state_trouble:
        words += ", done and flags not saved yet"
    if now.background:
        return f"{words}, saved as background"
    return f"{words}, saved" if count else words


def pixel(session: Session, place: tuple[float, float] | None) -> str:
    """``410 233 #a0b1c2``: column, row and colour of a pixel (``~`` where it is an average)."""
    seen = session.seen
    if seen is None or place is None:
        return ""
    x, y = place
    layers = (part for part in reversed(seen.picture.layers) if part.box.contains(x, y))
    layer = next(layers, None)
    if layer is None:
        return ""  # the pointer was there on the photo before
    rows, columns = layer.pixels.shape[:2]
    box = layer.box
    column, row = int((x - box.x1) / box.width * columns), int((y - box.y1) / box.height * rows)
    colour = layer.pixels[min(row, rows - 1), min(column, columns - 1)]
    about = "~" if columns < box.width else ""
    return f"{int(x)} {int(y)} {about}#{bytes(colour).hex()}"


def model(session: Session, install: str) -> str:
    """What segments, and the one command that installs something better."""
    prompting = session.prompting
    if not prompting.model.title:
        return prompting.model_failure or "loading the model"
    words = prompting.model.title
    if session.document is not None and not prompting.embedded:
        words += ", reading the photo"
    if prompting.model.is_builtin:
        words += f" · better masks: {install}"
    return words


def _prompt(draft: Draft) -> str:
    points = draft.prompt.points
    positive = sum(1 for point in points if point.positive)
    negative = len(points) - positive
    parts = []
    if draft.prompt.box is not None:
        parts.append("box")
    if positive:
        parts.append("1 point" if positive == 1 else f"{positive} points")
    if negative:
        parts.append(f"{negative} negative")
    return ", ".join(parts)


def _answer(session: Session) -> str:
    draft, prompting = session.now.draft, session.prompting
    if draft.prompt.is_empty:
        return "set a positive point too"
    if draft.stale or draft.answer is None:
        return "no mask" if prompting.trouble else "thinking"
    answer, shown = draft.answer, prompting.shown
    assert shown is not None
    count = len(answer.candidates.items)
    which = f"mask {answer.chosen + 1} of {count}, " if count > 1 else "mask, "
    snapped = ", to the edges" if prompting.snap and answer.chosen in answer.snapped else ""
    return f"{which}score {shown.score:.2f}{snapped}"
