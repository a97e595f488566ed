"""The app and textual-image's widgets on a pty: bytes and processor time of the same changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.hand import Hand, one_image
from benchmarks.link import Far
from benchmarks.photos import Subject
from benchmarks.report import Report
from benchmarks.tapped import entries
from benchmarks.ways import CANVAS, WAYS
from tests.pty.brands import FOOT, ITERM2, KITTY_NEW, PLAIN, Brand
from tests.pty.line import Line
from tui_label.graphics.frame import blended, frame_of
from tui_label.graphics.palette import overlay_palette
from tui_label.segment.types import Segmenter

_WORDS = 3  # rows of text under the canvas
WINDOW = (CANVAS.width, CANVAS.height + _WORDS)
TERMINALS = (("kitty", KITTY_NEW), ("sixel", FOOT), ("iterm2", ITERM2), ("cells", PLAIN))
WIDGETS = (
    ("TGPImage", KITTY_NEW, "kitty"),
    ("SixelImage", FOOT, "sixel"),
    ("HalfcellImage", PLAIN, "cells"),
    ("UnicodeImage", PLAIN, "letters"),
)
"""With the painter that shows the same in the same terminal."""

NEAR = Line()
"""Everything that is written is there."""

_REPEATS = 4
_IDLE_S = 5.0


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happens to the picture: the app's key for it, and textual-image's."""

    name: str
    ours: str
    theirs: str


_FIRST = "first picture"
CHANGES = (
    Change("click with its mask", " ", "b"),
    Change("taking it back", "\x1b", "a"),
    Change("cursor step", "\x1b[C", "c"),
    Change("", "\x1b[D", "a"),
    Change("zoom step, until sharp", "+", "d"),
    Change("pan step, until sharp", "\x1b[1;3C", "e"),
    Change("", "0", "a"),
    Change("light", ">", "f"),
    Change("", "<", "a"),
    Change("dialog opens", "c", "+"),
    Change("dialog closes", "\x1b", "-"),
)
"""In this order; one without a name only leads back to the photo as it was."""

_Costs = dict[str, tuple[list[int], list[float]]]


def measure_beside(report: Report, segmenter: Segmenter, subject: Subject, *, quick: bool) -> None:
    """Every protocol, the app first; idle is measured on the app alone.

    ``quick``: kitty alone, and the first few changes once.
    """
    changes, idle_s = (CHANGES[:2], 0.5) if quick else (CHANGES * _REPEATS, _IDLE_S)
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        Image.fromarray(subject.photo).save(photo, quality=92)
        draw_pictures(Path(folder), segmenter, subject)
        ours = {}
        for painter, brand in TERMINALS[:1] if quick else TERMINALS:
            with opened_app(photo, brand, painter) as far:
                ours[painter] = _app(report, f"on a pty, {painter}: the app", far, changes, idle_s)
        for kind, brand, painter in WIDGETS[:1] if quick else WIDGETS:
            arguments = ["-m", "benchmarks.stills", kind, folder]
            with Far(arguments, brand, WINDOW) as far:
                theirs = _stills(
                    report, f"on a pty, {painter}: textual-image's {kind}", far, changes
                )
            if painter in ours:
                _compare(report, f"on a pty, {painter}: {kind} / the app", ours[painter], theirs)


@contextmanager
def opened_app(
    photo: Path, brand: Brand, painter: str = "auto", line: Line = NEAR
) -> Iterator[Far]:
    """The app on a photo, in folders of its own; ``far.log`` is what its painter did."""
    with tempfile.TemporaryDirectory() as home:
        names = ("DATA", "STATE", "CACHE", "CONFIG")
        environ = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in names}
        environ |= {"HOME": home, "TUI_LABEL_MODELS": f"{home}/models"}
        log = Path(home) / "log"
        wishes = ["--model", "builtin", "--classes", "object", "--graphics", painter]
        arguments = ["-m", "benchmarks.tapped", str(log), str(photo), *wishes]
        with Far(arguments, brand, WINDOW, line=line, environ=environ, log=log) as far:
            yield far


def _app(report: Report, group: str, far: Far, changes: Sequence[Change], idle_s: float) -> _Costs:
    assert far.log is not None
    log = far.log
    far.wait(lambda: bool(entries(log)))
    first = far.settle()
    costs: _Costs = {_FIRST: ([first], [far.cpu_ms()])}
    # Nothing is known of a model that is still being loaded; a mask says that it is there.
    far.press("s ")
    far.wait(lambda: any(entry["mask"] for entry in entries(log)))
    far.settle()
    far.act("\x1b")
    before, cpu = far.mark(), far.cpu_ms()
    far.settle(quiet=idle_s)
    idle = (far.mark() - before, (far.cpu_ms() - cpu) / (idle_s * 1e3) * 100)
    for change in changes:
        _cost(costs, far, change.name, change.ours)
    _add(report, group, costs)
    report.add(group, f"idle for {idle_s:g} s: bytes", idle[0], "B", 0)
    report.add(group, f"idle for {idle_s:g} s: of a core", idle[1], "%", 1)
    return costs


def _stills(report: Report, group: str, far: Far, changes: Sequence[Change]) -> _Costs:
    far.wait(lambda: b"ready" in far.received)
    costs: _Costs = {_FIRST: ([far.settle()], [far.cpu_ms()])}
    for change in changes:
        _cost(costs, far, change.name, change.theirs)
    _add(report, group, costs)
    return costs


def _cost(costs: _Costs, far: Far, name: str, key: str) -> None:
    cpu = far.cpu_ms()
    sent = far.act(key)
    if name:
        counts, ms = costs.setdefault(name, ([], []))
        counts.append(sent)
        ms.append(far.cpu_ms() - cpu)


def _add(report: Report, group: str, costs: _Costs) -> None:
    for name, (counts, ms) in costs.items():
        report.add(group, f"{name}: bytes", counts, "B")
        if name != _FIRST:
            # The first one's has the start of a program in it.
            report.add(group, f"{name}: processor time, mean", float(np.mean(ms)), "ms")


def _compare(report: Report, group: str, ours: _Costs, theirs: _Costs) -> None:
    for name, (counts, _) in ours.items():
        ratio = float(np.median(theirs[name][0])) / max(1.0, float(np.median(counts)))
        report.add(group, f"{name}: bytes", ratio, "x")


def draw_pictures(folder: Path, segmenter: Segmenter, subject: Subject) -> None:
    """What the app shows after every change, for textual-image, by its letter."""
    middle = (subject.size.width / 2, subject.size.height / 2)
    with one_image(segmenter, subject) as session:
        hand = Hand(session, WAYS[0], subject)

        def draw(letter: str) -> None:
            viewport = hand.looking.viewport
            frame = frame_of(None, hand.scene, viewport, *viewport.canvas)
            picture = Image.fromarray(blended(frame, overlay_palette()))
            picture.save(folder / f"{letter}.png", compress_level=1)

        draw("a")
        hand.point(*middle)
        draw("b")
        hand.take_back()
        hand.move(1, 0)
        draw("c")
        hand.take_back()
        hand.looking.zoom(1.5)
        draw("d")
        hand.looking.pan(0.25, 0)
        draw("e")
        hand.looking.fit()
        hand.looking.lighten(1)
        draw("f")
