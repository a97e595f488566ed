"""The canvas benchmark runs, and its far terminal is as far away as it says."""

import json
import time
from pathlib import Path

import pytest

from benchmarks import canvas
from benchmarks.link import SLOW, Far
from tests.benchmarks.schema import check_schema
from tests.pty.brands import PLAIN
from tests.pty.line import Line

ANSWERS_A_KEY = (
    "import sys, tty\n"
    "tty.setraw(0)\n"
    "sys.stdout.write('ready'); sys.stdout.flush()\n"
    "sys.stdin.read(1)\n"
    "sys.stdout.write('x' * 12_500); sys.stdout.flush()\n"
    "sys.stdin.read(1)\n"
)


def test_it_runs_whatever_its_figures_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "canvas.json"
    assert canvas.main(["--quick", "--json", str(file)]) == 0
    content = json.loads(file.read_text())
    check_schema(content)
    assert content["benchmark"] == "canvas"
    groups = {row["group"] for row in content["rows"]}
    assert {
        "kitty",
        "cells 200x60",
        "on a pty, kitty: the app",
        "on a pty, kitty: textual-image's TGPImage",
        "1 Mbit/s and 150 ms, kitty: the app",
    } <= groups
    bounds = {bound["name"]: bound["limit"] for bound in content["bounds"]}
    assert bounds["kitty: bytes of a click"] == 1000
    assert bounds["1 Mbit/s and 150 ms, kitty: the app: key to its mask"] == 300
    assert "first picture, coarse: bytes" in capsys.readouterr().out


def test_a_photo_that_cannot_be_opened_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert canvas.main(["--quick", "--photo", str(tmp_path / "none.jpg")]) == 2
    assert "none.jpg does not exist" in capsys.readouterr().err


def waited(line: Line) -> float:
    """Seconds from a key to the last of 12,500 bytes, nothing being waited for after that."""
    with Far(["-c", ANSWERS_A_KEY], PLAIN, (80, 24), line=line) as far:
        far.wait(lambda: b"ready" in far.received)
        far.drain()
        pressed = time.monotonic()
        assert far.act("k") == 12_500
        return far.crossing(far.mark()).arrived - pressed


def test_a_slow_line_takes_its_time_for_bytes_and_for_the_way() -> None:
    assert SLOW.rate == 1e6 / 8
    assert 0.25 <= waited(SLOW) < 0.25 + 1
    assert waited(Line()) < 1


def test_a_program_that_ends_is_not_waited_for() -> None:
    with Far(["-c", ""], PLAIN, (80, 24)) as far, pytest.raises(TimeoutError):
        far.wait(lambda: b"ready" in far.received)
