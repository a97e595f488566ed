"""One labelled object, and the two tasks whose label files we write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tui_label.geometry.normalised import NormalisedBox, NormalisedPolygon


class Task(StrEnum):
    """What a label file trains: Ultralytics reads its rows either as boxes or as polygons."""

    DETECT = "detect"
    SEGMENT = "segment"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A class, as its index in the class list, and where the object is in the photo."""

    class_id: int
    shape: NormalisedBox | NormalisedPolygon

    @property
    def task(self) -> Task:
        """The task that an object of this shape belongs to."""
        return Task.DETECT if isinstance(self.shape, NormalisedBox) else Task.SEGMENT
