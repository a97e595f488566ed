"""The sixel painter against a terminal of our own: after any steps it shows what was wanted."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphics.scenes import disc, photo
from tests.graphics.sixel_model import SixelModel
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.painter import Painted, View
from tui_label.graphics.painters import make_painter
from tui_label.graphics.scene import (
    Emphasis,
    Look,
    Loupe,
    Mark,
    MaskStyle,
    Picture,
    Scene,
    Shape,
    Tone,
)
from tui_label.graphics.sixel_painter import SixelPainter
from tui_label.graphics.sixel_update import SixelOptions, refined
from tui_label.graphics.sprites import cursor_side
from tui_label.graphics.viewport import CellSize, Viewport

CELL = CellSize(8, 17)
CELLS = Size(26, 9)
ORIGIN = (3, 2)
SIZE = Size(400, 300)
# Of few colours: what a terminal of our own decodes in little time.
PHOTO = Picture.of(photo() & 0xC0)
OTHER = Picture.of(photo(seed=1) & 0xC0)
NOISY = Picture.of(photo())
VIEW = Viewport.fitted(SIZE, CELLS, CELL)
SCENE = Scene(PHOTO, "a", cursor=(200, 150))
SHAPES = (
    Shape(disc(100, 100, 60, SIZE), None, 0),
    Shape(disc(300, 180, 70, SIZE), Box(230, 110, 370, 250), 1, Emphasis.SELECTED),
)
CANDIDATE = Shape(disc(210, 150, 50, SIZE), None, 2, Emphasis.CANDIDATE)
POPUP = CellRect(8, 3, 8, 4)


class Canvas:
    """A painter and the terminal that it writes to."""

    def __init__(
        self, brand: str = "xterm", cells: Size = CELLS, cell: CellSize = CELL, **known
    ) -> None:
        self.painter = SixelPainter(Capabilities(brand=brand, sixel=True, **known))
        self.cells = cells
        self.terminal = SixelModel(
            cells.width + 6,
            cells.height + 4,
            (int(cell.width), int(cell.height)),
            registers=known.get("sixel_colours", 256),
            largest=known.get("sixel_largest", (1000, 1000)),
            blends=brand in {"xterm", "foot"},
        )

    def paint(
        self, scene: Scene, viewport: Viewport = VIEW, budget: int | None = None, **parts
    ) -> Painted:
        cursor = self.terminal.cursor
        painted = self.painter.paint(View(scene, viewport, ORIGIN, **parts), budget)
        self.terminal.feed(painted.data)
        assert self.terminal.cursor == cursor
        return painted

    def refine(self, budget: int) -> bytes:
        data = self.painter.refine(budget)
        self.terminal.feed(data)
        return data

    @property
    def screen(self) -> np.ndarray:
        return self.terminal.canvas(*ORIGIN, *self.cells)


def fresh(scene: Scene, viewport: Viewport = VIEW, **known) -> np.ndarray:
    """What a terminal shows when nothing went before."""
    canvas = Canvas(**known)
    canvas.paint(scene, viewport)
    return canvas.screen


def canvas_pixels(canvas: Canvas, scene: Scene, viewport: Viewport = VIEW) -> int:
    """How many pixels differ from what they should be."""
    return int((canvas.screen != fresh(scene, viewport)).any(axis=2).sum())


STEPS: dict[str, dict] = {
    "another cursor": {"cursor": (80, 40)},
    "no cursor": {"cursor": None},
    "a cursor at the edge": {"cursor": (400, 300)},
    "masks": {"shapes": SHAPES},
    "a candidate": {"shapes": (*SHAPES, CANDIDATE), "marks": (Mark(210, 150), Mark(90, 90, False))},
    "only outlines": {"look": Look(MaskStyle.OUTLINE)},
    "hidden masks": {"look": Look(MaskStyle.HIDDEN)},
    "dense masks": {"look": Look(opacity=0.9)},
    "a rubber band": {"rubber": Box(20, 30, 200, 222)},
    "a loupe": {"loupe": Loupe(CellRect(16, 1, 8, 5), 200, 150)},
    "another photo": {"photo": OTHER, "photo_key": "b"},
    "another tone": {"tone": Tone(brightness=0.2, contrast=1.3)},
}
VIEWPORTS = (VIEW, VIEW.zoomed(3, 200, 150), VIEW.zoomed(3, 10, 290), VIEW.zoomed(40, 111, 77))


@pytest.mark.parametrize("brand", ["xterm", "mlterm"])
@pytest.mark.parametrize("change", STEPS.values(), ids=STEPS)
def test_a_change_and_the_way_back(change: dict, brand: str) -> None:
    canvas = Canvas(brand)
    scene = replace(SCENE, shapes=SHAPES[:1])
    canvas.paint(scene)
    canvas.paint(replace(scene, **change))
    assert canvas_pixels(canvas, replace(scene, **change)) == 0
    canvas.paint(scene)
    assert canvas_pixels(canvas, scene) == 0


@given(
    st.sampled_from(["xterm", "mlterm"]),
    st.lists(
        st.tuples(
            st.sampled_from(list(STEPS)),
            st.sampled_from(VIEWPORTS),
            st.sampled_from([None, 300, 3000]),
            st.booleans(),
            st.sampled_from([(), (POPUP,), (POPUP, CellRect(0, 8, 30, 4))]),
        ),
        min_size=1,
        max_size=5,
    ),
)
@settings(deadline=None, max_examples=15)
def test_whatever_went_before_the_last_view_is_shown_in_the_end(brand: str, steps: list) -> None:
    canvas = Canvas(brand)
    scene, viewport = SCENE, VIEW
    for name, viewport, budget, settled, covered in steps:
        scene = replace(scene, **STEPS[name])
        for rect in covered:
            hidden = rect.within(CELLS)
            for row in range(hidden.height):
                x, y = ORIGIN[0] + hidden.x, ORIGIN[1] + hidden.y + row
                canvas.terminal.write(x, y, " " * hidden.width)
        canvas.paint(scene, viewport, budget, settled=settled, covered=covered)
        for rect in covered:
            hidden = rect.within(CELLS)
            x, y = ORIGIN[0] + hidden.x, ORIGIN[1] + hidden.y
            assert (canvas.terminal.canvas(x, y, hidden.width, hidden.height) == -1).all()
    canvas.paint(scene, viewport)
    assert canvas.painter.is_whole
    assert canvas_pixels(canvas, scene, viewport) == 0


def test_nothing_is_sent_when_nothing_changes() -> None:
    canvas = Canvas()
    first = canvas.paint(SCENE)
    assert first.damage == (CellRect(0, 0, *CELLS),)
    again = canvas.paint(replace(SCENE))
    assert again.data == b"" and again.damage == () and again.grid is None


def test_a_cursor_move_draws_where_it_was_and_where_it_is_and_nothing_else() -> None:
    canvas = Canvas()
    canvas.paint(SCENE)
    before = canvas.screen.copy()
    painted = canvas.paint(replace(SCENE, cursor=(60, 40)))
    drawn = canvas.terminal.drawn[
        ORIGIN[1] * 17 : (ORIGIN[1] + 9) * 17, ORIGIN[0] * 8 : (ORIGIN[0] + 26) * 8
    ]
    assert drawn.sum() <= 2 * 2 * 3 * cursor_side(CELL)
    assert np.array_equal(drawn, (before != canvas.screen).any(axis=2))
    assert len(painted.damage) == 2


def test_what_is_covered_is_left_alone_and_drawn_anew_afterwards() -> None:
    canvas = Canvas()
    canvas.paint(SCENE)
    hidden = canvas.paint(replace(SCENE, shapes=SHAPES), covered=(POPUP,))
    assert not any(rect.overlaps(POPUP) for rect in hidden.damage)
    x, y = ORIGIN[0] + POPUP.x, ORIGIN[1] + POPUP.y
    assert not canvas.terminal.touched[y : y + POPUP.height, x : x + POPUP.width].any()
    for row in range(POPUP.height):
        canvas.terminal.write(x, y + row, " " * POPUP.width)
    shown = canvas.paint(replace(SCENE, shapes=SHAPES))
    assert shown.damage == (POPUP,)
    assert canvas_pixels(canvas, replace(SCENE, shapes=SHAPES)) == 0


@pytest.mark.parametrize("registers", [2, 16, 256, 1024])
def test_any_number_of_colour_registers_shows_the_same(registers: int) -> None:
    scene = replace(SCENE, shapes=SHAPES)
    shown = fresh(scene, sixel_colours=registers)
    assert np.array_equal(shown, fresh(scene))


@pytest.mark.parametrize("largest", [Size(100, 50), Size(64, 1000), Size(1000, 20)])
def test_no_picture_is_larger_than_the_terminal_accepts(largest: Size) -> None:
    assert np.array_equal(fresh(SCENE, sixel_largest=largest), fresh(SCENE))


@pytest.mark.parametrize("cells", [Size(1, 1), Size(1, 7), Size(9, 1)])
@pytest.mark.parametrize("cell", [CellSize(6, 13), CellSize(1, 1), CellSize(8.9, 17.3)])
def test_any_canvas_is_filled(cells: Size, cell: CellSize) -> None:
    viewport = Viewport.fitted(SIZE, cells, cell)
    canvas = Canvas(cells=cells, cell=cell)
    canvas.paint(SCENE, viewport)
    canvas.paint(replace(SCENE, shapes=SHAPES, cursor=(1, 1)), viewport, 10)
    while not canvas.painter.is_whole:
        canvas.refine(10)
    assert (canvas.screen >= 0).all()


def test_the_cursor_is_on_its_cell_when_cells_are_fractional() -> None:
    cell = CellSize(8.1, 17.9)
    viewport = Viewport.fitted(SIZE, Size(60, 12), cell)
    canvas = Canvas(cells=Size(60, 12), cell=cell)
    canvas.paint(replace(SCENE, cursor=None), viewport)
    canvas.paint(replace(SCENE, cursor=(380, 280)), viewport)
    rows, columns = np.nonzero(canvas.terminal.drawn)
    column, row = viewport.to_cells(380, 280)
    assert abs((columns.min() + columns.max() + 1) / 2 - (ORIGIN[0] + column) * 8) <= 1
    assert abs((rows.min() + rows.max() + 1) / 2 - (ORIGIN[1] + row) * 17) <= 1


def test_a_small_budget_brings_a_sketch_first_and_the_rest_from_the_cursor_on() -> None:
    canvas = Canvas()
    scene = replace(SCENE, photo=NOISY, cursor=(200, 225), shapes=SHAPES)
    whole = fresh(scene)
    first = canvas.paint(scene, budget=1000)
    assert len(first.data) < 0.25 * len(Canvas().paint(scene).data)
    assert not canvas.painter.is_whole
    assert (canvas.screen >= 0).all()
    row = int(VIEW.to_cells(200, 225)[1]) * 17
    piece = canvas.refine(1000)
    assert 0 < len(piece) < 6000
    assert np.array_equal(canvas.screen[row : row + 17, :50], whole[row : row + 17, :50])
    while not canvas.painter.is_whole:
        assert canvas.refine(1000)
    assert canvas.refine(2000) == b""
    assert np.array_equal(canvas.screen, whole)


def test_masks_and_cursor_do_not_wait_for_the_photo() -> None:
    canvas = Canvas()
    canvas.paint(SCENE, budget=1000)
    scene = replace(SCENE, shapes=(CANDIDATE,), marks=(Mark(210, 150),))
    canvas.paint(scene, budget=1000)
    with_mask = (fresh(scene) != fresh(SCENE)).any(axis=2)
    assert np.array_equal(canvas.screen[with_mask], fresh(scene)[with_mask])
    assert not canvas.painter.is_whole


def test_a_view_that_will_not_stay_is_a_sketch_where_it_would_cost_much() -> None:
    cells = Size(100, 30)
    large = Viewport.fitted(SIZE, cells, CELL)
    canvas = Canvas(cells=cells)
    scene = replace(SCENE, photo=NOISY)
    unsettled = canvas.paint(scene, large, settled=False)
    assert not canvas.painter.is_whole
    settled = canvas.paint(scene, large)
    assert canvas.painter.is_whole
    assert len(settled.data) > 3 * len(unsettled.data)


def test_a_piece_is_sent_however_expensive_the_photo_seems() -> None:
    canvas = Canvas()
    half = CellRect(0, 0, CELLS.width // 2, CELLS.height)
    scene = replace(SCENE, photo=NOISY)
    canvas.paint(scene, budget=1, covered=(half,))
    shown = replace(canvas.painter._shown, cost=100.0)
    with np.errstate(all="raise"):
        update = refined(shown, 0, 1024, SixelOptions())
    assert update.data and update.damage
    assert update.shown.cost <= 2


def test_pieces_of_a_few_pixels_do_not_make_the_photo_seem_expensive() -> None:
    canvas = Canvas()
    canvas.paint(replace(SCENE, photo=NOISY), budget=1)
    for _ in range(20):
        assert canvas.refine(60)
    assert canvas.painter._shown.cost <= 2
    while not canvas.painter.is_whole:
        assert canvas.refine(4000)
    assert canvas_pixels(canvas, replace(SCENE, photo=NOISY)) == 0


def test_masks_have_the_colours_that_were_asked_for() -> None:
    canvas = Canvas()
    canvas.painter = SixelPainter(
        Capabilities(brand="xterm", sixel=True), ((255, 0, 255), (255, 255, 255))
    )
    canvas.paint(replace(SCENE, shapes=SHAPES))
    assert (canvas.screen == (100, 0, 100)).all(axis=2).any()


def test_after_clearing_everything_is_drawn() -> None:
    canvas = Canvas()
    canvas.paint(SCENE)
    assert canvas.painter.clear() == b""
    assert canvas.painter.is_whole
    assert canvas.refine(1000) == b""
    assert canvas.paint(SCENE).damage == (CellRect(0, 0, *CELLS),)


def test_another_place_or_size_is_drawn_whole() -> None:
    canvas = Canvas()
    canvas.paint(SCENE)
    moved = canvas.painter.paint(View(SCENE, VIEW, (1, 1)))
    assert moved.damage == (CellRect(0, 0, *CELLS),)
    wider = Viewport.fitted(SIZE, Size(25, 9), CELL)
    assert canvas.paint(SCENE, wider).damage == (CellRect(0, 0, 25, 9),)


def test_updates_are_synchronised_where_the_terminal_knows_how() -> None:
    data = Canvas(sync=True).paint(SCENE).data
    assert data.startswith(b"\x1b[?2026h\x1b7") and data.endswith(b"\x1b8\x1b[?2026l")


def test_it_is_made_by_its_name() -> None:
    painter = make_painter("sixel", Capabilities())
    assert painter.name == "sixel"


def test_a_click_and_a_cursor_move_keep_to_their_bytes(shared: Path) -> None:
    pixels = cv2.imread(str(shared / "data" / "photos" / "truck.jpg"))[..., ::-1]
    picture = Picture.of(np.ascontiguousarray(pixels))
    cells = Size(160, 50)
    viewport = Viewport.fitted(picture.size, cells, CellSize(8, 16))
    canvas = Canvas(cells=cells, cell=CellSize(8, 16))
    scene = Scene(picture, "truck", cursor=(900, 600))
    first = canvas.paint(scene, viewport)
    assert len(first.data) < 800_000
    x, y, radius = 900, 600, 170
    for step in range(3):
        mask = disc(x + 5 * step, y, radius - 8 * step, picture.size)
        scene = replace(
            scene,
            shapes=(Shape(mask, None, 0, Emphasis.CANDIDATE),),
            marks=(*scene.marks, Mark(x + 20 * step, y)),
        )
        assert len(canvas.paint(scene, viewport).data) <= 15_000
    for x in (905, 1000, 1500):
        scene = replace(scene, cursor=(x, 700))
        assert len(canvas.paint(scene, viewport).data) <= 3_000
