"""A scene as a raster of palette entries: what a sixel terminal should show.

One raster pixel is one of the terminal's; a cell has a whole number of them. (Where the cells
of a viewport are fractional, the terminal has told the size of its window with the margin.)
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tui_label.geometry.boxes import Size
from tui_label.graphics.cellrects import pixels_of
from tui_label.graphics.frame import Frame, Sprite, frame_of, part_on
from tui_label.graphics.scene import Pixels, Scene
from tui_label.graphics.sixel import BAND
from tui_label.graphics.sixel_palette import SPARSEST, SixelPalette
from tui_label.graphics.viewport import CellSize, Viewport

_HATCH_CYCLE = 60
"""Rows after which hatches of every period are where they were: 1 to 6 divide it."""

assert all(_HATCH_CYCLE % period == 0 for period in range(1, SPARSEST + 1))


@dataclass(frozen=True, slots=True, eq=False)
class SixelPicture:
    """What to show, and what is kept for the next.

    ``photo`` is ``uint8[h, w]``, the photo as entries, with the loupe's inset, ``bare`` without
    it; ``over`` is ``uint8[h, w]``, masks and sprites, 0 where the photo is seen, ``masks``
    without the sprites; ``values`` is all together.
    """

    frame: Frame
    palette: SixelPalette
    bare: Pixels
    photo: Pixels
    masks: Pixels
    over: Pixels
    values: Pixels


def whole_cell(cell: CellSize) -> Size:
    """Pixels of a cell: what is left over belongs to the margin of the window."""
    return Size(max(1, int(cell.width + 1e-6)), max(1, int(cell.height + 1e-6)))


def picture_of(
    before: SixelPicture | None, scene: Scene, viewport: Viewport, palette: SixelPalette
) -> SixelPicture:
    """Draw a scene, one raster pixel a pixel of the terminal.

    Args:
        before: any earlier picture.
        scene: what to draw.
        viewport: over the scene's photo.
        palette: for this scene.
    """
    cell = whole_cell(viewport.cell)
    width, height = viewport.cells.width * cell.width, viewport.cells.height * cell.height
    frame = frame_of(before.frame if before else None, scene, viewport, width, height)
    same_colours = before is not None and before.palette.nearest is palette.nearest
    if before is not None and same_colours and before.frame.bare is frame.bare:
        bare = before.bare
    else:
        bare = palette.photo_values(frame.bare)
    photo = bare
    if scene.loupe is not None:
        inset = pixels_of(scene.loupe.cells.within(viewport.cells), cell)
        photo = bare.copy()
        photo[inset] = palette.photo_values(frame.photo[inset])
    same_masks = before is not None and before.palette.periods is palette.periods
    if before is not None and same_masks and before.frame.indices is frame.indices:
        masks = before.masks
    else:
        masks = _hatched(frame.indices, palette)
    over = masks.copy()
    for sprite in frame.sprites:
        _stamp(over, sprite, palette)
    values = photo.copy()
    np.copyto(values, over, where=over.view(np.bool_))
    return SixelPicture(frame, palette, bare, photo, masks, over, values)


def sketch(picture: SixelPicture, block: int) -> Pixels:
    """``uint8[h, w]``: the same in blocks of few colours, which cost few bytes; masks sharp.

    Args:
        picture: what to sketch.
        block: columns of pixels that are one; half as many rows are, in whole bands, which
            are what costs bytes.
    """
    rows, columns = picture.photo.shape
    high = max(1, block // (2 * BAND)) * BAND
    size = -(-columns // block), -(-rows // high)
    small = cv2.resize(picture.frame.photo, size, interpolation=cv2.INTER_AREA)
    few = picture.palette.coarse[picture.palette.photo_values(small.astype(np.uint8))]
    blocks = few.repeat(high, axis=0)[:rows].repeat(block, axis=1)[:, :columns]
    return np.where(picture.over.view(np.bool_), picture.over, blocks)


def _hatched(indices: Pixels, palette: SixelPalette) -> Pixels:
    """Overlay indices as entries: solid ones whole, translucent ones in some rows only."""
    over = np.zeros_like(indices)
    x, y, width, height = cv2.boundingRect(indices)
    if width == 0:
        return over
    cycle = np.arange(_HATCH_CYCLE, dtype=np.uint8)[:, None]
    drawn = (palette.periods > 0) & (cycle % np.maximum(palette.periods, 1) == 0)
    meaning = np.where(drawn, palette.masks, 0).astype(np.uint8)
    for row in range(y, y + height):
        np.take(
            meaning[row % _HATCH_CYCLE],
            indices[row, x : x + width],
            out=over[row, x : x + width],
            mode="clip",
        )
    return over


def _stamp(over: Pixels, sprite: Sprite, palette: SixelPalette) -> None:
    clipped = part_on(over, sprite)
    if clipped is not None:
        target, source = clipped
        values = palette.sprite_values(sprite.pixels)[source]
        np.copyto(over[target], values, where=values.view(np.bool_))
