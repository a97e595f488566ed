"""Photo and shapes as pixels of the canvas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.scenes import disc, photo, scene, whole
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics import raster
from tui_label.graphics.palette import (
    RUBBER_DARK_INDEX,
    RUBBER_LIGHT_INDEX,
    Part,
    overlay_index,
    overlay_palette,
)
from tui_label.graphics.png import palette_png
from tui_label.graphics.raster import draw_overlay
from tui_label.graphics.scene import Emphasis, Layer, Look, MaskStyle, Picture, Scene, Shape, Tone
from tui_label.graphics.viewport import CellSize, Viewport

SIZE = Size(400, 300)
CELL = CellSize(8, 16)


def overlay_indices(shown: Scene, viewport: Viewport, width: int, height: int) -> np.ndarray:
    return draw_overlay(None, shown, viewport, width, height).indices


def photo_pixels(pixels: np.ndarray, *where) -> np.ndarray:
    return raster.photo_pixels(Picture.of(pixels), *where)


FILL = overlay_index(0, Emphasis.NORMAL, Part.FILL)
CONTOUR = overlay_index(0, Emphasis.NORMAL, Part.CONTOUR)


def test_at_one_to_one_the_photo_is_copied():
    viewport = Viewport.fitted(Size(400, 160), Size(50, 10), CELL)
    pixels = photo(400, 160)
    assert np.array_equal(photo_pixels(pixels, viewport, 400, 160), pixels)


def test_a_photo_of_another_shape_stands_in_the_middle_of_black():
    viewport = Viewport.fitted(Size(100, 100), Size(50, 10), CELL)
    pixels = photo_pixels(np.full((100, 100, 3), 200, np.uint8), viewport, 400, 160)
    assert (pixels[:, 120:280] == 200).all()
    assert not pixels[:, :120].any() and not pixels[:, 280:].any()


def test_reduced_pixels_are_averages():
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[:, ::2] = 200
    viewport = Viewport.fitted(Size(400, 400), Size(5, 2), CellSize(10, 25))
    pixels = photo_pixels(stripes, viewport, 50, 50)
    assert np.abs(pixels.astype(int) - 100).max() <= 1


def test_far_enlarged_pixels_are_squares():
    pixels = photo(16, 8)
    viewport = Viewport.fitted(Size(16, 8), Size(32, 8), CELL)
    shown = photo_pixels(pixels, viewport, 256, 128)
    assert np.array_equal(shown, pixels.repeat(16, axis=0).repeat(16, axis=1))


@given(
    st.builds(Size, st.integers(1, 90), st.integers(1, 90)),
    st.builds(Size, st.integers(1, 20), st.integers(1, 10)),
    st.floats(1, 60),
    st.floats(0, 1),
    st.floats(0, 1),
)
@settings(deadline=None, max_examples=60)
def test_a_ramp_stays_where_it_is_at_any_zoom(size, canvas, factor, across, down):
    ramp = np.zeros((size.height, size.width, 3), np.uint8)
    ramp[..., 0] = np.arange(size.width)[None, :] * 2
    ramp[..., 1] = np.arange(size.height)[:, None] * 2
    viewport = Viewport.fitted(size, canvas, CELL)
    viewport = viewport.zoomed(factor, across * size.width, down * size.height)
    width, height = viewport.canvas
    shown = photo_pixels(ramp, viewport, width, height).astype(float)
    # Away from edges, a pixel's value is twice the image coordinate of its centre.
    step = 1 / viewport.scale
    row = height // 2
    y = viewport.top + (row + 0.5) * step
    if not step < y < size.height - step:
        return  # the photo is too flat here to fill that row of the canvas
    for column in range(0, width, 7):
        x = viewport.left + (column + 0.5) * step
        if 2 * step + 1 < x < size.width - 2 * step - 1:
            assert abs(shown[row, column, 0] - 2 * (x - 0.5)) <= 2 * max(0.51, 0.51 * step) + 1


def test_a_filled_box_has_a_contour_around_a_fill():
    viewport = Viewport.fitted(Size(400, 160), Size(50, 10), CELL)
    region = whole(100, 40, 200, 120, Size(400, 160))
    indices = overlay_indices(scene(photo(400, 160), shapes=(Shape(region),)), viewport, 400, 160)
    assert (indices[41:119, 101:199] == FILL).all()
    assert (indices[40, 100:200] == CONTOUR).all() and (indices[40:120, 199] == CONTOUR).all()
    indices[40:120, 100:200] = 0
    assert not indices.any()


def test_candidates_cover_selected_shapes_which_cover_the_others():
    viewport = Viewport.fitted(SIZE, Size(50, 18), CELL)
    shapes = [
        Shape(disc(200, 150, 60, SIZE), None, number, emphasis)
        for number, emphasis in enumerate((Emphasis.CANDIDATE, Emphasis.SELECTED, Emphasis.NORMAL))
    ]
    for chosen, top in ((shapes, 0), (shapes[1:], 1), (shapes[2:], 2)):
        indices = overlay_indices(scene(shapes=tuple(chosen)), viewport, *viewport.canvas)
        expected = overlay_index(top, shapes[top].emphasis, Part.FILL)
        assert indices[indices.shape[0] // 2, indices.shape[1] // 2] == expected


@given(
    st.integers(0, 2999),
    st.integers(0, 1999),
    st.builds(Size, st.integers(1, 60), st.integers(1, 40)),
    st.floats(1, 50),
)
@settings(deadline=None, max_examples=100)
def test_a_mask_of_one_pixel_never_vanishes(x, y, canvas, factor):
    size = Size(3000, 2000)
    pixels = np.zeros((1, 1, 3), np.uint8)
    viewport = Viewport.fitted(size, canvas, CELL).zoomed(factor, x + 0.5, y + 0.5)
    viewport = viewport.centred(x + 0.5, y + 0.5)
    shapes = (Shape(whole(x, y, x + 1, y + 1, size)),)
    columns, rows = canvas
    assert overlay_indices(scene(pixels, shapes=shapes), viewport, columns, 2 * rows).any()


def test_a_mask_beyond_the_canvas_leaves_no_trace():
    viewport = Viewport.fitted(SIZE, Size(50, 18), CELL).zoomed(8, 0, 0)
    shapes = (Shape(disc(350, 250, 20, SIZE)),)
    assert not overlay_indices(scene(shapes=shapes), viewport, *viewport.canvas).any()


def test_no_contour_runs_along_the_canvas_edge_inside_a_mask():
    viewport = Viewport.fitted(SIZE, Size(50, 18), CELL).zoomed(8, 200, 150)
    shapes = (Shape(disc(200, 150, 140, SIZE)),)
    assert (overlay_indices(scene(shapes=shapes), viewport, *viewport.canvas) == FILL).all()


def test_an_outline_is_a_frame_inside_its_box():
    viewport = Viewport.fitted(Size(400, 160), Size(50, 10), CELL)
    shapes = (Shape(None, Box(10, 20, 50, 60)),)
    indices = overlay_indices(scene(photo(400, 160), shapes=shapes), viewport, 400, 160)
    frame = np.zeros_like(indices)
    frame[20:60, 10:50] = CONTOUR
    frame[21:59, 11:49] = 0
    assert np.array_equal(indices, frame)


def test_the_rubber_band_is_dashed_and_on_top():
    viewport = Viewport.fitted(Size(400, 160), Size(50, 10), CELL)
    region = whole(0, 0, 400, 160, Size(400, 160))
    shown = scene(
        photo(400, 160),
        shapes=(Shape(region, None, 0, Emphasis.CANDIDATE),),
        rubber=Box(10, 20, 90, 60),
    )
    indices = overlay_indices(shown, viewport, 400, 160)
    assert set(indices[20, 10:90].tolist()) == {RUBBER_LIGHT_INDEX, RUBBER_DARK_INDEX}


def test_an_unchanged_overlay_is_the_same_object_and_a_changed_one_as_if_drawn_anew():
    viewport = Viewport.fitted(SIZE, Size(50, 18), CELL)
    kept = (Shape(disc(100, 100, 40, SIZE), None, 3),)
    candidate = Shape(disc(150, 120, 50, SIZE), None, 0, Emphasis.CANDIDATE)
    first = draw_overlay(None, scene(shapes=kept), viewport, *viewport.canvas)
    assert draw_overlay(first, scene(shapes=kept), viewport, *viewport.canvas) is first
    second = scene(shapes=(*kept, candidate))
    after = draw_overlay(first, second, viewport, *viewport.canvas)
    assert np.array_equal(after.indices, overlay_indices(second, viewport, *viewport.canvas))
    back = draw_overlay(after, scene(shapes=kept), viewport, *viewport.canvas)
    assert np.array_equal(back.indices, first.indices)


def test_every_entry_of_the_palette_that_is_drawn_is_visible():
    table = overlay_palette([(1, 2, 3)])
    for colour in range(40):
        for emphasis in Emphasis:
            for part in Part:
                index = overlay_index(colour, emphasis, part)
                assert 0 < index < 256 and table[index, 3] > 0
    assert table[0, 3] == 0
    with pytest.raises(ValueError, match="at least one"):
        overlay_palette([])


def test_a_theme_brings_its_own_colours_and_they_repeat():
    table = overlay_palette([(1, 2, 3), (4, 5, 6)])
    third = table[overlay_index(2, Emphasis.NORMAL, Part.CONTOUR)]
    assert third.tolist() == [1, 2, 3, 255]


@given(st.integers(1, 17), st.integers(1, 9), st.integers(1, 60), st.integers(0, 99))
@settings(deadline=None)
def test_a_palette_png_reads_back_as_the_colours_it_was_made_of(width, height, colours, seed):
    import cv2

    indices = np.random.default_rng(seed).integers(0, colours, (height, width), dtype=np.uint8)
    table = overlay_palette()
    png = cv2.imdecode(np.frombuffer(palette_png(indices, table), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(cv2.cvtColor(png, cv2.COLOR_BGRA2RGBA), table[indices])


class TestLayers:
    """A huge photo is decoded in parts, in as many pixels as can be seen."""

    PHOTO = photo(400, 300)
    HALF = PHOTO[::2, ::2]
    VIEW = Viewport.fitted(Size(400, 300), Size(50, 19), CELL)

    def drawn(self, *layers: Layer, view: Viewport = VIEW) -> np.ndarray:
        return raster.photo_pixels(Picture(Size(400, 300), layers), view, *view.canvas)

    def test_fewer_pixels_show_the_same_photo(self) -> None:
        soft = np.dstack([np.tile(np.arange(200, dtype=np.uint8), (150, 1))] * 3)
        full = np.dstack([np.tile(np.linspace(0, 199, 400), (300, 1))] * 3).astype(np.uint8)
        coarse = self.drawn(Layer(soft, Box(0, 0, 400, 300)))
        fine = self.drawn(Layer(full, Box(0, 0, 400, 300)))
        assert np.abs(coarse.astype(int) - fine).max() <= 2

    def test_a_finer_layer_is_drawn_over_what_it_spans_and_nowhere_else(self) -> None:
        overview = Layer(self.HALF, Box(0, 0, 400, 300))
        view = self.VIEW.zoomed(4, 200, 150)
        inside = view.visible
        x1, y1, x2, y2 = int(inside.x1), int(inside.y1), int(inside.x1) + 40, int(inside.y1) + 40
        detail = Layer(self.PHOTO[y1:y2, x1:x2], Box(x1, y1, x2, y2))
        both, coarse = self.drawn(overview, detail, view=view), self.drawn(overview, view=view)
        fine = photo_pixels(self.PHOTO, view, *view.canvas)
        right, bottom = (int(value) for value in view.to_canvas(x2, y2))
        assert np.array_equal(both[: bottom - 6, : right - 6], fine[: bottom - 6, : right - 6])
        assert np.array_equal(both[bottom + 1 :], coarse[bottom + 1 :])
        assert np.array_equal(both[:, right + 1 :], coarse[:, right + 1 :])

    def test_a_layer_may_reach_beyond_the_photo_and_is_cut_off_there(self) -> None:
        wide = np.full((151, 201, 3), 90, np.uint8)
        drawn = self.drawn(Layer(wide, Box(0, 0, 402, 302)))
        assert np.array_equal(
            drawn != 0,
            photo_pixels(np.full((300, 400, 3), 90, np.uint8), self.VIEW, *self.VIEW.canvas) != 0,
        )


class TestLook:
    SHAPE = Shape(whole(50, 50, 150, 150, SIZE))
    VIEW = Viewport.fitted(SIZE, Size(50, 19), CELL)

    def indices(self, masks: MaskStyle, *shapes: Shape) -> set[int]:
        seen = scene(shapes=shapes or (self.SHAPE,), look=Look(masks))
        return set(np.unique(overlay_indices(seen, self.VIEW, 400, 304)).tolist())

    def test_outlines_have_no_fill(self) -> None:
        assert self.indices(MaskStyle.FILLED) == {0, FILL, CONTOUR}
        assert self.indices(MaskStyle.OUTLINE) == {0, CONTOUR}

    def test_hidden_masks_are_gone_but_what_is_being_made_stays(self) -> None:
        making = Shape(whole(200, 50, 300, 150, SIZE), emphasis=Emphasis.CANDIDATE)
        preview = Shape(whole(200, 160, 300, 200, SIZE), emphasis=Emphasis.PREVIEW)
        assert self.indices(MaskStyle.HIDDEN) == {0}
        shown = self.indices(MaskStyle.HIDDEN, self.SHAPE, making, preview)
        assert overlay_index(0, Emphasis.CANDIDATE, Part.FILL) in shown
        assert overlay_index(0, Emphasis.PREVIEW, Part.CONTOUR) in shown
        assert CONTOUR not in shown

    def test_an_outline_hides_nothing_of_the_mask_below(self) -> None:
        below = Shape(whole(60, 60, 140, 140, SIZE), colour=1)
        above = Shape(whole(50, 50, 150, 150, SIZE), colour=2)
        shown = self.indices(MaskStyle.OUTLINE, below, above)
        assert overlay_index(1, Emphasis.NORMAL, Part.CONTOUR) in shown

    def test_opacity_is_of_the_inside_only(self) -> None:
        faint, solid = overlay_palette(opacity=0.1), overlay_palette(opacity=1.0)
        assert (faint[FILL, 3], solid[FILL, 3]) == (26, 255)
        assert faint[CONTOUR, 3] == solid[CONTOUR, 3] == 255
        assert overlay_palette(opacity=0.1) is faint


def test_light_changes_what_is_seen() -> None:
    view = Viewport.fitted(SIZE, Size(50, 19), CELL)
    picture = Picture.of(photo(400, 300))
    plain = raster.photo_pixels(picture, view, 400, 304)
    brighter = raster.photo_pixels(picture, view, 400, 304, Tone(brightness=0.2))
    inside = plain.any(axis=2)
    expected = np.clip(plain[inside].astype(int) + 51, 0, 255)
    assert np.abs(brighter[inside].astype(int) - expected).max() <= 1
