"""What a person may say for a model, and the segmenter it means."""

from __future__ import annotations

import stat
from pathlib import Path

from tui_label.errors import ModelError
from tui_label.segment.builtin import BUILTIN
from tui_label.segment.recognise import onnx_files, recognise
from tui_label.segment.store import ModelCard, installed_folder, model_card, model_cards
from tui_label.segment.types import Segmenter
from tui_label.wording import printable


def load_segmenter(spec: str | None = None) -> Segmenter:
    """Load a model (0.1 to 1 s).

    Args:
        spec: ``None``: see :func:`best_installed`;
            an id from :func:`~tui_label.segment.store.list_models`, ``builtin`` among them;
            a folder with an encoder and a decoder; ``ENCODER.onnx,DECODER.onnx``; or one
            ``.onnx`` file whose other half stands beside it.

    Raises:
        ModelError: it is unknown, not installed, damaged, or not understood.
    """
    if spec is None:
        return _from_card(best_installed())
    if any(card.id == spec for card in model_cards()):
        return _from_card(model_card(spec))
    path = _expanded(spec)
    kind = _kind(path)
    if stat.S_ISDIR(kind):
        return recognise(onnx_files(path), title=printable(path.resolve().name))
    if stat.S_ISREG(kind):
        return recognise((path,))
    if not spec.endswith(".onnx"):
        known = ", ".join(card.id for card in model_cards())
        raise ModelError(
            f"There is no model, folder or file called {printable(spec)}.", f"Models: {known}."
        )
    parts = [_expanded(part.strip()) for part in spec.split(",") if part.strip()]
    if len(parts) > 2:
        raise ModelError(
            f"{len(parts)} model files were given: {printable(spec)}.",
            "Give two: ENCODER.onnx,DECODER.onnx.",
        )
    return recognise(tuple(parts))


def best_installed() -> ModelCard:
    """What runs without a wish: the first download that is installed, in the order of cards.

    That is the recommended one, then the others from the fastest on; the built-in model when
    nothing was downloaded.
    """
    for card in model_cards():
        if card.id != BUILTIN and installed_folder(card) is not None:
            return card
    return model_card(BUILTIN)


def _from_card(card: ModelCard) -> Segmenter:
    folder = installed_folder(card)
    if folder is None:
        if card.id == BUILTIN:
            raise ModelError(
                "The built-in model is missing or damaged.", "Install tui-label again."
            )
        raise ModelError(
            f"The model {card.id} is not installed.", f"Run: tui-label models pull {card.id}"
        )
    files = (folder / card.file("encoder").name, folder / card.file("decoder").name)
    key = f"{card.id}-{card.file('encoder').sha256[:16]}"
    return recognise(files, key=key, title=card.title)


def _expanded(word: str) -> Path:
    try:
        return Path(word).expanduser()
    except RuntimeError:  # ~name, and nobody has that name
        return Path(word)


def _kind(path: Path) -> int:
    """The mode of what is there, 0 for nothing and for names that no file system takes."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0
