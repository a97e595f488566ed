"""From a mask to the row that a label file takes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.editor.walk import SIZE, as_trained, iou
from tui_label.editor.labelling import annotation_of, task_of_file
from tui_label.geometry.masks import full_mask, region_from_mask
from tui_label.geometry.normalised import NormalisedBox
from tui_label.labels.annotation import Task
from tui_label.labels.yolo import parse_rows, row_of

BOXES = b"0 0.5 0.5 0.2 0.2\n"
POLYGONS = b"0 0.1 0.1 0.2 0.1 0.2 0.2\n"


@given(hnp.arrays(bool, (SIZE.height // 8, SIZE.width // 8)).filter(lambda mask: mask.any()))
@settings(max_examples=50, deadline=None)
def test_a_box_row_is_the_tight_box_of_the_mask(coarse) -> None:
    region = region_from_mask(coarse.repeat(8, axis=0).repeat(8, axis=1), SIZE)
    annotation = row_of(annotation_of(region, 3, Task.DETECT)).annotation
    assert annotation is not None and isinstance(annotation.shape, NormalisedBox)
    box = annotation.shape.box(SIZE)
    assert annotation.class_id == 3
    assert (box.x1, box.y1, box.x2, box.y2) == pytest.approx(
        (region.box.x1, region.box.y1, region.box.x2, region.box.y2), abs=1e-3
    )


@given(st.integers(2, 60), st.integers(2, 40), st.integers(0, 60), st.integers(0, 40))
@settings(max_examples=50, deadline=None)
def test_a_polygon_row_trains_the_pixels_of_the_mask(
    width: int, height: int, x: int, y: int
) -> None:
    full = full_mask(region_from_mask([[True] * width] * height, SIZE, x, y))
    region = region_from_mask(full, SIZE)
    assert iou(as_trained(row_of(annotation_of(region, 0, Task.SEGMENT)).raw), full) >= 0.98


@pytest.mark.parametrize(
    ("content", "wanted", "shape"),
    [
        (b"", Task.DETECT, Task.DETECT),
        (b"", Task.SEGMENT, Task.SEGMENT),
        (BOXES, Task.SEGMENT, Task.DETECT),
        (POLYGONS, Task.DETECT, Task.SEGMENT),
        (b"what is this\n", Task.SEGMENT, Task.SEGMENT),
        (b"what is this\n" + BOXES, Task.SEGMENT, Task.DETECT),
        (BOXES + POLYGONS, Task.SEGMENT, Task.SEGMENT),
    ],
)
def test_a_file_keeps_the_shape_it_has(content: bytes, wanted: Task, shape: Task) -> None:
    assert task_of_file(parse_rows(content), wanted) is shape
