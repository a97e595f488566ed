"""The line between a program and its terminal: so many bytes a second, and a delay.

Everything that was written stands in one queue, as in the buffers of an SSH connection, which
take what they are given at once and without a word about how slow the line behind them is.
"""

from __future__ import annotations

import bisect
from collections import deque
from dataclasses import dataclass, field

_PACKET = 1_024
"""Bytes that arrive together."""


@dataclass(frozen=True)
class Line:
    """How fast and how far: bytes a second towards the terminal, and seconds one way.

    What a person types is little, so nothing but the delay counts for it.
    """

    rate: float = float("inf")
    delay: float = 0.0

    @property
    def is_shaped(self) -> bool:
        return self.delay > 0 or self.rate < float("inf")


@dataclass(frozen=True)
class Passed:
    """Some bytes of the stream: their end in it, when they were written, when they arrived."""

    stop: int
    written: float
    arrived: float


@dataclass
class Wire:
    """A line with what is on its way.

    State: both queues, when the last byte will have gone onto the line, and what has passed.
    Used on one thread at a time; times are seconds of a steady clock.
    """

    line: Line
    passed: list[Passed] = field(default_factory=list)
    _through: float = 0.0
    _written: int = 0
    _down: deque[tuple[float, bytes]] = field(default_factory=deque)
    _up: list[tuple[float, int, bytes]] = field(default_factory=list)
    _count: int = 0

    def write(self, data: bytes, now: float) -> None:
        """The program has written something."""
        for start in range(0, len(data), _PACKET):
            packet = data[start : start + _PACKET]
            self._through = max(self._through, now) + len(packet) / self.line.rate
            self._written += len(packet)
            arrives = self._through + self.line.delay
            self._down.append((arrives, packet))
            self.passed.append(Passed(self._written, now, arrives))

    def arrived(self, now: float) -> bytes:
        """What has reached the terminal since this was asked last."""
        packets = []
        while self._down and self._down[0][0] <= now:
            packets.append(self._down.popleft()[1])
        return b"".join(packets)

    def send(self, data: bytes, now: float) -> None:
        """The terminal, or the person in front of it, sends something."""
        self._count += 1
        bisect.insort(self._up, (now + self.line.delay, self._count, data))

    def due(self, now: float) -> bytes:
        """What has reached the program since this was asked last."""
        stop = bisect.bisect_right(self._up, now, key=lambda sent: sent[0])
        data = b"".join(sent[2] for sent in self._up[:stop])
        del self._up[:stop]
        return data

    def next(self) -> float:
        """When something arrives next."""
        ends = [queue[0][0] for queue in (self._down, self._up) if queue]
        return min(ends, default=float("inf"))

    def waiting(self, now: float) -> float:
        """Seconds until everything that was written so far has gone onto the line."""
        return max(0.0, self._through - now)

    def passing(self, stop: int) -> Passed:
        """How the byte before an offset of the stream has passed."""
        return self.passed[bisect.bisect_left(self.passed, stop, key=lambda passed: passed.stop)]
