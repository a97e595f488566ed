r"""YOLO label files as rows: what we do not change keeps its bytes.

A file is cut where a text file ends its lines (``\n``, ``\r\n``, ``\r``); every row keeps
its own line end, and rows that Ultralytics would reject are kept as well, with the reason.
What counts as valid was observed on ``verify_image_label`` of Ultralytics 8.4.190, which is
stricter than 8.3.203 in every respect but the byte-order mark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.normalised import NormalisedBox, NormalisedPolygon, Points
from tui_label.labels.annotation import Annotation, Task
from tui_label.wording import printable

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_ENDS = b"\r\n"

# Coordinates are written as whole millionths: 0.01 px in a photo of 10,000 px.
_UNITS = 1_000_000

# What Ultralytics forgives; compared in float32, as it does.
_LARGEST = np.float32(1.01)
_SMALLEST = np.float32(-0.01)
_LARGEST_CLASS = 2**24  # up to here float32 tells classes apart


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a label file; two rows are equal when their bytes are.

    ``raw`` includes the line end exactly as in the file (the last row may have none) and,
    in a first row, the byte-order mark. ``annotation`` is ``None`` for blank lines, where
    ``problem`` is empty, and for rows that Ultralytics rejects (one such row makes it leave
    out the whole image), where ``problem`` completes a sentence that begins "Row 3 …".
    """

    raw: bytes
    annotation: Annotation | None = field(compare=False)
    problem: str = field(compare=False)

    @property
    def is_blank(self) -> bool:
        """Whether the line holds nothing but white space."""
        return self.annotation is None and not self.problem


class _RejectedError(Exception):
    """Why a row has no annotation; never leaves this module."""


def parse_rows(content: bytes) -> tuple[Row, ...]:
    """Read a label file; never raises, and the rows' ``raw`` joined are ``content`` again."""
    lines = content.splitlines(keepends=True)
    return tuple(_parsed(line, first=number == 0) for number, line in enumerate(lines))


def row_of(annotation: Annotation) -> Row:
    r"""Write an annotation as ``class v v v…\n``, six decimals, clamped to the photo.

    The row's own annotation is what a reader of the text gets: rounded. A box is cut to
    the photo before and stays inside it after rounding.

    Raises:
        ValueError: a negative class, a coordinate that is not finite, fewer than 3 points.
    """
    shape = annotation.shape
    units: Sequence[float]
    if isinstance(shape, NormalisedBox):
        units = _box_units(shape)
    else:
        _check_finite(shape.points)
        units = np.rint(np.clip(shape.points.ravel(), 0.0, 1.0) * _UNITS).tolist()
    numbers = " ".join(f"{unit / _UNITS:.6f}" for unit in units)
    row = _parsed(f"{annotation.class_id} {numbers}\n".encode())
    if row.annotation is None:
        raise ValueError(f"this annotation makes a row that {row.problem}")
    if row.annotation.task != annotation.task:  # two points make the five columns of a box
        raise ValueError("a polygon has at least three points")
    return row


def relabelled(row: Row, class_id: int) -> Row:
    """The same row with another class; every other byte stays.

    Raises:
        ValueError: the row holds no annotation, or the class is negative.
    """
    if row.annotation is None or class_id < 0:
        raise ValueError("only a row with an annotation takes a class, and only one from 0 up")
    text = re.sub(r"\A(\ufeff?\s*)\S+", rf"\g<1>{class_id}", row.raw.decode())
    return Row(text.encode(), Annotation(class_id, row.annotation.shape), "")


def settled_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    r"""The rows as they stand in a file: each on a line of its own.

    A row that another one follows gets a line end when it has none: that of the row before
    it, ``\n`` in the first. A byte-order mark that no longer stands at the beginning goes.
    """
    settled: list[Row] = []
    line_end = b"\n"
    for row in rows:
        raw = row.raw
        if settled:
            if not _line_end(settled[-1].raw):
                settled[-1] = _with_raw(settled[-1], settled[-1].raw + line_end)
            if row.annotation is not None:
                raw = raw.removeprefix(_BYTE_ORDER_MARK)
        line_end = _line_end(raw) or line_end
        settled.append(_with_raw(row, raw))
    return tuple(settled)


def content_of(rows: Iterable[Row]) -> bytes:
    """The bytes of a file with these rows, see :func:`settled_rows`."""
    return b"".join(row.raw for row in settled_rows(rows))


def file_shape(rows: Iterable[Row]) -> Task | None:
    """The one task that all annotations of a file belong to.

    ``None`` where there is none: without annotations, and for boxes among polygons, which 8.4
    rejects and 8.3 reads as wrong boxes. OBB rows (class and four corners) are polygons of
    four points.
    """
    tasks = {row.annotation.task for row in rows if row.annotation is not None}
    return tasks.pop() if len(tasks) == 1 else None


def merged_rows(base: Sequence[Row], theirs: Sequence[Row], ours: Sequence[Row]) -> tuple[Row, ...]:
    """Bring our changes into a file that someone else has changed meanwhile.

    Rows are compared by :func:`row_key`, as multisets:
    what we removed from ``base`` is removed from ``theirs``, what we added is appended,
    everything else, blank lines included, is as in ``theirs``. A change that both made
    counts once.
    """
    before, here, there = (Counter(_keys(rows)) for rows in (base, ours, theirs))
    added, removed = (here - before) - (there - before), (before - here) - (before - there)

    kept: list[Row] = []
    for row in theirs:
        key = row_key(row)
        if removed[key] > 0:
            removed[key] -= 1
        else:
            kept.append(row)
    fresh: list[Row] = []
    for row in reversed(ours):  # the newest of equal rows are the added ones
        key = row_key(row)
        if added[key] > 0:
            added[key] -= 1
            fresh.append(row)
    return (*kept, *reversed(fresh))


def row_key(row: Row) -> bytes:
    """What tells rows apart: their bytes without line end and byte-order mark."""
    return row.raw.removeprefix(_BYTE_ORDER_MARK).rstrip(_LINE_ENDS)


def _keys(rows: Iterable[Row]) -> list[bytes]:
    return [row_key(row) for row in rows if not row.is_blank]


def _line_end(raw: bytes) -> bytes:
    return raw[len(raw.rstrip(_LINE_ENDS)) :]


def _with_raw(row: Row, raw: bytes) -> Row:
    return row if raw == row.raw else Row(raw, row.annotation, row.problem)


def _parsed(raw: bytes, *, first: bool = False) -> Row:
    try:
        return Row(raw, _annotation(raw.removeprefix(_BYTE_ORDER_MARK) if first else raw), "")
    except _RejectedError as error:
        return Row(raw, None, str(error))


def _annotation(raw: bytes) -> Annotation | None:
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        raise _RejectedError("is not text in UTF-8") from None
    if not text:
        return None
    # Ultralytics cuts lines at everything that str.splitlines knows: form feeds, U+2028, …
    if len(text.splitlines()) > 1:
        raise _RejectedError("has an unusual line break in its middle")
    class_id, *values = map(_number, text.split())
    coordinates = np.array(values, dtype=np.float64)
    if not np.isfinite([class_id, *values]).all():
        raise _RejectedError("holds a number that is not finite")
    if class_id < 0:
        raise _RejectedError(f"has the negative class {class_id:g}")
    if class_id > _LARGEST_CLASS:
        raise _RejectedError(f"has the class {class_id:g}, more than a class list can hold")
    if class_id % 1:
        raise _RejectedError(f"has the class {class_id:g}, which is not a whole number")
    if len(values) == 4:
        _check_box(_single(coordinates))
        return Annotation(int(class_id), NormalisedBox(*values))
    return Annotation(int(class_id), NormalisedPolygon(_polygon(coordinates)))


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        shown = printable(word if len(word) <= 20 else word[:20] + "…")
        raise _RejectedError(f"holds '{shown}' where a number belongs") from None


def _polygon(coordinates: Points) -> Points:
    count = len(coordinates)
    if count == 5:
        raise _RejectedError("has 6 columns: a box with a confidence is a prediction, not a label")
    if count < 4:
        raise _RejectedError(
            f"has too few columns ({count + 1}): a box has 5 and a polygon at least 7"
        )
    if count % 2:
        raise _RejectedError(f"has {count} coordinates: a polygon has an x and a y for each point")
    points = coordinates.reshape(-1, 2)
    # Ultralytics does not look at the vertices, only at the box around them.
    low, high = _single(points.min(axis=0)), _single(points.max(axis=0))
    _check_box(np.concatenate([(low + high) / 2, high - low]))
    points.flags.writeable = False
    return points


def _single(values: Points) -> NDArray[np.float32]:
    """In the precision of Ultralytics; numbers far out must not overflow to infinity."""
    return np.clip(values, -1e6, 1e6).astype(np.float32)


def _check_box(values: NDArray[np.float32]) -> None:
    """Centre x, centre y, width, height, normalised."""
    if values.max() > _LARGEST:
        raise _RejectedError(f"reaches out of the photo: {values.max():g} is more than 1")
    if values[2:].min() < 0:
        raise _RejectedError("has a negative width or height")
    if values.min() < _SMALLEST:
        raise _RejectedError(f"reaches out of the photo: {values.min():g} is less than 0")


def _box_units(shape: NormalisedBox) -> tuple[int, int, int, int]:
    _check_finite([shape.cx, shape.cy, shape.width, shape.height])
    cx, width = _span_units(shape.cx, shape.width)
    cy, height = _span_units(shape.cy, shape.height)
    return cx, cy, width, height


def _check_finite(values: Points | Sequence[float]) -> None:
    if not np.isfinite(values).all():
        raise ValueError("an annotation has only finite coordinates")


def _span_units(centre: float, extent: float) -> tuple[int, int]:
    """Centre and extent in millionths, cut to the photo; rounding must not lead out again."""
    low, high = (min(max(centre + half, 0.0), 1.0) for half in (-extent / 2, extent / 2))
    middle = round((low + high) / 2 * _UNITS)
    return middle, min(round((high - low) * _UNITS), 2 * min(middle, _UNITS - middle))
