"""The built-in segmenter: a small network of our own, made obedient, that looks twice.

It works without a download and is weak at first clicks; what it lacks in knowledge of objects
it makes up for by doing as it is told. Three additions stand around the network: points are
always obeyed (:mod:`obedience`), small objects are encoded again from a crop (:mod:`zoom`), and
on request borders are drawn to edges (:mod:`snap`).
"""

from __future__ import annotations

import time
import weakref
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tui_label.geometry.boxes import Box
from tui_label.geometry.masks import Region
from tui_label.segment.frame import Frame, Window
from tui_label.segment.looking import size_of
from tui_label.segment.obedience import inside, obey_exactly, obey_points
from tui_label.segment.prompting import candidate_order, is_one_click
from tui_label.segment.sam1 import Features, Sam1Network, check_decodable
from tui_label.segment.snap import snap_to_edges
from tui_label.segment.types import (
    AnyPhoto,
    Candidate,
    Candidates,
    Capability,
    Embedding,
    Logits,
    Prompt,
)
from tui_label.segment.zoom import extent_of, reframe, zoom_window

BUILTIN = "builtin"  # the id, and what the key of the network that is shipped begins with

_CROPS = 4  # embeddings of crops remembered, 2.5 MB each


class BuiltinSegmenter:
    """The network of this project as a :class:`~tui_label.segment.types.Segmenter`.

    State: the network's sessions and the embeddings of the last few crops, both used by the
    one thread that owns the segmenter. Answers depend on the prompt alone, never on what was
    asked before.
    """

    def __init__(self, network: Sam1Network, key: str, title: str = "built-in (basic)") -> None:
        self._network = network
        self._crops = _CropMemory()
        self.key = key
        self.title = title
        self.capability = Capability(snap=True)

    def embed(self, photo: AnyPhoto) -> Embedding:
        """Run the encoder on a whole photo. Raises :class:`tui_label.errors.ModelError`."""
        frame = Frame.whole(size_of(photo), self._network.side)
        begun = time.perf_counter()
        features = self._network.encode(photo, frame)
        took = (time.perf_counter() - begun) * 1e3
        named = {"image_embeddings": features}
        return Embedding(named, frame.photo, frame.resized, frame.side, self.key, took, photo)

    def decode(self, embedding: Embedding, prompt: Prompt) -> Candidates:
        """One click: three candidates; more: the one answer, from a crop if that is worth it.

        Raises:
            ModelError: the network failed.
            ValueError: the prompt is empty, or the embedding is another model's.
        """
        check_decodable(self.key, embedding, prompt)
        begun = time.perf_counter()
        prompt = inside(prompt, embedding.size)
        whole = Frame.whole(embedding.size, embedding.side)
        answer = self._network.decode(embedding.features["image_embeddings"], whole, prompt)
        order = candidate_order(answer.scores, one_click=is_one_click(prompt))
        items = [
            _candidate(float(answer.scores[index]), answer.logits[index], whole, whole, prompt)
            for index in order
        ]
        if not is_one_click(prompt):
            items = [self._looked_closer(embedding, whole, prompt, items[0])]
        return Candidates(tuple(items), (time.perf_counter() - begun) * 1e3)

    def snap(self, embedding: Embedding, prompt: Prompt, candidate: Candidate) -> Candidate:
        """The candidate with its border drawn to the photo's edges (30 ms and more).

        Not for a box alone: it gains nothing on the validation split (IoU 0.694 to 0.693), and
        its first form, with all of the box open, lost on upright people (0.704 to 0.656).
        """
        prompt = inside(prompt, embedding.size)
        if embedding.photo is None or candidate.region.is_empty or not prompt.points:
            return candidate
        snapped = snap_to_edges(embedding.photo, candidate.region, prompt)
        return Candidate(candidate.score, candidate.logits, _Drawn(obey_exactly(snapped, prompt)))

    def _looked_closer(
        self, embedding: Embedding, whole: Frame, prompt: Prompt, first: Candidate
    ) -> Candidate:
        """The answer from a crop around the first one; the first one where a crop adds nothing."""
        extent = _extent(first.logits, whole, prompt)
        window = None if extent is None else zoom_window(embedding.size, extent)
        if window is None or embedding.photo is None:
            return first
        crop = Frame(embedding.size, window, whole.side)
        features = self._crops.get(embedding.photo, window)
        if features is None:
            features = self._network.encode(embedding.photo, crop)
            self._crops.put(embedding.photo, window, features)
        closer = replace(prompt, feedback=reframe(first.logits, whole, crop))
        answer = self._network.decode(features, crop, closer)
        best = int(answer.scores.argmax())
        return _candidate(float(answer.scores[best]), answer.logits[best], crop, whole, prompt)


def _extent(logits: Logits, frame: Frame, prompt: Prompt) -> Box | None:
    """Where the object is: the box if one was drawn, else the mask; and every point."""
    extent = prompt.box or extent_of(logits, frame)
    if extent is None:
        return None
    xs = [extent.x1, extent.x2, *(point.x for point in prompt.points)]
    ys = [extent.y1, extent.y2, *(point.y for point in prompt.points)]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _candidate(
    score: float, logits: Logits, seen: Frame, whole: Frame, prompt: Prompt
) -> Candidate:
    """A candidate from logits over the frame ``seen``; its own logits are the whole photo's."""
    at = seen.to_cells(np.array([(p.x, p.y) for p in prompt.points]).reshape(-1, 2), len(logits))
    logits = obey_points(logits, at, np.array([p.positive for p in prompt.points], dtype=bool))
    feedback = logits if seen == whole else reframe(logits, seen, whole)
    return Candidate(score, np.ascontiguousarray(feedback), _Obedient(seen, prompt, logits))


@dataclass(frozen=True, slots=True, eq=False)
class _Obedient:
    """Upsamples ``logits`` over ``frame`` and obeys the prompt.

    A candidate's own logits are coarser where a crop was looked at, so they are not used.
    """

    frame: Frame
    prompt: Prompt
    logits: Logits

    def __call__(self, logits: Logits) -> Region:
        del logits
        return obey_exactly(self.frame.region(self.logits), self.prompt)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """A region that is known already."""

    region: Region

    def __call__(self, logits: Logits) -> Region:
        del logits
        return self.region


class _CropMemory:
    """The embeddings of the last few crops, so that repeated clicks do not encode again.

    State: an LRU keyed by photo (its identity, held weakly) and window.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, Window], tuple[weakref.ref[Any], Features]] = (
            OrderedDict()
        )

    def get(self, photo: AnyPhoto, window: Window) -> Features | None:
        kept = self._kept.get((id(photo), window))
        if kept is None or kept[0]() is not photo:
            return None
        self._kept.move_to_end((id(photo), window))
        return kept[1]

    def put(self, photo: AnyPhoto, window: Window, features: Features) -> None:
        self._kept[id(photo), window] = (weakref.ref(photo), features)
        self._kept.move_to_end((id(photo), window))
        while len(self._kept) > _CROPS:
            self._kept.popitem(last=False)
