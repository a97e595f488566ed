"""What doctor says where there is no terminal to ask, and what it never says."""

import json
import os
import socket
from getpass import getuser

import pytest

from tests.cli.conftest import Run
from tests.cli.test_main import imported
from tui_label import __version__
from tui_label.graphics.brands import PAINTERS


def test_without_a_terminal_it_says_so_and_what_would_be_chosen(run: Run) -> None:
    ended = run("doctor")
    assert (ended.code, ended.err) == (0, "")
    lines = dict(line.split("  ", 1) for line in ended.out.decode().splitlines())
    assert lines["picture"].strip() == "cells"
    assert "not a terminal" in lines["why"]


def test_the_report_is_json_and_complete(run: Run) -> None:
    ended = run("doctor", "--json")
    report = json.loads(ended.out)
    assert report["tui-label"] == __version__ and report["packages"]["textual"]
    assert report["picture"] == "cells" and report["why"].endswith(".")
    assert report["capabilities"]["complete"] is False
    assert {"said", "outer_said", "pending"} == set(report["answers"])


def test_the_report_names_no_person_machine_or_folder(run: Run) -> None:
    said = run("doctor", "--json", environ={"TMUX": "/tmp/tmux-0/secret,1,0"}).out.decode()
    report = json.loads(said)
    assert report["environment"]["TMUX"] is True
    assert "secret" not in said and os.sep not in said
    for name in (getuser(), socket.gethostname()):
        assert name not in said


@pytest.mark.parametrize("name", [PAINTERS[0], PAINTERS[-1]])
def test_a_painter_that_is_asked_for_is_the_one(run: Run, name: str) -> None:
    report = json.loads(run("doctor", "--json", "--graphics", name).out)
    assert report["picture"] == name


def test_the_environment_asks_too(run: Run) -> None:
    report = json.loads(run("doctor", "--json", environ={"TUI_LABEL_GRAPHICS": "sixel"}).out)
    assert report["picture"] == "sixel" and "although" in report["why"]


def test_a_painter_that_is_not_there_is_wrong_usage(run: Run) -> None:
    ended = run("doctor", "--graphics", "oil")
    assert ended.code == 2 and "quadrants" in ended.err


def test_its_help_imports_nothing_heavy() -> None:
    assert imported("doctor", "--help") == []
