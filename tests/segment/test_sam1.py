"""SAM v1: what is fed is what the reference implementation would feed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.segment.conftest import disc_photo
from tests.segment.tiny_graphs import Export
from tui_label.errors import ModelError
from tui_label.geometry.boxes import Box
from tui_label.segment.recognise import recognise
from tui_label.segment.types import Embedding, Logits, Prompt, PromptPoint, Segmenter

WIDTH, HEIGHT = 300, 200
SCALE_X, SCALE_Y = 1024 / 300, 683 / 200
CLICK = PromptPoint(100.5, 60.5)
SECOND = PromptPoint(40.5, 30.5, positive=False)
BOX = Box(20, 30, 200, 150)


@pytest.fixture(scope="module")
def files(shared: Path) -> tuple[Path, Path]:
    folder = shared / "models" / "sam-random"
    return folder / "mobile_sam_random.encoder.onnx", folder / "mobile_sam_random.decoder.onnx"


@pytest.fixture(scope="module")
def sam(files: tuple[Path, Path]) -> Segmenter:
    return recognise(files)


@pytest.fixture(scope="module")
def embedding(sam: Segmenter) -> Embedding:
    return sam.embed(disc_photo(WIDTH, HEIGHT))


@pytest.fixture(scope="module")
def official(files: tuple[Path, Path], embedding: Embedding) -> Callable[..., Any]:
    """The decoder run directly, with inputs written down by hand."""
    import onnxruntime as ort

    session = ort.InferenceSession(str(files[1]), providers=["CPUExecutionProvider"])

    def run(
        points: list[tuple[float, float]], labels: list[int], feedback: Logits | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        blank = np.zeros((1, 1, 256, 256), np.float32)
        scaled = np.array(points) * (SCALE_X, SCALE_Y)
        return session.run(  # type: ignore[no-any-return]
            ["low_res_masks", "iou_predictions"],
            {
                "image_embeddings": embedding.features["image_embeddings"],
                "point_coords": scaled[None].astype(np.float32),
                "point_labels": np.array([labels], np.float32),
                "mask_input": blank if feedback is None else feedback[None, None],
                "has_mask_input": np.array([feedback is not None], np.float32),
                "orig_im_size": np.array([HEIGHT, WIDTH], np.float32),
            },
        )

    return run


def test_the_encoder_sees_a_normalised_padded_square(
    files: tuple[Path, Path], embedding: Embedding
) -> None:
    import onnxruntime as ort

    small = Image.fromarray(disc_photo(WIDTH, HEIGHT)).resize(
        (1024, 683), Image.Resampling.BILINEAR
    )
    normal = (np.asarray(small, np.float32) - [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]
    square = np.zeros((1, 3, 1024, 1024), np.float32)
    square[0, :, :683] = normal.transpose(2, 0, 1)
    session = ort.InferenceSession(str(files[0]), providers=["CPUExecutionProvider"])
    (expected,) = session.run(None, {"x": square})
    np.testing.assert_allclose(embedding.features["image_embeddings"], expected, atol=1e-4)


def test_one_click_is_padded_and_offers_masks_1_to_3(
    sam: Segmenter, embedding: Embedding, official: Callable[..., Any]
) -> None:
    masks, scores = official([(100, 60), (0, 0)], [1, -1])
    items = sam.decode(embedding, Prompt((CLICK,))).items
    order = 1 + np.argsort(-scores[0, 1:])
    for candidate, index in zip(items, order, strict=True):
        np.testing.assert_allclose(candidate.logits, masks[0, index], atol=1e-5)


def test_a_box_is_not_padded_and_offers_mask_0_first(
    sam: Segmenter, embedding: Embedding, official: Callable[..., Any]
) -> None:
    masks, _ = official([(20, 30), (200, 150)], [2, 3])
    items = sam.decode(embedding, Prompt((), BOX)).items
    assert len(items) == 4
    np.testing.assert_allclose(items[0].logits, masks[0, 0], atol=1e-5)


def test_a_box_with_clicks(
    sam: Segmenter, embedding: Embedding, official: Callable[..., Any]
) -> None:
    masks, _ = official([(100, 60), (20, 30), (200, 150)], [1, 2, 3])
    (first, *_) = sam.decode(embedding, Prompt((CLICK,), BOX)).items
    np.testing.assert_allclose(first.logits, masks[0, 0], atol=1e-5)


def test_the_chosen_logits_are_fed_back(
    sam: Segmenter, embedding: Embedding, official: Callable[..., Any]
) -> None:
    chosen = sam.decode(embedding, Prompt((CLICK,))).items[1].logits
    masks, _ = official([(100, 60), (40, 30), (0, 0)], [1, 0, -1], chosen)
    (first, *_) = sam.decode(embedding, Prompt((CLICK, SECOND), None, chosen)).items
    np.testing.assert_allclose(first.logits, masks[0, 0], atol=1e-5)
    (without, *_) = sam.decode(embedding, Prompt((CLICK, SECOND))).items
    assert not np.allclose(first.logits, without.logits, atol=1e-3)


def test_scores_are_probabilities(sam: Segmenter, embedding: Embedding) -> None:
    for candidate in sam.decode(embedding, Prompt((CLICK, SECOND))).items:
        assert 0 <= candidate.score <= 1


def test_an_encoder_that_takes_height_and_width_gets_raw_colours(
    export: Callable[..., Export],
) -> None:
    made = export(layout="hwc")
    sam = recognise((made.encoder, made.decoder))
    embedding = sam.embed(np.full((20, 40, 3), 77, np.uint8))
    assert embedding.side == 128
    assert embedding.resized == (128, 64)
    assert (embedding.features["image_embeddings"] == 77).all()


def test_an_encoder_that_takes_a_square_gets_zeros_for_padding(
    export: Callable[..., Export],
) -> None:
    made = export(layout="nchw")
    sam = recognise((made.encoder, made.decoder))
    white = sam.embed(np.full((64, 128, 3), 255, np.uint8)).features["image_embeddings"]
    normal = (255 - np.array([123.675, 116.28, 103.53])) / [58.395, 57.12, 57.375]
    np.testing.assert_allclose(white, normal.mean() / 2, rtol=1e-4)


@pytest.mark.parametrize("bad", [{"scores": (float("nan"),)}, {"logit": float("nan")}])
def test_numbers_that_are_none_are_a_sentence(
    bad: dict[str, Any], export: Callable[..., Export]
) -> None:
    made = export(**bad)
    with pytest.raises(ModelError, match="NaN"):
        recognise((made.encoder, made.decoder))


def test_an_embedding_of_another_model_is_refused(sam: Segmenter, embedding: Embedding) -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="not"):
        sam.decode(replace(embedding, model="other"), Prompt((CLICK,)))


def test_an_empty_prompt_is_refused(sam: Segmenter, embedding: Embedding) -> None:
    with pytest.raises(ValueError, match="positive point"):
        sam.decode(embedding, Prompt((SECOND,)))
