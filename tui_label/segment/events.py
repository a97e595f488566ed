"""What the inference worker reports. Emitted in its thread; the screen posts them to its own."""

from __future__ import annotations

from dataclasses import dataclass

from tui_label.segment.types import Candidate, Candidates, Capability


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The model is loaded. ``key`` is the segmenter's."""

    title: str
    key: str
    capability: Capability
    is_builtin: bool


@dataclass(frozen=True, slots=True)
class Embedded:
    """The current image can be decoded. ``remembered``: no encoder had to run."""

    key: str
    encode_ms: float
    remembered: bool


@dataclass(frozen=True, slots=True)
class Decoded:
    """The answer to the newest prompt; the first candidate's region is computed already."""

    key: str
    ticket: int
    candidates: Candidates


@dataclass(frozen=True, slots=True)
class Snapped:
    """A candidate drawn to the photo's edges; its region is computed already."""

    key: str
    ticket: int
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Previewed:
    """The best mask for a prompt that nobody has put yet; its region is computed already."""

    key: str
    ticket: int
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Failed:
    """A job failed, with a sentence for the person.

    ``key`` is the image's, empty when the model itself could not be loaded; ``ticket`` is the
    prompt's, ``None`` when the job was no prompt.
    """

    key: str
    ticket: int | None
    message: str


Event = ModelReady | Embedded | Decoded | Snapped | Previewed | Failed
