"""The app as a person meets it: its beginning and end, small windows, broken photos."""

from pathlib import Path

import pytest
from PIL import Image
from rich.table import Table
from textual import events
from textual.command import CommandPalette
from textual.widgets import OptionList, Static

from tests.editor.walk import (
    GREEN_ROW,
    IN_RED,
    ON_NOTHING,
    RED,
    RED_ROW,
    painted,
)
from tests.tui.conftest import Perform
from tui_label.segment.types import Segmenter
from tui_label.tui.actions import ACTIONS
from tui_label.tui.screens.confirm import Confirm
from tui_label.tui.screens.help import HelpScreen


class TestBeginning:
    async def test_a_model_that_is_there_at_once_is_used(self, perform: Perform) -> None:
        async with perform() as stage:
            assert stage.said.startswith("built-in (basic) · better masks: tui-label models pull")

    async def test_a_model_that_cannot_be_loaded_is_a_sentence_and_labels_can_be_looked_at(
        self, folder: Path, perform: Perform
    ) -> None:
        (folder / "a.txt").write_bytes(RED_ROW)

        def load() -> Segmenter:
            raise ImportError("the runtime is not for this processor")

        async with perform(load=load, wait=False) as stage:
            await stage.until(lambda: stage.session.photo is not None)
            await stage.until(lambda: "not for this processor" in stage.said)
            await stage.press("space", "enter", "right_square_bracket")
            assert "1 object, saved" in stage.status
            assert stage.session.now.selected == 0

    async def test_the_tour_leads_through_the_first_minute(self, perform: Perform) -> None:
        async with perform(tour=True) as stage:
            assert stage.tour.startswith("1/6")
            await stage.press("left")
            assert stage.tour.startswith("2/6")
            await stage.mask()
            assert stage.tour.startswith("3/6")
            await stage.press("enter", "enter")
            await stage.mask()
            await stage.press("enter", "n")
            assert stage.tour.startswith("6/6")
            await stage.press("t", "t")
            assert stage.tour.startswith("6/6")


class TestHelpAndPalette:
    async def test_the_help_lists_every_action_and_goes_away(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("question_mark")
            assert isinstance(stage.app.screen, HelpScreen)
            tables = [static.content for static in stage.app.screen.query(Static)]
            synopses = [
                str(cell)
                for table in tables
                if isinstance(table, Table)
                for cell in table.columns[-1].cells
            ]
            assert synopses == [action.synopsis for action in ACTIONS]
            await stage.press("j", "k", "escape")
            assert stage.app.screen is stage.screen

    async def test_the_palette_offers_every_action_and_nothing_else(self, perform: Perform) -> None:
        async with perform() as stage:
            offered = {
                command.help.removeprefix(":").split(" ")[0]
                for command in stage.app.get_system_commands(stage.app.screen)
            }
            needs_words = {"goto", "palette"}
            assert offered == {action.name for action in ACTIONS} - needs_words

    async def test_an_action_is_found_in_the_palette_by_its_words(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("ctrl+p")
            assert isinstance(stage.app.screen, CommandPalette)
            await stage.paste("zoom in")
            await stage.until(lambda: stage.app.screen.query_one(OptionList).option_count)
            await stage.press("enter")
            await stage.until(lambda: stage.app.screen is stage.screen)
            await stage.until(lambda: stage.canvas.viewport and stage.canvas.viewport.zoom > 1)


class TestLeaving:
    async def test_a_prompt_alone_is_not_asked_about(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.mask()
            await stage.press("q")
            await stage.until(lambda: stage.app._exit)

    @pytest.mark.parametrize(("answer", "leaves"), [("y", True), ("n", False), ("escape", False)])
    async def test_labels_that_are_not_on_disk_are_asked_about(
        self, perform: Perform, folder: Path, answer: str, leaves: bool
    ) -> None:
        (folder / "a.txt").write_bytes(GREEN_ROW)
        (folder / "a.txt").chmod(0o444)
        async with perform() as stage:
            await stage.mask()
            await stage.press("enter")
            assert "could not be written" in stage.said
            assert "NOT SAVED" in stage.status
            await stage.press("q")
            assert isinstance(stage.app.screen, Confirm)
            await stage.press(answer)
            assert stage.app._exit is leaves

    async def test_an_accepted_object_without_its_mask_is_asked_about(
        self, perform: Perform
    ) -> None:
        async with perform() as stage:
            await stage.mask()
            stage.session.prompting.waiting_class = 0
            await stage.press("q")
            assert isinstance(stage.app.screen, Confirm)
            await stage.press("n")
            assert not stage.app._exit

    async def test_the_interrupt_key_leaves_from_a_dialog_too(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("c", "ctrl+q")
            await stage.until(lambda: stage.app._exit)


class TestPhotosThatCannotBeOpened:
    async def test_the_sentence_stands_there_and_the_walk_goes_on(
        self, perform: Perform, folder: Path
    ) -> None:
        photo = (folder / "a.png").read_bytes()
        (folder / "a.png").write_bytes(photo[: len(photo) // 2])
        async with perform(wait=False) as stage:
            await stage.until(lambda: stage.session.failure)
            assert "a.png is cut short" in stage.said
            await stage.press("space", "d", "plus", "left")
            assert stage.written is None
            await stage.press("n")
            await stage.opened()
            assert stage.status.startswith("file 2/3 b.png")
            await stage.mask()
            assert "score" in stage.status

    async def test_a_photo_deleted_meanwhile(self, perform: Perform, folder: Path) -> None:
        async with perform() as stage:
            (folder / "b.png").unlink()
            await stage.press("n")
            await stage.until(lambda: stage.session.failure)
            assert "b.png does not exist" in stage.said
            await stage.press("p")
            await stage.opened()

    async def test_names_with_escape_sequences_are_shown_escaped(
        self, perform: Perform, folder: Path
    ) -> None:
        (folder / "0\x1b]0;x\x07.png").write_bytes(b"junk")
        async with perform(wait=False) as stage:
            await stage.until(lambda: stage.session.failure)
            assert r"0\x1b]0;x\x07.png" in stage.status
            assert r"0\x1b]0;x\x07.png is not an image" in stage.said

    async def test_the_pointer_on_nothing_does_nothing(
        self, perform: Perform, folder: Path
    ) -> None:
        (folder / "a.png").write_bytes(b"junk")
        async with perform(wait=False) as stage:
            await stage.until(lambda: stage.session.failure)
            driver = stage.app._driver
            assert driver is not None
            for kind in (
                events.MouseDown,
                events.MouseMove,
                events.MouseUp,
                events.MouseScrollUp,
                events.MouseScrollDown,
            ):
                driver.send_message(kind(None, 12.25, 7.75, 0, 0, 1, False, False, False))
                await stage.settle()
            assert stage.session.now.draft.is_blank


class TestWindows:
    @pytest.mark.parametrize("size", [(20, 6), (80, 24), (200, 60)])
    async def test_an_object_is_made_in_a_window_of_any_usual_size(
        self, perform: Perform, size: tuple[int, int]
    ) -> None:
        async with perform(size=size) as stage:
            await stage.mask()
            await stage.press("enter")
            assert (stage.written or b"").startswith(b"0 0.2916")

    async def test_down_to_nothing_and_back_nothing_is_lost(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.mask()
            for size in ((20, 6), (3, 2), (1, 1)):
                await stage.pilot.resize_terminal(*size)
                await stage.settle()
            await stage.press("right", "plus", "space", "c", "escape", "question_mark", "escape")
            await stage.pilot.resize_terminal(80, 24)
            await stage.settle()
            assert not stage.session.now.draft.is_blank
            assert stage.canvas._grid is not None
            assert stage.canvas._grid.glyphs.shape == (stage.canvas.size.height, 80)

    async def test_a_photo_opened_where_there_was_no_room_is_seen_whole_when_there_is(
        self, perform: Perform, folder: Path
    ) -> None:
        Image.fromarray(painted().repeat(2, axis=0)).save(folder / "b.png")
        async with perform() as stage:
            await stage.pilot.resize_terminal(1, 1)
            await stage.press("n")
            await stage.opened()
            await stage.pilot.resize_terminal(80, 24)
            await stage.settle()
            assert stage.canvas.viewport is not None
            assert stage.canvas.viewport.photo == (120, 160)

    async def test_a_zoom_is_kept_through_a_resize(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("plus", "plus")
            await stage.pilot.resize_terminal(100, 30)
            await stage.settle()
            assert stage.canvas.viewport is not None
            assert stage.canvas.viewport.zoom == pytest.approx(2.25)


class TestSomebodyElse:
    async def test_a_merge_is_told(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.mask()
            stage.label.write_bytes(GREEN_ROW)
            await stage.press("enter")
            assert "changed by somebody else" in stage.said
            assert "2 objects, saved" in stage.status


class TestHurry:
    async def test_point_accept_next_typed_at_once_loses_nothing(
        self, perform: Perform, folder: Path
    ) -> None:
        async with perform() as stage:
            await stage.put(IN_RED)
            driver = stage.app._driver
            assert driver is not None
            for key in ("space", "enter", "n"):
                driver.send_message(events.Key(key, None))
            await stage.until((folder / "a.txt").exists)
            assert (folder / "a.txt").read_bytes() == b"0" + RED_ROW[1:]

    async def test_negative_first_then_positive(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.put(ON_NOTHING)
            await stage.press("minus")
            await stage.mask(IN_RED)
            assert "1 point, 1 negative" in stage.status

    async def test_the_box_of_two_corners_stays_on_the_screen(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.command("box {} {} {} {}".format(*RED))
            await stage.until(lambda: "score" in stage.status)
            scene = stage.canvas._scene
            assert scene is not None and scene.rubber == stage.session.now.draft.prompt.box
