"""The photo in tiles, for kitty terminals that cannot change a part of an image.

Each tile is an image of its own, of few colours, over whole cells of the canvas, so that a photo
comes in pieces there too and nothing has to wait behind it. Tiles are seen in the view that
they were made for; any other is stretched from the coarse picture until it has settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from tui_label.geometry.boxes import Size
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.kitty_commands import send_png
from tui_label.graphics.kitty_planes import DETAILS, Image, Plane, Tile, fewest_pixels
from tui_label.graphics.png import reduced_png
from tui_label.graphics.raster import photo_pixels
from tui_label.graphics.scene import Picture
from tui_label.graphics.viewport import Viewport

_BYTES_A_PIXEL = 0.6
"""On the wire, in 256 colours: most photos take 0.3 to 0.5, leaves and gravel up to 1.1."""

_PALETTE_BYTES = 1000
"""What the colours of a tile take, about."""

_FIRST_ID = 1 << 30
"""Above those of anchors; the largest is below what fits into 31 bits."""

_MOST = 340
"""Tiles of a plane: what there are ids for. Enough for 8 KB each on 2560 × 1600 pixels."""

_PLANES = (Image.FIT, *DETAILS)


@dataclass(frozen=True, slots=True)
class Sent:
    """One tile on its way: its id, and the command that sends it."""

    image: int
    command: bytes


def tile_id(base: int, number: int) -> int:
    """Image ids of tiles: for every sixteen of other images there are 1024."""
    return _FIRST_ID + (base << 6) + number


def tiled(
    plane: Plane, base: int, budget: int, focus: tuple[float, float]
) -> tuple[Plane, tuple[Sent, ...]]:
    """About so many bytes of a plane in tiles, at least one, and the plane with them.

    Args:
        plane: one that is not done yet.
        base: of image ids.
        budget: bytes. The first one for a plane also says how large its tiles are.
        focus: where the person looks, column and row of the plane's canvas, fractional: tiles
            near it come first.
    """
    grid = plane.grid or _grid(plane, budget)
    first = tile_id(base, _MOST * _PLANES.index(plane.image))
    cells = dict(enumerate(_rects(plane.viewport.cells, grid), start=first))
    tiles = {tile.image: tile for tile in plane.tiles}
    waiting = sorted(
        (image for image in cells if image not in tiles or not tiles[image].fresh),
        key=lambda image: _distance(cells[image], focus),
    )
    sent: list[Sent] = []
    size = 0
    for image in waiting:
        if sent and size + len(sent[-1].command) > budget:
            break
        viewport = tile_viewport(plane.viewport, cells[image])
        raster = fewest_pixels(viewport)
        photo = Picture(viewport.photo, plane.layers)
        png = reduced_png(photo_pixels(photo, viewport, *raster, plane.tone))
        sent.append(Sent(image, send_png(image, png)))
        size += len(sent[-1].command)
        tiles[image] = Tile(image, cells[image], raster)
    done = len(sent) == len(waiting)
    return replace(plane, grid=grid, tiles=tuple(tiles.values()), done=done), tuple(sent)


def tiles_of(planes: Iterable[Plane]) -> set[int]:
    """Ids of all tiles that the terminal holds for some planes."""
    return {tile.image for plane in planes for tile in plane.tiles}


def tiles_seen(planes: Iterable[Plane], viewport: Viewport) -> Iterator[Tile]:
    """Those that stand on the canvas of a viewport."""
    for plane in planes:
        if plane.viewport == viewport:
            yield from plane.tiles


def tile_viewport(canvas: Viewport, rect: CellRect) -> Viewport:
    """What some cells of a canvas show, as a canvas of its own."""
    return replace(
        canvas,
        cells=Size(rect.width, rect.height),
        left=canvas.left + rect.x * canvas.cell.width / canvas.scale,
        top=canvas.top + rect.y * canvas.cell.height / canvas.scale,
    )


def _grid(plane: Plane, budget: int) -> Size:
    """Columns and rows of a tile of about so many bytes: rows as long as the canvas, or less."""
    columns, rows = plane.viewport.cells
    a_cell = _BYTES_A_PIXEL * plane.raster.width * plane.raster.height / (columns * rows)
    cells = max(1, int(max(budget - _PALETTE_BYTES, budget / 2) / a_cell))
    while True:
        grid = _of(cells, columns, rows)
        if ceil(columns / grid.width) * ceil(rows / grid.height) <= _MOST:
            return grid
        cells += 1


def _of(cells: int, columns: int, rows: int) -> Size:
    if cells >= columns:
        return Size(columns, min(rows, cells // columns))
    return Size(ceil(columns / ceil(columns / cells)), 1)


def _rects(canvas: Size, grid: Size) -> Iterator[CellRect]:
    for y in range(0, canvas.height, grid.height):
        for x in range(0, canvas.width, grid.width):
            yield CellRect(x, y, *grid).within(canvas)


def _distance(rect: CellRect, focus: tuple[float, float]) -> float:
    x, y = rect.x + rect.width / 2, rect.y + rect.height / 2
    # A cell is about twice as high as it is wide.
    return (x - focus[0]) ** 2 + 4 * (y - focus[1]) ** 2
