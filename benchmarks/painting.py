"""What every painter sends and how long it takes, without a terminal.

A real session, the real painters and an engine that answers at once, in this thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from benchmarks.hand import Hand, one_image
from benchmarks.photos import Subject
from benchmarks.report import Report
from benchmarks.segmenting import network_of
from benchmarks.timing import Watch
from benchmarks.ways import BEYOND_LIMIT, WAYS, Way
from tui_label.editor.session import Session
from tui_label.segment.types import Segmenter

_PIECE = 8_000
"""Bytes: what a line of 1 Mbit/s takes in 64 ms."""

_STEPS = ((1, 0), (0, 1), (1, 0), (8, 0), (0, 8), (-8, 0), (-1, 0), (0, -1), (0.25, 0))
_ZOOMS = (1.5, 1.5, 1.5, 1 / 1.5, 1.5)
_PANS = ((0.2, 0.0), (0.0, 0.2), (-0.2, 0.0), (0.0, -0.2))
_LIGHTS = (1, 1, -2)


def measure_clicks(
    report: Report, segmenter: Segmenter, subject: Subject, ways: Sequence[Way] = WAYS
) -> None:
    """Every painter on every click."""
    with one_image(segmenter, subject) as session:
        for way in ways:
            hand = Hand(session, way, subject)
            hand.paint()
            _clicks(report, way, hand, segmenter, subject)


def measure_painters(
    report: Report, segmenter: Segmenter, subject: Subject, ways: Sequence[Way] = WAYS
) -> None:
    """Every painter in everything that a person does."""
    with one_image(segmenter, subject) as session:
        for way in ways:
            _opening(report, way, session, subject)
            hand = Hand(session, way, subject)
            hand.paint()
            _clicks(report, way, hand, segmenter, subject)
            _steps(report, way, hand)
            _dialogs(report, way, hand)
            _views(report, way, hand)


def _opening(report: Report, way: Way, session: Session, subject: Subject) -> None:
    """A new photo: in pieces, as over a slow line, and to another terminal at once."""
    hand = Hand(session, way, subject)
    [coarse], [coarse_ms] = _of([lambda: hand.paint(_PIECE)])
    sent = coarse + len(hand.rest(_PIECE))
    hand = Hand(session, way, subject)
    [whole], [whole_ms] = _of([hand.paint])
    report.add(way.name, "first picture, coarse: bytes", coarse, "B")
    report.add(way.name, "first picture, coarse", coarse_ms, "ms")
    report.add(way.name, "first picture, in pieces until whole: bytes", sent, "B")
    report.add(way.name, "first picture, at once: bytes", whole, "B")
    report.add(way.name, "first picture, at once", whole_ms, "ms")


def _clicks(report: Report, way: Way, hand: Hand, segmenter: Segmenter, subject: Subject) -> None:
    network = network_of(segmenter)
    beyond, painting, cpu, sent, taken = [], [], [], [], []
    watch = Watch()
    with watch.over(network.pair.encoder, network.pair.decoder):
        hand.point(*subject.clicks[0])  # caches of the interpreter and of OpenCV
        hand.paint()
        hand.take_back()
        for x, y in subject.clicks:
            watch.reset()
            began = time.perf_counter()
            hand.point(x, y)
            known, used = time.perf_counter(), time.process_time()
            sent.append(len(hand.paint()))
            ended = time.perf_counter()
            cpu.append((time.process_time() - used) * 1e3)
            beyond.append((ended - began) * 1e3 - watch.ms)
            painting.append((ended - known) * 1e3)
            taken.append(len(hand.take_back()))
    report.add(way.name, "click to bytes, beyond the network", beyond, "ms", BEYOND_LIMIT)
    report.add(way.name, "of this: scene, paint, encode", painting, "ms")
    report.add(way.name, "scene, paint, encode: processor time", cpu, "ms")
    report.add(way.name, "bytes of a click", sent, "B", way.click)
    report.add(way.name, "bytes of taking it back", taken, "B")


def _steps(report: Report, way: Way, hand: Hand) -> None:
    sent, ms = _of(partial(hand.move, x, y) for x, y in _STEPS)
    report.add(way.name, "cursor step: bytes", sent, "B", way.cursor)
    report.add(way.name, "cursor step", ms, "ms")


def _dialogs(report: Report, way: Way, hand: Hand) -> None:
    for name, act in (("opens", hand.cover), ("closes", hand.uncover)):
        sent, ms = _of([act])
        report.add(way.name, f"dialog {name}: bytes", sent, "B")
        report.add(way.name, f"dialog {name}", ms, "ms")


def _views(report: Report, way: Way, hand: Hand) -> None:
    """Zoom and pan, each step with the sharp picture that follows, then light."""

    def zoom(factor: float) -> bytes:
        hand.looking.zoom(factor)
        return hand.paint()

    def pan(across: float, down: float) -> bytes:
        hand.looking.pan(across, down)
        return hand.paint()

    def light(steps: int) -> bytes:
        hand.looking.lighten(steps)
        return hand.paint()

    for name, acts in (
        ("zoom step", [partial(zoom, factor) for factor in _ZOOMS]),
        ("pan step", [partial(pan, x, y) for x, y in _PANS]),
    ):
        # Every step is followed by its sharp picture.
        both = [act for step in acts for act in (step, hand.rest)]
        sent, ms = _of(both)
        report.add(way.name, f"{name}: bytes", sent[::2], "B", way.move)
        report.add(way.name, name, ms[::2], "ms")
        report.add(way.name, f"{name}, sharp picture after it: bytes", sent[1::2], "B")
        report.add(way.name, f"{name}, sharp picture after it", ms[1::2], "ms")
    hand.looking.fit()
    hand.rest()
    sent, ms = _of(partial(light, steps) for steps in _LIGHTS)
    report.add(way.name, "light: bytes", sent, "B")
    report.add(way.name, "light", ms, "ms")


def _of(
    acts: Iterable[Callable[[], bytes]],
) -> tuple[list[int], list[float]]:
    """Bytes and milliseconds of every act."""
    sent, ms = [], []
    for act in acts:
        began = time.perf_counter()
        data = act()
        ms.append((time.perf_counter() - began) * 1e3)
        sent.append(len(data))
    return sent, ms
