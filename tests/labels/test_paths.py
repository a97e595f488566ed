from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_label.labels.paths import label_path


@pytest.mark.parametrize(
    ("image", "label"),
    [
        ("/d/images/a.jpg", "/d/labels/a.txt"),
        ("/d/images/train/deep/a.jpg", "/d/labels/train/deep/a.txt"),
        ("/d/images/images/a.jpg", "/d/images/labels/a.txt"),
        ("/images/d/images/x/a.jpg", "/images/d/labels/x/a.txt"),
        ("/images/a.jpg", "/labels/a.txt"),
        ("/d/images/a.b.jpg", "/d/labels/a.b.txt"),
        ("/d/images.v1/a.jpg", "/d/images.v1/a.txt"),
        ("/d/Images/a.jpg", "/d/Images/a.txt"),
        ("/d/my-images/a.jpg", "/d/my-images/a.txt"),
        ("images/a.jpg", "images/a.txt"),
        ("./x/images/a.jpg", "x/labels/a.txt"),
        ("a.jpg", "a.txt"),
        ("/d/images/.jpg", "/d/labels/.txt"),
    ],
)
def test_label_stands_where_ultralytics_looks(image: str, label: str) -> None:
    assert label_path(Path(image)) == Path(label)


@given(st.lists(st.sampled_from(["images", "Images", "labels", "a.b", "x"]), max_size=6))
def test_the_rule_is_that_of_img2label_paths(folders: list[str]) -> None:
    image = "/".join(["", *folders, "a.jpg"])
    expected = "/labels/".join(image.rsplit("/images/", 1)).rsplit(".", 1)[0] + ".txt"
    assert label_path(Path(image)) == Path(expected)
