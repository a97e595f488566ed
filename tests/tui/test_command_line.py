"""The ``:`` line."""

from pathlib import Path

import pytest
from textual import events

from tests.editor.walk import (
    as_trained,
    iou,
)
from tests.tui.conftest import Perform
from tui_label.labels.annotation import Task
from tui_label.tui.actions import ACTIONS
from tui_label.tui.widgets.command_line import CommandLine


class TestTheCommandLine:
    async def test_a_polygon_is_made_without_a_key_of_the_picture(self, perform: Perform) -> None:
        async with perform(task=Task.SEGMENT) as stage:
            await stage.command("point 35 40")
            await stage.until(stage.has_settled)
            await stage.command("accept cat")
            assert stage.said == "cat saved"
            content = stage.written or b""
            red = as_trained(b"0 .171 .257 .412 .257 .412 .743 .171 .743\n")
            assert content.startswith(b"1 ") and iou(as_trained(content), red) > 0.9

    async def test_errors_are_sentences(self, perform: Perform) -> None:
        sentences = {
            "pont 1 2": "There is no command “pont”. Did you mean point?",
            "point 1": "It is written :point [X Y] [-]",
            "point a b": "It is written :point [X Y] [-]",
            "point nan 1": "It is written :point [X Y] [-]",
            "cursor 1e99 0": "It is written :cursor X Y | left|right|up|down [CELLS]",
            "box 1 2 3": "It is written :box [X1 Y1 X2 Y2]",
            "box 5 5 5 5": "The box is smaller than a pixel; put its corners further apart.",
            "candidate sideways": "It is written :candidate next|previous",
            "class nobody": "There is no class “nobody”; c shows them.",
            "class #99": "The list has only 10 classes. c shows it and can add to it.",
            "class '": "The quotes in “class '” do not close.",
            "goto": "It is written :goto NUMBER|NAME",
            "goto 0": "There is no image 0: the dataset has 3.",
            "goto 99": "There is no image 99: the dataset has 3.",
            "goto nowhere": "No image is called “nowhere”.",
            "goto png": "3 images match “png”; say more of the name.",
            "zoom": "It is written :zoom in|out|fit|fill|1:1|object",
            "pan": "It is written :pan left|right|up|down",
            "done now": "It is written :done",
            "accept": "There is no mask to accept: set a point or a box first.",
            "assign": "It is written :assign CLASS",
            "delete": "No object is selected and none is under the cursor.",
            "edit": "No object is selected and none is under the cursor.",
            "relabel dog": "No object is selected and none is under the cursor.",
        }
        async with perform() as stage:
            said = {}
            for line in sentences:
                await stage.command(line)
                said[line] = stage.said
                assert stage.screen.query_one("#said").has_class("warning"), line
                assert stage.app.focused is stage.canvas, line
            assert said == sentences

    async def test_what_is_typed_is_text_also_where_it_is_a_key(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("colon")
            driver = stage.app._driver
            assert driver is not None
            for key, character in (("p", "p"), ("minus", "-"), ("space", " "), ("1", "1")):
                driver.send_message(events.Key(key, character))
                await stage.settle()
            assert stage.screen.query_one(CommandLine).value == "p- 1"
            assert stage.session.now.draft.is_blank

    @pytest.mark.parametrize("line", ["goto ", "class #", "accept #", "point 1 ", "zoom "])
    async def test_a_number_of_five_thousand_digits_is_a_sentence(
        self, perform: Perform, line: str
    ) -> None:
        async with perform() as stage:
            await stage.mask()
            await stage.command(line + "9" * 5000)
            assert stage.app.crash_details == ""
            assert stage.screen.query_one("#said").has_class("warning")

    async def test_escape_puts_it_away_and_the_keys_are_keys_again(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("colon", "d", "escape")
            assert stage.app.focused is stage.canvas
            assert not stage.screen.query_one(CommandLine).display
            assert stage.written is None
            await stage.press("n")
            assert stage.session.index == 1

    async def test_commands_of_before_come_back_with_the_arrows(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.command("zoom in")
            await stage.command("zoom out")
            await stage.press("colon", "up", "up")
            assert stage.screen.query_one(CommandLine).value == "zoom in"
            await stage.press("down", "down")
            assert stage.screen.query_one(CommandLine).value == ""

    async def test_a_command_to_open_the_line_leaves_it_open_for_typing(
        self, perform: Perform
    ) -> None:
        async with perform() as stage:
            await stage.command("command")
            line = stage.screen.query_one(CommandLine)
            assert line.display == (stage.app.focused is line)

    async def test_every_command_may_be_typed_before_there_is_a_photo(
        self, perform: Perform, folder: Path
    ) -> None:
        for image in folder.glob("*.png"):
            image.write_bytes(b"no photo")
        async with perform(wait=False) as stage:
            for action in ACTIONS:
                await stage.until(lambda: stage.session.failure)
                stage.screen.run_line(action.name)
                await stage.settle()
                if stage.app.screen is not stage.screen:
                    await stage.press("escape")
                assert stage.app.crash_details == "", action.name
            assert list(folder.glob("[abc].txt")) == []
