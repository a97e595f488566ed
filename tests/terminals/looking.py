"""What a test can tell from a picture of a terminal, whichever painter drew it.

No colour of the program's is taken for granted but one: a positive point is green, which no
photo here is. A mask is whatever changed on the photo, be it filled, hatched or blended.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np

from tests.pty.seeing import WORDS, Fit
from tests.terminals.screen import Screen

_BLOCK = 8
"""Pixels: colours are compared over squares of at least this, as palettes are dithered."""

_GREEN = 30
"""Of 255: by as much a positive point's green stands above its red and its blue."""

_LEAST = 20
"""Pixels of a point."""

_TRIED = 3


@dataclass(frozen=True)
class Look:
    """How exactly a painter draws: what it is measured by.

    Args:
        across: parts of a cell that it can colour apart, side by side; 0 for pixels.
        down: likewise, one above the other.
        colours: of 255, what a square's colour may be off on average.
        marks_cells: whether a point is drawn as a letter in its cell.
        is_exact: whether a picture that is sent again has the same pixels. JPEGs of a part and
            of the whole have not. Cells are sent in colours that are almost meant, and which
            it is depends on what was sent before; where a cell's halves are not whole pixels,
            so are the lines between them.
    """

    across: int
    down: int
    colours: float
    marks_cells: bool
    is_exact: bool

    def grain(self, cell: tuple[float, float]) -> tuple[float, float]:
        """Width and height in pixels of the smallest thing that it draws."""
        if self.across == 0:
            return 1.0, 1.0
        return cell[0] / self.across, cell[1] / self.down


LOOKS = {
    "kitty": Look(0, 0, 3, False, True),
    "iterm2": Look(0, 0, 5, False, False),
    "sixel": Look(0, 0, 8, False, True),
    "cells": Look(1, 2, 6, True, False),
    "quadrants": Look(2, 2, 14, True, False),
    "sextants": Look(2, 3, 14, True, False),
}


@dataclass(frozen=True)
class Placed:
    """A photo on a canvas: its image pixels are ``scale`` canvas pixels large and start at
    ``left``, ``top``; ``size`` is the canvas' width and height in pixels.
    """

    scale: float
    left: float
    top: float
    size: tuple[int, int]

    @classmethod
    def fitted(cls, photo: np.ndarray, screen: Screen) -> Placed:
        """Whole, centred, as large as the rows above the words allow."""
        height, width = photo.shape[:2]
        rows = screen.rows - WORDS
        fit = Fit(width, height, screen.columns, rows, screen.cell)
        size = round(screen.columns * screen.cell[0]), round(rows * screen.cell[1])
        return cls(fit.scale, *fit.canvas(0, 0), size)

    def zoomed(self, factor: float, x: float, y: float, photo: np.ndarray) -> Placed:
        """Larger around a canvas pixel that stays where it is, unless the photo would end."""
        height, width = photo.shape[:2]
        scale = self.scale * factor
        corner = [
            _held(at - (at - start) * factor, length * scale, room)
            for at, start, length, room in (
                (x, self.left, width, self.size[0]),
                (y, self.top, height, self.size[1]),
            )
        ]
        return Placed(scale, *corner, self.size)

    def image(self, x: float, y: float) -> tuple[float, float]:
        """Canvas pixels to image pixels, edge frame both."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def canvas(self, x: float, y: float) -> tuple[float, float]:
        """Image pixels to canvas pixels, edge frame both."""
        return self.left + x * self.scale, self.top + y * self.scale

    def seen(self, photo: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The canvas as it should be, ``uint8[h, w, 3]``, and where on it the photo is, ``bool``.

        Every canvas pixel is the mean of what it covers.
        """
        width, height = self.size
        if self.scale < 1:
            small = (round(photo.shape[1] * self.scale), round(photo.shape[0] * self.scale))
            drawn = cv2.resize(photo, small, interpolation=cv2.INTER_AREA)
        else:
            drawn = photo
        across, down = (photo.shape[1] / drawn.shape[1], photo.shape[0] / drawn.shape[0])
        # warpAffine maps centres of pixels, half a pixel from their edges.
        a, b = self.scale * across, self.scale * down
        matrix = np.array(
            [[a, 0, self.left + (a - 1) / 2], [0, b, self.top + (b - 1) / 2]], dtype=np.float64
        )
        there = np.ones(drawn.shape[:2], dtype=np.uint8)
        return (
            cv2.warpAffine(drawn, matrix, (width, height), flags=cv2.INTER_LINEAR),
            cv2.warpAffine(there, matrix, (width, height), flags=cv2.INTER_NEAREST) > 0,
        )


def _held(start: float, length: float, room: float) -> float:
    """Where a photo starts that is in the middle, or has its edges outside."""
    return (room - length) / 2 if length <= room else min(0.0, max(room - length, start))


def colours_off(
    picture: np.ndarray, wanted: np.ndarray, known: np.ndarray, grain: tuple[float, float]
) -> float:
    """Of 255: how far the colours are off on average, square by square.

    Args:
        picture: ``uint8[h, w, 3]``.
        wanted: likewise.
        known: ``bool[h, w]``, where to look.
        grain: width and height of what the painter draws; squares are no smaller.
    """
    width, height = max(_BLOCK, round(grain[0])), max(_BLOCK, round(grain[1]))
    size = picture.shape[1] // width, picture.shape[0] // height
    cut = slice(0, size[1] * height), slice(0, size[0] * width)

    def mean(pixels: np.ndarray) -> np.ndarray:
        return cv2.resize(pixels[cut].astype(np.float32), size, interpolation=cv2.INTER_AREA)

    inside = mean(known.astype(np.uint8)) == 1
    return float(np.abs(mean(picture) - mean(wanted))[inside].mean())


def shift(
    picture: np.ndarray, wanted: np.ndarray, known: np.ndarray, grain: tuple[float, float]
) -> tuple[int, int]:
    """By how many grains to the right and down the wanted picture would have to be moved.

    Three in each direction are tried.
    """
    reach = [max(1, round(side)) for side in grain]
    inner = grown(known, -_TRIED * max(reach))

    def off(steps: tuple[int, int]) -> float:
        moved = np.roll(wanted, (steps[1] * reach[1], steps[0] * reach[0]), axis=(0, 1))
        return float(np.abs(picture[inner].astype(np.int16) - moved[inner]).mean())

    # The middle first: what is as good elsewhere proves nothing.
    steps = sorted(range(-_TRIED, _TRIED + 1), key=abs)
    return min(itertools.product(steps, repeat=2), key=off)


def is_motley(picture: np.ndarray) -> bool:
    """Whether there is a photo, and not one colour with words on it."""
    return float(picture.std(axis=(0, 1)).min()) > 20


def changed(before: np.ndarray, now: np.ndarray, slack: int = 12) -> np.ndarray:
    """``bool[…]``: which pixels, ``uint8[…, 3]``, are visibly different."""
    apart = np.abs(before.astype(np.int16) - now).max(axis=-1)
    return np.asarray(apart > slack)


def marker(before: np.ndarray, now: np.ndarray) -> tuple[float, float] | None:
    """Middle of the positive point that appeared, pixels; ``None`` when none has.

    The cursor cuts it into four, and where pictures are lossy, edges have green specks.
    """
    new = (_greenness(now) >= _GREEN) & (_greenness(before) < _GREEN / 2)
    pieces = closed(new, 3).astype(np.uint8)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(pieces, connectivity=8)
    if count == 1:
        return None
    left, top, width, height, area = max(boxes[1:].tolist(), key=lambda box: box[4])
    return None if area < _LEAST else (left + width / 2, top + height / 2)


def _greenness(picture: np.ndarray) -> np.ndarray:
    red, green, blue = (picture[..., channel].astype(np.int16) for channel in range(3))
    return green - np.maximum(red, blue)


def around(shape: tuple[int, ...], x: float, y: float, reach: float) -> np.ndarray:
    """``bool[h, w]``: the square around a pixel, ``reach`` to each side."""
    inside = np.zeros(shape[:2], dtype=bool)
    inside[
        max(0, int(y - reach)) : int(y + reach) + 1, max(0, int(x - reach)) : int(x + reach) + 1
    ] = True
    return inside


def grown(mask: np.ndarray, by: float) -> np.ndarray:
    """``bool[h, w]``: with everything that is at most ``by`` pixels away; fewer when negative."""
    side = 2 * round(abs(by)) + 1
    change = cv2.dilate if by > 0 else cv2.erode
    return change(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def closed(mask: np.ndarray, gap: float) -> np.ndarray:
    """``bool[h, w]``: with the gaps of a hatch filled."""
    return grown(grown(mask, gap), -gap)
