"""Masks kept as the box that holds them: a click on a 12 MP photo must not cost 12 MP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Box, Size

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A set of pixels of a photo, stored bbox-local.

    ``mask`` is ``bool[h, w]``, read-only, C-contiguous; its top-left pixel is the photo's
    pixel ``(column x, row y)``. The mask is tight: its first and last row and column each
    hold a set pixel. The empty region has a mask of shape ``(0, 0)`` at ``(0, 0)``.
    ``size`` is the photo's.
    """

    x: int
    y: int
    mask: Mask
    size: Size

    @property
    def is_empty(self) -> bool:
        """Whether no pixel is set."""
        return self.mask.size == 0

    @property
    def area(self) -> int:
        """Number of set pixels."""
        return int(np.count_nonzero(self.mask))

    @property
    def box(self) -> Box:
        """The tight box, image pixels, edge frame; a zero box at the origin when empty."""
        height, width = self.mask.shape
        return Box(float(self.x), float(self.y), float(self.x + width), float(self.y + height))

    def contains(self, x: float, y: float) -> bool:
        """Whether the pixel under the point (image pixels, edge frame) is set."""
        column, row = int(np.floor(x)) - self.x, int(np.floor(y)) - self.y
        height, width = self.mask.shape
        return 0 <= column < width and 0 <= row < height and bool(self.mask[row, column])


def region_from_mask(mask: Mask, size: Size, x: int = 0, y: int = 0) -> Region:
    """Tighten a mask to a :class:`Region`.

    Args:
        mask: ``bool[h, w]`` (any nonzero dtype is read as bool), whose top-left pixel is the
            photo's pixel ``(x, y)``; parts outside the photo are cut off.
        size: of the photo.
        x: photo column of the mask's first column; may be negative.
        y: photo row of the mask's first row; may be negative.

    """
    mask = np.asarray(mask, dtype=bool)
    top, left = max(0, -y), max(0, -x)
    mask = mask[top : max(top, size.height - y), left : max(left, size.width - x)]
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return Region(0, 0, _sealed(np.zeros((0, 0), dtype=bool)), size)
    columns = np.flatnonzero(mask.any(axis=0))
    y1, y2, x1, x2 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    tight = np.ascontiguousarray(mask[y1:y2, x1:x2])
    return Region(int(x + left + x1), int(y + top + y1), _sealed(tight), size)


def full_mask(region: Region) -> Mask:
    """``bool[H, W]`` over the whole photo (allocates it: not for the click path)."""
    full = np.zeros((region.size.height, region.size.width), dtype=bool)
    height, width = region.mask.shape
    full[region.y : region.y + height, region.x : region.x + width] = region.mask
    return full


def _sealed(mask: Mask) -> Mask:
    mask.flags.writeable = False
    return mask
