"""The program in a fake terminal, with folders of its own instead of the user's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.pty.terminal import FakeTerminal

Start = Callable[..., FakeTerminal]

_NOTHING: Mapping[str, str] = {}


@contextmanager
def starting(home: Path) -> Iterator[Start]:
    """Starts ``tui-label ARGUMENTS`` with a home of its own; every terminal is closed in the end.

    Whatever a test did: no traceback may ever have reached the screen.
    """
    opened: list[FakeTerminal] = []
    home.mkdir()
    folders = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TUI_LABEL_MODELS": str(home / "models"),
    }

    def start(
        *arguments: str | Path, environ: Mapping[str, str] = _NOTHING, **options: object
    ) -> FakeTerminal:
        terminal = FakeTerminal(
            [str(argument) for argument in arguments],
            environ=folders | dict(environ),
            **options,  # type: ignore[arg-type]
        )
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()
    for terminal in opened:
        assert b"Traceback" not in terminal.received


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the program; see :func:`starting`."""
    with starting(tmp_path / "home") as start:
        yield start


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
    return one_photo(shared, tmp_path / "one")


def one_photo(shared: Path, folder: Path) -> Path:
    """A folder with ``dog.jpg``."""
    folder.mkdir()
    shutil.copyfile(shared / "data" / "photos" / "dog.jpg", folder / "dog.jpg")
    return folder
