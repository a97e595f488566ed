"""What a person said is true: points are obeyed and boxes are kept, whatever a network thinks.

First softly, in the logits, so that the border stays smooth and the next decode starts from
it; then exactly, at the photo's resolution, where one cell of logits can be 20 pixels wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Region, region_from_mask
from tui_label.segment.frame import Coordinates
from tui_label.segment.types import Logits, Prompt, PromptPoint

_MARGIN = 0.5  # a logit this far on the right side of 0 survives the upsampling
_WIDEST = 0.05  # a bump's standard deviation, at most, over the grid's side
_ROUNDS = 3  # bumps of neighbours overlap and disturb each other


def inside(prompt: Prompt, size: Size) -> Prompt:
    """The prompt with its points and its box moved into the photo."""
    edge_x, edge_y = math.nextafter(size.width, 0), math.nextafter(size.height, 0)
    points = tuple(
        PromptPoint(min(max(p.x, 0.0), edge_x), min(max(p.y, 0.0), edge_y), p.positive)
        for p in prompt.points
    )
    box = None if prompt.box is None else prompt.box.clipped(size)
    return Prompt(points, box, prompt.feedback)


def obey_points(logits: Logits, at: Coordinates, positive: NDArray[np.bool_]) -> Logits:
    """Logits that have the right sign under every point, where two points leave room for it.

    Each offending point gets a Gaussian bump, narrow enough not to reach the nearest point of
    the other kind; the same array comes back when nothing offends.

    Args:
        logits: ``float32[m, m]``, not changed.
        at: ``[n, 2]`` cell indices, centres whole (:meth:`Frame.to_cells`).
        positive: ``bool[n]``.
    """
    m = logits.shape[0]
    signs = np.where(positive, 1.0, -1.0)
    line = np.arange(m, dtype=np.float32)
    for _ in range(_ROUNDS):
        short = _MARGIN - signs * _sampled(logits, at)
        offending = np.flatnonzero(short > 1e-3)
        if offending.size == 0:
            break
        logits = logits.copy()
        for index in offending:
            x, y = np.clip(at[index], 0, m - 1)
            others = at[positive != positive[index]]
            nearest = np.hypot(*(others - at[index]).T).min() if len(others) else math.inf
            deviation = max(min(nearest / 3, _WIDEST * m), 0.35)
            across = np.exp(-((line - x) ** 2) / (2 * deviation**2))
            down = np.exp(-((line - y) ** 2) / (2 * deviation**2))
            logits += (signs[index] * short[index] * np.outer(down, across)).astype(np.float32)
    return logits


def obey_exactly(region: Region, prompt: Prompt) -> Region:
    """The region cut to the box and corrected under each point; never empty.

    A box is kept to the pixel, and grown where a positive point lies outside of it. An empty
    answer to a box becomes the box. Where two points share a pixel the newer one counts.

    Args:
        region: of the whole photo.
        prompt: inside the photo (:func:`inside`).
    """
    if prompt.box is not None:
        region = _cut(region, prompt.box, prompt.points)
    if all(region.contains(point.x, point.y) == point.positive for point in prompt.points):
        return region
    mask, x, y = _opened(region, prompt.points)
    for point in prompt.points:
        if region.contains(point.x, point.y) != point.positive:
            centre = (int(point.x) - x, int(point.y) - y)
            radius = _radius(point, prompt.points, region)
            cv2.circle(mask, centre, radius, int(point.positive), cv2.FILLED)
    for point in prompt.points:
        mask[int(point.y) - y, int(point.x) - x] = point.positive
    return region_from_mask(mask > 0, region.size, x, y)


def _cut(region: Region, box: Box, points: Sequence[PromptPoint]) -> Region:
    reach = [point for point in points if point.positive]
    x1, x2 = _pixels(min([box.x1, *(p.x for p in reach)]), max([box.x2, *(p.x for p in reach)]))
    y1, y2 = _pixels(min([box.y1, *(p.y for p in reach)]), max([box.y2, *(p.y for p in reach)]))
    x2, y2 = min(x2, region.size.width), min(y2, region.size.height)
    x1, y1 = min(x1, x2 - 1), min(y1, y2 - 1)
    left, top = max(x1, region.x), max(y1, region.y)
    kept = region.mask[
        top - region.y : max(0, y2 - region.y), left - region.x : max(0, x2 - region.x)
    ]
    if not kept.any():
        return region_from_mask(np.ones((y2 - y1, x2 - x1), dtype=bool), region.size, x1, y1)
    if kept.shape == region.mask.shape:
        return region
    return region_from_mask(kept, region.size, left, top)


def _pixels(low: float, high: float) -> tuple[int, int]:
    """The pixels whose centres lie between two edges, at least the one at ``low``."""
    first = math.ceil(low - 0.5)
    return first, max(math.floor(high + 0.5), first + 1)


def _opened(region: Region, points: Sequence[PromptPoint]) -> tuple[NDArray[np.uint8], int, int]:
    """A copy of the mask large enough for a disc around every point, and its top-left pixel."""
    height, width = region.mask.shape
    spread = _disc_limit(region.size)
    xs = [int(point.x) for point in points]
    ys = [int(point.y) for point in points]
    if not region.is_empty:
        xs += [region.x, region.x + width - 1]
        ys += [region.y, region.y + height - 1]
    x, y = min(xs) - spread, min(ys) - spread
    mask = np.zeros((max(ys) + spread + 1 - y, max(xs) + spread + 1 - x), dtype=np.uint8)
    if not region.is_empty:
        top, left = region.y - y, region.x - x
        mask[top : top + height, left : left + width] = region.mask
    return mask, x, y


def _radius(point: PromptPoint, points: Sequence[PromptPoint], region: Region) -> int:
    """Pixels: up to half way to the nearest point of the other kind."""
    room = [
        math.hypot(int(other.x) - int(point.x), int(other.y) - int(point.y))
        for other in points
        if other.positive != point.positive
    ]
    limit = _disc_limit(region.size)
    return max(0, min([limit, *(int(distance - 1) // 2 for distance in room)]))


def _disc_limit(size: Size) -> int:
    """About one cell of the built-in network's logits, in photo pixels."""
    return max(1, round(max(size) / 192))


def _sampled(logits: Logits, at: Coordinates) -> NDArray[np.float64]:
    m = logits.shape[0]
    xy = np.clip(at, 0, m - 1)
    low = np.minimum(np.floor(xy).astype(int), m - 2)
    fx, fy = (xy - low).T
    x, y = low.T
    top = logits[y, x] * (1 - fx) + logits[y, x + 1] * fx
    bottom = logits[y + 1, x] * (1 - fx) + logits[y + 1, x + 1] * fx
    return np.asarray(top * (1 - fy) + bottom * fy, dtype=np.float64)
