"""A data.yaml is read as written, and never executed or changed."""

from pathlib import Path

import pytest

from tui_label.dataset.data_yaml import read_data_yaml
from tui_label.errors import InputError


def written(folder: Path, text: str) -> Path:
    path = folder / "data.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_are_a_list_or_numbers_with_names(tmp_path: Path) -> None:
    assert read_data_yaml(written(tmp_path, "names: [dog, cat]")).names == ("dog", "cat")
    as_numbers = read_data_yaml(written(tmp_path, "names: {'1': cat, 0: dog}"))
    assert as_numbers.names == ("dog", "cat")
    assert as_numbers.notes == ()


def test_a_gap_in_the_numbers_stays_and_is_told_about(tmp_path: Path) -> None:
    content = read_data_yaml(written(tmp_path, "names: {0: dog, 3: cat}"))
    assert content.names == ("dog", "", "", "cat")
    assert "no class 1, 2" in content.notes[0]


def test_nc_alone_is_that_many_classes_without_names(tmp_path: Path) -> None:
    assert read_data_yaml(written(tmp_path, "nc: 3")).names == ("", "", "")


def test_nc_that_disagrees_is_told_about(tmp_path: Path) -> None:
    content = read_data_yaml(written(tmp_path, "nc: 3\nnames: [dog]"))
    assert content.names == ("dog", "", "")
    assert "nc: 3" in content.notes[0]


def test_words_that_yaml_takes_for_values_stay_names(tmp_path: Path) -> None:
    names = read_data_yaml(written(tmp_path, "names: [no, yes, 1.0, 2020-01-01, null]")).names
    assert names == ("no", "yes", "1.0", "2020-01-01", "null")


def test_splits_are_paths_or_lists_of_paths_in_a_fixed_order(tmp_path: Path) -> None:
    text = "path: .\ntest:\nvalidation: v.txt\ntrain: [a, b]\ndownload: print('never')\n"
    content = read_data_yaml(written(tmp_path, text))
    assert content.splits == (("train", "a"), ("train", "b"), ("val", "v.txt"))
    assert content.path == "."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("train: [a\nval: b", "data.yaml:2"),
        ("names: {0: a\n  b: : c}", "data.yaml:"),
        ("a\tb: \x00", "not valid YAML"),
        ("just words", "no keys"),
        ("", "no keys"),
        ("[1, 2]", "no keys"),
        ("names: 7", "`names` must be"),
        ("names: {dog: 0}", "dog is not a class number"),
        ("names: {-1: dog}", "-1 is not a class number"),
        ("names: {999999999: dog}", "is not a class number"),
        ("names: [[a]]", "class 0"),
        ('names: ["a\\nb"]', "class 0"),
        ("nc: many", "many is not a class number"),
        ("nc: [1]", "is not a class number"),
        ("path: [a, b]", "`path` must be"),
        ("train: {a: b}", "`train` must be"),
        pytest.param("a: " + "[" * 2000, "nested too deeply", id="nested"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_data_yaml(written(tmp_path, text))
    assert reason in str(caught.value)
    assert str(caught.value).isprintable()


def test_bytes_that_are_not_text_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "data.yaml"
    path.write_bytes(b"names: [\xff\xfe]")
    with pytest.raises(InputError, match="not UTF-8"):
        read_data_yaml(path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_data_yaml(tmp_path / "data.yaml")
