"""A terminal that knows sixel graphics, as far as our painter leans on it.

The screen is ``int16[rows * cell height, columns * cell width, 3]``, 0 to 100 a channel, as a
sixel says it; -1 where no picture is. Pictures have registers of their own, transparent pixels
keep what is there unless the terminal does not blend, and text takes the pixels of its cell.
A picture that touches the last row scrolls the screen in xterm 379 and foot 1.13, so it is
wrong here, as is all else that some terminal gets wrong.
"""

import re

import numpy as np

_TOKENS = re.compile(
    rb"\x1bP(?P<parameters>[\d;]*)q(?P<sixels>[^\x1b]*)\x1b\\"
    rb"|\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    rb"|\x1b(?P<saved>[78])"
    rb"|\x1b\[\?2026(?P<sync>[hl])"
    rb"|(?P<text>[ -~]+)"
)
_SIXELS = re.compile(
    rb'"(?P<raster>[\d;]+)'
    rb"|#(?P<defined>\d+;2;\d+;\d+;\d+)"
    rb"|#(?P<selected>\d+)"
    rb"|(?P<line>(?:(?:!\d+)?[?-~])+)"
    rb"|(?P<move>[$-])"
)
_REPEATS = re.compile(rb"!(\d+)([?-~])")


class SixelModel:
    """The fake. State: its screen, text cursor, and how many pictures it was sent."""

    def __init__(
        self,
        columns: int,
        rows: int,
        cell: tuple[int, int],
        *,
        registers: int = 256,
        largest: tuple[int, int] = (1000, 1000),
        blends: bool = True,
    ) -> None:
        self.cell = cell
        self.registers = registers
        self.largest = largest
        self.blends = blends
        self.screen = np.full((rows * cell[1], columns * cell[0], 3), -1, dtype=np.int16)
        self.cursor = self._saved = (0, 0)
        self.pictures = 0
        self.drawn = np.zeros(self.screen.shape[:2], dtype=bool)
        """What the sixels of the last :meth:`feed` have drawn."""
        self.touched = np.zeros((rows, columns), dtype=bool)
        """The cells that any picture of the last :meth:`feed` has drawn in."""

    def feed(self, data: bytes) -> None:
        self.drawn[:] = False
        end = 0
        for token in _TOKENS.finditer(data):
            assert token.start() == end, f"not understood: {data[end : end + 40]!r}"
            end = token.end()
            if token["sixels"] is not None:
                self._draw(token["parameters"], token["sixels"])
            elif token["row"]:
                self.cursor = int(token["column"]) - 1, int(token["row"]) - 1
            elif token["saved"] == b"7":
                self._saved = self.cursor
            elif token["saved"]:
                self.cursor = self._saved
            elif token["text"]:
                self._write(len(token["text"]))
        assert end == len(data), f"not understood: {data[end : end + 40]!r}"
        rows, columns = self.touched.shape
        cells = self.drawn.reshape(rows, self.cell[1], columns, self.cell[0])
        self.touched = cells.any(axis=(1, 3))

    def write(self, column: int, row: int, text: str) -> None:
        """As something else on the screen does it."""
        before = self.cursor
        self.cursor = column, row
        self._write(len(text))
        self.cursor = before

    def canvas(self, x: int, y: int, columns: int, rows: int) -> np.ndarray:
        """The pixels of some cells."""
        width, height = self.cell
        return self.screen[y * height : (y + rows) * height, x * width : (x + columns) * width]

    def _write(self, length: int) -> None:
        column, row = self.cursor
        self.canvas(column, row, length, 1)[:] = -1
        self.cursor = column + length, row

    def _draw(self, parameters: bytes, data: bytes) -> None:
        self.pictures += 1
        assert parameters.split(b";")[1] == b"1", "what is not drawn must stay transparent"
        width, height = self.cell
        left, top = self.cursor[0] * width, self.cursor[1] * height
        palette: dict[int, tuple[int, ...]] = {}
        colour = None
        x = y = 0
        size = (0, 0)
        picture = np.full((0, 0, 3), -1, dtype=np.int16)
        end = 0
        for token in _SIXELS.finditer(data):
            assert token.start() == end, f"not a sixel: {data[end : end + 40]!r}"
            end = token.end()
            if token["raster"]:
                aspect_y, aspect_x, *size = map(int, token["raster"].split(b";"))
                assert (aspect_y, aspect_x) == (1, 1)
                assert 0 < size[0] <= self.largest[0] and 0 < size[1] <= self.largest[1]
                picture = np.full((size[1] + 6, size[0], 3), -1, dtype=np.int16)
            elif token["defined"]:
                number, _, *percents = map(int, token["defined"].split(b";"))
                assert number < self.registers and max(percents) <= 100
                palette[number] = tuple(percents)
                colour = None  # it must be selected: some terminals do not do that by themselves
            elif token["selected"]:
                colour = palette[int(token["selected"])]
            elif token["move"] == b"$":
                x = 0
            elif token["move"]:
                x, y = 0, y + 6
            else:
                columns = _columns(token["line"])
                bits = columns >> np.arange(6)[:, None] & 1 == 1
                assert x + len(columns) <= size[0], "beyond the size that was declared"
                assert colour is not None, "drawn without a colour selected"
                picture[y : y + 6, x : x + len(columns)][bits] = colour
                x += len(columns)
        assert end == len(data), f"not a sixel: {data[end : end + 40]!r}"
        assert not data.endswith(b"-")
        assert (picture[size[1] :] == -1).all(), "below the size that was declared"
        assert top + size[1] <= self.screen.shape[0] - height, "in the last row it would scroll"
        assert left + size[0] <= self.screen.shape[1]
        self._blend(picture[: size[1]], left, top)

    def _blend(self, picture: np.ndarray, left: int, top: int) -> None:
        """Where a terminal keeps one picture a cell, the newest takes the whole cell."""
        width, height = self.cell
        rows, columns = picture.shape[:2]
        if not self.blends:
            right, bottom = left - (-columns // width) * width, top - (-rows // height) * height
            self.screen[top:bottom, left:right] = -1
        drawn = picture[..., 0] >= 0
        place = slice(top, top + rows), slice(left, left + columns)
        self.screen[place][drawn] = picture[drawn]
        self.drawn[place] |= drawn


def _columns(line: bytes) -> np.ndarray:
    """Six bits a column."""
    spelt_out = _REPEATS.sub(lambda repeat: repeat[2] * int(repeat[1]), line)
    return np.frombuffer(spelt_out, dtype=np.uint8) - np.uint8(63)
