"""A terminal that shows inline images (OSC 1337), as pixels."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass

import numpy as np
from PIL import Image

_TOKEN = re.compile(
    rb"\x1b\]1337;File=(?P<keys>[^:]*):(?P<payload>[A-Za-z0-9+/=]*)\x07"
    rb"|\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    rb"|\x1b(?P<cursor>[78])"
    rb"|\x1b\[(?P<ground>[\d;]*)m"
    rb"|\x1b\[(?P<forward>\d*)C"
    rb"|(?P<blank> )"
)


@dataclass(frozen=True)
class Received:
    """A picture: its cells (column, row, width, height) on the screen, and its file's kind."""

    cells: tuple[int, int, int, int]
    kind: str
    bytes: int


class Iterm2Model:
    """State: the screen's pixels, the text cursor, and every picture that came.

    Cells may be fractional: a cell has the pixels from its rounded left to its rounded right
    edge, and pictures are stretched over their cells.
    """

    def __init__(self, columns: int, rows: int, cell: tuple[float, float]) -> None:
        self._cell = cell
        self.size = columns, rows
        self.pixels = np.zeros((round(rows * cell[1]), round(columns * cell[0]), 3), np.uint8)
        self.received: list[Received] = []
        self._at = (0, 0)
        self._saved: tuple[int, int] | None = None

    def feed(self, data: bytes) -> list[Received]:
        """Show what was written; the pictures in it.

        Raises:
            AssertionError: something else than pictures in their place, or a text cursor and
                colours that are not put back.
        """
        before, at = len(self.received), 0
        ground = b"0"
        while at < len(data):
            token = _TOKEN.match(data, at)
            assert token is not None, data[at : at + 40]
            at = token.end()
            if token["cursor"] == b"7":
                assert self._saved is None
                self._saved = self._at
            elif token["cursor"] == b"8":
                assert self._saved is not None
                self._at, self._saved = self._saved, None
            elif token["row"]:
                assert self._saved is not None, "the text cursor was not kept"
                self._at = int(token["column"]) - 1, int(token["row"]) - 1
            elif token["ground"] is not None:
                ground = token["ground"]
            elif token["forward"] is not None:
                self._at = self._at[0] + int(token["forward"] or 1), self._at[1]
            elif token["blank"]:
                self._at = self._at[0] + 1, self._at[1]
            else:
                self._show(token["keys"].decode(), token["payload"])
        assert self._saved is None and ground in {b"0", b""}
        return self.received[before:]

    def box(self, x: int, y: int, width: int, height: int) -> tuple[slice, slice]:
        """Pixels of some cells."""
        across, down = self._cell
        return (
            slice(round(y * down), round((y + height) * down)),
            slice(round(x * across), round((x + width) * across)),
        )

    def _show(self, keys: str, payload: bytes) -> None:
        said = dict(part.split("=", 1) for part in keys.split(";"))
        file = base64.b64decode(payload, validate=True)
        assert said["inline"] == "1" and int(said["size"]) == len(file)
        assert said["preserveAspectRatio"] == "0" and said["doNotMoveCursor"] == "1"
        width, height = int(said["width"]), int(said["height"])
        x, y = self._at
        assert x + width <= self.size[0] and y + height <= self.size[1], "it would scroll"
        picture = Image.open(io.BytesIO(file))
        inside = self.box(x, y, width, height)
        shape = self.pixels[inside].shape
        stretched = picture.convert("RGB").resize((shape[1], shape[0]), Image.Resampling.BILINEAR)
        self.pixels[inside] = np.asarray(stretched)
        self.received.append(Received((x, y, width, height), picture.format or "", len(file)))
