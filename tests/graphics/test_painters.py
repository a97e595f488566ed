"""Every painter that can be asked for can be made."""

import pytest

from tests.graphics.scenes import scene
from tui_label.geometry.boxes import Size
from tui_label.graphics.capabilities import PAINTERS, Capabilities
from tui_label.graphics.cellgrid import Colours
from tui_label.graphics.painter import View
from tui_label.graphics.painters import make_painter
from tui_label.graphics.viewport import CellSize, Viewport


@pytest.mark.parametrize("name", PAINTERS)
def test_a_painter_has_the_name_that_it_is_asked_for_by(name: str) -> None:
    painter = make_painter(name, Capabilities())
    assert painter.name == name
    assert painter.is_whole
    assert painter.clear() == b""
    assert painter.refine(1000) == b""


@pytest.mark.parametrize("name", ["quadrants", "sextants"])
def test_finer_blocks_are_for_slow_lines_and_save_colours_too(name: str) -> None:
    view = View(scene(), Viewport.fitted(Size(400, 300), Size(100, 30), CellSize(8, 16)))
    finer, plain = (
        make_painter(which, Capabilities(colours="24bit")).paint(view).data
        for which in (name, "cells")
    )
    assert b"8;2;" not in finer
    assert len(finer) < len(plain) / 2
    grey = make_painter(name, Capabilities(colours="grey")).paint(view)
    assert grey.grid is not None and grey.grid.colours is Colours.GREY


@pytest.mark.parametrize("name", ["kitty", "sixel", "iterm2", "cells", "sextants"])
def test_what_is_written_in_several_parts_is_shown_at_once(name: str) -> None:
    view = View(scene(), Viewport.fitted(Size(400, 300), Size(40, 12), CellSize(8, 16)))
    for sync in (True, False):
        painter = make_painter(name, Capabilities(brand="kitty", kitty=True, sync=sync))
        for data in (painter.paint(view, 2000).data, painter.refine(100_000)):
            assert data
            assert data.startswith(b"\x1b[?2026h") == data.endswith(b"\x1b[?2026l") == sync


def test_there_is_no_other() -> None:
    with pytest.raises(ValueError, match="smoke"):
        make_painter("smoke", Capabilities())
