"""Labelling on a photo that is too large to be held whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.huge_photos import HugePhoto, draw_tiff
from tests.editor.walk import Walk
from tui_label.dataset.photos import LargePhoto
from tui_label.editor.photo_cache import PhotoCache
from tui_label.geometry.boxes import Size
from tui_label.labels.annotation import Task
from tui_label.segment.types import Segmenter


@pytest.fixture
def photo(tmp_path: Path) -> HugePhoto:
    (tmp_path / "classes.txt").write_text("dog\ncat\n")
    return draw_tiff(tmp_path, Size(12_000, 8_000), deflate=False)


@pytest.fixture
def walk(photo: HugePhoto, segmenter: Segmenter) -> Iterator[Walk]:
    walk = Walk.through(photo.path.parent, segmenter, Task.SEGMENT)
    walk.session.goto(0)
    walk.session.opened(0, PhotoCache().load(photo.path))
    walk.deliver()
    yield walk
    walk.session.store.close()


def test_from_two_clicks_to_a_polygon(walk: Walk, photo: HugePhoto) -> None:
    box = photo.object
    for x, y in ((0.5, 0.5), (0.25, 0.25)):
        walk.session.prompting.point(box.x1 + x * box.width, box.y1 + y * box.height, positive=True)
        walk.deliver()
    walk.session.accept(1)

    assert isinstance(walk.session.photo, LargePhoto)
    assert walk.written is not None
    assert walk.written.startswith(b"1 ")
    document = walk.session.document
    assert document is not None
    region = document.region(0)
    assert region is not None
    assert region.size == photo.size
    assert region.area == pytest.approx(box.area, rel=0.05)
    near = pytest.approx(0, abs=30)  # of 960 pixels
    assert (region.box.x1 - box.x1, region.box.y1 - box.y1) == (near, near)
    assert (region.box.x2 - box.x2, region.box.y2 - box.y2) == (near, near)


def test_an_image_that_was_left_lets_go_of_its_full_decode(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested = []

    def rest(photo: LargePhoto) -> None:
        rested.append(photo)

    monkeypatch.setattr(LargePhoto, "rest", rest)
    photo = walk.session.photo
    walk.session.goto(0)
    assert rested == [photo]
