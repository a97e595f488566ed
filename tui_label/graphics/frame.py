"""A scene as a raster, for painters that must put the picture together themselves.

Kitty keeps photo, masks and markers apart; a terminal with sixel, inline images or nothing but
cells gets one picture. What stays the same between two frames is not drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from tui_label.geometry.boxes import Size
from tui_label.graphics.palette import FRAME_INDEX
from tui_label.graphics.raster import Overlay, draw_overlay, photo_pixels
from tui_label.graphics.scene import Pixels, Scene, Tone
from tui_label.graphics.sprites import crosshair, cursor_side, marker, marker_side
from tui_label.graphics.viewport import Viewport

Part = tuple[slice, slice]
"""Rows and columns of a raster."""


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A small picture on the raster; parts of it may lie outside.

    ``x`` and ``y`` are the raster pixel of its top-left corner, ``pixels`` is
    ``uint8[h, w, 4]``, RGBA, straight alpha.
    """

    x: int
    y: int
    pixels: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a scene in parts, and what is kept for the next.

    ``photo`` is ``uint8[h, w, 3]``, RGB, with the loupe's inset; ``indices`` is
    ``uint8[h, w]``, the masks over it as entries of the overlay palette, with the loupe's;
    ``sprites`` are markers and cursor from the lowest to the highest. ``photo`` is the very
    same array as before when nothing in it changed, and so is ``indices``.
    """

    photo: Pixels
    indices: Pixels
    sprites: tuple[Sprite, ...]
    bare: Pixels
    overlay: Overlay
    seen: tuple[str, Viewport, Tone]


def frame_of(
    before: Frame | None, scene: Scene, viewport: Viewport, width: int, height: int
) -> Frame:
    """Draw a scene over ``width`` by ``height`` raster pixels that span the whole canvas.

    Args:
        before: any earlier frame, or ``None``.
        scene: what to draw.
        viewport: over the scene's photo.
        width: raster pixels across the canvas.
        height: raster pixels down the canvas.
    """
    seen = (scene.photo_key, viewport, scene.tone)
    if before is not None and before.seen == seen and before.bare.shape[:2] == (height, width):
        bare = before.bare
    else:
        bare = photo_pixels(scene.photo, viewport, width, height, scene.tone)
    overlay = draw_overlay(
        before.overlay if before is not None else None, scene, viewport, width, height
    )
    sprites = tuple(_sprites(scene, viewport, Size(width, height)))
    photo, indices = bare, overlay.indices
    if scene.loupe is not None:
        photo, indices = bare.copy(), overlay.indices.copy()
        sprites += _inset(photo, indices, scene, viewport)
    return Frame(photo, indices, sprites, bare, overlay, seen)


def blended(frame: Frame, palette: Pixels) -> Pixels:
    """``uint8[h, w, 3]``, RGB: masks and sprites over the photo, straight alpha, rounded.

    Args:
        frame: from :func:`frame_of`.
        palette: ``uint8[256, 4]``, RGBA (see :func:`overlay_palette`).
    """
    pixels = mixed(frame.photo, frame.indices, palette)
    if frame.sprites and pixels is frame.photo:
        pixels = pixels.copy()
    for sprite in frame.sprites:
        stamp(pixels, sprite)
    return pixels


def mixed(photo: Pixels, indices: Pixels, palette: Pixels) -> Pixels:
    """The overlay over the photo; the very photo where the overlay is empty."""
    x, y, width, height = cv2.boundingRect(indices)
    if width == 0:
        return photo
    inside = slice(y, y + height), slice(x, x + width)
    result = photo.copy()
    result[inside] = _over(photo[inside], palette[indices[inside]])
    return result


def stamp(pixels: Pixels, sprite: Sprite) -> None:
    """Draw a sprite onto ``uint8[h, w, 3]``, cut off at its edges."""
    clipped = part_on(pixels, sprite)
    if clipped is not None:
        target, source = clipped
        pixels[target] = _over(pixels[target], sprite.pixels[source])


def part_on(raster: Pixels, sprite: Sprite) -> tuple[Part, Part] | None:
    """Which part of a raster ``[h, w, …]`` a sprite lies on, and which part of it that is.

    ``None`` where it lies outside.
    """
    rows, columns = sprite.pixels.shape[:2]
    x1, y1 = max(0, sprite.x), max(0, sprite.y)
    x2, y2 = min(raster.shape[1], sprite.x + columns), min(raster.shape[0], sprite.y + rows)
    if x1 >= x2 or y1 >= y2:
        return None
    source = slice(y1 - sprite.y, y2 - sprite.y), slice(x1 - sprite.x, x2 - sprite.x)
    return (slice(y1, y2), slice(x1, x2)), source


def _over(below: Pixels, above: Pixels) -> Pixels:
    alpha = above[..., 3:].astype(np.uint16)
    drawn = above[..., :3] * alpha + below * (255 - alpha)
    return np.asarray((drawn + 127) // 255, dtype=np.uint8)


def _sprites(scene: Scene, viewport: Viewport, size: Size) -> Iterator[Sprite]:
    for mark in scene.marks:
        pixels = marker(marker_side(viewport.cell), mark.positive)
        yield _around(pixels, viewport, size, mark.x, mark.y)
    if scene.cursor is not None:
        yield _around(crosshair(cursor_side(viewport.cell)), viewport, size, *scene.cursor)


def _around(pixels: Pixels, viewport: Viewport, size: Size, x: float, y: float) -> Sprite:
    """A sprite whose middle pixel is the raster pixel that holds the image point."""
    column, row = viewport.to_cells(x, y)
    across = int(column * size.width / viewport.cells.width // 1)
    down = int(row * size.height / viewport.cells.height // 1)
    # A point on the photo's far edge belongs to its last pixel.
    across -= across == size.width
    down -= down == size.height
    side = pixels.shape[0]
    return Sprite(across - side // 2, down - side // 2, pixels)


def _inset(photo: Pixels, indices: Pixels, scene: Scene, viewport: Viewport) -> tuple[Sprite, ...]:
    """Draw the loupe into both; its sprites, cut off at its edges."""
    assert scene.loupe is not None
    rect = scene.loupe.cells.within(viewport.cells)
    if min(rect.width, rect.height) < 1:
        return ()
    inset = viewport.magnified(scene.loupe)
    rows, columns = photo.shape[:2]
    across, down = columns / viewport.cells.width, rows / viewport.cells.height
    x1, y1 = round(rect.x * across), round(rect.y * down)
    x2, y2 = round(rect.right * across), round(rect.bottom * down)
    size = Size(x2 - x1, y2 - y1)
    photo[y1:y2, x1:x2] = photo_pixels(scene.photo, inset, *size, scene.tone)
    indices[y1:y2, x1:x2] = draw_overlay(None, scene, inset, *size).indices
    for edge in (slice(y1, y1 + 1), slice(y2 - 1, y2)):
        indices[edge, x1:x2] = FRAME_INDEX
    for edge in (slice(x1, x1 + 1), slice(x2 - 1, x2)):
        indices[y1:y2, edge] = FRAME_INDEX
    return tuple(_cut(sprite, x1, y1, size) for sprite in _sprites(scene, inset, size))


def _cut(sprite: Sprite, x: int, y: int, size: Size) -> Sprite:
    """A sprite of an inset at ``(x, y)``, cut to the inset, on the whole raster."""
    rows, columns = sprite.pixels.shape[:2]
    x1, y1 = max(0, -sprite.x), max(0, -sprite.y)
    x2 = max(x1, min(columns, size.width - sprite.x))
    y2 = max(y1, min(rows, size.height - sprite.y))
    return Sprite(x + sprite.x + x1, y + sprite.y + y1, sprite.pixels[y1:y2, x1:x2])
