"""What is wrong is said in a sentence; what is right goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.pty.brands import KITTY, PLAIN, Brand
from tests.pty.conftest import Start
from tests.pty.seeing import has_mask, is_ready, written
from tests.pty.terminal import FakeTerminal
from tui_label.shipped import shipped


def ended(terminal: FakeTerminal) -> tuple[int, str]:
    """Exit code, and everything that was written by a program that never opened the screen."""
    code = terminal.wait_exit()
    assert b"\x1b[?1049h" not in terminal.received
    return code, terminal.text.replace("\n", "").strip()


def accept_here(terminal: FakeTerminal, x: float, y: float, objects: str) -> None:
    """Point, wait, enter, and the status has the words."""
    terminal.command(f"point {x} {y}")
    terminal.wait(has_mask)
    terminal.press("enter")
    terminal.wait(objects)


def test_a_path_that_is_not_there(start: Start, tmp_path: Path) -> None:
    with start(tmp_path / "nowhere") as terminal:
        code, words = ended(terminal)
        assert code == 3
        assert words.startswith("tui-label: ") and "nowhere" in words
        assert terminal.received.count(b"\n") == 1


def test_a_folder_without_images(start: Start, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.md").write_text("nothing to see")
    with start(tmp_path / "empty") as terminal:
        code, words = ended(terminal)
        assert code == 3 and "image" in words


@pytest.mark.parametrize("kind", ["text", "nothing", "half of a JPEG"])
def test_an_image_that_is_none_among_good_ones(start: Start, photos: Path, kind: str) -> None:
    good = (photos / "dog.jpg").read_bytes()
    content = {"text": b"not an image", "nothing": b"", "half of a JPEG": good[: len(good) // 2]}
    (photos / "a.jpg").write_bytes(content[kind])
    with start(photos, "--classes", "dog") as terminal:
        terminal.wait("file 1/4 a.jpg")
        terminal.wait(lambda text: text.count("a.jpg") > 1 or "labels on half a photo" in text)
        assert "▀" not in terminal.text
        terminal.press("space", "enter", "d")
        terminal.settle()
        assert not (photos / "a.txt").exists()
        terminal.command("goto dog.jpg")
        terminal.wait(lambda text: "dog.jpg" in terminal.status and is_ready(text))
        assert "▀" in terminal.text
        accept_here(terminal, 160, 430, "1 object, saved")


def test_an_image_of_one_pixel(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    Image.new("RGB", (1, 1), (90, 120, 200)).save(folder / "dot.png")
    Image.new("RGB", (4000, 1), (90, 120, 200)).save(folder / "line.png")
    with start(folder, "--classes", "dot") as terminal:
        terminal.wait(is_ready)
        terminal.press("h", "l", "space")
        terminal.wait(lambda _: "thinking" not in terminal.status and "point" in terminal.status)
        terminal.press("enter", "n")
        terminal.wait(lambda text: "line.png" in text and is_ready(text))
        terminal.press("space", "+", "q")
        assert terminal.wait_exit() == 0


JUNK = b"0 0.5 0.5 0.2 0.2\nhello\n\n1 0.2 0.2 0.1\n0 0.5 0.5 7 7\n1 0.25 0.25 0.1 0.1"


def test_rows_that_nobody_can_read_are_counted_and_kept(start: Start, dog: Path) -> None:
    (dog / "dog.txt").write_bytes(JUNK)
    with start(dog, "--classes", "dog,cat") as terminal:
        terminal.wait(is_ready)
        assert "2 objects, 3 rows not understood (kept)" in terminal.status
        accept_here(terminal, 160, 430, "3 objects")
    after = (dog / "dog.txt").read_bytes()
    assert after.startswith(JUNK + b"\n")
    assert len(after.splitlines()) == 7


@pytest.mark.parametrize("kind", ["no network", "no file", "half a network"])
def test_a_model_that_is_none_is_told_before_the_screen_opens(
    start: Start, dog: Path, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "wrong.onnx").write_bytes(b"not a network")
    decoder = shipped("models") / "builtin" / "decoder.onnx"
    wish = {
        "no network": tmp_path / "wrong.onnx",
        "no file": tmp_path / "nowhere.onnx",
        "half a network": f"{decoder},{decoder}",
    }[kind]
    with start(dog, "--classes", "dog", "--model", wish) as terminal:
        code, words = ended(terminal)
        assert code == 4
        assert str(wish).rpartition("/")[2] in words


def test_output_that_goes_into_a_pipe(start: Start, dog: Path) -> None:
    read, write = os.pipe()
    try:
        with start(dog, redirected=write) as terminal:
            code, words = ended(terminal)
            assert code == 5 and "terminal" in words
    finally:
        os.close(read)
        os.close(write)


def test_a_tiny_window_and_one_that_vanishes(start: Start, dog: Path) -> None:
    with start(dog, "--classes", "dog", columns=20, rows=6) as terminal:
        terminal.wait("file 1/1")
        terminal.settle()
        for size in ((1, 1), (3, 2), (120, 36), (1, 1), (100, 30)):
            terminal.resize(*size)
            terminal.press("l")
            terminal.settle(0.3)
        terminal.wait(is_ready)
        accept_here(terminal, 160, 430, "1 object, saved")
        assert "▀" in terminal.text


@pytest.mark.parametrize("brand", [PLAIN, KITTY], ids=["cells", "kitty"])
def test_a_resize_shows_the_photo_in_the_new_size(start: Start, dog: Path, brand: Brand) -> None:
    with start(dog, "--classes", "dog", brand=brand) as terminal:
        terminal.wait(is_ready)
        terminal.settle()
        terminal.resize(80, 24)
        terminal.settle(0.6)
        if brand is KITTY:
            picture = terminal.pictures()
            assert picture[: 21 * 16].any() and not picture[21 * 16 :].any()
        else:
            pixels, _ = terminal.half_blocks()
            assert pixels[:42].any(axis=2).mean() > 0.7
        assert "file 1/1 dog.jpg" in terminal.status


def test_labels_that_cannot_be_written_are_not_called_saved(start: Start, tmp_path: Path) -> None:
    """A file stands where the folder of labels belongs; then it goes, and everything is saved."""
    images, labels = tmp_path / "images", tmp_path / "labels"
    images.mkdir()
    Image.effect_noise((320, 240), 40).convert("RGB").save(images / "noise.png")
    with start(images, "--classes", "thing") as terminal:
        terminal.wait(is_ready)
        labels.write_text("in the way")
        terminal.command("box 40 40 200 180")
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait("NOT SAVED: 1 file")
        terminal.press("q")
        terminal.wait("Leave all the same?")
        terminal.press("n")
        terminal.wait(lambda text: "Leave all the same?" not in text)
        assert labels.read_text() == "in the way"
        labels.unlink()
        terminal.command("write")
        terminal.wait("1 object, saved")
        assert len(written(images / "noise.png")) == 1
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_leaving_with_labels_that_are_lost_is_an_exit_code(start: Start, tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    Image.effect_noise((320, 240), 40).convert("RGB").save(images / "noise.png")
    with start(images, "--classes", "thing") as terminal:
        terminal.wait(is_ready)
        (tmp_path / "labels").write_text("in the way")
        terminal.command("box 40 40 200 180")
        terminal.wait(has_mask)
        terminal.press("enter")
        terminal.wait("NOT SAVED: 1 file")
        terminal.press("q")
        terminal.wait("Leave all the same?")
        terminal.press("y")
        assert terminal.wait_exit() == 6


NAMES = ["a\x1b[31m\x1b[2Jred.png", "b\nsecond line.png", "c\u202egnp.exe.png", "d 日本 ü.png"]


def test_names_of_files_are_shown_harmless_and_label_like_any_other(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    for name in NAMES:
        Image.effect_noise((64, 48), 40).convert("RGB").save(folder / name)
    with start(folder, "--classes", "thing") as terminal:
        for number, name in enumerate(sorted(NAMES), start=1):
            terminal.wait(lambda text, n=number: f"file {n}/4" in text and is_ready(text))
            terminal.command("box 10 10 50 40")
            terminal.wait(has_mask)
            terminal.press("enter")
            terminal.wait("1 object, saved")
            if not name.isprintable():
                assert name.encode() not in terminal.received
            terminal.press("n")
        terminal.wait("This is the last image.")
        assert "\\x1b[31m" in terminal.received.decode(errors="replace")
        assert "\u202e" not in terminal.received.decode(errors="replace")
    for name in NAMES:
        assert len(written(folder / name)) == 1


def test_the_program_ends_when_its_terminal_cannot_do_anything(dog: Path, tmp_path: Path) -> None:
    """No terminal at all: a sentence and a code, and nothing waits for a key."""
    done = subprocess.run(
        [sys.executable, "-m", "tui_label", str(dog)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
    )
    assert done.returncode == 5
    assert done.stdout == b"" and done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_idle_costs_no_time(start: Start, dog: Path) -> None:
    """Less than a tenth of a core while nobody does anything."""
    with start(dog, "--classes", "dog") as terminal:
        terminal.wait(is_ready)
        terminal.settle(0.6)
        before = terminal.cpu_seconds()
        time.sleep(2)
        assert terminal.cpu_seconds() - before < 0.2


@pytest.mark.parametrize("junk", [b"caf\xe9\xff", b"\x1b[M \x85\x85", b"\x1b[1114112u"])
def test_bytes_that_are_no_text_end_nothing(start: Start, photos: Path, junk: bytes) -> None:
    with start(photos, "--classes", "dog") as terminal:
        terminal.wait("no objects")
        terminal.send(junk)
        terminal.settle()
        terminal.press("escape", "escape", "escape")
        terminal.settle()
        terminal.type(":point 100 100\r")
        terminal.wait("score")
        assert b"Traceback" not in terminal.received


def test_a_double_click_in_the_picker_chooses_once(start: Start, photos: Path) -> None:
    with start(photos, "--classes", "dog,cat") as terminal:
        terminal.wait("no objects")
        terminal.press("c")
        terminal.wait("Current class")
        terminal.settle()
        row = next(y for y, line in enumerate(terminal.text.split("\n")) if "cat" in line)
        column = terminal.text.split("\n")[row].index("cat")
        terminal.click(column + 0.5, row + 0.5)
        terminal.click(column + 0.5, row + 0.5)
        terminal.settle()
        terminal.press("space")
        terminal.wait("score")
