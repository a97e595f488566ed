"""Painted photos, the built-in network, and the app on both."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from tests.editor.walk import painted
from tests.tui.stage import Stage, staged
from tui_label.segment.loading import load_segmenter
from tui_label.segment.types import Segmenter

Perform = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return load_segmenter("builtin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos and ten classes."""
    for name in ("a", "b", "c"):
        Image.fromarray(painted()).save(tmp_path / f"{name}.png")
    names = ["dog", "cat", "bird", "fish", "horse", "cow", "sheep", "goat", "duck", "mouse"]
    (tmp_path / "classes.txt").write_text("".join(f"{name}\n" for name in names))
    return tmp_path


@pytest.fixture
def perform(folder: Path, segmenter: Segmenter) -> Perform:
    """Run the app: ``async with perform() as stage``."""
    return partial(staged, folder, load=lambda: segmenter)
