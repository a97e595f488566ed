"""Which part of the photo the canvas shows: the only place that converts between the frames.

Frames: *image pixels* (edge frame, see :mod:`tui_label.geometry.boxes`), *canvas pixels*
(edge frame, ``(0, 0)`` is the canvas' top-left corner) and *cells* (fractional columns and
rows of the canvas; the middle of the first cell is ``(0.5, 0.5)``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.scene import Loupe

LARGEST_SCALE = 32.0
"""Canvas pixels per image pixel: beyond this one image pixel fills several cells."""

CRISP_FROM = 4.0
"""Canvas pixels an image pixel beyond which these stay squares: whoever looks this close wants
to see them. A terminal that stretches a picture smoothes it, so there the squares are sent."""

_SNAP = 1e-6
"""Zooming in and out again by the same factor must end at the fit, whatever floats say."""


class CellSize(NamedTuple):
    """Canvas pixels of one terminal cell; fractional where a terminal pads its window."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Viewport:
    """A photo seen through a canvas; make one with :meth:`fitted`, then derive others from it.

    Args:
        photo: size of the photo, image pixels.
        cells: columns and rows of the canvas.
        cell: canvas pixels per cell.
        scale: canvas pixels per image pixel.
        left: image x at the canvas' left edge; negative where the photo is narrower than the
            canvas, which then shows it in the middle.
        top: image y at the canvas' top edge, likewise.
    """

    photo: Size
    cells: Size
    cell: CellSize
    scale: float
    left: float
    top: float

    @classmethod
    def fitted(cls, photo: Size, cells: Size, cell: CellSize) -> Viewport:
        """The whole photo, as large as fits; small photos are enlarged, up to 32 times.

        Raises:
            ValueError: a photo, canvas or cell without area.
        """
        if min(*photo, *cells, *cell) <= 0:
            raise ValueError(f"nothing to see: photo {photo}, canvas {cells} of {cell}")
        return _placed(photo, cells, cell, scale=0.0, left=0.0, top=0.0)

    def filling(self) -> Viewport:
        """No part of the canvas empty, as much of the photo as then fits; same centre."""
        width, height = self.photo
        across = self.cells.width * self.cell.width / width
        down = self.cells.height * self.cell.height / height
        return self.scaled(max(across, down))

    def natural(self) -> Viewport:
        """One canvas pixel an image pixel; same centre. Never smaller than the fit."""
        return self.scaled(1.0)

    def scaled(self, scale: float) -> Viewport:
        """With so many canvas pixels an image pixel, between the fit and 32; same centre."""
        return self.zoomed(scale / self.scale, *self.middle)

    def framed(self, box: Box, margin: float = 0.25) -> Viewport:
        """A box in the middle, as large as fits with a margin of parts of it on every side."""
        width = max(box.x2 - box.x1, 1.0) * (1 + 2 * margin)
        height = max(box.y2 - box.y1, 1.0) * (1 + 2 * margin)
        scale = min(
            self.cells.width * self.cell.width / width,
            self.cells.height * self.cell.height / height,
        )
        return self.scaled(scale).centred((box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2)

    def magnified(self, loupe: Loupe) -> Viewport:
        """What a loupe over this canvas shows, on a canvas of the loupe's cells."""
        cells = Size(loupe.cells.width, loupe.cells.height)
        inset = Viewport.fitted(self.photo, cells, self.cell)
        return inset.scaled(self.scale * loupe.factor).centred(loupe.x, loupe.y)

    @property
    def middle(self) -> tuple[float, float]:
        """What is in the middle of the canvas, image pixels."""
        window = self.window
        return (window.x1 + window.x2) / 2, (window.y1 + window.y2) / 2

    @property
    def canvas(self) -> Size:
        """Whole canvas pixels: the size of a raster that is shown one to one."""
        return Size(
            max(1, round(self.cells.width * self.cell.width)),
            max(1, round(self.cells.height * self.cell.height)),
        )

    @property
    def window(self) -> Box:
        """What the canvas spans, image pixels; reaches outside the photo where that is smaller."""
        width, height = _extent(self.cells, self.cell, self.scale)
        return Box(self.left, self.top, self.left + width, self.top + height)

    @property
    def visible(self) -> Box:
        """The part of the photo that is on the canvas, image pixels."""
        return self.window.clipped(self.photo)

    @property
    def zoom(self) -> float:
        """Scale relative to the fit, at least 1."""
        return self.scale / _fit_scale(self.photo, self.cells, self.cell)

    @property
    def is_fit(self) -> bool:
        """Whether the whole photo is seen as large as fits."""
        return self.scale <= _fit_scale(self.photo, self.cells, self.cell)

    def zoomed(self, factor: float, x: float, y: float) -> Viewport:
        """Scaled by ``factor``; the image point stays where it is unless an edge forbids it.

        The scale stays between the fit and 32 canvas pixels per image pixel.
        """
        scale = _clamped_scale(self.photo, self.cells, self.cell, self.scale * factor)
        return _placed(
            self.photo,
            self.cells,
            self.cell,
            scale=scale,
            left=x - (x - self.left) * self.scale / scale,
            top=y - (y - self.top) * self.scale / scale,
        )

    def panned(self, dx: float, dy: float) -> Viewport:
        """The window moved over the photo by canvas pixels; its edges never leave the photo."""
        return self._at(self.left + dx / self.scale, self.top + dy / self.scale)

    def centred(self, x: float, y: float) -> Viewport:
        """The image point in the middle of the canvas, as far as the photo's edges allow."""
        width, height = _extent(self.cells, self.cell, self.scale)
        return self._at(x - width / 2, y - height / 2)

    def including(self, x: float, y: float, margin: float = 0.0) -> Viewport:
        """Panned as little as makes the image point visible.

        Args:
            x: image pixels.
            y: image pixels.
            margin: canvas pixels to keep between the point and the canvas' edges, where the
                photo goes on beyond them.
        """
        width, height = _extent(self.cells, self.cell, self.scale)
        margin_x = min(margin / self.scale, width / 2)
        margin_y = min(margin / self.scale, height / 2)
        return self._at(
            min(max(self.left, x + margin_x - width), x - margin_x),
            min(max(self.top, y + margin_y - height), y - margin_y),
        )

    def resized(self, cells: Size, cell: CellSize) -> Viewport:
        """Another canvas over the same photo: same centre, same zoom; a fit stays a fit."""
        fitted = Viewport.fitted(self.photo, cells, cell)
        if self.is_fit:
            return fitted
        scale = _clamped_scale(self.photo, cells, cell, fitted.scale * self.zoom)
        return replace(fitted, scale=scale).centred(*self.middle)

    def to_image(self, column: float, row: float) -> tuple[float, float]:
        """Fractional cells of the canvas to image pixels."""
        return (
            self.left + column * self.cell.width / self.scale,
            self.top + row * self.cell.height / self.scale,
        )

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Image pixels to canvas pixels."""
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def pixel(self, x: float, y: float) -> tuple[int, int]:
        """The canvas pixel, column and row, that holds an image point; may lie outside.

        A point on the photo's far edge belongs to its last pixel.
        """
        width, height = self.canvas
        canvas_x, canvas_y = self.to_canvas(x, y)
        column = width - 1 if canvas_x == width else int(canvas_x // 1)
        row = height - 1 if canvas_y == height else int(canvas_y // 1)
        return column, row

    def to_cells(self, x: float, y: float) -> tuple[float, float]:
        """Image pixels to fractional cells of the canvas."""
        canvas_x, canvas_y = self.to_canvas(x, y)
        return canvas_x / self.cell.width, canvas_y / self.cell.height

    def _at(self, left: float, top: float) -> Viewport:
        return _placed(self.photo, self.cells, self.cell, scale=self.scale, left=left, top=top)


def _extent(cells: Size, cell: CellSize, scale: float) -> tuple[float, float]:
    return cells.width * cell.width / scale, cells.height * cell.height / scale


def _fit_scale(photo: Size, cells: Size, cell: CellSize) -> float:
    return min(
        cells.width * cell.width / photo.width,
        cells.height * cell.height / photo.height,
        LARGEST_SCALE,
    )


def _clamped_scale(photo: Size, cells: Size, cell: CellSize, scale: float) -> float:
    fit = _fit_scale(photo, cells, cell)
    if scale <= fit * (1 + _SNAP):
        return fit
    return min(scale, LARGEST_SCALE)


def _placed(
    photo: Size, cells: Size, cell: CellSize, *, scale: float, left: float, top: float
) -> Viewport:
    scale = _clamped_scale(photo, cells, cell, scale)
    width, height = _extent(cells, cell, scale)
    return Viewport(
        photo,
        cells,
        cell,
        scale,
        _within(left, photo.width - width),
        _within(top, photo.height - height),
    )


def _within(start: float, room: float) -> float:
    """Where an axis begins: in the middle when there is no room to pan, else inside it."""
    if room <= 0:
        return room / 2
    return min(max(start, 0.0), room)
