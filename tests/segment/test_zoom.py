"""Crops for small objects."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tui_label.geometry.boxes import Box, Size
from tui_label.segment.frame import Frame, Window
from tui_label.segment.zoom import extent_of, reframe, zoom_window

PHOTO = Size(1000, 700)


def test_a_large_object_is_not_looked_at_twice() -> None:
    assert zoom_window(PHOTO, Box(100, 100, 700, 600)) is None


@given(st.integers(0, 990), st.integers(0, 690), st.integers(1, 300), st.integers(1, 300))
def test_the_crop_holds_the_object_and_stays_in_the_photo(x: int, y: int, w: int, h: int) -> None:
    extent = Box(x, y, x + w, y + h).clipped(PHOTO)
    window = zoom_window(PHOTO, extent)
    if window is None:
        return
    assert window.x <= extent.x1
    assert window.y <= extent.y1
    assert extent.x2 <= window.x + window.width <= PHOTO.width
    assert extent.y2 <= window.y + window.height <= PHOTO.height


def test_a_slightly_different_object_gets_the_same_crop() -> None:
    assert zoom_window(PHOTO, Box(400, 300, 460, 360)) == zoom_window(
        PHOTO, Box(401, 300, 462, 361)
    )


def test_logits_keep_their_place_from_frame_to_frame() -> None:
    whole = Frame.whole(PHOTO, 384)
    crop = Frame(PHOTO, Window(300, 200, 200, 200), 384)
    ys, xs = np.mgrid[0:192, 0:192]
    centre = whole.to_cells(np.array([[400.0, 300.0]]), 192)[0]
    logits = (12 - np.hypot(xs - centre[0], ys - centre[1])).astype(np.float32)
    there = reframe(logits, whole, crop)
    found = extent_of(there, crop)
    expected = extent_of(logits, whole)
    assert found is not None and expected is not None
    for edge in ("x1", "y1", "x2", "y2"):
        assert abs(getattr(found, edge) - getattr(expected, edge)) <= 1000 / 192
    assert abs(reframe(there, crop, whole)[tuple(centre.round().astype(int))[::-1]] - 12) < 1


def test_what_a_crop_does_not_show_is_not_the_object() -> None:
    crop = Frame(PHOTO, Window(300, 200, 200, 200), 384)
    logits = reframe(np.ones((192, 192), np.float32), crop, Frame.whole(PHOTO, 384))
    assert logits[0, 0] < 0
    assert logits.max() > 0
