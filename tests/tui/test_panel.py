"""Dialogs over the picture."""

import pytest
from textual.geometry import Region

from tests.tui.conftest import Perform


@pytest.mark.parametrize("key", ["question_mark", "c", "ctrl+p"])
async def test_the_layout_may_be_ahead_of_the_screen_while_the_window_changes(
    perform: Perform, key: str
) -> None:
    """Textual asks for rows that the screen, of another size until its next event, lacks."""
    async with perform(size=(60, 20)) as stage:
        await stage.press(key)
        beyond = Region(0, 0, 90, 40)
        for widget in (stage.app.screen, stage.canvas):
            strips = widget.render_lines(beyond)
            assert len(strips) == 40
            assert {strip.cell_length for strip in strips} == {90}


@pytest.mark.parametrize("key", ["question_mark", "c", "ctrl+p"])
async def test_windows_of_any_size_with_a_dialog_open(perform: Perform, key: str) -> None:
    async with perform(size=(60, 20)) as stage:
        await stage.press(key)
        for size in ((1, 1), (200, 60), (3, 30), (120, 2), (6, 24), (80, 24)):
            await stage.pilot.resize_terminal(*size)
            await stage.settle()
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert stage.canvas._covered == ()


async def test_the_text_of_a_screenshot_is_the_dialog_over_the_picture(perform: Perform) -> None:
    async with perform() as stage:
        await stage.press("c")
        svg = stage.app.export_screenshot()
        assert "Current" in svg and "▀" in svg
