"""The installed command, run the way a shell runs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.editor.walk import painted


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: bytes
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``tui-label`` with these words in ``tmp_path``; input and output are no terminal."""

    def ended(*words: str | Path, environ: Mapping[str, str] | None = None) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "tui_label", *map(str, words)],
            cwd=tmp_path,
            env={
                **{key: value for key, value in os.environ.items() if "TUI_LABEL" not in key},
                "PYTHONPATH": str(ROOT),
                "TUI_LABEL_MODELS": str(tmp_path / "models"),
                **(environ or {}),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr.decode())

    return ended


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A red and a green block on grey."""
    path = tmp_path / "photo.png"
    Image.fromarray(painted()).save(path)
    return path
