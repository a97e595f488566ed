"""SAM v1's prompt rules, as arrays."""

import numpy as np
import pytest

from tui_label.geometry.boxes import Box, Size
from tui_label.segment.frame import Frame
from tui_label.segment.prompting import candidate_order, is_one_click, prompt_tensors
from tui_label.segment.types import Prompt, PromptPoint

FRAME = Frame.whole(Size(512, 256), 1024)
CLICK = PromptPoint(10.5, 20.5)


def test_a_click_is_moved_to_pixel_indices_and_padded() -> None:
    points, labels = prompt_tensors(Prompt((CLICK,)), FRAME, pixel_index=True)
    np.testing.assert_array_equal(points, [[[20, 40], [0, 0]]])
    np.testing.assert_array_equal(labels, [[1, -1]])


def test_a_box_is_fed_raw_and_never_padded() -> None:
    prompt = Prompt((PromptPoint(1.5, 1.5, positive=False),), Box(2, 3, 4, 5))
    points, labels = prompt_tensors(prompt, FRAME, pixel_index=True)
    np.testing.assert_array_equal(points, [[[2, 2], [4, 6], [8, 10]]])
    np.testing.assert_array_equal(labels, [[0, 2, 3]])


def test_the_built_in_network_counts_from_edges() -> None:
    points, _ = prompt_tensors(Prompt((CLICK,)), FRAME, pixel_index=False)
    np.testing.assert_array_equal(points[0, 0], [21, 41])


@pytest.mark.parametrize(
    ("scores", "one_click", "order"),
    [
        ([0.99, 0.2, 0.9, 0.5], True, [2, 3, 1]),
        ([0.01, 0.2, 0.9, 0.5], False, [0, 2, 3, 1]),
        ([0.3, 0.2, 0.9], True, [2, 0, 1]),
        ([0.3, 0.0, 0.0], False, [0]),
        ([0.7], True, [0]),
        ([0.7], False, [0]),
    ],
)
def test_which_masks_are_offered(scores: list[float], one_click: bool, order: list[int]) -> None:
    assert candidate_order(np.array(scores, np.float32), one_click=one_click) == order


def test_only_a_single_click_is_ambiguous() -> None:
    assert is_one_click(Prompt((CLICK,)))
    assert not is_one_click(Prompt((CLICK, CLICK)))
    assert not is_one_click(Prompt((), Box(0, 0, 1, 1)))
    assert not is_one_click(Prompt((CLICK,), Box(0, 0, 1, 1)))
