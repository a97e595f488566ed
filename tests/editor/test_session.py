"""The walk through a dataset: what is on disk, in which words, and where it leads."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editor.walk import (
    GREEN,
    GREEN_ROW,
    IN_GREEN,
    IN_RED,
    ON_NOTHING,
    RED,
    RED_ROW,
    Walk,
    box_of,
)
from tui_label.dataset.photos import load_photo
from tui_label.dataset.state import ImageState
from tui_label.editor.images import image_named, photo_key
from tui_label.editor.session import LAST_IMAGE, NeedsClassesError
from tui_label.errors import InputError
from tui_label.geometry.boxes import Box

Begin = Callable[..., Walk]

TRIANGLE = b"1 0.1 0.1 0.9 0.1 0.5 0.9\n"


class TestUndo:
    def test_an_accept_is_taken_back_and_its_mask_is_on_the_screen_again(self, walk: Walk) -> None:
        before = walk.segment(IN_RED)
        walk.session.accept(1)
        assert walk.session.undo()
        assert walk.written is None
        assert (walk.shown == before).all()
        assert walk.session.redo()
        assert walk.written == RED_ROW
        assert walk.session.prompting.shown is None

    def test_a_deletion_is_taken_back_in_its_old_place(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.add(IN_GREEN, 0)
        walk.session.delete(0)
        assert walk.written == GREEN_ROW
        walk.session.undo()
        assert walk.written == RED_ROW + GREEN_ROW

    def test_another_class_is_taken_back(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.session.relabel(0, 0)
        assert (walk.written or b"").startswith(b"0 ")
        walk.session.undo()
        assert walk.written == RED_ROW

    def test_done_is_taken_back_with_its_state(self, walk: Walk) -> None:
        walk.session.done()
        assert walk.session.store.states() == {"a.png": ImageState.DONE_EMPTY}
        walk.session.undo()
        assert walk.written is None
        assert walk.session.store.state("a.png") is ImageState.UNSEEN
        walk.session.redo()
        assert walk.written == b""
        assert walk.session.store.state("a.png") is ImageState.DONE_EMPTY

    def test_points_are_taken_back_one_by_one(self, walk: Walk) -> None:
        walk.segment(IN_RED)
        walk.click(ON_NOTHING, positive=False)
        walk.deliver()
        walk.session.undo()
        assert len(walk.session.now.draft.prompt.points) == 1
        walk.session.undo()
        assert walk.session.now.draft.is_blank
        assert not walk.session.undo()

    def test_a_point_redone_before_it_was_answered_is_asked_again(self, walk: Walk) -> None:
        walk.click(IN_RED)
        walk.engine.held.clear()
        walk.session.undo()
        walk.session.redo()
        walk.deliver()
        assert box_of(walk.shown) == RED

    def test_it_waits_for_each_image_where_it_was_left(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.open(1)
        assert not walk.session.undo()
        walk.open(0)
        assert walk.session.undo()
        assert walk.written is None


class TestDone:
    def test_no_label_file_before_somebody_says_it(self, walk: Walk) -> None:
        for index in (0, 1, 2, 0):
            walk.open(index)
            walk.segment(IN_RED)
        assert list(walk.label.parent.glob("[abc].txt")) == []

    def test_without_objects_the_file_is_empty_and_says_background(self, walk: Walk) -> None:
        assert walk.session.done() == "done: background, an empty label file says so"
        assert walk.written == b""
        assert walk.session.now.state is ImageState.DONE_EMPTY

    def test_with_objects_the_file_stays(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        assert walk.session.done() == "done"
        assert walk.written == RED_ROW
        assert walk.session.now.state is ImageState.DONE

    def test_rows_that_nobody_understood_make_no_background(
        self, begin: Begin, folder: Path
    ) -> None:
        (folder / "a.txt").write_bytes(b"nobody knows\n")
        walk = begin()
        assert walk.session.done() == "done"
        assert walk.written == b"nobody knows\n"

    def test_an_empty_file_stays_background(self, begin: Begin, folder: Path) -> None:
        (folder / "a.txt").touch()
        walk = begin()
        assert walk.session.now.background
        walk.segment(IN_RED)
        walk.open(1)
        walk.open(0)
        assert walk.written == b""

    def test_the_last_object_deleted_leaves_no_file(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.session.delete(0)
        assert walk.written is None
        walk.session.undo()
        assert walk.written == RED_ROW


class TestObjects:
    def test_selecting_goes_round_in_both_directions(self, walk: Walk) -> None:
        assert not walk.session.select(1)
        walk.add(IN_RED)
        walk.add(IN_GREEN)
        seen = []
        for step in (1, 1, 1, -1):
            assert walk.session.select(step)
            seen.append(walk.session.now.selected)
        assert seen == [0, 1, 0, 1]

    def test_the_selected_object_is_meant_before_the_one_under_the_cursor(self, walk: Walk) -> None:
        walk.add(IN_RED)
        walk.add(IN_GREEN)
        assert walk.session.target(*IN_GREEN) == 1
        walk.session.select(1)
        assert walk.session.target(*IN_GREEN) == 0

    def test_no_object_is_meant(self, walk: Walk) -> None:
        with pytest.raises(InputError, match="none is under the cursor"):
            walk.session.target(*ON_NOTHING)

    def test_another_class_changes_the_class_alone(self, begin: Begin, folder: Path) -> None:
        (folder / "a.txt").write_bytes(b"0\t.5  5e-1 0.10 .1\r\n")
        walk = begin()
        walk.session.relabel(0, 1)
        assert walk.written == b"1\t.5  5e-1 0.10 .1\r\n"

    def test_reopened_an_object_comes_back_as_its_prompt_and_is_replaced_in_place(
        self, walk: Walk
    ) -> None:
        walk.add(IN_RED, 1)
        walk.add(IN_GREEN, 0)
        walk.session.prompting.reopen(0)
        assert [(point.x, point.y) for point in walk.session.now.draft.prompt.points] == [IN_RED]
        assert walk.session.class_id == 0, "the class of the next object is not touched"
        walk.click((25.5, 25.5))
        walk.deliver()
        walk.session.accept()
        assert walk.written == RED_ROW + GREEN_ROW
        walk.session.undo()
        assert walk.session.now.reopened == 0

    def test_an_object_of_another_program_is_reopened_as_its_box(
        self, begin: Begin, folder: Path
    ) -> None:
        (folder / "a.txt").write_bytes(RED_ROW + GREEN_ROW)
        walk = begin()
        walk.session.prompting.reopen(1)
        box = walk.session.now.draft.prompt.box
        assert box is not None
        assert (box.x1, box.y1, box.x2, box.y2) == pytest.approx(GREEN, abs=1e-3)
        walk.deliver()
        walk.session.accept(1)
        assert walk.written == RED_ROW + b"1" + GREEN_ROW[1:]

    def test_put_away_a_reopened_object_is_as_it_was(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.session.prompting.reopen(0)
        walk.session.prompting.clear()
        assert walk.written == RED_ROW
        assert walk.session.now.reopened is None

    def test_deleting_another_object_leaves_the_reopened_one_reopened(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.add(IN_GREEN, 0)
        walk.session.prompting.reopen(1)
        walk.session.delete(0)
        walk.deliver()
        walk.session.accept()
        assert walk.written == GREEN_ROW


class TestSomebodyElse:
    def test_their_rows_are_merged_when_ours_are_written(self, walk: Walk) -> None:
        walk.add(IN_RED, 1)
        walk.label.write_bytes(RED_ROW + b"0 0.1 0.1 0.1 0.1\n")
        walk.add(IN_GREEN, 0)
        assert walk.written == RED_ROW + b"0 0.1 0.1 0.1 0.1\n" + GREEN_ROW
        assert walk.session.document is not None and walk.session.document.merged

    def test_what_they_wrote_meanwhile_is_there_when_the_image_is_opened_again(
        self, walk: Walk
    ) -> None:
        walk.add(IN_RED, 1)
        walk.open(1)
        (walk.label.parent / "a.txt").write_bytes(GREEN_ROW)
        walk.open(0)
        assert [row.raw for row in walk.session.now.rows] == [GREEN_ROW]


class TestClasses:
    def test_the_first_accept_asks_for_names_and_keeps_the_mask(
        self, begin: Begin, folder: Path
    ) -> None:
        (folder / "classes.txt").unlink()
        walk = begin()
        walk.segment(IN_RED)
        with pytest.raises(NeedsClassesError):
            walk.session.accept()
        walk.session.add_classes(["bird", "fish"])
        assert (folder / "classes.txt").read_text() == "bird\nfish\n"
        assert walk.session.accept(1) == "fish saved"
        assert walk.written == RED_ROW

    def test_new_names_go_to_the_end(self, walk: Walk, folder: Path) -> None:
        walk.session.add_classes(["bird"])
        assert (folder / "classes.txt").read_text() == "dog\ncat\nbird\n"
        assert walk.session.classes.title(2) == "bird"

    def test_one_bad_name_of_several_adds_none(self, walk: Walk, folder: Path) -> None:
        with pytest.raises(InputError, match="already a class named dog"):
            walk.session.add_classes(["bird", "dog"])
        assert walk.session.classes.names == ("dog", "cat")
        assert (folder / "classes.txt").read_text() == "dog\ncat\n"

    @pytest.mark.parametrize("class_id", [2, -1, 10**6])
    def test_an_id_beyond_the_list_is_refused_everywhere(self, walk: Walk, class_id: int) -> None:
        walk.add(IN_RED, 1)
        walk.segment(IN_GREEN)
        with pytest.raises(InputError, match="only 2 classes"):
            walk.session.accept(class_id)
        with pytest.raises(InputError, match="only 2 classes"):
            walk.session.relabel(0, class_id)
        with pytest.raises(InputError, match="only 2 classes"):
            walk.session.choose_class(class_id)
        assert walk.written == RED_ROW
        assert walk.session.class_id == 1

    def test_an_object_of_a_class_without_a_name_is_kept(self, begin: Begin, folder: Path) -> None:
        (folder / "a.txt").write_bytes(b"7 0.5 0.5 0.1 0.1\n")
        walk = begin()
        assert walk.session.classes.title(walk.session.now.rows[0].annotation.class_id) == "class 7"
        walk.add(IN_RED, 1)
        assert walk.written == b"7 0.5 0.5 0.1 0.1\n" + RED_ROW


class TestFlagging:
    def test_it_comes_and_goes(self, walk: Walk) -> None:
        assert walk.session.flag("is this a dog?") == "flagged"
        record = walk.session.store.record("a.png")
        assert (record.state, record.note) == (ImageState.FLAGGED, "is this a dog?")
        assert walk.session.flag() == "flag removed"
        assert walk.session.store.state("a.png") is ImageState.UNSEEN

    def test_undo_brings_the_flag_back_with_its_note(self, walk: Walk) -> None:
        walk.session.flag("blurred")
        walk.session.done()
        walk.session.undo()
        record = walk.session.store.record("a.png")
        assert (record.state, record.note) == (ImageState.FLAGGED, "blurred")

    def test_what_was_done_is_done_when_the_flag_goes(self, walk: Walk) -> None:
        walk.session.done()
        walk.session.flag()
        walk.session.flag()
        assert walk.session.store.state("a.png") is ImageState.DONE_EMPTY

    def test_it_touches_no_label_file(self, walk: Walk) -> None:
        walk.session.flag()
        assert walk.written is None


class TestTheWalk:
    def test_it_ends_at_both_ends(self, walk: Walk) -> None:
        assert not walk.session.step(-1)
        assert walk.session.step(1) and walk.session.step(1)
        assert not walk.session.step(1)
        assert walk.session.index == 2

    @pytest.mark.parametrize("index", [-1, 3, 10**9])
    def test_there_is_nothing_beyond(self, walk: Walk, index: int) -> None:
        with pytest.raises(InputError, match="the dataset has 3"):
            walk.session.goto(index)
        assert walk.session.index == 0
        assert walk.session.photo is not None

    def test_leaving_marks_nothing(self, walk: Walk) -> None:
        walk.open(1)
        assert set(walk.session.store.states().values()) <= {ImageState.UNSEEN}

    def test_the_next_that_is_not_done_is_found_round_the_end(self, walk: Walk) -> None:
        walk.open(1)
        walk.session.done()
        walk.open(2)
        walk.add(IN_RED)
        walk.session.done()
        assert walk.session.next_not_done() and walk.session.index == 0
        walk.open(0)
        walk.session.done()
        assert not walk.session.next_not_done()
        assert walk.session.index == 0

    def test_flagged_images_are_not_done(self, walk: Walk) -> None:
        walk.open(1)
        walk.session.flag()
        walk.open(0)
        assert walk.session.next_not_done() and walk.session.index == 1

    def test_it_is_resumed_where_it_was_left(self, walk: Walk) -> None:
        walk.open(2)
        assert walk.session.store.recall(LAST_IMAGE) == "c.png"

    def test_images_are_found_by_name_or_by_a_part_that_only_one_has(self, walk: Walk) -> None:
        assert image_named(walk.session.dataset.images, "b.png") == 1
        assert image_named(walk.session.dataset.images, "C") == 2
        with pytest.raises(InputError, match="3 images match"):
            image_named(walk.session.dataset.images, "png")
        with pytest.raises(InputError, match=r"called “\\x1bz”"):
            image_named(walk.session.dataset.images, "\x1bz")

    def test_the_images_ahead_are_embedded_in_the_direction_of_travel(self, walk: Walk) -> None:
        images = walk.session.dataset.images
        assert walk.engine.looked_ahead == [photo_key(images[1]), photo_key(images[2])]
        walk.open(2)
        walk.engine.looked_ahead.clear()
        walk.open(1)
        assert walk.engine.looked_ahead == [photo_key(images[0])]

    def test_a_photo_that_comes_after_the_image_was_left_is_ignored(self, walk: Walk) -> None:
        walk.session.goto(1)
        walk.session.opened(0, load_photo(walk.session.dataset.images[0]))
        assert walk.session.photo is None
        walk.session.failed(0, "It is broken.")
        assert walk.session.failure == ""

    def test_a_photo_that_cannot_be_opened_says_why_and_the_walk_goes_on(self, walk: Walk) -> None:
        walk.session.goto(1)
        walk.session.failed(1, "b.png is cut short.")
        with pytest.raises(InputError, match="cut short"):
            walk.session.done()
        assert walk.session.step(1)
        assert walk.session.failure == ""

    def test_a_label_file_that_cannot_be_read_is_told_and_nothing_is_written_over_it(
        self, walk: Walk, folder: Path
    ) -> None:
        os.mkfifo(folder / "b.txt")
        walk.open(1)
        assert "b.txt cannot be read" in walk.session.failure
        with pytest.raises(InputError, match="cannot be read"):
            walk.session.accept()

    def test_a_prompt_that_was_begun_is_there_when_one_comes_back(self, walk: Walk) -> None:
        walk.session.prompting.box(Box(*RED))
        walk.open(1)
        assert walk.session.now.draft.is_blank
        walk.open(0)
        assert walk.session.now.draft.prompt.box == Box(*RED)
        assert box_of(walk.shown) == RED
