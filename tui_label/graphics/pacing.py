"""How much may be on its way to the terminal, so that what comes next does not wait behind it.

On a slow line everything that was written stands in one queue, and a mask behind a photo comes
when the photo has gone through. So a picture is sent in pieces, each with a question behind it
that the terminal answers when it has read that far. The rate at which the line takes bytes is
guessed, and the guess is corrected by how long the answers take: the idea of delay-based
congestion control (Brakmo and Peterson, *TCP Vegas*, 1995).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

QUEUE_S = 0.05
"""How long a click may wait behind pieces of a picture that were sent before it."""

_FULL_S = 4 * QUEUE_S
"""What a person did is sent even behind a picture, but not behind so much: by then there will
be something newer to send."""

_SLOWEST, _FASTEST = 40e3, 400e6
_FIRST = 100e3
_FIRST_NEARBY = 50e6
"""Bytes a second that the first piece assumes: 5 KB, or 2.5 MB for a terminal that answers
within milliseconds, for then there is no line to fill."""

_NEARBY_S = 0.015
_FIRST_RISE, _RISE = 2.0, 1.2
"""Times the rate: until the line was full once, and from then on."""

_FALL = 0.25
_PRECISION_S = 0.005
"""Answers are late by so much for other reasons: they are read between other events."""

_WORTH_ASKING = 512
"""Bytes: less than that goes by without a question, which would cost as much."""

_RECENT_S = 1.0
"""What was answered in this time has gone through for certain. One late answer, because the
line or the program held its breath, says less about the rate than that."""

_DRAINING = 0.85
"""Times that rate: a little less goes through, so that a queue becomes shorter."""

_SILENCE_S = 3.0
"""A terminal that has not answered for so long does not answer at all, or is gone."""


@dataclass(frozen=True, slots=True)
class _Piece:
    count: int
    sent: float
    expected: float


@dataclass(slots=True)
class Pacer:
    """Counts what is on its way. Used on one thread; times are seconds of any steady clock.

    State: the pieces that were sent and not yet answered, those that lately were, the rate of
    the line as far as it is known, when that was last corrected and which way, when all that
    was written will have gone through, whether the terminal answers.

    Args:
        asks: whether the terminal answers questions; where not, nothing is ever held back.
        round_trip: seconds that the terminal's first answer took, 0 if unknown.
        most: bytes that may be unanswered at any time; ``None`` for any number. tmux throws
            away what a slow terminal has not taken when it is more than 8 bytes a cell
            (``TTY_BLOCK_START`` in its tty.c), and a picture with it.
    """

    asks: bool = True
    round_trip: float = 0.0
    most: int | None = None
    rate: float = field(init=False)
    _fastest: float = field(init=False)
    _through: float = field(init=False, default=0.0)
    _on_the_way: deque[_Piece] = field(init=False, default_factory=deque)
    _answered: deque[tuple[float, int]] = field(init=False, default_factory=deque)
    _unasked: int = field(init=False, default=0)
    _corrected: float = field(init=False, default=float("-inf"))
    _fell: bool = field(init=False, default=False)
    _gave_up: bool = field(init=False, default=False)
    _rise: float = field(init=False, default=_FIRST_RISE)

    def __post_init__(self) -> None:
        self.rate = _FIRST_NEARBY if 0 < self.round_trip < _NEARBY_S else _FIRST
        self._fastest = self.round_trip or float("inf")

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._on_the_way)

    def queue(self, now: float) -> float:
        """Seconds until what was written so far will have gone onto the line."""
        return max(0.0, self._through - now)

    def is_full(self, now: float) -> bool:
        """Whether it is better to wait and then send what is newest."""
        too_much = self.most is not None and self._unanswered > self.most
        return self.asks and self.is_waiting and (too_much or self.queue(now) > _FULL_S)

    def allowance(self, now: float) -> int | None:
        """Bytes of a picture that may be sent now; ``None`` for any number."""
        if not self.asks:
            return self.most
        allowed = int(max(0.0, QUEUE_S - self.queue(now)) * self.rate)
        return allowed if self.most is None else max(0, min(allowed, self.most - self._unanswered))

    def sent(self, count: int, now: float) -> bool:
        """Note that bytes are written; whether a question must be written behind them."""
        if not self.asks:
            return False
        self._through = max(self._through, now) + count / self.rate
        self._unasked += count
        if self._unasked < _WORTH_ASKING:
            return False
        self._on_the_way.append(_Piece(self._unasked, now, self._through - now))
        self._unasked = 0
        return True

    def answered(self, now: float) -> None:
        """The terminal has read up to the oldest question that was not answered."""
        if not self._on_the_way:
            if self._gave_up:
                # It was only away for a while.
                self.asks, self._gave_up = True, False
            return
        piece = self._on_the_way.popleft()
        self._answered.append((now, piece.count))
        while self._answered[0][0] < now - _RECENT_S:
            self._answered.popleft()
        took = now - piece.sent
        self._fastest = min(self._fastest, took)
        waited = took - self._fastest
        if piece.sent < self._corrected:
            # It was sent before the last correction, and knows nothing of it. But if that was
            # made because of an answer that came late, the others that came with it say so.
            if self._fell:
                self._through = min(self._through, self._last_through(now))
            return
        if waited > piece.expected + _PRECISION_S:
            self._rise = _RISE
            fallen = self.rate * max(_FALL, piece.expected / waited)
            self._correct(min(self.rate, max(fallen, self._proven())), now)
        elif piece.expected >= QUEUE_S / 4 and waited <= piece.expected:
            # Only a piece that was worth something says that more would have gone through.
            self._correct(self.rate * self._rise, now)

    def tick(self, now: float) -> None:
        """Time goes by: give up on a terminal that has fallen silent, and hold nothing back."""
        if not self._on_the_way:
            return
        first = self._on_the_way[0]
        if now - first.sent > _SILENCE_S + 2 * first.expected:
            self._on_the_way.clear()
            self.asks, self._gave_up = False, True

    def _correct(self, rate: float, now: float) -> None:
        self._fell = rate < self.rate
        self.rate, self._corrected = min(max(rate, _SLOWEST), _FASTEST), now
        self._through = self._last_through(now)

    def _proven(self) -> float:
        """A rate that the line has had lately."""
        return _DRAINING * sum(count for _, count in self._answered) / _RECENT_S

    def _last_through(self, now: float) -> float:
        """When everything unanswered will have gone through at this rate."""
        # It is on the line, which holds a round trip's worth, or before it.
        return now + max(0.0, self._unanswered / self.rate - self._fastest)

    @property
    def _unanswered(self) -> int:
        return sum(piece.count for piece in self._on_the_way) + self._unasked
