"""Segment Anything v1 and its kin (MobileSAM, quantised exports) over ONNX Runtime."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tui_label.errors import ModelError
from tui_label.geometry.boxes import Size
from tui_label.segment.frame import Frame
from tui_label.segment.looking import pixels_in, size_of
from tui_label.segment.prompting import candidate_order, is_one_click, prompt_tensors
from tui_label.segment.resize import Pixels, resize_antialiased
from tui_label.segment.signature import Pair
from tui_label.segment.types import (
    AnyPhoto,
    Candidate,
    Candidates,
    Capability,
    Embedding,
    Logits,
    Prompt,
)
from tui_label.wording import printable

# segment_anything/modeling/sam.py: RGB, 0..255.
_MEAN = np.array([123.675, 116.28, 103.53], dtype=np.float32)
_DEVIATION = np.array([58.395, 57.12, 57.375], dtype=np.float32)

Features = NDArray[np.float32]  # float32[1, channels, grid, grid]
Resize = Callable[[Pixels, Size], Pixels]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a decoder said: ``logits`` ``float32[M, m, m]``, ``scores`` ``float32[M]`` in 0..1."""

    logits: NDArray[np.float32]
    scores: NDArray[np.float32]


class Sam1Network:
    """An encoder and a decoder with SAM v1's tensors; no rules about candidates.

    State: the two ONNX sessions, used by one thread at a time.

    Args:
        pair: recognised graphs.
        resize: how the photo is brought to the square's size.
    """

    def __init__(self, pair: Pair, resize: Resize = resize_antialiased) -> None:
        self.pair = pair
        self.side = pair.side
        self.cells = pair.decoded.cells
        self._resize = resize

    def encode(self, photo: AnyPhoto, frame: Frame) -> Features:
        """Run the encoder on the frame's window of the photo.

        Raises:
            ModelError: the graph failed.
            InputError: the photo cannot be read any more.
        """
        pixels = self._resize(pixels_in(photo, frame.window, frame.resized), frame.resized)
        encoded = self.pair.encoded
        feed = self._squared(pixels) if encoded.layout == "nchw" else pixels
        (features,) = self.pair.encoder.run({encoded.input: feed}, [encoded.output])
        return np.asarray(features, dtype=np.float32)

    def decode(self, features: Features, frame: Frame, prompt: Prompt) -> Answer:
        """Run the decoder; ``prompt.feedback`` must be in this frame's cells.

        Raises:
            ModelError: the graph failed or gave numbers that are none.
        """
        points, labels = prompt_tensors(prompt, frame, pixel_index=not self.pair.is_ours)
        m = self.cells
        blank = np.zeros((m, m), dtype=np.float32)
        feedback = blank if prompt.feedback is None else prompt.feedback
        feeds = {
            "image_embeddings": features,
            "point_coords": points,
            "point_labels": labels,
            "mask_input": feedback.reshape(1, 1, m, m),
            "has_mask_input": np.array([prompt.feedback is not None], dtype=np.float32),
            # Full-resolution masks from the graph would cost more than the decoder itself:
            # ask for one pixel and upsample the low-res logits here.
            "orig_im_size": np.ones(2, dtype=np.float32),
        }
        scores, logits = self.pair.decoder.run(feeds, ["iou_predictions", "low_res_masks"])
        logits = np.asarray(logits, dtype=np.float32).reshape(-1, m, m)
        scores = np.asarray(scores, dtype=np.float32).reshape(-1)
        if not (np.isfinite(logits).all() and np.isfinite(scores).all()):
            name = printable(self.pair.decoder.path.name)
            raise ModelError(
                f"The decoder {name} answered with numbers that are none (NaN).",
                "Try another point, or another model (tui-label models list).",
            )
        return Answer(logits, np.clip(scores, 0.0, 1.0))

    def _squared(self, pixels: Pixels) -> NDArray[np.float32]:
        """``float32[1, 3, side, side]``: padded with zeros, after normalising outside the graph."""
        square = np.zeros((1, 3, self.side, self.side), dtype=np.float32)
        values = pixels.astype(np.float32)
        if not self.pair.is_ours:
            values = (values - _MEAN) / _DEVIATION
        square[0, :, : pixels.shape[0], : pixels.shape[1]] = values.transpose(2, 0, 1)
        return square


class Sam1Segmenter:
    """A SAM v1 model as a :class:`~tui_label.segment.types.Segmenter`.

    State: the network's sessions; embeddings are values and are handed in.
    """

    def __init__(self, network: Sam1Network, key: str, title: str) -> None:
        self._network = network
        self.key = key
        self.title = title
        self.capability = Capability()

    def embed(self, photo: AnyPhoto) -> Embedding:
        """Run the encoder on a whole photo. Raises :class:`tui_label.errors.ModelError`."""
        frame = Frame.whole(size_of(photo), self._network.side)
        begun = time.perf_counter()
        features = self._network.encode(photo, frame)
        took = (time.perf_counter() - begun) * 1e3
        named = {"image_embeddings": features}
        return Embedding(named, frame.photo, frame.resized, frame.side, self.key, took)

    def decode(self, embedding: Embedding, prompt: Prompt) -> Candidates:
        """The candidates for a prompt, by :func:`~tui_label.segment.prompting.candidate_order`.

        Raises:
            ModelError: the decoder failed.
            ValueError: the prompt is empty, or the embedding is another model's.
        """
        check_decodable(self.key, embedding, prompt)
        frame = Frame.whole(embedding.size, embedding.side)
        begun = time.perf_counter()
        answer = self._network.decode(embedding.features["image_embeddings"], frame, prompt)
        took = (time.perf_counter() - begun) * 1e3
        order = candidate_order(answer.scores, one_click=is_one_click(prompt))
        items = [_candidate(answer, index, frame) for index in order]
        return Candidates(tuple(items), took)

    def snap(self, embedding: Embedding, prompt: Prompt, candidate: Candidate) -> Candidate:
        """The same candidate: SAM's borders are good enough that GrabCut was not tried on them."""
        del embedding, prompt
        return candidate


def check_decodable(key: str, embedding: Embedding, prompt: Prompt) -> None:
    """Refuse what no decoder can answer.

    Raises:
        ValueError: the prompt is empty, or the embedding is another model's.
    """
    if prompt.is_empty:
        raise ValueError("a prompt needs a box or a positive point")
    if embedding.model != key:
        raise ValueError(f"the embedding is {embedding.model}'s, not {key}'s")


def _candidate(answer: Answer, index: int, frame: Frame) -> Candidate:
    logits: Logits = np.ascontiguousarray(answer.logits[index])
    return Candidate(float(answer.scores[index]), logits, frame.region)
