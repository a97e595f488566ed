"""The program in a fake terminal, with folders of its own instead of the user's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import FakeTerminal

Start = Callable[..., FakeTerminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts ``tui-label ARGUMENTS``; every terminal is closed with the test.

    Whatever a test did: no traceback may ever have reached the screen.
    """
    opened: list[FakeTerminal] = []
    home = tmp_path / "home"
    home.mkdir()
    environ = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TUI_LABEL_MODELS": str(home / "models"),
    }

    def starting(*arguments: str | Path, **options: object) -> FakeTerminal:
        terminal = FakeTerminal(
            [str(argument) for argument in arguments],
            environ=environ,
            **options,  # type: ignore[arg-type]
        )
        opened.append(terminal)
        return terminal

    yield starting
    for terminal in opened:
        terminal.close()
    for terminal in opened:
        assert b"Traceback" not in terminal.received


@pytest.fixture
def photos(shared: Path, tmp_path: Path) -> Path:
    """A folder with the three real photos and no labels."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for photo in (shared / "data" / "photos").glob("*.jpg"):
        shutil.copyfile(photo, folder / photo.name)
    return folder


@pytest.fixture
def dog(shared: Path, tmp_path: Path) -> Path:
    """A folder with one real photo, of 800 x 534 pixels."""
    folder = tmp_path / "one"
    folder.mkdir()
    shutil.copyfile(shared / "data" / "photos" / "dog.jpg", folder / "dog.jpg")
    return folder
