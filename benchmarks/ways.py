"""Every painter as it is measured: the terminal, the canvas, and what the design allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tui_label.geometry.boxes import Size
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.kitty_painter import KittyPainter
from tui_label.graphics.painter import Painter
from tui_label.graphics.painters import make_painter
from tui_label.graphics.viewport import CellSize

CELL = CellSize(8, 16)
CANVAS = Size(160, 50)
"""Cells: 1280 × 800 pixels."""

BEYOND_LIMIT = 12.0
"""Milliseconds of a click beyond the decoder's own run, whatever the painter."""


@dataclass(frozen=True, slots=True)
class Way:
    """A painter on a canvas, and how many bytes it may send; ``None``: no bound.

    Args:
        name: of the group of figures.
        make: a painter that has painted nothing yet.
        cells: of the canvas.
        click: bytes of a mark, its mask and the cursor.
        cursor: bytes of a step of the cursor.
        move: bytes of a zoom or pan step, the photo being in the terminal.
    """

    name: str
    make: Callable[[], Painter]
    cells: Size = CANVAS
    click: int | None = None
    cursor: int | None = None
    move: int | None = None


_KITTY = Capabilities(
    brand="kitty",
    version="0.41.1",
    kitty=True,
    kitty_edits=True,
    kitty_relative=True,
    cell=CELL,
    sync=True,
    complete=True,
)
_TMUX = replace(
    _KITTY,
    brand="tmux",
    version="3.5a",
    outer_brand="kitty",
    outer_version="0.41.1",
    sync=False,
    multiplexer="tmux",
    passthrough=True,
)
_FOOT = Capabilities(
    brand="foot", version="1.21.0", sixel=True, sixel_colours=1024, cell=CELL, sync=True
)
_PLAIN = Capabilities(cell=CELL)


def _kitty(capabilities: Capabilities) -> Callable[[], Painter]:
    # Ids of images are digits that count: the same ones in every process.
    return lambda: KittyPainter(capabilities, process=1)


def _named(name: str, capabilities: Capabilities = _PLAIN) -> Callable[[], Painter]:
    return lambda: make_painter(name, capabilities)


WAYS = (
    Way("kitty", _kitty(_KITTY), click=1000, cursor=100, move=400),
    Way(
        "kitty, overlay sent whole",
        _kitty(replace(_KITTY, kitty_edits=False)),
        click=7000,
        cursor=100,
        move=400,
    ),
    Way("kitty inside tmux", _kitty(_TMUX), click=1000, cursor=100, move=400),
    Way("sixel", _named("sixel", _FOOT), click=15_000, cursor=3000),
    Way("iterm2", _named("iterm2")),
    Way("cells 160x50", _named("cells"), cursor=200),
    Way("cells 200x60", _named("cells"), Size(200, 60), click=6000, cursor=200),
    Way("quadrants 160x50", _named("quadrants"), cursor=200),
    Way("sextants 160x50", _named("sextants"), cursor=200),
    Way("cells 160x50, 256 colours", _named("cells", replace(_PLAIN, colours="256")), cursor=200),
)

QUICK = tuple(way for way in WAYS if way.name in {"kitty", "sixel", "cells 200x60"})
"""A few that differ."""
