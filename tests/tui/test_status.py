"""The status line in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.walk import GREEN_ROW, IN_GREEN, IN_RED, ON_NOTHING, RED, RED_ROW, Walk
from tui_label.errors import SaveError
from tui_label.geometry.boxes import Box
from tui_label.segment.events import Failed, ModelReady
from tui_label.segment.types import Capability, Segmenter
from tui_label.tui import status

INSTALL = "tui-label models pull better"


@pytest.fixture
def walk(folder: Path, segmenter: Segmenter) -> Iterator[Walk]:
    walk = Walk.through(folder, segmenter)
    yield walk
    walk.session.store.close()


class TestWhere:
    def test_number_and_name(self, walk: Walk) -> None:
        walk.open(1)
        assert status.where(walk.session) == "file 2/3 b.png"

    def test_done_background_and_flagged_are_said(self, walk: Walk) -> None:
        walk.open()
        walk.session.done()
        assert status.where(walk.session) == "file 1/3 a.png, done, background"
        walk.session.flag()
        assert status.where(walk.session) == "file 1/3 a.png, flagged"
        walk.add(IN_RED)
        walk.session.done()
        assert status.where(walk.session) == "file 1/3 a.png, done"

    def test_a_hostile_name_is_escaped(self, folder: Path, segmenter: Segmenter) -> None:
        (folder / "a.png").rename(folder / "0\x1b[2J.png")
        walk = Walk.through(folder, segmenter)
        assert status.where(walk.session) == r"file 1/3 0\x1b[2J.png"
        walk.session.store.close()


class TestMaking:
    def test_the_current_class(self, walk: Walk) -> None:
        assert status.making(walk.session) == "class dog"
        walk.session.choose_class(1)
        assert status.making(walk.session) == "class cat"

    def test_no_classes(self, folder: Path, segmenter: Segmenter) -> None:
        (folder / "classes.txt").unlink()
        walk = Walk.through(folder, segmenter)
        assert status.making(walk.session) == "no classes yet"
        walk.session.store.close()

    def test_from_the_first_point_to_the_mask_at_the_edges(self, walk: Walk) -> None:
        walk.open()
        walk.click(IN_GREEN)
        assert status.making(walk.session) == "class dog · 1 point · thinking"
        walk.session.receive(walk.engine.held.pop(0))
        assert status.making(walk.session) == "class dog · 1 point · mask 1 of 3, score 0.84"
        walk.deliver()
        assert status.making(walk.session).endswith("mask 1 of 3, score 0.84, to the edges")

    def test_a_box_and_points_are_counted(self, walk: Walk) -> None:
        walk.open()
        walk.session.prompting.box(Box(*RED))
        walk.click(IN_RED)
        walk.click(IN_RED)
        walk.click(ON_NOTHING, positive=False)
        walk.deliver()
        assert status.making(walk.session).startswith(
            "class dog · box, 2 points, 1 negative · mask, score 0."
        )

    def test_negative_points_alone_ask_for_a_positive_one(self, walk: Walk) -> None:
        walk.open()
        walk.click(ON_NOTHING, positive=False)
        assert status.making(walk.session) == "class dog · 1 negative · set a positive point too"

    def test_an_object_being_refined(self, walk: Walk) -> None:
        walk.open()
        walk.add(IN_RED)
        walk.session.prompting.reopen(0)
        assert status.making(walk.session) == "refining dog · 1 point · thinking"

    def test_a_failure_leaves_no_mask(self, walk: Walk) -> None:
        walk.open()
        walk.click(IN_RED)
        walk.session.receive(Failed("", None, "It broke."))
        assert status.making(walk.session) == "class dog · 1 point · no mask"


class TestKept:
    def test_nothing_is_said_before_the_photo_is_there(self, walk: Walk) -> None:
        assert status.kept(walk.session) == ""

    def test_objects_are_counted(self, walk: Walk) -> None:
        walk.open()
        assert status.kept(walk.session) == "no objects"
        walk.add(IN_RED)
        assert status.kept(walk.session) == "1 object, saved"
        walk.add(IN_GREEN)
        assert status.kept(walk.session) == "2 objects, saved"

    def test_background_is_said(self, walk: Walk) -> None:
        walk.open()
        walk.session.done()
        assert status.kept(walk.session) == "no objects, saved as background"

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            (b"what\n" + RED_ROW, "1 object, 1 row not understood (kept), saved"),
            (b"what\nnow\n", "no objects, 2 rows not understood (kept)"),
        ],
    )
    def test_rows_that_are_not_understood(
        self, folder: Path, walk: Walk, rows: bytes, words: str
    ) -> None:
        (folder / "a.txt").write_bytes(rows)
        walk.open()
        assert status.kept(walk.session) == words

    def test_what_is_not_saved_is_said_on_every_image(self, folder: Path, walk: Walk) -> None:
        (folder / "a.txt").write_bytes(GREEN_ROW)
        (folder / "a.txt").chmod(0o444)
        walk.open()
        with pytest.raises(SaveError):
            walk.add(IN_RED)
        assert status.kept(walk.session) == "2 objects, NOT SAVED: 1 file, :write tries again"
        walk.open(1)
        assert status.kept(walk.session) == "no objects, NOT SAVED: 1 file, :write tries again"


class TestModel:
    def test_from_loading_to_ready(self, walk: Walk) -> None:
        assert status.model(walk.session, INSTALL) == "loading the model"
        walk.open()
        assert status.model(walk.session, INSTALL) == f"built-in (basic) · better masks: {INSTALL}"

    def test_the_photo_being_read(self, walk: Walk) -> None:
        walk.open()
        photo = walk.session.photo
        assert photo is not None
        walk.session.goto(1)
        walk.session.opened(1, photo)
        assert "reading the photo" in status.model(walk.session, INSTALL)

    def test_a_better_model_needs_no_advice(self, walk: Walk) -> None:
        walk.open()
        walk.session.receive(ModelReady("MobileSAM", "mobile", Capability(), is_builtin=False))
        assert status.model(walk.session, INSTALL) == "MobileSAM"
