"""The documents of the images visited, and the state of each image that goes with them."""

from __future__ import annotations

from pathlib import Path

from tui_label.dataset.state import StateStore, image_key
from tui_label.editor.document import Document
from tui_label.errors import SaveError
from tui_label.geometry.boxes import Size
from tui_label.labels.files import read_label_file
from tui_label.labels.paths import label_path


class Documents:
    """Documents by image.

    State: one document for every image on which something was done, with its history, and why
    an image's state could not be written (``trouble``, empty when it could). Owned by the
    ``Session``, used on its thread.
    """

    def __init__(self, root: Path, store: StateStore) -> None:
        self.trouble = ""
        self._root = root
        self._store = store
        self._by_image: dict[Path, Document] = {}

    @property
    def unsaved(self) -> tuple[Path, ...]:
        """Images whose newest labels could not be written."""
        return tuple(image for image, document in self._by_image.items() if document.unsaved)

    def opened(self, image: Path, size: Size) -> Document:
        """The document of an image; read again when somebody else has changed its labels.

        Raises:
            InputError: the label file cannot be read.
        """
        known = self._by_image.get(image)
        if known is not None and known.unsaved:
            return known
        file = read_label_file(label_path(image))
        if known is None or known.file.content != file.content or known.size != size:
            known = Document(image, size, file, self._store.record(self.state_key(image)))
            self._by_image[image] = known
        return known

    def left(self, document: Document) -> None:
        """Another image is looked at; a document without history is forgotten."""
        document.rest()
        if document.is_untouched:
            self._by_image.pop(document.image, None)

    def write(self) -> int:
        """Write every document that could not be saved before; returns how many there were.

        Raises:
            SaveError: one still cannot be written.
        """
        waiting = [document for document in self._by_image.values() if document.unsaved]
        failed: SaveError | None = None
        for document in waiting:
            try:
                document.save()
            except SaveError as error:
                failed = error
        if failed is not None:
            raise failed
        return len(waiting)

    def keep_state(self, document: Document) -> None:
        """Write what the person said of the image: done, flagged, a note."""
        key, now = self.state_key(document.image), document.now
        record = self._store.record(key)
        if (record.state, record.note) == (now.state, now.note):
            return
        try:
            self._store.set_state(key, now.state, now.note)
        except SaveError as error:
            # The store tries again with the next state; labels must not wait for that.
            self.trouble = str(error)
        else:
            self.trouble = ""

    def state_key(self, image: Path) -> str:
        """An image as the state knows it."""
        return image_key(image, self._root)
