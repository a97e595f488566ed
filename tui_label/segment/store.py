"""Which models there are, and which of them are installed on this machine.

Every model has a card, one YAML file in ``models/``: what it is, where its files come from,
how many bytes they have and which hash. Installed models stand in the person's data folder,
one folder a model.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
import yaml

from tui_label.errors import ModelError
from tui_label.segment.builtin import BUILTIN
from tui_label.shipped import shipped
from tui_label.wording import printable

MODELS_VARIABLE = "TUI_LABEL_MODELS"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: what for, from where, its name on disk, bytes, SHA-256 (hex)."""

    role: str
    url: str
    name: str
    nbytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model: ``id`` as typed, ``title`` as shown, ``licence`` of its weights.

    ``source`` names who published it, ``note`` what to know before choosing it.
    """

    id: str
    title: str
    files: tuple[ModelFile, ...]
    licence: str
    source: str
    note: str
    default: bool

    @property
    def nbytes(self) -> int:
        """Bytes to download, or shipped."""
        return sum(file.nbytes for file in self.files)

    def file(self, role: str) -> ModelFile:
        """The file with a role. Raises :class:`KeyError`."""
        return {file.role: file for file in self.files}[role]


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A card, and the folder where its files are; ``None`` when it is not installed."""

    card: ModelCard
    folder: Path | None

    @property
    def installed(self) -> bool:
        """Whether it can be used now, without a network."""
        return self.folder is not None


@cache
def model_cards() -> tuple[ModelCard, ...]:
    """All cards: the built-in one, the default download, then the others by size.

    Raises:
        ModelError: a card is damaged, so the installation is.
    """
    cards = [_card(path) for path in sorted(shipped("models").glob("*.yaml"))]
    cards.sort(key=lambda card: (card.id != BUILTIN, not card.default, card.nbytes))
    return tuple(cards)


def model_card(model_id: str) -> ModelCard:
    """The card with an id.

    Raises:
        ModelError: there is none; the sentence names those that there are.
    """
    for card in model_cards():
        if card.id == model_id:
            return card
    known = ", ".join(card.id for card in model_cards())
    raise ModelError(f"There is no model {printable(model_id)}.", f"There are: {known}.")


def models_folder() -> Path:
    """Where downloaded models are kept; ``TUI_LABEL_MODELS`` overrides it."""
    chosen = os.environ.get(MODELS_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return Path(platformdirs.user_data_dir("tui-label", appauthor=False)) / "models"


def installed_folder(card: ModelCard) -> Path | None:
    """Where a model's files are, ``None`` when one is missing or has another size.

    Hashes are checked once, while downloading; a size is enough to notice a damaged disk.
    """
    folder = shipped("models") / BUILTIN if card.id == BUILTIN else models_folder() / card.id
    whole = all(_size(folder / file.name) == file.nbytes for file in card.files)
    return folder if whole else None


def list_models() -> tuple[ListedModel, ...]:
    """Every model there is, the recommended ones first."""
    return tuple(ListedModel(card, installed_folder(card)) for card in model_cards())


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _card(path: Path) -> ModelCard:
    try:
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))
        return ModelCard(
            id=str(fields["id"]),
            title=str(fields["title"]),
            files=tuple(_file(each) for each in fields["files"]),
            licence=str(fields["licence"]),
            source=str(fields["source"]),
            note=str(fields.get("note", "")).strip(),
            default=bool(fields.get("default", False)),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"The model card {printable(path)} cannot be read: {printable(str(error))[:200]}",
            "Install tui-label again.",
        ) from error


def _file(fields: Mapping[str, Any]) -> ModelFile:
    return ModelFile(
        role=str(fields["role"]),
        url=str(fields.get("url", "")),
        name=str(fields["name"]),
        nbytes=int(fields["bytes"]),
        sha256=str(fields["sha256"]),
    )
