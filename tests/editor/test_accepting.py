"""From the mask on the screen to the row on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editor.walk import (
    GREEN_ROW,
    IN_GREEN,
    IN_RED,
    ON_NOTHING,
    RED,
    RED_ROW,
    SIZE,
    Walk,
    as_trained,
    box_of,
    iou,
)
from tui_label.dataset.state import ImageState
from tui_label.errors import InputError, SaveError
from tui_label.labels.annotation import Task
from tui_label.labels.files import read_label_file
from tui_label.segment.events import Decoded, Failed, Snapped

Begin = Callable[..., Walk]

TRIANGLE = b"1 0.1 0.1 0.9 0.1 0.5 0.9\n"


class TestAccepting:
    def test_a_box_is_on_disk_and_tight(self, walk: Walk) -> None:
        mask = walk.segment(IN_RED)
        assert walk.session.accept() == "dog saved"
        (row,) = read_label_file(walk.label).rows
        assert row.annotation is not None and row.annotation.class_id == 0
        box = row.annotation.shape.box(SIZE)
        assert (box.x1, box.y1, box.x2, box.y2) == pytest.approx(box_of(mask), abs=1e-3)

    @pytest.mark.parametrize("at", [IN_RED, IN_GREEN])
    def test_a_polygon_is_on_disk_and_trains_the_pixels_that_were_shown(
        self, begin: Begin, at: tuple[float, float]
    ) -> None:
        walk = begin(task=Task.SEGMENT)
        mask = walk.segment(at)
        walk.session.accept()
        assert iou(as_trained(walk.written or b""), mask) >= 0.98

    def test_the_prompt_is_done_with(self, walk: Walk) -> None:
        walk.add(IN_RED)
        assert walk.session.now.draft.is_blank
        assert walk.session.prompting.shown is None
        assert walk.session.now.state is ImageState.IN_PROGRESS

    def test_a_named_class_becomes_the_current_one(self, walk: Walk) -> None:
        assert walk.add(IN_RED, class_id=1) == "cat saved"
        assert walk.session.class_id == 1
        assert (walk.written or b"").startswith(b"1 ")

    def test_objects_stand_in_the_order_in_which_they_were_accepted(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.add(IN_GREEN, 0)
        assert walk.written == RED_ROW + GREEN_ROW

    def test_rows_that_were_there_keep_every_byte(self, begin: Begin, folder: Path) -> None:
        odd = b"1  .5 5e-1 0.10 .1\r\nnobody knows\n\n0 0.25 0.25 0.1 0.1"
        (folder / "a.txt").write_bytes(odd)
        walk = begin()
        assert walk.session.now.not_understood == 1
        walk.add(IN_RED, 1)
        assert walk.written == odd + b"\n" + RED_ROW

    def test_nothing_was_prompted(self, walk: Walk) -> None:
        with pytest.raises(InputError, match="set a point or a box first"):
            walk.session.accept()
        walk.click(ON_NOTHING, positive=False)
        with pytest.raises(InputError, match="set a point or a box first"):
            walk.session.accept()
        assert walk.written is None

    def test_what_was_snapped_later_is_what_is_written(self, begin: Begin) -> None:
        walk = begin(task=Task.SEGMENT)
        walk.click(IN_GREEN)
        walk.session.receive(walk.engine.held.pop(0))
        raw = walk.shown
        walk.deliver()
        snapped = walk.shown
        assert (raw != snapped).any()
        walk.session.accept()
        assert (as_trained(walk.written or b"") == snapped).all()

    def test_the_candidate_on_the_screen_is_what_is_written(self, begin: Begin) -> None:
        walk = begin(task=Task.SEGMENT)
        walk.session.prompting.toggle_snap()
        first = walk.segment(IN_RED)
        walk.session.prompting.turn(1)
        second = walk.shown
        assert (first != second).any()
        walk.session.accept()
        assert iou(as_trained(walk.written or b""), second) >= 0.98

    def test_a_snap_that_comes_after_the_accept_changes_nothing(self, walk: Walk) -> None:
        walk.click(IN_GREEN)
        walk.session.receive(walk.engine.held.pop(0))
        walk.session.accept()
        before = walk.written
        assert any(isinstance(event, Snapped) for event in walk.engine.held)
        walk.deliver()
        assert walk.written == before
        assert walk.session.now.draft.answer is None


class TestAcceptingBeforeTheMaskHasCome:
    def test_it_is_fulfilled_when_the_mask_comes(self, walk: Walk) -> None:
        walk.click(IN_RED)
        assert walk.session.accept(1) == ""
        assert walk.written is None
        assert walk.deliver() == "cat saved"
        assert walk.written == RED_ROW

    def test_only_once(self, walk: Walk) -> None:
        walk.click(IN_RED)
        walk.session.accept(1)
        walk.deliver()
        walk.segment(IN_GREEN)
        assert len(walk.session.now.objects) == 1

    def test_clearing_the_prompt_takes_the_wish_back(self, walk: Walk) -> None:
        walk.click(IN_RED)
        walk.session.accept(1)
        walk.session.prompting.clear()
        walk.segment(IN_GREEN)
        assert walk.written is None

    def test_undo_takes_the_wish_back(self, walk: Walk) -> None:
        walk.click(IN_RED)
        walk.session.accept(1)
        walk.session.undo()
        walk.session.redo()
        walk.deliver()
        assert walk.written is None
        assert box_of(walk.shown) == RED

    def test_another_object_is_not_reopened_before_it_is_saved(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.click(IN_GREEN)
        walk.session.accept(0)
        with pytest.raises(InputError, match="still waits"):
            walk.session.prompting.reopen(0)
        walk.deliver()
        assert walk.written == RED_ROW + GREEN_ROW

    def test_a_photo_that_is_handed_in_twice_does_not_drop_it(self, walk: Walk) -> None:
        walk.click(IN_GREEN)
        walk.session.accept(0)
        photo = walk.session.photo
        assert photo is not None
        walk.session.opened(walk.session.index, photo)
        walk.deliver()
        assert walk.written == GREEN_ROW

    def test_a_refined_object_keeps_a_class_that_the_list_does_not_know(
        self, begin: Begin, folder: Path
    ) -> None:
        (folder / "a.txt").write_bytes(GREEN_ROW.replace(b"0 ", b"77 ", 1))
        walk = begin()
        walk.session.prompting.reopen(0)
        walk.deliver()
        walk.session.accept()
        assert walk.written is not None and walk.written.startswith(b"77 ")

    def test_a_failure_takes_the_wish_back(self, walk: Walk) -> None:
        walk.click(IN_RED)
        walk.session.accept(1)
        (answer,) = walk.engine.held
        assert isinstance(answer, Decoded)
        walk.engine.held.clear()
        walk.session.receive(Failed(answer.key, answer.ticket, "It broke."))
        with pytest.raises(InputError, match="It broke"):
            walk.session.accept(1)
        walk.segment(IN_GREEN)
        assert walk.written is None

    @pytest.mark.parametrize("leave", ["next", "done"])
    def test_the_image_is_not_left_over_it(self, walk: Walk, leave: str) -> None:
        walk.click(IN_RED)
        walk.session.accept(1)
        with pytest.raises(InputError, match="still waits for its mask"):
            walk.session.step(1) if leave == "next" else walk.session.done()
        walk.deliver()
        assert walk.written == RED_ROW
        assert walk.session.step(1)

    def test_a_disk_that_refuses_is_told_then(self, walk: Walk) -> None:
        walk.add(IN_GREEN)
        walk.label.chmod(0o444)
        walk.click(IN_RED)
        walk.session.accept(1)
        with pytest.raises(SaveError):
            walk.deliver()
        assert len(walk.session.now.objects) == 2


class TestShapesOfAFile:
    def test_a_file_of_boxes_stays_one_of_boxes_and_the_sentence_says_so(
        self, begin: Begin, folder: Path
    ) -> None:
        (folder / "a.txt").write_bytes(GREEN_ROW)
        walk = begin(task=Task.SEGMENT)
        assert walk.add(IN_RED, 1) == "cat saved, as a box like the rest of its file"
        assert walk.written == GREEN_ROW + RED_ROW

    def test_a_file_of_polygons_stays_one_of_polygons(self, begin: Begin, folder: Path) -> None:
        (folder / "a.txt").write_bytes(TRIANGLE)
        walk = begin(task=Task.DETECT)
        assert walk.add(IN_RED) == "dog saved, as a polygon like the rest of its file"
        row = read_label_file(walk.label).rows[1]
        assert row.annotation is not None and row.annotation.task is Task.SEGMENT


class TestADiskThatRefuses:
    @pytest.fixture
    def refused(self, walk: Walk) -> Walk:
        """A second object that could not be written."""
        walk.add(IN_RED, 1)
        walk.label.chmod(0o444)
        walk.segment(IN_GREEN)
        with pytest.raises(SaveError, match=r"a\.txt could not be written"):
            walk.session.accept(0)
        return walk

    def test_the_object_stays_and_is_named_as_unsaved(self, refused: Walk) -> None:
        assert len(refused.session.now.objects) == 2
        assert refused.session.unsaved == (refused.session.path,)
        assert refused.written == RED_ROW

    def test_it_survives_a_walk_to_other_images(self, refused: Walk) -> None:
        refused.open(1)
        assert len(refused.session.unsaved) == 1
        refused.open(0)
        assert len(refused.session.now.objects) == 2

    def test_write_writes_it_later(self, refused: Walk) -> None:
        with pytest.raises(SaveError):
            refused.session.write()
        refused.label.chmod(0o644)
        refused.open(1)
        assert refused.session.write() == 1
        refused.open(0)
        assert refused.written == RED_ROW + GREEN_ROW
        assert refused.session.unsaved == ()
        assert refused.session.write() == 0

    def test_the_next_change_writes_it_too(self, refused: Walk) -> None:
        refused.label.chmod(0o644)
        refused.session.relabel(1, 1)
        assert refused.session.unsaved == ()
        assert len((refused.written or b"").splitlines()) == 2

    def test_one_file_that_still_cannot_be_written_does_not_hold_up_the_others(
        self, refused: Walk
    ) -> None:
        first = refused.label
        refused.open(1)
        refused.label.touch(mode=0o444)
        refused.segment(IN_RED)
        with pytest.raises(SaveError):
            refused.session.accept(1)
        refused.label.chmod(0o644)
        with pytest.raises(SaveError, match=r"a\.txt"):
            refused.session.write()
        assert refused.written == RED_ROW
        assert first.read_bytes() == RED_ROW

    def test_a_state_that_cannot_be_kept_costs_neither_labels_nor_the_walk(
        self, walk: Walk
    ) -> None:
        walk.session.store._connection.execute("PRAGMA query_only = 1")
        walk.segment(IN_RED)
        assert walk.session.accept(1) == "cat saved"
        assert walk.written == RED_ROW
        assert "Labels are not affected" in walk.session.state_trouble
        walk.session.store._connection.execute("PRAGMA query_only = 0")
        walk.open(1)
        walk.session.done()
        kept = walk.session.store._connection.execute("SELECT key FROM images").fetchall()
        assert {key for (key,) in kept} == {"a.png", "b.png"}, "what waited is written too"
