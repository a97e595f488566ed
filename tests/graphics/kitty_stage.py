"""A kitty painter, the model of a terminal that it writes to, and what should be seen there."""

from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
from hypothesis import strategies as st

from tests.graphics.scenes import disc, photo
from tests.graphics.terminal_model import TerminalModel
from tui_label.geometry.boxes import Box, Size
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.cellrects import CellRect, cell_mask, uncovered
from tui_label.graphics.kitty_painter import KittyPainter
from tui_label.graphics.kitty_planes import Image, new_plane
from tui_label.graphics.painter import View
from tui_label.graphics.palette import overlay_palette
from tui_label.graphics.raster import draw_overlay, photo_pixels
from tui_label.graphics.scene import Emphasis, Look, Mark, MaskStyle, Picture, Scene, Shape, Tone
from tui_label.graphics.sprites import crosshair, cursor_side, marker, marker_side
from tui_label.graphics.viewport import CellSize, Viewport

SIZE = Size(400, 300)
CELL = CellSize(8, 16)
CANVAS = Size(40, 12)
ORIGIN = (3, 2)
FIT = Viewport.fitted(SIZE, CANVAS, CELL)
LARGE = Viewport.fitted(SIZE, Size(160, 50), CELL)

KITTY = Capabilities(brand="kitty", version="0.41.1", kitty=True, kitty_edits=True, sync=True)
OLD = Capabilities(brand="konsole", kitty=True)
TMUX = Capabilities(
    brand="tmux",
    outer_brand="kitty",
    kitty=True,
    kitty_edits=True,
    kitty_relative=True,
    multiplexer="tmux",
    passthrough=True,
)


@cache
def picture(seed: int = 0, width: int = 400, height: int = 300) -> Picture:
    return Picture.of(photo(width, height, seed))


def scene(shown: Picture | None = None, key: str = "a", **parts) -> Scene:
    return Scene(shown or picture(), key, **parts)


@dataclass
class Stage:
    """A painter with its terminal; ``covered`` cells hold text that is not the painter's."""

    capabilities: Capabilities = KITTY
    canvas: Size = CANVAS
    painter: KittyPainter = field(init=False)
    terminal: TerminalModel = field(init=False)
    _origin: tuple[int, int] = ORIGIN

    def __post_init__(self) -> None:
        tmux = self.capabilities.multiplexer == "tmux"
        pane = (2, 1) if tmux else (0, 0)
        # Ids as large as they get: they are part of the bytes that are counted.
        self.painter = KittyPainter(self.capabilities, process=4194303)
        self.terminal = TerminalModel(
            self.canvas.width + 6 + pane[0],
            self.canvas.height + 4 + pane[1],
            tmux=tmux,
            pane=pane,
            edits=self.capabilities.kitty_edits,
        )
        self.write(CellRect(0, 0, self.canvas.width + 6, self.canvas.height + 4), (0, 0))

    def write(self, rect: CellRect, origin: tuple[int, int] = ORIGIN) -> None:
        """Text, as a dialog that opens writes it."""
        for row in range(rect.y, rect.bottom):
            at = f"\x1b[{origin[1] + row + 1};{origin[0] + rect.x + 1}H"
            self.terminal.feed((at + "#" * rect.width).encode())

    def paint(self, view: View, budget: int | None = None) -> bytes:
        if self._origin != view.origin:
            # What is no longer the canvas' is written by whoever stands there now.
            self.write(CellRect(0, 0, *self.canvas), self._origin)
            self._origin = view.origin
        for rect in view.covered:
            self.write(rect.within(view.viewport.cells), view.origin)
        return self.fed(self.painter.paint(view, budget).data)

    def refine(self, budget: int) -> bytes:
        return self.fed(self.painter.refine(budget))

    def finish(self, budget: int = 4000) -> int:
        """Refine until nothing is left; bytes."""
        total = 0
        while not self.painter.is_whole:
            piece = self.refine(budget)
            assert piece
            total += len(piece)
        assert self.painter.refine(budget) == b""
        return total

    def fed(self, data: bytes) -> bytes:
        cursor = self.terminal.cursor
        self.terminal.feed(data)
        assert not self.terminal.synchronising
        assert self.terminal.cursor == cursor
        return data

    def seen(self, origin: tuple[int, int] = ORIGIN) -> np.ndarray:
        x = (self.terminal.pane[0] + origin[0]) * 8
        y = (self.terminal.pane[1] + origin[1]) * 16
        return self.terminal.screen()[
            y : y + self.canvas.height * 16, x : x + self.canvas.width * 8
        ]

    def wrong(self, view: View) -> int:
        """The largest difference from what should be seen; text must be where it belongs."""
        self._check_text(view)
        hidden = cell_mask(view.covered, self.canvas).repeat(16, 0).repeat(8, 1)
        seen = self.seen(view.origin).astype(int)
        assert not seen[hidden].any(), "a picture lies over a dialog"
        wanted = expected(view).astype(int)
        wanted[hidden] = 0
        _without_cut_sprites(seen, wanted, view)
        outside = self.terminal.screen().copy()
        x, y = ((self.terminal.pane[axis] + view.origin[axis]) * (8, 16)[axis] for axis in (0, 1))
        outside[y : y + self.canvas.height * 16, x : x + self.canvas.width * 8] = 0
        assert not outside.any()
        return int(np.abs(seen - wanted).max(initial=0))

    def _check_text(self, view: View) -> None:
        anchors = 0
        for rect in uncovered(self.canvas, view.covered):
            for row in range(rect.y, rect.bottom):
                for column in range(rect.x, rect.right):
                    written = self.terminal.text.get(
                        (view.origin[0] + column, view.origin[1] + row)
                    )
                    anchors += written is not None
                    assert written is None or written[0] == "\U0010eeee"
        assert anchors == (self.terminal.tmux and bool(uncovered(self.canvas, view.covered)))


def over(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    alpha = above[..., 3:].astype(np.uint16)
    return ((above[..., :3] * alpha + below * (255 - alpha) + 127) // 255).astype(np.uint8)


def expected(view: View) -> np.ndarray:
    """Put together here without any protocol: photo, masks, marks, cursor."""
    shown, viewport = view.scene, view.viewport
    raster = new_plane(Image.FIT, shown, viewport).raster
    pixels = photo_pixels(shown.photo, viewport, *raster, shown.tone)
    if raster != viewport.canvas:
        pixels = cv2.resize(pixels, viewport.canvas, interpolation=cv2.INTER_LINEAR)
    palette = overlay_palette(opacity=shown.look.opacity)
    pixels = over(pixels, palette[draw_overlay(None, shown, viewport, *viewport.canvas).indices])
    return stamped(pixels, shown, viewport)


def stamped(pixels: np.ndarray, shown: Scene, viewport: Viewport) -> np.ndarray:
    width, height = viewport.canvas
    pad = 64
    padded = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)))
    for x, y, sprite in sprites(shown, viewport):
        column, row = viewport.pixel(x, y)
        half = sprite.shape[0] // 2
        if not (-half <= column < width + half + 1 and -half <= row < height + half + 1):
            continue
        left, top = column - half + pad, row - half + pad
        target = padded[top : top + sprite.shape[0], left : left + sprite.shape[1]]
        target[:] = over(target, sprite)
    return padded[pad:-pad, pad:-pad]


def sprites(shown: Scene, viewport: Viewport) -> list[tuple[float, float, np.ndarray]]:
    """One picture lies over another of the same height by id, then by number."""
    side = marker_side(viewport.cell)
    ordered = sorted(shown.marks, key=lambda mark: not mark.positive)
    stamps = [(mark.x, mark.y, marker(side, mark.positive)) for mark in ordered]
    if shown.cursor is not None:
        stamps.append((*shown.cursor, crosshair(cursor_side(viewport.cell))))
    return stamps


def _without_cut_sprites(seen: np.ndarray, wanted: np.ndarray, view: View) -> None:
    """Sprites that touch a hole are not there at all: what is around them is not compared."""
    if not view.covered:
        return
    for x, y, sprite in sprites(view.scene, view.viewport):
        column, row = view.viewport.pixel(x, y)
        half = sprite.shape[0] // 2
        rows = slice(max(0, row - half), max(0, row + half + 1))
        columns = slice(max(0, column - half), max(0, column + half + 1))
        seen[rows, columns] = wanted[rows, columns] = 0


points = st.tuples(st.floats(0, 400), st.floats(0, 300))
shapes = st.builds(
    lambda x, y, radius, colour, emphasis: Shape(
        disc(x, y, radius, SIZE), Box(x, y, x + radius, y + radius), colour, emphasis
    ),
    st.integers(0, 399),
    st.integers(0, 299),
    st.integers(1, 60),
    st.integers(0, 20),
    st.sampled_from(Emphasis),
)
scenes = st.builds(
    lambda seed, shapes, marks, rubber, cursor, tone, look: scene(
        picture(seed),
        str(seed),
        shapes=tuple(shapes),
        marks=tuple(Mark(*at, positive=positive) for at, positive in marks),
        rubber=Box.from_corners(*rubber[0], *rubber[1]) if rubber else None,
        cursor=cursor,
        tone=tone,
        look=look,
    ),
    st.integers(0, 1),
    st.lists(shapes, max_size=3),
    st.lists(st.tuples(points, st.booleans()), max_size=3),
    st.none() | st.tuples(points, points),
    st.none() | points,
    st.sampled_from([Tone(), Tone(), Tone(brightness=0.2)]),
    st.sampled_from([Look(), Look(), Look(opacity=0.7), Look(MaskStyle.OUTLINE)]),
)
viewports = st.sampled_from(
    [FIT, FIT, FIT.zoomed(3, 100, 100), FIT.zoomed(4.5, 100, 100), FIT.zoomed(20, 300, 200)]
)
holes = st.lists(
    st.builds(
        CellRect, st.integers(-2, 39), st.integers(-2, 11), st.integers(1, 42), st.integers(1, 14)
    ),
    max_size=3,
).map(tuple)
origins = st.sampled_from([ORIGIN, ORIGIN, (1, 1)])
views = st.builds(View, scenes, viewports, origins, st.booleans(), st.just(()) | holes)
