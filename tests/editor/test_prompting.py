"""What the model is asked, and which of its answers count."""

import pytest

from tests.editor.walk import (
    IN_GREEN,
    IN_RED,
    ON_NOTHING,
    RED,
    SIZE,
    Walk,
    box_of,
)
from tui_label.errors import InputError
from tui_label.geometry.boxes import Box
from tui_label.segment.events import Decoded, Embedded, Failed, ModelReady, Snapped
from tui_label.segment.types import Capability


def held(walk: Walk, kind: type) -> list:
    """Answers of a kind that were not delivered yet, taken out."""
    taken = [event for event in walk.engine.held if isinstance(event, kind)]
    walk.engine.held = [event for event in walk.engine.held if not isinstance(event, kind)]
    return taken


def able(walk: Walk, **capability: bool) -> None:
    """The model is another one, which can do this and no more."""
    walk.session.receive(ModelReady("Other", "other", Capability(**capability), is_builtin=False))


class TestAsking:
    def test_a_click_is_asked_at_once_and_its_mask_is_shown(self, walk: Walk) -> None:
        walk.click(IN_RED)
        assert walk.session.prompting.is_waiting
        walk.deliver()
        assert not walk.session.prompting.is_waiting
        assert box_of(walk.shown) == RED

    def test_a_box_is_asked_clipped_to_the_photo(self, walk: Walk) -> None:
        walk.session.prompting.box(Box(-30, 15, 55, 900))
        assert walk.engine.prompts[-1].box == Box(0, 15, 55, SIZE.height)

    @pytest.mark.parametrize("box", [Box(5, 5, 5.5, 40), Box(-20, -20, -5, -5)])
    def test_a_box_without_a_pixel_is_refused(self, walk: Walk, box: Box) -> None:
        with pytest.raises(InputError, match="smaller than a pixel"):
            walk.session.prompting.box(box)
        assert walk.session.now.draft.is_blank

    @pytest.mark.parametrize(
        ("outside", "inside"),
        [((-5.0, 40.0), (0.0, 40.0)), ((500.0, 900.0), (119.999, 79.999))],
    )
    def test_a_point_outside_the_photo_is_put_on_its_border(
        self, walk: Walk, outside: tuple[float, float], inside: tuple[float, float]
    ) -> None:
        walk.click(outside)
        (point,) = walk.engine.prompts[-1].points
        assert (point.x, point.y) == pytest.approx(inside)
        assert point.x < SIZE.width and point.y < SIZE.height

    def test_negative_points_alone_are_not_asked(self, walk: Walk) -> None:
        walk.click(ON_NOTHING, positive=False)
        assert walk.engine.prompts == []
        assert not walk.session.prompting.is_waiting
        walk.click(IN_RED)
        assert [point.positive for point in walk.engine.prompts[-1].points] == [False, True]

    def test_the_logits_on_the_screen_go_along_with_the_second_click(self, walk: Walk) -> None:
        walk.segment(IN_RED)
        answer = walk.session.now.draft.answer
        assert answer is not None
        assert walk.engine.prompts[-1].feedback is None
        walk.click(ON_NOTHING, positive=False)
        assert walk.engine.prompts[-1].feedback is answer.candidates.items[0].logits

    def test_the_logits_of_the_candidate_that_was_chosen_go_along(self, walk: Walk) -> None:
        walk.segment(IN_RED)
        walk.session.prompting.turn(1)
        answer = walk.session.now.draft.answer
        assert answer is not None
        walk.click(ON_NOTHING, positive=False)
        assert walk.engine.prompts[-1].feedback is answer.candidates.items[1].logits

    def test_without_a_photo_nothing_can_be_asked(self, walk: Walk) -> None:
        walk.session.goto(1)
        with pytest.raises(InputError, match="still being opened"):
            walk.click(IN_RED)

    def test_a_model_without_negative_points_says_so(self, walk: Walk) -> None:
        able(walk, negative_points=False)
        with pytest.raises(InputError, match="Other does not understand negative points"):
            walk.click(IN_RED, positive=False)

    def test_a_model_without_boxes_says_so(self, walk: Walk) -> None:
        able(walk, boxes=False)
        with pytest.raises(InputError, match="Other does not understand boxes"):
            walk.session.prompting.box(Box(1, 1, 9, 9))

    def test_a_model_without_feedback_gets_none(self, walk: Walk) -> None:
        able(walk, feedback=False)
        walk.segment(IN_RED)
        walk.click(IN_GREEN)
        assert walk.engine.prompts[-1].feedback is None


class TestLateAnswers:
    def test_the_answer_to_an_overtaken_prompt_is_ignored(self, walk: Walk) -> None:
        walk.click(IN_RED)
        (late,) = held(walk, Decoded)
        walk.session.prompting.clear()
        walk.segment(IN_GREEN)
        shown = walk.session.prompting.shown
        walk.session.receive(late)
        assert walk.session.prompting.shown is shown

    def test_answers_out_of_order_end_with_the_newest(self, walk: Walk) -> None:
        walk.click(IN_RED)
        (first,) = held(walk, Decoded)
        walk.click(IN_GREEN)
        (second,) = held(walk, Decoded)
        walk.session.receive(second)
        walk.session.receive(first)
        answer = walk.session.now.draft.answer
        assert answer is not None
        assert answer.candidates is second.candidates

    def test_the_answer_for_an_image_that_was_left_is_ignored(self, walk: Walk) -> None:
        walk.click(IN_RED)
        (late,) = held(walk, Decoded)
        walk.open(1)
        walk.session.receive(late)
        assert walk.session.prompting.shown is None
        assert walk.session.now.draft.is_blank

    def test_an_image_left_and_opened_again_asks_for_its_prompt_again(self, walk: Walk) -> None:
        walk.click(IN_RED)
        held(walk, Decoded)
        walk.open(1)
        walk.open(0)
        assert box_of(walk.shown) == RED

    def test_the_answer_to_a_cleared_prompt_is_ignored(self, walk: Walk) -> None:
        walk.click(IN_RED)
        (late,) = held(walk, Decoded)
        assert walk.session.prompting.clear()
        walk.session.receive(late)
        assert walk.session.now.draft.answer is None

    def test_the_answer_to_an_image_called_done_is_ignored(self, walk: Walk) -> None:
        walk.click(IN_RED)
        (late,) = held(walk, Decoded)
        walk.session.done()
        walk.session.receive(late)
        assert walk.session.now.draft.answer is None

    def test_the_answer_to_an_undone_point_is_ignored_and_the_older_one_is_back(
        self, walk: Walk
    ) -> None:
        before = walk.segment(IN_RED)
        walk.click(ON_NOTHING, positive=False)
        (late,) = held(walk, Decoded)
        walk.session.undo()
        walk.session.receive(late)
        assert (walk.shown == before).all()

    def test_a_failure_of_an_overtaken_prompt_is_not_told(self, walk: Walk) -> None:
        walk.click(IN_RED)
        (late,) = held(walk, Decoded)
        walk.click(IN_GREEN)
        walk.session.receive(Failed(late.key, late.ticket, "It broke."))
        assert walk.session.prompting.failure == ""

    def test_another_images_embedding_does_not_make_this_one_ready(self, walk: Walk) -> None:
        walk.session.goto(1)
        assert not walk.session.prompting.embedded
        walk.session.receive(Embedded("something else", 1.0, remembered=False))
        assert not walk.session.prompting.embedded


class TestCandidates:
    def test_they_cycle(self, walk: Walk) -> None:
        walk.segment(IN_RED)
        seen = []
        for _ in range(4):
            answer = walk.session.now.draft.answer
            assert answer is not None
            seen.append(answer.chosen)
            assert walk.session.prompting.turn(1)
        assert seen == [0, 1, 2, 0]

    def test_one_alone_does_not_turn(self, walk: Walk) -> None:
        walk.session.prompting.box(Box(*RED))
        walk.deliver()
        assert not walk.session.prompting.turn(1)

    def test_none_turns_while_the_answer_is_on_its_way(self, walk: Walk) -> None:
        walk.segment(IN_RED)
        walk.click(IN_GREEN)
        assert not walk.session.prompting.turn(1)

    def test_turning_is_a_step_that_undo_takes_back(self, walk: Walk) -> None:
        walk.segment(IN_RED)
        walk.session.prompting.turn(1)
        walk.session.undo()
        answer = walk.session.now.draft.answer
        assert answer is not None and answer.chosen == 0


class TestSnapping:
    def test_the_raw_mask_is_shown_until_the_snapped_one_comes(self, walk: Walk) -> None:
        walk.click(IN_GREEN)
        (decoded,) = held(walk, Decoded)
        walk.session.receive(decoded)
        assert walk.session.prompting.shown is decoded.candidates.items[0]
        (snapped,) = held(walk, Snapped)
        walk.session.receive(snapped)
        assert walk.session.prompting.shown is snapped.candidate

    def test_each_candidate_is_snapped_when_it_is_looked_at(self, walk: Walk) -> None:
        walk.segment(IN_GREEN)
        walk.session.prompting.turn(1)
        (snapped,) = held(walk, Snapped)
        walk.session.receive(snapped)
        answer = walk.session.now.draft.answer
        assert answer is not None and set(answer.snapped) == {0, 1}
        walk.session.prompting.turn(-1)
        assert held(walk, Snapped) == []

    def test_a_snap_that_comes_after_the_next_point_is_ignored(self, walk: Walk) -> None:
        walk.click(IN_GREEN)
        walk.session.receive(held(walk, Decoded)[0])
        (late,) = held(walk, Snapped)
        walk.click(IN_RED)
        walk.session.receive(late)
        answer = walk.session.now.draft.answer
        assert answer is not None and not answer.snapped

    def test_a_snap_that_comes_after_turning_is_not_taken_for_the_other_mask(
        self, walk: Walk
    ) -> None:
        walk.click(IN_GREEN)
        walk.session.receive(held(walk, Decoded)[0])
        (late,) = held(walk, Snapped)
        walk.session.prompting.turn(1)
        walk.session.receive(late)
        assert walk.session.prompting.shown is not late.candidate

    def test_switched_off_the_mask_stays_as_predicted(self, walk: Walk) -> None:
        walk.segment(IN_GREEN)
        answer = walk.session.now.draft.answer
        assert answer is not None
        assert walk.session.prompting.toggle_snap() is False
        assert walk.session.prompting.shown is answer.candidates.items[0]
        assert walk.session.prompting.toggle_snap() is True
        assert walk.session.prompting.shown is answer.snapped[0]

    def test_a_model_that_cannot_is_not_asked(self, walk: Walk) -> None:
        able(walk)
        walk.click(IN_RED)
        walk.session.receive(held(walk, Decoded)[0])
        assert held(walk, Snapped) == []


class TestFailures:
    def test_a_failed_prompt_is_told_and_the_next_one_is_tried(self, walk: Walk) -> None:
        walk.click(IN_RED)
        (answer,) = held(walk, Decoded)
        walk.session.receive(Failed(answer.key, answer.ticket, "It broke."))
        assert walk.session.prompting.failure == "It broke."
        assert not walk.session.prompting.is_waiting
        walk.segment(IN_RED)
        assert walk.session.prompting.failure == ""

    def test_a_model_that_cannot_be_loaded_is_told_without_an_image(self, walk: Walk) -> None:
        walk.session.receive(Failed("", None, "The model is missing."))
        assert walk.session.prompting.trouble == "The model is missing."

    def test_a_model_that_cannot_be_loaded_stays_so_on_every_image(self, walk: Walk) -> None:
        walk.session.receive(Failed("", None, "The model is missing."))
        walk.open(1)
        assert walk.session.prompting.trouble == "The model is missing."

    def test_a_failure_is_left_behind_with_its_image(self, walk: Walk) -> None:
        walk.session.receive(Failed(walk.session.key, None, "It broke."))
        assert walk.session.prompting.trouble == "It broke."
        walk.open(1)
        assert walk.session.prompting.trouble == ""

    def test_a_failure_is_over_when_the_prompt_is_asked_again(self, walk: Walk) -> None:
        walk.segment(IN_RED)
        walk.click(IN_GREEN)
        (answer,) = held(walk, Decoded)
        walk.session.receive(Failed(answer.key, answer.ticket, "It broke."))
        walk.session.undo()
        walk.session.redo()
        assert walk.session.prompting.is_waiting


class TestClearing:
    def test_there_is_nothing_to_clear_at_first(self, walk: Walk) -> None:
        assert not walk.session.prompting.clear()

    def test_undo_brings_the_prompt_back_with_its_mask(self, walk: Walk) -> None:
        before = walk.segment(IN_RED)
        walk.session.prompting.clear()
        assert walk.session.prompting.shown is None
        walk.session.undo()
        assert (walk.shown == before).all()
