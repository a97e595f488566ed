"""``tui-label models``."""

from pathlib import Path

from tests.cli.conftest import Run
from tui_label.cli.models import install_command
from tui_label.segment.store import model_cards


def test_the_list_names_every_model_once_and_what_is_installed(run: Run) -> None:
    ended = run("models", "list")
    assert ended.code == 0
    lines = [line.split() for line in ended.out.decode().splitlines()]
    assert [line[0] for line in lines] == [card.id for card in model_cards()]
    assert [line[0] for line in lines if line[-1] == "installed"] == ["builtin"]


def test_an_unknown_name_is_told_with_those_there_are(run: Run, tmp_path: Path) -> None:
    ended = run("models", "pull", "nope")
    assert (ended.code, ended.out) == (4, b"")
    assert "There is no model nope. There are: builtin" in ended.err
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "models").exists()


def test_a_name_with_an_escape_sequence_is_escaped(run: Run) -> None:
    ended = run("models", "pull", "a\x1b[2Jb")
    assert ended.code == 4
    assert "\x1b" not in ended.err


def test_what_the_screen_advises_is_a_command_that_works() -> None:
    words = install_command().split()
    assert words[:3] == ["tui-label", "models", "pull"]
    assert words[3] in {card.id for card in model_cards()}
