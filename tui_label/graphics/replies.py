"""Answers of a terminal among the keys of a person.

A reply is recognised by its whole shape; everything else is keys. Text is handled one
character a byte or one a code point alike: replies are ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tui_label.geometry.boxes import Size
from tui_label.graphics.viewport import CellSize

QUERY_ID = 31
"""Image id of the question whether there are kitty graphics."""

ACKNOWLEDGE_ID = 32
"""Image id of the same question where its answer is an acknowledgement."""

PIXEL_MOUSE_MODE = 1016
SYNC_MODE = 2026
RESIZE_MODE = 2048

_LONGEST = 512
"""No answer of ours is longer; text that claims to be is given back as keys."""

_LONGEST_STRING = 1 << 20
"""Strings for somebody else, a clipboard say, may be."""

_LARGEST_CELL = 1000
"""Pixels: whatever claims more has not measured."""

_SIXEL_ATTRIBUTE = "4"

_VERSION = re.compile(r"\x1bP>\|([^\x1b]*)\x1b\\")
_GRAPHICS = re.compile(r"\x1b_G([^\x1b;]*);?([^\x1b]*)\x1b\\")
_INLINE_CELL = re.compile(
    r"\x1b\]1337;ReportCellSize=(\d+(?:\.\d+)?);(\d+(?:\.\d+)?)(?:;(\d+(?:\.\d+)?))?(?:\x07|\x1b\\)"
)
_CELL = re.compile(r"\x1b\[6;(\d+);(\d+)t")
_STATUS = re.compile(r"\x1b\[0n")
_MODE = re.compile(r"\x1b\[\?(\d+);(\d+)\$y")
_SIXEL = re.compile(r"\x1b\[\?([12]);(\d+)(?:;([\d;]*))?S")
_ATTRIBUTES = re.compile(r"\x1b\[\?([\d;]*)c")
_FOREIGN = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[PX^_][^\x1b]*\x1b\\"
    r"|\x1b\[[?>=]\d[\d;:]*[ -/]*[@-~]"
    r"|\x1b\[(?!48;)\d[\d;]*t"
)
"""Answers that nobody here has asked for: a program before us has (the colours of the screen,
the clipboard), or the terminal tells of its own accord. Taken for keys they would be commands.
``CSI 48 ; … t`` is the size of the window, which Textual asks for."""

_REPLIES = (
    _VERSION,
    _GRAPHICS,
    _INLINE_CELL,
    _CELL,
    _STATUS,
    _MODE,
    _SIXEL,
    _ATTRIBUTES,
    _FOREIGN,
)

_BEGUN = re.compile(
    r"\x1b(?:P>(?:\|[^\x1b]*\x1b?)?|_G[^\x1b]*\x1b?|\]13[^\x07\x1b]*\x1b?"
    r"|\[[3-9];[\d;]*|\[0|\[[?>=](?:\d[\d;:]*[ -/]*)?)\Z"
)
_BEGUN_STRING = re.compile(r"\x1b(?:\]\d+;[^\x07\x1b]*\x1b?|P[\d;]*[$+>][^\x1b]*\x1b?)\Z")
"""What can only become a reply: no key begins like this (Page Down, ``ESC [ 6 ; 5 ~``, does
for three characters, but is no key before its last one)."""

AMBIGUOUS_END = re.compile(r"\x1b(?:[P_\[]|\]1?)?\Z")
"""May become a reply, and is a key by itself: Escape, Alt+P, Alt+_, Alt+[, Alt+]."""


@dataclass(frozen=True, slots=True)
class Replies:
    """What a terminal said about itself.

    Args:
        brand: what XTVERSION says, lower case, without the version.
        version: as it writes it.
        kitty: it answered OK to a kitty graphics query.
        sixel: its device attributes name sixel graphics.
        sixel_colours: colour registers (XTSMGRAPHICS item 1); 0 when it does not say.
        sixel_largest: pixels of the largest sixel picture (item 2); ``None`` when it does not
            say.
        cell: pixels of a cell.
        inline_cell: it answered to OSC 1337 ReportCellSize, which is the only question about
            iTerm2's inline images that there is; with the pixels of a cell.
        modes: private mode → setting, 0 for one that it does not know (DECRPM, DEC STD 070).
        status: how often it said that it is well (DSR): acknowledgements.
        complete: it named its device attributes, which are asked for last.
        typed: keys among the answers.
        pending: the beginning of an answer that has not ended.
        said: the answers alone, as they came.
    """

    brand: str = ""
    version: str = ""
    kitty: bool = False
    sixel: bool = False
    sixel_colours: int = 0
    sixel_largest: Size | None = None
    cell: CellSize | None = None
    inline_cell: CellSize | None = None
    modes: tuple[tuple[int, int], ...] = ()
    status: int = 0
    complete: bool = False
    typed: bytes = b""
    pending: bytes = b""
    said: bytes = b""

    def knows(self, mode: int) -> bool:
        """Whether a private mode can be switched on: 0 is unknown, 4 permanently off."""
        return dict(self.modes).get(mode, 0) in {1, 2, 3}


class _Token(NamedTuple):
    """A stretch of text that is one reply (``match`` set), or is none."""

    start: int
    stop: int
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
        if token.match is not None:
            found[token.match.re].append(token.match)
        else:
            keys.append(text[token.start : token.stop])
    brand, version = _brand(found[_VERSION])
    attributes = [match[1].split(";") for match in found[_ATTRIBUTES]]
    return Replies(
        brand=brand,
        version=version,
        kitty=any(_accepts_pictures(match) for match in found[_GRAPHICS]),
        # The first attribute is the terminal's class and may itself be a 4.
        sixel=any(_SIXEL_ATTRIBUTE in values[1:] for values in attributes),
        sixel_colours=max((_colours(match) for match in found[_SIXEL]), default=0),
        # Asked for what is seen and for what is allowed: xterm's first answer is its window.
        sixel_largest=max(filter(None, map(_largest, found[_SIXEL])), default=None),
        cell=_last(_size(float(match[2]), float(match[1])) for match in found[_CELL]),
        inline_cell=_last(map(_inline_cell, found[_INLINE_CELL])),
        modes=tuple((int(match[1]), int(match[2])) for match in found[_MODE]),
        status=len(found[_STATUS]),
        complete=bool(attributes),
        typed="".join(keys).encode("latin-1"),
        pending=text[rest:].encode("latin-1"),
        # Not the rest: a clipboard, say, is nobody's business.
        said="".join(
            token.match[0]
            for token in tokens
            if token.match is not None and token.match.re is not _FOREIGN
        ).encode("latin-1"),
    )


class ReplyFilter:
    """Takes replies out of what a person types, for as long as the app runs.

    State: the beginning of a reply that has not ended yet, acknowledgements and replies that
    nobody has taken; owned by the thread that reads the terminal. Reports about modes 2026 and
    2048 are left alone: Textual asks for those itself and reads the answers.

    Keys are never held back: text waits only while it can become nothing but a reply. So when
    a reply is torn apart right after its first or second character, that character (a key by
    itself) has gone out already, and only the rest is taken out.
    """

    def __init__(self, pending: bytes = b"") -> None:
        self._held = pending.decode("latin-1")
        self._gone = 0
        self._acknowledged = 0
        self._torn = False
        self._said: list[str] = []

    def feed(self, text: str) -> str:
        """The keys in ``text``, together with earlier text that turned out to be keys."""
        text = self._held + text
        gone, self._gone = self._gone, 0
        self._held = ""
        tokens, rest = _tokens(text)
        keys = []
        for token in tokens:
            if token.match is None or not _is_ours(token.match):
                keys.append(text[max(gone, token.start) : token.stop])
                continue
            # Its first character went out as a key, and is none after all.
            self._torn |= token.start < gone
            if _acknowledges(token.match):
                self._acknowledged += 1
            elif token.match.re is not _FOREIGN:
                self._said.append(token.match[0])
        tail = text[rest:]
        ambiguous = AMBIGUOUS_END.search(text, max(rest - 3, 0)) if not tail else None
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

    def take_acknowledged(self) -> int:
        """How many acknowledgements came since this was asked last."""
        count, self._acknowledged = self._acknowledged, 0
        return count

    def take_torn(self) -> bool:
        """Whether a key that went out since this was asked last has turned out to be none."""
        torn, self._torn = self._torn, False
        return torn

    def take_replies(self) -> bytes:
        """Every other reply since this was asked last, for :func:`parse_replies`."""
        said = "".join(self._said).encode("latin-1")
        self._said.clear()
        return said


def _tokens(text: str) -> tuple[list[_Token], int]:
    """Split into replies and keys; the text from the returned index on is an unended reply."""
    tokens: list[_Token] = []
    start = position = 0
    while (position := text.find("\x1b", position)) >= 0:
        match = next((found for shape in _REPLIES if (found := shape.match(text, position))), None)
        if match is not None:
            if start < position:
                tokens.append(_Token(start, position, None))
            tokens.append(_Token(position, match.end(), match))
            start = position = match.end()
        elif _is_begun(text, position):
            if start < position:
                tokens.append(_Token(start, position, None))
            return tokens, position
        else:
            position += 1
    if start < len(text):
        tokens.append(_Token(start, len(text), None))
    return tokens, len(text)


def _is_begun(text: str, position: int) -> bool:
    length = len(text) - position
    return bool(
        (length <= _LONGEST and _BEGUN.match(text, position))
        or (length <= _LONGEST_STRING and _BEGUN_STRING.match(text, position))
    )


def _is_ours(match: re.Match[str]) -> bool:
    return match.re is not _MODE or int(match[1]) == PIXEL_MOUSE_MODE


def _acknowledges(match: re.Match[str]) -> bool:
    # Whatever the terminal says to the question: it has got as far as that.
    return match.re is _STATUS or (match.re is _GRAPHICS and _image(match) == ACKNOWLEDGE_ID)


def _image(match: re.Match[str]) -> int | None:
    [number] = re.findall(r"(?:^|,)i=(\d{1,10})(?=,|\Z)", match[1])[:1] or [None]
    return None if number is None else int(number)


def _accepts_pictures(match: re.Match[str]) -> bool:
    return _image(match) == QUERY_ID and match[2] == "OK"


def _colours(match: re.Match[str]) -> int:
    """Colour registers; 0 where this is about something else, or an error (status not 0)."""
    is_answer = match[1] == "1" and match[2] == "0" and (match[3] or "").isdecimal()
    return int(match[3]) if is_answer else 0


def _largest(match: re.Match[str]) -> Size | None:
    """The largest picture; ``None`` where this is about something else, or an error."""
    numbers = [int(word) for word in (match[3] or "").split(";") if word]
    if match[1] != "2" or match[2] != "0" or len(numbers) != 2 or 0 in numbers:
        return None
    return Size(*numbers)


def _inline_cell(match: re.Match[str]) -> CellSize | None:
    """Points times scale are pixels; without a scale they are pixels already."""
    scale = float(match[3] or 1)
    return _size(float(match[2]) * scale, float(match[1]) * scale)


def _size(width: float, height: float) -> CellSize | None:
    is_plausible = 1 <= width <= _LARGEST_CELL and 1 <= height <= _LARGEST_CELL
    return CellSize(width, height) if is_plausible else None


def _last(sizes: Iterable[CellSize | None]) -> CellSize | None:
    known = [size for size in sizes if size is not None]
    return known[-1] if known else None


def _brand(matches: list[re.Match[str]]) -> tuple[str, str]:
    """``kitty(0.41.1)``, ``XTerm(379)``, ``tmux 3.5a``, ``WezTerm 20240203-110809-5046fc22``."""
    for match in matches:
        words = re.match(r"\s*([A-Za-z][\w.-]*?)[\s(]+v?([\w.+-]*)", match[1] + " ")
        if words is not None:
            return words[1].lower(), words[2]
    return "", ""
