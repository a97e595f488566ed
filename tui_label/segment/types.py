"""The vocabulary of segmentation: values that travel between the editor and the models.

Points and boxes are in *image pixels, edge frame* (see :mod:`tui_label.geometry.boxes`):
the centre of the top-left pixel is ``(0.5, 0.5)``. Families convert to their own frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Region

Photo = NDArray[np.uint8]  # uint8[H, W, 3], RGB, upright, C-contiguous, read-only
Logits = NDArray[np.float32]  # float32[m, m] over the model's padded square


class PhotoInParts(Protocol):
    """A photo that is not in memory whole, and is read where it is looked at."""

    @property
    def size(self) -> Size:
        """Image pixels."""

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""

    def region(self, box: Box, reduction: int) -> tuple[Photo, Box]:
        """The part around a box, each pixel the mean of ``reduction`` squared.

        Returns: the pixels, and what they span, image pixels: the box rounded outward.

        Raises:
            InputError: the file cannot be read any more.
        """


AnyPhoto = Photo | PhotoInParts


@dataclass(frozen=True, slots=True)
class PromptPoint:
    """A click: image pixels, edge frame; positive (this belongs) or negative (this does not)."""

    x: float
    y: float
    positive: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """All that was said about one object.

    ``feedback`` are the low-res logits of the candidate that the person had chosen when the
    newest point was set, over the whole photo's square (``float32[m, m]``); ``None`` for the
    first prompt or where a family cannot take it.
    """

    points: tuple[PromptPoint, ...] = ()
    box: Box | None = None
    feedback: Logits | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to decode: no box and no positive point."""
        return self.box is None and not any(point.positive for point in self.points)


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """What an encoder made of a photo; handed to every decode of that photo.

    ``features`` map the decoder's input names to arrays. ``size`` is the photo's,
    ``resized`` its size in the model's square (``side`` pixels a side), ``model`` the
    segmenter's ``key``. ``photo`` is kept by segmenters that look twice (zoom, snap).
    """

    features: Mapping[str, NDArray[np.float32]]
    size: Size
    resized: Size
    side: int
    model: str
    encode_ms: float
    photo: AnyPhoto | None = None

    @property
    def nbytes(self) -> int:
        """Bytes held in memory, the photo included."""
        held = sum(array.nbytes for array in self.features.values())
        return held + (0 if self.photo is None else self.photo.nbytes)


class MaskMaker(Protocol):
    """Turns low-res logits into a full-resolution region (image pixels)."""

    def __call__(self, logits: Logits) -> Region:
        """The pixels whose logit is above 0."""


@dataclass(frozen=True)
class Candidate:
    """One possible mask for a prompt.

    ``score`` is the predicted IoU in 0..1. ``region`` is made on first use (2 to 10 ms on a
    12 MP photo) and remembered, so that only what is looked at is upsampled.
    """

    score: float
    logits: Logits = field(repr=False)
    upsample: MaskMaker = field(repr=False)

    @cached_property
    def region(self) -> Region:
        """The mask at full resolution, bbox-local, image pixels."""
        return self.upsample(self.logits)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The answers to one prompt, the best choice first; never empty."""

    items: tuple[Candidate, ...]
    decode_ms: float


@dataclass(frozen=True, slots=True)
class Capability:
    """What a family can do; the screen offers nothing else and says why."""

    negative_points: bool = True
    boxes: bool = True
    feedback: bool = True
    snap: bool = False


class Segmenter(Protocol):
    """Two verbs carry the whole library: ``embed`` once a photo, ``decode`` once a prompt."""

    @property
    def key(self) -> str:
        """Identifies the weights and the preprocessing; embeddings are only valid within it."""

    @property
    def title(self) -> str:
        """What the screen says, e.g. ``built-in (basic)`` or ``MobileSAM``."""

    @property
    def capability(self) -> Capability:
        """What it can do."""

    def embed(self, photo: AnyPhoto) -> Embedding:
        """Run the encoder. Raises :class:`tui_label.errors.ModelError`."""

    def decode(self, embedding: Embedding, prompt: Prompt) -> Candidates:
        """Run the decoder.

        Raises:
            ModelError: the graph failed.
            ValueError: the prompt is empty, or the embedding is another model's.
        """

    def snap(self, embedding: Embedding, prompt: Prompt, candidate: Candidate) -> Candidate:
        """The candidate drawn to the photo's edges; the same one without ``capability.snap``."""
