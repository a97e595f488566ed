"""Answers of a terminal among the keys of a person.

A reply is recognised by its whole shape; everything else is keys. Text is handled one
character a byte or one a code point alike: replies are ASCII.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from tui_label.graphics.viewport import CellSize

QUERY_ID = 31
PIXEL_MOUSE_MODE = 1016
SYNC_MODE = 2026

_LONGEST = 512
"""No answer is longer; text that claims to be is given back as keys."""

_SIXEL_ATTRIBUTE = "4"

_VERSION = re.compile(r"\x1bP>\|([^\x1b]*)\x1b\\")
_GRAPHICS = re.compile(r"\x1b_G([^\x1b;]*);?([^\x1b]*)\x1b\\")
_CELL = re.compile(r"\x1b\[6;(\d+);(\d+)t")
_MODE = re.compile(r"\x1b\[\?(\d+);(\d+)\$y")
_ATTRIBUTES = re.compile(r"\x1b\[\?([\d;]*)c")
_REPLIES = (_VERSION, _GRAPHICS, _CELL, _MODE, _ATTRIBUTES)

_BEGUN = re.compile(r"\x1b(?:P>(?:\|[^\x1b]*\x1b?)?|_G[^\x1b]*\x1b?|\[6;[\d;]*|\[\?[\d;]*\$?)\Z")
"""What can only become a reply: no key begins like this (Page Down, ``ESC [ 6 ; 5 ~``, does
for three characters, but is no key before its last one)."""

_AMBIGUOUS = re.compile(r"\x1b[P_\[]?\Z")
"""May become a reply, and is a key by itself: Escape, Alt+P, Alt+_, Alt+[."""


@dataclass(frozen=True, slots=True)
class Replies:
    """What a terminal said about itself; fields as in ``Capabilities``."""

    brand: str = ""
    version: str = ""
    kitty: bool = False
    sixel: bool = False
    cell: CellSize | None = None
    pixel_mouse: bool = False
    sync: bool = False
    complete: bool = False
    typed: bytes = b""
    pending: bytes = b""


class _Token(NamedTuple):
    """A stretch of text that is one reply (``shape`` set), or is none."""

    start: int
    stop: int
    shape: re.Pattern[str] | None
    match: re.Match[str] | None


def parse_replies(received: bytes) -> Replies:
    """Read every answer in what a terminal sent, in any order and with keys in between.

    Args:
        received: all bytes since the questions were written.
    """
    text = received.decode("latin-1")
    found: dict[re.Pattern[str], list[re.Match[str]]] = {shape: [] for shape in _REPLIES}
    keys: list[str] = []
    tokens, rest = _tokens(text)
    for token in tokens:
        if token.shape is not None and token.match is not None:
            found[token.shape].append(token.match)
        else:
            keys.append(text[token.start : token.stop])
    brand, version = _brand(found[_VERSION])
    modes = {int(match[1]): int(match[2]) for match in found[_MODE]}
    attributes = [match[1].split(";") for match in found[_ATTRIBUTES]]
    sizes = [(int(match[2]), int(match[1])) for match in found[_CELL]]
    known = [CellSize(float(width), float(height)) for width, height in sizes if width and height]
    return Replies(
        brand=brand,
        version=version,
        kitty=any(_accepts_pictures(match) for match in found[_GRAPHICS]),
        # The first attribute is the terminal's class and may itself be a 4.
        sixel=any(_SIXEL_ATTRIBUTE in values[1:] for values in attributes),
        cell=known[-1] if known else None,
        # 0 is unknown, 4 permanently off (DECRPM, DEC STD 070).
        pixel_mouse=modes.get(PIXEL_MOUSE_MODE, 0) in {1, 2, 3},
        sync=modes.get(SYNC_MODE, 0) in {1, 2, 3},
        complete=bool(attributes),
        typed="".join(keys).encode("latin-1"),
        pending=text[rest:].encode("latin-1"),
    )


class ReplyFilter:
    """Takes replies that come after the deadline out of what a person types.

    State: the beginning of a reply that has not ended yet; owned by the thread that reads the
    terminal. Mode reports are left alone unless they are about mouse pixels: Textual asks for
    modes 2026 and 2048 itself and reads those answers.

    Keys are never held back: text waits only while it can become nothing but a reply. So when
    a reply is torn apart right after its first or second character, that character (a key by
    itself) has gone out already, and only the rest is taken out.
    """

    def __init__(self, pending: bytes = b"") -> None:
        self._held = pending.decode("latin-1")
        self._gone = 0

    def feed(self, text: str) -> str:
        """The keys in ``text``, together with earlier text that turned out to be keys."""
        text = self._held + text
        gone, self._gone = self._gone, 0
        self._held = ""
        tokens, rest = _tokens(text)
        keys = [
            text[max(gone, token.start) : token.stop] for token in tokens if not _is_ours(token)
        ]
        tail = text[rest:]
        ambiguous = _AMBIGUOUS.search(text, max(rest - 2, 0)) if not tail else None
        if tail:
            self._held, self._gone = tail, max(0, gone - rest)
        elif ambiguous is not None:
            self._held, self._gone = ambiguous[0], len(ambiguous[0])
        return "".join(keys)

    def flush(self) -> str:
        """Give back what is held: the terminal has been silent for too long to go on."""
        text = self._held[self._gone :]
        self._held, self._gone = "", 0
        return text


def _tokens(text: str) -> tuple[list[_Token], int]:
    """Split into replies and keys; the text from the returned index on is an unended reply."""
    tokens: list[_Token] = []
    start = position = 0
    while (position := text.find("\x1b", position)) >= 0:
        match = next((found for shape in _REPLIES if (found := shape.match(text, position))), None)
        if match is not None:
            if start < position:
                tokens.append(_Token(start, position, None, None))
            tokens.append(_Token(position, match.end(), match.re, match))
            start = position = match.end()
        elif len(text) - position <= _LONGEST and _BEGUN.match(text, position):
            if start < position:
                tokens.append(_Token(start, position, None, None))
            return tokens, position
        else:
            position += 1
    if start < len(text):
        tokens.append(_Token(start, len(text), None, None))
    return tokens, len(text)


def _is_ours(token: _Token) -> bool:
    if token.match is None:
        return False
    return token.shape is not _MODE or int(token.match[1]) == PIXEL_MOUSE_MODE


def _accepts_pictures(match: re.Match[str]) -> bool:
    return f"i={QUERY_ID}" in match[1].split(",") and match[2] == "OK"


def _brand(matches: list[re.Match[str]]) -> tuple[str, str]:
    """``kitty(0.41.1)``, ``XTerm(379)``, ``tmux 3.5a``, ``WezTerm 20240203-110809-5046fc22``."""
    for match in matches:
        words = re.match(r"\s*([A-Za-z][\w.-]*?)[\s(]+v?([\w.+-]*)", match[1] + " ")
        if words is not None:
            return words[1].lower(), words[2]
    return "", ""
