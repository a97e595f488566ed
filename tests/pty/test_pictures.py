"""What a person sees, whatever the picture is made of: one story, told in six ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.pty.conftest import one_photo, starting
from tests.pty.keys import WHEEL_UP
from tests.pty.seeing import Fit, filled, has_mask, iou, is_ready, left_on, solid, written
from tests.pty.showing import apart, assert_photo, canvas, fitted
from tests.pty.terminal import FakeTerminal
from tests.pty.ways import WAYS, Way
from tests.terminals.looking import LOOKS, Look, Placed, changed, marker

pytestmark = pytest.mark.slow


SPOT = (361.5, 401.5)
"""On the dog, canvas pixels: the middle of one."""

WHEEL = 1.25
STEPS = 3


@dataclass
class Story:
    """The whole screen after every step, ``uint8[h, w, 3]``; and what was left in the end."""

    way: Way
    image: Path
    terminal: FakeTerminal
    in_pixels: bool
    photo: np.ndarray
    zoomed: np.ndarray
    fitted: np.ndarray
    asked: np.ndarray
    helped: np.ndarray
    dialog: tuple[slice, slice]
    back: np.ndarray
    small: np.ndarray
    large: np.ndarray
    exit_code: int

    @property
    def look(self) -> Look:
        return LOOKS[self.way.painter]

    @property
    def grain(self) -> tuple[float, float]:
        return self.look.grain(self.terminal.cell)

    @property
    def spot(self) -> tuple[float, float]:
        """Where the click is, as finely as this terminal tells."""
        if self.in_pixels:
            return SPOT
        width, height = self.terminal.cell
        return (SPOT[0] // width + 0.5) * width, (SPOT[1] // height + 0.5) * height


def dialog_in(terminal: FakeTerminal) -> tuple[slice, slice]:
    """The pixels between the corners of what lies over the picture."""
    lines = terminal.glyphs()
    [(top, left)] = [(y, line.index("╭")) for y, line in enumerate(lines) if "╭" in line]
    [(bottom, right)] = [(y, line.index("╯")) for y, line in enumerate(lines) if "╯" in line]
    width, height = terminal.cell
    return slice(top * height, (bottom + 1) * height), slice(left * width, (right + 1) * width)


@pytest.fixture(scope="module", params=WAYS.values(), ids=WAYS.keys())
def story(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    way: Way = request.param
    folder = tmp_path_factory.mktemp(way.painter)
    dog = one_photo(shared, folder / "one")
    options = ("--classes", "dog", "--task", "segment", *way.arguments)
    with starting(folder / "home") as start, start(dog, *options, brand=way.brand) as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.45)
        photo, in_pixels = terminal.pixels(), terminal.pixel_reports
        x, y = SPOT[0] / terminal.cell[0], SPOT[1] / terminal.cell[1]

        def turn_the_wheel() -> None:
            for _ in range(STEPS):
                terminal.mouse(x, y, WHEEL_UP, "M")

        def click() -> None:
            terminal.click(x, y)
            terminal.wait(has_mask)

        def close() -> None:
            terminal.press("escape")
            terminal.wait(lambda text: "escape closes" not in text)

        zoomed = terminal.after(turn_the_wheel)
        fitted_ = terminal.after(lambda: terminal.press("0"))
        asked = terminal.after(click)
        helped = terminal.after(lambda: terminal.press("?"))
        dialog = dialog_in(terminal)
        back = terminal.after(close)
        small = terminal.after(lambda: terminal.resize(90, 27))
        large = terminal.after(lambda: terminal.resize(120, 36))
        terminal.press("enter")
        terminal.wait("1 object, saved")
        terminal.press("q")
        code = terminal.wait_exit()
        yield Story(
            way,
            dog / "dog.jpg",
            terminal,
            in_pixels,
            photo,
            zoomed,
            fitted_,
            asked,
            helped,
            dialog,
            back,
            small,
            large,
            code,
        )


def assert_same(story: Story, before: np.ndarray, now: np.ndarray) -> None:
    """Alike on every cell: JPEGs and blocks come near a colour, not always the same way."""
    slack = {"kitty": 0, "sixel": 0}.get(story.way.painter, 32)
    assert apart(before, now, story.terminal.cell) <= slack


def assert_shows(story: Story, screen: np.ndarray, placed: Placed) -> None:
    assert_photo(story.way, screen, story.image, placed)


def fit(story: Story, columns: int = 120, rows: int = 36) -> Placed:
    return fitted(story.image, columns, rows, story.terminal.cell)


def test_the_photo_is_shown_in_its_colours_and_in_its_place(story: Story) -> None:
    assert_shows(story, story.photo, fit(story))


def test_a_click_puts_its_point_where_the_pointer_is(story: Story) -> None:
    middle = marker(canvas(story.photo), canvas(story.asked))
    assert middle is not None
    off = np.abs(np.subtract(middle, story.spot))
    # Where a point is a letter it takes a cell, and no place in it.
    reach = story.terminal.cell if story.look.marks_cells else story.grain
    assert (off <= reach).all(), (middle, story.spot)


def test_the_mask_holds_the_point_and_is_the_polygon_in_the_file(story: Story) -> None:
    before, now = canvas(story.photo), canvas(story.asked)
    # What is around point and cursor is neither photo nor mask.
    near = np.zeros(before.shape[:2], dtype=bool)
    places = (story.spot, fit(story).canvas(400, 267))
    for x, y in places:
        near[max(0, int(y) - 24) : int(y) + 24, max(0, int(x) - 24) : int(x) + 24] = True
    mask = solid(changed(before, now, 20) | near)
    [(_, points)] = written(story.image)
    polygon = filled(Fit.of(story.image, story.terminal).raster(points, mask.shape), mask.shape)
    assert polygon[int(story.spot[1]), int(story.spot[0])]
    assert iou(mask, polygon, ~near) >= (0.9 if story.look.across == 0 else 0.8)


def test_help_is_readable_and_the_picture_is_seen_around_it(story: Story) -> None:
    inside = story.helped[story.dialog]
    # Text has few colours, and a photo that shines through has many.
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) < 40
    around = story.asked.copy()
    around[story.dialog] = inside
    assert_same(story, around, story.helped)


def test_when_help_is_closed_everything_is_as_before(story: Story) -> None:
    assert_same(story, story.asked, story.back)


def test_the_wheel_zooms_at_the_pointer(story: Story) -> None:
    photo, placed = cv2.imread(str(story.image)), fit(story)
    for _ in range(STEPS):
        placed = placed.zoomed(WHEEL, *story.spot, photo)
    assert_shows(story, story.zoomed, placed)


def test_the_whole_photo_comes_back(story: Story) -> None:
    assert_same(story, story.photo, story.fitted)


def test_another_window_size_shows_the_photo_as_large_as_it_fits(story: Story) -> None:
    assert_shows(story, story.small, fit(story, 90, 27))


def test_the_size_from_before_shows_what_was_seen_before(story: Story) -> None:
    assert_same(story, story.asked, story.large)


def test_nothing_of_ours_is_left_in_the_terminal(story: Story) -> None:
    assert story.exit_code == 0
    assert not story.terminal.images and not story.terminal.placed()
    assert not left_on(story.terminal)
    assert story.terminal.is_on(25), "the text cursor is hidden"
    assert story.terminal.received.count(b"\x1b[<u") == story.terminal.received.count(b"\x1b[>25u")
