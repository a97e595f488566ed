"""Points are obeyed and boxes are kept."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Region, region_from_mask
from tui_label.segment.obedience import inside, obey_exactly, obey_points
from tui_label.segment.types import Prompt, PromptPoint

SIZE = Size(120, 90)
pixels = st.tuples(st.integers(-20, 140), st.integers(-20, 110))
points = st.lists(
    st.builds(lambda xy, sign: PromptPoint(xy[0] + 0.5, xy[1] + 0.5, sign), pixels, st.booleans()),
    min_size=1,
    max_size=20,
)


def empty() -> Region:
    return region_from_mask(np.zeros((0, 0), bool), SIZE)


@given(points, st.sampled_from(["empty", "full", "half"]))
def test_every_point_is_obeyed_to_the_pixel(clicks: list[PromptPoint], start: str) -> None:
    mask = np.zeros((90, 120), bool)
    mask[:, : {"empty": 0, "full": 120, "half": 60}[start]] = True
    prompt = inside(Prompt(tuple(clicks)), SIZE)
    region = obey_exactly(region_from_mask(mask, SIZE), prompt)
    newest = {(int(p.x), int(p.y)): p.positive for p in prompt.points}
    for (x, y), positive in newest.items():
        assert region.contains(x + 0.5, y + 0.5) == positive


def test_an_obedient_region_is_left_alone() -> None:
    region = region_from_mask(np.ones((9, 9), bool), SIZE)
    assert obey_exactly(region, Prompt((PromptPoint(3, 3),))) is region


@given(pixels, pixels)
def test_a_box_is_never_left_and_never_empty(a: tuple[int, int], b: tuple[int, int]) -> None:
    box = Box.from_corners(*a, *b).clipped(SIZE)
    for start in (region_from_mask(np.ones((90, 120), bool), SIZE), empty()):
        region = obey_exactly(start, Prompt((), box))
        assert not region.is_empty
        assert region.box.width <= max(1, box.width)
        assert region.box.height <= max(1, box.height)


def test_nothing_found_in_a_box_is_the_box() -> None:
    assert obey_exactly(empty(), Prompt((), Box(10, 20, 40, 50))).box == Box(10, 20, 40, 50)


def test_a_positive_point_beside_the_box_grows_it() -> None:
    everything = region_from_mask(np.ones((90, 120), bool), SIZE)
    prompt = Prompt((PromptPoint(60.5, 30.5),), Box(10, 20, 40, 50))
    assert obey_exactly(everything, prompt).box == Box(10, 20, 61, 50)


def test_a_bump_turns_the_sign_under_a_point_and_nowhere_far() -> None:
    logits = np.full((64, 64), -5, np.float32)
    obeyed = obey_points(logits, np.array([[20.3, 30.8]]), np.array([True]))
    assert obeyed[31, 20] > 0
    assert obeyed[31, 60] < -4.9
    assert (logits == -5).all()


def test_neighbours_of_both_kinds_are_told_apart() -> None:
    at, positive = np.array([[20.0, 20.0], [26.0, 20.0]]), np.array([True, False])
    for level in (-5, 5):
        obeyed = obey_points(np.full((64, 64), level, np.float32), at, positive)
        assert obeyed[20, 20] > 0 > obeyed[20, 26]


def test_logits_that_obey_are_not_touched() -> None:
    logits = np.ones((64, 64), np.float32)
    assert obey_points(logits, np.array([[5.0, 5.0]]), np.array([True])) is logits
