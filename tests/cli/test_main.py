"""The command line: what it costs to start, and how it says what went wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Run
from tests.conftest import ROOT
from tests.editor.walk import painted
from tui_label import __version__

HEAVY = ("textual", "onnxruntime", "numpy", "cv2", "PIL", "rich")


def imported(*words: str) -> list[str]:
    """The heavy packages that a command imports."""
    program = (
        "import json, sys\n"
        f"sys.argv = ['tui-label', *{list(words)!r}]\n"
        "from tui_label.cli.main import run\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "words",
    [["--version"], ["--help"], ["segment", "--help"], ["open", "--help"], ["models", "--help"]],
    ids=" ".join,
)
def test_words_about_the_program_import_nothing_heavy(words: list[str]) -> None:
    assert imported(*words) == []


def test_the_version_is_the_packages(run: Run) -> None:
    ended = run("--version")
    assert (ended.code, ended.out.decode()) == (0, f"tui-label {__version__}\n")


def test_the_help_names_every_command_and_exit_code(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    help_text = ended.out.decode()
    for word in ("open", "demo", "segment", "models", "3 input", "5 terminal", "6 not saved"):
        assert word in help_text


def test_without_words_the_help_is_shown(run: Run) -> None:
    ended = run()
    assert ended.code in {0, 2}
    assert "Usage: " in ended.out.decode() + ended.err


class TestOneLineAndAnExitCode:
    def assert_one_line(self, err: str) -> None:
        assert err.startswith("tui-label: ") and err.count("\n") == 1 and err.endswith("\n")

    @pytest.mark.parametrize(
        "words", [["nowhere"], ["open", "nowhere"], ["--task", "segment", "x"]]
    )
    def test_a_path_that_is_not_there(self, run: Run, words: list[str]) -> None:
        ended = run(*words)
        assert (ended.code, ended.out) == (3, b"")
        self.assert_one_line(ended.err)
        assert "does not exist" in ended.err

    def test_a_folder_without_images(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        ended = run("empty")
        assert ended.code == 3
        self.assert_one_line(ended.err)
        assert "holds no images" in ended.err

    def test_no_terminal(self, run: Run, photo: Path) -> None:
        ended = run(photo)
        assert (ended.code, ended.out) == (5, b"")
        self.assert_one_line(ended.err)
        assert "needs a terminal" in ended.err and "tui-label segment" in ended.err

    def test_without_a_terminal_nothing_is_written(
        self, run: Run, photo: Path, tmp_path: Path
    ) -> None:
        run(photo)
        assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]

    def test_escape_sequences_in_names_do_not_reach_the_screen(
        self, run: Run, tmp_path: Path
    ) -> None:
        ended = run("\x1b]0;owned\x07\x1b[2J.png")
        assert ended.code == 3
        assert r"\x1b]0;owned\x07\x1b[2J.png" in ended.err
        assert "\x1b" not in ended.err

    def test_a_name_that_is_not_utf_8(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a\udcff.png").write_bytes(b"junk")
        ended = run("segment", "a\udcff.png", "--point", "1,1")
        assert ended.code == 3
        self.assert_one_line(ended.err)
        assert r"a\udcff.png" in ended.err

    def test_a_class_list_that_is_not_text_is_passed_over_with_a_word(
        self, run: Run, photo: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "classes.txt").write_bytes(b"\xff\xfe\x00")
        assert run(photo).code == 5


class TestUsage:
    @pytest.mark.parametrize(
        "words",
        [
            ["--task", "paint", "x"],
            ["--graphics", "ascii", "x"],
            ["--no-such-option", "x"],
            ["open"],
            ["segment"],
            ["models", "steal"],
            ["x", "y"],
        ],
        ids=" ".join,
    )
    def test_wrong_words_end_with_2_and_say_how_it_is_written(
        self, run: Run, words: list[str]
    ) -> None:
        ended = run(*words)
        assert (ended.code, ended.out) == (2, b"")
        assert "Usage: " in ended.err and "Traceback" not in ended.err

    def test_a_folder_with_a_commands_name_is_opened_by_its_path(
        self, run: Run, tmp_path: Path
    ) -> None:
        (tmp_path / "models").mkdir()
        Image.fromarray(painted()).save(tmp_path / "models" / "a.png")
        assert run("./models").code == 5
