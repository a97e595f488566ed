"""Sixel graphics: from a raster of palette entries to the bytes that draw it.

The protocol: DEC, *VT330/VT340 Programmer Reference Manual*, vol. 2, chapter 14. A band is six
rows of pixels; for each colour in it there is a row of characters, each of them six pixels of
one column as bits, from the top. What two terminals get wrong is avoided: a colour is always
selected by ``#n`` after it was defined (xterm 379 and foot 1.21 draw with another one
otherwise), and nothing ends in a new line (foot 1.21 paints a stray band).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.scene import Pixels

UNKNOWN = 0
"""The raster value that draws nothing; as something shown: nobody knows what is there."""

BAND = 6
"""Rows of pixels that one character is high."""

_CELLS_AT_ONCE = 1 << 20
"""Bytes of the table that is searched for runs: what a processor keeps at hand."""

_LITERAL = 3
"""Up to so many equal characters are written out: ``!4~`` is no longer than ``~~~~``."""

_FIRST_CHARACTER = 63

_Integers = NDArray[np.int32]


def pictures(values: Pixels, percents: Pixels, registers: int = 256) -> list[bytes]:
    """Sixel pictures that, each from the same cell, draw a raster and leave the rest as it is.

    One, or as many as it takes when the raster has more colours than a picture may; none
    where nothing is to be drawn. The text cursor is anywhere after each.

    Args:
        values: ``uint8[h, w]``, entries of the palette; :data:`UNKNOWN` draws nothing.
        percents: ``uint8[256, 3]``, what the entries look like, 0 to 100 a channel.
        registers: colours that one picture may have. With 256 an entry is always in the
            register of its number, so that terminals where pictures share them show no
            picture in the colours of another.

    Raises:
        ValueError: no registers.
    """
    if registers < 1:
        raise ValueError(f"a picture with {registers} colours")
    used = np.flatnonzero(np.bincount(values.ravel(), minlength=256))
    used = used[used != UNKNOWN]
    drawings = []
    for start in range(0, len(used), registers):
        group = used[start : start + registers]
        numbers = np.zeros(256, dtype=np.int32)
        numbers[group] = group if registers >= 256 else np.arange(len(group))
        if len(group) == len(used):
            drawn = values
        else:
            member = np.zeros(256, dtype=np.uint8)
            member[group] = group
            drawn = member[values]
        drawings.append(_one(drawn, group, numbers, percents))
    return drawings


def _one(values: Pixels, used: NDArray[np.intp], numbers: _Integers, percents: Pixels) -> bytes:
    rows, columns = values.shape
    defined = "".join(
        "#{};2;{};{};{}".format(numbers[value], *percents[value].tolist()) for value in used
    )
    bands = b"".join(_bands(values, used, numbers))
    return f'\x1bP0;1q"1;1;{columns};{rows}{defined}'.encode() + bands + b"\x1b\\"


def _bands(values: Pixels, used: NDArray[np.intp], numbers: _Integers) -> Iterator[bytes]:
    """A few bands at a time, without anything between the last one drawn and the end."""
    rows, columns = values.shape
    at_once = max(1, _CELLS_AT_ONCE // (columns * (len(used) + 1))) * BAND
    band_before = 0
    for top in range(0, rows, at_once):
        part = values[top : top + at_once]
        if not part.any():
            continue
        drawn, last_band = _characters(part, numbers, band_before - top // BAND)
        band_before = top // BAND + last_band
        yield drawn


def _characters(values: Pixels, numbers: _Integers, band_before: int) -> tuple[bytes, int]:
    """Bands as characters; the last one in which anything was drawn.

    Args:
        values: ``uint8[h, w]`` from the top of a band.
        numbers: ``int32[256]``, registers of the entries.
        band_before: relative to these: where the terminal is now.
    """
    used = np.flatnonzero(np.bincount(values.ravel(), minlength=256))
    used = used[used != UNKNOWN]
    position, bits = _columns_of_six(values, used)
    columns = values.shape[1]
    row = position // columns
    x = position - row * columns

    starts = np.empty(len(position), dtype=np.bool_)
    starts[0] = True
    np.not_equal(bits[1:], bits[:-1], out=starts[1:])
    starts[1:] |= np.diff(position) != 1
    starts |= x == 0
    begin = np.flatnonzero(starts)
    length = np.diff(begin, append=len(position)).astype(np.int32)
    row, x, bits = row[begin], x[begin], bits[begin]
    opens = np.diff(row, prepend=-1) != 0
    end_before = np.zeros_like(x)
    end_before[1:] = x[:-1] + length[:-1]
    gap = np.where(opens, x, x - end_before)
    band = row // (len(used) + 1)
    lines = np.where(opens, np.diff(band, prepend=band_before), 0)
    register = numbers[used][row % (len(used) + 1)]
    return _written(lines, opens, register, gap, length, bits), int(band[-1])


def _columns_of_six(values: Pixels, used: NDArray[np.intp]) -> tuple[_Integers, Pixels]:
    """Where in ``[band, colour, column]`` anything is drawn, flat and ascending; its six bits.

    One more colour than are used takes what is not drawn.
    """
    rows, columns = values.shape
    bands, colours = -(-rows // BAND), len(used) + 1
    rank = np.full(256, len(used), dtype=np.int32)
    rank[used] = np.arange(len(used))
    rank *= columns
    table = np.zeros(bands * colours * columns, dtype=np.uint8)
    base = np.arange(bands, dtype=np.int32)[:, None] * (colours * columns)
    base = base + np.arange(columns, dtype=np.int32)
    for line in range(min(BAND, rows)):
        pixels = values[line::BAND]
        place = rank[pixels]
        place += base[: len(pixels)]
        table[place] |= np.uint8(1 << line)
    table.reshape(bands, colours, columns)[:, -1] = 0
    position = np.flatnonzero(table).astype(np.int32)
    return position, table[position]


def _written(
    lines: _Integers,
    opens: NDArray[np.bool_],
    register: _Integers,
    gap: _Integers,
    length: _Integers,
    bits: Pixels,
) -> bytes:
    """Runs as characters: new lines, back to the left, a colour, a gap, the run itself.

    All of one length, one entry a run; ``lines`` bands to go down before it, ``opens`` where
    it is the first of its colour in its band.
    """
    back = opens & (lines == 0)
    back[0] = False  # the first of all begins at the left, or in a new band
    selected = np.where(opens, 1 + _digits(register), 0)
    widths = np.stack(
        [lines, back.astype(np.int32), selected, _repeat_width(gap), _repeat_width(length)], axis=1
    )
    ends = np.cumsum(widths.ravel()).reshape(widths.shape)
    starts = ends - widths
    text = np.full(ends[-1, -1], ord("-"), dtype=np.uint8)
    text[starts[back, 1]] = ord("$")
    text[starts[opens, 2]] = ord("#")
    _put_number(text, ends[opens, 2], register[opens])
    _put_repeat(text, starts[:, 3], ends[:, 3], gap, np.full_like(bits, _FIRST_CHARACTER))
    _put_repeat(text, starts[:, 4], ends[:, 4], length, bits + np.uint8(_FIRST_CHARACTER))
    return text.tobytes()


def _digits(number: _Integers) -> _Integers:
    return 1 + (number > 9).astype(np.int32) + (number > 99) + (number > 999)


def _repeat_width(count: _Integers) -> _Integers:
    return np.where(count <= _LITERAL, count, 2 + _digits(count))


def _put_repeat(
    text: Pixels, start: _Integers, end: _Integers, count: _Integers, character: Pixels
) -> None:
    for number in range(_LITERAL):
        some = (count > number) & (count <= _LITERAL)
        text[start[some] + number] = character[some]
    many = count > _LITERAL
    text[start[many]] = ord("!")
    text[end[many] - 1] = character[many]
    _put_number(text, end[many] - 1, count[many])


def _put_number(text: Pixels, end: _Integers, number: _Integers) -> None:
    """Decimal digits that end before ``end``; numbers below 10,000."""
    for _ in range(4):
        text[end - 1] = ord("0") + number % 10
        number = number // 10
        left = number > 0
        if not left.any():
            return
        end, number = end[left] - 1, number[left]
