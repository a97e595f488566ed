"""The palette of 256 that terminals share, and the nearest colour in it.

The first 16 entries are left alone: every theme has its own. Then there are a cube of 6×6×6
and 24 greys, as in xterm's *256colres.pl*.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.scene import Pixels

Colour = tuple[int, int, int]

_FIRST = 16
_LEVELS = (0, 95, 135, 175, 215, 255)
_STEPS = 32
"""Levels a channel that the table of nearest colours tells apart."""

_SCALES = np.array([1.5, 1.0, 1.0], dtype=np.float32)
"""A photo is recognised by its lightness rather than by its hues."""

_BLACK_CODE, _WHITE_CODE, _FIRST_GREY = 16, 231, 232


@lru_cache(maxsize=1)
def palette_256() -> Pixels:
    """``uint8[256, 3]``, RGB, read-only; the first 16 entries are black and never chosen."""
    levels = np.array(_LEVELS, dtype=np.uint8)
    colours = np.zeros((256, 3), dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)
    colours[_FIRST:_FIRST_GREY] = cube.reshape(-1, 3)
    colours[_FIRST_GREY:] = np.arange(8, 239, 10, dtype=np.uint8)[:, None]
    colours.flags.writeable = False
    return colours


def nearest_256(pixels: Pixels) -> Pixels:
    """The entry nearest to each of ``uint8[..., 3]``, as ``uint8[...]``.

    Nearest in CIELAB (1976), where lightness counts more, and more chroma than asked for
    counts twice.
    """
    red, green, blue = (pixels[..., channel] >> 3 for channel in range(3))
    return np.asarray(_nearest()[red, green, blue], dtype=np.uint8)


def nearest_grey(levels: NDArray[np.uint8]) -> Pixels:
    """The grey entry nearest to each of ``uint8[...]``: 24 greys, black and white."""
    return _greys()[levels]


def code_of(colour: Colour) -> int:
    """The entry that is this colour.

    Raises:
        KeyError: there is none.
    """
    return _exact()[colour]


@lru_cache(maxsize=1 << 12)
def rough_code(colour: Colour, slack: int) -> tuple[int, Colour] | None:
    """An entry at most so far off in every channel, and what it looks like, if there is one."""
    codes = [_in_cube(level) for level in colour]
    near = _LEVELS[codes[0]], _LEVELS[codes[1]], _LEVELS[codes[2]]
    if all(abs(a - b) <= slack for a, b in zip(near, colour, strict=True)):
        return _FIRST + 36 * codes[0] + 6 * codes[1] + codes[2], near
    step = min(max((min(colour) + max(colour) - 11) // 20, 0), 23)
    grey = 8 + 10 * step
    if all(abs(grey - level) <= slack for level in colour):
        return _FIRST_GREY + step, (grey, grey, grey)
    return None


def _in_cube(level: int) -> int:
    return min(range(6), key=lambda step: abs(_LEVELS[step] - level))


@lru_cache(maxsize=1)
def _nearest() -> Pixels:
    """``uint8[32, 32, 32]``: the nearest entry by the upper five bits of each channel."""
    levels = np.linspace(0, 255, _STEPS).astype(np.uint8)
    asked = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)
    wanted, there = _lab(asked.reshape(-1, 3)), _lab(palette_256()[_FIRST:])
    # |a - b|² without |a|², which is the same for all that a colour is compared with.
    distance = (there**2).sum(axis=1) - 2 * wanted @ there.T
    # The cube has no dark colours but vivid ones: brown would turn a bright red. Grey is calmer.
    chroma = np.hypot(wanted[:, 1], wanted[:, 2])[:, None], np.hypot(there[:, 1], there[:, 2])
    distance += np.maximum(chroma[1] - chroma[0], 0) ** 2
    codes = distance.argmin(axis=1) + _FIRST
    return np.asarray(codes, dtype=np.uint8).reshape(_STEPS, _STEPS, _STEPS)


@lru_cache(maxsize=1)
def _greys() -> Pixels:
    codes = np.array([_BLACK_CODE, _WHITE_CODE, *range(_FIRST_GREY, 256)], dtype=np.uint8)
    there = palette_256()[codes, 0].astype(np.int16)
    nearest = np.abs(np.arange(256)[:, None] - there).argmin(axis=1)
    return np.asarray(codes[nearest], dtype=np.uint8)


@lru_cache(maxsize=1)
def _exact() -> dict[Colour, int]:
    colours = map(tuple, palette_256()[_FIRST:].tolist())
    return {colour: code for code, colour in enumerate(colours, _FIRST)}


def _lab(colours: Pixels) -> NDArray[np.float32]:
    scaled = colours.astype(np.float32)[None] / 255
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB)[0] * _SCALES, dtype=np.float32)
