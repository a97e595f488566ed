"""Which pictures of the photo a view wants, of those that there are and those still to send."""

from __future__ import annotations

from tui_label.graphics.kitty_planes import (
    DETAILS,
    Image,
    Plane,
    new_plane,
    restarted,
    same_pixels,
    stacked,
    still_true,
)
from tui_label.graphics.painter import View
from tui_label.graphics.viewport import Viewport


def planned(
    before: tuple[Plane, ...], view: View, fitted: Viewport
) -> tuple[tuple[Plane, ...], Image]:
    """The planes to hold, those that are to be sent among them, and the one for refining.

    Args:
        before: those that are held.
        view: what to show.
        fitted: the viewport of the whole photo on that canvas.
    """
    planes = still_true(before, view.scene, fitted)
    if not view.settled and view.viewport != fitted and planes:
        shown = [plane for plane in planes if plane.shows(view.viewport)]
        return planes, max(shown, key=lambda plane: plane.sharpness).image
    viewport = view.viewport if view.settled else fitted
    known = next((plane for plane in planes if _is_made_for(plane, viewport)), None)
    if known is None:
        return _with_new(planes, view, viewport, fitted)
    wanted = new_plane(known.image, view.scene, viewport)
    if same_pixels(known, wanted):
        return planes, known.image
    anew = restarted(known, wanted)
    return tuple(anew if plane is known else plane for plane in planes), known.image


def is_replaced(plane: Plane, sharp: Plane) -> bool:
    """Whether a plane is of no use any more once another one is there."""
    if plane.image is Image.COARSE:
        return sharp.image is Image.FIT
    return sharp.image in DETAILS and plane.image in DETAILS and plane.image is not sharp.image


def _is_made_for(plane: Plane, viewport: Viewport) -> bool:
    return plane.viewport == viewport and plane.image is not Image.COARSE


def _with_new(
    planes: tuple[Plane, ...], view: View, viewport: Viewport, fitted: Viewport
) -> tuple[tuple[Plane, ...], Image]:
    """With a plane of which nothing was sent; a detail that is seen meanwhile is kept."""
    if viewport == fitted:
        return (*planes, new_plane(Image.FIT, view.scene, fitted)), Image.FIT
    seen = {plane.image for plane in stacked(planes, viewport) if plane.opaque}
    free = next(image for image in DETAILS if image not in seen)
    kept = (plane for plane in planes if plane.image not in DETAILS or plane.image in seen)
    return (*kept, new_plane(free, view.scene, viewport)), free
