"""One image being edited: what stands in its label file after every step, and after every undo."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.editor.walk import GREEN_ROW, RED_ROW, SIZE, as_trained
from tui_label.dataset.state import ImageRecord
from tui_label.editor.document import Document, Entry
from tui_label.editor.draft import Draft
from tui_label.errors import SaveError
from tui_label.geometry.masks import full_mask
from tui_label.labels.files import read_label_file
from tui_label.labels.yolo import parse_rows
from tui_label.segment.types import Prompt, PromptPoint

TRIANGLE = b"0 0.1 0.1 0.9 0.1 0.5 0.9\n"

Opened = Callable[..., Document]


@pytest.fixture
def label(tmp_path: Path) -> Path:
    return tmp_path / "a.txt"


@pytest.fixture
def opened(label: Path) -> Opened:
    """The document of an image whose label file holds this; ``None``: there is no file."""

    def open_it(content: bytes | None = None) -> Document:
        if content is not None:
            label.write_bytes(content)
        return Document(label.with_suffix(".png"), SIZE, read_label_file(label), ImageRecord())

    return open_it


def entries(*rows: bytes) -> tuple[Entry, ...]:
    return tuple(Entry(row) for row in parse_rows(b"".join(rows)))


def with_row(document: Document, row: bytes) -> None:
    document.change(entries=document.now.entries + entries(row))


def written(document: Document) -> bytes | None:
    path = document.file.path
    return path.read_bytes() if path.exists() else None


def test_a_change_is_on_disk_when_it_returns(opened: Opened) -> None:
    document = opened()
    with_row(document, RED_ROW)
    assert written(document) == RED_ROW


def test_no_file_appears_for_a_prompt_alone(opened: Opened) -> None:
    document = opened()
    document.change(draft=Draft(Prompt((PromptPoint(1, 1),))))
    assert written(document) is None


def test_undo_and_redo_travel_on_disk_too(opened: Opened) -> None:
    document = opened()
    with_row(document, RED_ROW)
    with_row(document, GREEN_ROW)
    assert document.undo() and written(document) == RED_ROW
    assert document.undo() and written(document) is None
    assert not document.undo()
    assert document.redo() and written(document) == RED_ROW
    assert document.redo() and written(document) == RED_ROW + GREEN_ROW
    assert not document.redo()


@given(
    st.lists(
        st.one_of(st.sampled_from([RED_ROW, GREEN_ROW]), st.sampled_from(["pop", "undo", "redo"])),
        max_size=15,
    )
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_the_file_holds_the_rows_of_the_present(
    opened: Opened, label: Path, acts: list[bytes | str]
) -> None:
    label.unlink(missing_ok=True)
    document = opened()
    for act in acts:
        match act:
            case "pop":
                document.change(entries=document.now.entries[:-1])
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case bytes():
                with_row(document, act)
        rows = b"".join(row.raw for row in document.now.rows)
        assert written(document) == (rows or None)


def test_the_last_object_takes_the_file_with_it_and_undo_brings_it_back(opened: Opened) -> None:
    document = opened(RED_ROW)
    document.change(entries=())
    assert written(document) is None
    document.undo()
    assert written(document) == RED_ROW


def test_only_a_persons_word_makes_an_empty_file(opened: Opened) -> None:
    document = opened()
    document.change(background=True)
    assert written(document) == b""
    document.undo()
    assert written(document) is None


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n  \n"])
def test_a_background_file_stays_as_it_is_until_an_object_comes(
    opened: Opened, content: bytes
) -> None:
    document = opened(content)
    assert document.now.background
    document.change(draft=Draft(Prompt((PromptPoint(1, 1),))))
    assert written(document) == content


def test_blank_lines_left_without_objects_are_no_background(opened: Opened) -> None:
    document = opened(RED_ROW + b"\n")
    document.change(entries=document.now.entries[1:])
    assert written(document) is None
    document.undo()
    assert written(document) == RED_ROW + b"\n"


def test_rows_that_nobody_touched_keep_every_byte(opened: Opened) -> None:
    odd = b"\xef\xbb\xbf0  .5 5e-1 0.10 .1\r\n# junk \xff\n\n1 0.25 0.25 0.1 0.1"
    document = opened(odd)
    with_row(document, RED_ROW)
    content = written(document)
    assert content is not None
    assert content.startswith(odd) and content.endswith(RED_ROW)
    document.undo()
    assert written(document) == odd


def test_junk_rows_are_counted_and_are_no_objects(opened: Opened) -> None:
    document = opened(b"what\n\n" + RED_ROW + b"0 2 2 2 2\n")
    assert document.now.not_understood == 2
    assert document.now.objects == (2,)
    with pytest.raises(ValueError, match="row 1 is not an object"):
        document.now.annotation(0)


def test_an_answer_and_a_selection_are_no_steps(opened: Opened) -> None:
    document = opened(RED_ROW)
    document.select(0)
    assert document.now.selected == 0
    assert not document.undo()


class TestSomebodyElseAtTheSameFile:
    def test_their_rows_and_ours_are_merged(self, opened: Opened, label: Path) -> None:
        document = opened(RED_ROW)
        label.write_bytes(RED_ROW + GREEN_ROW)
        with_row(document, TRIANGLE)
        assert written(document) == RED_ROW + GREEN_ROW + TRIANGLE
        assert document.merged
        assert document.now.objects == (0, 1, 2)

    def test_undo_takes_back_our_step_and_not_theirs(self, opened: Opened, label: Path) -> None:
        document = opened(RED_ROW)
        with_row(document, TRIANGLE)
        label.write_bytes(RED_ROW + TRIANGLE + GREEN_ROW)
        with_row(document, b"1 0.5 0.5 0.1 0.1\n")
        document.undo()
        assert set((written(document) or b"").splitlines(keepends=True)) == {
            RED_ROW,
            TRIANGLE,
            GREEN_ROW,
        }
        document.undo()
        assert set((written(document) or b"").splitlines(keepends=True)) == {RED_ROW, GREEN_ROW}

    def test_a_row_they_deleted_does_not_come_back_with_undo(
        self, opened: Opened, label: Path
    ) -> None:
        document = opened(RED_ROW + GREEN_ROW)
        with_row(document, TRIANGLE)
        label.write_bytes(GREEN_ROW + TRIANGLE)
        with_row(document, b"1 0.5 0.5 0.1 0.1\n")
        document.undo()
        assert written(document) == GREEN_ROW + TRIANGLE

    def test_our_undo_merges_with_what_they_did_since(self, opened: Opened, label: Path) -> None:
        document = opened(RED_ROW)
        with_row(document, TRIANGLE)
        label.write_bytes(RED_ROW + TRIANGLE + GREEN_ROW)
        document.undo()
        assert written(document) == RED_ROW + GREEN_ROW
        document.redo()
        assert written(document) == RED_ROW + GREEN_ROW + TRIANGLE

    def test_prompts_and_the_object_being_refined_stay_with_their_rows(
        self, opened: Opened, label: Path
    ) -> None:
        document = opened()
        prompt = Prompt((PromptPoint(1, 1),))
        document.change(entries=tuple(Entry(entry.row, prompt) for entry in entries(RED_ROW)))
        document.change(reopened=0)
        label.write_bytes(GREEN_ROW + RED_ROW)
        with_row(document, TRIANGLE)
        assert document.now.reopened == 1
        assert [entry.prompt for entry in document.now.entries] == [None, prompt, None]

    def test_a_file_that_vanished_is_written_again_whole(self, opened: Opened, label: Path) -> None:
        document = opened(RED_ROW)
        label.unlink()
        with_row(document, GREEN_ROW)
        assert written(document) == RED_ROW + GREEN_ROW

    def test_their_objects_survive_our_background(self, opened: Opened, label: Path) -> None:
        document = opened()
        label.write_bytes(RED_ROW)
        document.change(background=True)
        assert written(document) == RED_ROW
        assert not document.now.background
        document.change(entries=())
        assert written(document) is None


class TestADiskThatRefuses:
    def test_the_object_stays_in_memory_and_a_later_save_writes_it(
        self, opened: Opened, label: Path
    ) -> None:
        document = opened(RED_ROW)
        label.chmod(0o444)
        with pytest.raises(SaveError, match="could not be written"):
            with_row(document, GREEN_ROW)
        assert document.unsaved
        assert len(document.now.objects) == 2
        assert written(document) == RED_ROW
        label.chmod(0o644)
        document.save()
        assert not document.unsaved
        assert written(document) == RED_ROW + GREEN_ROW

    def test_undoing_what_could_not_be_written_leaves_nothing_to_save(
        self, opened: Opened, label: Path
    ) -> None:
        document = opened(RED_ROW)
        label.chmod(0o444)
        with pytest.raises(SaveError):
            with_row(document, GREEN_ROW)
        document.undo()
        assert not document.unsaved


class TestWhereObjectsAre:
    def test_a_polygon_has_the_pixels_that_training_sees(self, opened: Opened) -> None:
        region = opened(TRIANGLE).region(0)
        assert region is not None
        assert (full_mask(region) == as_trained(TRIANGLE)).all()

    def test_a_box_has_no_pixels_of_its_own(self, opened: Opened) -> None:
        document = opened(RED_ROW)
        assert document.region(0) is None
        assert document.box(0).width == pytest.approx(30, abs=1e-3)

    def test_the_smallest_object_under_a_point_comes_first(self, opened: Opened) -> None:
        document = opened(b"0 .5 .5 1 1\n" + RED_ROW + GREEN_ROW)
        assert document.objects_at(35, 40) == (1, 0)
        assert document.objects_at(95, 20) == (2, 0)
        assert document.objects_at(1, 1) == (0,)
