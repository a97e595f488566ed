"""How a person looks: what is seen of which photo, in which light."""

from dataclasses import dataclass

import pytest

from tui_label.errors import InputError
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.scene import Tone
from tui_label.graphics.viewport import CellSize, Viewport
from tui_label.tui.looking import Looking

PHOTO = Size(4000, 3000)


@dataclass
class Window:
    viewport: Viewport | None = None

    def look(self, viewport: Viewport) -> None:
        self.viewport = viewport


def looking() -> Looking:
    held = Looking(Window(Viewport.fitted(PHOTO, Size(160, 50), CellSize(8, 16))))
    held.begin("a", PHOTO)
    return held


def test_before_there_is_a_photo_it_says_so() -> None:
    with pytest.raises(InputError):
        Looking(Window()).zoom(2)


def test_a_photo_begins_in_its_middle() -> None:
    assert looking().cursor == (2000, 1500)


def test_the_cursor_cannot_leave_the_photo() -> None:
    held = looking()
    held.put_cursor(-50, 99999)
    assert held.cursor == (0, pytest.approx(3000, abs=0.01))


def test_the_view_follows_the_cursor() -> None:
    held = looking()
    held.zoom(8)
    held.put_cursor(10, 10)
    assert held.viewport.visible.contains(*held.cursor)


def test_pixel_for_pixel_is_exact() -> None:
    held = looking()
    held.one_to_one()
    assert held.viewport.scale == 1
    assert held.viewport.middle == pytest.approx(held.cursor)


def test_a_box_is_framed_with_a_margin() -> None:
    held = looking()
    held.frame(Box(1000, 1000, 1200, 1100))
    seen = held.viewport.visible
    assert seen.encloses(Box(1000, 1000, 1200, 1100))
    assert seen.width < 600


def test_filling_leaves_no_empty_cells() -> None:
    held = looking()
    held.fill()
    window = held.viewport.window
    assert window.x1 >= -1e-6 and window.y1 >= -1e-6
    assert window.x2 <= 4000 + 1e-6 and window.y2 <= 3000 + 1e-6


class TestLight:
    def test_each_photo_has_its_own(self) -> None:
        held = looking()
        held.lighten(2)
        held.begin("b", PHOTO)
        assert held.tone == Tone()
        held.begin("a", PHOTO)
        assert held.tone == Tone(brightness=0.2)

    def test_or_all_have_the_same(self) -> None:
        held = looking()
        held.sharpen(1)
        held.stick(True)
        held.begin("b", PHOTO)
        assert held.tone == Tone(contrast=1.25)
        held.stick(False)
        assert held.tone == Tone(contrast=1.25)
        held.begin("c", PHOTO)
        assert held.tone == Tone()

    def test_it_has_limits(self) -> None:
        held = looking()
        held.lighten(99)
        held.sharpen(99)
        assert held.tone == Tone(brightness=1.0, contrast=10.0)

    def test_opacity_stays_between_none_and_all(self) -> None:
        held = looking()
        held.fade(99)
        assert held.look.opacity == 1.0
        held.fade(-99)
        assert held.look.opacity == 0.0


class TestTheLoupe:
    @pytest.mark.parametrize("place", [(100, 100), (3900, 100), (100, 2900), (3900, 2900)])
    def test_it_never_covers_what_it_magnifies(self, place: tuple[float, float]) -> None:
        held = looking()
        held.magnifying = True
        held.put_cursor(*place)
        glass = held.loupe
        assert glass is not None
        column, row = held.viewport.to_cells(*place)
        cells = glass.cells
        assert not (cells.x <= column < cells.right and cells.y <= row < cells.bottom)
        assert (glass.x, glass.y) == held.cursor

    def test_a_window_may_be_too_small_for_it(self) -> None:
        held = Looking(Window(Viewport.fitted(PHOTO, Size(20, 8), CellSize(8, 16))))
        held.magnifying = True
        assert held.loupe is None
