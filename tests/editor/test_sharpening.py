"""What is seen of a large photo: an overview first, what is looked at closely when it was read."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.editor.walk import painted
from tui_label.dataset.large_photos import LargePhoto, large_photo
from tui_label.dataset.photo_files import opened
from tui_label.editor.sharpening import Detail, SeenPhoto
from tui_label.errors import InputError
from tui_label.geometry.boxes import Box, Size

WHOLE = Size(400, 300)
EVERYTHING = Box.whole(WHOLE)


def photo_in_parts(path: Path) -> LargePhoto:
    y, x = np.mgrid[0 : WHOLE.height, 0 : WHOLE.width]
    pixels = np.stack([x % 256, y % 256, (x + y) % 256], axis=-1).astype(np.uint8)
    Image.fromarray(pixels).save(path, tiffinfo={278: 16})
    with opened(path) as image:
        photo = large_photo(path, image, overview=50)  # reduced by 8
    assert photo is not None
    return photo


@pytest.fixture
def seen(tmp_path: Path) -> SeenPhoto:
    return SeenPhoto(photo_in_parts(tmp_path / "a.tif"), "a")


def sharpen(seen: SeenPhoto, visible: Box, scale: float) -> Detail:
    detail = seen.wanted(visible, scale)
    assert detail is not None
    assert seen.sharpened(detail, detail.decoded())
    return detail


def test_a_photo_in_memory_is_its_only_layer_and_never_wants_another() -> None:
    photo = painted()
    seen = SeenPhoto(photo, "a")
    assert seen.size == Size(photo.shape[1], photo.shape[0])
    assert [layer.pixels is photo for layer in seen.picture.layers] == [True]
    assert seen.wanted(Box(0, 0, 10, 10), 32.0) is None
    assert seen.key == "a"


def test_the_overview_is_sharp_enough_for_the_whole(seen: SeenPhoto) -> None:
    assert seen.picture.size == WHOLE
    assert seen.picture.layers[0].box == Box(0, 0, 400, 304)  # 38 pixels of 8
    assert seen.wanted(EVERYTHING, 1 / 8) is None
    assert seen.wanted(EVERYTHING, 1 / 20) is None


@pytest.mark.parametrize(
    ("scale", "reduction"), [(1 / 7, 4), (1 / 4, 4), (0.3, 2), (0.5, 2), (0.6, 1), (1, 1), (32, 1)]
)
def test_a_pixel_of_the_canvas_gets_a_pixel_of_the_photo(
    seen: SeenPhoto, scale: float, reduction: int
) -> None:
    detail = seen.wanted(Box(100, 100, 200, 180), scale)
    assert detail is not None
    assert detail.reduction == reduction


def test_what_was_read_is_drawn_over_the_overview(seen: SeenPhoto) -> None:
    visible = Box(100, 100, 200, 180)
    sharpen(seen, visible, 1.0)
    overview, finer = seen.picture.layers
    assert overview.box.encloses(EVERYTHING)
    assert finer.box == Box(87, 90, 213, 190)  # outward to pixels
    assert finer.pixels.shape == (100, 126, 3)
    assert finer.pixels[0, 0].tolist() == [87, 90, 177]


def test_a_picture_that_got_sharper_has_another_key(seen: SeenPhoto) -> None:
    keys = [seen.key]
    for x in (0, 200):
        sharpen(seen, Box(x, 0, x + 50, 50), 1.0)
        keys.append(seen.key)
    assert keys[0] == "a"
    assert len(set(keys)) == 3


def test_small_steps_need_no_reading(seen: SeenPhoto) -> None:
    sharpen(seen, Box(100, 100, 200, 180), 1.0)
    assert seen.wanted(Box(105, 95, 205, 175), 1.0) is None
    assert seen.wanted(Box(110, 110, 150, 150), 2.5) is None
    assert seen.wanted(Box(150, 100, 250, 180), 1.0) is not None


def test_only_the_newest_part_is_kept(seen: SeenPhoto) -> None:
    sharpen(seen, Box(0, 0, 50, 50), 1.0)
    sharpen(seen, Box(300, 200, 350, 250), 1.0)
    assert len(seen.picture.layers) == 2
    assert seen.wanted(Box(0, 0, 50, 50), 1.0) is not None


def test_the_same_want_is_equal(seen: SeenPhoto) -> None:
    visible = Box(100, 100, 200, 180)
    assert seen.wanted(visible, 1.0) == seen.wanted(visible, 1.0)
    assert seen.wanted(visible, 1.0) != seen.wanted(visible, 0.5)


def test_a_part_of_another_photo_is_not_taken(seen: SeenPhoto, tmp_path: Path) -> None:
    other = SeenPhoto(photo_in_parts(tmp_path / "b.tif"), "b")
    detail = other.wanted(Box(0, 0, 50, 50), 1.0)
    assert detail is not None
    before = seen.picture
    assert not seen.sharpened(detail, detail.decoded())
    assert seen.picture is before


def test_what_cannot_be_read_is_not_asked_for_again(seen: SeenPhoto, tmp_path: Path) -> None:
    detail = seen.wanted(Box(0, 0, 50, 50), 1.0)
    assert detail is not None
    (tmp_path / "a.tif").unlink()
    with pytest.raises(InputError):
        detail.decoded()
    seen.not_sharpened()
    assert seen.wanted(Box(0, 0, 50, 50), 1.0) is None


@given(
    x=st.floats(0, 399),
    y=st.floats(0, 299),
    width=st.floats(0.1, 400),
    height=st.floats(0.1, 300),
    scale=st.floats(0.01, 32),
)
def test_after_sharpening_nothing_is_wanted(
    tmp_path_factory: pytest.TempPathFactory,
    x: float,
    y: float,
    width: float,
    height: float,
    scale: float,
) -> None:
    path = tmp_path_factory.getbasetemp() / "wanted.tif"
    seen = SeenPhoto(photo_in_parts(path), "a")
    visible = Box(x, y, x + width, y + height).clipped(WHOLE)
    detail = seen.wanted(visible, scale)
    if detail is not None:
        seen.sharpened(detail, detail.decoded())
    assert seen.wanted(visible, scale) is None
