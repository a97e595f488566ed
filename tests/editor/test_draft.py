"""The object being made, as values."""

import numpy as np

from tui_label.editor.draft import Answer, Draft
from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import region_from_mask
from tui_label.segment.types import Candidate, Candidates, Prompt, PromptPoint

POINT = PromptPoint(3.5, 4.5)
OTHER = PromptPoint(6.5, 1.5, positive=False)
BOX = Box(1, 1, 5, 5)


def candidate(value: float) -> Candidate:
    logits = np.full((4, 4), value, dtype=np.float32)
    return Candidate(value, logits, lambda _: region_from_mask(logits > 0, Size(4, 4)))


def answer(*scores: float) -> Answer:
    return Answer(Candidates(tuple(candidate(score) for score in scores), 1.0))


def test_nothing_said_is_blank_and_a_negative_point_is_not() -> None:
    assert Draft().is_blank
    assert not Draft().with_point(OTHER, feedback=True).is_blank


def test_a_new_point_makes_the_answer_stale_but_keeps_it_on_the_screen() -> None:
    before = Draft(Prompt((POINT,)), answer(0.9))
    after = before.with_point(OTHER, feedback=True)
    assert after.stale
    assert after.answer is before.answer
    assert after.prompt.points == (POINT, OTHER)


def test_the_chosen_logits_go_back_with_the_next_point() -> None:
    given = answer(0.9, 0.8).turned(1)
    draft = Draft(Prompt((POINT,)), given).with_point(OTHER, feedback=True)
    assert draft.prompt.feedback is given.candidates.items[1].logits


def test_a_model_that_takes_no_feedback_gets_none() -> None:
    draft = Draft(Prompt((POINT,)), answer(0.9)).with_point(OTHER, feedback=False)
    assert draft.prompt.feedback is None


def test_an_overtaken_answer_is_not_fed_back_but_what_was_fed_before_is() -> None:
    fed = Draft(Prompt((POINT,)), answer(0.9)).with_point(OTHER, feedback=True)
    hurried = fed.with_point(POINT, feedback=True)
    assert hurried.prompt.feedback is fed.prompt.feedback


def test_a_box_replaces_the_box_keeps_the_points_and_feeds_nothing_back() -> None:
    draft = Draft(Prompt((POINT,), Box(0, 0, 2, 2), answer(0.9).candidates.items[0].logits))
    boxed = draft.with_box(BOX)
    assert boxed.prompt.box == BOX
    assert boxed.prompt.points == (POINT,)
    assert boxed.prompt.feedback is None
    assert boxed.stale


def test_candidates_turn_round_in_both_directions() -> None:
    given = answer(0.9, 0.8, 0.7)
    assert [given.turned(step).chosen for step in (1, 2, 3, -1)] == [1, 2, 0, 2]


def test_the_snapped_candidate_is_shown_where_there_is_one_and_it_is_wanted() -> None:
    snapped = candidate(0.5)
    given = Answer(answer(0.9, 0.8).candidates, snapped={0: snapped})
    assert given.shown(snap=True) is snapped
    assert given.shown(snap=False) is given.candidates.items[0]
    assert given.turned(1).shown(snap=True) is given.candidates.items[1]
