"""Files told by what is in them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.segment.tiny_graphs import Export
from tui_label.errors import ModelError
from tui_label.segment.builtin import BuiltinSegmenter
from tui_label.segment.loading import load_segmenter
from tui_label.segment.recognise import recognise
from tui_label.segment.sam1 import Sam1Segmenter
from tui_label.segment.types import Prompt, PromptPoint
from tui_label.shipped import shipped

BUILTIN_FILES = shipped("models") / "builtin"


def test_order_and_names_mean_nothing(export: Callable[..., Export]) -> None:
    made = export(names=("decoder.onnx", "encoder.onnx"))
    for files in ((made.encoder, made.decoder), (made.decoder, made.encoder)):
        assert isinstance(recognise(files), Sam1Segmenter)


@pytest.mark.parametrize("half", ["encoder", "decoder"])
def test_a_half_finds_its_partner_beside_it(half: str, export: Callable[..., Export]) -> None:
    made = export()
    (made.encoder.parent / "broken.onnx").write_bytes(b"no model")
    segmenter = load_segmenter(str(getattr(made, half)))
    embedding = segmenter.embed(np.zeros((8, 8, 3), np.uint8))
    assert len(segmenter.decode(embedding, Prompt((PromptPoint(1, 1),))).items) == 3


def test_a_half_alone_says_what_is_missing(export: Callable[..., Export]) -> None:
    made = export()
    made.decoder.unlink()
    with pytest.raises(ModelError, match="no decoder"):
        load_segmenter(str(made.encoder))


def test_halves_of_different_models_do_not_fit(export: Callable[..., Export]) -> None:
    made = export(channels=5)
    with pytest.raises(ModelError, match=r"image_embeddings\[1,5,8,8\].*different models"):
        recognise((made.encoder, made.decoder))


def test_a_detector_is_told_by_its_tensors(shared: Path) -> None:
    detector = shared / "models" / "detectors" / "yolov8n_int8_640.onnx"
    with pytest.raises(ModelError, match=r"images\[1,3,640,640\].*output0\[1,84,8400\]"):
        load_segmenter(str(detector))


def test_two_encoders_in_a_folder_are_named(export: Callable[..., Export]) -> None:
    made = export()
    shutil.copy(made.encoder, made.encoder.parent / "third.onnx")
    with pytest.raises(ModelError, match=r"2 encoders \(first\.onnx, third\.onnx\)"):
        load_segmenter(str(made.encoder.parent))


def test_a_folder_and_a_pair_are_the_same_model(export: Callable[..., Export]) -> None:
    made = export()
    folder = load_segmenter(str(made.encoder.parent))
    both = load_segmenter(f"{made.encoder},{made.decoder}")
    assert folder.key == both.key
    assert folder.title == made.encoder.parent.name


def test_a_folder_without_models_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no \.onnx file"):
        load_segmenter(str(tmp_path))


def test_our_own_exports_are_known_by_their_tensors(tmp_path: Path) -> None:
    shutil.copytree(BUILTIN_FILES, tmp_path / "mine")
    segmenter = load_segmenter(str(tmp_path / "mine"))
    assert isinstance(segmenter, BuiltinSegmenter)
    assert segmenter.title == "mine"
    assert not segmenter.key.startswith("builtin")
