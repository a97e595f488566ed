"""Scenes drawn by program, so that the first minute needs no photo, no network and no licence.

Every scene knows the exact mask of each of its objects, which tests and benchmarks use as truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tui_label.dataset.scenes.beach import draw_beach
from tui_label.dataset.scenes.canvas import SHEET, Canvas
from tui_label.dataset.scenes.cells import draw_cells
from tui_label.dataset.scenes.desk import draw_desk
from tui_label.dataset.scenes.reef import draw_reef
from tui_label.dataset.scenes.street import draw_street
from tui_label.dataset.scenes.table import draw_fruit
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Mask

_SCENES = {
    "fruit": (draw_fruit, 1),
    "desk": (draw_desk, 2),
    "beach": (draw_beach, 3),
    "reef": (draw_reef, 4),
    "street": (draw_street, 5),
    "cells": (draw_cells, 6),
}
SCENE_NAMES = tuple(_SCENES)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A drawn photo and the truth about it.

    ``image`` is ``uint8[H, W, 3]``, RGB, C-contiguous. ``objects`` are class names with the
    visible pixels, ``bool[H, W]``; masks do not overlap and none is empty.
    """

    image: NDArray[np.uint8]
    objects: tuple[tuple[str, Mask], ...]


def draw_scene(name: str, size: tuple[int, int] = SHEET) -> Scene:
    """Draw one of :data:`SCENE_NAMES`; the same pixels every time.

    Args:
        name: of the scene.
        size: width and height of the photo in pixels.

    Raises:
        KeyError: there is no such scene.
    """
    draw, seed = _SCENES[name]
    canvas = Canvas(Size(*size), seed)
    draw(canvas)
    return Scene(canvas.photo(), canvas.objects())
