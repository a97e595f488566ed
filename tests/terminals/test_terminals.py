"""The program in real terminals: what a person sees who clicks, zooms, asks for help, leaves."""

from __future__ import annotations

import numpy as np
import pytest

from tests.terminals.emulators import EMULATORS
from tests.terminals.looking import (
    Placed,
    around,
    changed,
    closed,
    colours_off,
    grown,
    marker,
    shift,
)
from tests.terminals.stage import Stage
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.painters import make_painter


def _is_there(painter: str) -> bool:
    try:
        make_painter(painter, Capabilities())
    except ValueError:
        return False
    return True


# One worker for all tests of a terminal and a painter, which share a window.
PAIRS = [
    pytest.param(
        (terminal, painter),
        id=f"{terminal}-{painter}",
        marks=pytest.mark.xdist_group(f"{terminal}-{painter}"),
    )
    for terminal, emulator in EMULATORS.items()
    for painter in emulator.painters
    if _is_there(painter)
]

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.timeout(300),
    pytest.mark.parametrize("opened", PAIRS, indirect=True),
]


def test_the_photo_is_shown_in_its_colours_and_in_its_place(stage: Stage) -> None:
    assert_seen(stage, stage.photo, stage.placed)


def test_a_click_sets_its_point_where_the_pointer_is(stage: Stage) -> None:
    for dx, dy in ((0, 0), (37, -23)):
        x, y = stage.spot[0] + dx, stage.spot[1] + dy
        assert_marked(stage, stage.photo, stage.ask(x, y), (x, y))
        stage.reset()


def test_the_mask_on_the_screen_is_the_one_that_is_written_and_holds_the_point(
    stage: Stage,
) -> None:
    shown = stage.ask(*stage.spot)
    assert_masked(stage, stage.photo, shown, stage.accept(stage.placed))


def test_help_is_readable_and_leaves_the_picture_as_it_was(stage: Stage) -> None:
    before = stage.ask(*stage.spot)
    stage.screen.key("question")
    stage.screen.wait(lambda now: changed(before, stage.on_canvas(now)).mean() > 0.3)
    covered = stage.canvas()
    height, width = covered.shape[:2]
    panel = covered[height // 4 : height * 3 // 4, width // 5 : width * 4 // 5]
    colours, counts = np.unique(panel.reshape(-1, 3), axis=0, return_counts=True)
    background = colours[counts.argmax()]
    assert counts.max() / counts.sum() >= 0.6, "the panel has no background"
    letters = (np.abs(panel.astype(int) - background).max(axis=2) > 80).mean()
    assert 0.01 <= letters <= 0.3
    motley = panel.max(axis=2).astype(int) - panel.min(axis=2) > 90
    assert motley.mean() <= 0.005, "the picture shows through the panel"
    stage.screen.key("Escape")
    stage.screen.wait(lambda now: stage.is_same(before, stage.on_canvas(now)))


def test_points_and_masks_are_exact_when_zoomed_at_the_cursor(stage: Stage) -> None:
    x, y = stage.spot
    stage.screen.click(x, y)
    stage.screen.wait(lambda now: marker(stage.photo, stage.on_canvas(now)) is not None)
    stage.reset()
    stage.screen.key("plus", "plus")
    stage.screen.wait(lambda now: stage.difference(stage.photo, stage.on_canvas(now)) > 0.05)
    bare = stage.canvas()
    placed = stage.placed.zoomed(1.5**2, *stage.meant(x, y), stage.pixels)
    assert_seen(stage, bare, placed)
    x, y = x + 21, y - 13
    shown = stage.ask(x, y, bare)
    assert_marked(stage, bare, shown, (x, y))
    assert_masked(stage, bare, shown, stage.accept(placed))
    stage.reset()


def test_the_wheel_zooms_around_the_pointer(stage: Stage) -> None:
    x, y = stage.middle[0] - 150, stage.middle[1] + 80
    stage.screen.wheel(x, y, -2)
    stage.screen.wait(lambda now: stage.difference(stage.photo, stage.on_canvas(now)) > 0.05)
    placed = stage.placed.zoomed(1.25**2, *stage.meant(x, y), stage.pixels)
    assert_seen(stage, stage.canvas(), placed)


def test_nothing_of_the_picture_is_left_after_leaving(stage: Stage) -> None:
    stage.ask(*stage.spot)
    left = stage.quit()
    assert not (left.max(axis=2).astype(int) - left.min(axis=2) > 40).any()
    # A few words on black, as before it was started.
    assert (left.max(axis=2) > 60).mean() < 0.03


def assert_seen(stage: Stage, picture: np.ndarray, placed: Placed) -> None:
    """Whether the picture is the photo there; the cursor is not looked at."""
    wanted, there = placed.seen(stage.pixels)
    cursor = placed.canvas(*stage.placed.image(*stage.middle))
    known = there & ~stage.stands(stage.spot, cursor)
    off = colours_off(picture, wanted, known, stage.grain)
    assert off <= stage.look.colours, f"the colours are off by {off:.1f}"
    across, down = shift(picture, wanted, known, stage.grain)
    assert max(abs(across), abs(down)) <= 1, (across, down)


def assert_marked(
    stage: Stage, before: np.ndarray, shown: np.ndarray, pointer: tuple[int, int]
) -> None:
    """Whether a point has appeared in the middle of that pixel, to a sub-cell."""
    found = marker(before, shown)
    assert found is not None
    assert abs(found[0] - (pointer[0] + 0.5)) <= stage.slack[0], (found, pointer)
    assert abs(found[1] - (pointer[1] + 0.5)) <= stage.slack[1], (found, pointer)


def assert_masked(stage: Stage, before: np.ndarray, shown: np.ndarray, mask: np.ndarray) -> None:
    """Whether just the mask has changed, and has the point in it."""
    x, y = marker(before, shown) or (0, 0)
    assert (mask & around(mask.shape, x, y, max(stage.slack))).any()
    known = ~stage.stands(stage.spot, (x, y))
    new = changed(before, shown) & known
    outside = ~grown(mask, max(stage.grain) + 2)
    # JPEG changes a little of what is beside the mask in the cells that are sent anew.
    assert new[outside].mean() <= (0.006 if stage.painter == "iterm2" else 0.002)
    inside = grown(mask, -max(stage.grain)) & known
    # The gaps of a hatch are no wider than a cell.
    assert closed(new | ~known, stage.screen.cell[1])[inside].mean() >= 0.9
