"""What a person may say for a model, and which one it means."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tui_label.errors import ModelError
from tui_label.segment.loading import best_installed, load_segmenter
from tui_label.segment.store import ModelCard, model_card


def install(folder: Path, *ids: str) -> None:
    """Files with the names and sizes on the cards, which is what counts as installed."""
    for model_id in ids:
        card: ModelCard = model_card(model_id)
        (folder / card.id).mkdir(parents=True)
        for file in card.files:
            with (folder / card.id / file.name).open("wb") as empty:
                empty.truncate(file.nbytes)


@pytest.mark.parametrize(
    ("installed", "best"),
    [
        ((), "builtin"),
        (("sam-vit-b-uint8",), "sam-vit-b-uint8"),
        (("sam-vit-h-uint8", "sam-vit-b-uint8"), "sam-vit-b-uint8"),
        (("sam-vit-h-uint8", "mobilesam"), "mobilesam"),
    ],
)
def test_a_model_that_somebody_downloaded_goes_before_the_built_in_one(
    models: Path, installed: Sequence[str], best: str
) -> None:
    install(models, *installed)
    assert best_installed().id == best


def test_without_a_wish_it_is_the_built_in_model(models: Path) -> None:
    assert load_segmenter().title == "built-in (basic)"


def test_a_model_that_is_not_installed_says_how_to_get_it(models: Path) -> None:
    with pytest.raises(ModelError) as raised:
        load_segmenter("mobilesam")
    assert raised.value.hint == "Run: tui-label models pull mobilesam"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("mobilesan", "There is no model, folder or file called mobilesan"),
        ("no.onnx", "does not exist"),
        ("a.onnx,b.onnx,c.onnx", "3 model files"),
        ("x" * 300, "There is no model, folder or file called xxx"),
        ("a\0b", r"There is no model, folder or file called a\\x00b"),
        ("~nobody-of-this-name/model", "There is no model, folder or file called ~nobody"),
        ("x" * 300 + ".onnx", r"x\.onnx (cannot be read|does not exist)"),
        ("a\0b.onnx", r"a\\x00b\.onnx (cannot be read|does not exist)"),
    ],
)
def test_what_does_not_exist_is_a_sentence(models: Path, spec: str, says: str) -> None:
    with pytest.raises(ModelError, match=says) as raised:
        load_segmenter(spec)
    assert str(raised.value).isprintable()
