"""Choosing a class, and naming classes for the first time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from tests.tui.conftest import Perform
from tests.tui.stage import Stage
from tui_label.tui.screens.classes import ClassPicker


def options(on: Stage) -> list[str]:
    """The lines of the list on the screen."""
    shown = on.app.screen.query_one(OptionList)
    return [str(shown.get_option_at_index(i).prompt) for i in range(shown.option_count)]


class TestClasses:
    @pytest.fixture(autouse=True)
    def none_yet(self, folder: Path) -> Iterator[None]:
        (folder / "classes.txt").unlink()
        yield

    async def test_the_first_accept_asks_for_names_with_commas_and_saves(
        self, perform: Perform, folder: Path
    ) -> None:
        async with perform() as stage:
            assert "no classes yet" in stage.status
            await stage.mask()
            await stage.press("enter")
            assert isinstance(stage.app.screen, ClassPicker)
            await stage.paste("dog, red cell ,fish")
            assert options(stage) == ["add “dog”, “red cell”, “fish”"]
            await stage.press("enter")
            assert (folder / "classes.txt").read_text() == "dog\nred cell\nfish\n"
            assert stage.said == "dog saved"
            assert (stage.written or b"").startswith(b"0 ")

    async def test_put_away_the_mask_stays(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.mask()
            await stage.press("enter", "escape")
            assert stage.app.screen is stage.screen
            assert stage.has_settled()
            assert stage.written is None

    async def test_a_class_key_asks_for_names_too(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.mask()
            await stage.press("1")
            assert isinstance(stage.app.screen, ClassPicker)

    async def test_a_name_is_one_line_without_control_characters(
        self, perform: Perform, folder: Path
    ) -> None:
        async with perform() as stage:
            await stage.press("c")
            stage.app.screen.query_one(Input).value = "a\x1b[2Jb"
            await stage.settle()
            assert options(stage) == [r"add “a\x1b[2Jb”"]
            await stage.press("enter")
            assert "control character" in stage.said
            assert not (folder / "classes.txt").exists()


class TestThePicker:
    async def test_typing_narrows_by_letters_in_their_order(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("c")
            assert len(options(stage)) == 10
            assert options(stage)[0] == "1 dog"
            await stage.paste("hs")
            assert options(stage) == ["5 horse", "add “hs”"]
            await stage.press("enter")
            assert "class horse" in stage.status

    async def test_a_whole_name_is_not_offered_to_be_added_again(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("c")
            await stage.paste("dog")
            assert options(stage) == ["1 dog"]

    async def test_the_current_class_is_under_the_cursor(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("3", "c")
            assert stage.app.screen.query_one(OptionList).highlighted == 2
            await stage.press("up", "enter")
            assert "class cat" in stage.status

    async def test_a_list_that_belongs_to_a_data_yaml_offers_no_new_names(
        self, perform: Perform, folder: Path
    ) -> None:
        (folder / "classes.txt").unlink()
        (folder / "data.yaml").write_text("train: .\nnames: [dog, cat]\n")
        async with perform() as stage:
            await stage.press("c")
            await stage.paste("new")
            assert [line for line in options(stage) if line.startswith("add")] == []
            await stage.press("enter", "escape", "escape")
            assert stage.app.screen is stage.screen

    async def test_a_new_name_goes_to_the_end_and_is_used(
        self, perform: Perform, folder: Path
    ) -> None:
        async with perform() as stage:
            await stage.mask()
            await stage.press("enter", "right_square_bracket", "r")
            await stage.paste("axolotl")
            await stage.press("enter")
            assert (stage.written or b"").startswith(b"10 ")
            assert (folder / "classes.txt").read_text().endswith("mouse\naxolotl\n")
