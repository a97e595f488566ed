"""Points into the square, masks out of it."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import full_mask
from tui_label.segment.frame import Frame, Logits, Window, resized

sizes = st.builds(Size, st.integers(1, 400), st.integers(1, 400))


def reference(logits: Logits, size: Size, side: int) -> np.ndarray:
    """The whole photo's logits, the way the reference implementation upsamples them."""
    inner = resized(size, side)
    square = cv2.resize(logits, (side, side), interpolation=cv2.INTER_LINEAR)
    valid = square[: inner.height, : inner.width]
    return cv2.resize(valid, size, interpolation=cv2.INTER_LINEAR)


def blobs(m: int, seed: int, level: float = 0.0) -> Logits:
    """Smooth random logits, about half of them positive at level 0."""
    noise = np.random.default_rng(seed).normal(size=(m, m)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), m / 16)
    return (smooth / smooth.std() - level).astype(np.float32)


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        (Size(4000, 3000), 1024, Size(1024, 768)),
        (Size(3000, 4000), 1024, Size(768, 1024)),
        (Size(2250, 1500), 1024, Size(1024, 683)),  # 682.67, half up
        (Size(100000, 3), 1024, Size(1024, 1)),
    ],
)
def test_the_longest_side_fills_the_square(size: Size, side: int, expected: Size) -> None:
    assert resized(size, side) == expected


@given(sizes, st.floats(0, 1), st.floats(0, 1), st.sampled_from([384, 1024]))
def test_points_go_into_the_square_and_come_back(size: Size, x: float, y: float, side: int) -> None:
    frame = Frame.whole(size, side)
    point = np.array([[x * size.width, y * size.height]])
    inner = frame.to_square(point)
    assert (inner >= 0).all()
    assert (inner <= np.array(frame.resized) + 1e-9).all()
    np.testing.assert_allclose(frame.to_photo(inner), point, atol=1e-9)


@pytest.mark.parametrize("level", [0.0, 1.5, 2.5])
@pytest.mark.parametrize(("m", "side"), [(256, 1024), (192, 384)])
@pytest.mark.parametrize(
    "size", [Size(4000, 3000), Size(1501, 2250), Size(640, 480), Size(5, 3), Size(1, 1)]
)
def test_the_local_mask_is_the_whole_mask(size: Size, m: int, side: int, level: float) -> None:
    logits = blobs(m, seed=size.width, level=level)
    whole = reference(logits, size, side)
    mine = full_mask(Frame.whole(size, side).region(logits))
    doubtful = np.abs(whole) < 1e-4  # float rounding decides there
    assert (mine == (whole > 0))[~doubtful].all()
    assert doubtful.mean() < 1e-3


@settings(max_examples=60)
@given(sizes, st.integers(0, 1000), st.floats(-1, 3))
def test_it_is_the_whole_mask_for_any_photo(size: Size, seed: int, level: float) -> None:
    logits = blobs(64, seed, level)
    whole = reference(logits, size, 256)
    mine = full_mask(Frame.whole(size, 256).region(logits))
    assert (mine == (whole > 0))[np.abs(whole) > 1e-4].all()


def test_logits_in_the_padding_are_no_part_of_the_photo() -> None:
    logits = np.full((64, 64), -1, dtype=np.float32)
    logits[40:, :] = 1
    assert Frame.whole(Size(200, 100), 256).region(logits).is_empty


def test_nothing_positive_is_the_empty_region() -> None:
    assert Frame.whole(Size(9, 9), 256).region(np.full((64, 64), -1, np.float32)).is_empty


def test_a_crop_puts_its_mask_where_it_was_cut() -> None:
    logits = np.ones((64, 64), dtype=np.float32)
    region = Frame(Size(300, 200), Window(100, 50, 80, 60), 256).region(logits)
    assert (region.x, region.y, region.mask.shape) == (100, 50, (60, 80))
