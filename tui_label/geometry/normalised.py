"""Shapes as YOLO files write them: divided by the photo's width and height."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Box, Size

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NormalisedBox:
    """Centre, width and height, each divided by the photo's width or height."""

    cx: float
    cy: float
    width: float
    height: float

    @classmethod
    def of(cls, box: Box, size: Size) -> NormalisedBox:
        """From image pixels, edge frame."""
        return cls(
            (box.x1 + box.x2) / 2 / size.width,
            (box.y1 + box.y2) / 2 / size.height,
            box.width / size.width,
            box.height / size.height,
        )

    def box(self, size: Size) -> Box:
        """Back to image pixels, edge frame; not clipped to the photo."""
        half_width, half_height = self.width / 2, self.height / 2
        return Box(
            (self.cx - half_width) * size.width,
            (self.cy - half_height) * size.height,
            (self.cx + half_width) * size.width,
            (self.cy + half_height) * size.height,
        )


@dataclass(frozen=True, slots=True, eq=False)
class NormalisedPolygon:
    """One closed ring; the last vertex joins the first and is not repeated.

    ``points`` is ``float64[n, 2]`` (x, y), ``n >= 3``, divided by width and height.
    """

    points: Points

    @classmethod
    def of(cls, points: Points, size: Size) -> NormalisedPolygon:
        """From ``float64[n, 2]``, image pixels, edge frame."""
        return cls(points / np.array([size.width, size.height], dtype=np.float64))

    def pixels(self, size: Size) -> Points:
        """``float64[n, 2]``, image pixels, edge frame."""
        return self.points * np.array([size.width, size.height], dtype=np.float64)

    def box(self, size: Size) -> Box:
        """The tight box around the vertices, image pixels, edge frame."""
        points = self.pixels(size)
        (x1, y1), (x2, y2) = points.min(axis=0), points.max(axis=0)
        return Box(float(x1), float(y1), float(x2), float(y2))
