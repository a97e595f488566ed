"""Cards of models, and which are installed."""

import hashlib
from pathlib import Path

import pytest

from tui_label.errors import ModelError
from tui_label.segment.store import (
    installed_folder,
    list_models,
    model_card,
    model_cards,
    models_folder,
)


def test_the_built_in_model_comes_first_and_is_always_installed(models: Path) -> None:
    first, second, *_ = list_models()
    assert first.card.id == "builtin"
    assert first.installed
    assert second.card.id == "mobilesam"
    assert not second.installed


def test_the_shipped_files_are_the_ones_on_the_card() -> None:
    card = model_card("builtin")
    folder = installed_folder(card)
    assert folder is not None
    for file in card.files:
        content = (folder / file.name).read_bytes()
        assert len(content) == file.nbytes
        assert hashlib.sha256(content).hexdigest() == file.sha256


def test_every_download_is_pinned() -> None:
    for card in model_cards():
        assert {file.role for file in card.files} == {"encoder", "decoder"}
        assert card.licence
        for file in card.files:
            assert len(bytes.fromhex(file.sha256)) == 32
            assert file.nbytes > 0
            if card.id != "builtin":
                assert file.url.startswith("https://")
                assert file.url.endswith(f"/{file.name}")


def test_one_model_is_the_default() -> None:
    assert [card.id for card in model_cards() if card.default] == ["mobilesam"]


def test_a_file_of_another_size_is_not_installed(models: Path) -> None:
    card = model_card("mobilesam")
    (models / card.id).mkdir(parents=True)
    for file in card.files:
        (models / card.id / file.name).write_bytes(b"short")
    assert installed_folder(card) is None


def test_an_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(ModelError, match="builtin, mobilesam"):
        model_card("sam9")


def test_the_folder_can_be_chosen(models: Path) -> None:
    assert models_folder() == models
