"""The inference worker: one thread that owns the model and does the most urgent thing first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tui_label.errors import UserError
from tui_label.segment.builtin import BUILTIN
from tui_label.segment.events import (
    Decoded,
    Embedded,
    Event,
    Failed,
    ModelReady,
    Previewed,
    Snapped,
)
from tui_label.segment.memory import DEFAULT_BYTES, EmbeddingMemory
from tui_label.segment.types import AnyPhoto, Candidate, Embedding, Prompt, Segmenter
from tui_label.wording import printable

Emit = Callable[[Event], None]
PhotoLoader = Callable[[], AnyPhoto]

_AHEAD = 4  # images waiting to be embedded in advance
_JOIN_SECONDS = 5.0  # a running encoder cannot be interrupted; the thread is a daemon


@dataclass(frozen=True, slots=True)
class _Decode:
    key: str
    ticket: int
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class _Snap:
    key: str
    ticket: int
    prompt: Prompt
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class _Preview:
    key: str
    ticket: int
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class _Embed:
    key: str
    photo: AnyPhoto


@dataclass(frozen=True, slots=True)
class _Ahead:
    key: str
    load_photo: PhotoLoader
    turn: int


_Job = _Decode | _Snap | _Preview | _Embed | _Ahead


class InferenceWorker:
    """The only owner of the segmenter; everything else asks by message and is told by events.

    Nothing ever queues up behind a person: of prompts, embeddings of the current image and
    snaps, only the newest waits, and turning to another image drops all that was asked before.
    A decode goes before the current image's embedding, that before a snap, that before a
    preview; images to embed ahead come last, in the order in which they were asked for. A
    decode waits for its image's embedding. A failed job becomes a :class:`Failed` event; the
    thread goes on, as it does when ``emit`` fails.

    State: the jobs waiting, the current image, the embeddings; all guarded by one condition.
    The segmenter is touched by the worker's thread alone. ``emit`` is called in that thread,
    outside of the lock.

    Args:
        load: makes the segmenter, in the worker's thread.
        emit: takes each event; must not block.
        memory: bytes of embeddings kept.
    """

    def __init__(
        self, load: Callable[[], Segmenter], emit: Emit, memory: int = DEFAULT_BYTES
    ) -> None:
        self._load = load
        self._emit = emit
        self._wake = threading.Condition()
        self._memory = EmbeddingMemory(memory)
        self._current: str | None = None
        self._embed: _Embed | None = None
        self._decode: _Decode | None = None
        self._snap: _Snap | None = None
        self._preview: _Preview | None = None
        self._ahead: OrderedDict[str, _Ahead] = OrderedDict()
        self._asked = 0  # cancellations so far: an answer begun before one is not wanted
        self._turns = 0  # calls of focus so far: what was ahead before one is not wanted
        self._broken: str | None = None
        self._unreadable: str | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._live, name="inference", daemon=True)

    def start(self) -> None:
        """Begin to load the model; :class:`ModelReady` or :class:`Failed` will follow."""
        self._thread.start()

    def focus(self, key: str, photo: AnyPhoto) -> None:
        """Make this the current image and embed it.

        Jobs for the image before are dropped, and so is what was to be embedded ahead of it:
        ask anew for what comes next from here.
        """
        with self._wake:
            if key != self._current:
                self._decode = self._snap = self._preview = None
            self._current, self._unreadable = key, None
            self._embed = _Embed(key, photo)
            self._ahead.clear()
            self._turns += 1
            self._wake.notify()

    def decode(self, key: str, ticket: int, prompt: Prompt) -> None:
        """Answer a prompt on the current image; replaces a prompt that still waits."""
        with self._wake:
            if key == self._current:
                self._decode, self._snap = _Decode(key, ticket, prompt), None
                self._preview = None
                self._wake.notify()

    def snap(self, key: str, ticket: int, prompt: Prompt, candidate: Candidate) -> None:
        """Draw a candidate on the current image to its edges, when nothing else is urgent."""
        with self._wake:
            if key == self._current:
                self._snap = _Snap(key, ticket, prompt, candidate)
                self._wake.notify()

    def preview(self, key: str, ticket: int, prompt: Prompt) -> None:
        """Answer a prompt that nobody has put yet, when nothing else is to be done.

        Failures are silent, and so is an image that cannot be decoded.
        """
        with self._wake:
            if key == self._current:
                self._preview = _Preview(key, ticket, prompt)
                self._wake.notify()

    def ahead(self, key: str, load_photo: PhotoLoader) -> None:
        """Embed an image that will be opened soon, when idle; failures there are silent.

        At most four wait until the next :meth:`focus`; further ones replace the oldest.
        """
        with self._wake:
            self._ahead.pop(key, None)
            self._ahead[key] = _Ahead(key, load_photo, self._turns)
            while len(self._ahead) > _AHEAD:
                self._ahead.popitem(last=False)
            self._wake.notify()

    def cancel(self) -> None:
        """Forget the prompt: a decode or snap that waits is dropped, one that runs stays silent."""
        with self._wake:
            self._decode = self._snap = self._preview = None
            self._asked += 1

    def has_embedding(self, key: str) -> bool:
        """Whether a decode on this image would not wait for the encoder."""
        with self._wake:
            return key in self._memory

    def close(self) -> None:
        """Stop; returns when the thread has ended, or after five seconds."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_JOIN_SECONDS)

    def _live(self) -> None:
        segmenter = self._loaded()
        while (taken := self._next()) is not None:
            job, asked = taken
            event = self._outcome(segmenter, job)
            if event is not None and self._is_wanted(job, asked):
                self._tell(event)

    def _tell(self, event: Event) -> None:
        # Whoever listens may be on the way out; the next one who asks must still be answered.
        with suppress(Exception):
            self._emit(event)

    def _loaded(self) -> Segmenter | None:
        try:
            segmenter = self._load()
        except Exception as error:  # any failure of a model: say it, keep the program
            self._broken = _sentence(error)
            self._tell(Failed("", None, self._broken))
            return None
        is_builtin = segmenter.key.startswith(BUILTIN)
        self._tell(ModelReady(segmenter.title, segmenter.key, segmenter.capability, is_builtin))
        return segmenter

    def _next(self) -> tuple[_Job, int] | None:
        """Wait for the most urgent job, take it, note what was asked; ``None`` when closed."""
        with self._wake:
            while not self._closed:
                job = self._taken()
                if job is not None:
                    return job, self._asked
                self._wake.wait()
            return None

    def _taken(self) -> _Job | None:
        if self._decode is not None and self._can_answer(self._decode.key):
            decode, self._decode = self._decode, None
            return decode
        if self._embed is not None:
            embed, self._embed = self._embed, None
            return embed
        if self._snap is not None and self._can_answer(self._snap.key):
            snap, self._snap = self._snap, None
            return snap
        if self._preview is not None and self._preview.key in self._memory:
            preview, self._preview = self._preview, None
            return preview
        while self._ahead:
            _, ahead = self._ahead.popitem(last=False)
            if ahead.key not in self._memory:
                return ahead
        return None

    def _can_answer(self, key: str) -> bool:
        """Whether a decode need not wait: the embedding is there, or never will be."""
        return key in self._memory or self._refusal() is not None

    def _refusal(self) -> str | None:
        """Why the current image cannot be decoded at all."""
        return self._broken or self._unreadable

    def _is_wanted(self, job: _Job, asked: int) -> bool:
        """Whether the person still waits for it: image not left, prompt not cancelled."""
        with self._wake:
            if self._closed or job.key != self._current:
                return False
            return isinstance(job, _Embed) or asked == self._asked

    def _outcome(self, segmenter: Segmenter | None, job: _Job) -> Event | None:
        """Do the job; what to tell about it."""
        ticket = job.ticket if isinstance(job, _Decode | _Snap) else None
        refusal = self._refusal()
        if segmenter is None or (ticket is not None and refusal is not None):
            return None if ticket is None else Failed(job.key, ticket, refusal or "")
        try:
            match job:
                case _Decode():
                    return self._decoded(segmenter, job)
                case _Snap():
                    return self._snapped(segmenter, job)
                case _Preview():
                    return self._previewed(segmenter, job)
                case _Embed():
                    return self._embedded(segmenter, job)
                case _Ahead():
                    self._prepared(segmenter, job)
                    return None
        except Exception as error:  # one bad photo or prompt must not end the thread
            if isinstance(job, _Ahead | _Preview):
                return None  # the image, or the click, will say it itself
            if isinstance(job, _Embed):
                self._give_up(job.key, _sentence(error))
            return Failed(job.key, ticket, _sentence(error))

    def _decoded(self, segmenter: Segmenter, job: _Decode) -> Event:
        candidates = segmenter.decode(self._embedding(job.key), job.prompt)
        _ = candidates.items[0].region
        return Decoded(job.key, job.ticket, candidates)

    def _snapped(self, segmenter: Segmenter, job: _Snap) -> Event:
        candidate = segmenter.snap(self._embedding(job.key), job.prompt, job.candidate)
        _ = candidate.region
        return Snapped(job.key, job.ticket, candidate)

    def _previewed(self, segmenter: Segmenter, job: _Preview) -> Event:
        candidate = segmenter.decode(self._embedding(job.key), job.prompt).items[0]
        _ = candidate.region
        return Previewed(job.key, job.ticket, candidate)

    def _embedded(self, segmenter: Segmenter, job: _Embed) -> Event:
        with self._wake:
            known = self._memory.get(job.key)
        if known is not None:
            return Embedded(job.key, known.encode_ms, True)
        embedding = segmenter.embed(job.photo)
        self._remember(job.key, embedding)
        return Embedded(job.key, embedding.encode_ms, False)

    def _prepared(self, segmenter: Segmenter, job: _Ahead) -> None:
        photo = job.load_photo()
        with self._wake:
            if self._closed or job.turn != self._turns:
                return
            if self._embed is not None or self._decode is not None:
                # Reading took a while; the person comes first.
                self._ahead[job.key] = job
                self._ahead.move_to_end(job.key, last=False)
                return
        self._remember(job.key, segmenter.embed(photo))

    def _embedding(self, key: str) -> Embedding:
        with self._wake:
            embedding = self._memory.get(key)
        if embedding is None:
            raise LookupError(key)
        return embedding

    def _remember(self, key: str, embedding: Embedding) -> None:
        with self._wake:
            self._memory.put(key, embedding, keep=self._current)

    def _give_up(self, key: str, message: str) -> None:
        with self._wake:
            if key == self._current:
                self._unreadable = message


def _sentence(error: Exception) -> str:
    """What the person reads; no traceback ever."""
    if isinstance(error, UserError):
        return str(error)
    reason = printable(str(error).splitlines()[0][:200]) if str(error) else ""
    return f"The model failed ({type(error).__name__}{': ' if reason else ''}{reason})."
