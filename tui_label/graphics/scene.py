"""What there is to see, in image pixels: handed to a painter whole, every time.

Painters find out themselves what changed. Regions and pictures are compared by identity, so
a scene that keeps its unchanged parts is compared in microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Region
from tui_label.graphics.cellrects import CellRect

Pixels = NDArray[np.uint8]

FILL_OPACITY = 0.4
"""How much of a mask's colour is seen over the photo unless the person says otherwise."""


class Emphasis(StrEnum):
    """How much a shape stands out; later ones are drawn over earlier ones."""

    NORMAL = "normal"
    SELECTED = "selected"
    PREVIEW = "preview"
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
class Layer:
    """Pixels of a part of the photo, perhaps fewer than the photo has there.

    Args:
        pixels: ``uint8[h, w, 3]``, RGB.
        box: what they span, image pixels, edge frame.
    """

    pixels: Pixels
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo as far as it was decoded.

    Args:
        size: of the photo, image pixels.
        layers: the first one spans the whole photo; finer ones follow, each of a part of it.
            A photo that was decoded whole is its only layer.
    """

    size: Size
    layers: tuple[Layer, ...]

    @classmethod
    def of(cls, pixels: Pixels) -> Picture:
        """A photo that was decoded whole: ``uint8[H, W, 3]``, RGB."""
        rows, columns = pixels.shape[:2]
        return cls(Size(columns, rows), (Layer(pixels, Box(0, 0, columns, rows)),))


@dataclass(frozen=True, slots=True)
class Tone:
    """How the photo is lit, for the eye alone: labels and segmentation see it as it is.

    Args:
        brightness: -1 (black) to 1 (white); 0 leaves it alone.
        contrast: factor around middle grey; 1 leaves it alone.
        equalise: spread the levels that occur evenly, before the other two.
    """

    brightness: float = 0.0
    contrast: float = 1.0
    equalise: bool = False


PLAIN = Tone()
"""The photo as it is."""


class MaskStyle(StrEnum):
    """How masks are drawn."""

    FILLED = "filled"
    OUTLINE = "outline"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Look:
    """How masks are drawn: ``opacity`` 0 to 1 is of their inside, contours are solid.

    ``HIDDEN`` hides saved objects; the mask that is being made stays.
    """

    masks: MaskStyle = MaskStyle.FILLED
    opacity: float = FILL_OPACITY


@dataclass(frozen=True, slots=True)
class Loupe:
    """A magnified inset.

    Args:
        cells: where it stands on the canvas.
        x: image pixels, edge frame: what is in its middle.
        y: image pixels.
        factor: how many times larger than the canvas it shows things.
    """

    cells: CellRect
    x: float
    y: float
    factor: float = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything on the canvas; every coordinate is image pixels, edge frame.

    ``photo`` must not change while its ``photo_key`` stays the same; a picture that has got a
    finer layer has another key. ``rubber`` is the box being dragged, ``cursor`` the keyboard's
    crosshair.
    """

    photo: Picture
    photo_key: str
    shapes: tuple[Shape, ...] = ()
    marks: tuple[Mark, ...] = ()
    rubber: Box | None = None
    cursor: tuple[float, float] | None = None
    tone: Tone = PLAIN
    look: Look = Look()
    loupe: Loupe | None = None
