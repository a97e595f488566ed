"""The painter for terminals with kitty graphics: sends what changed, and nothing else.

What the terminal holds and shows is a value, :class:`KittyShown`; painting compares it with
what it should show. The photo and the masks over it are pictures of the whole canvas
(:mod:`.kitty_planes`, :mod:`.kitty_masks`), markers and cursor are small ones, sent once. All
of them are placed around whatever covers a part of the canvas (:mod:`.kitty_placements`).
Images have fixed ids, and :func:`cleared` deletes all of them, so nothing can leak.

What a person does (a mask, a mark, a zoom) is sent at once and whole. The photo may take
several steps (:mod:`.kitty_bands`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tui_label.geometry.boxes import Size
from tui_label.graphics.cellrects import CellRect, uncovered
from tui_label.graphics.kitty_bands import band, coarse, whole
from tui_label.graphics.kitty_commands import (
    Anchor,
    Placement,
    forget,
    let_go,
    passed_through,
    send_anchor,
    send_png,
    send_rgba,
)
from tui_label.graphics.kitty_masks import Masks, drawn, on_canvas, wanted_masks
from tui_label.graphics.kitty_placements import Held, loupe_pixels, moves, placements
from tui_label.graphics.kitty_plan import is_replaced, planned
from tui_label.graphics.kitty_planes import Image, Plane, new_plane
from tui_label.graphics.kitty_text import anchor_cell, anchored, blanks, freed
from tui_label.graphics.kitty_tiles import tiled, tiles_of
from tui_label.graphics.painter import View
from tui_label.graphics.palette import FRAME_INDEX, MASK_COLOURS, RGB, overlay_palette
from tui_label.graphics.png import palette_png
from tui_label.graphics.sequences import synchronised
from tui_label.graphics.sprites import crosshair, cursor_side, marker, marker_side
from tui_label.graphics.viewport import CellSize, Viewport


@dataclass(frozen=True, slots=True)
class KittyOptions:
    """How to speak to this terminal.

    Args:
        base: image ids are this plus those of :class:`Image`; see ``base_id``.
        sync: wrap changes of several commands in a synchronised update.
        edits: the terminal can change a part of an image. Where not, a changed overlay is
            sent whole, and a photo in tiles of few colours (:mod:`.kitty_tiles`).
        colours: of masks by class index, cyclic.
        anchor: id of the image that all others hang on, inside tmux; see ``anchor_id``. 0
            where the program has the terminal for itself.
    """

    base: int = 0
    sync: bool = False
    edits: bool = True
    colours: tuple[RGB, ...] = MASK_COLOURS
    anchor: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class KittyShown:
    """What the terminal holds and shows.

    Args:
        options: how to speak to it.
        view: what was painted last; ``None`` when nothing of ours is there.
        planes: of the photo.
        target: the plane that the view is sharp in, once it is done.
        masks: over the photo.
        current: those of them that show the last view.
        sprites_for: the cells that markers and cursor were drawn for.
        frame: canvas pixels of the loupe's frame.
        placements: what is placed.
        anchor: the cell that all of it hangs on.
        images: ids of all images that were ever sent, before the last :func:`cleared` too.
    """

    options: KittyOptions
    view: View | None = None
    planes: tuple[Plane, ...] = ()
    target: Image = Image.FIT
    masks: tuple[Masks, ...] = ()
    current: tuple[Masks, ...] = ()
    sprites_for: CellSize | None = None
    frame: Size | None = None
    placements: tuple[Placement, ...] = ()
    anchor: Anchor | None = None
    images: frozenset[int] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing to refine."""
        return all(plane.done for plane in self.planes if plane.image is self.target)


@dataclass(frozen=True, slots=True, eq=False)
class KittyPainted:
    """What is shown once ``data`` has been written to the terminal."""

    shown: KittyShown
    data: bytes


@dataclass(slots=True)
class _Writing:
    """The commands of one paint; images that were sent anew have lost their placements."""

    options: KittyOptions
    text: bytes = b""
    commands: list[bytes] = field(default_factory=list)
    unplaced: set[int] = field(default_factory=set)
    last: list[bytes] = field(default_factory=list)

    def send(self, image: Image, command: bytes) -> None:
        self.send_as(self.options.base + image, command)

    def send_as(self, image: int, command: bytes) -> None:
        self.unplaced.add(image)
        self.commands.append(command)

    def let_go(self, image: int) -> None:
        """Last of all, so that what takes its place is there before; an id with the base."""
        self.unplaced.add(image)
        self.last.append(let_go(image))

    def finished(self) -> bytes:
        commands = [*self.commands, *self.last]
        if self.options.anchor:
            # A synchronised update would be tmux's, which draws text later than it lets
            # through what is for the terminal outside.
            return self.text + passed_through(commands)
        data = self.text + b"".join(commands)
        several = len(commands) + bool(self.text) > 1
        return synchronised(data) if self.options.sync and several else data


def paint(
    shown: KittyShown | None,
    view: View,
    budget: int | None = None,
    *,
    options: KittyOptions | None = None,
) -> KittyPainted:
    """What to write so that the terminal shows a view.

    Args:
        shown: from the last call; ``None`` when the terminal holds nothing of ours.
        view: what to show. Until it has settled, a zoom or pan is shown from what the
            terminal already has, a little blurred, in a few hundred bytes.
        budget: about how many bytes a photo may take now, the rest of it being left to
            :func:`refine`; ``None`` for all of it.
        options: how to speak to this terminal; must not change while images are shown,
            except for ``sync`` and ``colours``.
    """
    options = options or (shown.options if shown is not None else KittyOptions())
    before = shown or KittyShown(options)
    writing = _Writing(options)
    fitted = Viewport.fitted(view.viewport.photo, view.viewport.cells, view.viewport.cell)
    if before.sprites_for != view.viewport.cell:
        _send_sprites(writing, view.viewport.cell)
    frame = _with_frame(before.frame, view, writing)
    planes, target = planned(before.planes, view, fitted)
    planes = _sent(planes, view, fitted, budget, target, writing)
    _let_go_of_planes(before.planes, planes, writing)
    masks, current = _with_masks(before.masks, view, fitted, writing)
    held = replace(
        before,
        options=options,
        planes=planes,
        target=target,
        masks=masks,
        current=current,
        sprites_for=view.viewport.cell,
        frame=frame,
    )
    return _placed(held, view, writing)


def refine(shown: KittyShown, budget: int) -> KittyPainted:
    """About so many bytes more of the photo as the last view shows it."""
    view = shown.view
    wanted = next((plane for plane in shown.planes if plane.image is shown.target), None)
    if view is None or wanted is None or wanted.done:
        return KittyPainted(shown, b"")
    writing = _Writing(shown.options)
    if shown.options.edits:
        focus = _focus(view, wanted)[1] / wanted.viewport.cells.height
        plane, command = band(wanted, shown.options.base, budget, focus)
        if wanted.is_begun:
            writing.commands.append(command)
        else:
            writing.send(plane.image, command)
    else:
        plane, tiles = tiled(wanted, shown.options.base, budget, _focus(view, wanted))
        for tile in tiles:
            writing.send_as(tile.image, tile.command)
    planes = tuple(
        plane if other is wanted else other
        for other in shown.planes
        if not (plane.opaque and is_replaced(other, plane))
    )
    _let_go_of_planes(shown.planes, planes, writing)
    return _placed(replace(shown, planes=planes), view, writing)


def cleared(shown: KittyShown) -> KittyPainted:
    """Delete every image that may be in the terminal's memory; paint from ``None`` afterwards.

    Once anything was sent, all fixed ids are named, whatever is known to be there.
    """
    after = KittyShown(shown.options, images=shown.images)
    if not shown.images:
        return KittyPainted(after, b"")
    ids = shown.images | {shown.options.base + image for image in Image}
    writing = _Writing(shown.options, commands=[forget(image) for image in sorted(ids)])
    if shown.anchor is not None:
        writing.text = blanks((CellRect(0, 0, 1, 1),), shown.anchor[1:])
    return KittyPainted(after, writing.finished())


def _placed(held: KittyShown, view: View, writing: _Writing) -> KittyPainted:
    """The last step: blanks, the anchor, and everything where it belongs."""
    seen = uncovered(view.viewport.cells, view.covered)
    anchor = None
    if held.options.anchor:
        if held.view is None:
            writing.commands.insert(0, send_anchor(held.options.anchor))
            writing.unplaced.add(held.options.anchor)
        anchor = anchored(held.anchor, held.options.anchor, view.origin, seen)
    writing.text = _text(held, view, anchor)
    pictures = Held(held.planes, held.current, held.options.base, anchor)
    placed = placements(view, pictures) if seen else ()
    kept = [item for item in held.placements if item.image not in writing.unplaced]
    writing.commands += moves(kept, placed)
    images = held.images | writing.unplaced
    after = replace(held, view=view, placements=placed, anchor=anchor, images=images)
    return KittyPainted(after, writing.finished())


def _text(held: KittyShown, view: View, anchor: Anchor | None) -> bytes:
    """Blanks where something else has been, and the anchor's cell where it is not yet."""
    before = held.view
    stays = (
        before is not None
        and before.origin == view.origin
        and before.viewport.cells == view.viewport.cells
    )
    covered = before.covered if before is not None and stays else None
    text = blanks(freed(view.viewport.cells, view.covered, covered), view.origin)
    if anchor is not None and (anchor != held.anchor or not stays):
        text += anchor_cell(anchor)
    return text


def _sent(
    planes: tuple[Plane, ...],
    view: View,
    fitted: Viewport,
    budget: int | None,
    target: Image,
    writing: _Writing,
) -> tuple[Plane, ...]:
    """The planes once that is sent which cannot wait."""
    if budget is None:
        if all(plane.image is not Image.FIT for plane in planes):
            planes = (*planes, new_plane(Image.FIT, view.scene, fitted))
        done = []
        for plane in planes:
            seen = plane.image is target and plane.image is not Image.COARSE
            needed = seen or (plane.image is Image.FIT and not plane.opaque)
            if needed and not plane.exact:
                sent, command = whole(plane, writing.options.base)
                writing.send(plane.image, command)
                done.append(sent)
            else:
                done.append(plane)
        sharp = next(plane for plane in done if plane.image is target)
        return tuple(plane for plane in done if not is_replaced(plane, sharp))
    if any(plane.opaque and plane.shows(view.viewport) for plane in planes):
        return planes
    rough, command = coarse(view.scene, fitted, writing.options.base, budget)
    writing.send(rough.image, command)
    return (rough, *planes)


def _focus(view: View, plane: Plane) -> tuple[float, float]:
    """Where the person looks: column and row of the plane's canvas."""
    at = view.scene.cursor if view.scene.cursor is not None else view.viewport.middle
    return plane.viewport.to_cells(*at)


def _with_masks(
    before: tuple[Masks, ...], view: View, fitted: Viewport, writing: _Writing
) -> tuple[tuple[Masks, ...], tuple[Masks, ...]]:
    """All masks that are held, and those of them that this view shows."""
    held = {masks.image: masks for masks in on_canvas(before, fitted)}
    palette = overlay_palette(writing.options.colours, view.scene.look.opacity)
    current = []
    for viewport, image in wanted_masks(held.values(), view, fitted):
        masks, command, is_new = drawn(
            held.get(image),
            Masks(image, viewport, palette),
            view.scene,
            base=writing.options.base,
            edits=writing.options.edits,
        )
        if is_new:
            writing.send(image, command)
        elif command:
            writing.commands.append(command)
        held[image] = masks
        current.append(masks)
    for masks in before:
        if masks.image not in held:
            writing.let_go(writing.options.base + masks.image)
    return tuple(held.values()), tuple(current)


def _let_go_of_planes(before: Sequence[Plane], after: Sequence[Plane], writing: _Writing) -> None:
    begun = {plane.image for plane in after if plane.is_begun}
    for plane in before:
        if plane.is_begun and plane.image not in begun:
            writing.let_go(writing.options.base + plane.image)
    for tile in sorted(tiles_of(before) - tiles_of(after)):
        writing.let_go(tile)


def _send_sprites(writing: _Writing, cell: CellSize) -> None:
    side = marker_side(cell)
    for image, pixels in (
        (Image.POSITIVE, marker(side, True)),
        (Image.NEGATIVE, marker(side, False)),
        (Image.CURSOR, crosshair(cursor_side(cell))),
    ):
        writing.send(image, send_rgba(writing.options.base + image, pixels))


def _with_frame(before: Size | None, view: View, writing: _Writing) -> Size | None:
    """The size of the frame that the terminal holds once the loupe has one."""
    if view.scene.loupe is None:
        return before
    size = loupe_pixels(view.scene.loupe, view.viewport)
    if size == before or min(size) < 1:
        return before
    frame = np.full((size.height, size.width), FRAME_INDEX, dtype=np.uint8)
    frame[1:-1, 1:-1] = 0
    png = palette_png(frame, overlay_palette())
    writing.send(Image.LOUPE_FRAME, send_png(writing.options.base + Image.LOUPE_FRAME, png))
    return size
