"""The few commands of the kitty graphics protocol that the painter speaks, as bytes.

Protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol/. Every command carries ``q=2``,
so a terminal never answers, and answers never end up among the keys.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tui_label.graphics.passthrough import wrapped
from tui_label.graphics.scene import Pixels
from tui_label.graphics.sequences import cursor_kept, cursor_to

PHOTO_Z = -1073741840
"""Of the lowest picture of the photo; sharper ones follow, one higher each, up to four."""

TILES_Z = PHOTO_Z + 3
"""Beside the highest of them, over which their ids lift them."""

MASKS_Z = PHOTO_Z + 4
FRAME_Z = PHOTO_Z + 5
MARK_Z = PHOTO_Z + 6
CURSOR_Z = PHOTO_Z + 7

LOUPE = 8
"""How much higher all of this lies in a loupe. The highest is still below ``INT32_MIN / 2``:
pictures there lie under cells that have a background colour, so what tmux draws over the
canvas with a colour of its own is readable."""

_CHUNK = 4096
"""Base64 bytes a command may carry."""

_END = b"\x1b\\"

_TRANSPARENT = b64encode(bytes(4))
"""One pixel."""


class Anchor(NamedTuple):
    """A cell that carries pictures along, wherever a multiplexer moves it.

    Args:
        image: id of the image that stands in it.
        column: 0-based, of the program's screen.
        row: 0-based, of the program's screen.
    """

    image: int
    column: int
    row: int


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
        anchor: what it moves along with; ``None`` where the program has the terminal for
            itself.
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
    anchor: Anchor | None = None

    @property
    def key(self) -> tuple[int, int]:
        """What the terminal knows it by: placing the same key again moves it."""
        return self.image, self.number


def place(placement: Placement) -> bytes:
    """Show an image, or move it; the text cursor stays where it is."""
    keys: dict[str, str | int] = {"a": "p", "i": placement.image, "p": placement.number}
    anchor = placement.anchor
    if anchor is not None:
        keys |= {"P": anchor.image, "Q": 1}
        keys |= _stated(H=placement.column - anchor.column, V=placement.row - anchor.row)
    keys |= {"z": placement.z, "C": 1, "q": 2}
    keys |= _stated(X=placement.dx, Y=placement.dy)
    if placement.source is not None:
        keys |= dict(zip("xywh", placement.source, strict=True))
    if placement.cells is not None:
        keys |= dict(zip("cr", placement.cells, strict=True))
    command = _command(keys)
    if anchor is not None:
        return command
    return cursor_kept([cursor_to(placement.column, placement.row).encode(), command])


def _stated(**keys: int) -> dict[str, str | int]:
    """Those that are not 0, which is what a terminal takes when nothing is said."""
    return {key: value for key, value in keys.items() if value}


def take_away(placement: Placement) -> bytes:
    """Show an image there no longer; the terminal keeps the image."""
    return _command({"a": "d", "d": "i", "i": placement.image, "p": placement.number, "q": 2})


def forget(image: int) -> bytes:
    """Delete an image and all its placements from the terminal's memory.

    Only when we need no image any more: kitty 0.26 then deletes every image that is not
    placed just now.
    """
    return _command({"a": "d", "d": "I", "i": image, "q": 2})


def let_go(image: int) -> bytes:
    """All but delete an image: one transparent pixel takes its place, and is not placed."""
    keys: dict[str, str | int] = {"a": "t", "i": image, "f": 32, "s": 1, "v": 1, "q": 2}
    return _command(keys, _TRANSPARENT)


def send_anchor(image: int) -> bytes:
    """Give the terminal one transparent pixel that stands wherever a cell asks for it."""
    keys: dict[str, str | int] = {"a": "T", "i": image, "p": 1, "U": 1, "c": 1, "r": 1}
    return _command(keys | {"f": 32, "s": 1, "v": 1, "q": 2}, _TRANSPARENT)


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


def passed_through(commands: Iterable[bytes]) -> bytes:
    """Commands for the terminal outside tmux, wrapped in pieces of about one chunk.

    tmux keeps up to a megabyte of one sequence, and drops what is longer (3.5).
    """
    pieces: list[bytes] = []
    for sequence in b"".join(commands).split(_END)[:-1]:
        whole = sequence + _END
        if pieces and len(pieces[-1]) + len(whole) <= _CHUNK:
            pieces[-1] += whole
        else:
            pieces.append(whole)
    return b"".join(wrapped(piece) for piece in pieces)


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
    return b"\x1b_G" + listed + (b";" + payload if payload else b"") + _END
