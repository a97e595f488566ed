"""A part of a photo is the same to look at, whether it is in memory or read."""

from dataclasses import dataclass

import numpy as np
import pytest

from tui_label.geometry.boxes import Box, Size
from tui_label.segment.frame import Window
from tui_label.segment.looking import pixels_in, size_of
from tui_label.segment.types import Photo

PHOTO = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)


@dataclass
class InParts:
    """A photo that is reduced when it is looked at."""

    whole: Photo
    reductions: list[int]
    nbytes: int = 0

    @property
    def size(self) -> Size:
        return Size(self.whole.shape[1], self.whole.shape[0])

    def region(self, box: Box, reduction: int) -> tuple[Photo, Box]:
        self.reductions.append(reduction)
        x1, y1 = (int(edge) // reduction * reduction for edge in (box.x1, box.y1))
        x2, y2 = (-(-int(edge) // reduction) * reduction for edge in (box.x2, box.y2))
        part = self.whole[y1:y2, x1:x2].astype(float)
        height, width = part.shape[0] // reduction, part.shape[1] // reduction
        part = part.reshape(height, reduction, width, reduction, 3).mean(axis=(1, 3))
        return part.astype(np.uint8), Box(x1, y1, x2, y2)


def test_sizes() -> None:
    assert size_of(PHOTO) == size_of(InParts(PHOTO, [])) == Size(640, 480)


def test_a_photo_in_memory_is_not_copied() -> None:
    part = pixels_in(PHOTO, Window(10, 20, 100, 50), Size(10, 5))
    assert part.shape == (50, 100, 3)
    assert np.shares_memory(part, PHOTO)


@pytest.mark.parametrize(
    ("side", "wanted", "reduction"),
    [(400, 400, 1), (400, 201, 1), (400, 200, 1), (400, 100, 2), (400, 60, 2), (400, 50, 4)],
)
def test_what_is_read_is_at_least_twice_as_fine_as_needed(
    side: int, wanted: int, reduction: int
) -> None:
    photo = InParts(PHOTO, [])
    part = pixels_in(photo, Window(0, 0, side, side), Size(wanted, wanted))
    assert photo.reductions == [reduction]
    assert part.shape[0] == side // reduction


def test_what_was_read_beyond_the_window_is_cut_off() -> None:
    part = pixels_in(InParts(PHOTO, []), Window(11, 22, 200, 100), Size(25, 12))
    assert part.shape == (26, 51, 3)
    assert np.array_equal(
        part, pixels_in(InParts(PHOTO, []), Window(8, 20, 204, 104), Size(25, 12))
    )
