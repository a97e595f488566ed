"""Stopwatches for machines that do other things meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_label.segment.runtime import Graph


def milliseconds(act: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1e3


def side_by_side(
    one: Callable[[], object], other: Callable[[], object], repeats: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Milliseconds of both, taken in turns, so that what disturbs one disturbs the other.

    Which goes first changes every time. Both are called once before anything is counted.
    """
    one(), other()
    samples = np.empty((2, repeats))
    for repeat in range(repeats):
        order = (0, 1) if repeat % 2 else (1, 0)
        for side in order:
            samples[side, repeat] = milliseconds((one, other)[side])
    return samples[0], samples[1]


class Watch:
    """Adds up how long ONNX Runtime itself runs.

    State: ``ms`` and ``runs`` since the last :meth:`reset`.
    """

    def __init__(self) -> None:
        self.ms = 0.0
        self.runs = 0

    def reset(self) -> None:
        """Begin at zero."""
        self.ms, self.runs = 0.0, 0

    @contextmanager
    def over(self, *graphs: Graph) -> Iterator[None]:
        """Watch some graphs for a while."""
        sessions = [graph._session for graph in graphs]
        for graph, session in zip(graphs, sessions, strict=True):
            graph._session = _Watched(session, self)
        try:
            yield
        finally:
            for graph, session in zip(graphs, sessions, strict=True):
                graph._session = session


class _Watched:
    """An ONNX Runtime session that tells a watch how long it ran."""

    def __init__(self, session: Any, watch: Watch) -> None:
        self._session = session
        self._watch = watch

    def run(self, names: list[str], feeds: dict[str, NDArray[Any]]) -> Any:
        begun = time.perf_counter()
        results = self._session.run(names, feeds)
        self._watch.ms += (time.perf_counter() - begun) * 1e3
        self._watch.runs += 1
        return results
