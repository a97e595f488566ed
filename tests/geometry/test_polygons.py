"""What the training sees of a mask after it went through a label file."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.geometry.ultralytics import polygon_mask, written_and_read
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Mask, Region, full_mask, region_from_mask
from tui_label.geometry.normalised import NormalisedPolygon, Points
from tui_label.geometry.polygons import fill_ring, ring_of

small_masks = arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 14))).filter(np.any)


def region_of(mask: Mask, x: int = 0, y: int = 0, size: Size | None = None) -> Region:
    height, width = mask.shape
    return region_from_mask(mask, size or Size(x + width + 3, y + height + 3), x, y)


def iou(a: Mask, b: Mask) -> float:
    return float(np.count_nonzero(a & b) / np.count_nonzero(a | b))


def trained_on(ring: Points, size: Size) -> Mask:
    return polygon_mask(written_and_read(ring, size), size)


def blob(side: int, seed: int, holes: int = 0) -> Mask:
    """A wobbly disk, like what a segmenter draws, with round holes."""
    generator = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    radius = np.full_like(angles, 0.4 * side)
    for wave in range(2, 9):
        radius += 0.03 * side * generator.normal() / wave * np.cos(wave * angles + wave)
    outline = side / 2 + np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius[:, None]
    mask = np.zeros((side, side), dtype=np.uint8)
    cv2.fillPoly(mask, [outline.astype(np.int32)], 1)
    for _ in range(holes):
        centre = generator.uniform(0.3 * side, 0.7 * side, 2).astype(int)
        cv2.circle(mask, (int(centre[0]), int(centre[1])), max(2, side // 25), 0, -1)
    return mask.astype(bool)


def components(mask: Mask) -> int:
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


@pytest.mark.parametrize("side", [12, 40, 100, 400, 1500])
@pytest.mark.parametrize("holes", [0, 5])
def test_a_blob_survives_the_label_file(side: int, holes: int) -> None:
    region = region_of(blob(side, seed=side, holes=holes), x=17, y=5)
    ring = ring_of(region)
    assert iou(trained_on(ring, region.size), full_mask(region)) >= 0.99


def test_large_blobs_need_few_vertices() -> None:
    # Their borders have about 4,000 pixels.
    assert len(ring_of(region_of(blob(1500, seed=1)))) < 300


@given(small_masks)
def test_any_mask_in_one_part_comes_back_exactly_when_nothing_may_be_lost(mask: Mask) -> None:
    if components(mask) > 1:
        largest = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[1] == 1
        mask = np.asarray(largest)
    region = region_of(mask, x=3, y=2)
    ring = ring_of(region, min_iou=1.0)
    np.testing.assert_array_equal(trained_on(ring, region.size), full_mask(region))


@given(small_masks)
def test_bridges_between_parts_only_ever_add_pixels(mask: Mask) -> None:
    region = region_of(mask)
    filled = full_mask(fill_ring(ring_of(region, min_iou=1.0), region.size))
    assert not np.any(full_mask(region) & ~filled)


@given(small_masks, st.integers(0, 8980), st.integers(0, 5))
def test_ring_is_valid_and_lies_on_pixels_of_the_mask(mask: Mask, x: int, y: int) -> None:
    region = region_of(mask, x, y, Size(9000, 40))
    ring = ring_of(region)
    read = written_and_read(ring, region.size)
    assert len(np.unique(read, axis=0)) >= 3
    assert read.min() >= 0 and read.max() <= 1
    for column, row in read * np.array(region.size, dtype=np.float32):
        assert region.contains(float(column), float(row))


@given(small_masks)
def test_the_ring_has_the_extent_of_the_mask(mask: Mask) -> None:
    region = region_of(mask, x=4, y=9)
    pixels = np.floor(ring_of(region))
    assert pixels.min(axis=0).tolist() == [region.box.x1, region.box.y1]
    assert (pixels.max(axis=0) + 1).tolist() == [region.box.x2, region.box.y2]


@pytest.mark.parametrize("size", [Size(3, 3), Size(9000, 3), Size(3, 9000), Size(100_000, 2)])
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (1, 3)])
def test_tiny_masks_come_back_to_the_pixel(size: Size, shape: tuple[int, int]) -> None:
    height, width = shape
    for x, y in [(0, 0), (size.width - width, size.height - height)]:
        region = region_of(np.ones(shape, dtype=bool), x, y, size)
        read = written_and_read(ring_of(region), size)
        assert len(np.unique(read, axis=0)) >= 3
        np.testing.assert_array_equal(polygon_mask(read, size), full_mask(region))


def test_two_parts_cost_no_more_than_a_line_between_their_nearest_pixels() -> None:
    mask = np.zeros((60, 200), dtype=bool)
    mask[5:50, 5:90] = True
    mask[20:40, 99:190] = True
    region = region_of(mask)
    filled = full_mask(fill_ring(ring_of(region), region.size))
    assert np.count_nonzero(filled & ~full_mask(region)) == 9


def test_an_island_in_a_hole_in_an_island_keeps_its_rings() -> None:
    mask = np.zeros((90, 90), dtype=bool)
    for depth, edge in enumerate([0, 10, 20, 30]):
        mask[edge : 90 - edge, edge : 90 - edge] = depth % 2 == 0
    region = region_of(mask)
    assert iou(trained_on(ring_of(region), region.size), full_mask(region)) > 0.99


def test_a_thousand_islands_become_one_ring() -> None:
    mask = np.zeros((130, 130), dtype=bool)
    mask[::4, ::4] = True
    region = region_of(mask)
    ring = ring_of(region)
    assert not np.any(full_mask(region) & ~full_mask(fill_ring(ring, region.size)))


def test_long_outlines_are_searched_in_steps_and_still_bridged_at_the_nearest_pixels() -> None:
    mask = np.zeros((1500, 2600), dtype=bool)
    mask[:, :1200] = mask[:, 1207:] = True
    mask[100:1400, 100:1100] = False
    region = region_of(mask)
    filled = full_mask(fill_ring(ring_of(region, min_iou=1.0), region.size))
    assert np.count_nonzero(filled & ~full_mask(region)) == 7


def test_an_empty_region_has_no_ring() -> None:
    with pytest.raises(ValueError, match="empty"):
        ring_of(region_of(np.zeros((4, 4), dtype=bool)))


outside_too = arrays(
    np.float64, st.tuples(st.integers(3, 9), st.just(2)), elements=st.floats(-40, 80, width=32)
)


@given(outside_too, st.integers(1, 40), st.integers(1, 40))
@settings(max_examples=300)
def test_filling_within_the_box_equals_filling_the_whole_photo(
    points: Points, width: int, height: int
) -> None:
    canvas = np.zeros((height, width), dtype=np.uint8)
    cv2.fillPoly(canvas, [points.astype(np.int32)], 1)
    np.testing.assert_array_equal(
        full_mask(fill_ring(points, Size(width, height))), canvas.astype(bool)
    )


def test_a_ring_outside_the_photo_fills_nothing() -> None:
    assert fill_ring(np.array([[50.0, 5], [60, 5], [55, 9]]), Size(20, 20)).is_empty


@given(small_masks)
def test_dividing_by_the_photo_and_back_moves_nothing(mask: Mask) -> None:
    region = region_of(mask)
    ring = ring_of(region)
    np.testing.assert_allclose(NormalisedPolygon.of(ring, region.size).pixels(region.size), ring)
