"""What the canvas needs of Textual beyond its public parts, so that a release that changes it
fails here and not on a person's screen."""

import inspect
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets._toast import Toast

from tests.tui.conftest import Perform
from tests.tui.test_keys import Watched
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.cellgrid import CellGrid
from tui_label.graphics.cells_blocks import HALF_BLOCK
from tui_label.graphics.viewport import CellSize
from tui_label.tui import private
from tui_label.tui.private import HeldStrip
from tui_label.tui.private import driver as driver_module
from tui_label.tui.private import screen as screen_module


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


class TestTheDriver:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("write", ["self", "data"]),
            ("process_message", ["self", "message"]),
            ("run_input_thread", ["self"]),
            ("_enable_mouse_support", ["self"]),
            ("_enable_mouse_pixels", ["self"]),
            ("stop_application_mode", ["self"]),
            ("_disable_mouse_support", ["self"]),
        ],
    )
    def test_it_has_the_methods_that_ours_extends(self, name: str, expected: list[str]) -> None:
        assert parameters(getattr(LinuxDriver, name)) == expected

    def test_it_makes_its_parser_from_the_name_in_its_module(self) -> None:
        assert linux_driver.XTermParser is XTermParser
        assert "XTermParser(" in inspect.getsource(LinuxDriver.run_input_thread)

    def test_it_says_whether_the_mouse_reports_pixels(self) -> None:
        source = inspect.getsource(LinuxDriver)
        assert "self._mouse_pixels = False" in source
        assert "self._mouse_pixels = True" in inspect.getsource(LinuxDriver._enable_mouse_pixels)
        assert "?1016h" in inspect.getsource(LinuxDriver._enable_mouse_pixels)

    def test_it_knows_its_app_and_its_loop(self) -> None:
        source = inspect.getsource(Driver.__init__)
        assert "self._app = " in source and "self._loop = " in source

    def test_its_writer_has_a_queue_that_can_be_full(self) -> None:
        assert "self._queue: Queue" in inspect.getsource(WriterThread.__init__)
        assert "self._writer_thread" in inspect.getsource(LinuxDriver.__init__)

    def test_its_decoder_comes_from_a_name_in_its_module(self) -> None:
        assert "getincrementaldecoder(" in inspect.getsource(LinuxDriver.run_input_thread)

    def test_ours_is_one_for_every_kind_of_terminal(self) -> None:
        for capabilities in (
            Capabilities(complete=True),
            Capabilities(brand="xterm", pixel_mouse=True, complete=True),
            Capabilities(complete=False, pending=b"\x1b["),
        ):
            assert issubclass(private.driver_class(capabilities), LinuxDriver)


class TestTheParser:
    def test_it_has_the_methods_that_ours_extends(self) -> None:
        assert parameters(XTermParser.__init__) == ["self", "debug"]
        assert parameters(XTermParser.feed) == ["self", "data"]
        assert parameters(XTermParser.tick) == ["self"]
        assert parameters(XTermParser.parse_mouse_code) == ["self", "code"]

    def test_an_answer_torn_behind_its_escape_is_no_escape_key(self) -> None:
        driver = SimpleNamespace(mouse_lies=False, answers=0, questions=0)
        parser = driver_module._Parser(driver, Capabilities(complete=True), False)
        assert list(parser.feed("\x1b")) == []
        (answer,) = parser.feed("[0n")
        assert isinstance(answer, private.Acknowledged)
        (key,) = parser.feed("x")
        assert isinstance(key, events.Key) and key.key == "x"

    def test_pixel_reports_become_fractions_of_cells(self) -> None:
        parser = XTermParser()
        parser.mouse_pixels = True
        parser.terminal_size, parser.terminal_pixel_size = (80, 24), (800, 480)
        (event,) = parser.feed("\x1b[<0;126;70M")
        assert isinstance(event, events.MouseDown)
        assert event.pointer_x == pytest.approx(12.5)
        assert event.pointer_y == pytest.approx(3.45)


class TestTheMouse:
    """80 × 24 cells of 10 × 20 pixels."""

    @pytest.fixture
    def driver(self, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
        monkeypatch.setattr(screen_module, "screen_pixels", lambda: (80, 24, 800, 480))
        return SimpleNamespace(mouse_lies=False, answers=0, questions=0)

    def place(self, parser: driver_module._Parser, report: str) -> tuple[float, float]:
        (event,) = parser.feed(f"\x1b[<{report}")
        assert isinstance(event, events.MouseEvent)
        return event.pointer_x, event.pointer_y

    def test_pixels_are_fractions_of_cells(self, driver: SimpleNamespace) -> None:
        parser = driver_module._Parser(driver, Capabilities(complete=True), True)
        assert self.place(parser, "0;126;70M") == pytest.approx((12.5, 3.45))

    def test_where_the_kernel_has_no_pixels_the_terminal_was_asked(
        self, driver: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(screen_module, "screen_pixels", lambda: None)
        monkeypatch.setattr("os.get_terminal_size", lambda _: (80, 24))
        known = Capabilities(complete=True, cell=CellSize(9.5, 20))
        parser = driver_module._Parser(driver, known, True)
        assert self.place(parser, "0;96;21M") == pytest.approx((10, 1))

    def test_a_brand_that_counts_from_0_is_corrected(self, driver: SimpleNamespace) -> None:
        parser = driver_module._Parser(driver, Capabilities(complete=True, pixel_bias=1), True)
        assert self.place(parser, "0;125;69M") == pytest.approx((12.5, 3.45))

    def test_who_only_ever_presses_within_so_few_pixels_means_cells(
        self, driver: SimpleNamespace
    ) -> None:
        parser = driver_module._Parser(driver, Capabilities(complete=True), True)
        for report in ("0;5;5M", "0;40;12M"):
            self.place(parser, report)
            assert not driver.mouse_lies
        assert self.place(parser, "0;70;20M") == (69, 19)
        assert driver.mouse_lies
        # And if it was a hand after all that pressed there three times, it moves on one day.
        assert self.place(parser, "35;705;405M") == pytest.approx((70.4, 20.2))
        assert not driver.mouse_lies

    def test_a_hand_that_moves_over_the_first_pixels_is_not_taken_for_cells(
        self, driver: SimpleNamespace
    ) -> None:
        parser = driver_module._Parser(driver, Capabilities(complete=True), True)
        for x in range(1, 75):
            self.place(parser, f"35;{x};10M")
        assert not driver.mouse_lies
        self.place(parser, "35;300;10M")
        for x in range(1, 75):
            self.place(parser, f"0;{x};10M")
        assert not driver.mouse_lies


class TestTheApp:
    async def test_it_keeps_its_driver_and_whether_it_is_leaving(self, perform: Perform) -> None:
        async with perform() as stage:
            assert isinstance(stage.app._driver, HeadlessDriver)
            assert stage.app._running is True
            assert not private.is_leaving(stage.app)
            stage.app.exit()
            assert private.is_leaving(stage.app)

    async def test_a_fault_ends_it_without_a_traceback_on_the_screen(self) -> None:
        class Faulty(private.SpokenCrash):
            def on_key(self) -> None:
                raise RuntimeError("a fault of the program")

        app = Faulty()
        with pytest.raises(RuntimeError):
            async with app.run_test() as pilot:
                await pilot.press("a")
        assert "RuntimeError: a fault of the program" in app.crash_details

    async def test_a_widget_that_has_gone_is_no_fault_of_an_app_that_is_leaving(self) -> None:
        app = private.SpokenCrash()
        async with app.run_test():
            app.exit(return_code=143)
            app._handle_exception(NoMatches("gone"))
        assert app.crash_details == ""
        assert app.return_code == 143

    def test_faults_end_in_the_method_that_ours_replaces(self) -> None:
        assert parameters(App._fatal_error) == ["self"]
        assert parameters(App._close_messages_no_wait) == ["self"]

    def test_toasts_are_widgets_that_can_be_looked_for(self) -> None:
        assert issubclass(Toast, Widget)

    async def test_a_toast_covers_the_canvas(self, perform: Perform) -> None:
        async with perform() as stage:
            assert not list(private.covering(stage.canvas))
            stage.app.notify("hello")
            await stage.until(lambda: stage.screen.query(Toast))
            (region,) = private.covering(stage.canvas)
            assert region.area > 0

    async def test_what_a_toast_covered_is_drawn_again_when_it_goes(self, perform: Perform) -> None:
        async with perform() as stage:
            stage.app.notify("hello", timeout=0.3)
            await stage.until(lambda: stage.canvas._covered)
            watched = Watched(stage.canvas.painter)
            stage.canvas.painter = watched
            await stage.until(lambda: not stage.canvas._covered)
            assert sum(watched.changed) > 10

    async def test_nothing_is_painted_over_a_dialog_whose_news_are_on_their_way(
        self, perform: Perform
    ) -> None:
        async with perform() as stage:
            await stage.press("c")
            await stage.until(lambda: stage.canvas._covered)
            stage.canvas._covered = ()  # as if nobody had told yet
            stage.screen.update()
            assert stage.canvas._covered

    async def test_a_dialog_covers_what_it_stands_on_and_nothing_else(
        self, perform: Perform
    ) -> None:
        async with perform() as stage:
            await stage.press("c")
            await stage.until(lambda: stage.canvas._covered)
            panel = stage.app.screen.query_one("#picker").region
            union = Region.from_union(list(private.covering(stage.canvas)))
            assert union == panel
            left, top = stage.canvas.region.offset
            covered = max(stage.canvas._covered, key=lambda rect: rect.width * rect.height)
            assert covered == (panel.x - left, panel.y - top, *panel.size)
            await stage.press("escape")
            await stage.until(lambda: not stage.canvas._covered)


WIDTH = 12


def grid() -> CellGrid:
    noise = np.random.default_rng(0)
    glyphs = np.full((1, WIDTH), HALF_BLOCK, dtype=np.uint32)
    glyphs[0, 3], glyphs[0, 7] = ord("┼"), ord("+")
    fg, bg = noise.integers(0, 256, (2, 1, WIDTH, 3), dtype=np.uint8)
    bg[0, 4:6] = fg[0, 4:6]
    return CellGrid(glyphs, fg, bg)


def plain() -> Strip:
    """What Textual would make of the same cells."""
    cells = grid()
    return Strip(
        [
            Segment(
                chr(cells.glyphs[0, x]),
                Style(
                    color=Color.from_rgb(*cells.fg[0, x].tolist()),
                    bgcolor=Color.from_rgb(*cells.bg[0, x].tolist()),
                ),
            )
            for x in range(WIDTH)
        ],
        WIDTH,
    )


def ours() -> HeldStrip:
    (strip,) = private.held(lambda: [plain()], 1, WIDTH)
    return strip  # type: ignore[return-value]


def shown(strip: Strip) -> list[tuple[str, str]]:
    """Each cell as two pixels, however many segments it is made of."""
    pixels = []
    for segment in strip:
        assert segment.style is not None
        for char in segment.text:
            pixels.append((char, str(segment.style)))
    return pixels


class TestStrips:
    def test_it_keeps_segments_where_ours_makes_them(self) -> None:
        assert "_segments" in Strip.__slots__
        assert ours()._segments == plain()._segments

    def test_the_whole_row(self) -> None:
        assert shown(ours()) == shown(plain())
        assert ours().cell_length == plain().cell_length == WIDTH
        assert ours().text == plain().text
        assert bool(ours()) and not ours().crop(4, 4)

    @given(st.integers(0, WIDTH + 2), st.integers(0, WIDTH + 2) | st.none())
    def test_any_part_of_it(self, start: int, end: int | None) -> None:
        mine, theirs = ours().crop(start, end), plain().crop(start, end)
        assert shown(mine) == shown(theirs)
        assert mine.cell_length == theirs.cell_length

    @given(st.sets(st.integers(1, WIDTH), min_size=1))
    def test_cut_anywhere(self, at: set[int]) -> None:
        cuts = sorted(at | {WIDTH})
        mine, theirs = ours().divide(cuts), plain().divide(cuts)
        assert [shown(strip) for strip in mine] == [shown(strip) for strip in theirs]
        assert [strip.cell_length for strip in mine] == [
            right - left for left, right in pairwise([0, *cuts])
        ]

    def test_a_part_of_a_part(self) -> None:
        assert shown(ours().crop(2, 10).crop(3, 5)) == shown(plain().crop(5, 7))

    def test_written_out_it_only_moves_the_text_cursor(self) -> None:
        console = Console(color_system="truecolor", force_terminal=True, width=WIDTH)
        assert ours().render(console) == f"\x1b[{WIDTH}C"
        assert ours().crop(3, 5).render(console) == "\x1b[2C"
        assert ours().crop(3, 3).render(console) == ""

    def test_what_it_looks_like_is_made_once_and_only_when_asked_for(self) -> None:
        made = []

        def rows() -> list[Strip]:
            made.append(1)
            return [plain(), plain()]

        first, second = private.held(rows, 2, WIDTH)
        first.render(Console())
        assert not made
        assert first.text == second.text
        assert len(made) == 1

    def test_rows_that_are_gone_when_they_are_asked_for_are_blank(self) -> None:
        strips = private.held(lambda: [plain()], 2, WIDTH + 3)
        assert strips[1].text == " " * (WIDTH + 3)
        assert strips[0].text == plain().text + "   "

    def test_joined_with_others_it_shows_the_same(self) -> None:
        words = Strip([Segment("ab")], 2)
        joined = Strip.join([ours().crop(0, 3), words])
        assert [segment.text for segment in joined] == ["▀", "▀", "▀", "ab"]


def test_the_size_of_a_cell_is_unknown_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.__stdin__", None)
    assert private.screen_pixels() is None
    assert private.cell_size() is None
