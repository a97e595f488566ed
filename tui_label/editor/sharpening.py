"""What is seen of a photo: an overview at first, sharper where somebody looks closely.

A photo that is in memory whole is as sharp as it gets. Of a large one the part that is looked
at is read in the resolution in which it is looked at, when there is time for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tui_label.dataset.photos import LargePhoto, Photo
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.scene import Layer, Picture

AnyPhoto = Photo | LargePhoto

_MARGIN = 1 / 8
"""Of what is visible, read on each side of it, so that a small step needs no reading: half as
much again in all."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A part of a photo that is wanted sharper.

    Args:
        photo: of which; compared by identity.
        box: image pixels.
        reduction: a power of two.
    """

    photo: LargePhoto
    box: Box
    reduction: int

    def decoded(self) -> Layer:
        """Read it: milliseconds for a TIFF, up to seconds for a JPEG. For a thread of its own.

        Raises:
            InputError: the file cannot be read any more.
        """
        return Layer(*self.photo.region(self.box, self.reduction))


class SeenPhoto:
    """A photo and as much of it as was decoded.

    State: the newest finer layer, and whether the file can still be read. Owned by the
    ``Session``, used on its thread.
    """

    def __init__(self, photo: AnyPhoto, key: str) -> None:
        self.photo = photo
        if isinstance(photo, np.ndarray):
            self.picture = Picture.of(photo)
        else:
            self.picture = Picture(photo.size, (Layer(*photo.overview),))
        self._key = key
        self._version = 0
        self._readable = True

    @property
    def size(self) -> Size:
        """Of the photo, image pixels."""
        return self.picture.size

    @property
    def key(self) -> str:
        """Identifies the picture: another one after each sharpening."""
        return f"{self._key}#{self._version}" if self._version else self._key

    def wanted(self, visible: Box, scale: float) -> Detail | None:
        """What would make the visible part sharp; ``None`` where it is, or cannot become so.

        Args:
            visible: image pixels, within the photo.
            scale: canvas pixels per image pixel.
        """
        photo = self.photo
        if isinstance(photo, np.ndarray) or not self._readable or not visible.area:
            return None
        reduction = max(photo.finest, 1 << max(0, math.floor(math.log2(1 / scale))))
        if any(
            _reduction(layer) <= reduction and layer.box.encloses(visible) for layer in self._layers
        ):
            return None
        across, down = visible.width * _MARGIN, visible.height * _MARGIN
        around = Box(visible.x1 - across, visible.y1 - down, visible.x2 + across, visible.y2 + down)
        return Detail(photo, around.clipped(photo.size), reduction)

    def sharpened(self, detail: Detail, layer: Layer) -> bool:
        """Take a layer that was read, in place of the one before; ``False``: of another photo."""
        if detail.photo is not self.photo:
            return False
        self.picture = Picture(self.size, (self._layers[0], layer))
        self._version += 1
        return True

    def not_sharpened(self) -> None:
        """The file cannot be read any more: what is seen stays as it is."""
        self._readable = False

    def rest(self) -> None:
        """Let go of what can be read again."""
        if not isinstance(self.photo, np.ndarray):
            self.photo.rest()

    @property
    def _layers(self) -> tuple[Layer, ...]:
        return self.picture.layers


def _reduction(layer: Layer) -> float:
    columns: int = layer.pixels.shape[1]
    return layer.box.width / columns
