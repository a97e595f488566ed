"""One write, answers until the sentinel, and the terminal as it was."""

import fcntl
import os
import pty
import re
import select
import struct
import termios
import threading
import time
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.test_replies import KITTY
from tests.pty import brands
from tui_label.graphics.capabilities import PAINTERS, choose
from tui_label.graphics.probe import (
    MULTIPLEXED_QUESTIONS,
    QUESTIONS,
    cell_of,
    leave,
    probe,
    window_pixels,
)
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
        assert asked in {QUESTIONS, MULTIPLEXED_QUESTIONS}
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
        ({"TERM": "xterm", "ZELLIJ": "0"}, "zellij"),
        ({"TERM": "xterm"}, ""),
    ],
)
def test_multiplexers_are_known_by_their_environment(terminal, environ, multiplexer):
    master, slave = terminal
    answer(master, KITTY)
    assert probe(slave, slave, 0.5, environ).multiplexer == multiplexer


WRAPPED = re.compile(rb"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\")


@contextmanager
def speaking(master: int, brand: brands.Brand, outside: brands.Brand | None = None):
    """A terminal of a brand, and perhaps another one outside it, for as long as is needed."""
    over = threading.Event()

    def speak() -> None:
        asked = b""
        while not over.is_set():
            if not select.select([master], [], [], 0.02)[0]:
                continue
            asked += os.read(master, 4096)
            if asked.count(b"\x1bP") > len(WRAPPED.findall(asked)):
                continue  # torn in the middle of something wrapped
            through = b"".join(WRAPPED.findall(asked)).replace(b"\x1b\x1b", b"\x1b")
            os.write(master, brand.said(WRAPPED.sub(b"", asked)))
            if outside is not None:
                os.write(master, outside.said(through))
            asked = b""

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize(
    ("brand", "painter"), brands.CATALOGUE, ids=[brand.name for brand, _ in brands.CATALOGUE]
)
def test_every_kind_of_terminal_gets_its_painter(terminal, brand, painter):
    master, slave = terminal
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 640, 384))
    with speaking(master, brand):
        found = probe(slave, slave, 0.3, {"TERM": "xterm-256color", "PATH": ""})
    chosen, reason = choose(found)
    assert chosen == painter, reason
    assert found.acknowledge == ("none" if brand in {brands.SILENT, *MUXES} else "dsr")


MUXES = (brands.TMUX, brands.TMUX_OLD)


@pytest.fixture
def tmux(tmp_path):
    """A ``tmux`` that notes what it is told; its option stands in a file beside it."""
    option = tmp_path / "option"
    option.write_text("off")
    note = tmp_path / "note"
    note.touch()
    program = tmp_path / "tmux"
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$*" >> {note}\n'
        'case "$1" in\n'
        f'display-message) echo "$(cat {option}) 4711" ;;\n'
        "set-option) for last; do :; done\n"
        f'  test "$last" != "$REFUSED" && echo "$last" > {option} ;;\n'
        "esac\n"
    )
    program.chmod(0o755)
    return program


def environ_of(tmux, **more):
    path = f"{tmux.parent}:/usr/bin:/bin"
    return {"TERM": "tmux-256color", "TMUX": "/s,1,0", "TMUX_PANE": "%3", "PATH": path, **more}


def test_a_multiplexer_is_not_asked_for_kitty_graphics_itself(terminal):
    """tmux would make the question the title of the pane."""
    master, slave = terminal
    probe(slave, slave, 0.05, {"TERM": "screen"})
    asked = os.read(master, 4096)
    assert asked == MULTIPLEXED_QUESTIONS and b"\x1b_" not in asked


class TestInsideTmux:
    @pytest.fixture(autouse=True)
    def window(self, terminal):
        _, slave = terminal
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 640, 384))

    @pytest.mark.parametrize("inside", MUXES, ids=lambda brand: brand.name)
    def test_a_new_kitty_outside_shows_pictures(self, terminal, tmux, inside):
        master, slave = terminal
        with speaking(master, inside, brands.KITTY_NEW):
            found = probe(slave, slave, 2.0, environ_of(tmux))
        assert choose(found)[0] == "kitty"
        assert (found.outer_brand, found.outer_version) == ("kitty", "0.41.1")
        assert found.passthrough and found.kitty_relative and not found.pixel_mouse
        assert found.acknowledge == "tmux-dsr" and not found.sixel

    @pytest.mark.parametrize(
        ("outside", "why"),
        [
            (brands.KITTY, "relative to text"),
            (brands.GHOSTTY, "relative to text"),
            (brands.XTERM_SIXEL, "passes no sixel graphics on"),
        ],
        ids=lambda value: getattr(value, "name", None),
    )
    def test_another_terminal_outside_gets_half_blocks(self, terminal, tmux, outside, why):
        master, slave = terminal
        with speaking(master, brands.TMUX, outside):
            name, reason = choose(probe(slave, slave, 2.0, environ_of(tmux)))
        assert name == "cells" and why in reason

    def test_nothing_outside_answers_when_it_is_not_let_through(self, terminal, tmux):
        master, slave = terminal
        with speaking(master, brands.TMUX):
            found = probe(slave, slave, 0.3, environ_of(tmux))
        assert not found.passthrough and found.acknowledge == "none"
        assert "could not be asked" in choose(found)[1]

    @pytest.mark.parametrize("refused", ["", "all"], ids=["tmux 3.4", "tmux 3.3"])
    def test_the_option_is_set_for_our_pane_and_put_back(self, terminal, tmux, refused):
        master, slave = terminal
        environ = environ_of(tmux, REFUSED=refused)
        with speaking(master, brands.TMUX, brands.KITTY_NEW):
            found = probe(slave, slave, 2.0, environ)
            assert (tmux.parent / "option").read_text().strip() == ("on" if refused else "all")
            leave(slave, slave, found, environ)
        told = (tmux.parent / "note").read_text().splitlines()
        assert told[-1] == "set-option -pu -t %3 allow-passthrough"
        assert all("-g" not in line.split() for line in told)

    def test_an_option_that_is_set_already_is_left_alone(self, terminal, tmux):
        master, slave = terminal
        (tmux.parent / "option").write_text("on")
        with speaking(master, brands.TMUX, brands.KITTY_NEW):
            found = probe(slave, slave, 2.0, environ_of(tmux))
            leave(slave, slave, found, environ_of(tmux))
        assert "set-option" not in (tmux.parent / "note").read_text()

    def test_a_tmux_on_another_machine_is_tried_but_not_waited_for(self, terminal):
        master, slave = terminal
        environ = {"TERM": "tmux-256color", "PATH": ""}
        with speaking(master, brands.TMUX, brands.KITTY_NEW):
            assert choose(probe(slave, slave, 2.0, environ))[0] == "kitty"
        with speaking(master, brands.TMUX):
            started = time.monotonic()
            assert choose(probe(slave, slave, 5.0, environ))[0] == "cells"
        assert time.monotonic() - started < 2

    def test_keys_typed_while_the_outside_is_asked_are_kept(self, terminal, tmux):
        master, slave = terminal
        with speaking(master, brands.TMUX):
            threading.Timer(0.2, os.write, (master, b"hi")).start()
            assert probe(slave, slave, 0.5, environ_of(tmux)).typed == b"hi"


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=40), st.sampled_from(["auto", *PAINTERS]))
def test_garbage_for_an_answer_is_no_error(garbage, wanted):
    master, slave = pty.openpty()
    try:
        # What a line discipline would act upon is no answer.
        clean = garbage.translate(None, bytes(range(0x20)))
        answer(master, b"\x1b[?" + clean + b"\x1b\\")
        name, reason = choose(probe(slave, slave, 0.05, ENVIRON), wanted)
        assert name in PAINTERS and reason.endswith(".")
    finally:
        os.close(master)
        os.close(slave)


def test_the_kernel_knows_the_window_in_cells_and_in_pixels(terminal):
    _, slave = terminal
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 640, 480))
    assert window_pixels(slave) == (80, 24, 640, 480)


def test_a_border_is_no_part_of_a_cell():
    """xterm -b 2: 80 columns of 6 pixels, and 4 pixels that are none of them."""
    assert cell_of((80, 24, 484, 316)) == CellSize(6, 13)
    assert cell_of((80, 24, 40, 12)) == CellSize(1, 1)


@pytest.mark.parametrize("size", [(24, 80, 0, 0), (0, 0, 640, 480)])
def test_a_kernel_that_lacks_a_number_knows_nothing(terminal, size):
    _, slave = terminal
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size))
    assert window_pixels(slave) is None


def test_what_is_no_terminal_has_no_window(tmp_path):
    with (tmp_path / "file").open("wb") as file:
        assert window_pixels(file.fileno()) is None
