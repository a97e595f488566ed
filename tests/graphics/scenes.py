"""Photos, masks and scenes that the painters' tests share."""

from functools import cache

import cv2
import numpy as np

from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Region, region_from_mask
from tui_label.graphics.scene import Picture, Scene


@cache
def photo(width: int = 400, height: int = 300, seed: int = 0) -> np.ndarray:
    """Soft shapes with some noise, as photos have them."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
    pixels = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    noise = random.integers(0, 12, pixels.shape, dtype=np.uint8)
    pixels = cv2.add(pixels, noise)
    pixels.flags.writeable = False
    return pixels


def disc(x: int, y: int, radius: int, size: Size) -> Region:
    mask = np.zeros((2 * radius + 1, 2 * radius + 1), dtype=np.uint8)
    cv2.circle(mask, (radius, radius), radius, 1, -1)
    return region_from_mask(mask, size, x - radius, y - radius)


def whole(x1: int, y1: int, x2: int, y2: int, size: Size) -> Region:
    return region_from_mask(np.ones((y2 - y1, x2 - x1), dtype=bool), size, x1, y1)


def scene(pixels: np.ndarray | None = None, key: str = "a", **parts) -> Scene:
    return Scene(Picture.of(photo() if pixels is None else pixels), key, **parts)
