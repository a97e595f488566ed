"""From a click on the screen to the last byte of the answer, through the whole app.

The app runs in a process of its own in the tests' terminal. Nothing is subtracted: the
network's own run, two threads, the status line and the pty are all in it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image

from benchmarks.photos import Subject
from benchmarks.report import Report
from tests.pty.brands import KITTY, PLAIN, Brand
from tests.pty.terminal import FakeTerminal

_COLUMNS, _ROWS = 160, 50
_QUIET_S = 0.4  # nothing for this long: the answer is whole
_POLL_S = 0.001
_TOP = 4  # rows that are kept free of clicks at either end: the words
_WAYS = (("cells", PLAIN), ("kitty", KITTY))


def measure_terminal(report: Report, subject: Subject, count: int = 8) -> None:
    """Clicks and key presses on a spread of places, snapping off, on a cleared prompt each."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "photo.jpg"
        Image.fromarray(subject.photo).save(image, quality=92)
        for painter, brand in _WAYS:
            _measure(
                report, f"the app in a {_COLUMNS}x{_ROWS} terminal, {painter}", brand, image, count
            )


def _measure(report: Report, group: str, brand: Brand, image: Path, count: int) -> None:
    arguments = [str(image), "--model", "builtin", "--classes", "object"]
    ways: dict[str, list[tuple[float, int]]] = {"mouse": [], "space": []}
    with FakeTerminal(arguments, brand=brand, columns=_COLUMNS, rows=_ROWS) as terminal:
        terminal.wait(_is_ready)
        terminal.settle(quiet=_QUIET_S)
        terminal.press("s")
        terminal.settle(quiet=_QUIET_S)
        for place in range(count + 1):
            column = _COLUMNS * (0.15 + 0.7 * ((place * 0.755) % 1))
            row = _TOP + (_ROWS - 2 * _TOP) * ((place * 0.57) % 1)
            # The mouse leaves the cursor where it clicked, and there the key is pressed.
            acts = {
                "mouse": partial(terminal.click, column, row),
                "space": partial(terminal.type, " "),
            }
            for way, act in acts.items():
                answered = _answered(terminal, act)
                if place:  # the first clicks warm up
                    ways[way].append(answered)
                terminal.press("escape")
                terminal.settle(quiet=_QUIET_S)
    for way, answers in ways.items():
        report.add(group, f"{way} to the last byte", [ms for ms, _ in answers], "ms")
        report.add(group, f"{way}: bytes, the words included", [size for _, size in answers], "B")


def _is_ready(screen: str) -> bool:
    """The model is loaded and has seen the photo; its name stands alone on the last lines."""
    return "built-in" in screen and "reading the photo" not in screen


def _answered(terminal: FakeTerminal, act: Callable[[], None]) -> tuple[float, int]:
    """Milliseconds from the act to the newest byte, once nothing more comes; and the bytes."""
    before, began = terminal.mark(), time.perf_counter()
    act()
    last, mark = time.perf_counter(), terminal.mark()
    while time.perf_counter() - last < _QUIET_S:
        time.sleep(_POLL_S)
        if terminal.mark() != mark:
            last, mark = time.perf_counter(), terminal.mark()
    return (last - began) * 1e3, mark - before
