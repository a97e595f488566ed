"""Labelling with the real program, the way a person does it: keys, mouse, screen, files."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.pty.brands import KITTY, PLAIN, XTERM, Brand
from tests.pty.conftest import Start
from tests.pty.keys import WHEEL_UP
from tests.pty.seeing import (
    Fit,
    bounds,
    candidate,
    differing,
    filled,
    has_mask,
    iou,
    is_ready,
    solid,
    written,
)
from tests.pty.terminal import FakeTerminal

SPOTS = {"dog.jpg": (160, 430), "groceries.jpg": (406, 272), "truck.jpg": (1044, 540)}
"""A pixel on the animal, on a bag, on the door."""


def label_one(terminal: FakeTerminal, image: Path, key: str) -> tuple[np.ndarray, np.ndarray]:
    """Go to the spot, ask, take the second mask; the mask as it was seen, and what was known.

    Known are pixels of the photo: not the cells of cursor and marker.
    """
    kitty = terminal.brand is KITTY
    terminal.wait(lambda text: image.name in text and is_ready(text))
    terminal.command("cursor {} {}".format(*SPOTS[image.name]))
    terminal.press("l", "right", "h")
    terminal.settle(0.15)
    before, known = (terminal.pictures(), None) if kitty else terminal.half_blocks()
    terminal.press("space")
    terminal.wait(has_mask)
    terminal.press("tab")
    terminal.wait(lambda text: "mask 2 of 3" in text and has_mask(text))
    terminal.settle(0.15)
    now, also_known = (terminal.pictures(), None) if kitty else terminal.half_blocks()
    terminal.press(key)
    terminal.wait("1 object, saved")
    if known is None or also_known is None:
        known = also_known = ~markers(terminal, before, now)
    return candidate(before, now), known & also_known


def markers(terminal: FakeTerminal, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Pixels around the cursor and the point, whose pictures stand over mask and photo."""
    size = 2 * terminal.cell[1]
    hidden = np.zeros(before.shape[:2], dtype=bool)
    for placed in terminal.placed():
        if placed.cells is None:
            y = placed.row * terminal.cell[1] + placed.dy
            x = placed.column * terminal.cell[0] + placed.dx
            hidden[max(0, y - size) : y + 2 * size, max(0, x - size) : x + 2 * size] = True
    return hidden


def test_three_real_photos_are_labelled_by_keys_alone(start: Start, photos: Path) -> None:
    with start(photos, "--classes", "thing,other") as terminal:
        for image, key in zip(sorted(photos.glob("*.jpg")), ("enter", "2", "1"), strict=True):
            seen, _ = label_one(terminal, image, key)
            [(class_id, corners)] = written(image)
            assert class_id == (1 if key == "2" else 0)
            box = Fit.of(image, terminal).raster(corners, (2 * 33, 120)).ravel()
            # A cell is one pixel of the raster wide and two high.
            assert np.abs(box - bounds(seen[:66])).max() <= 1, image.name
            terminal.press("n")
        terminal.wait("This is the last image.")
        terminal.press("q")
        assert terminal.wait_exit() == 0


@pytest.mark.parametrize("brand", ["cells", "kitty"])
def test_the_mask_on_the_screen_is_the_polygon_in_the_file(
    start: Start, photos: Path, brand: str
) -> None:
    options = {"brand": KITTY} if brand == "kitty" else {}
    with start(photos, "--classes", "thing", "--task", "segment", **options) as terminal:
        for image in sorted(photos.glob("*.jpg")):
            seen, known = label_one(terminal, image, "enter")
            fit = Fit.of(image, terminal)
            rows = fit.rows * (terminal.cell[1] if brand == "kitty" else 2)
            size = (rows, seen.shape[1])
            polygon = filled(fit.raster(written(image)[0][1], size), size)
            # IoU over half blocks (two pixels a cell) or over canvas pixels.
            bound = 0.95 if brand == "kitty" else 0.8
            assert iou(solid(seen[:rows]), polygon, known[:rows]) >= bound, image.name
            terminal.press("n")
        terminal.wait("This is the last image.")


def point_on_screen(terminal: FakeTerminal) -> tuple[float, float]:
    """Middle of the only marker, canvas pixels."""
    marker = min(
        (placed for placed in terminal.placed() if placed.cells is None),
        key=lambda placed: placed.source[2],
    )
    return (
        marker.column * terminal.cell[0] + marker.dx + marker.source[2] / 2,
        marker.row * terminal.cell[1] + marker.dy + marker.source[3] / 2,
    )


def test_a_click_in_kitty_puts_the_point_on_the_pixel_under_the_pointer(
    start: Start, dog: Path
) -> None:
    with start(dog, "--classes", "dog", brand=KITTY) as terminal:
        terminal.wait(is_ready)
        assert terminal.pixel_reports
        for x, y in ((301, 405), (455, 263)):
            terminal.click((x + 0.5) / 8, (y + 0.5) / 16)
            terminal.wait(has_mask)
            shown = point_on_screen(terminal)
            assert np.abs(np.subtract(shown, (x + 0.5, y + 0.5))).max() <= 1
            terminal.press("escape")
            terminal.wait(lambda text: "score" not in text)


@pytest.mark.parametrize("brand", [KITTY, XTERM], ids=lambda brand: brand.name)
def test_a_drag_is_a_box_at_the_pixels_where_it_began_and_ended(
    start: Start, dog: Path, brand: Brand
) -> None:
    """With a box that holds nothing else the written box is bounded by the drag on every side."""
    image = dog / "dog.jpg"
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        fit = Fit.of(image, terminal)
        terminal.drag(fit.cells(3, 213), fit.cells(437, 531))
        terminal.wait(lambda text: "box" in terminal.status and has_mask(text))
        terminal.press("enter")
        terminal.wait("1 object, saved")
    [(_, corners)] = written(image)
    x1, y1, x2, y2 = (corners * (800, 534)).ravel()
    slack = 1 / fit.scale + 1
    assert x1 >= 3 - slack and y1 >= 213 - slack and x2 <= 437 + slack and y2 <= 531 + slack
    # … and the animal fills it.
    assert (x2 - x1) * (y2 - y1) > 0.6 * 434 * 318


def test_xterm_reports_pixels_and_the_point_is_in_the_cell_under_the_pointer(
    start: Start, dog: Path
) -> None:
    with start(dog, "--classes", "dog", brand=XTERM) as terminal:
        terminal.wait(is_ready)
        assert terminal.pixel_reports
        terminal.click(44.9, 25.1)
        terminal.wait(has_mask)
        # The cursor stands on the point; below it is the marker.
        assert terminal.glyphs()[25][44] == "┼"
        terminal.press("l", "l", "l")
        terminal.settle()
        assert terminal.glyphs()[25][44] == "+"


def test_the_right_button_sets_a_negative_point(start: Start, dog: Path) -> None:
    with start(dog, "--classes", "dog", brand=XTERM) as terminal:
        terminal.wait(is_ready)
        terminal.click(44.5, 25.5)
        terminal.wait(has_mask)
        terminal.click(70.5, 10.5, button=3)
        terminal.wait("1 point, 1 negative")
        terminal.press("h", "h", "h")
        terminal.settle()
        assert terminal.glyphs()[10][70] == "−"


def test_the_wheel_zooms_at_the_pointer_and_clicks_go_on_meaning_what_they_hit(
    start: Start, dog: Path
) -> None:
    """A point that was set before the zoom and a click on its marker after it are one place."""
    with start(dog, "--classes", "dog", brand=KITTY) as terminal:
        terminal.wait(is_ready)
        x, y = 480, 405
        terminal.click((x + 0.5) / 8, (y + 0.5) / 16)
        terminal.wait(has_mask)
        for _ in range(4):
            terminal.mouse(x / 8, y / 16, WHEEL_UP, "M")
        terminal.settle(0.5)
        # It was zoomed at the pointer, so the point has stayed where it is, the rest has not.
        zoomed = point_on_screen(terminal)
        assert np.abs(np.subtract(zoomed, (x + 0.5, y + 0.5))).max() <= 1.25**4 + 1
        there = (zoomed[0] + 160, zoomed[1] - 48)
        terminal.press("escape")
        terminal.wait(lambda text: "score" not in text)
        terminal.click(there[0] / 8, there[1] / 16)
        terminal.wait(has_mask)
        terminal.press("0")
        terminal.settle(0.5)
        fit = point_on_screen(terminal)
        wanted = (x + 0.5 + 160 / 1.25**4, y + 0.5 - 48 / 1.25**4)
        assert np.abs(np.subtract(fit, wanted)).max() <= 2


@pytest.fixture
def coco(shared: Path, tmp_path: Path) -> Path:
    """Two labelled photos with their data.yaml, copied."""
    source, target = shared / "data" / "coco-val-seg", tmp_path / "coco"
    for folder, suffix in (("images", "jpg"), ("labels", "txt")):
        (target / folder / "val").mkdir(parents=True)
        for name in ("000000000776", "000000000802"):
            copy = target / folder / "val" / f"{name}.{suffix}"
            shutil.copyfile(source / folder / "val" / copy.name, copy)
    shutil.copyfile(source / "data.yaml", target / "data.yaml")
    return target


def test_labels_that_are_there_are_shown_and_stay_byte_for_byte(start: Start, coco: Path) -> None:
    image = coco / "images" / "val" / "000000000776.jpg"
    label = coco / "labels" / "val" / "000000000776.txt"
    before = label.read_bytes()
    count = before.count(b"\n") + (not before.endswith(b"\n"))
    with start(coco / "data.yaml") as terminal:
        terminal.wait(is_ready)
        terminal.wait(f"{count} objects")
        terminal.settle()
        shown, _ = terminal.half_blocks()
        terminal.command("masks hidden")
        terminal.wait("hidden")
        terminal.settle()
        photo, _ = terminal.half_blocks()
        size = (66, terminal.columns)
        fit = Fit.of(image, terminal)
        polygons = [filled(fit.raster(points, size), size) for _, points in written(image)]
        changed = solid(differing(photo, shown)[:66])
        assert iou(changed, np.logical_or.reduce(polygons)) >= 0.8
        terminal.command("point 30 30")
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait(f"{count + 1} objects, saved")
        after = label.read_bytes()
        assert after.startswith(before)
        assert len(after.splitlines()) == count + 1
        terminal.press("u")
        terminal.wait(f"{count} objects")
        assert label.read_bytes() == before
        terminal.press("ctrl+r")
        terminal.wait(f"{count + 1} objects, saved")
        assert label.read_bytes() == after


def test_classes_are_asked_for_once_when_there_are_none(start: Start, dog: Path) -> None:
    with start(dog) as terminal:
        terminal.wait(is_ready)
        terminal.wait("no classes yet")
        terminal.command("point {} {}".format(*SPOTS["dog.jpg"]))
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait("Name the classes")
        terminal.type("dog, cat")
        terminal.wait("add “dog”, “cat”")
        terminal.press("enter")
        terminal.wait("1 object, saved")
        assert (dog / "classes.txt").read_text() == "dog\ncat\n"
        terminal.command("point 250 60")
        terminal.wait(has_mask)
        terminal.press("2")
        terminal.wait("2 objects, saved")
        assert [class_id for class_id, _ in written(dog / "dog.jpg")] == [0, 1]


@pytest.mark.parametrize("brand", [PLAIN, XTERM], ids=lambda brand: brand.name)
def test_a_burst_of_keys_means_what_they_mean_one_by_one(
    start: Start, dog: Path, brand: Brand
) -> None:
    """A slow line delivers several keys at once: ``:point`` must not be read as p, o, i, …, and
    a digit right after the command is a class."""
    with start(dog, "--classes", "dog,cat", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.send(b":point 160 430\r2")
        terminal.wait("1 object, saved")
    assert [class_id for class_id, _ in written(dog / "dog.jpg")] == [1]


@pytest.mark.parametrize("kind", ["data.yaml", "list", "single image", "folder"])
def test_whatever_names_images_can_be_opened(
    start: Start, photos: Path, tmp_path: Path, kind: str
) -> None:
    names = sorted(path.name for path in photos.glob("*.jpg"))
    arguments = {
        "data.yaml": [tmp_path / "data.yaml"],
        "list": [tmp_path / "list.txt"],
        "single image": [photos / "truck.jpg"],
        "folder": [photos],
    }
    if kind == "data.yaml":
        (tmp_path / "data.yaml").write_text(
            f"path: {tmp_path}\ntrain: photos\nval: photos\nnames: [thing, other]\n"
        )
    (tmp_path / "list.txt").write_text("".join(f"./photos/{name}\n" for name in reversed(names)))
    first, count = {
        "data.yaml": ("dog.jpg", 3),
        "list": ("truck.jpg", 3),
        "single image": ("truck.jpg", 1),
        "folder": ("dog.jpg", 3),
    }[kind]
    with start(*arguments[kind]) as terminal:
        terminal.wait(f"file 1/{count} {first}")
        terminal.wait(is_ready)
        words = "class thing" if kind == "data.yaml" else "no classes yet"
        assert words in terminal.status


def test_what_the_status_calls_saved_survives_a_kill(start: Start, dog: Path) -> None:
    with start(dog, "--classes", "dog", "--task", "segment") as terminal:
        terminal.wait(is_ready)
        terminal.command("point {} {}".format(*SPOTS["dog.jpg"]))
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait("1 object, saved")
        terminal.kill(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    [(_, points)] = written(dog / "dog.jpg")
    assert len(points) > 3
    assert not list(dog.glob("*.tmp"))
    with start(dog) as terminal:
        terminal.wait("1 object, saved")


def test_class_names_from_the_command_line_are_kept_with_the_first_label(
    start: Start, dog: Path
) -> None:
    """Without its name a label is a number, and names typed again in another order are wrong."""
    with start(dog, "--classes", "dog,cat") as terminal:
        terminal.wait(is_ready)
        terminal.command("point {} {}".format(*SPOTS["dog.jpg"]))
        terminal.wait(has_mask)
        terminal.press("2")
        terminal.wait("1 object, saved")
    assert (dog / "classes.txt").read_text() == "dog\ncat\n"


def test_a_photo_with_a_rotation_is_labelled_upright(start: Start, tmp_path: Path) -> None:
    """EXIF orientation 6: stored lying, shown standing; labels are about what is shown."""
    folder = tmp_path / "turned"
    folder.mkdir()
    pixels = np.zeros((300, 600, 3), dtype=np.uint8)
    pixels[:, :200] = (0, 0, 250)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(folder / "turned.jpg", exif=exif, quality=95)
    with start(folder, "--classes", "sky") as terminal:
        terminal.wait(is_ready)
        terminal.settle()
        shown, _ = terminal.half_blocks()
        # Upright it is 300 x 600, and the blue third is at the top.
        middle = shown[:66, 60]
        assert middle[5, 2] > 200 and middle[50, 2] < 30
        assert not shown[:66, 20].any()


def test_two_programs_on_one_folder_keep_each_others_labels(start: Start, dog: Path) -> None:
    with start(dog, "--classes", "dog") as one, start(dog, "--classes", "dog") as two:
        for terminal, (x, y) in ((one, SPOTS["dog.jpg"]), (two, (250, 60))):
            terminal.wait(is_ready)
            terminal.command(f"point {x} {y}")
            terminal.wait(has_mask)
        one.press("enter")
        one.wait("1 object, saved")
        two.press("enter")
        two.wait("2 objects, saved")
    assert len(written(dog / "dog.jpg")) == 2
