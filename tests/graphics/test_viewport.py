"""One place converts between image pixels, canvas pixels and cells."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_label.geometry.boxes import Size
from tui_label.graphics.viewport import LARGEST_SCALE, CellSize, Viewport

sides = st.integers(1, 30_000)
photos = st.builds(Size, sides, sides)
canvases = st.builds(Size, st.integers(1, 400), st.integers(1, 120))
cells = st.builds(CellSize, st.floats(1, 40), st.floats(1, 80))
parts = st.floats(0, 1)


@st.composite
def viewports(draw):
    viewport = Viewport.fitted(draw(photos), draw(canvases), draw(cells))
    for _ in range(draw(st.integers(0, 3))):
        x, y = draw(parts) * viewport.photo.width, draw(parts) * viewport.photo.height
        viewport = viewport.zoomed(draw(st.floats(0.1, 20)), x, y)
        viewport = viewport.panned(draw(st.floats(-500, 500)), draw(st.floats(-500, 500)))
    return viewport


def close(a, b, scale=1.0):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6 * scale)


@given(viewports(), parts, parts)
def test_cells_to_image_and_back(viewport, across, down):
    column, row = across * viewport.cells.width, down * viewport.cells.height
    there = viewport.to_cells(*viewport.to_image(column, row))
    assert close(there[0], column) and close(there[1], row)


@given(viewports(), parts, parts)
def test_canvas_pixels_are_cells_times_the_cell_size(viewport, across, down):
    x, y = across * viewport.photo.width, down * viewport.photo.height
    column, row = viewport.to_cells(x, y)
    canvas_x, canvas_y = viewport.to_canvas(x, y)
    assert close(canvas_x, column * viewport.cell.width, 1e3)
    assert close(canvas_y, row * viewport.cell.height, 1e3)


@given(photos, canvases, cells)
def test_a_fit_shows_the_whole_photo_as_large_as_it_gets(photo, canvas, cell):
    viewport = Viewport.fitted(photo, canvas, cell)
    assert viewport.is_fit
    assert viewport.zoom == 1
    visible = viewport.visible
    assert visible.x2 - visible.x1 == pytest.approx(photo.width)
    assert visible.y2 - visible.y1 == pytest.approx(photo.height)
    fills = close(viewport.window.width, photo.width, photo.width) or close(
        viewport.window.height, photo.height, photo.height
    )
    assert fills or viewport.scale == LARGEST_SCALE


@given(viewports())
def test_the_window_never_leaves_the_photo_and_a_smaller_photo_is_in_the_middle(viewport):
    window, photo = viewport.window, viewport.photo
    for low, high, size in (
        (window.x1, window.x2, photo.width),
        (window.y1, window.y2, photo.height),
    ):
        if high - low >= size:
            assert close(low + high, size, size)
        else:
            assert low >= 0 and high <= size * (1 + 1e-9)
    assert viewport.zoom >= 1 and viewport.scale <= LARGEST_SCALE


@given(viewports(), parts, parts, st.floats(1, 4))
def test_zooming_in_keeps_the_point_under_the_pointer(viewport, across, down, factor):
    window = viewport.visible
    x, y = window.x1 + across * window.width, window.y1 + down * window.height
    zoomed = viewport.zoomed(factor, x, y)
    for axis, (size, start, extent) in enumerate(
        (
            (viewport.photo.width, viewport.left, viewport.window.width),
            (viewport.photo.height, viewport.top, viewport.window.height),
        )
    ):
        # A photo narrower than its canvas stays in the middle instead.
        if extent <= size and start >= 0:
            before, after = viewport.to_canvas(x, y)[axis], zoomed.to_canvas(x, y)[axis]
            assert math.isclose(before, after, abs_tol=1e-3)


def test_zooming_out_again_ends_at_the_fit():
    fit = Viewport.fitted(Size(4000, 3000), Size(160, 50), CellSize(8, 16))
    viewport = fit
    for factor in (1.25, 1.25, 1.25, 0.8, 0.8, 0.8):
        viewport = viewport.zoomed(factor, 1000, 1000)
    assert viewport == fit


@given(viewports(), parts, parts)
def test_including_a_point_shows_it_and_does_not_move_when_it_is_shown(viewport, across, down):
    x, y = across * viewport.photo.width, down * viewport.photo.height
    seen = viewport.including(x, y)
    column, row = seen.to_cells(x, y)
    assert -1e-6 <= column <= viewport.cells.width + 1e-6
    assert -1e-6 <= row <= viewport.cells.height + 1e-6
    middle = (seen.window.x1 + seen.window.x2) / 2, (seen.window.y1 + seen.window.y2) / 2
    again = seen.including(*middle)
    assert close(again.left, seen.left, 1e3) and close(again.top, seen.top, 1e3)


def test_including_keeps_a_margin():
    viewport = Viewport.fitted(Size(1000, 1000), Size(100, 50), CellSize(8, 16))
    viewport = viewport.zoomed(4, 500, 500)
    seen = viewport.including(800, 500, margin=80)
    assert seen.to_canvas(800, 500)[0] == pytest.approx(720)


@given(viewports(), canvases, cells)
def test_a_resized_canvas_keeps_a_fit_and_the_zoom(viewport, canvas, cell):
    resized = viewport.resized(canvas, cell)
    if viewport.is_fit:
        assert resized == Viewport.fitted(viewport.photo, canvas, cell)
    elif resized.scale < LARGEST_SCALE and not resized.is_fit:
        assert resized.zoom == pytest.approx(viewport.zoom)


def test_resizing_to_the_same_canvas_changes_nothing():
    viewport = Viewport.fitted(Size(4000, 3000), Size(160, 50), CellSize(8, 16))
    viewport = viewport.zoomed(5, 1234, 567)
    again = viewport.resized(Size(160, 50), CellSize(8, 16))
    assert (again.left, again.top, again.scale) == pytest.approx(
        (viewport.left, viewport.top, viewport.scale)
    )


def test_centred_brings_a_point_to_the_middle():
    viewport = Viewport.fitted(Size(1000, 1000), Size(100, 50), CellSize(8, 16)).zoomed(4, 0, 0)
    assert viewport.centred(500, 400).to_cells(500, 400) == pytest.approx((50, 25))


def test_a_canvas_without_area_is_refused():
    with pytest.raises(ValueError, match="nothing to see"):
        Viewport.fitted(Size(10, 10), Size(0, 5), CellSize(8, 16))
