"""A second look at small objects: which crop to encode again, and how logits move into it.

The built-in network sees 384 pixels of a photo; an object of 60 pixels in a photo of 4,000
is six of them. Decoding in a crop around it lifts the IoU on 60 validation objects from 0.646
to 0.672 with a box and from 0.726 to 0.752 after five clicks. Without the first look's logits
as feedback it would fall, to 0.693: they are always carried over.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from tui_label.geometry.boxes import Box, Size
from tui_label.segment.frame import Frame, Window
from tui_label.segment.types import Logits

_AROUND = 1.5  # the crop's side over the object's longer side
_SMALLEST = 64  # photo pixels; below it there is nothing more to see
_WORTH = 0.65  # crops longer than this part of the photo show nothing new
# Crops snap to a ladder of sizes and a grid of places, so that the next click, which changes
# the object's extent a little, finds the crop already encoded.
_RUNG = 1.25
_STEP = 8  # places to a crop's side
_OUTSIDE = -8.0  # logit of what a crop does not show: surely not the object


def zoom_window(photo: Size, extent: Box) -> Window | None:
    """The square crop around an object, cut at the photo's border; ``None`` if not worth it."""
    wanted = max(max(extent.width, extent.height) * _AROUND, _SMALLEST)
    rungs = math.ceil(math.log(wanted / _SMALLEST) / math.log(_RUNG) - 1e-9)
    side = round(_SMALLEST * _RUNG**rungs)
    if side > _WORTH * max(photo):
        return None
    step = max(1, side // _STEP)
    x = _place((extent.x1 + extent.x2) / 2 - side / 2, step, side, photo.width)
    y = _place((extent.y1 + extent.y2) / 2 - side / 2, step, side, photo.height)
    return Window(x, y, min(side, photo.width), min(side, photo.height))


def extent_of(logits: Logits, frame: Frame) -> Box | None:
    """The box of the positive cells in photo pixels, edge frame; ``None`` when there are none."""
    ys, xs = np.nonzero(logits > 0)
    if ys.size == 0:
        return None
    cell = frame.side / logits.shape[0]
    corners = np.array([[xs.min(), ys.min()], [xs.max() + 1, ys.max() + 1]], dtype=np.float64)
    (x1, y1), (x2, y2) = frame.to_photo(corners * cell)
    return Box(float(x1), float(y1), float(x2), float(y2)).clipped(frame.photo)


def reframe(logits: Logits, source: Frame, target: Frame) -> Logits:
    """Logits over one frame's cells as logits over another's; same photo, same ``m``."""
    m = logits.shape[0]
    probes = np.array([[0.0, 0.0], [1.0, 1.0]]) + 0.5
    photo = target.to_photo(probes * (target.side / m))
    first, second = source.to_cells(photo, m)
    step_x, step_y = second - first
    mapping = np.array([[step_x, 0.0, first[0]], [0.0, step_y, first[1]]])
    return cv2.warpAffine(
        logits,
        mapping,
        (m, m),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_OUTSIDE,
    ).astype(np.float32, copy=False)


def _place(start: float, step: int, side: int, limit: int) -> int:
    return max(0, min(round(start / step) * step, limit - side))
