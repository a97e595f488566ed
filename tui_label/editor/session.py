"""The walk through a dataset: which image, which class, and what is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from tui_label.dataset.classes import ClassList
from tui_label.dataset.sources import Dataset
from tui_label.dataset.state import ImageState, StateStore
from tui_label.editor.class_choice import ClassChoice, NeedsClassesError
from tui_label.editor.document import Document, DocumentState, Entry
from tui_label.editor.documents import Documents
from tui_label.editor.draft import Draft
from tui_label.editor.hovering import Hovering
from tui_label.editor.images import photo_key
from tui_label.editor.labelling import NOUNS, annotation_of, task_of_file
from tui_label.editor.prompting import Engine, Prompting
from tui_label.editor.sharpening import AnyPhoto, SeenPhoto
from tui_label.errors import InputError, SaveError
from tui_label.labels.annotation import Task
from tui_label.labels.yolo import relabelled, row_of
from tui_label.segment.events import Event

__all__ = ["LAST_IMAGE", "NeedsClassesError", "Session"]

_AHEAD = 2
"""Images whose embedding is made before they are opened, in the direction of travel."""

LAST_IMAGE = "last image"
"""The name under which the state remembers where the walk was left."""

_FINISHED = frozenset({ImageState.DONE, ImageState.DONE_EMPTY})

_UNTOUCHED = frozenset({ImageState.UNSEEN, ImageState.DONE_EMPTY})
"""States that an object on the image ends; a flag and "done" stay until a person says otherwise."""


class Session:
    """All of labelling without a screen.

    State: the position in the dataset, the photo and the document there, the folders that labels
    went to; it owns the class list, the other documents and the prompt. Used on one thread; the
    engine's answers are handed to :meth:`receive` on that same thread.

    Methods that change labels have written them when they return. They raise
    :class:`SaveError` when that failed; the change then stays in memory (``unsaved``) and is
    written by the next one or by :meth:`write`.
    """

    def __init__(
        self,
        dataset: Dataset,
        store: StateStore,
        engine: Engine,
        *,
        task: Task = Task.DETECT,
        load_photo: Callable[[Path], AnyPhoto],
    ) -> None:
        self.dataset = dataset
        self.store = store
        self.task = task
        self.prompting = Prompting(engine)
        self.hovering = Hovering(engine)
        self.index = 0
        self.key = ""
        self.seen: SeenPhoto | None = None
        self.document: Document | None = None
        self.failure = ""
        self.label_folders: set[Path] = set()
        self._load_photo = load_photo
        self._classes = ClassChoice(dataset.classes, dataset.root, store)
        self._documents = Documents(dataset.root, store)
        self._direction = 1

    # Where we are

    @property
    def path(self) -> Path:
        """The image at hand."""
        return self.dataset.images[self.index]

    @property
    def photo(self) -> AnyPhoto | None:
        """The photo of the image at hand; ``None`` while it is being opened."""
        return None if self.seen is None else self.seen.photo

    @property
    def now(self) -> DocumentState:
        """The present state of the document; a blank one while the photo is being decoded."""
        return DocumentState() if self.document is None else self.document.now

    @property
    def unsaved(self) -> tuple[Path, ...]:
        """Images whose newest labels could not be written."""
        return self._documents.unsaved

    @property
    def state_trouble(self) -> str:
        """Why what was said of an image could not be written; empty when it could."""
        return self._documents.trouble

    def goto(self, index: int) -> None:
        """Turn to another image; its photo is then handed in with :meth:`opened`.

        Raises:
            InputError: there is no such image, or an accepted object waits for its mask.
        """
        count = len(self.dataset.images)
        if not 0 <= index < count:
            raise InputError(f"There is no image {index + 1}: the dataset has {count}.")
        self.prompting.check_nothing_waits()
        self._leave()
        self._direction = 1 if index >= self.index else -1
        self.index = index
        self.seen, self.document, self.failure = None, None, ""
        self.key = photo_key(self.path)
        self.prompting.attach(None, self.key)
        self.hovering.forget()
        with suppress(SaveError):
            # A convenience for next time; it must not stand between a person and their labels.
            self.store.remember(LAST_IMAGE, self._documents.state_key(self.path))

    def opened(self, index: int, photo: AnyPhoto) -> None:
        """The photo of an image was opened; ignored when it was before, or is not at hand."""
        if index != self.index or self.seen is not None:
            return
        seen = SeenPhoto(photo, self.key)
        try:
            document = self._documents.opened(self.path, seen.size)
        except InputError as error:
            self.failure = str(error)
            return
        self.seen, self.document = seen, document
        self.prompting.engine.focus(self.key, photo)
        self.prompting.attach(document, self.key)
        self._prefetch()

    def failed(self, index: int, message: str) -> None:
        """The photo of an image could not be decoded."""
        if index == self.index:
            self.failure = message

    def step(self, count: int) -> bool:
        """Forward or back; ``False`` at either end."""
        target = self.index + count
        if not 0 <= target < len(self.dataset.images):
            return False
        self.goto(target)
        return True

    def next_not_done(self) -> bool:
        """The next image, round the end, that nobody called done; ``False`` when there is none."""
        states = self.store.states()
        images = self.dataset.images
        for offset in range(1, len(images)):
            index = (self.index + offset) % len(images)
            if states.get(self._documents.state_key(images[index])) not in _FINISHED:
                self.goto(index)
                return True
        return False

    def receive(self, event: Event) -> str:
        """Take an answer of the engine; a sentence when it fulfilled a waiting accept.

        Raises:
            InputError: the accept that had waited has an empty mask.
            SaveError: the accept that had waited could not be saved.
        """
        self.hovering.receive(event)
        answered = self.prompting.receive(event)
        if self.prompting.trouble:
            self.prompting.waiting_class = None
        if not answered:
            return ""
        waiting, self.prompting.waiting_class = self.prompting.waiting_class, None
        if waiting is not None:
            return self._accepted(waiting)
        self.prompting.resume()
        return ""

    # Objects

    def accept(self, class_id: int | None = None) -> str:
        """Write the mask on the screen as an object of a class.

        By default that is the current class, or the class that the object being refined has.
        Before the mask has come the wish is remembered and fulfilled when it does.

        Returns: a sentence about what was written, empty while waiting.

        Raises:
            NeedsClassesError: no class has a name yet.
            InputError: there is nothing to accept, or no such class.
            SaveError: the label file could not be written.
        """
        document = self._open_document()
        draft = document.now.draft
        if draft.prompt.is_empty:
            raise InputError("There is no mask to accept: set a point or a box first.")
        if class_id is None and document.now.reopened is not None:
            # Not checked: an object keeps its class even where the list has no name for it.
            class_id = document.now.annotation(document.now.reopened).class_id
        else:
            self.choose_class(self.class_id if class_id is None else class_id)
            class_id = self.class_id
        if self.prompting.is_waiting:
            self.prompting.waiting_class = class_id
            return ""
        return self._accepted(class_id)

    def _accepted(self, class_id: int) -> str:
        document = self._open_document()
        draft, shown = document.now.draft, self.prompting.shown
        if shown is None or draft.stale:
            raise InputError(self.prompting.trouble or "There is no mask to accept.")
        if shown.region.is_empty:
            raise InputError("The mask is empty; move the point or add another.")
        task = task_of_file(document.now.rows, self.task)
        row = row_of(annotation_of(shown.region, class_id, task))
        self._place(document, Entry(row, replace(draft.prompt, feedback=None)))
        note = "" if task is self.task else f", as {NOUNS[task]} like the rest of its file"
        return f"{self.classes.title(class_id)} saved{note}"

    def delete(self, index: int) -> None:
        """Take an object away."""
        document = self._open_document()
        entries, reopened = document.now.entries, document.now.reopened
        kept = entries[:index] + entries[index + 1 :]
        if reopened is not None and reopened >= index:
            reopened = None if reopened == index else reopened - 1
        self._change(document, entries=kept, selected=None, reopened=reopened)

    def relabel(self, index: int, class_id: int) -> None:
        """Give an object another class; the rest of its row stays byte for byte."""
        document = self._open_document()
        self._classes.check(class_id)
        entries = list(document.now.entries)
        entries[index] = replace(entries[index], row=relabelled(entries[index].row, class_id))
        self._change(document, entries=tuple(entries))

    def select(self, step: int) -> bool:
        """Select the next or previous object; ``False`` when there is none."""
        document = self._open_document()
        objects, current = document.now.objects, document.now.selected
        if not objects:
            return False
        if current in objects:
            chosen = objects[(objects.index(current) + step) % len(objects)]
        else:
            chosen = objects[0 if step > 0 else -1]
        document.select(chosen)
        return True

    def target(self, x: float, y: float) -> int:
        """The object that an action means: the selected one, else the smallest under the cursor.

        Raises:
            InputError: there is none.
        """
        document = self._open_document()
        if document.now.selected is not None:
            return document.now.selected
        under = document.objects_at(x, y)
        if not under:
            raise InputError("No object is selected and none is under the cursor.")
        return under[0]

    # The image as a whole

    def done(self) -> str:
        """The person says that this image is finished; without objects it is background.

        Raises:
            InputError: an accepted object waits for its mask.
            SaveError: the label file could not be written.
        """
        document = self._open_document()
        self.prompting.check_nothing_waits()
        self.prompting.forget()
        empty = document.now.is_empty
        state = ImageState.DONE_EMPTY if empty else ImageState.DONE
        self._change(document, state=state, background=empty, draft=Draft(), reopened=None)
        if document.merged:
            # Somebody else has put objects there meanwhile.
            document.merged = False
            document.history.amend(replace(document.now, state=ImageState.DONE))
            self._documents.keep_state(document)
            return "done; rows that somebody else wrote meanwhile were kept"
        return "done: background, an empty label file says so" if empty else "done"

    def flag(self, note: str = "") -> str:
        """Set the image apart for somebody to look at; once more takes the flag away."""
        document = self._open_document()
        now = document.now
        if now.state is not ImageState.FLAGGED:
            self._change(document, state=ImageState.FLAGGED, note=note, unflagged=now.state)
        elif note:
            self._change(document, note=note)
        else:
            self._change(document, state=now.unflagged, note="")
            return "flag removed"
        return "flagged"

    def undo(self) -> bool:
        """One step back, on disk too; ``False`` at the beginning."""
        return self._travel(self._open_document().undo)

    def redo(self) -> bool:
        """One step forward, on disk too; ``False`` when nothing was undone."""
        return self._travel(self._open_document().redo)

    def write(self) -> int:
        """Write every document that could not be saved before; returns how many there were.

        Raises:
            SaveError: one still cannot be written.
        """
        return self._documents.write()

    # Classes

    @property
    def classes(self) -> ClassList:
        """The class list."""
        return self._classes.list

    @property
    def class_id(self) -> int:
        """The class that new objects get."""
        return self._classes.current

    def add_classes(self, names: list[str]) -> None:
        """Append class names to the list; raises what :meth:`ClassChoice.add` does."""
        self._classes.add(names)

    def choose_class(self, class_id: int) -> None:
        """Make a class the current one; raises what :meth:`ClassChoice.choose` does."""
        self._classes.choose(class_id)

    # Inside

    def _open_document(self) -> Document:
        if self.document is None:
            raise InputError(self.failure or "The photo is still being opened.")
        return self.document

    def _leave(self) -> None:
        if self.seen is not None:
            self.seen.rest()
        if self.document is not None:
            self._documents.left(self.document)

    def _place(self, document: Document, entry: Entry) -> None:
        now = document.now
        entries = list(now.entries)
        if now.reopened is None:
            entries.append(entry)
        else:
            entries[now.reopened] = entry
        self.prompting.forget()
        self._change(
            document,
            entries=tuple(entries),
            draft=Draft(),
            reopened=None,
            selected=None,
            background=False,
            state=ImageState.IN_PROGRESS if now.state in _UNTOUCHED else now.state,
        )

    def _change(self, document: Document, **changes: object) -> None:
        if "entries" in changes or "background" in changes:
            self.label_folders.add(document.file.path.parent)
        # When the labels cannot be saved, that is what the person must hear, not what becomes
        # of the state.
        document.change(**changes)
        self._documents.keep_state(document)

    def _travel(self, step: Callable[[], bool]) -> bool:
        document = self._open_document()
        self.prompting.forget()
        try:
            moved = step()
        finally:
            self.prompting.resume()
        if moved:
            self._documents.keep_state(document)
        return moved

    def _prefetch(self) -> None:
        for offset in range(1, _AHEAD + 1):
            index = self.index + offset * self._direction
            if 0 <= index < len(self.dataset.images):
                image = self.dataset.images[index]
                self.prompting.engine.ahead(photo_key(image), partial(self._load_photo, image))
