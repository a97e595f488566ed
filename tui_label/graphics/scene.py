"""What there is to see, in image pixels: handed to a painter whole, every time.

Painters find out themselves what changed. Regions and photos are compared by identity, so
a scene that keeps its unchanged parts is compared in microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Box
from tui_label.geometry.masks import Region

Pixels = NDArray[np.uint8]


class Emphasis(StrEnum):
    """How much a shape stands out; later ones are drawn over earlier ones."""

    NORMAL = "normal"
    SELECTED = "selected"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Shape:
    """A mask, a box, or both. ``colour`` counts into the palette, which is cyclic."""

    region: Region | None = None
    outline: Box | None = None
    colour: int = 0
    emphasis: Emphasis = Emphasis.NORMAL


@dataclass(frozen=True, slots=True)
class Mark:
    """A prompt point: image pixels, edge frame."""

    x: float
    y: float
    positive: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything on the canvas; every coordinate is image pixels, edge frame.

    ``photo`` is ``uint8[H, W, 3]``, RGB, and must not change while its ``photo_key`` stays
    the same. ``rubber`` is the box being dragged, ``cursor`` the keyboard's crosshair.
    """

    photo: Pixels
    photo_key: str
    shapes: tuple[Shape, ...] = ()
    marks: tuple[Mark, ...] = ()
    rubber: Box | None = None
    cursor: tuple[float, float] | None = None
