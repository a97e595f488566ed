"""The few commands of the kitty graphics protocol that the painter speaks, as bytes.

Protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol/. Every command carries ``q=2``,
so a terminal never answers, and answers never end up among the keys.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from dataclasses import dataclass

from tui_label.graphics.scene import Pixels

BASE_Z = -1073741830
OVERLAY_Z = -1073741828
MARK_Z = -1073741827
CURSOR_Z = -1073741826
"""All below ``INT32_MIN / 2``: pictures there lie under cells that have a background colour,
so menus and dialogs cover them without the painter's knowledge."""

SYNC_BEGIN = b"\x1b[?2026h"
SYNC_END = b"\x1b[?2026l"

_CHUNK = 4096
"""Base64 bytes a command may carry."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One image shown at one place.

    Args:
        image: id of the image.
        number: tells placements of one image apart, from 1.
        z: drawing order.
        column: 0-based, of the screen.
        row: 0-based, of the screen.
        dx: pixels right of the cell's left edge.
        dy: pixels below the cell's top edge.
        source: x, y, width, height in image pixels; ``None`` for the whole image.
        cells: columns and rows to stretch over; ``None`` for one to one.
    """

    image: int
    number: int
    z: int
    column: int
    row: int
    dx: int = 0
    dy: int = 0
    source: tuple[int, int, int, int] | None = None
    cells: tuple[int, int] | None = None

    @property
    def key(self) -> tuple[int, int]:
        """What the terminal knows it by: placing the same key again moves it."""
        return self.image, self.number


def place(placement: Placement) -> bytes:
    """Show an image, or move it; the text cursor stays where it is."""
    keys: dict[str, str | int] = {
        "a": "p",
        "i": placement.image,
        "p": placement.number,
        "z": placement.z,
        "C": 1,
        "q": 2,
    }
    if placement.dx or placement.dy:
        keys |= {"X": placement.dx, "Y": placement.dy}
    if placement.source is not None:
        keys |= dict(zip("xywh", placement.source, strict=True))
    if placement.cells is not None:
        keys |= dict(zip("cr", placement.cells, strict=True))
    position = f"\x1b[{placement.row + 1};{placement.column + 1}H".encode()
    return b"\x1b7" + position + _command(keys) + b"\x1b8"


def take_away(placement: Placement) -> bytes:
    """Show an image there no longer; the terminal keeps the image."""
    return _command({"a": "d", "d": "i", "i": placement.image, "p": placement.number, "q": 2})


def forget(image: int) -> bytes:
    """Delete an image and all its placements from the terminal's memory."""
    return _command({"a": "d", "d": "I", "i": image, "q": 2})


def send_png(image: int, png: bytes) -> bytes:
    """Give the terminal an image, any PNG."""
    return _transmission({"a": "t", "i": image, "f": 100, "q": 2}, png)


def send_rgba(image: int, pixels: Pixels) -> bytes:
    """Give the terminal an image, ``uint8[h, w, 4]``, straight alpha."""
    height, width = pixels.shape[:2]
    keys = {"a": "t", "i": image, "f": 32, "o": "z", "s": width, "v": height, "q": 2}
    return _transmission(keys, zlib.compress(pixels.tobytes(), 9))


def edit_rgba(image: int, pixels: Pixels, x: int, y: int) -> bytes:
    """Overwrite a part of an image, from ``(x, y)`` on, with ``uint8[h, w, 4]``."""
    height, width = pixels.shape[:2]
    keys = {"f": 32, "o": "z", "s": width, "v": height}
    return _transmission(_edit(image, x, y) | keys, zlib.compress(pixels.tobytes(), 9))


def edit_png(image: int, png: bytes, x: int, y: int) -> bytes:
    """Overwrite a part of an image, from ``(x, y)`` on, with any PNG."""
    return _transmission(_edit(image, x, y) | {"f": 100}, png)


def _edit(image: int, x: int, y: int) -> dict[str, str | int]:
    """``r=1``: the first frame, ``X=1``: replace and do not blend."""
    return {"a": "f", "i": image, "r": 1, "X": 1, "x": x, "y": y, "q": 2}


def synchronised(commands: bytes) -> bytes:
    """Ask the terminal to show the effect of all commands at once."""
    return SYNC_BEGIN + commands + SYNC_END if commands else b""


def _transmission(keys: dict[str, str | int], payload: bytes) -> bytes:
    encoded = b64encode(payload)
    chunks = [encoded[start : start + _CHUNK] for start in range(0, len(encoded), _CHUNK)]
    # Later chunks of an edit must say so again, those of an image must not. Without r=1 there,
    # kitty 0.26 adds a frame that nobody sees.
    again: dict[str, str | int] = {"q": 2}
    if keys["a"] == "f":
        again |= {"a": "f", "r": 1}
    commands = []
    for number, chunk in enumerate(chunks):
        more = int(number + 1 < len(chunks))
        chunk_keys = keys if number == 0 else again
        if len(chunks) > 1:
            chunk_keys = chunk_keys | {"m": more}
        commands.append(_command(chunk_keys, chunk))
    return b"".join(commands)


def _command(keys: dict[str, str | int], payload: bytes = b"") -> bytes:
    listed = ",".join(f"{key}={value}" for key, value in keys.items()).encode()
    return b"\x1b_G" + listed + (b";" + payload if payload else b"") + b"\x1b\\"
