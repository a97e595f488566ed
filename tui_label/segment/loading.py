"""What a person may say for a model, and the segmenter it means."""

from __future__ import annotations

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
        spec: ``None``: the recommended download when it is installed, else the built-in model;
            an id from :func:`~tui_label.segment.store.list_models`, ``builtin`` among them;
            a folder with an encoder and a decoder; ``ENCODER.onnx,DECODER.onnx``; or one
            ``.onnx`` file whose other half stands beside it.

    Raises:
        ModelError: it is unknown, not installed, damaged, or not understood.
    """
    if spec is None:
        return _from_card(_best())
    if any(card.id == spec for card in model_cards()):
        return _from_card(model_card(spec))
    path = Path(spec).expanduser()
    if path.is_dir():
        return recognise(onnx_files(path), title=printable(path.resolve().name))
    if path.is_file():
        return recognise((path,))
    if not spec.endswith(".onnx"):
        known = ", ".join(card.id for card in model_cards())
        raise ModelError(
            f"There is no model, folder or file called {printable(spec)}.", f"Models: {known}."
        )
    parts = [Path(part.strip()).expanduser() for part in spec.split(",") if part.strip()]
    if len(parts) > 2:
        raise ModelError(
            f"{len(parts)} model files were given: {printable(spec)}.",
            "Give two: ENCODER.onnx,DECODER.onnx.",
        )
    return recognise(tuple(parts))


def _best() -> ModelCard:
    """The default download if it is installed; the built-in model otherwise."""
    for card in model_cards():
        if card.default and installed_folder(card) is not None:
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
