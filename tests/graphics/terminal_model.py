"""A terminal that understands kitty graphics, small enough to be read in one sitting.

It takes the bytes that a program writes, in pieces of any size, and tells which pixels the
pictures put on the screen. Text is parsed only as far as it moves the text cursor by name
(CUP, save, restore) or clears the screen. What a real terminal would answer with an error,
or what the protocol forbids, raises :class:`ProtocolError`.

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
_OTHER_CSI = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")
_INCOMPLETE = re.compile(rb"\x1b(_[^\x1b]*\x1b?|\[[0-?]*[ -/]*)?\Z")

_TRANSMISSION_KEYS = set("aqiftosvm")
_EDIT_KEYS = _TRANSMISSION_KEYS | set("rxyX")
_PLACEMENT_KEYS = set("aqipzCXYxywhcr")
_DELETION_KEYS = set("aqdip")


class ProtocolError(AssertionError):
    """The program wrote something that the protocol does not allow."""


@dataclass
class Placed:
    """One image on the screen; columns and rows are 0-based."""

    image: int
    z: int
    column: int
    row: int
    dx: int
    dy: int
    source: tuple[int, int, int, int]
    cells: tuple[int, int] | None


@dataclass
class TerminalModel:
    """A screen of cells and what graphics commands did to it.

    ``images`` are ``uint8[h, w, 4]`` by id, ``placed`` are keyed by image and placement id.
    """

    columns: int
    rows: int
    cell_width: int = 8
    cell_height: int = 16
    images: dict[int, np.ndarray] = field(default_factory=dict)
    placed: dict[tuple[int, int], Placed] = field(default_factory=dict)
    cursor: tuple[int, int] = (0, 0)
    synchronising: bool = False
    _saved: tuple[int, int] = (0, 0)
    _rest: bytes = b""
    _begun: dict[str, str] | None = None
    _payload: bytes = b""

    def feed(self, written: bytes) -> None:
        """Take what a program wrote; an unfinished sequence waits for the next call."""
        text = self._rest + written
        self._rest = b""
        at = 0
        while (at := text.find(b"\x1b", at)) >= 0:
            if match := _GRAPHICS.match(text, at):
                self._graphics(match[1].decode(), match[2] or b"")
            elif match := _CUP.match(text, at):
                self.cursor = int(match[2]) - 1, int(match[1]) - 1
            elif match := _MODE.match(text, at):
                self._mode(int(match[1]), match[2] == b"h")
            elif match := _OTHER_CSI.match(text, at):
                if match[0] in {b"\x1b[2J", b"\x1b[3J"}:
                    self.placed.clear()
            elif _INCOMPLETE.match(text, at):
                self._rest = text[at:]
                return
            elif text[at + 1 : at + 2] == b"7":
                self._saved = self.cursor
            elif text[at + 1 : at + 2] == b"8":
                self.cursor = self._saved
            at = match.end() if match else at + 1

    def screen(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: all placements over black, lowest z first."""
        size = self.rows * self.cell_height, self.columns * self.cell_width
        shown = np.zeros((*size, 3), dtype=np.uint8)
        for _, placed in sorted(self.placed.items(), key=lambda item: (item[1].z, item[0])):
            self._composite(shown, placed)
        return shown

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
        left = placed.column * self.cell_width + placed.dx
        top = placed.row * self.cell_height + placed.dy
        target = shown[top : top + picture.shape[0], left : left + picture.shape[1]]
        picture = picture[: target.shape[0], : target.shape[1]].astype(np.uint16)
        alpha = picture[..., 3:]
        target[:] = (picture[..., :3] * alpha + target * (255 - alpha) + 127) // 255

    def _mode(self, mode: int, on: bool) -> None:
        if mode == 2026:
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
        column, row = self.cursor
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            raise ProtocolError(f"placed at {self.cursor}, which is not on the screen")
        if keys.get("C") != "1":
            raise ProtocolError("would move the text cursor")
        cells = (int(keys["c"]), int(keys["r"])) if "c" in keys else None
        self.placed[int(keys["i"]), int(keys.get("p", 0))] = Placed(
            int(keys["i"]), int(keys.get("z", 0)), column, row, dx, dy, (x, y, w, h), cells
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
            self.images.pop(image, None)

    def _image(self, keys: dict[str, str]) -> np.ndarray:
        image = self.images.get(int(keys["i"]))
        if image is None:
            raise ProtocolError(f"there is no image {keys['i']}")
        return image

    def _forget_placements(self, image: int) -> None:
        for key in [key for key in self.placed if key[0] == image]:
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
