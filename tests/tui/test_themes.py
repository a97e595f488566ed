"""Themes: colours from files."""

from pathlib import Path

import pytest

from tui_label.errors import InputError
from tui_label.graphics.palette import MASK_COLOURS
from tui_label.tui.themes import DEFAULT_THEME, load_theme, read_theme, theme_names


@pytest.mark.parametrize("name", theme_names())
def test_every_shipped_theme_loads_with_colours_for_twelve_classes(name: str) -> None:
    theme = load_theme(name)
    assert theme.textual.name == f"tui-label-{name}"
    assert len(set(theme.masks)) == 12


def test_there_is_a_dark_and_a_light_one() -> None:
    assert {"dark", "light"} <= set(theme_names())
    assert DEFAULT_THEME in theme_names()
    assert load_theme("dark").textual.dark and not load_theme("light").textual.dark


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match="There are dark, light"):
        load_theme("neon")


@pytest.mark.parametrize("name", ["../dark", "a\x1b[2Jb", ""])
def test_an_odd_name_is_no_path_out_and_no_escape_sequence(name: str) -> None:
    with pytest.raises(InputError) as raised:
        load_theme(name)
    assert "\x1b" not in str(raised.value)


def test_without_mask_colours_the_usual_ones_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "plain.yaml"
    file.write_text("colours: {primary: '#ffffff'}\n")
    assert read_theme(file).masks == MASK_COLOURS


@pytest.mark.parametrize(
    "content",
    [
        "",
        "colours: 3",
        "colours: {primary: '#ffffff', glitter: 1}",
        "colours: {dark: true}",
        "colours: {primary: '#ffffff'}\nmasks: ['red']",
        "colours: {primary: '#ffffff'}\nmasks: ['#zzzzzz']",
        "colours: {primary: '#ffffff'}\nmasks: 3",
        "colours: {primary: 'no such colour'}",
        "{",
        "- a\n- b\n",
        "!!python/object/apply:os.system ['true']",
    ],
)
def test_a_broken_theme_is_a_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(content)
    with pytest.raises(InputError, match=r"broken\.yaml cannot be used"):
        read_theme(file)


def test_a_theme_that_is_not_text_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be used"):
        read_theme(file)
