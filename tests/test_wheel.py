"""What is installed carries what it needs, and nothing that it does not."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


def test_models_and_themes_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    files = [file for top in ("models", "themes") for file in (ROOT / top).rglob("*.*")]
    wanted = {f"tui_label/_shipped/{file.relative_to(ROOT).as_posix()}" for file in files}
    assert len(wanted) > 5
    assert wanted <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_the_installed_program_finds_its_model_and_themes(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import tui_label, tui_label.segment.loading as s, tui_label.tui.themes as t;"
        "print(tui_label.__file__, s.load_segmenter('builtin').title, t.theme_names())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(str(tmp_path / "site")), done.stderr
    assert "built-in (basic) ['dark', 'light']" in done.stdout
