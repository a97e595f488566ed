"""The photo as pictures that a kitty terminal holds: which there are, and which are seen.

A *plane* is what a canvas shows of the photo for one viewport. Any other viewport inside of it
is shown at once by stretching a part of it. There are up to four: a *coarse* one of the whole
photo, which costs a few kilobytes; the *fit*, sharp; and two *details* of a zoom, of which one
is seen while the other is still on its way. They lie over each other, the sharper the higher,
and where a plane has no pixels yet it is transparent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

from tui_label.geometry.boxes import Size
from tui_label.graphics.cellrects import CellRect
from tui_label.graphics.scene import Layer, Picture, Pixels, Scene, Tone
from tui_label.graphics.viewport import CRISP_FROM, Viewport


class Image(IntEnum):
    """What an image holds; added to the base id."""

    COARSE = 1
    FIT = 2
    DETAIL = 3
    OTHER_DETAIL = 4
    FIT_OVERLAY = 5
    DETAIL_OVERLAY = 6
    POSITIVE = 7
    NEGATIVE = 8
    CURSOR = 9
    LOUPE_FRAME = 10


DETAILS = (Image.DETAIL, Image.OTHER_DETAIL)


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What is still to be sent of a plane.

    Args:
        pixels: ``uint8[h, w, 3]``, all of it.
        grey: they have no colours.
        density: bytes on the wire that a pixel took lately.
    """

    pixels: Pixels
    grey: bool
    density: float


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a plane in an image of its own; see :mod:`.kitty_tiles`.

    Args:
        image: its id, base and all.
        cells: of the plane's canvas, that it spans.
        raster: its pixels.
        fresh: it shows what the plane should; else what the plane showed before.
    """

    image: int
    cells: CellRect
    raster: Size
    fresh: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The photo for one viewport, as far as the terminal has it.

    Args:
        image: where it is kept.
        photo_key: of its photo.
        layers: that it is drawn from.
        tone: that it is drawn in.
        viewport: that it is drawn for.
        raster: its pixels; fewer than the canvas has where the photo has fewer.
        rows: first and one behind the last that were sent in the present pass over it.
        opaque: every row was sent at least once, so nothing below it is seen.
        done: there is no more to refine.
        exact: it was sent as it is.
        work: while there is more to send; ``None`` before it was drawn as well.
        grid: columns and rows of a tile; ``None`` while there are none.
        tiles: that the terminal holds, where it cannot change a part of an image. The plane
            has no image of its own then.
    """

    image: Image
    photo_key: str
    layers: tuple[Layer, ...]
    tone: Tone
    viewport: Viewport
    raster: Size
    rows: tuple[int, int] = (0, 0)
    opaque: bool = False
    done: bool = False
    exact: bool = False
    work: Work | None = None
    grid: Size | None = None
    tiles: tuple[Tile, ...] = ()

    @property
    def is_begun(self) -> bool:
        """Whether the terminal holds an image for it."""
        return self.opaque or self.rows[0] < self.rows[1]

    @property
    def sharpness(self) -> float:
        """Its pixels an image pixel."""
        return self.raster.width / self.viewport.window.width

    def shows(self, viewport: Viewport) -> bool:
        """Whether it holds all that a viewport shows."""
        return encloses(self.viewport, viewport)


def encloses(held: Viewport, wanted: Viewport) -> bool:
    """Whether a picture for one viewport holds all that another shows."""
    if held == wanted:
        return True
    outer, inner = held.window, wanted.window
    slack = 0.5 / held.scale
    return (
        outer.x1 <= inner.x1 + slack
        and outer.y1 <= inner.y1 + slack
        and inner.x2 <= outer.x2 + slack
        and inner.y2 <= outer.y2 + slack
    )


def new_plane(image: Image, scene: Scene, viewport: Viewport, divisor: int = 0) -> Plane:
    """A plane of which nothing was sent.

    Args:
        image: where it will be kept.
        scene: whose photo it shows, lit as it is there.
        viewport: that it is drawn for.
        divisor: canvas pixels a plane pixel; 0 for :func:`fewest_pixels`.
    """
    raster = _divided(viewport.canvas, divisor) if divisor else fewest_pixels(viewport)
    layers = _sufficient(scene.photo, viewport, raster)
    return Plane(image, scene.photo_key, layers, scene.tone, viewport, raster)


def fewest_pixels(viewport: Viewport) -> Size:
    """As few pixels as show all that the photo has.

    Between two and four canvas pixels an image pixel that is a quarter to a ninth of them, and
    the terminal stretches it as smoothly as we would.
    """
    smooth = 1 <= viewport.scale <= CRISP_FROM
    return _divided(viewport.canvas, min(math.floor(viewport.scale), 3) if smooth else 1)


def _divided(canvas: Size, divisor: int) -> Size:
    return Size(math.ceil(canvas.width / divisor), math.ceil(canvas.height / divisor))


def restarted(plane: Plane, wanted: Plane) -> Plane:
    """The plane that will be what is wanted; its pixels stay until they are overwritten."""
    tiles = tuple(replace(tile, fresh=False) for tile in plane.tiles)
    return replace(wanted, image=plane.image, opaque=plane.opaque, grid=plane.grid, tiles=tiles)


def still_true(planes: Iterable[Plane], scene: Scene, fitted: Viewport) -> tuple[Plane, ...]:
    """Those that show this photo, lit as it is now, on a canvas of this size.

    A photo that was decoded further is the same photo: it begins with the same layer.
    """
    return tuple(
        plane
        for plane in planes
        if (plane.photo_key == scene.photo_key or plane.layers[0] is scene.photo.layers[0])
        and plane.tone == scene.tone
        and (plane.viewport.photo, plane.viewport.cells, plane.viewport.cell)
        == (fitted.photo, fitted.cells, fitted.cell)
    )


def same_pixels(a: Plane, b: Plane) -> bool:
    """Whether two planes of one photo have the same pixels when all is sent."""
    return (
        a.viewport == b.viewport
        and a.raster == b.raster
        and (a.photo_key == b.photo_key or a.layers == b.layers)
    )


def stacked(planes: Iterable[Plane], viewport: Viewport) -> tuple[Plane, ...]:
    """Those that are seen, from the lowest: nothing below the sharpest that is opaque."""
    held = sorted(
        (plane for plane in planes if plane.is_begun and plane.shows(viewport)),
        key=lambda plane: plane.sharpness,
    )
    lowest = max((place for place, plane in enumerate(held) if plane.opaque), default=0)
    return tuple(held[lowest:])


def _sufficient(photo: Picture, viewport: Viewport, raster: Size) -> tuple[Layer, ...]:
    """The layers up to the first that has all the pixels that the raster can show.

    So a photo that was decoded further is not sent again where nothing new could be seen.
    """
    wanted = raster.width / viewport.window.width
    for number, layer in enumerate(photo.layers, start=1):
        fine = layer.pixels.shape[1] / layer.box.width
        if fine >= min(wanted, 1.0) and layer.box.encloses(viewport.visible):
            return photo.layers[:number]
    return photo.layers
