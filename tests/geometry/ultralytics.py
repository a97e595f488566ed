"""How Ultralytics reads a polygon row, written down once as the yardstick."""

import cv2
import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Mask


def written_and_read(points: NDArray[np.float64], size: Size) -> NDArray[np.float32]:
    """Divide, write with six decimals, parse as float32: what comes out of a label file."""
    text = [f"{value:.6f}" for value in (points / np.array(size)).ravel()]
    return np.array(text, dtype=np.float32).reshape(-1, 2)


def polygon_mask(normalised: NDArray[np.float32], size: Size) -> Mask:
    """Multiply, cut the decimals off, fill: over the whole photo."""
    pixels = normalised.copy()
    pixels[:, 0] *= size.width
    pixels[:, 1] *= size.height
    canvas = np.zeros((size.height, size.width), dtype=np.uint8)
    cv2.fillPoly(canvas, np.asarray([pixels.reshape(-1)], dtype=np.int32).reshape(1, -1, 2), 1)
    return canvas.astype(bool)
