"""The demo is a dataset like any other, written once."""

from pathlib import Path

import pytest

from tui_label.dataset.demo import DEMO_CLASSES, write_demo
from tui_label.dataset.photos import load_photo
from tui_label.dataset.scenes import SCENE_NAMES
from tui_label.dataset.sources import open_dataset
from tui_label.errors import SaveError

SMALL = (96, 64)


def test_the_demo_opens_as_a_dataset(tmp_path: Path) -> None:
    root = write_demo(tmp_path / "demo", SMALL)
    assert root == tmp_path / "demo"
    dataset = open_dataset(root)
    assert sorted(image.stem for image in dataset.images) == sorted(SCENE_NAMES)
    assert dataset.classes.names == DEMO_CLASSES
    assert dataset.classes.editable
    assert dataset.notes == ()
    assert load_photo(dataset.images[0]).shape == (64, 96, 3)
    assert (root / "labels").is_dir()


def test_nothing_that_is_there_is_written_again(tmp_path: Path) -> None:
    write_demo(tmp_path, SMALL)
    changed = {
        tmp_path / "images" / "reef.jpg": "someone's own",
        tmp_path / "labels" / "reef.txt": "0 0.5 0.5 0.1 0.1\n",
        tmp_path / "classes.txt": "apple\nkraken\n",
    }
    for path, text in changed.items():
        path.write_text(text)
    (tmp_path / "images" / "desk.jpg").unlink()
    write_demo(tmp_path, SMALL)
    assert {path: path.read_text() for path in changed} == changed
    assert (tmp_path / "images" / "desk.jpg").is_file()
    assert not list(tmp_path.glob("**/*.tmp"))


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SaveError) as caught:
        write_demo(tmp_path / "file" / "demo", SMALL)
    assert "cannot be written" in str(caught.value)


def test_a_class_list_of_the_demo_that_leads_nowhere_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").symlink_to("classes.txt")
    with pytest.raises(SaveError) as caught:
        write_demo(tmp_path, SMALL)
    assert str(caught.value).isprintable()
