"""Whatever people point at opens as one dataset, or one sentence says why not."""

from pathlib import Path

import pytest

from tui_label.dataset.classes import ClassList, added, save_classes
from tui_label.dataset.sources import open_dataset
from tui_label.errors import InputError


def touched(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_folder_opens_with_its_classes(tmp_path: Path) -> None:
    touched(tmp_path, "images/b.jpg", "images/a.jpg")
    (tmp_path / "classes.txt").write_text("dog\n")
    dataset = open_dataset(tmp_path)
    assert dataset.root == tmp_path
    assert dataset.images == (tmp_path / "images/a.jpg", tmp_path / "images/b.jpg")
    assert dataset.classes == ClassList(("dog",), tmp_path / "classes.txt")
    assert dataset.notes == ()


def test_one_image_is_a_dataset(tmp_path: Path) -> None:
    touched(tmp_path, "a.jpg", "b.jpg")
    dataset = open_dataset(tmp_path / "a.jpg")
    assert dataset.images == (tmp_path / "a.jpg",)
    assert dataset.root == tmp_path


def test_a_relative_path_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touched(tmp_path, "d/a.jpg")
    monkeypatch.chdir(tmp_path / "d")
    assert open_dataset(Path("../d")).images == (tmp_path / "d/a.jpg",)
    assert open_dataset(Path()).root == tmp_path / "d"


def test_a_list_has_its_images_common_folder_as_root(tmp_path: Path) -> None:
    touched(tmp_path, "x/a.jpg", "x/y/b.jpg")
    (tmp_path / "list.txt").write_text("./x/y/b.jpg\n./x/a.jpg\n./x/a.jpg\n")
    dataset = open_dataset(tmp_path / "list.txt")
    assert dataset.images == (tmp_path / "x/y/b.jpg", tmp_path / "x/a.jpg")
    assert dataset.root == tmp_path / "x"


def test_images_that_share_a_label_are_told_about(tmp_path: Path) -> None:
    touched(tmp_path, "a.jpg", "a.png", "b.jpg", "s/b.png")
    dataset = open_dataset(tmp_path)
    assert dataset.shared_labels == ((tmp_path / "a.jpg", tmp_path / "a.png"),)
    assert "a.jpg and a.png" in dataset.notes[0]


def test_asked_for_names_make_the_list_or_are_appended_to_it(tmp_path: Path) -> None:
    touched(tmp_path, "a.jpg")
    assert open_dataset(tmp_path, ["cat", "dog", "cat"]).classes.names == ("cat", "dog")
    (tmp_path / "classes.txt").write_text("dog\n")
    dataset = open_dataset(tmp_path, ["cat", "dog"])
    assert dataset.classes.names == ("dog", "cat")
    assert "keeps its order" in dataset.notes[0]
    (tmp_path / "classes.txt").unlink()
    (tmp_path / "data.yaml").write_text("names: [dog]")
    dataset = open_dataset(tmp_path, ["cat"])
    assert dataset.classes.names == ("dog",)
    assert "Not added: cat" in dataset.notes[0]


@pytest.mark.parametrize(
    "opened",
    [
        "d/images/train/a.jpg",
        "d",
        "d/images",
        "d/images/train",
        "lists/train.txt",
        "d/data.yaml",
        "d/empty.yaml",
        "lists/elsewhere.yaml",
    ],
)
def test_a_class_that_was_added_is_there_when_the_same_is_opened_again(
    tmp_path: Path, opened: str
) -> None:
    touched(tmp_path, "d/images/train/a.jpg", "d/images/train/b.jpg", "lists/x")
    (tmp_path / "lists/train.txt").write_text("./../d/images/train/a.jpg\n")
    (tmp_path / "d/data.yaml").write_text("train: images/train\n")
    (tmp_path / "d/empty.yaml").write_text("train: images/train\nnames: []\n")
    (tmp_path / "lists/elsewhere.yaml").write_text(f"path: {tmp_path}/d\ntrain: images\n")
    for expected in (("dog",), ("dog", "cat")):
        dataset = open_dataset(tmp_path / opened)
        save_classes(added(dataset.classes, expected[-1]), dataset.root)
        again = open_dataset(tmp_path / opened)
        assert again.classes.names == expected
        assert again.classes.editable
        assert again.root == dataset.root


def test_a_class_list_beside_a_list_of_images_goes_before_one_beside_the_images(
    tmp_path: Path,
) -> None:
    touched(tmp_path, "d/a.jpg")
    (tmp_path / "list.txt").write_text("./d/a.jpg\n")
    (tmp_path / "d/classes.txt").write_text("far\n")
    assert open_dataset(tmp_path / "list.txt").classes.names == ("far",)
    (tmp_path / "classes.txt").write_text("near\n")
    assert open_dataset(tmp_path / "list.txt").classes.names == ("near",)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone", "does not exist"),
        ("a.jpg/x", "does not exist"),
        ("a\0b", "cannot be read"),
        ("notes.md", "neither a folder"),
        ("empty", "holds no images"),
        ("x" * 300, "cannot be read"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path, name: str, reason: str) -> None:
    touched(tmp_path, "a.jpg", "notes.md", "empty/b.heic")
    with pytest.raises(InputError) as caught:
        open_dataset(tmp_path / name)
    assert reason in str(caught.value)
    assert str(caught.value).isprintable()


def test_an_empty_folder_says_what_was_looked_for(tmp_path: Path) -> None:
    touched(tmp_path, "b.heic")
    with pytest.raises(InputError) as caught:
        open_dataset(tmp_path)
    assert ".jpg" in str(caught.value)
    assert "1 .heic" in str(caught.value)


class TestDataYaml:
    """Where a data.yaml's images are."""

    def test_relative_to_its_own_folder_without_path(self, tmp_path: Path) -> None:
        touched(tmp_path, "images/train/a.jpg", "images/val/b.jpg")
        (tmp_path / "data.yaml").write_text("train: images/train\nval: [images/val]\nnames: [x]")
        dataset = open_dataset(tmp_path / "data.yaml")
        assert [image.name for image in dataset.images] == ["a.jpg", "b.jpg"]
        assert dataset.root == tmp_path
        assert dataset.classes == ClassList(("x",), tmp_path / "data.yaml", editable=False)
        assert dataset.notes == ()

    def test_path_dot_works_from_anywhere_and_says_which_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        touched(tmp_path, "d/images/a.jpg")
        (tmp_path / "d/data.yaml").write_text("path: .\ntrain: images\nnames: [x]")
        monkeypatch.chdir(tmp_path)
        dataset = open_dataset(Path("d/data.yaml"))
        assert dataset.images == (tmp_path / "d/images/a.jpg",)
        assert str(tmp_path / "d") in dataset.notes[0]
        monkeypatch.chdir(tmp_path / "d")
        assert open_dataset(Path("data.yaml")).notes == ()

    def test_path_dot_prefers_images_of_the_current_folder_as_training_does(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        touched(tmp_path, "images/here.jpg", "d/images/there.jpg")
        (tmp_path / "d/data.yaml").write_text("path: .\ntrain: images\nnames: [x]")
        monkeypatch.chdir(tmp_path)
        dataset = open_dataset(tmp_path / "d/data.yaml")
        assert dataset.images == (tmp_path / "images/here.jpg",)
        assert str(tmp_path / "d") in dataset.notes[0]

    def test_a_path_that_moved_is_looked_for_beside_the_file(self, tmp_path: Path) -> None:
        touched(tmp_path, "images/a.jpg")
        (tmp_path / "data.yaml").write_text("path: /elsewhere/ds\ntrain: images\nnames: [x]")
        dataset = open_dataset(tmp_path / "data.yaml")
        assert dataset.images == (tmp_path / "images/a.jpg",)
        assert "/elsewhere/ds" in dataset.notes[0]

    def test_a_list_file_as_split_and_an_image_twice(self, tmp_path: Path) -> None:
        touched(tmp_path, "images/a.jpg", "images/b.jpg")
        (tmp_path / "train.txt").write_text("./images/b.jpg\n")
        (tmp_path / "data.yaml").write_text("train: train.txt\nval: images\nnames: [x]")
        images = open_dataset(tmp_path / "data.yaml").images
        assert [image.name for image in images] == ["b.jpg", "a.jpg"]

    def test_roboflows_step_up_is_forgiven(self, tmp_path: Path) -> None:
        touched(tmp_path, "ds/train/images/a.jpg")
        (tmp_path / "ds/data.yaml").write_text("train: ../train/images\nnames: [x]")
        dataset = open_dataset(tmp_path / "ds/data.yaml")
        assert dataset.images == (tmp_path / "ds/train/images/a.jpg",)

    def test_a_missing_split_is_told_about_and_the_rest_opens(self, tmp_path: Path) -> None:
        touched(tmp_path, "images/a.jpg")
        (tmp_path / "data.yaml").write_text("train: images\nval: gone\nnames: [x]")
        dataset = open_dataset(tmp_path / "data.yaml")
        assert len(dataset.images) == 1
        assert "val: gone" in dataset.notes[0]

    @pytest.mark.parametrize(
        "text", ["names: [x]", "train: gone\nnames: [x]", "path: nowhere\ntrain: images2\nnc: 1"]
    )
    def test_no_images_is_one_sentence(self, tmp_path: Path, text: str) -> None:
        touched(tmp_path, "images/a.jpg")
        (tmp_path / "data.yaml").write_text(text)
        with pytest.raises(InputError) as caught:
            open_dataset(tmp_path / "data.yaml")
        assert "images" in str(caught.value)

    def test_a_real_one_opens_from_elsewhere(self, shared: Path) -> None:
        dataset = open_dataset(shared / "data" / "coco-val-seg" / "data.yaml")
        assert len(dataset.images) == 50
        assert len(dataset.classes.names) == 80
        assert dataset.classes.title(79) == "toothbrush"
        assert dataset.root == shared / "data" / "coco-val-seg"


def test_real_folders_open(shared: Path) -> None:
    assert len(open_dataset(shared / "data" / "raccoon").images) == 200
    dataset = open_dataset(shared / "data" / "coco-val-seg" / "images" / "val")
    assert len(dataset.images) == 50
    assert dataset.classes.names[16] == "dog"
    assert not dataset.classes.editable
