"""The program in real terminals: what a person sees when they click, zoom, ask for help, leave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.pty.seeing import Fit, candidate, filled, iou, written
from tests.terminals.desktop import Desktop, Window, missing, opened_desktop, opened_window

pytestmark = pytest.mark.terminal

SIZE = (1000, 700)
PHOTO = (900, 560)
DISC = ((430, 300), (130, 90))
"""Middle and half axes of the one object, image pixels."""

KITTY_MARKER = (0, 158, 78)
CELLS_MARKER = (0, 96, 48)
"""Colours of a positive point that are in no photo here and in no mask."""

SAID = 1
KEYS = 1
STATUS = 1


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    """One X server for all of them."""
    if lacking := missing("Xvfb"):
        pytest.skip(f"not installed: {', '.join(lacking)}")
    with opened_desktop() as opened:
        yield opened


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A blue disc on a floor of warm greys, and nothing yellow or green."""
    columns, rows = np.meshgrid(np.arange(PHOTO[0]), np.arange(PHOTO[1]))
    floor = 150 + 40 * np.sin(columns / 90) * np.cos(rows / 70)
    pixels = np.stack([floor, floor * 0.86, floor * 0.8], axis=2).astype(np.uint8)
    cv2.ellipse(pixels, *DISC, 0, 0, 360, (30, 70, 190), -1, cv2.LINE_AA)
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(pixels).save(folder / "disc.png")
    return folder / "disc.png"


class Opened:
    """The program in one terminal with the photo, and where the photo is on the screen."""

    def __init__(self, window: Window, image: Path) -> None:
        self.window, self.image = window, image
        self.photo = window.wait(is_photo_shown)
        self.photo = window.settle()
        rows = window.rows - STATUS - SAID - KEYS
        self.fit = Fit(*PHOTO, window.columns, rows, window.cell)
        self.canvas = slice(0, rows * window.cell[1])

    def ask(self, x: float, y: float) -> np.ndarray:
        """Click on a pixel of the screen; the picture with the mask, drawn to the edges."""
        self.window.click(x, y)
        self.window.wait(lambda now: self.mask(now).sum() > 2000)
        return self.window.settle()

    def mask(self, now: np.ndarray) -> np.ndarray:
        """Pixels in the candidate's colour over the photo as it was opened."""
        return candidate(self.photo, now)[self.canvas]

    def accept(self) -> np.ndarray:
        """Press enter; the polygon that was written, normalised."""
        self.window.key("Return")
        deadline = time.monotonic() + 10
        label = self.image.with_suffix(".txt")
        while not label.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        [(_, points)] = written(self.image)
        return points


@pytest.fixture(params=["kitty", "xterm"])
def opened(request: pytest.FixtureRequest, desktop: Desktop, image: Path) -> Iterator[Opened]:
    """The program in each terminal that is installed."""
    terminal = request.param
    if lacking := missing(terminal):
        pytest.skip(f"not installed: {', '.join(lacking)}")
    arguments = [str(image), "--classes", "disc", "--task", "segment"]
    with opened_window(desktop, terminal, arguments, SIZE) as window:
        yield Opened(window, image)


only_kitty = pytest.mark.parametrize("opened", ["kitty"], indirect=True)
only_xterm = pytest.mark.parametrize("opened", ["xterm"], indirect=True)


def is_photo_shown(picture: np.ndarray) -> bool:
    """Whether the disc is on the screen."""
    red, green, blue = (picture[..., channel].astype(int) for channel in range(3))
    return bool(((blue > 150) & (red < 90) & (green < 120)).sum() > 20_000)


def place_of(
    picture: np.ndarray, colour: tuple[int, int, int], slack: int = 6
) -> tuple[float, ...]:
    """Left, top, right, bottom of everything in a colour."""
    near = (np.abs(picture.astype(int) - colour) <= slack).all(axis=2)
    assert near.any(), f"nothing on the screen has the colour {colour}"
    rows, columns = np.nonzero(near)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def middle_of(picture: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Middle of everything in a colour, pixels."""
    left, top, right, bottom = place_of(picture, colour)
    return np.array([(left + right) / 2, (top + bottom) / 2])


def polygon_on(opened: Opened, points: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The written polygon as pixels of the canvas."""
    return filled(opened.fit.raster(points, shape), shape)


@only_kitty
def test_kitty_shows_the_point_where_the_pointer_was(opened: Opened) -> None:
    for x, y in ((500, 320), (431, 377)):
        shown = opened.ask(x, y)
        assert np.abs(middle_of(shown, KITTY_MARKER) - (x + 0.5, y + 0.5)).max() <= 2
        opened.window.key("Escape")
        opened.window.wait(lambda now: not opened.mask(now).any())


@only_kitty
def test_kitty_shows_the_mask_that_is_written_and_the_photo_elsewhere(opened: Opened) -> None:
    shown = opened.ask(500, 320)
    mask = opened.mask(shown)
    polygon = polygon_on(opened, opened.accept(), mask.shape)
    # Marker and cursor stand over the mask.
    known = np.ones_like(mask)
    known[320 - 24 : 320 + 24, 500 - 24 : 500 + 24] = False
    assert iou(mask, polygon, known) >= 0.95
    elsewhere = cv2.dilate(polygon.astype(np.uint8), np.ones((9, 9))) == 0
    elsewhere[320 - 24 : 320 + 24, 500 - 24 : 500 + 24] = False
    before, after = opened.photo[opened.canvas], shown[opened.canvas]
    # The cursor was in the middle of the photo when it was opened.
    x, y = (int(value) for value in opened.fit.canvas(PHOTO[0] / 2, PHOTO[1] / 2))
    elsewhere[y - 24 : y + 24, x - 24 : x + 24] = False
    assert np.abs(before.astype(int) - after)[elsewhere].max() <= 2


@only_kitty
def test_kitty_shows_the_photo_in_its_colours(opened: Opened) -> None:
    with Image.open(opened.image) as photo:
        pixels = np.asarray(photo.convert("RGB"))
    for x, y in ((60, 60), (840, 500), (380, 280), (100, 480)):
        across, down = (int(value) for value in opened.fit.canvas(x, y))
        assert np.abs(opened.photo[down, across].astype(int) - pixels[y, x]).max() <= 3


@only_xterm
def test_xterm_shows_the_point_in_the_cell_under_the_pointer(opened: Opened) -> None:
    x, y = 500, 320
    shown = opened.ask(x, y)
    left, top, right, bottom = place_of(shown, CELLS_MARKER)
    width, height = opened.window.cell
    assert (left, top) >= (x // width * width, y // height * height)
    assert right <= (x // width + 1) * width and bottom <= (y // height + 1) * height


@only_xterm
def test_xterm_shows_the_mask_that_is_written(opened: Opened) -> None:
    mask = opened.mask(opened.ask(500, 320))
    polygon = polygon_on(opened, opened.accept(), mask.shape)
    # A half block is as wide as a cell and half as high, so the rim of the mask is coarse.
    assert iou(mask, polygon) >= 0.85


def test_help_covers_the_picture_and_leaves_it_whole(opened: Opened) -> None:
    opened.ask(500, 320)
    before = opened.window.settle()
    opened.window.key("question")
    covered = opened.window.wait(lambda now: not is_photo_shown(now) or differs(now, before) > 0.3)
    covered = opened.window.settle()
    height, width = covered.shape[:2]
    panel = covered[height // 5 : height * 4 // 5, width // 5 : width * 4 // 5].astype(int)
    blue_disc = (panel[..., 2] > 150) & (panel[..., 0] < 90) & (panel[..., 1] < 120)
    assert not blue_disc.any(), "the picture shows through the panel"
    opened.window.key("Escape")
    opened.window.wait(lambda now: differs(now, before) < 0.001)


def differs(a: np.ndarray, b: np.ndarray) -> float:
    """The share of pixels that are visibly different."""
    return float((np.abs(a.astype(int) - b).max(axis=2) > 12).mean())


@only_kitty
def test_marker_and_mask_stay_on_their_place_of_the_photo_when_zoomed(opened: Opened) -> None:
    """Zoomed 1.5 times at the cursor, which is on the point: the point stays where it is."""
    shown = opened.ask(500, 320)
    point = middle_of(shown, KITTY_MARKER)
    before = opened.mask(shown)
    opened.window.key("plus")
    opened.window.wait(lambda now: differs(now, shown) > 0.05)
    zoomed = opened.window.settle()
    assert np.abs(middle_of(zoomed, KITTY_MARKER) - point).max() <= 2
    height, width = before.shape
    scaling = np.array([[1.5, 0, -0.5 * point[0]], [0, 1.5, -0.5 * point[1]]])
    expected = cv2.warpAffine(before.astype(np.uint8) * 255, scaling, (width, height)) > 127
    floor = cv2.warpAffine(opened.photo[opened.canvas], scaling, (width, height))
    mask = candidate(floor, zoomed[opened.canvas])
    known = np.ones_like(mask)
    y, x = int(point[1]), int(point[0])
    known[y - 40 : y + 40, x - 40 : x + 40] = False
    inner = cv2.erode(expected.astype(np.uint8), np.ones((9, 9))) > 0
    outer = cv2.dilate(expected.astype(np.uint8), np.ones((9, 9))) > 0
    assert mask[inner & known].mean() >= 0.95
    assert mask[~outer & known].mean() <= 0.01


def test_nothing_of_the_picture_is_left_after_leaving(opened: Opened) -> None:
    opened.ask(500, 320)
    opened.accept()
    opened.window.key("q")
    deadline = time.monotonic() + 15
    while opened.window.exit_code is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert opened.window.exit_code == 0
    left = opened.window.settle()
    coloured = left.max(axis=2).astype(int) - left.min(axis=2) > 40
    assert not coloured.any()
    # A few words on black, as before it was started.
    assert (left.max(axis=2) > 60).mean() < 0.03
