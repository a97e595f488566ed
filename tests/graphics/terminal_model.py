"""A terminal that understands kitty graphics, small enough to be read in one sitting.

It takes the bytes that a program writes, in pieces of any size, and tells which pixels the
pictures put on the screen. Of text it knows which cells hold any; it follows the text cursor
as far as programs move it by name. What a real terminal would answer with an error, or what
the protocol forbids, raises :class:`ProtocolError`.

With ``tmux`` a multiplexer stands between: the program's screen is one of its panes, graphics
must be wrapped, and only pictures that hang on a cell of text are where the program means.

Protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol/
"""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass, field

import cv2
import numpy as np

_GRAPHICS = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
_CUP = re.compile(rb"\x1b\[(\d+);(\d+)H")
_MODE = re.compile(rb"\x1b\[\?(\d+)([hl])")
_ERASE = re.compile(rb"\x1b\[(\d+)X")
_DOWN = re.compile(rb"\x1b\[(\d*)B")
_FOREGROUND = re.compile(rb"\x1b\[0;38;5;(\d+)m")
_WRAPPED = re.compile(rb"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\")
_OTHER_CSI = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")
_INCOMPLETE = re.compile(
    rb"\x1b(_[^\x1b]*\x1b?|P[^\x1b]*(\x1b\x1b[^\x1b]*)*\x1b?|\[[0-?]*[ -/]*)?\Z"
)

_PLACEHOLDER = "\U0010eeee"
_NUMBERS = [
    *(0x305, 0x30D, 0x30E, 0x310, 0x312, 0x33D, 0x33E, 0x33F, 0x346, 0x34A, 0x34B, 0x34C),
    *(0x350, 0x351, 0x352, 0x357, 0x35B, *range(0x363, 0x370), *range(0x483, 0x488)),
]
_INT32_MIN = -(1 << 31)

_TRANSMISSION_KEYS = set("aqiftosvm")
_EDIT_KEYS = _TRANSMISSION_KEYS | set("rxyX")
_PLACEMENT_KEYS = set("aqipzCXYxywhcrUPQHV")
_DELETION_KEYS = set("aqdip")


class ProtocolError(AssertionError):
    """The program wrote something that the protocol does not allow."""


@dataclass
class Placed:
    """One image on the screen; columns and rows are 0-based, and relative to its parent's
    cell where it has one. ``virtual`` ones are seen only as the parents of others."""

    image: int
    z: int
    column: int
    row: int
    dx: int
    dy: int
    source: tuple[int, int, int, int]
    cells: tuple[int, int] | None
    parent: int | None = None
    virtual: bool = False


@dataclass
class TerminalModel:
    """A screen of cells and what graphics commands did to it.

    ``images`` are ``uint8[h, w, 4]`` by id, ``placed`` are keyed by image and placement id,
    ``text`` has the characters of cells that are not blank, by column and row of the pane, and
    ``edits`` tells whether a part of an image can be changed.
    """

    columns: int
    rows: int
    cell_width: int = 8
    cell_height: int = 16
    images: dict[int, np.ndarray] = field(default_factory=dict)
    placed: dict[tuple[int, int], Placed] = field(default_factory=dict)
    cursor: tuple[int, int] = (0, 0)
    synchronising: bool = False
    text: dict[tuple[int, int], str] = field(default_factory=dict)
    tmux: bool = False
    pane: tuple[int, int] = (0, 0)
    edits: bool = True
    colour: int = 0
    colours: dict[tuple[int, int], int] = field(default_factory=dict)
    _end: int = 0
    _outside: bool = False
    _saved: tuple[int, ...] = (0, 0, 0)
    _rest: bytes = b""
    _begun: dict[str, str] | None = None
    _payload: bytes = b""

    def feed(self, written: bytes) -> None:
        """Take what a program wrote; an unfinished sequence waits for the next call."""
        text = self._rest + written
        self._rest = b""
        at = 0
        while at < len(text):
            if text[at] != 0x1B:
                end = text.find(b"\x1b", at)
                end = len(text) if end < 0 else end
                self._print(text[at:end].decode())
                at = end
            elif (match := _INCOMPLETE.match(text, at)) or not self._sequence(text, at):
                if match is None:
                    raise ProtocolError(f"unknown sequence {text[at : at + 20]!r}")
                self._rest = text[at:]
                return
            else:
                at = self._end

    def _sequence(self, text: bytes, at: int) -> bool:
        """Take the sequence at ``at``; ``_end`` is behind it. Whether there is one."""
        if match := _GRAPHICS.match(text, at):
            if self.tmux and not self._outside:
                raise ProtocolError("tmux drops graphics that are not wrapped")
            self._graphics(match[1].decode(), match[2] or b"")
        elif match := _WRAPPED.match(text, at):
            if not self.tmux or len(match[1]) > 1 << 20:
                raise ProtocolError("nobody unwraps this")
            self._outside = True
            inner = match[1].replace(b"\x1b\x1b", b"\x1b")
            inside = 0
            while inside < len(inner):
                if not self._sequence(inner, inside):
                    raise ProtocolError("tmux passes on pieces; this one is torn")
                inside = self._end
            self._outside = False
        elif match := _CUP.match(text, at):
            self.cursor = int(match[2]) - 1, int(match[1]) - 1
        elif match := _ERASE.match(text, at):
            column, row = self.cursor
            if column + int(match[1]) > self.columns - self.pane[0]:
                raise ProtocolError("erases beyond the screen")
            for place in range(column, column + int(match[1])):
                self.text.pop((place, row), None)
        elif match := _DOWN.match(text, at):
            self.cursor = self.cursor[0], self.cursor[1] + int(match[1] or b"1")
        elif match := _FOREGROUND.match(text, at):
            self.colour = int(match[1])
        elif match := _MODE.match(text, at):
            self._mode(int(match[1]), match[2] == b"h")
        elif match := _OTHER_CSI.match(text, at):
            if match[0] in {b"\x1b[2J", b"\x1b[3J"}:
                self.placed.clear()
                self.text.clear()
            elif match[0] not in {b"\x1b[m", b"\x1b[0m"}:
                raise ProtocolError(f"unexpected {match[0]!r}")
        elif text[at + 1 : at + 2] == b"7":
            self._saved = *self.cursor, self.colour
        elif text[at + 1 : at + 2] == b"8":
            *cursor, self.colour = self._saved
            self.cursor = cursor[0], cursor[1]
        else:
            return False
        self._end = match.end() if match else at + 2
        return True

    def _print(self, text: str) -> None:
        for character in text:
            column, row = self.cursor
            if character in map(chr, _NUMBERS):
                self.text[column - 1, row] += character
                continue
            if character == _PLACEHOLDER:
                self.colours[column, row] = self.colour
            self.text[column, row] = character
            self.cursor = column + 1, row

    def anchors(self, image: int) -> list[tuple[int, int]]:
        """The cells that hold the first part of an image, from the first on the screen."""
        cells = []
        for (column, row), written in self.text.items():
            if written[0] == _PLACEHOLDER and len(written) == 4:
                part = [_NUMBERS.index(ord(number)) for number in written[1:]]
                if part[:2] == [0, 0] and part[2] << 24 | self.colours[column, row] == image:
                    cells.append((row, column))
        return [(column, row) for row, column in sorted(cells)]

    def screen(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: all placements over black, lowest z first."""
        size = self.rows * self.cell_height, self.columns * self.cell_width
        shown = np.zeros((*size, 3), dtype=np.uint8)
        for _, placed in sorted(self.placed.items(), key=lambda item: (item[1].z, item[0])):
            if not placed.virtual:
                self._composite(shown, placed)
        return shown

    def place_of(self, placed: Placed) -> tuple[int, int] | None:
        """Column and row of the screen; ``None`` while its parent is not seen."""
        if placed.parent is None:
            return placed.column, placed.row
        if (placed.parent, 1) not in self.placed or not (cells := self.anchors(placed.parent)):
            return None
        return (
            self.pane[0] + cells[0][0] + placed.column,
            self.pane[1] + cells[0][1] + placed.row,
        )

    def _composite(self, shown: np.ndarray, placed: Placed) -> None:
        x, y, width, height = placed.source
        picture = self.images[placed.image][y : y + height, x : x + width]
        if placed.cells is not None:
            size = (
                placed.cells[0] * self.cell_width - placed.dx,
                placed.cells[1] * self.cell_height - placed.dy,
            )
            if size != (width, height):
                picture = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
        place = self.place_of(placed)
        if place is None:
            return
        left = place[0] * self.cell_width + placed.dx
        top = place[1] * self.cell_height + placed.dy
        target = shown[top : top + picture.shape[0], left : left + picture.shape[1]]
        picture = picture[: target.shape[0], : target.shape[1]].astype(np.uint16)
        alpha = picture[..., 3:]
        target[:] = (picture[..., :3] * alpha + target * (255 - alpha) + 127) // 255

    def _mode(self, mode: int, on: bool) -> None:
        if mode == 2026:
            if self.tmux:
                raise ProtocolError("tmux would draw its text later")
            if on == self.synchronising:
                raise ProtocolError("synchronised updates do not nest")
            self.synchronising = on

    def _graphics(self, control: str, payload: bytes) -> None:
        keys = dict(pair.split("=", 1) for pair in control.split(","))
        if keys.get("q") != "2":
            raise ProtocolError(f"would be answered: {control}")
        if len(payload) > 4096:
            raise ProtocolError(f"{len(payload)} bytes in one chunk")
        if self._begun is not None:
            self._continue(keys, payload)
            return
        action = keys.get("a", "t")
        if action in {"t", "T", "f"}:
            _only(keys, _EDIT_KEYS if action == "f" else _TRANSMISSION_KEYS | _PLACEMENT_KEYS)
            self._begun, self._payload = keys, payload
            self._finish_unless(keys)
        elif action == "p":
            _only(keys, _PLACEMENT_KEYS)
            self._place(keys)
        elif action == "d":
            _only(keys, _DELETION_KEYS)
            self._delete(keys)
        else:
            raise ProtocolError(f"unknown action in {control}")

    def _continue(self, keys: dict[str, str], payload: bytes) -> None:
        assert self._begun is not None
        edit = self._begun["a"] == "f"
        allowed = {"m", "q"} | ({"a", "r"} if edit else set())
        if not set(keys) <= allowed or "m" not in keys or (edit and keys.get("a") != "f"):
            raise ProtocolError(f"a later chunk must not say {keys}")
        if len(self._payload) % 4:
            raise ProtocolError("only the last chunk may have a length that is no multiple of 4")
        if edit and keys.get("r") != self._begun.get("r"):
            raise ProtocolError("kitty 0.26 takes the frame from the last chunk")
        self._payload += payload
        self._finish_unless(keys)

    def _finish_unless(self, keys: dict[str, str]) -> None:
        if keys.get("m") == "1":
            return
        assert self._begun is not None
        first, payload = self._begun, base64.b64decode(self._payload, validate=True)
        self._begun, self._payload = None, b""
        pixels = _decoded(first, payload)
        image = int(first["i"])
        if first["a"] == "f":
            self._edit(first, pixels)
            return
        self._forget_placements(image)
        self.images[image] = pixels
        if first["a"] == "T":
            self._place(first)

    def _edit(self, keys: dict[str, str], pixels: np.ndarray) -> None:
        image = self._image(keys)
        if not self.edits:
            raise ProtocolError("this terminal does not know edits")
        if keys.get("r") != "1":
            raise ProtocolError("only the first frame can be edited in place")
        x, y = int(keys.get("x", 0)), int(keys.get("y", 0))
        height, width = pixels.shape[:2]
        if y + height > image.shape[0] or x + width > image.shape[1]:
            raise ProtocolError("an edit reaches outside its image")
        image = image.copy()
        target = image[y : y + height, x : x + width]
        if keys.get("X") == "1":
            target[:] = pixels
        else:
            alpha = pixels[..., 3:].astype(np.uint16)
            target[:] = (pixels * alpha + target * (255 - alpha) + 127) // 255
        self.images[int(keys["i"])] = image

    def _place(self, keys: dict[str, str]) -> None:
        image = self._image(keys)
        height, width = image.shape[:2]
        x, y = int(keys.get("x", 0)), int(keys.get("y", 0))
        w, h = int(keys.get("w", width - x)), int(keys.get("h", height - y))
        if min(x, y) < 0 or min(w, h) < 1 or x + w > width or y + h > height:
            raise ProtocolError(f"{(x, y, w, h)} is not inside an image of {(width, height)}")
        dx, dy = int(keys.get("X", 0)), int(keys.get("Y", 0))
        if not (0 <= dx < self.cell_width and 0 <= dy < self.cell_height):
            raise ProtocolError(f"offset {(dx, dy)} leaves the cell")
        virtual = keys.get("U") == "1"
        parent = int(keys["P"]) if "P" in keys else None
        if self.tmux and not virtual and parent is None:
            raise ProtocolError("tmux does not know where that stands")
        if parent is not None and ((parent, int(keys["Q"])) not in self.placed or virtual):
            raise ProtocolError(f"there is no parent {parent}")
        column, row = (
            self.cursor if parent is None else (int(keys.get("H", 0)), int(keys.get("V", 0)))
        )
        if parent is None and not (0 <= column < self.columns and 0 <= row < self.rows):
            raise ProtocolError(f"placed at {self.cursor}, which is not on the screen")
        if keys.get("C") != "1" and not virtual:
            raise ProtocolError("would move the text cursor")
        z = int(keys.get("z", 0))
        if not virtual and not _INT32_MIN <= z < _INT32_MIN // 2:
            raise ProtocolError("would lie over what a multiplexer draws")
        cells = (int(keys["c"]), int(keys["r"])) if "c" in keys else None
        self.placed[int(keys["i"]), int(keys.get("p", 0))] = Placed(
            int(keys["i"]), z, column, row, dx, dy, (x, y, w, h), cells, parent, virtual
        )

    def _delete(self, keys: dict[str, str]) -> None:
        what = keys.get("d", "a")
        if what in {"a", "A"}:
            self.placed.clear()
            if what == "A":
                self.images.clear()
            return
        if what not in {"i", "I"}:
            raise ProtocolError(f"unknown deletion {what}")
        image = int(keys["i"])
        if "p" in keys:
            self.placed.pop((image, int(keys["p"])), None)
            return
        self._forget_placements(image)
        if what == "I":
            # Kitty 0.26 deletes all that is not placed, whatever its id.
            used = {key[0] for key in self.placed}
            self.images = {key: kept for key, kept in self.images.items() if key in used}

    def _image(self, keys: dict[str, str]) -> np.ndarray:
        image = self.images.get(int(keys["i"]))
        if image is None:
            raise ProtocolError(f"there is no image {keys['i']}")
        return image

    def _forget_placements(self, image: int) -> None:
        for key in [key for key, placed in self.placed.items() if image in {key[0], placed.parent}]:
            del self.placed[key]


def _only(keys: dict[str, str], allowed: set[str]) -> None:
    if not set(keys) <= allowed:
        raise ProtocolError(f"unexpected keys {set(keys) - allowed}")


def _decoded(keys: dict[str, str], payload: bytes) -> np.ndarray:
    """``uint8[h, w, 4]``, RGBA."""
    if keys.get("o") == "z":
        payload = zlib.decompress(payload)
    depth = int(keys.get("f", 32))
    if depth == 100:
        picture = cv2.imdecode(np.frombuffer(payload, np.uint8), cv2.IMREAD_UNCHANGED)
        if picture is None:
            raise ProtocolError("not a PNG")
        code = {2: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA, 4: cv2.COLOR_BGRA2RGBA}
        channels = 2 if picture.ndim == 2 else picture.shape[2]
        return cv2.cvtColor(picture, code[channels])
    width, height = int(keys["s"]), int(keys["v"])
    channels = depth // 8
    if len(payload) != width * height * channels:
        raise ProtocolError(f"{len(payload)} bytes for {width} x {height} x {channels}")
    pixels = np.frombuffer(payload, np.uint8).reshape(height, width, channels)
    return pixels if channels == 4 else cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)
