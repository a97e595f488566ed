"""A scene as one raster: in parts that are kept, and put together."""

import numpy as np

from tests.graphics.scenes import disc, photo, scene
from tui_label.geometry.boxes import Size
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.frame import blended, frame_of, mixed
from tui_label.graphics.palette import FRAME_INDEX, overlay_palette
from tui_label.graphics.raster import photo_pixels
from tui_label.graphics.scene import Emphasis, Loupe, Mark, Shape, Tone
from tui_label.graphics.viewport import CellSize, Viewport

SIZE = Size(400, 300)
VIEW = Viewport.fitted(SIZE, Size(50, 19), CellSize(8, 16))
CANVAS = VIEW.canvas
DISC = Shape(disc(200, 150, 60, SIZE), emphasis=Emphasis.CANDIDATE)


def test_what_does_not_change_is_not_drawn_again() -> None:
    first = frame_of(None, scene(shapes=(DISC,), cursor=(10, 10)), VIEW, *CANVAS)
    moved = frame_of(first, scene(shapes=(DISC,), cursor=(90, 10)), VIEW, *CANVAS)
    assert moved.photo is first.photo and moved.indices is first.indices
    assert moved.sprites != first.sprites


def test_another_photo_light_or_view_is() -> None:
    first = frame_of(None, scene(), VIEW, *CANVAS)
    for other, view in (
        (scene(key="b"), VIEW),
        (scene(tone=Tone(0.1)), VIEW),
        (scene(), VIEW.zoomed(2, 100, 100)),
    ):
        assert frame_of(first, other, view, *CANVAS).photo is not first.photo


def test_markers_and_cursor_stand_on_their_pixels() -> None:
    frame = frame_of(None, scene(marks=(Mark(100.5, 100.5),), cursor=(300, 50)), VIEW, *CANVAS)
    marker, cursor = frame.sprites
    for sprite, place in ((marker, (100.5, 100.5)), (cursor, (300, 50))):
        side = sprite.pixels.shape[0]
        assert (sprite.x + side // 2, sprite.y + side // 2) == VIEW.pixel(*place)


def test_an_empty_overlay_costs_nothing() -> None:
    frame = frame_of(None, scene(), VIEW, *CANVAS)
    assert mixed(frame.photo, frame.indices, overlay_palette()) is frame.photo


def test_sprites_leave_the_kept_photo_alone() -> None:
    frame = frame_of(None, scene(cursor=(100, 100)), VIEW, *CANVAS)
    before = frame.photo.copy()
    assert not np.array_equal(blended(frame, overlay_palette()), before)
    assert np.array_equal(frame.photo, before)


def test_solid_contours_and_translucent_insides() -> None:
    frame = frame_of(None, scene(shapes=(DISC,)), VIEW, *CANVAS)
    palette = overlay_palette(opacity=0.5)
    pixels = mixed(frame.photo, frame.indices, palette)
    x, y = VIEW.pixel(200, 150)
    wanted = (frame.photo[y, x].astype(int) + palette[frame.indices[y, x], :3]) / 2
    assert np.abs(pixels[y, x] - wanted).max() <= 1


class TestLoupe:
    GLASS = Loupe(CellRect(0, 0, 16, 6), 200, 150, 4)

    def test_it_shows_what_is_around_its_place_larger(self) -> None:
        frame = frame_of(None, scene(loupe=self.GLASS), VIEW, *CANVAS)
        inset = VIEW.magnified(self.GLASS)
        assert inset.scale == 4 * VIEW.scale
        there = photo_pixels(scene().photo, inset, 128, 96)
        assert np.array_equal(frame.photo[1:95, 1:127], there[1:95, 1:127])
        assert np.array_equal(frame.photo[96:], frame.bare[96:])

    def test_it_has_a_border_masks_and_markers_of_its_own(self) -> None:
        seen = scene(shapes=(DISC,), marks=(Mark(200, 150),), loupe=self.GLASS)
        frame = frame_of(None, seen, VIEW, *CANVAS)
        assert (frame.indices[0, :128] == FRAME_INDEX).all()
        assert (frame.indices[1:95, 1:127] != 0).any()
        _, marker = frame.sprites
        assert marker.x >= 0 and marker.x + marker.pixels.shape[1] <= 128

    def test_sprites_are_cut_off_at_its_edge(self) -> None:
        inset = VIEW.magnified(self.GLASS)
        edge = inset.to_image(0, 3)
        frame = frame_of(None, scene(marks=(Mark(*edge),), loupe=self.GLASS), VIEW, *CANVAS)
        _, marker = frame.sprites
        assert marker.x == 0 and marker.pixels.shape[1] < marker.pixels.shape[0]

    def test_at_the_border_of_the_photo_it_stays_on_the_photo(self) -> None:
        inset = VIEW.magnified(Loupe(CellRect(0, 0, 16, 6), 0, 0, 4))
        assert (inset.left, inset.top) == (0, 0)


def test_a_large_photo_is_not_copied_for_a_cursor() -> None:
    large = scene(photo(400, 300), cursor=(5, 5))
    frame = frame_of(None, large, VIEW, *CANVAS)
    assert frame.photo is frame.bare
