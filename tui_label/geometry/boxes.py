"""Sizes and axis-aligned boxes.

Frame of every coordinate here unless its name says otherwise: *image pixels, edge frame*.
The pixel in column ``i`` covers ``[i, i + 1)``, so its centre is ``i + 0.5``, a photo of
width ``W`` spans ``0 .. W``, and a tight box around one pixel has width 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Size(NamedTuple):
    """Width and height in pixels (always in this order)."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned box, image pixels, edge frame, ``x1 <= x2`` and ``y1 <= y2``."""

    x1: float
    y1: float
    x2: float
    y2: float

    @classmethod
    def from_corners(cls, ax: float, ay: float, bx: float, by: float) -> Box:
        """The box between two opposite corners given in any order."""
        return cls(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    @classmethod
    def whole(cls, size: Size) -> Box:
        """The box of a whole photo."""
        return cls(0.0, 0.0, float(size.width), float(size.height))

    @property
    def width(self) -> float:
        """Pixels."""
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        """Pixels."""
        return self.y2 - self.y1

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height

    def clipped(self, size: Size) -> Box:
        """The part inside a photo of ``size``; an empty box at the border when none is."""
        width, height = float(size.width), float(size.height)
        return Box(
            min(max(self.x1, 0.0), width),
            min(max(self.y1, 0.0), height),
            min(max(self.x2, 0.0), width),
            min(max(self.y2, 0.0), height),
        )

    def encloses(self, other: Box) -> bool:
        """Whether the other box lies within this one; shared edges count."""
        return (
            self.x1 <= other.x1
            and self.y1 <= other.y1
            and other.x2 <= self.x2
            and other.y2 <= self.y2
        )

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies in the half-open box."""
        return self.x1 <= x < self.x2 and self.y1 <= y < self.y2
