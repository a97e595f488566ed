"""From a click to the bytes for the terminal, beyond what the network itself takes.

A real session, the real painters and an engine that answers at once, in this thread.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.photos import Subject
from benchmarks.report import Report
from benchmarks.segmenting import network_of
from benchmarks.timing import Watch
from tui_label.dataset.classes import ClassList
from tui_label.dataset.sources import Dataset
from tui_label.dataset.state import StateStore
from tui_label.editor.session import Session
from tui_label.geometry.boxes import Size
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.cells import row_ansi
from tui_label.graphics.painter import CellsPainter, KittyPainter, Painted, Painter
from tui_label.graphics.viewport import CellSize, Viewport
from tui_label.segment.events import Decoded, Event, ModelReady
from tui_label.segment.types import Candidate, Embedding, Photo, Prompt, Segmenter
from tui_label.tui.scenes import scene_of

_BEYOND_LIMIT = 12.0  # ms
_ORIGIN = (0, 1)  # the canvas begins under one line of text
_CELL = CellSize(8, 16)
_ZOOM = 1.5


@dataclass(frozen=True, slots=True)
class Way:
    """A painter on a canvas, and how many bytes it may send; ``None``: no bound."""

    name: str
    cells: Size
    make: Callable[[], Painter]
    click: int | None = None
    cursor: int | None = None
    zoom: int | None = None


WAYS = (
    Way("cells 160x50", Size(160, 50), CellsPainter, cursor=200),
    Way("cells 200x60", Size(200, 60), CellsPainter, click=6000, cursor=200),
    Way(
        "kitty 1280x800",
        Size(160, 50),
        lambda: KittyPainter(_kitty("kitty"), process=1),
        click=1000,
        cursor=100,
        zoom=400,
    ),
    Way(
        "kitty 1280x800, overlay sent whole",
        Size(160, 50),
        lambda: KittyPainter(_kitty("other"), process=1),
        click=7000,
    ),
)


class InlineEngine:
    """Answers every prompt before ``decode`` returns; as the worker does, with the region made.

    State: the photo's embedding. Snapping is left out: its answer comes after the first one.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._embedding: Embedding | None = None
        self.emit: Callable[[Event], object] = lambda event: None

    def focus(self, key: str, photo: Photo) -> None:
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

    def ahead(self, key: str, load_photo: Callable[[], Photo]) -> None:
        """Nothing: there is no next photo."""

    def cancel(self) -> None:
        """Nothing: nothing ever waits."""


def measure_painters(report: Report, segmenter: Segmenter, subject: Subject) -> None:
    """Every painter on every click."""
    with _session(segmenter, subject) as session:
        for way in WAYS:
            _measure_way(report, way, session, segmenter, subject)


def _measure_way(
    report: Report, way: Way, session: Session, segmenter: Segmenter, subject: Subject
) -> None:
    hand = _Hand(session, way.make(), Viewport.fitted(subject.size, way.cells, _CELL), subject)
    began = time.perf_counter()
    first = hand.paint(settled=True)
    first_ms = (time.perf_counter() - began) * 1e3
    network = network_of(segmenter)
    beyond, painting, sent, taken = [], [], [], []
    watch = Watch()
    with watch.over(network.pair.encoder, network.pair.decoder):
        hand.click(*subject.clicks[0])  # caches of the interpreter and of OpenCV
        hand.clear()
        for x, y in subject.clicks:
            watch.reset()
            began = time.perf_counter()
            put_ms, data = hand.click(x, y)
            total = (time.perf_counter() - began) * 1e3
            beyond.append(total - watch.ms)
            painting.append(total - put_ms)
            sent.append(len(data))
            taken.append(len(hand.clear()))
    report.add(way.name, "click to bytes, beyond the network", beyond, "ms", _BEYOND_LIMIT)
    report.add(way.name, "of this: scene, paint, encode", painting, "ms")
    report.add(way.name, "bytes of a click", sent, "B", way.click)
    report.add(way.name, "bytes of taking it back", taken, "B")
    moves = [len(hand.move(way_x, way_y)) for way_x, way_y in _STEPS]
    report.add(way.name, "bytes of a cursor move", moves, "B", way.cursor)
    zooms, sharp = hand.zoom()
    report.add(way.name, "bytes of a zoom step", zooms, "B", way.zoom)
    report.add(way.name, "bytes of the sharp picture after it", sharp, "B")
    report.add(way.name, "bytes of the first picture", len(first), "B")
    report.add(way.name, "first picture", first_ms, "ms")


_STEPS = ((1, 0), (0, 1), (1, 0), (8, 0), (0, 8), (-8, 0), (-1, 0), (0, -1), (0.25, 0))


class _Hand:
    """What a person does on the canvas, as the screen does it; every act returns what is sent.

    State: the cursor and the viewport; session and painter have theirs.
    """

    def __init__(
        self, session: Session, painter: Painter, viewport: Viewport, subject: Subject
    ) -> None:
        self._session = session
        self._painter = painter
        self._viewport = viewport
        self._middle = (subject.size.width / 2, subject.size.height / 2)
        self._cursor = self._middle

    def paint(self, *, settled: bool = True) -> bytes:
        scene = scene_of(self._session, cursor=self._cursor, rubber=None, objects_shown=True)
        assert scene is not None
        painted = self._painter.paint(scene, self._viewport, _ORIGIN, settled)
        return painted.data + _rows(painted)

    def click(self, x: float, y: float) -> tuple[float, bytes]:
        """Milliseconds until the mask was known, and the bytes."""
        self._cursor = (x, y)
        began = time.perf_counter()
        self._session.prompting.point(x, y, positive=True)
        put_ms = (time.perf_counter() - began) * 1e3
        return put_ms, self.paint()

    def clear(self) -> bytes:
        self._session.prompting.clear()
        self._cursor = self._middle
        return self.paint()

    def move(self, columns: float, rows: float) -> bytes:
        column, row = self._viewport.to_cells(*self._cursor)
        self._cursor = self._viewport.to_image(column + columns, row + rows)
        return self.paint()

    def zoom(self) -> tuple[list[int], list[int]]:
        """Bytes of three steps in, each with the sharp picture that follows, and out again."""
        steps, sharp = [], []
        for factor in (_ZOOM, _ZOOM, _ZOOM, _ZOOM**-3):
            self._viewport = self._viewport.zoomed(factor, *self._cursor)
            steps.append(len(self.paint(settled=False)))
            sharp.append(len(self.paint(settled=True)))
        return steps, sharp[:-1]


def _rows(painted: Painted) -> bytes:
    """The rows of the cells that changed, as the canvas writes them."""
    grid = painted.grid
    if grid is None:
        return b""
    height, width = grid.glyphs.shape
    rects = [(0, 0, width, height)] if painted.damage is None else painted.damage
    left, top = _ORIGIN
    rows = [
        f"\x1b[{top + y + 1};{left + x + 1}H{row_ansi(grid, y, x, x + columns)}"
        for x, first, columns, count in rects
        for y in range(first, first + count)
    ]
    return f"\x1b7{''.join(rows)}\x1b8".encode() if rows else b""


def _kitty(brand: str) -> Capabilities:
    return Capabilities(
        brand=brand, version="0.41.1", kitty=True, cell=_CELL, sync=True, complete=True
    )


@contextmanager
def _session(segmenter: Segmenter, subject: Subject) -> Iterator[Session]:
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
