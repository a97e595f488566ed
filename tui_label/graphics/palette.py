"""Colours of masks, and what an overlay's index map means.

The hues are chosen for the common colour vision deficiencies: neighbours in the list differ
in lightness and not in hue alone, after Okabe and Ito, *Color Universal Design* (2008),
and Tol, *Colour Schemes* (SRON/EPS/TN/09-002, 2021), both of which the list draws from.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.scene import FILL_OPACITY, Emphasis

RGB = tuple[int, int, int]

MASK_COLOURS: tuple[RGB, ...] = (
    (86, 180, 233),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (0, 114, 178),
    (213, 94, 0),
    (153, 221, 255),
    (136, 34, 85),
    (187, 204, 51),
    (51, 34, 136),
    (238, 136, 102),
    (17, 119, 51),
)
CANDIDATE_COLOUR: RGB = (240, 228, 66)
LIGHT: RGB = (255, 255, 255)
DARK: RGB = (0, 0, 0)

SLOTS = 24
"""Colours an index map can tell apart; class indices beyond them start over."""

_SELECTED_OPACITY = 1.4
_PREVIEW_OPACITY = 0.5
"""Times the opacity of other masks."""

_OPAQUE = 255
_TOWARDS_WHITE = 0.4


class Part(IntEnum):
    """Which part of a mask a pixel belongs to."""

    FILL = 0
    CONTOUR = 1


_CANDIDATE_INDEX = 1 + 4 * SLOTS
RUBBER_LIGHT_INDEX = _CANDIDATE_INDEX + 2
RUBBER_DARK_INDEX = RUBBER_LIGHT_INDEX + 1
_PREVIEW_INDEX = RUBBER_DARK_INDEX + 1
FRAME_INDEX = _PREVIEW_INDEX + 2
"""The border of the loupe."""


def overlay_index(colour: int, emphasis: Emphasis, part: Part) -> int:
    """The entry of the overlay palette for a part of a shape; 1..255, 0 is transparent."""
    if emphasis is Emphasis.CANDIDATE:
        return _CANDIDATE_INDEX + part
    if emphasis is Emphasis.PREVIEW:
        return _PREVIEW_INDEX + part
    selected = 2 if emphasis is Emphasis.SELECTED else 0
    return 1 + 4 * (colour % SLOTS) + selected + part


def overlay_palette(
    colours: Sequence[RGB] = MASK_COLOURS, opacity: float = FILL_OPACITY
) -> NDArray[np.uint8]:
    """``uint8[256, 4]``, RGBA (straight alpha), read-only: what overlay indices look like.

    The very same array for the same arguments.

    Args:
        colours: of masks by class index, cyclic; a theme may bring its own.
        opacity: of the inside of masks, 0 to 1; contours are solid.

    Raises:
        ValueError: no colours.
    """
    if not colours:
        raise ValueError("a palette needs at least one colour")
    return _table(tuple(colours), opacity)


@lru_cache(maxsize=32)
def _table(colours: tuple[RGB, ...], opacity: float) -> NDArray[np.uint8]:
    table = np.zeros((256, 4), dtype=np.uint8)
    fill = _alpha(opacity)
    for slot in range(SLOTS):
        colour = colours[slot % len(colours)]
        bright = _brightened(colour)
        selected = _alpha(opacity * _SELECTED_OPACITY)
        table[overlay_index(slot, Emphasis.NORMAL, Part.FILL)] = (*colour, fill)
        table[overlay_index(slot, Emphasis.NORMAL, Part.CONTOUR)] = (*colour, _OPAQUE)
        table[overlay_index(slot, Emphasis.SELECTED, Part.FILL)] = (*bright, selected)
        table[overlay_index(slot, Emphasis.SELECTED, Part.CONTOUR)] = (*bright, _OPAQUE)
    table[_CANDIDATE_INDEX + Part.FILL] = (*CANDIDATE_COLOUR, fill)
    table[_CANDIDATE_INDEX + Part.CONTOUR] = (*CANDIDATE_COLOUR, _OPAQUE)
    table[_PREVIEW_INDEX + Part.FILL] = (*LIGHT, _alpha(opacity * _PREVIEW_OPACITY))
    table[_PREVIEW_INDEX + Part.CONTOUR] = (*LIGHT, _OPAQUE)
    table[RUBBER_LIGHT_INDEX] = table[FRAME_INDEX] = (*LIGHT, _OPAQUE)
    table[RUBBER_DARK_INDEX] = (*DARK, _OPAQUE)
    table.flags.writeable = False
    return table


def _alpha(opacity: float) -> int:
    return round(255 * min(max(opacity, 0.0), 1.0))


def _brightened(colour: RGB) -> RGB:
    red, green, blue = (round(value + (255 - value) * _TOWARDS_WHITE) for value in colour)
    return red, green, blue
