"""The painter for terminals with kitty graphics: sends what changed, and nothing else.

A *plane* is the whole canvas as two images of canvas pixels for one viewport: the photo and,
over it, the masks. The terminal keeps at most two planes: the fit, from which any zoom can
be shown at once by stretching a part of it, and the sharp detail of the present zoom, which
is sent when the person stops zooming. Markers and cursor are small images, sent once.

What the terminal shows is a value, :class:`KittyShown`; painting compares it with what it
should show. Images have fixed ids, so nothing can leak.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2

from tui_label.graphics.kitty_commands import (
    Placement,
    edit_png,
    edit_rgba,
    forget,
    place,
    send_png,
    send_rgba,
    synchronised,
    take_away,
)
from tui_label.graphics.kitty_placements import (
    Image,
    moves,
    plane_placements,
    sprite_placements,
)
from tui_label.graphics.palette import MASK_COLOURS, RGB, overlay_palette
from tui_label.graphics.png import palette_png
from tui_label.graphics.raster import Overlay, draw_overlay, photo_pixels
from tui_label.graphics.scene import Pixels, Scene
from tui_label.graphics.sprites import crosshair, cursor_side, marker, marker_side
from tui_label.graphics.viewport import CellSize, Viewport

_PNG_LEVEL = 2
"""The fastest that is not larger: 3 saves 5 % of a photo and takes half as long again."""

_LARGE_EDIT = 128 * 128
"""Pixels of a change from which a palette PNG is fewer bytes than compressed RGBA (3.2 KB
against 5.0 for 640 x 640, and 4 ms against 14); below it, its headers weigh more."""


@dataclass(frozen=True, slots=True)
class KittyOptions:
    """How to speak to this terminal.

    Args:
        base: image ids are this plus 1 to 7; see ``base_id``.
        sync: wrap changes of several commands in a synchronised update.
        edits: the terminal can change a part of an image (``edits_frames``); where not,
            a changed overlay is sent whole.
        colours: of masks by class index, cyclic.
    """

    base: int = 0
    sync: bool = False
    edits: bool = True
    colours: tuple[RGB, ...] = MASK_COLOURS


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """A plane that the terminal holds."""

    base: Image
    masks: Image
    photo_key: str
    viewport: Viewport
    overlay: Overlay

    def images(self, base: int) -> tuple[int, int]:
        """Ids of the photo and of the masks over it."""
        return base + self.base, base + self.masks


@dataclass(frozen=True, slots=True, eq=False)
class KittyShown:
    """What the terminal holds and shows; ``hidden`` while nothing of it is placed."""

    options: KittyOptions
    fit: _Plane | None = None
    detail: _Plane | None = None
    sprites_for: CellSize | None = None
    placements: tuple[Placement, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class KittyPainted:
    """What is shown once ``data`` has been written to the terminal."""

    shown: KittyShown
    data: bytes


@dataclass(slots=True)
class _Writing:
    """The commands of one paint; images that were sent anew have lost their placements."""

    options: KittyOptions
    commands: list[bytes] = field(default_factory=list)
    unplaced: set[int] = field(default_factory=set)

    def image(self, image: Image) -> int:
        return self.options.base + image

    def send(self, image: Image, command: bytes) -> None:
        self.unplaced.add(self.image(image))
        self.commands.append(command)

    def forget(self, plane: _Plane) -> None:
        for image in (plane.base, plane.masks):
            self.send(image, forget(self.image(image)))


def paint(
    shown: KittyShown | None,
    scene: Scene,
    viewport: Viewport,
    origin: tuple[int, int],
    settled: bool,
    *,
    options: KittyOptions | None = None,
) -> KittyPainted:
    """What to write so that the terminal shows the scene.

    Args:
        shown: from the last call; ``None`` when the terminal holds nothing of ours.
        scene: what to show.
        viewport: over the scene's photo.
        origin: column and row of the canvas' first cell on the screen, 0-based.
        settled: whether the viewport will stay for a while. Where not, a zoom or pan is shown
            from what the terminal already has, a little blurred, in a few hundred bytes.
        options: how to speak to this terminal; must not change while images are shown,
            except for ``sync`` and ``colours``.
    """
    options = options or (shown.options if shown is not None else KittyOptions())
    before = shown or KittyShown(options)
    writing = _Writing(options)
    if before.sprites_for != viewport.cell:
        _send_sprites(writing, viewport.cell)
    fit, detail = _planes(before, scene, viewport, settled, writing)
    plane = _best_plane(fit, detail, viewport)
    plane = _with_masks(plane, scene, writing)
    if plane.base is Image.FIT_BASE:
        fit = plane
    else:
        detail = plane
    placements = (
        *plane_placements(plane.images(options.base), plane.viewport, viewport, origin),
        *sprite_placements(scene, viewport, origin, options.base),
    )
    after = KittyShown(options, fit, detail, viewport.cell, placements, before.hidden)
    if not before.hidden:
        kept = [item for item in before.placements if item.image not in writing.unplaced]
        writing.commands += moves(kept, placements)
    return KittyPainted(after, _finished(writing))


def hide(shown: KittyShown) -> KittyPainted:
    """Show nothing, and keep all images: something else covers the canvas for a while."""
    if shown.hidden:
        return KittyPainted(shown, b"")
    commands = b"".join(take_away(placement) for placement in shown.placements)
    return KittyPainted(replace(shown, hidden=True), commands)


def show(shown: KittyShown) -> KittyPainted:
    """Undo :func:`hide`."""
    if not shown.hidden:
        return KittyPainted(shown, b"")
    commands = b"".join(place(placement) for placement in shown.placements)
    return KittyPainted(replace(shown, hidden=False), commands)


def clear(shown: KittyShown) -> bytes:
    """Delete all our images from the terminal's memory; paint from ``None`` afterwards."""
    base = shown.options.base
    held = [image for plane in (shown.fit, shown.detail) if plane for image in plane.images(base)]
    if shown.sprites_for is not None:
        held += [base + image for image in (Image.POSITIVE, Image.NEGATIVE, Image.CURSOR)]
    return b"".join(forget(image) for image in held)


def _send_sprites(writing: _Writing, cell: CellSize) -> None:
    side = marker_side(cell)
    for image, pixels in (
        (Image.POSITIVE, marker(side, True)),
        (Image.NEGATIVE, marker(side, False)),
        (Image.CURSOR, crosshair(cursor_side(cell))),
    ):
        writing.send(image, send_rgba(writing.image(image), pixels))


def _planes(
    before: KittyShown, scene: Scene, viewport: Viewport, settled: bool, writing: _Writing
) -> tuple[_Plane, _Plane | None]:
    """The planes of this photo and canvas; sends those that are missing."""
    fitted = Viewport.fitted(viewport.photo, viewport.cells, viewport.cell)
    fit, detail = before.fit, before.detail
    stale = (
        fit is None
        or fit.photo_key != scene.photo_key
        or fit.viewport != fitted
        or writing.options.colours != before.options.colours
    )
    if fit is None or stale:
        if detail is not None:
            writing.forget(detail)
            detail = None
        fit = _sent_plane(Image.FIT_BASE, Image.FIT_OVERLAY, scene, fitted, writing)
    if viewport == fitted or not settled or (detail and detail.viewport == viewport):
        return fit, detail
    return fit, _sent_plane(Image.DETAIL_BASE, Image.DETAIL_OVERLAY, scene, viewport, writing)


def _sent_plane(
    base: Image, masks: Image, scene: Scene, viewport: Viewport, writing: _Writing
) -> _Plane:
    canvas = viewport.canvas
    pixels = photo_pixels(scene.photo, viewport, *canvas)
    writing.send(base, send_png(writing.image(base), _photo_png(pixels)))
    overlay = draw_overlay(None, scene, viewport, *canvas)
    _send_overlay(masks, overlay, writing)
    return _Plane(base, masks, scene.photo_key, viewport, overlay)


def _photo_png(pixels: Pixels) -> bytes:
    _, encoded = cv2.imencode(
        ".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, _PNG_LEVEL]
    )
    return encoded.tobytes()


def _send_overlay(masks: Image, overlay: Overlay, writing: _Writing) -> None:
    png = palette_png(overlay.indices, overlay_palette(writing.options.colours))
    writing.send(masks, send_png(writing.image(masks), png))


def _best_plane(fit: _Plane, detail: _Plane | None, viewport: Viewport) -> _Plane:
    """The detail where it holds all that the canvas shows, else the fit, which always does."""
    if viewport == fit.viewport or detail is None:
        return fit
    held, wanted = detail.viewport.window, viewport.window
    slack = 0.5 / detail.viewport.scale
    inside = (
        held.x1 <= wanted.x1 + slack
        and held.y1 <= wanted.y1 + slack
        and wanted.x2 <= held.x2 + slack
        and wanted.y2 <= held.y2 + slack
    )
    return detail if inside else fit


def _with_masks(plane: _Plane, scene: Scene, writing: _Writing) -> _Plane:
    """The plane with the scene's masks: nothing, a part of an image, or a whole one is sent."""
    overlay = draw_overlay(plane.overlay, scene, plane.viewport, *plane.viewport.canvas)
    if overlay is not plane.overlay:
        _send_change(plane.masks, plane.overlay.indices, overlay, writing)
    return replace(plane, overlay=overlay)


def _send_change(masks: Image, before: Pixels, overlay: Overlay, writing: _Writing) -> None:
    x, y, width, height = cv2.boundingRect(cv2.bitwise_xor(before, overlay.indices))
    if width == 0:
        return
    if not writing.options.edits:
        _send_overlay(masks, overlay, writing)
        return
    palette = overlay_palette(writing.options.colours)
    changed = overlay.indices[y : y + height, x : x + width]
    image = writing.image(masks)
    if width * height < _LARGE_EDIT:
        writing.commands.append(edit_rgba(image, palette[changed], x, y))
    else:
        writing.commands.append(edit_png(image, palette_png(changed, palette), x, y))


def _finished(writing: _Writing) -> bytes:
    commands = b"".join(writing.commands)
    if writing.options.sync and len(writing.commands) > 1:
        return synchronised(commands)
    return commands
