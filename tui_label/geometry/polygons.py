"""From masks to the one ring that a YOLO row holds, and back.

Ultralytics multiplies a polygon by the photo's width and height, cuts the decimals off and
calls ``cv2.fillPoly``, which fills even-odd and paints the outline as well
(``polygon2mask``, 8.3 and 8.4). A ring of ours therefore runs through the *centres* of the
mask's border pixels: the cut lands on exactly these pixels, six decimals in a label file
are enough for photos of 100,000 pixels a side, and the outline restores the half pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Size
from tui_label.geometry.bridges import Bridge, Contour, Stretch, one_ring, shortest_bridges
from tui_label.geometry.masks import Mask, Region, region_from_mask
from tui_label.geometry.normalised import Points

# Measured on blobs of 100 to 1,500 px: below half a pixel Douglas-Peucker saves next to
# nothing, above one pixel the outline is visibly cut.
_TOLERANCE_OF_PERIMETER = 0.0005
_SMALLEST_TOLERANCE = 0.5
_LARGEST_TOLERANCE = 1.0
_HALVINGS = 2


def ring_of(region: Region, *, min_iou: float = 0.99) -> Points:
    """The outline of a mask as one closed ring, as few vertices as ``min_iou`` allows.

    Holes and separate parts are joined by bridges (:mod:`tui_label.geometry.bridges`). The
    extreme points of every contour stay, so that the ring's box is that of the mask. Parts
    of one or two pixels become slivers inside these pixels: at least three distinct points.

    Args:
        region: not empty.
        min_iou: between the mask and :func:`fill_ring` of the result. Where bridges between
            parts lower what full detail reaches, the same share of that is kept.

    Returns:
        ``float64[n, 2]``, ``n >= 3``, image pixels, edge frame; vertices at pixel centres,
        so the ring's box lies half a pixel inside ``region.box`` on each side.

    Raises:
        ValueError: the region is empty.
    """
    if region.is_empty:
        raise ValueError("an empty region has no outline")
    contours = _contours(region.mask)
    bridges = shortest_bridges(contours)
    stops = _stops(contours, bridges)

    def simplified(share: float) -> Points:
        return _ring(contours, stops, bridges, share)

    ring = simplified(1.0)
    if _iou(ring, region.mask) < min_iou:
        exact = simplified(0.0)
        enough = min_iou * _iou(exact, region.mask)
        tries = (simplified(0.5**halving) for halving in range(_HALVINGS + 1))
        ring = next((ring for ring in tries if _iou(ring, region.mask) >= enough), exact)
    return np.add(ring, (region.x + 0.5, region.y + 0.5), dtype=np.float64)


def fill_ring(points: Points, size: Size) -> Region:
    """The pixels that Ultralytics gives a polygon.

    Args:
        points: ``float64[n, 2]``, finite, image pixels, edge frame; vertices outside the
            photo stay where they are, only what they enclose is cut.
        size: of the photo; only the polygon's box is ever allocated.
    """
    corners = points.astype(np.int32)
    x1, y1 = np.maximum(corners.min(axis=0), 0)
    x2, y2 = np.minimum(corners.max(axis=0) + 1, np.array(size))
    canvas = _filled(corners, Size(max(0, int(x2 - x1)), max(0, int(y2 - y1))), int(x1), int(y1))
    return region_from_mask(canvas, size, int(x1), int(y1))


def _filled(corners: NDArray[np.int32], size: Size, x: int = 0, y: int = 0) -> Mask:
    canvas = np.zeros((size.height, size.width), dtype=np.uint8)
    if canvas.size:
        cv2.fillPoly(canvas, [corners.reshape(-1, 1, 2)], (1,), offset=(-x, -y))
    return canvas.view(np.bool_)


def _iou(ring: Points, mask: Mask) -> float:
    height, width = mask.shape
    filled = _filled(ring.astype(np.int32), Size(width, height))
    both = int(np.count_nonzero(filled & mask))
    return both / (int(np.count_nonzero(filled)) + int(np.count_nonzero(mask)) - both)


def _contours(mask: Mask) -> tuple[Contour, ...]:
    """Every outer outline and every hole's, running in opposite directions."""
    found, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return tuple(contour[:, 0].astype(np.int32, copy=False) for contour in found)


def _stops(contours: Sequence[Contour], bridges: Sequence[Bridge]) -> list[NDArray[np.intp]]:
    """The indices of the points that no simplification may drop, ascending."""
    ends: list[list[int]] = [[] for _ in contours]
    for bridge in bridges:
        ends[bridge.parent].append(bridge.leaves)
        ends[bridge.child].append(bridge.enters)
    return [
        np.unique([*contour.argmin(axis=0), *contour.argmax(axis=0), *own])
        for contour, own in zip(contours, ends, strict=True)
    ]


def _ring(
    contours: Sequence[Contour],
    stops: Sequence[NDArray[np.intp]],
    bridges: Sequence[Bridge],
    share: float,
) -> Points:
    """Simplify each contour by ``share`` of its tolerance (0: lossless) and join them all."""
    return one_ring(
        [_stretches(c, s, share * _tolerance(c)) for c, s in zip(contours, stops, strict=True)],
        bridges,
    )


def _tolerance(contour: Contour) -> float:
    share = _TOLERANCE_OF_PERIMETER * cv2.arcLength(contour, True)
    return min(max(share, _SMALLEST_TOLERANCE), _LARGEST_TOLERANCE)


def _stretches(contour: Contour, stops: NDArray[np.intp], tolerance: float) -> dict[int, Stretch]:
    closed = np.concatenate([contour, contour[: stops[0] + 1]])
    ends = [*stops[1:].tolist(), len(contour) + int(stops[0])]
    stretches = {
        stop: _simplified(closed[stop : end + 1], tolerance)[:-1].astype(np.float64)
        for stop, end in zip(stops.tolist(), ends, strict=True)
    }
    last = stops.tolist()[-1]
    stretches[last] = np.concatenate([stretches[last], _sliver(stretches)])
    return stretches


def _simplified(line: Contour, tolerance: float) -> Contour:
    """An open line with fewer points; the first and the last stay."""
    if len(line) <= 2:
        return line
    if tolerance == 0.0:
        turns = np.any(np.diff(line, n=2, axis=0) != 0, axis=1)
        return np.compress(np.concatenate([[True], turns, [True]]), line, axis=0)
    if (line[0] == line[-1]).all():
        # OpenCV measures from the line through both ends, which two equal ends do not have.
        far = int(np.square(line - line[0]).sum(axis=1).argmax())
        there, back = line[: far + 1], line[far:]
        return np.concatenate([_simplified(there, tolerance)[:-1], _simplified(back, tolerance)])
    return cv2.approxPolyDP(line, tolerance, False)[:, 0].astype(np.int32, copy=False)


def _sliver(stretches: dict[int, Stretch]) -> Stretch:
    """The points that a contour lacks for three, beside its last vertex, in the same pixel."""
    vertices = np.unique(np.concatenate(list(stretches.values())), axis=0)
    if len(vertices) >= 3:
        return np.empty((0, 2))
    across, down = (0.25, 0.0), (0.0, 0.25)
    if len(vertices) == 1:
        beside = [across, down]
    else:
        upright = vertices[0, 0] == vertices[1, 0]
        beside = [across if upright else down]
    x, y = stretches[max(stretches)][-1].tolist()
    return np.array([(x + dx, y + dy) for dx, dy in beside])
