"""A picture that a person can judge in five seconds: is it right what this terminal shows?"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import region_from_mask
from tui_label.graphics.palette import RGB
from tui_label.graphics.scene import Emphasis, Mark, Picture, Pixels, Scene, Shape

SIZE = Size(480, 300)
"""Pixels of the card."""

BARS: tuple[tuple[str, RGB], ...] = (
    ("red", (220, 40, 40)),
    ("green", (40, 160, 60)),
    ("blue", (40, 80, 200)),
    ("yellow", (240, 220, 60)),
    ("white", (255, 255, 255)),
    ("black", (0, 0, 0)),
)
"""From left to right, over the whole width."""

BAR_HEIGHT = 60
LINE_STEP = 60
"""Pixels between white lines of one pixel."""

DISC = (240.0, 180.0, 70.0)
"""Centre and radius of the mask, image pixels, edge frame."""

POSITIVE = (240.0, 180.0)
NEGATIVE = (390.0, 180.0)

NAMES = ", ".join(name for name, _ in BARS)
TO_SEE = f"Bars: {NAMES}. A round mask, + in it, − right of it. Thin lines."


def test_card(
    pointer: tuple[float, float] | None = None, pressed: tuple[float, float] | None = None
) -> Scene:
    """The card as a scene; the same photo every time.

    Args:
        pointer: where the mouse is, image pixels, edge frame.
        pressed: where a button was pressed.
    """
    marks = [Mark(*POSITIVE), Mark(*NEGATIVE, positive=False)]
    if pressed is not None:
        marks.append(Mark(*pressed))
    picture, disc = _drawn()
    return Scene(picture, "test card", (disc,), tuple(marks), cursor=pointer)


@lru_cache(maxsize=1)
def _drawn() -> tuple[Picture, Shape]:
    rows, columns = np.mgrid[: SIZE.height, : SIZE.width]
    x, y, radius = DISC
    inside = (columns + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2 <= radius**2
    region = region_from_mask(inside, SIZE)
    return Picture.of(_photo()), Shape(region, region.box, emphasis=Emphasis.SELECTED)


def _photo() -> Pixels:
    """``uint8[300, 480, 3]``: bars above, a smooth run of colours below, lines over it."""
    rows, columns = np.mgrid[: SIZE.height, : SIZE.width]
    across, down = columns / (SIZE.width - 1), rows / (SIZE.height - 1)
    pixels = np.stack((60 + 120 * across, 60 + 100 * down, 160 - 100 * across), axis=-1)
    photo = np.asarray(pixels, dtype=np.uint8)
    photo[::LINE_STEP] = photo[:, ::LINE_STEP] = 255
    photo[-1] = photo[:, -1] = 255
    width = SIZE.width // len(BARS)
    for number, (_, colour) in enumerate(BARS):
        photo[:BAR_HEIGHT, number * width : (number + 1) * width] = colour
    return photo
