"""The masks as pictures that a kitty terminal holds, over those of the photo.

Like the photo they are kept for the fit, from which any zoom can be shown at once, and for the
zoom at which the person stopped. They are small: all of them are at most a few kilobytes, a
change mostly some hundred bytes, so they never wait for the photo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2

from tui_label.graphics.kitty_commands import edit_png, edit_rgba, send_png
from tui_label.graphics.kitty_planes import Image, encloses
from tui_label.graphics.painter import View
from tui_label.graphics.png import palette_png
from tui_label.graphics.raster import Overlay, draw_overlay
from tui_label.graphics.scene import Pixels, Scene
from tui_label.graphics.viewport import Viewport

_LARGE_EDIT = 128 * 128
"""Pixels of a change from which a palette PNG is fewer bytes than compressed RGBA (3.2 KB
against 5.0 for 640 x 640, and 4 ms against 14); below it, its headers weigh more."""

_WHOLE_FROM = 0.7
"""Part of the picture that a change takes up from which all of it is sent instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Masks:
    """The masks for one viewport, as the terminal holds them.

    Args:
        image: where they are kept.
        viewport: that they are drawn for.
        palette: ``uint8[256, 4]``, in which colours.
        overlay: what was drawn; ``None`` while nothing was.
    """

    image: Image
    viewport: Viewport
    palette: Pixels
    overlay: Overlay | None = None


def on_canvas(held: Iterable[Masks], fitted: Viewport) -> tuple[Masks, ...]:
    """Those of a canvas of this size and a photo of this size."""
    return tuple(
        masks
        for masks in held
        if (masks.viewport.photo, masks.viewport.cells, masks.viewport.cell)
        == (fitted.photo, fitted.cells, fitted.cell)
    )


def wanted_masks(
    held: Iterable[Masks], view: View, fitted: Viewport
) -> Iterator[tuple[Viewport, Image]]:
    """What masks a view shows: the viewport that they are drawn for, and where they are kept.

    One, and a second where a loupe reaches beyond the first.
    """
    detail = next((masks for masks in held if masks.image is Image.DETAIL_OVERLAY), None)
    viewport, image = fitted, Image.FIT_OVERLAY
    if view.viewport != fitted:
        if view.settled:
            viewport, image = view.viewport, Image.DETAIL_OVERLAY
        elif detail is not None and encloses(detail.viewport, view.viewport):
            viewport, image = detail.viewport, Image.DETAIL_OVERLAY
    yield viewport, image
    loupe = view.scene.loupe
    beyond = loupe is not None and not encloses(viewport, view.viewport.magnified(loupe))
    if beyond and viewport != fitted:
        yield fitted, Image.FIT_OVERLAY


def sharpest(held: Iterable[Masks], viewport: Viewport) -> Masks:
    """The masks to stretch for a viewport: :func:`wanted_masks` sees to it that there are."""
    return max(held, key=lambda masks: (encloses(masks.viewport, viewport), masks.viewport.scale))


def drawn(
    before: Masks | None, wanted: Masks, scene: Scene, *, base: int, edits: bool
) -> tuple[Masks, bytes, bool]:
    """The masks of a scene as they are held then, what to send, and whether that is a new image.

    A terminal lets go of where an image was placed when it gets it anew.

    Args:
        before: what the terminal holds in that image.
        wanted: where, for which viewport and in which colours.
        scene: what to draw.
        base: of image ids.
        edits: the terminal can change a part of an image.
    """
    known = before.overlay if before is not None else None
    viewport, palette, image = wanted.viewport, wanted.palette, base + wanted.image
    overlay = draw_overlay(known, scene, viewport, *viewport.canvas)
    after = replace(wanted, overlay=overlay)
    same = before is not None and (before.viewport, before.palette is palette) == (viewport, True)
    if known is None or not same:
        return after, send_png(image, palette_png(overlay.indices, palette)), True
    if overlay is known:
        return after, b"", False
    x, y, width, height = cv2.boundingRect(cv2.bitwise_xor(known.indices, overlay.indices))
    if width == 0:
        return after, b"", False
    if not edits or width * height > _WHOLE_FROM * overlay.indices.size:
        return after, send_png(image, palette_png(overlay.indices, palette)), True
    changed = overlay.indices[y : y + height, x : x + width]
    if width * height < _LARGE_EDIT:
        return after, edit_rgba(image, palette[changed], x, y), False
    return after, edit_png(image, palette_png(changed, palette), x, y), False
