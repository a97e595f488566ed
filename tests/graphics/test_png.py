"""PNGs: exact where they should be, small where they may not be."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.scenes import photo
from tui_label.graphics.palette import overlay_palette
from tui_label.graphics.png import is_grey, palette_png, photo_png, reduced_png


def read(png: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def rgb(png: bytes) -> np.ndarray:
    picture = read(png)
    if picture.ndim == 2:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    return cv2.cvtColor(picture[..., :3], cv2.COLOR_BGR2RGB)


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 256),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None, max_examples=60)
def test_an_index_map_comes_back_in_the_colours_of_its_palette(width, height, colours, seed):
    random = np.random.default_rng(seed)
    indices = random.integers(0, colours, (height, width), dtype=np.uint8)
    palette = random.integers(0, 256, (256, 4), dtype=np.uint8)
    picture = read(palette_png(indices, palette))
    assert np.array_equal(picture[..., [2, 1, 0, 3]], palette[indices])


def test_an_empty_overlay_of_a_whole_canvas_is_less_than_a_kilobyte():
    assert len(palette_png(np.zeros((800, 1280), np.uint8), overlay_palette())) < 700


@given(st.integers(1, 50), st.integers(1, 50), st.booleans(), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_a_photo_comes_back_as_it_was(width, height, grey, seed):
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if grey:
        pixels[..., 1:] = pixels[..., :1]
    assert np.array_equal(rgb(photo_png(pixels)), pixels)


def test_a_photo_without_colours_is_a_picture_without_colours():
    pixels = np.repeat(photo()[..., :1], 3, axis=2)
    assert is_grey(pixels) and not is_grey(photo())
    assert read(photo_png(pixels)).ndim == 2
    almost = pixels.copy()
    almost[1, 1, 2] ^= 1
    assert not is_grey(almost)


def test_few_colours_are_close_and_a_fraction_of_the_bytes():
    pixels = photo()
    few = reduced_png(pixels)
    assert len(few) < 0.5 * len(photo_png(pixels))
    assert cv2.PSNR(rgb(few), pixels) > 22
    assert len(np.unique(rgb(reduced_png(pixels, 16)).reshape(-1, 3), axis=0)) <= 16


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 255))
@settings(deadline=None, max_examples=20)
def test_a_picture_of_one_colour_keeps_it(width, height, level):
    pixels = np.full((height, width, 3), (level, 255 - level, 7), np.uint8)
    assert np.array_equal(rgb(reduced_png(pixels)), pixels)
