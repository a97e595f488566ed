"""Brightness, contrast and equalised levels, as one table over all three channels."""

from __future__ import annotations

import cv2
import numpy as np

from tui_label.graphics.scene import PLAIN, Picture, Pixels, Tone

_COUNTED = 512
"""Rows and columns that are counted at most: levels of a larger photo are the same."""


def tone_table(photo: Picture, tone: Tone) -> Pixels | None:
    """``uint8[256]``: what each level becomes; ``None`` when nothing changes.

    Equalising (Gonzalez and Woods, *Digital Image Processing*, 4th ed., 3.3) goes by the
    luma of the whole photo, so that zooming does not change how anything looks.
    """
    if tone == PLAIN:
        return None
    levels = _equalised(photo) if tone.equalise else np.arange(256, dtype=np.float64)
    levels = (levels - 127.5) * tone.contrast + 127.5 + 255 * tone.brightness
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def _equalised(photo: Picture) -> np.ndarray:
    whole = photo.layers[0].pixels
    rows, columns = (max(1, side // _COUNTED) for side in whole.shape[:2])
    luma = cv2.cvtColor(np.ascontiguousarray(whole[::rows, ::columns]), cv2.COLOR_RGB2GRAY)
    shares = np.cumsum(np.bincount(luma.ravel(), minlength=256)) / luma.size
    lowest = shares[int(luma.min())]
    if lowest == 1.0:
        return np.arange(256, dtype=np.float64)  # one level only: there is nothing to spread
    return np.asarray(np.clip((shares - lowest) / (1 - lowest), 0, 1) * 255)
