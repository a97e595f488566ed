"""How long a person waits at the far end of a line of 1 Mbit/s and 150 ms.

From the key at the far end until the last byte of what it changed has come back there. What
does not change is not subtracted: the round trip, the decoder, the threads.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.beside import TERMINALS, WIDGETS, WINDOW, draw_pictures, opened_app
from benchmarks.link import SLOW, Crossing, Far
from benchmarks.photos import Subject
from benchmarks.report import Report
from benchmarks.tapped import entries
from tui_label.segment.types import Segmenter

_LIMIT = 300.0  # ms
_AWAY = ("\x1b[1;2D", "\x1b[1;2A", "\x1b[1;2C", "\x1b[1;2B")
"""Eight cells in each direction: no two clicks in one place."""

_CLICKS = 7
_PATIENCE_S = 4.0
_GAP_S = 0.2
"""Between two acts, so that none is behind the one before."""


def measure_waiting(report: Report, segmenter: Segmenter, subject: Subject, *, quick: bool) -> None:
    """Masks and steps of the cursor, while the photo is on its way.

    ``quick``: kitty alone, and without textual-image.
    """
    clicks = 1 if quick else _CLICKS
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        Image.fromarray(subject.photo).save(photo, quality=92)
        for painter, brand in TERMINALS[:1] if quick else TERMINALS:
            group = f"1 Mbit/s and 150 ms, {painter}: the app"
            with opened_app(photo, brand, painter, SLOW) as far:
                _app(report, group, far, clicks)
        if not quick:
            draw_pictures(Path(folder), segmenter, subject)
            for kind, brand, painter in WIDGETS[:3]:
                group = f"1 Mbit/s and 150 ms, {painter}: textual-image's {kind}"
                arguments = ["-m", "benchmarks.stills", kind, folder]
                with Far(arguments, brand, WINDOW, line=SLOW) as far:
                    _stills(report, group, far)


def _app(report: Report, group: str, far: Far, clicks: int) -> None:
    assert far.log is not None
    log = far.log
    far.wait(lambda: bool(entries(log)))
    coarse = bytes.fromhex(entries(log)[0]["data"])
    far.wait(lambda: coarse in far.received)
    opened = (_crossing(far, coarse, 0).arrived - far.began) * 1e3
    # A mask says that the model is there.
    far.press(" ")
    far.wait(lambda: any(entry["mask"] for entry in entries(log)))
    far.press("\x1b")
    time.sleep(2 * _GAP_S)
    steps, masks = [], []
    for number in range(clicks):
        steps.append(_waited(far, _AWAY[number % len(_AWAY)], mask=False))
        time.sleep(_GAP_S)
        masks.append(_waited(far, " ", mask=True))
        far.press("\x1b")
        time.sleep(2 * _GAP_S)
    report.add(group, "first picture, coarse: bytes", len(coarse), "B")
    report.add(group, "first picture, coarse, from the start of the program", opened, "ms")
    for name, waits in (("key to its mask", masks), ("key to the cursor", steps)):
        report.add(group, name, [wait.ms for wait in waits], "ms", _LIMIT)
        report.add(group, f"{name}: in the program", [wait.program for wait in waits], "ms")
        report.add(group, f"{name}: on the line, less 150 ms", [wait.line for wait in waits], "ms")
        report.add(group, f"{name}: bytes", [wait.count for wait in waits], "B")
    late = np.mean([not wait.whole for wait in masks]) * 100
    report.add(group, "of the masks: while the photo was on its way", float(late), "%")


@dataclass(frozen=True, slots=True)
class _Wait:
    """Milliseconds from a key to the last byte of its picture, and where they went.

    ``line`` is what the bytes before it and its own took; ``whole`` whether nothing of the
    photo was left to be sent.
    """

    ms: float
    program: float
    line: float
    count: int
    whole: bool


def _waited(far: Far, key: str, mask: bool) -> _Wait:
    """Until the first picture of that kind after the key has crossed the line.

    Raises:
        TimeoutError: there was none.
    """
    assert far.log is not None
    log, before = far.log, len(entries(far.log))
    mark, pressed = far.mark(), far.press(key)

    def pictures() -> list[dict[str, Any]]:
        new = entries(log)[before:]
        return [entry for entry in new if entry["mask"] is mask and entry["data"]]

    far.wait(lambda: bool(pictures()), _PATIENCE_S)
    picture = pictures()[0]
    data = bytes.fromhex(picture["data"])
    far.wait(lambda: data in far.received[mark:], _PATIENCE_S)
    crossing = _crossing(far, data, mark)
    return _Wait(
        (crossing.arrived - pressed) * 1e3,
        (crossing.written - pressed - SLOW.delay) * 1e3,
        (crossing.arrived - crossing.written - SLOW.delay) * 1e3,
        len(data),
        picture["whole"],
    )


def _crossing(far: Far, data: bytes, mark: int) -> Crossing:
    return far.crossing(far.received.index(data, mark) + len(data))


def _stills(report: Report, group: str, far: Far) -> None:
    """On a line that has nothing else to do.

    Everything is sent again and nothing is asked, so its arrival is known before it arrives.
    """
    far.wait(lambda: b"ready" in far.received)
    far.settle()
    opened = (far.crossing(far.mark()).arrived - far.began) * 1e3
    report.add(group, "first picture, from the start of the program", opened, "ms")
    for name, key in (("key to its mask", "b"), ("key to the cursor", "c")):
        waits = []
        for _ in range(3):
            far.drain()
            pressed = time.monotonic()
            far.act(key)
            waits.append((far.crossing(far.mark()).arrived - pressed) * 1e3)
            far.act("a")
        report.add(group, name, waits, "ms")
