"""What a test can tell from a screen: where photo and canvas meet, and which pixels are a mask.

The arithmetic here is written anew and not taken from the program, which it checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from tests.pty.terminal import FakeTerminal
from tui_label.graphics.palette import CANDIDATE_COLOUR
from tui_label.labels.files import read_label_file
from tui_label.labels.paths import label_path

WORDS = 3
"""Rows below the picture: status, what was said, keys."""

_ALIKE = 4
"""Of 255: as far as half blocks may be from the colours that are meant, which saves bytes."""

_FINER = 8
"""Polygons are filled this much finer, and a pixel counts when more than half of it is inside."""


@dataclass(frozen=True)
class Fit:
    """A photo fitted into the canvas of a terminal: whole, centred, as large as possible."""

    width: int
    height: int
    columns: int
    rows: int
    cell: tuple[int, int]

    @classmethod
    def of(cls, image: Path, terminal: FakeTerminal) -> Fit:
        with Image.open(image) as photo:
            size = photo.size
        return cls(*size, terminal.columns, terminal.rows - WORDS, terminal.cell)

    @property
    def scale(self) -> float:
        """Canvas pixels per image pixel."""
        across = self.columns * self.cell[0] / self.width
        return min(across, self.rows * self.cell[1] / self.height)

    def canvas(self, x: float, y: float) -> tuple[float, float]:
        """Image pixels to canvas pixels, edge frame both."""
        left = (self.columns * self.cell[0] - self.width * self.scale) / 2
        top = (self.rows * self.cell[1] - self.height * self.scale) / 2
        return left + x * self.scale, top + y * self.scale

    def cells(self, x: float, y: float) -> tuple[float, float]:
        """Image pixels to fractional columns and rows."""
        across, down = self.canvas(x, y)
        return across / self.cell[0], down / self.cell[1]

    def image(self, column: float, row: float) -> tuple[float, float]:
        """Fractional columns and rows to image pixels."""
        left, top = self.canvas(0, 0)
        return (
            (column * self.cell[0] - left) / self.scale,
            (row * self.cell[1] - top) / self.scale,
        )

    def raster(self, points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Normalised ``float[n, 2]`` to a raster of ``size`` (rows, columns) over the canvas."""
        left, top = self.canvas(0, 0)
        canvas = points * (self.width, self.height) * self.scale + (left, top)
        whole = (self.columns * self.cell[0], self.rows * self.cell[1])
        return np.asarray(canvas * (size[1] / whole[0], size[0] / whole[1]))


def filled(points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """``bool[rows, columns]``: pixels of a raster more than half inside a polygon on it."""
    fine = np.zeros((size[0] * _FINER, size[1] * _FINER), dtype=np.uint8)
    # fillPoly takes centres of pixels; 4 bits of fraction.
    ring = np.rint((points * _FINER - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(fine, [ring], 255, shift=4)
    covered = cv2.resize(fine, (size[1], size[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(covered > 127)


def candidate(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """``bool[h, w]``: pixels in the candidate's colour: its contour, or blended over the photo.

    Args:
        before: ``uint8[h, w, 3]``, the same picture without the mask.
        now: likewise, with it.
    """
    colour = np.array(CANDIDATE_COLOUR, dtype=np.int32)
    blend = (colour * 102 + before.astype(np.int32) * 153 + 127) // 255
    contour = _apart(now, colour) <= _ALIKE
    return np.asarray(contour | (_apart(now, blend) <= 2 * _ALIKE) & differing(before, now))


def differing(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """``bool[h, w]``: pixels of other colours than before."""
    return np.asarray(_apart(before, now) > 2 * _ALIKE)


def solid(mask: np.ndarray) -> np.ndarray:
    """``bool[h, w]``: a mask without holes, be it filled, hatched or a contour alone."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    inside = np.zeros(mask.shape, dtype=np.uint8)
    cv2.drawContours(inside, outlines, -1, 1, cv2.FILLED)
    return inside > 0


def _apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(a.astype(np.int32) - b).max(axis=2))


def iou(a: np.ndarray, b: np.ndarray, known: np.ndarray | None = None) -> float:
    """Pixels in both over pixels in either, where ``known``."""
    if known is not None:
        a, b = a & known, b & known
    return float((a & b).sum() / (a | b).sum())


def bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Edges of the tight box of a mask, in its pixels."""
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def written(image: Path) -> list[tuple[int, np.ndarray]]:
    """Class and normalised points of every object in the image's label file; boxes as corners."""
    objects = []
    for row in read_label_file(label_path(image)).rows:
        assert row.annotation is not None, row.problem
        numbers = np.array([float(word) for word in row.raw.split()[1:]])
        if len(numbers) == 4:
            cx, cy, width, height = numbers
            numbers = np.array([cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2])
        objects.append((row.annotation.class_id, numbers.reshape(-1, 2)))
    return objects


_MODES = {
    1000: "mouse",
    1003: "mouse",
    1004: "focus",
    1006: "mouse",
    1015: "mouse",
    1016: "mouse in pixels",
    1049: "alternate screen",
    2004: "paste",
    2026: "synchronised updates",
    2048: "resize reports",
}


def left_on(terminal: FakeTerminal) -> list[str]:
    """What the program has switched on in its terminal and not off again."""
    return [name for mode, name in _MODES.items() if terminal.is_on(mode)]


def is_ready(text: str) -> bool:
    """Whether the photo is open and the model has read it."""
    busy = ("loading the model", "reading the photo")
    return "object" in text and not any(words in text for words in busy)


def has_mask(text: str) -> bool:
    """Whether the newest prompt has its mask, drawn to the edges as well."""
    return "score" in text and "to the edges" in text
