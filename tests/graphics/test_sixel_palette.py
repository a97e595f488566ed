"""The colours of a sixel picture: near to the photo's, and the same as long as they can be."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.graphics.scenes import photo
from tui_label.graphics.palette import (
    MASK_COLOURS,
    RUBBER_LIGHT_INDEX,
    Part,
    overlay_index,
)
from tui_label.graphics.scene import Emphasis, Look, Picture, Scene, Tone
from tui_label.graphics.sixel_palette import SixelPalette, palette_of
from tui_label.graphics.sprites import marker

CONTOUR = overlay_index(0, Emphasis.NORMAL, Part.CONTOUR)
FILL = overlay_index(0, Emphasis.NORMAL, Part.FILL)


def scene_of(pixels: np.ndarray, key: str = "a", **parts) -> Scene:
    return Scene(Picture.of(np.ascontiguousarray(pixels)), key, **parts)


def palette(scene: Scene, grey: bool = False) -> SixelPalette:
    return palette_of(None, scene, MASK_COLOURS, grey)


def drawn(colours: SixelPalette, pixels: np.ndarray) -> np.ndarray:
    """RGB as a terminal shows it."""
    return np.rint(colours.percents[colours.photo_values(pixels)] * 2.55)


@pytest.mark.parametrize("name", ["dog", "groceries", "truck"])
def test_photos_are_shown_within_six_levels_on_average(shared: Path, name: str) -> None:
    pixels = cv2.imread(str(shared / "data" / "photos" / f"{name}.jpg"))[..., ::-1]
    off = np.abs(drawn(palette(scene_of(pixels)), pixels) - pixels)
    assert off.mean() < 6
    assert abs((drawn(palette(scene_of(pixels)), pixels) - pixels).mean()) < 1


def test_a_picture_of_few_colours_keeps_them_to_a_percent() -> None:
    colours = np.array([(0, 0, 0), (255, 255, 255), (200, 30, 30), (30, 60, 200)], dtype=np.uint8)
    pixels = colours[np.random.default_rng(0).integers(0, 4, (40, 40))]
    assert np.abs(drawn(palette(scene_of(pixels)), pixels) - pixels).max() <= 2


def test_a_photo_of_one_colour_has_a_palette() -> None:
    pixels = np.full((5, 5, 3), 90, dtype=np.uint8)
    assert np.abs(drawn(palette(scene_of(pixels)), pixels) - 90.0).max() <= 2


def test_the_palette_stays_as_long_as_photo_tone_and_colours_do() -> None:
    scene = scene_of(photo())
    before = palette(scene)
    moved = replace(scene, cursor=(1, 1))
    assert palette_of(before, moved, MASK_COLOURS) is before
    again = palette_of(before, replace(scene, look=Look(opacity=0.8)), MASK_COLOURS)
    assert again.nearest is before.nearest
    for other in (replace(scene, photo_key="b"), replace(scene, tone=Tone(brightness=0.5))):
        assert palette_of(before, other, MASK_COLOURS).nearest is not before.nearest


def test_the_tone_is_that_of_the_photo_as_it_is_shown() -> None:
    pixels = np.full((5, 5, 3), 100, dtype=np.uint8)
    colours = palette(scene_of(pixels, tone=Tone(brightness=0.2)))
    lit = np.full((5, 5, 3), 151, dtype=np.uint8)
    assert np.abs(drawn(colours, lit) - 151).max() <= 2


def test_without_colours_everything_is_grey() -> None:
    percents = palette(scene_of(photo()), grey=True).percents
    assert (percents == percents[:, :1]).all()


def test_contours_are_solid_and_fills_are_rows() -> None:
    colours = palette(scene_of(photo(), look=Look(opacity=0.4)))
    assert colours.periods[CONTOUR] == colours.periods[RUBBER_LIGHT_INDEX] == 1
    assert colours.periods[FILL] == 3
    assert colours.periods[0] == 0
    assert tuple(colours.percents[colours.masks[CONTOUR]]) == (34, 71, 91)


@pytest.mark.parametrize(("opacity", "period"), [(0, 0), (0.05, 6), (0.5, 2), (1, 1)])
def test_the_opacity_is_how_dense_the_rows_are(opacity: float, period: int) -> None:
    assert palette(scene_of(photo(), look=Look(opacity=opacity))).periods[FILL] == period


def test_markers_have_their_own_colours_and_no_soft_edge() -> None:
    colours = palette(scene_of(photo()))
    plus, minus = (colours.sprite_values(marker(17, positive)) for positive in (True, False))
    assert plus[0, 0] == minus[0, 0] == 0
    assert len(np.unique(plus)) == len(np.unique(minus)) == 4
    green, red = (
        colours.percents[np.setdiff1d(a, b)[0]] for a, b in ((plus, minus), (minus, plus))
    )
    assert green[1] > green[0] and red[0] > red[1]
