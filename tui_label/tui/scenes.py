"""From the session to what there is to see."""

from __future__ import annotations

from tui_label.editor.document import Document
from tui_label.editor.session import Session
from tui_label.geometry.boxes import Box
from tui_label.graphics.scene import Emphasis, Mark, Scene, Shape
from tui_label.tui.looking import Looking


def scene_of(session: Session, looking: Looking, rubber: Box | None = None) -> Scene | None:
    """The photo, its saved objects, the mask being made and the points; ``None`` without photo.

    Args:
        session: what was labelled.
        looking: how the person looks at it.
        rubber: the box being pulled up, image pixels.
    """
    document, seen = session.document, session.seen
    if document is None or seen is None:
        return None
    draft = document.now.draft
    shapes = _objects(document)
    if session.hovering.region is not None:
        shapes = (*shapes, Shape(session.hovering.region, emphasis=Emphasis.PREVIEW))
    shown = session.prompting.shown
    if shown is not None and not draft.prompt.is_empty:
        shapes = (*shapes, Shape(region=shown.region, emphasis=Emphasis.CANDIDATE))
    if rubber is None and draft.prompt.box is not None:
        rubber = draft.prompt.box
    return Scene(
        photo=seen.picture,
        photo_key=seen.key,
        shapes=shapes,
        marks=tuple(Mark(point.x, point.y, point.positive) for point in draft.prompt.points),
        rubber=rubber,
        cursor=looking.cursor,
        tone=looking.tone,
        look=looking.look,
        loupe=looking.loupe,
    )


def _objects(document: Document) -> tuple[Shape, ...]:
    shapes = []
    for index in document.now.objects:
        # The object being refined is what the candidate will replace.
        if index == document.now.reopened:
            continue
        region = document.region(index)
        shapes.append(
            Shape(
                region=region,
                outline=document.box(index) if region is None else None,
                colour=document.now.annotation(index).class_id,
                emphasis=Emphasis.SELECTED if index == document.now.selected else Emphasis.NORMAL,
            )
        )
    return tuple(shapes)
