"""Photo and shapes as pixels of a raster over the canvas, any resolution.

A raster of ``width`` by ``height`` pixels covers the whole canvas of a viewport: one to one
for graphics protocols, one by two pixels a cell for half blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Region
from tui_label.graphics.palette import (
    RUBBER_DARK_INDEX,
    RUBBER_LIGHT_INDEX,
    Part,
    overlay_index,
)
from tui_label.graphics.scene import (
    PLAIN,
    Emphasis,
    Layer,
    MaskStyle,
    Picture,
    Pixels,
    Scene,
    Shape,
    Tone,
)
from tui_label.graphics.tone import tone_table
from tui_label.graphics.viewport import CRISP_FROM, Viewport

_COARSE_HEIGHT = 240
"""Rasters lower than this are half blocks, where a line of two pixels would be a wall."""

_DASH = 4

_LASTING = (Emphasis.NORMAL, Emphasis.SELECTED)

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


class _Sampling(NamedTuple):
    """Image pixels to raster pixels: ``(x - left) * sx``; one scale an axis."""

    left: float
    top: float
    sx: float
    sy: float
    width: int
    height: int

    @classmethod
    def of(cls, viewport: Viewport, width: int, height: int) -> _Sampling:
        return cls(
            viewport.left,
            viewport.top,
            viewport.scale * width / (viewport.cells.width * viewport.cell.width),
            viewport.scale * height / (viewport.cells.height * viewport.cell.height),
            width,
            height,
        )

    def seen_from(self, x: int, y: int, u: int, v: int) -> _Sampling:
        """The same from the raster pixel ``(x, y)`` over a crop that begins at ``(u, v)``."""
        return self._replace(
            left=self.left + x / self.sx - u,
            top=self.top + y / self.sy - v,
            width=self.width - x,
            height=self.height - y,
        )


class _Patch(NamedTuple):
    """A mask on the raster: ``uint8[h, w]`` of 0 and 1, top-left corner at ``(x, y)``."""

    x: int
    y: int
    mask: Pixels


def photo_pixels(
    photo: Picture, viewport: Viewport, width: int, height: int, tone: Tone = PLAIN
) -> Pixels:
    """``uint8[height, width, 3]``, RGB: the photo as the viewport shows it, black around it.

    Averaged over areas when reduced, linear when enlarged, squares from four times on.

    Args:
        photo: as far as it was decoded; finer layers are drawn where there are any.
        viewport: over that photo.
        width: raster pixels across the canvas.
        height: raster pixels down the canvas.
        tone: how it is lit.
    """
    view = _Sampling.of(viewport, width, height)
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    lit = tone_table(photo, tone)
    for layer in _needed(photo.layers, viewport.visible):
        _draw_layer(pixels, layer, photo.size, view, lit)
    return pixels


def _needed(layers: Sequence[Layer], visible: Box) -> Sequence[Layer]:
    """Those that can be seen: nothing below the last one that spans all that is visible."""
    for number in range(len(layers) - 1, -1, -1):
        if layers[number].box.encloses(visible):
            return layers[number:]
    return layers


def _draw_layer(
    pixels: Pixels, layer: Layer, photo: Size, view: _Sampling, lit: Pixels | None
) -> None:
    rows, columns = layer.pixels.shape[:2]
    box = layer.box
    finer_x, finer_y = columns / (box.x2 - box.x1), rows / (box.y2 - box.y1)
    own = view._replace(
        left=(view.left - box.x1) * finer_x,
        top=(view.top - box.y1) * finer_y,
        sx=view.sx / finer_x,
        sy=view.sy / finer_y,
    )
    # The pixels of a reduced layer may reach a little beyond the photo.
    part = box.clipped(photo)
    across = _span((part.x1 - view.left) * view.sx, (part.x2 - view.left) * view.sx, view.width)
    down = _span((part.y1 - view.top) * view.sy, (part.y2 - view.top) * view.sy, view.height)
    if across is None or down is None:
        return
    (x1, x2), (y1, y2) = across, down
    u1, u2 = _source(own.left + x1 / own.sx, own.left + x2 / own.sx, columns)
    v1, v2 = _source(own.top + y1 / own.sy, own.top + y2 / own.sy, rows)
    crisp = min(own.sx, own.sy) > CRISP_FROM
    drawn = _resampled(
        layer.pixels[v1:v2, u1:u2],
        own.seen_from(x1, y1, u1, v1),
        Size(x2 - x1, y2 - y1),
        cv2.INTER_NEAREST if crisp else cv2.INTER_LINEAR,
        cv2.BORDER_REPLICATE,
    )
    pixels[y1:y2, x1:x2] = drawn if lit is None else cv2.LUT(drawn, lit)


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """An index map and what it was drawn from, so that the next one redraws only what changed.

    ``indices`` is ``uint8[h, w]`` (see :mod:`tui_label.graphics.palette`); ``settled`` is the
    same without previews, candidates and rubber band, which change with every key.
    """

    viewport: Viewport
    shapes: tuple[Shape, ...]
    rubber: Box | None
    masks: MaskStyle
    settled: Pixels
    indices: Pixels


def draw_overlay(
    before: Overlay | None, scene: Scene, viewport: Viewport, width: int, height: int
) -> Overlay:
    """The overlay of a scene; the very same object when nothing in it changed.

    Candidates lie over selected shapes, those over the others. A mask that is on the canvas
    keeps at least one pixel, however small it gets.

    Args:
        before: an overlay of any earlier scene, or ``None``.
        scene: what to draw.
        viewport: over the scene's photo.
        width: raster pixels across the canvas.
        height: raster pixels down the canvas.
    """
    view = _Sampling.of(viewport, width, height)
    usable = (
        before is not None
        and before.viewport == viewport
        and before.indices.shape == (height, width)
        and before.masks is scene.look.masks
    )
    if not usable:
        before = None
    if before is not None and before.shapes == scene.shapes and before.rubber == scene.rubber:
        return before
    style = scene.look.masks
    lasting = _of(scene.shapes, *_LASTING)
    if before is not None and lasting == _of(before.shapes, *_LASTING):
        settled = before.settled
    else:
        settled = np.zeros((height, width), dtype=np.uint8)
        if style is not MaskStyle.HIDDEN:
            _draw_shapes(settled, lasting, view, filled=style is MaskStyle.FILLED)
    indices = settled.copy()
    passing = _of(scene.shapes, Emphasis.PREVIEW, Emphasis.CANDIDATE)
    _draw_shapes(indices, passing, view, filled=style is not MaskStyle.OUTLINE)
    if scene.rubber is not None:
        _draw_rubber(indices, scene.rubber, view)
    return Overlay(viewport, scene.shapes, scene.rubber, style, settled, indices)


def _of(shapes: tuple[Shape, ...], *emphases: Emphasis) -> tuple[Shape, ...]:
    """Those of one emphasis after those of another."""
    return tuple(shape for emphasis in emphases for shape in shapes if shape.emphasis is emphasis)


def _draw_shapes(
    indices: Pixels, shapes: Iterable[Shape], view: _Sampling, *, filled: bool
) -> None:
    for shape in shapes:
        heavy = shape.emphasis is not Emphasis.NORMAL and view.height >= _COARSE_HEIGHT
        thickness = 2 if heavy else 1
        contour = overlay_index(shape.colour, shape.emphasis, Part.CONTOUR)
        if shape.region is not None:
            patch = _on_raster(shape.region, view)
            if patch is not None:
                fill = overlay_index(shape.colour, shape.emphasis, Part.FILL) if filled else 0
                _draw_patch(indices, patch, fill=fill, contour=contour, thickness=thickness)
        if shape.outline is not None:
            for edge in _edges(shape.outline, view, thickness):
                indices[edge] = contour


def _draw_patch(indices: Pixels, patch: _Patch, *, fill: int, contour: int, thickness: int) -> None:
    inner = cv2.erode(
        patch.mask, _CROSS, iterations=thickness, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    meaning = np.zeros(256, dtype=np.uint8)
    meaning[1], meaning[2] = contour, fill
    drawn = cv2.LUT(cv2.add(patch.mask, inner), meaning)
    rows, columns = patch.mask.shape
    x1, x2 = max(0, patch.x), min(indices.shape[1], patch.x + columns)
    y1, y2 = max(0, patch.y), min(indices.shape[0], patch.y + rows)
    inside = slice(y1 - patch.y, y2 - patch.y), slice(x1 - patch.x, x2 - patch.x)
    # A mask without a fill hides nothing of the masks below it.
    drawn = drawn[inside]
    np.copyto(indices[y1:y2, x1:x2], drawn, where=drawn.view(np.bool_))


def _on_raster(region: Region, view: _Sampling) -> _Patch | None:
    """The part of a mask that is on the raster and a little around it; ``None`` when none is.

    The margin makes a contour continue beyond the raster's edge instead of running along it.
    """
    if region.is_empty:
        return None
    rows, columns = region.mask.shape
    margin = 3
    u1 = max(0, math.floor(view.left - margin / view.sx) - region.x)
    u2 = min(columns, math.ceil(view.left + (view.width + margin) / view.sx) - region.x)
    v1 = max(0, math.floor(view.top - margin / view.sy) - region.y)
    v2 = min(rows, math.ceil(view.top + (view.height + margin) / view.sy) - region.y)
    if u1 >= u2 or v1 >= v2:
        return None
    left, right = (view.sx * (region.x + u - view.left) for u in (u1, u2))
    top, bottom = (view.sy * (region.y + v - view.top) for v in (v1, v2))
    across, down = _span(left, right, view.width), _span(top, bottom, view.height)
    if across is None or down is None:
        return None
    x1, x2 = min(across[0], round(left)), max(across[1], round(right))
    y1, y2 = min(down[0], round(top)), max(down[1], round(bottom))
    source = region.mask[v1:v2, u1:u2].view(np.uint8) * np.uint8(255)
    size = Size(x2 - x1, y2 - y1)
    coverage = _resampled(
        source,
        view.seen_from(x1, y1, region.x + u1, region.y + v1),
        size,
        cv2.INTER_NEAREST if min(view.sx, view.sy) >= 1 else cv2.INTER_LINEAR,
        cv2.BORDER_CONSTANT,
    )
    mask = (coverage > 127).view(np.uint8)
    if not mask.any():
        mask = _densest(source, size)
    return _Patch(x1, y1, mask)


def _densest(source: Pixels, size: Size) -> Pixels:
    """The raster pixels that hold most of a mask which covers half of none."""
    coverage = cv2.resize(
        source.astype(np.float32), (size.width, size.height), interpolation=cv2.INTER_AREA
    )
    return np.asarray((coverage == coverage.max()) & (coverage > 0)).view(np.uint8)


def _resampled(
    source: Pixels, frame: _Sampling, size: Size, interpolation: int, border: int
) -> Pixels:
    """A source as ``size`` raster pixels; ``frame`` is relative to both top-left corners.

    Halved first until a linear kernel sees every pixel: OpenCV halves eight times faster than
    it averages over areas of any other size (4 ms against 33 for 12 MP on one core), and the
    transform keeps the position exact.
    """
    left, top, sx, sy = frame.left, frame.top, frame.sx, frame.sy
    while min(sx, sy) <= 0.5:
        across = 2 if sx <= 0.5 and source.shape[1] > 1 else 1
        down = 2 if sy <= 0.5 and source.shape[0] > 1 else 1
        if across == down == 1:
            break
        source = _reduced(source, across, down)
        left, sx = left / across, sx * across
        top, sy = top / down, sy * down
    inverse = np.array(
        [
            [1 / sx, 0, 0.5 / sx + left - 0.5],
            [0, 1 / sy, 0.5 / sy + top - 0.5],
        ],
        dtype=np.float64,
    )
    resampled = cv2.warpAffine(
        source,
        inverse,
        (size.width, size.height),
        flags=interpolation | cv2.WARP_INVERSE_MAP,
        borderMode=border,
    )
    return np.asarray(resampled, dtype=np.uint8)


def _reduced(source: Pixels, across: int, down: int) -> Pixels:
    """Whole blocks averaged; a last odd row or column is averaged with itself."""
    rows, columns = source.shape[:2]
    if rows % down or columns % across:
        source = cv2.copyMakeBorder(
            source, 0, rows % down, 0, columns % across, cv2.BORDER_REPLICATE
        ).astype(np.uint8, copy=False)
    size = source.shape[1] // across, source.shape[0] // down
    return np.asarray(cv2.resize(source, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _draw_rubber(indices: Pixels, rubber: Box, view: _Sampling) -> None:
    """Dashes of white and black: readable on any photo, and no mask looks like it."""
    rows, columns = np.ogrid[: view.height, : view.width]
    for edge in _edges(rubber, view, 1):
        light = ((rows[edge[0]] + columns[:, edge[1]]) // _DASH) % 2 == 0
        indices[edge] = np.where(light, RUBBER_LIGHT_INDEX, RUBBER_DARK_INDEX)


def _edges(box: Box, view: _Sampling, thickness: int) -> list[tuple[slice, slice]]:
    """The four sides of a box as slices of the raster; sides off the raster are left out."""
    left, right = (view.sx * (x - view.left) for x in (box.x1, box.x2))
    top, bottom = (view.sy * (y - view.top) for y in (box.y1, box.y2))
    across, down = _span(left, right, view.width), _span(top, bottom, view.height)
    if across is None or down is None:
        return []
    columns, rows = slice(*across), slice(*down)
    x1, y1 = min(round(left), view.width - 1), min(round(top), view.height - 1)
    x2, y2 = max(round(right), 1), max(round(bottom), 1)
    sides = [
        (slice(y1, y1 + thickness), columns),
        (slice(y2 - thickness, y2), columns),
        (rows, slice(x1, x1 + thickness)),
        (rows, slice(x2 - thickness, x2)),
    ]
    return [
        (_clipped(down_side, view.height), _clipped(across_side, view.width))
        for down_side, across_side in sides
        if _clipped(down_side, view.height) != slice(0, 0)
        and _clipped(across_side, view.width) != slice(0, 0)
    ]


def _clipped(part: slice, limit: int) -> slice:
    start, stop = max(0, part.start), min(limit, part.stop)
    return slice(start, stop) if start < stop else slice(0, 0)


def _span(low: float, high: float, limit: int) -> tuple[int, int] | None:
    """Raster pixels ``start, stop`` nearest to an interval: at least one when any is inside."""
    if high <= 0 or low >= limit:
        return None
    start = min(max(0, round(low)), limit - 1)
    stop = max(min(limit, round(high)), 1)
    return (start, stop) if start < stop else (stop - 1, stop)


def _source(low: float, high: float, limit: int) -> tuple[int, int]:
    start = min(max(0, math.floor(low + 1e-6)), limit - 1)
    return start, min(max(start + 1, math.ceil(high - 1e-6)), limit)
