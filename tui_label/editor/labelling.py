"""From a mask to what is written: which shape a label file takes."""

from __future__ import annotations

from collections.abc import Sequence

from tui_label.geometry.masks import Region
from tui_label.geometry.normalised import NormalisedBox, NormalisedPolygon
from tui_label.geometry.polygons import ring_of
from tui_label.labels.annotation import Annotation, Task
from tui_label.labels.yolo import Row, file_shape

NOUNS = {Task.DETECT: "a box", Task.SEGMENT: "a polygon"}
"""What an object of a task is called in a sentence."""


def annotation_of(region: Region, class_id: int, task: Task) -> Annotation:
    """A mask as the object of a class: its tight box, or its outline as one ring."""
    if task is Task.DETECT:
        return Annotation(class_id, NormalisedBox.of(region.box, region.size))
    return Annotation(class_id, NormalisedPolygon.of(ring_of(region), region.size))


def task_of_file(rows: Sequence[Row], wanted: Task) -> Task:
    """The shape that a new row of this file must have.

    A file that mixes boxes and polygons is rejected or misread by Ultralytics (one five-column
    row among polygons becomes a two-point polygon in 8.3), so a file keeps the shape it has.
    """
    shape = file_shape(rows)
    return shape if isinstance(shape, Task) else wanted
