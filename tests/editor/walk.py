"""A session with its engine, and what stands on disk because of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.editor.engine import HeldEngine
from tests.geometry.ultralytics import polygon_mask
from tui_label.dataset.photos import load_photo
from tui_label.dataset.sources import open_dataset
from tui_label.dataset.state import StateStore
from tui_label.editor.session import Session
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Mask
from tui_label.labels.annotation import Task
from tui_label.labels.paths import label_path
from tui_label.segment.types import Photo, Segmenter

SIZE = Size(120, 80)
RED = (20, 20, 50, 60)
GREEN = (80, 10, 110, 30)
IN_RED = (35.5, 40.5)
IN_GREEN = (95.5, 20.5)
ON_NOTHING = (65.5, 70.5)

RED_ROW = b"1 0.291667 0.500000 0.250000 0.500000\n"
GREEN_ROW = b"0 0.791667 0.250000 0.250000 0.250000\n"


def painted() -> Photo:
    """A red and a green block on grey: what the network segments to the pixel."""
    photo = np.full((SIZE.height, SIZE.width, 3), 90, dtype=np.uint8)
    for (x1, y1, x2, y2), colour in ((RED, (200, 40, 40)), (GREEN, (40, 200, 60))):
        photo[y1:y2, x1:x2] = colour
    return photo


@dataclass
class Walk:
    """A session over painted photos."""

    session: Session
    engine: HeldEngine

    @classmethod
    def through(cls, folder: Path, segmenter: Segmenter, task: Task = Task.DETECT) -> "Walk":
        engine = HeldEngine(segmenter)
        dataset = open_dataset(folder)
        store = StateStore.open(dataset.root)
        return cls(Session(dataset, store, engine, task=task, load_photo=load_photo), engine)

    @property
    def label(self) -> Path:
        """The label file of the image at hand."""
        return label_path(self.session.path)

    @property
    def written(self) -> bytes | None:
        """What the label file holds; ``None`` without one."""
        return self.label.read_bytes() if self.label.exists() else None

    def open(self, index: int = 0) -> None:
        """Go to an image, hand its photo in and let the model get ready."""
        self.session.goto(index)
        self.session.opened(index, load_photo(self.session.path))
        self.deliver()

    def deliver(self) -> str:
        """Hand over everything that is held, and what comes of it; the last sentence."""
        said = ""
        while self.engine.held:
            said = self.session.receive(self.engine.held.pop(0)) or said
        return said

    def click(self, at: tuple[float, float], *, positive: bool = True) -> None:
        """A point whose answer is held."""
        self.session.prompting.point(*at, positive=positive)

    def segment(self, at: tuple[float, float]) -> Mask:
        """A point and its answer; the mask that is shown, over the whole photo."""
        self.click(at)
        self.deliver()
        return self.shown

    @property
    def shown(self) -> Mask:
        shown = self.session.prompting.shown
        assert shown is not None
        region = shown.region
        full = np.zeros((SIZE.height, SIZE.width), dtype=bool)
        height, width = region.mask.shape
        full[region.y : region.y + height, region.x : region.x + width] = region.mask
        return full

    def add(self, at: tuple[float, float], class_id: int = 0) -> str:
        """A whole object: point, mask, accept."""
        self.segment(at)
        return self.session.accept(class_id)


def as_trained(row: bytes) -> Mask:
    """The pixels that Ultralytics makes of a polygon row."""
    values = np.array(row.split()[1:], dtype=np.float32).reshape(-1, 2)
    return polygon_mask(values, SIZE)


def box_of(mask: Mask) -> tuple[int, int, int, int]:
    """The tight box of a mask, edge frame."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / (a | b).sum())
