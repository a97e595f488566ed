"""What a terminal shows: its text, and over or under it pictures of three protocols.

Text ends in a pyte screen, pictures in the models of ``tests/graphics``, which know where the
text cursor is from pyte alone and complain about whatever a real terminal would.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyte

from tests.graphics.cells_model import looks
from tests.graphics.iterm2_model import Iterm2Model
from tests.graphics.sixel_model import SixelModel
from tests.graphics.terminal_model import TerminalModel
from tests.pty.brands import Brand
from tui_label.graphics.cellgrid import CellGrid

_TOKEN = re.compile(
    rb"(?P<kitty>\x1b_G.*?\x1b\\)"
    rb"|(?P<sixel>\x1bP[\d;]*q.*?\x1b\\)"
    rb"|(?P<inline>\x1b\]1337;File=.*?\x07)"
    rb"|(?P<sync>\x1b\[\?2026[hl])"
    rb"|(?P<erase>\x1b\[2J)"
    rb"|(?P<unheard>\x1b[_P].*?\x1b\\|\x1b\].*?(?:\x07|\x1b\\)"
    # pyte prints the rest of control sequences with parameters that it does not know.
    rb"|\x1b\[(?:[<=>][0-?]*[ -/]*|[0-?]*[ -/]+|[0-?]*(?=[tnqSc]))[@-~])"
    rb"|(?P<text>\x1b\[[0-?]*[@-~]|\x1b[^_P\]\[]|[^\x1b]+)",
    re.DOTALL,
)
_QUERY = re.compile(rb"\x1b_G[^\x1b;]*a=q")
_HALVES = {"▀": ("fg", "bg"), "▄": ("bg", "fg"), " ": ("bg", "bg"), "█": ("fg", "fg")}
_FITS = 6, 2
"""The finest grid that all block glyphs fit into, rows and columns."""


class Screen:
    """The screen of one terminal.

    State: text, pictures, the beginning of a sequence that has not ended. Pictures keep the
    largest size that the screen ever had: what was on its way while the window shrank would be
    cut off by a real terminal, and is nobody's fault.
    """

    def __init__(self, columns: int, rows: int, cell: tuple[int, int], brand: Brand) -> None:
        self.columns, self.rows, self.cell, self._brand = columns, rows, cell, brand
        self.kitty = TerminalModel(columns, rows, *cell, edits=brand.edits)
        self._sixel = self._make_sixel(columns, rows)
        self._inline = Iterm2Model(columns, rows, cell)
        self._drawn = np.zeros((rows, columns), dtype=bool)
        self._inlined = np.zeros((rows, columns), dtype=bool)
        self._text = _Text(columns, rows, self._wrote)
        self._stream = pyte.ByteStream(self._text)
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take what a program wrote, in pieces of any size."""
        data = self._rest + data
        at = 0
        text: list[bytes] = []
        while at < len(data) and (token := _TOKEN.match(data, at)) is not None:
            at = token.end()
            if token["text"] is not None:
                text.append(token[0])
            elif token["unheard"] is None:
                self._stream.feed(b"".join(text))
                text.clear()
                self._take(token)
        self._stream.feed(b"".join(text))
        self._rest = data[at:]

    def resize(self, columns: int, rows: int) -> None:
        """The window has another size."""
        self.columns, self.rows = columns, rows
        self._text.resize(rows, columns)
        wide, high = max(columns, self._drawn.shape[1]), max(rows, self._drawn.shape[0])
        self.kitty.columns, self.kitty.rows = wide, high
        sixel, inline = self._sixel.screen, self._inline.pixels
        self._sixel = self._make_sixel(wide, high)
        self._sixel.screen[: sixel.shape[0], : sixel.shape[1]] = sixel
        self._inline = Iterm2Model(wide, high, self.cell)
        self._inline.pixels[: inline.shape[0], : inline.shape[1]] = inline
        for name in ("_drawn", "_inlined"):
            before = getattr(self, name)
            now = np.zeros((high, wide), dtype=bool)
            now[: before.shape[0], : before.shape[1]] = before
            setattr(self, name, now)

    @property
    def lines(self) -> list[str]:
        """The characters of every row, untrimmed."""
        return list(self._text.display)

    def pixels(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: all of the screen; text is there as stripes of its colours."""
        grid = self._grid()
        _, blocks = looks(grid)
        rows = np.arange(self.cell[1]) * _FITS[0] // self.cell[1]
        columns = np.arange(self.cell[0]) * _FITS[1] // self.cell[0]
        cells = blocks[:, :, rows][:, :, :, columns]
        height, width = self.rows * self.cell[1], self.columns * self.cell[0]
        pixels = cells.transpose(0, 2, 1, 3, 4).reshape(height, width, 3).copy()
        drawn = self._spread(self._drawn)
        sixel = self._sixel.screen[:height, :width]
        drawn &= sixel[..., 0] >= 0
        pixels[drawn] = np.rint(sixel[drawn] * 2.55)
        inlined = self._spread(self._inlined)
        pixels[inlined] = self._inline.pixels[:height, :width][inlined]
        if self.kitty.placed:
            # Its pictures lie below text and below every background that is not the default.
            under = self._spread(self._is_blank())
            pixels[under] = self.kitty.screen()[:height, :width][under]
        return pixels

    def half_blocks(self) -> tuple[np.ndarray, np.ndarray]:
        """``uint8[2 * rows, columns, 3]``, RGB, and ``bool[2 * rows, columns]``: what half
        blocks show, and which pixels are half blocks at all."""
        pixels = np.zeros((2 * self.rows, self.columns, 3), dtype=np.uint8)
        known = np.zeros(pixels.shape[:2], dtype=bool)
        for row in range(self.rows):
            line = self._text.buffer[row]
            for column in range(self.columns):
                cell = line[column]
                for half, name in enumerate(_HALVES.get(cell.data, ())):
                    pixels[2 * row + half, column] = _rgb(getattr(cell, name))
                    known[2 * row + half, column] = True
        return pixels, known

    # Inside

    def _take(self, token: re.Match[bytes]) -> None:
        cursor = self._text.cursor
        if token["erase"]:
            self._stream.feed(token[0])
            self.kitty.feed(token[0])
        elif token["sync"]:
            self.kitty.feed(token[0])
        elif token["kitty"] and not _QUERY.match(token[0]):
            self.kitty.cursor = cursor.x, cursor.y
            self.kitty.feed(token[0])
        elif token["sixel"]:
            self._sixel.cursor = cursor.x, cursor.y
            self._sixel.feed(token[0])
            self._drawn |= self._sixel.touched
            self._cover(self._sixel.touched)
        elif token["inline"]:
            place = f"\x1b7\x1b[{cursor.y + 1};{cursor.x + 1}H".encode()
            for picture in self._inline.feed(place + token[0] + b"\x1b8"):
                x, y, width, height = picture.cells
                covered = np.zeros_like(self._inlined)
                covered[y : y + height, x : x + width] = True
                self._inlined |= covered
                self._cover(covered)

    def _make_sixel(self, columns: int, rows: int) -> SixelModel:
        brand = self._brand
        return SixelModel(
            columns,
            rows,
            self.cell,
            registers=brand.registers or 256,
            largest=brand.largest or (2_000, 2_000),
            blends=brand.blends,
        )

    def _cover(self, cells: np.ndarray) -> None:
        """What stood there cannot be read any more."""
        for row, column in np.argwhere(cells[: self.rows, : self.columns]):
            self._text.buffer[row].pop(column, None)

    def _wrote(self, row: int, start: int, stop: int) -> None:
        """Text takes the pixels of its cells."""
        if row < self._drawn.shape[0]:
            self._drawn[row, start:stop] = self._inlined[row, start:stop] = False
            self._sixel.canvas(start, row, stop - start, 1)[:] = -1

    def _grid(self) -> CellGrid:
        cells = [[self._text.buffer[y][x] for x in range(self.columns)] for y in range(self.rows)]
        return CellGrid(
            np.array([[ord(cell.data[:1] or " ") for cell in row] for row in cells], np.uint32),
            np.array([[_rgb(cell.fg) for cell in row] for row in cells], np.uint8),
            np.array([[_rgb(cell.bg) for cell in row] for row in cells], np.uint8),
        )

    def _is_blank(self) -> np.ndarray:
        """``bool[rows, columns]``: cells without text and without a background."""
        cells = (self._text.buffer[y][x] for y in range(self.rows) for x in range(self.columns))
        blank = [cell.data == " " and cell.bg == "default" for cell in cells]
        return np.array(blank).reshape(self.rows, self.columns)

    def _spread(self, cells: np.ndarray) -> np.ndarray:
        """Cells as pixels of the screen."""
        cut = cells[: self.rows, : self.columns]
        return cut.repeat(self.cell[1], axis=0).repeat(self.cell[0], axis=1)


class _Text(pyte.Screen):
    """pyte, telling which cells are written or erased."""

    def __init__(self, columns: int, rows: int, wrote: Callable[[int, int, int], None]) -> None:
        self._tell = wrote
        super().__init__(columns, rows)

    def draw(self, data: str) -> None:
        x, y = self.cursor.x, self.cursor.y
        super().draw(data)
        if self.cursor.y != y:
            for row in range(y, self.cursor.y + 1):
                self._tell(row, 0, self.columns)
        else:
            self._tell(y, min(x, self.columns - 1), max(x + 1, self.cursor.x))

    def erase_characters(self, count: int | None = None) -> None:
        super().erase_characters(count)
        self._tell(self.cursor.y, self.cursor.x, self.cursor.x + (count or 1))

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        super().erase_in_line(how, private=private)
        self._tell(self.cursor.y, 0 if how else self.cursor.x, self.columns)

    def erase_in_display(self, how: int = 0, *args: object, **kwargs: object) -> None:
        super().erase_in_display(how, *args, **kwargs)
        for row in range(0 if how else self.cursor.y, self.lines):
            self._tell(row, 0, self.columns)


def _rgb(name: str) -> tuple[int, int, int]:
    """pyte's six hex digits; its colour names (``default``, ``red``) are none of a photo's."""
    if not re.fullmatch(r"[0-9a-f]{6}", name):
        return 0, 0, 0
    return int(name[:2], 16), int(name[2:4], 16), int(name[4:], 16)
