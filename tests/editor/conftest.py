"""Painted photos in a folder, the built-in network, and a walk through both."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.editor.walk import Walk, painted
from tui_label.labels.annotation import Task
from tui_label.segment.loading import load_segmenter
from tui_label.segment.types import Segmenter


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return load_segmenter("builtin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos and two classes."""
    for name in ("a", "b", "c"):
        Image.fromarray(painted()).save(tmp_path / f"{name}.png")
    (tmp_path / "classes.txt").write_text("dog\ncat\n")
    return tmp_path


Begin = Callable[..., Walk]


@pytest.fixture
def begin(folder: Path, segmenter: Segmenter) -> Iterator[Begin]:
    """Open the folder as it is now, at its first image."""
    walks: list[Walk] = []

    def opened(*, task: Task = Task.DETECT, at: int = 0) -> Walk:
        walks.append(Walk.through(folder, segmenter, task))
        walks[-1].open(at)
        return walks[-1]

    yield opened
    for walk in walks:
        walk.session.store.close()


@pytest.fixture
def walk(begin: Begin) -> Walk:
    return begin()
