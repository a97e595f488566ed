"""Borders drawn to edges."""

import cv2
import numpy as np

from tests.segment.conftest import disc_photo
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Region, full_mask, region_from_mask
from tui_label.segment.snap import snap_to_edges
from tui_label.segment.types import Prompt, PromptPoint

CLICK = Prompt((PromptPoint(160.5, 120.5),))


def disc(radius: int, x: int = 160, y: int = 120) -> Region:
    mask = np.zeros((240, 320), np.uint8)
    cv2.circle(mask, (x, y), radius, 1, cv2.FILLED)
    return region_from_mask(mask, Size(320, 240))


def overlap(a: Region, b: Region) -> float:
    one, other = full_mask(a), full_mask(b)
    return float(np.count_nonzero(one & other) / np.count_nonzero(one | other))


def test_a_border_that_is_a_little_off_finds_the_edge() -> None:
    rough, truth = disc(60, 163, 118), disc(60)
    snapped = snap_to_edges(disc_photo(), rough, CLICK)
    assert overlap(snapped, truth) > max(0.97, overlap(rough, truth))


def test_the_same_click_gives_the_same_mask() -> None:
    first, second = (snap_to_edges(disc_photo(), disc(58), CLICK) for _ in range(2))
    np.testing.assert_array_equal(first.mask, second.mask)


def test_parts_without_a_positive_point_are_dropped() -> None:
    mask = np.zeros((240, 320), bool)
    mask[60:180, 100:220] = True
    mask[5:25, 5:25] = True
    snapped = snap_to_edges(disc_photo(), region_from_mask(mask, Size(320, 240)), CLICK)
    assert not snapped.contains(10, 10)
    assert snapped.contains(160, 120)


def test_where_there_is_nothing_to_go_by_nothing_changes() -> None:
    black = np.zeros((240, 320, 3), np.uint8)
    everything = region_from_mask(np.ones((240, 320), bool), Size(320, 240))
    assert snap_to_edges(black, everything, CLICK) is everything
    pixel = region_from_mask(np.ones((1, 1), bool), Size(320, 240), 160, 120)
    assert snap_to_edges(black, pixel, CLICK) is pixel
