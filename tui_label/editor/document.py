"""One image being edited: its rows, the object being made, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tui_label.dataset.state import ImageRecord, ImageState
from tui_label.editor.draft import Answer, Draft
from tui_label.editor.history import History
from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Region
from tui_label.geometry.normalised import NormalisedBox
from tui_label.geometry.polygons import fill_ring
from tui_label.labels.annotation import Annotation
from tui_label.labels.files import (
    LabelFile,
    remove_label_file,
    write_empty_label_file,
    write_label_file,
)
from tui_label.labels.yolo import Row, content_of, merged_rows, row_key
from tui_label.segment.types import Prompt

_WITH_ANSWERS = 16
"""Steps back that keep what the model said; older prompts are asked again. On a photo of
12 MP an answer is 2.5 to 8 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A row of the label file, and the prompt that made it where it was made here."""

    row: Row
    prompt: Prompt | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DocumentState:
    """Everything that undo brings back.

    ``background`` is the person's word that an image without objects is meant to be empty:
    only then is an empty label file written. ``note`` says why an image is flagged,
    ``unflagged`` what it was before. ``selected`` and ``reopened`` are positions in
    ``entries``; a reopened object is replaced by the next accept.
    """

    entries: tuple[Entry, ...] = ()
    draft: Draft = field(default_factory=Draft)
    selected: int | None = None
    reopened: int | None = None
    background: bool = False
    state: ImageState = ImageState.UNSEEN
    note: str = ""
    unflagged: ImageState = ImageState.IN_PROGRESS

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in file order."""
        return tuple(entry.row for entry in self.entries)

    @property
    def objects(self) -> tuple[int, ...]:
        """Positions of the rows that are objects (not blank, not junk)."""
        return tuple(
            index for index, entry in enumerate(self.entries) if entry.row.annotation is not None
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is no row but blank lines."""
        return all(entry.row.is_blank for entry in self.entries)

    @property
    def not_understood(self) -> int:
        """Rows that are kept as they are because nobody could read them."""
        return sum(1 for entry in self.entries if entry.row.problem)

    def annotation(self, index: int) -> Annotation:
        """The object at a position of ``objects``."""
        annotation = self.entries[index].row.annotation
        if annotation is None:
            raise ValueError(f"row {index + 1} is not an object")
        return annotation


class Document:
    """One image being edited.

    State: the history, what is on disk (``file``), whether the last save failed (``unsaved``),
    whether rows of somebody else were taken in (``merged``).
    Owned by the ``Session``, used on one thread. Every change goes through :meth:`change`,
    which writes the label file before it returns.
    """

    def __init__(self, image: Path, size: Size, file: LabelFile, record: ImageRecord) -> None:
        self.image = image
        self.size = size
        self.file = file
        self.unsaved = False
        self.merged = False
        entries = tuple(Entry(row) for row in file.rows)
        opened = DocumentState(entries, state=record.state, note=record.note)
        background = file.content is not None and opened.is_empty
        self.history = History(replace(opened, background=background))
        self._shapes: dict[bytes, Region | None] = {}

    @property
    def now(self) -> DocumentState:
        """The present state."""
        return self.history.present

    @property
    def is_untouched(self) -> bool:
        """Whether nothing would be lost if the document were read again."""
        return self.history.is_fresh and self.now.draft.is_blank and not self.unsaved

    def change(self, **changes: object) -> None:
        """One step that can be undone; rows that changed are on disk when it returns."""
        self.history.push(replace(self.now, **changes))  # type: ignore[arg-type]
        self.history.age(_WITH_ANSWERS, _at_rest)
        if "entries" in changes or "background" in changes:
            self.save()

    def answer(self, answer: Answer) -> None:
        """Attach an answer to the present prompt; not a step of its own."""
        self.history.amend(replace(self.now, draft=self.now.draft.answered(answer)))

    def undo(self) -> bool:
        """One step back, on disk too."""
        return self._travel(self.history.undo)

    def redo(self) -> bool:
        """One undone step forward, on disk too."""
        return self._travel(self.history.redo)

    def save(self) -> None:
        """Bring the label file to the present state.

        No label file is written for an image without objects unless a person said so: for
        Ultralytics an empty file means *background*.

        Raises:
            SaveError: the file could not be written; the objects stay in memory.

        """
        empty, rows = self.now.is_empty, self.now.rows
        target = None if empty and not self.now.background else content_of(rows)
        if self.file.content == target and not self.unsaved:
            return
        self.unsaved = True
        if target is None:
            self.file = remove_label_file(self.file.path, self.file.content)
        elif empty:
            self.file = write_empty_label_file(self.file.path, self.file.content)
        else:
            self.file = write_label_file(self.file.path, rows, self.file.content)
        self.unsaved = False
        if self.file.merged:
            self._adopt(rows)

    def select(self, index: int | None) -> None:
        """Point at an object, or at none; looking is not a step that undo counts."""
        self.history.amend(replace(self.now, selected=index))

    def rest(self) -> None:
        """Let go of everything that can be made again: the person has left the image.

        Answers hold the photo that they were made from; a walk over thousands of images must
        not keep them all.
        """
        self.history.rewrite(_at_rest)
        self._shapes.clear()

    def region(self, index: int) -> Region | None:
        """The pixels of a polygon object, as Ultralytics would fill it; ``None`` for a box."""
        row = self.now.entries[index].row
        if row.raw not in self._shapes:
            self._shapes[row.raw] = _filled(self.now.annotation(index), self.size)
        return self._shapes[row.raw]

    def box(self, index: int) -> Box:
        """The tight box of an object, image pixels."""
        return self.now.annotation(index).shape.box(self.size)

    def objects_at(self, x: float, y: float) -> tuple[int, ...]:
        """Objects under a point, the smallest first: what a person most likely means."""
        hits = []
        for index in self.now.objects:
            region = self.region(index)
            inside = self.box(index).contains(x, y) if region is None else region.contains(x, y)
            if inside:
                area = self.box(index).area if region is None else float(region.area)
                hits.append((area, index))
        return tuple(index for _, index in sorted(hits))

    def _adopt(self, ours: tuple[Row, ...]) -> None:
        # Somebody else changed the file. What they did goes into every state, or the next
        # undo would take it back in their stead.
        theirs = self.file.rows
        self.history.rewrite(lambda state: _rebased(state, ours, theirs))
        self.merged = True

    def _travel(self, step: Callable[[], bool]) -> bool:
        if not step():
            return False
        self.save()
        return True


def _at_rest(state: DocumentState) -> DocumentState:
    return replace(state, draft=state.draft.at_rest())


def _rebased(state: DocumentState, base: tuple[Row, ...], theirs: tuple[Row, ...]) -> DocumentState:
    """The state as it would be had it begun with their rows; prompts and positions follow."""
    rows = merged_rows(base, theirs, state.rows)
    prompts = {row_key(entry.row): entry.prompt for entry in state.entries}
    places = {row_key(row): index for index, row in enumerate(rows)}

    def moved(index: int | None) -> int | None:
        return None if index is None else places.get(row_key(state.entries[index].row))

    return replace(
        state,
        entries=tuple(Entry(row, prompts.get(row_key(row))) for row in rows),
        selected=moved(state.selected),
        reopened=moved(state.reopened),
        background=state.background and all(row.is_blank for row in rows),
    )


def _filled(annotation: Annotation, size: Size) -> Region | None:
    shape = annotation.shape
    if isinstance(shape, NormalisedBox):
        return None
    return fill_ring(shape.pixels(size), size)
