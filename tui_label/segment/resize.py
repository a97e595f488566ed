"""How a photo becomes the small picture that an encoder was trained on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tui_label.geometry.boxes import Size

Pixels = NDArray[np.uint8]  # uint8[h, w, 3], RGB


def resize_antialiased(photo: Pixels, size: Size) -> Pixels:
    """SAM v1's resize: a triangle filter as wide as the reduction, rounded to uint8.

    The reference (segment_anything/utils/transforms.py, ``apply_image``) is Pillow's BILINEAR,
    so this is Pillow: the features differ by 5 % with cv2's INTER_LINEAR and by 2 % with
    INTER_AREA. ``reducing_gap`` would be faster and is not the same picture.
    """
    if (photo.shape[1], photo.shape[0]) == size:
        return photo
    return np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BILINEAR))


def resize_area(photo: Pixels, size: Size) -> Pixels:
    """The built-in network's resize: INTER_AREA down, INTER_LINEAR up, as it was trained.

    Exact triangles measure the same (60 validation objects: IoU 0.726 against 0.725 after five
    clicks) and take three times as long on a 12 MP photo (94 against 26 ms).
    """
    shrinks = size.width < photo.shape[1] or size.height < photo.shape[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(photo, size, interpolation=how).astype(np.uint8, copy=False)
