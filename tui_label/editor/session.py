"""The walk through a dataset: which image, which class, and what is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from tui_label.dataset.classes import ClassList, added, save_classes
from tui_label.dataset.sources import Dataset
from tui_label.dataset.state import ImageState, StateStore, image_key
from tui_label.editor.document import Document, DocumentState, Entry
from tui_label.editor.draft import Draft
from tui_label.editor.images import photo_key
from tui_label.editor.labelling import NOUNS, annotation_of, task_of_file
from tui_label.editor.prompting import Engine, Prompting
from tui_label.errors import InputError, SaveError, UserError
from tui_label.geometry.boxes import Size
from tui_label.labels.annotation import Task
from tui_label.labels.files import read_label_file
from tui_label.labels.paths import label_path
from tui_label.labels.yolo import relabelled, row_of
from tui_label.segment.events import Event
from tui_label.segment.types import Photo

_AHEAD = 2
"""Images whose embedding is made before they are opened, in the direction of travel."""

LAST_IMAGE = "last image"
"""The name under which the state remembers where the walk was left."""

_LAST_CLASS = "class"

_FINISHED = frozenset({ImageState.DONE, ImageState.DONE_EMPTY})


_UNTOUCHED = frozenset({ImageState.UNSEEN, ImageState.DONE_EMPTY})
"""States that an object on the image ends; a flag and "done" stay until a person says otherwise."""


class NeedsClassesError(UserError):
    """There is no class yet: the person is asked for the names once."""


class Session:
    """All of labelling without a screen.

    State: the dataset and its class list, the position in it, the document of every image
    visited, the current class, the folders that labels went to. Used on one thread; the
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
        load_photo: Callable[[Path], Photo],
    ) -> None:
        self.dataset = dataset
        self.classes: ClassList = dataset.classes
        self.store = store
        self.task = task
        self.prompting = Prompting(engine)
        self.index = 0
        self.key = ""
        self.photo: Photo | None = None
        self.document: Document | None = None
        self.failure = ""
        self.class_id = self._class_of_last_time()
        self.state_trouble = ""
        self.label_folders: set[Path] = set()
        self._load_photo = load_photo
        self._documents: dict[Path, Document] = {}
        self._direction = 1

    # Where we are

    @property
    def path(self) -> Path:
        """The image at hand."""
        return self.dataset.images[self.index]

    @property
    def now(self) -> DocumentState:
        """The present state of the document; a blank one while the photo is being decoded."""
        return DocumentState() if self.document is None else self.document.now

    @property
    def unsaved(self) -> tuple[Path, ...]:
        """Images whose newest labels could not be written."""
        return tuple(image for image, document in self._documents.items() if document.unsaved)

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
        self.photo, self.document, self.failure = None, None, ""
        self.key = photo_key(self.path)
        self.prompting.attach(None, self.key)
        self._remember(LAST_IMAGE, self._state_key(self.path))

    def opened(self, index: int, photo: Photo) -> None:
        """The photo of an image was decoded; ignored when it is open, or no longer at hand."""
        if index != self.index or self.photo is not None:
            return
        try:
            document = self._document(self.path, Size(photo.shape[1], photo.shape[0]))
        except InputError as error:
            self.failure = str(error)
            return
        self.photo, self.document = photo, document
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
            if states.get(self._state_key(images[index])) not in _FINISHED:
                self.goto(index)
                return True
        return False

    def receive(self, event: Event) -> str:
        """Take an answer of the engine; a sentence when it fulfilled a waiting accept.

        Raises:
            InputError: the accept that had waited has an empty mask.
            SaveError: the accept that had waited could not be saved.

        """
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
        self._check_class(class_id)
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
            self._keep_state(document)
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
        waiting = [document for document in self._documents.values() if document.unsaved]
        failed: SaveError | None = None
        for document in waiting:
            try:
                document.save()
            except SaveError as error:
                failed = error
        if failed is not None:
            raise failed
        return len(waiting)

    # Classes

    def add_classes(self, names: list[str]) -> None:
        """Append class names and write them to ``classes.txt``.

        Raises:
            InputError: a name cannot be used, or the list belongs to a data.yaml.
            SaveError: the file could not be written.

        """
        classes = self.classes
        for name in names:
            classes = added(classes, name)
        self.classes = save_classes(classes, self.dataset.root)

    def choose_class(self, class_id: int) -> None:
        """Make a class the current one.

        Raises:
            NeedsClassesError: no class has a name yet.
            InputError: no such class.

        """
        self._check_class(class_id)
        self.class_id = class_id
        self._remember(_LAST_CLASS, str(class_id))

    # Inside

    def _open_document(self) -> Document:
        if self.document is None:
            raise InputError(self.failure or "The photo is still being opened.")
        return self.document

    def _document(self, image: Path, size: Size) -> Document:
        known = self._documents.get(image)
        if known is not None and known.unsaved:
            return known
        file = read_label_file(label_path(image))
        if known is None or known.file.content != file.content or known.size != size:
            known = Document(image, size, file, self.store.record(self._state_key(image)))
            self._documents[image] = known
        return known

    def _leave(self) -> None:
        document = self.document
        if document is None:
            return
        document.rest()
        if document.is_untouched:
            self._documents.pop(document.image, None)

    def _state_key(self, image: Path) -> str:
        return image_key(image, self.dataset.root)

    def _keep_state(self, document: Document) -> None:
        key, now = self._state_key(document.image), document.now
        record = self.store.record(key)
        if (record.state, record.note) == (now.state, now.note):
            return
        try:
            self.store.set_state(key, now.state, now.note)
        except SaveError as error:
            # The store tries again with the next state; labels must not wait for that.
            self.state_trouble = str(error)
        else:
            self.state_trouble = ""

    def _remember(self, name: str, value: str) -> None:
        # A convenience for next time; it must not stand between a person and their labels.
        with suppress(SaveError):
            self.store.remember(name, value)

    def _class_of_last_time(self) -> int:
        word = self.store.recall(_LAST_CLASS) or ""
        class_id = int(word) if word.isdecimal() and len(word) < 10 else 0
        return class_id if class_id < len(self.classes.names) else 0

    def _check_class(self, class_id: int) -> None:
        count = len(self.classes.names)
        if count == 0:
            raise NeedsClassesError("No class has a name yet.")
        if not 0 <= class_id < count:
            classes = "only one class" if count == 1 else f"only {count} classes"
            raise InputError(f"The list has {classes}.", "c shows it and can add to it.")

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
        self._keep_state(document)

    def _travel(self, step: Callable[[], bool]) -> bool:
        document = self._open_document()
        self.prompting.forget()
        try:
            moved = step()
        finally:
            self.prompting.resume()
        if moved:
            self._keep_state(document)
        return moved

    def _prefetch(self) -> None:
        for offset in range(1, _AHEAD + 1):
            index = self.index + offset * self._direction
            if 0 <= index < len(self.dataset.images):
                image = self.dataset.images[index]
                self.prompting.engine.ahead(photo_key(image), partial(self._load_photo, image))
