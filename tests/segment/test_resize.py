"""The small pictures that encoders see."""

import numpy as np
import pytest
from PIL import Image

from tui_label.geometry.boxes import Size
from tui_label.segment.resize import resize_antialiased, resize_area

PICTURE = np.random.default_rng(0).integers(0, 256, (90, 120, 3), dtype=np.uint8)


def test_sam_sees_what_the_reference_would_show_it() -> None:
    reference = Image.fromarray(PICTURE).resize((64, 48), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(resize_antialiased(PICTURE, Size(64, 48)), reference)


def test_a_picture_of_the_right_size_is_left_alone() -> None:
    assert resize_antialiased(PICTURE, Size(120, 90)) is PICTURE


@pytest.mark.parametrize("size", [Size(40, 30), Size(240, 180), Size(1, 1)])
def test_the_built_in_resize_goes_both_ways(size: Size) -> None:
    small = resize_area(PICTURE, size)
    assert small.dtype == np.uint8
    assert small.shape == (size.height, size.width, 3)


def test_areas_are_averaged() -> None:
    checks = np.zeros((4, 4, 3), dtype=np.uint8)
    checks[::2, ::2] = checks[1::2, 1::2] = 200
    assert (resize_area(checks, Size(2, 2)) == 100).all()
