"""Pieces of a picture go out as fast as the line takes them, and no faster."""

from collections import deque

import pytest

from tui_label.graphics.pacing import QUEUE_S, Pacer


class Line:
    """A line of so many bytes a second with a delay there and back; answers come in order.

    For ``breath`` seconds in every second nothing comes, and then all at once.
    """

    def __init__(self, rate: float, delay: float, breath: float = 0.0) -> None:
        self.rate, self.delay, self.breath = rate, delay, breath
        self.now = self.free = 0.0
        self.answers: deque[float] = deque()

    def write(self, pacer: Pacer, count: int) -> float:
        """When the far end has read it."""
        self.free = max(self.free, self.now + self.delay / 2) + count / self.rate
        if pacer.sent(count, self.now):
            self.answers.append(self.free + self.delay / 2)
        return self.free

    def until_answered(self, pacer: Pacer) -> None:
        self.now = max(self.now, self.answers.popleft())
        pacer.answered(self.now)


def sending(line: Line, pacer: Pacer, total: int) -> float:
    """Send a picture; the longest that a click would have waited behind it."""
    longest = 0.0
    while total > 0:
        while line.answers and line.answers[0] <= line.now and line.now % 1 >= line.breath:
            line.until_answered(pacer)
        allowance = pacer.allowance(line.now)
        if allowance is None or allowance >= 1024:
            piece = min(allowance or total, total)
            line.write(pacer, piece)
            total -= piece
            longest = max(longest, line.free - line.now - line.delay / 2)
        line.now += 0.01
    return longest


@pytest.mark.parametrize("rate", [125e3, 1e6])
@pytest.mark.parametrize("delay", [0.02, 0.15, 0.4])
def test_on_a_slow_line_a_click_waits_little_behind_a_picture(rate: float, delay: float) -> None:
    line, pacer = Line(rate, delay), Pacer(round_trip=delay)
    sending(line, pacer, 100_000)  # it learns
    # A new guess is a fifth higher, and what is wrong with it is known a delay later.
    assert sending(line, pacer, 600_000) < 4 * QUEUE_S + delay / 2


def test_on_the_line_of_the_design_a_click_has_half_its_time_left() -> None:
    line, pacer = Line(125e3, 0.15), Pacer(round_trip=0.15)
    sending(line, pacer, 100_000)
    assert sending(line, pacer, 600_000) < 0.125


@pytest.mark.parametrize("rate", [125e3, 1e6, 20e6])
@pytest.mark.parametrize("delay", [0.02, 0.15])
def test_a_slow_line_is_used_well(rate: float, delay: float) -> None:
    line, pacer = Line(rate, delay), Pacer(round_trip=delay)
    sending(line, pacer, 2_000_000)
    assert line.now < 2 * (2_000_000 / rate + 10 * delay)


@pytest.mark.parametrize("rate", [125e3, 1e6, 20e6])
@pytest.mark.parametrize("breath", [0.12, 0.3])
def test_a_line_that_holds_its_breath_every_second_is_used_well_too(
    rate: float, breath: float
) -> None:
    """A machine that does something else, or a wireless line: all answers come, but late."""
    line, pacer = Line(rate, 0.15, breath), Pacer(round_trip=0.15)
    sending(line, pacer, int(6 * rate))
    assert line.now < 4 * 6


def test_a_line_whose_delay_is_not_known_is_learned_too() -> None:
    line, pacer = Line(125e3, 0.15), Pacer()
    sending(line, pacer, 100_000)
    assert sending(line, pacer, 300_000) < 4 * QUEUE_S


def test_a_terminal_nearby_takes_a_picture_at_once() -> None:
    pacer = Pacer(round_trip=0.001)
    assert pacer.allowance(0.0) == 2_500_000


def test_small_changes_are_not_asked_about() -> None:
    pacer = Pacer()
    assert not pacer.sent(86, 0.0)
    assert not pacer.is_waiting


def test_many_small_changes_are() -> None:
    pacer = Pacer()
    asked = [pacer.sent(100, 0.0) for _ in range(6)]
    assert asked == [False] * 5 + [True]


def test_a_full_line_holds_new_pictures_back_until_it_is_free() -> None:
    pacer = Pacer()
    pacer.sent(int(pacer.rate), 0.0)
    assert pacer.is_full(0.0) and pacer.allowance(0.0) == 0
    pacer.answered(1.0)
    assert not pacer.is_full(1.0)
    assert (pacer.allowance(1.0) or 0) > 0


def test_a_terminal_that_answers_nothing_is_sent_everything() -> None:
    pacer = Pacer()
    pacer.sent(int(0.4 * pacer.rate), 0.0)
    assert pacer.is_full(0.0)
    pacer.tick(2.0)
    assert pacer.asks
    pacer.tick(3.9)
    assert not pacer.is_full(3.9) and pacer.allowance(3.9) is None and not pacer.is_waiting
    assert not pacer.sent(100_000, 4.0)


def test_answers_that_nobody_asked_for_change_nothing() -> None:
    pacer = Pacer()
    rate = pacer.rate
    pacer.answered(1.0)
    assert pacer.rate == rate


def test_a_piece_that_takes_long_is_no_silence() -> None:
    pacer = Pacer()
    pacer.sent(int(pacer.rate * 5), 0.0)
    pacer.tick(6.0)
    assert pacer.asks


def test_a_terminal_that_was_away_for_a_while_is_asked_again() -> None:
    pacer = Pacer()
    pacer.sent(1000, 0.0)
    pacer.tick(10.0)
    assert not pacer.asks
    pacer.answered(12.0)
    assert pacer.asks


def test_where_too_much_is_thrown_away_no_more_is_ever_on_its_way() -> None:
    pacer = Pacer(round_trip=0.001, most=12_000)
    assert pacer.allowance(0.0) == 12_000
    pacer.sent(9_000, 0.0)
    assert pacer.allowance(0.0) == 3_000 and not pacer.is_full(0.0)
    pacer.sent(5_000, 0.0)
    assert pacer.allowance(0.0) == 0 and pacer.is_full(0.0)
    pacer.answered(0.002)
    assert pacer.allowance(0.01) == 7_000
    pacer.tick(10.0)
    assert pacer.allowance(10.0) == 12_000  # silent, and still it would be thrown away
