"""A photo to click on, and the built-in network, opened once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.segment.tiny_graphs import Export
from tui_label.segment.builtin import BuiltinSegmenter
from tui_label.segment.loading import load_segmenter
from tui_label.segment.types import Photo


def disc_photo(width: int = 320, height: int = 240, radius: int = 60) -> Photo:
    """An orange disc in the middle of a blue picture with some noise."""
    noise = np.random.default_rng(0).integers(-8, 9, (height, width, 3))
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[:] = (40, 80, 160)
    cv2.circle(picture, (width // 2, height // 2), radius, (230, 140, 30), cv2.FILLED)
    photo = np.clip(picture + noise, 0, 255).astype(np.uint8)
    photo.flags.writeable = False
    return photo


@pytest.fixture(scope="session")
def builtin() -> BuiltinSegmenter:
    segmenter = load_segmenter("builtin")
    assert isinstance(segmenter, BuiltinSegmenter)
    return segmenter


@pytest.fixture(scope="session")
def photo() -> Photo:
    return disc_photo()


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for installed models."""
    folder = tmp_path / "models"
    monkeypatch.setenv("TUI_LABEL_MODELS", str(folder))
    monkeypatch.delenv("TUI_LABEL_MODEL_MIRROR", raising=False)
    yield folder


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Export]:
    """Writes a tiny encoder and decoder with SAM v1's tensors into a folder."""

    def write(**options: object) -> Export:
        return Export.write(tmp_path, **options)  # type: ignore[arg-type]

    return write
