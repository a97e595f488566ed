"""The photo on its way to a kitty terminal: coarse, in bands of rows, or whole.

Over a slow line a photo comes in three steps. A *coarse* picture of it, in one piece of about
the budget, is there at once. Bands of at most 256 colours each follow, from the cursor
outwards; together they are a quarter of the bytes of the photo as it is, and hard to tell from
it. Then comes the photo as it is, in bands again. Measured for three photos of 1200 x 800 on
the wire: 7 to 9 KB, 0.3 to 0.45 MB, 1.2 to 1.6 MB. A terminal that cannot change a part of
an image gets no bands: see :mod:`.kitty_tiles`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tui_label.graphics.kitty_commands import edit_png, send_png
from tui_label.graphics.kitty_planes import Image, Plane, Work, new_plane
from tui_label.graphics.palette import overlay_palette
from tui_label.graphics.png import is_grey, palette_png, photo_png, reduced_png
from tui_label.graphics.raster import photo_pixels
from tui_label.graphics.scene import Picture, Pixels, Scene
from tui_label.graphics.viewport import Viewport

_DIVISORS = (2, 3, 4, 6, 8, 12, 16, 24, 32)
_COARSE_COLOURS = 128

_REDUCED = 0.45
"""Bytes on the wire that a pixel of the pass of few colours takes, until a band has shown it."""

_GREY = 0.6
"""The same of a photo without colours, which needs no such pass."""

_EXACT = 1.7
"""The same of a photo as it is."""

_FEWEST, _MOST = 0.02, 4.0
"""Between these a band's bytes a pixel are believed for the next: a flat band says nothing of
the photo below it."""

_FEWEST_ROWS = 4
"""Below this, what surrounds a band weighs more than its pixels."""


def whole(plane: Plane, base: int) -> tuple[Plane, bytes]:
    """The plane as it is when all of it was sent, and the command that does so."""
    pixels = plane.work.pixels if plane.work is not None else _drawn(plane)
    return _finished(plane), send_png(base + plane.image, photo_png(pixels))


def coarse(scene: Scene, fitted: Viewport, base: int, budget: int) -> tuple[Plane, bytes]:
    """The whole photo in about so many bytes, as sharp as that allows."""
    width, height = fitted.canvas
    for divisor in _DIVISORS:
        if 0.7 * _REDUCED * (width // divisor) * (height // divisor) > budget:
            continue
        plane = new_plane(Image.COARSE, scene, fitted, divisor)
        command = send_png(base + plane.image, reduced_png(_drawn(plane), _COARSE_COLOURS))
        if len(command) <= budget:
            return replace(plane, opaque=True, done=True), command
    plane = new_plane(Image.COARSE, scene, fitted, _DIVISORS[-1])
    command = send_png(base + plane.image, reduced_png(_drawn(plane), _COARSE_COLOURS))
    return replace(plane, opaque=True, done=True), command


def band(plane: Plane, base: int, budget: int, focus: float) -> tuple[Plane, bytes]:
    """About so many bytes of a plane, and the plane with them.

    Args:
        plane: one that is not done yet.
        base: of image ids.
        budget: bytes.
        focus: where the person looks, from 0 at the plane's top to 1 at its bottom: rows
            near it come first.
    """
    image = base + plane.image
    command = b""
    if not plane.is_begun:
        command = send_png(image, _transparent(plane))
    work = plane.work or _work(_drawn(plane), reduced=not plane.opaque)
    width, height = plane.raster
    wanted = max(_FEWEST_ROWS, int((budget - len(command)) / (work.density * width)))
    top, bottom, rows = _next_rows(plane.rows, height, wanted, focus)
    pixels = work.pixels[top:bottom]
    reduced = not (plane.opaque or work.grey)
    sent = edit_png(image, reduced_png(pixels) if reduced else photo_png(pixels), 0, top)
    density = min(max(len(sent) / (width * (bottom - top)), _FEWEST), _MOST)
    work = replace(work, density=density)
    if rows != (0, height):
        done = replace(plane, rows=rows, work=work)
    elif reduced:
        done = replace(plane, rows=(0, 0), opaque=True, work=replace(work, density=_EXACT))
    else:
        done = _finished(plane)
    return done, command + sent


def _finished(plane: Plane) -> Plane:
    return replace(
        plane, rows=(0, 0), opaque=True, done=True, exact=True, work=None, grid=None, tiles=()
    )


def _work(pixels: Pixels, *, reduced: bool) -> Work:
    grey = is_grey(pixels)
    return Work(pixels, grey, _GREY if grey else _REDUCED if reduced else _EXACT)


def _drawn(plane: Plane) -> Pixels:
    photo = Picture(plane.viewport.photo, plane.layers)
    return photo_pixels(photo, plane.viewport, *plane.raster, plane.tone)


def _transparent(plane: Plane) -> bytes:
    """About 400 bytes: as a palette PNG, of which a terminal makes RGBA."""
    width, height = plane.raster
    return palette_png(np.zeros((height, width), dtype=np.uint8), overlay_palette())


def _next_rows(
    sent: tuple[int, int], height: int, wanted: int, focus: float
) -> tuple[int, int, tuple[int, int]]:
    """First and one behind the last row to send now, and all rows that are sent then.

    The rows that were sent are one interval, which grows where it is nearer to the focus.
    """
    first, last = sent
    wanted = min(wanted, height - (last - first))
    middle = min(max(round(focus * height), 0), height)
    if first == last:
        first = last = min(max(middle - wanted // 2, 0), height - wanted)
    up = last == height or (first > 0 and middle - first < last - middle)
    if up:
        top = max(0, first - wanted)
        return top, first, (top, last)
    bottom = min(height, last + wanted)
    return last, bottom, (first, bottom)
