"""Clicks, drags and the wheel, finer than a cell where the terminal is."""

import pytest
from textual import events

from tests.editor.walk import (
    IN_RED,
)
from tests.tui.conftest import Perform
from tui_label.tui.widgets.canvas import Canvas


class TestThePointer:
    @pytest.mark.parametrize(("button", "positive"), [(1, True), (3, False)])
    async def test_a_click_is_a_point_finer_than_a_cell(
        self, perform: Perform, button: int, positive: bool
    ) -> None:
        async with perform() as stage:
            at = (35.3, 40.8)
            await stage.click(at, button)
            (point,) = stage.session.now.draft.prompt.points
            assert (point.x, point.y) == pytest.approx(at, abs=0.01)
            assert point.positive is positive
            assert stage.screen.looking.cursor == pytest.approx(at, abs=0.01)

    async def test_on_a_terminal_that_reports_cells_the_middle_of_the_cell_is_meant(
        self, perform: Perform
    ) -> None:
        async with perform() as stage:
            driver = stage.app._driver
            assert driver is not None
            for kind in (events.MouseDown, events.MouseUp):
                driver.send_message(kind(None, 30, 9, 0, 0, 1, False, False, False))
                await stage.settle()
            (point,) = stage.session.now.draft.prompt.points
            assert stage.cell_of((point.x, point.y)) == pytest.approx((30.5, 9.5), abs=0.01)

    async def test_a_drag_is_a_box_shown_while_it_grows(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.pointer(events.MouseDown, (18, 18))
            await stage.pointer(events.MouseMove, (40, 50))
            scene = stage.canvas._scene
            assert scene is not None and scene.rubber is not None
            assert (scene.rubber.x2, scene.rubber.y2) == pytest.approx((40, 50), abs=0.01)
            assert stage.session.now.draft.is_blank
            await stage.pointer(events.MouseUp, (52, 62))
            box = stage.session.now.draft.prompt.box
            assert box is not None
            corners = (box.x1, box.y1, box.x2, box.y2)
            assert corners == pytest.approx((18, 18, 52, 62), abs=0.01)

    async def test_a_hand_that_shakes_still_clicks(self, perform: Perform) -> None:
        async with perform() as stage:
            x, y = IN_RED
            await stage.drag((x, y), (x + 0.4, y + 0.4))
            (point,) = stage.session.now.draft.prompt.points
            assert (point.x, point.y) == pytest.approx(IN_RED, abs=0.01)

    async def test_the_wheel_zooms_at_the_pointer(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("plus", "plus", "plus", "plus")
            at, before = (64.5, 42.5), stage.canvas.viewport
            cell = stage.cell_of(at)
            await stage.pointer(events.MouseScrollUp, at, 0)
            viewport = stage.canvas.viewport
            assert before is not None and viewport is not None
            assert viewport.zoom == pytest.approx(1.25 * before.zoom)
            assert stage.cell_of(at) == pytest.approx(cell, abs=0.01)
            await stage.pointer(events.MouseScrollDown, at, 0)
            assert stage.canvas.viewport is not None
            assert stage.canvas.viewport.zoom == pytest.approx(before.zoom)

    async def test_the_middle_button_pulls_the_photo(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("plus", "plus", "plus")
            before = stage.canvas.viewport
            await stage.drag((60, 40), (65, 40), button=2)
            after = stage.canvas.viewport
            assert before is not None and after is not None
            assert after.left < before.left
            assert stage.session.now.draft.is_blank

    async def test_a_click_beside_the_photo_is_put_on_its_border(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.click((-5, 40))
            (point,) = stage.session.now.draft.prompt.points
            assert (point.x, point.y) == pytest.approx((0, 40), abs=0.01)

    async def test_it_tells_the_pixel_it_is_on_and_its_colour(self, perform: Perform) -> None:
        async with perform(size=(100, 24)) as stage:
            await stage.pointer(events.MouseMove, (35.4, 40.2), 0)
            await stage.until(lambda: stage.screen.query_one("#pixel").display)
            colour = bytes(stage.session.photo[40, 35]).hex()  # type: ignore[index]
            assert stage._words("#pixel") == f"35 40 #{colour}"
            await stage.pointer(events.MouseMove, (-3, 40), 0)
            await stage.until(lambda: not stage.screen.query_one("#pixel").display)

    async def test_what_is_saved_is_more_important_than_the_pixel(self, perform: Perform) -> None:
        async with perform(size=(60, 24)) as stage:
            await stage.pointer(events.MouseMove, (35, 40), 0)
            await stage.until(lambda: stage._words("#pixel"))
            assert not stage.screen.query_one("#pixel").display

    async def test_a_drag_that_rests_at_the_edge_moves_the_photo_on(self, perform: Perform) -> None:
        async with perform() as stage:
            await stage.press("plus", "plus", "plus", "plus")
            before = stage.canvas.viewport
            assert before is not None
            corner = before.window.x1 + 1, before.window.y1 + 1
            edge = before.window.x2 - 0.1, (before.window.y1 + before.window.y2) / 2
            await stage.pointer(events.MouseDown, corner)
            await stage.pointer(events.MouseMove, edge)
            await stage.until(lambda: stage.canvas.viewport.left > before.left + 3)  # type: ignore[union-attr]
            rubber = stage.canvas._scene.rubber  # type: ignore[union-attr]
            # It began where it began, although the photo has moved beneath it.
            assert (rubber.x1, rubber.y1) == pytest.approx(corner, abs=0.1)
            assert rubber.x2 > before.window.x2
            await stage.press("escape")

    async def test_a_moving_mouse_does_not_make_text_of_the_picture(
        self, perform: Perform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = []
        monkeypatch.setattr(Canvas, "_as_text", lambda *_: made.append(1) or [])
        async with perform() as stage:
            for x in range(20, 60):
                await stage.pointer(events.MouseMove, (x, 40), 0)
            await stage.press("c")
            for x in range(2, 60):
                await stage.pointer(events.MouseMove, (x, 5), 0)
            assert made == []

    async def test_a_storm_of_the_wheel_is_painted_a_few_times(
        self, perform: Perform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        painted = []
        async with perform() as stage:
            show = stage.canvas.show
            monkeypatch.setattr(
                stage.canvas, "show", lambda *words: painted.append(1) or show(*words)
            )
            driver = stage.app._driver
            assert driver is not None and stage.canvas.viewport is not None
            for _ in range(200):
                driver.send_message(events.MouseScrollUp(None, 30, 9, 0, 0, 0, False, False, False))
            await stage.until(lambda: stage.canvas.viewport.scale == 32)  # type: ignore[union-attr]
            await stage.settle()
            assert 0 < len(painted) < 100
