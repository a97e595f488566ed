"""Undo and redo, against the simplest thing that could be meant: a list and a position."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_label.editor.history import History

ACTS = st.lists(
    st.one_of(st.integers(0, 99), st.just("undo"), st.just("redo"), st.just("amend")), max_size=60
)


@given(ACTS)
@settings(max_examples=200)
def test_any_sequence_of_acts_ends_where_a_list_with_a_position_does(acts: list[int | str]) -> None:
    history, states, at = History(-1), [-1], 0
    for number, act in enumerate(acts):
        match act:
            case "undo":
                assert history.undo() is (at > 0)
                at = max(at - 1, 0)
            case "redo":
                assert history.redo() is (at < len(states) - 1)
                at = min(at + 1, len(states) - 1)
            case "amend":
                history.amend(1000 + number)
                states[at] = 1000 + number
            case int():
                history.push(act)
                states[at + 1 :] = [act]
                at += 1
        assert history.present == states[at]


def test_nothing_can_be_undone_or_redone_at_the_beginning() -> None:
    history = History("only")
    assert not history.undo()
    assert not history.redo()
    assert history.present == "only"


def test_five_hundred_steps_can_be_undone_and_no_more_are_kept() -> None:
    history = History(0)
    for number in range(1, 701):
        history.push(number)
    steps = 0
    while history.undo():
        steps += 1
    assert (steps, history.present) == (500, 200)


def test_a_rewrite_reaches_the_past_and_what_was_undone() -> None:
    history = History(1)
    history.push(2)
    history.push(3)
    history.undo()
    history.rewrite(lambda state: state * 10)
    assert history.present == 20
    assert history.redo() and history.present == 30
    assert history.undo() and history.undo() and history.present == 10
