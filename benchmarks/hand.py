"""What a person does on the canvas, without a screen: a real session, a real painter."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.photos import Subject
from benchmarks.ways import CELL, Way
from tui_label.dataset.classes import ClassList
from tui_label.dataset.sources import Dataset
from tui_label.dataset.state import StateStore
from tui_label.editor.session import Session
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.painter import View
from tui_label.graphics.scene import Scene
from tui_label.graphics.viewport import Viewport
from tui_label.segment.events import Decoded, Event, ModelReady
from tui_label.segment.types import AnyPhoto, Candidate, Embedding, Prompt, Segmenter
from tui_label.tui.looking import Looking
from tui_label.tui.scenes import scene_of

_ORIGIN = (0, 1)  # the canvas begins under one line of text
_DIALOG = 0.5  # of the canvas, both ways, in its middle


class InlineEngine:
    """Answers every prompt before ``decode`` returns; as the worker does, with the region made.

    State: the photo's embedding. Snapping is left out: its answer comes after the first one.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._embedding: Embedding | None = None
        self.emit: Callable[[Event], object] = lambda event: None

    def focus(self, key: str, photo: AnyPhoto) -> None:
        """Embed; the same photo is embedded once."""
        del key
        if self._embedding is None:
            self._embedding = self._segmenter.embed(photo)

    def decode(self, key: str, ticket: int, prompt: Prompt) -> None:
        """Answer at once."""
        assert self._embedding is not None
        candidates = self._segmenter.decode(self._embedding, prompt)
        _ = candidates.items[0].region
        self.emit(Decoded(key, ticket, candidates))

    def snap(self, key: str, ticket: int, prompt: Prompt, candidate: Candidate) -> None:
        """Nothing: measured apart."""

    def preview(self, key: str, ticket: int, prompt: Prompt) -> None:
        """Nothing: nobody hovers."""

    def ahead(self, key: str, load_photo: Callable[[], AnyPhoto]) -> None:
        """Nothing: there is no next photo."""

    def cancel(self) -> None:
        """Nothing: nothing ever waits."""


class Hand:
    """Acts on a canvas, as the screen carries them out; every act returns what is sent.

    State: how the person looks at the photo (``looking``), what covers the canvas; session and
    painter have theirs.
    """

    def __init__(self, session: Session, way: Way, subject: Subject) -> None:
        self.viewport: Viewport | None = Viewport.fitted(subject.size, way.cells, CELL)
        self.looking = Looking(self)
        self.painter = way.make()
        self._session = session
        self._size = subject.size
        self._settled = True
        self._covered: tuple[CellRect, ...] = ()
        self.looking.begin("photo", subject.size)

    def look(self, viewport: Viewport) -> None:
        """Another part of the photo; for ``looking``."""
        self.viewport, self._settled = viewport, False

    @property
    def scene(self) -> Scene:
        """What there is to see now."""
        scene = scene_of(self._session, self.looking)
        assert scene is not None
        return scene

    def paint(self, budget: int | None = None) -> bytes:
        """What the painter sends for what there is to see now."""
        view = View(self.scene, self.looking.viewport, _ORIGIN, self._settled, self._covered)
        return self.painter.paint(view, budget).data

    def rest(self, piece: int | None = None) -> bytes:
        """Nothing moves any more: what makes the picture sharp, at once or in pieces."""
        self._settled = True
        sent = self.paint(piece)
        while piece is not None and not self.painter.is_whole:
            sent += self.painter.refine(piece)
        return sent

    def point(self, x: float, y: float) -> None:
        """A positive point, image pixels; its mask is there when this returns."""
        self.looking.put_cursor(x, y)
        self._session.prompting.point(x, y, positive=True)

    def take_back(self) -> bytes:
        """No prompt any more, the cursor in the middle."""
        self._session.prompting.clear()
        self.looking.put_cursor(self._size.width / 2, self._size.height / 2)
        return self.paint()

    def move(self, columns: float, rows: float) -> bytes:
        """A step of the cursor."""
        self.looking.move_cursor(columns, rows)
        return self.paint()

    def cover(self) -> bytes:
        """A dialog opens over the middle; its own text is not counted."""
        columns, rows = self.looking.viewport.cells
        width, height = round(columns * _DIALOG), round(rows * _DIALOG)
        left, top = (columns - width) // 2, (rows - height) // 2
        self._covered = (CellRect(left, top, width, height),)
        return self.paint()

    def uncover(self) -> bytes:
        """The dialog goes."""
        self._covered = ()
        return self.paint()


@contextmanager
def one_image(segmenter: Segmenter, subject: Subject) -> Iterator[Session]:
    """One image in an empty folder; nothing is accepted, so no label is ever written."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        image = root / "photo.jpg"
        image.touch()
        store = StateStore.open(root)
        engine = InlineEngine(segmenter)
        session = Session(
            Dataset(root, (image,), ClassList(("object",))),
            store,
            engine,
            load_photo=lambda path: subject.photo,
        )
        engine.emit = session.receive
        ready = ModelReady(segmenter.title, segmenter.key, segmenter.capability, False)
        session.receive(ready)
        session.goto(0)
        session.opened(0, subject.photo)
        try:
            yield session
        finally:
            with suppress(OSError):
                store.close()
