"""One write, answers until the sentinel, and the terminal as it was."""

import fcntl
import os
import pty
import struct
import termios
import threading
import time

import pytest

from tests.graphics.test_replies import KITTY
from tui_label.graphics.capabilities import Capabilities, choose, edits_frames
from tui_label.graphics.probe import QUESTIONS, probe, window_pixels
from tui_label.graphics.viewport import CellSize

ENVIRON = {"TERM": "xterm-kitty"}


@pytest.fixture
def terminal():
    master, slave = pty.openpty()
    yield master, slave
    os.close(master)
    os.close(slave)


def answer(master: int, *pieces: bytes, delay: float = 0.0) -> threading.Thread:
    """A terminal that reads the questions and then writes, each piece after a delay."""

    def speak() -> None:
        asked = b""
        while not asked.endswith(b"\x1b[c"):
            asked += os.read(master, 4096)
        assert asked == QUESTIONS
        for piece in pieces:
            time.sleep(delay)
            os.write(master, piece)

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    return thread


def mode_of(fd: int) -> list:
    # PENDIN is the kernel's own note that it has to look at its buffer again.
    mode = termios.tcgetattr(fd)
    mode[3] &= ~getattr(termios, "PENDIN", 0)
    return mode


def test_a_terminal_that_answers_is_known_at_once_and_left_as_it_was(terminal):
    master, slave = terminal
    before = mode_of(slave)
    speaker = answer(master, KITTY[:19], b"q\x1b[B", KITTY[19:40], KITTY[40:], delay=0.01)
    started = time.monotonic()
    found = probe(slave, slave, 5.0, ENVIRON)
    assert time.monotonic() - started < 2
    speaker.join()
    assert found.kitty and found.sync and found.pixel_mouse and found.complete
    assert (found.brand, found.version, found.cell) == ("kitty", "0.41.1", CellSize(9, 18))
    assert mode_of(slave) == before


def test_keys_that_were_typed_meanwhile_are_handed_on(terminal):
    master, slave = terminal
    answer(master, b"ab", KITTY, delay=0.01)
    assert probe(slave, slave, 5.0, ENVIRON).typed == b"ab"


def test_silence_ends_at_the_deadline(terminal):
    _, slave = terminal
    before = mode_of(slave)
    found = probe(slave, slave, 0.05, ENVIRON)
    assert not found.complete and not found.kitty
    assert "0.05 s" in found.reason
    assert mode_of(slave) == before


def test_an_answer_cut_off_by_the_deadline_is_pending_not_typed(terminal):
    master, slave = terminal
    answer(master, b"x" + KITTY[:25])
    found = probe(slave, slave, 0.2, ENVIRON)
    assert found.typed == b"x" and found.pending == KITTY[19:25]


def test_no_terminal_and_a_dumb_one_are_not_asked(terminal, tmp_path):
    _, slave = terminal
    with (tmp_path / "file").open("w+") as file:
        found = probe(file.fileno(), file.fileno(), 5.0, ENVIRON)
    assert not found.complete and "not a terminal" in found.reason
    assert not probe(slave, slave, 5.0, {"TERM": "dumb"}).complete


def test_the_size_that_the_kernel_knows_comes_first(terminal):
    import fcntl
    import struct

    master, slave = terminal
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 1280, 800))
    answer(master, KITTY)
    assert probe(slave, slave, 5.0, ENVIRON).cell == CellSize(8, 16)


@pytest.mark.parametrize(
    ("environ", "multiplexer"),
    [
        ({"TERM": "tmux-256color"}, "tmux"),
        ({"TERM": "xterm", "TMUX": "/tmp/t,1,0"}, "tmux"),
        ({"TERM": "screen"}, "screen"),
        ({"TERM": "xterm"}, ""),
    ],
)
def test_multiplexers_are_known_by_their_environment(terminal, environ, multiplexer):
    master, slave = terminal
    answer(master, KITTY)
    assert probe(slave, slave, 5.0, environ).multiplexer == multiplexer


ABLE = Capabilities(brand="kitty", version="0.41.1", kitty=True, cell=CellSize(8, 16))


@pytest.mark.parametrize(
    ("capabilities", "wanted", "name"),
    [
        (ABLE, "auto", "kitty"),
        (ABLE, "cells", "cells"),
        (Capabilities(), "auto", "cells"),
        (Capabilities(kitty=True), "auto", "cells"),
        (Capabilities(kitty=True, cell=CellSize(8, 16), multiplexer="tmux"), "auto", "cells"),
        (Capabilities(), "kitty", "kitty"),
    ],
)
def test_the_painter_follows_from_the_capabilities(capabilities, wanted, name):
    chosen, reason = choose(capabilities, wanted)
    assert chosen == name
    assert reason.endswith(".")


def test_an_unknown_painter_is_refused():
    with pytest.raises(ValueError, match="there are auto, kitty, cells"):
        choose(ABLE, "oil")


@pytest.mark.parametrize(
    ("brand", "version", "can"),
    [
        ("kitty", "0.41.1", True),
        ("kitty", "0.19.3", False),
        ("ghostty", "1.1.3", False),
        ("kitty", "", False),
    ],
)
def test_only_terminals_that_edit_images_are_sent_edits(brand, version, can):
    assert edits_frames(Capabilities(brand=brand, version=version)) is can


def test_the_kernel_knows_the_window_in_cells_and_in_pixels(terminal):
    _, slave = terminal
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 640, 480))
    assert window_pixels(slave) == (80, 24, 640, 480)


@pytest.mark.parametrize("size", [(24, 80, 0, 0), (0, 0, 640, 480)])
def test_a_kernel_that_lacks_a_number_knows_nothing(terminal, size):
    _, slave = terminal
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size))
    assert window_pixels(slave) is None


def test_what_is_no_terminal_has_no_window(tmp_path):
    with (tmp_path / "file").open("wb") as file:
        assert window_pixels(file.fileno()) is None
