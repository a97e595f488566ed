"""The model's frame: how points go into a model's square and how masks come out of it.

Both directions stand here together so that they cannot drift apart. Four frames meet:

- *photo*: image pixels, edge frame, over the whole photo;
- *window*: the part of the photo that was encoded (all of it, or a crop);
- *square*: the window resized so that its longest side is ``side``, at the top left of a
  padded ``side`` x ``side`` square;
- *cells*: the ``m`` x ``m`` grid of low-res logits over that square, ``side / m`` to a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Region, region_from_mask
from tui_label.segment.upsample import Span, positive

Logits = NDArray[np.float32]
Coordinates = NDArray[np.float64]  # float64[n, 2]: x, y

# Bilinear interpolation reaches one cell to either side, twice; further out than this from
# every positive logit nothing can be positive.
_REACH = 2


class Window(NamedTuple):
    """Whole photo pixels: top-left column and row, width and height."""

    x: int
    y: int
    width: int
    height: int


def resized(size: Size, side: int) -> Size:
    """The size within a model's square: longest side ``side``, rounded half up, never 0.

    Rule of SAM v1 (segment_anything/utils/transforms.py, ``get_preprocess_shape``).
    """
    scale = side / max(size)
    return Size(max(1, int(size.width * scale + 0.5)), max(1, int(size.height * scale + 0.5)))


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of a photo as a model with a square of ``side`` pixels sees it."""

    photo: Size
    window: Window
    side: int
    resized: Size = field(init=False)

    def __post_init__(self) -> None:
        size = Size(self.window.width, self.window.height)
        object.__setattr__(self, "resized", resized(size, self.side))

    @classmethod
    def whole(cls, photo: Size, side: int) -> Frame:
        """The frame of a whole photo."""
        return cls(photo, Window(0, 0, *photo), side)

    def to_square(self, xy: Coordinates) -> Coordinates:
        """``[n, 2]`` photo pixels (edge frame) to square pixels (edge frame)."""
        return (xy - self._origin) * self._scale

    def to_photo(self, xy: Coordinates) -> Coordinates:
        """``[n, 2]`` square pixels (edge frame) to photo pixels (edge frame)."""
        return xy / self._scale + self._origin

    def to_cells(self, xy: Coordinates, m: int) -> Coordinates:
        """``[n, 2]`` photo pixels to cell indices of an ``m`` x ``m`` grid, centres whole."""
        return self.to_square(xy) * (m / self.side) - 0.5

    def region(self, logits: Logits) -> Region:
        """The pixels whose logit is above 0, at the photo's resolution.

        Two bilinear steps, like the reference: cells to square, cut to what is not padding,
        to the window's size. One step would give another mask (IoU 0.85 to 0.90 on noise).
        Only the box that can hold something is ever upsampled.

        Args:
            logits: ``float32[m, m]`` with ``m`` a divisor of ``side``.
        """
        cells = self._support(logits)
        if cells is None:
            return region_from_mask(np.zeros((0, 0), dtype=bool), self.photo)
        cell = self.side // logits.shape[0]
        left, top, right, bottom = cells
        local = logits[top:bottom, left:right]
        fine = cv2.resize(local, None, fx=cell, fy=cell, interpolation=cv2.INTER_LINEAR)
        square = np.asarray(fine, dtype=np.float32)[
            : self.resized.height - top * cell, : self.resized.width - left * cell
        ]
        across = Span.over(left * cell, square.shape[1], self.resized.width, self.window.width)
        down = Span.over(top * cell, square.shape[0], self.resized.height, self.window.height)
        x, y = self.window.x + across.start, self.window.y + down.start
        return region_from_mask(positive(square, across, down), self.photo, x, y)

    def _support(self, logits: Logits) -> tuple[int, int, int, int] | None:
        """Cells (left, top, right, bottom) outside of which the mask is surely empty."""
        m = logits.shape[0]
        cell = self.side // m
        columns = min(m, -(-self.resized.width // cell) + 1)
        rows = min(m, -(-self.resized.height // cell) + 1)
        positive = logits[:rows, :columns] > 0
        ys, xs = np.flatnonzero(positive.any(axis=1)), np.flatnonzero(positive.any(axis=0))
        if ys.size == 0:
            return None
        left, top = max(0, int(xs[0]) - _REACH), max(0, int(ys[0]) - _REACH)
        right, bottom = int(xs[-1]) + 1 + _REACH, int(ys[-1]) + 1 + _REACH
        if left * cell >= self.resized.width or top * cell >= self.resized.height:
            return None
        return left, top, min(m, right), min(m, bottom)

    @property
    def _origin(self) -> Coordinates:
        return np.array([self.window.x, self.window.y], dtype=np.float64)

    @property
    def _scale(self) -> Coordinates:
        return np.array(
            [self.resized.width / self.window.width, self.resized.height / self.window.height]
        )
