"""Prompt and answer: what the model is asked about the image at hand, and what it said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from tui_label.editor.document import Document
from tui_label.editor.draft import Answer, Draft
from tui_label.errors import InputError
from tui_label.geometry.boxes import Box
from tui_label.segment.events import Decoded, Embedded, Event, Failed, ModelReady, Snapped
from tui_label.segment.types import AnyPhoto, Candidate, Capability, Prompt, PromptPoint


class Engine(Protocol):
    """What is asked of inference; ``segment.worker.InferenceWorker`` is one."""

    def focus(self, key: str, photo: AnyPhoto) -> None:
        """This image is looked at now: embed it."""

    def decode(self, key: str, ticket: int, prompt: Prompt) -> None:
        """Answer a prompt; only the newest is answered."""

    def snap(self, key: str, ticket: int, prompt: Prompt, candidate: Candidate) -> None:
        """Draw a candidate to the edges of the photo."""

    def preview(self, key: str, ticket: int, prompt: Prompt) -> None:
        """Answer a prompt that nobody has put yet, when there is nothing better to do."""

    def ahead(self, key: str, load_photo: Callable[[], AnyPhoto]) -> None:
        """Embed an image that is likely to be opened next, when there is nothing better to do."""

    def cancel(self) -> None:
        """Forget what is waiting."""


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of the model; ``title`` is empty while it is being loaded."""

    title: str = ""
    capability: Capability = Capability()
    is_builtin: bool = False


class Prompting:
    """The prompt of one document, put to the engine, and the answers taken back.

    State: the engine's model, the document at hand, whether snapping is wanted, the number of
    the newest request (answers to older ones are ignored), the class of an accept that waits
    for its mask. Owned by the ``Session``, used on one thread.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.model = Model()
        self.model_failure = ""
        self.failure = ""
        self.snap = True
        self.embedded = False
        self.waiting_class: int | None = None
        self._document: Document | None = None
        self._key = ""
        self._ticket = 0
        self._snap_request: tuple[int, int] = (-1, 0)

    @property
    def shown(self) -> Candidate | None:
        """The candidate that is looked at."""
        answer = self._draft.answer
        return None if answer is None else answer.shown(self.snap)

    @property
    def is_waiting(self) -> bool:
        """Whether a prompt was put and its answer has not come."""
        return self._draft.stale and not self._draft.prompt.is_empty and not self.trouble

    @property
    def trouble(self) -> str:
        """Why there is no answer: of the model as a whole, or of the present prompt."""
        return self.model_failure or self.failure

    def attach(self, document: Document | None, key: str) -> None:
        """Turn to another image, or to none while its photo is being decoded."""
        self.forget()
        self._document, self._key = document, key
        self.failure = ""
        if document is None:
            self.embedded = False
        self.resume()

    def point(self, x: float, y: float, *, positive: bool) -> None:
        """A click: image pixels, edge frame; outside the photo it is put on its border.

        Raises:
            InputError: the model does not understand negative points.
        """
        document = self._open()
        if not positive and not self.model.capability.negative_points:
            raise InputError(f"{self.model.title} does not understand negative points.")
        # The last representable place inside the photo: its border belongs to no pixel.
        x = min(max(x, 0.0), document.size.width - 1e-3)
        y = min(max(y, 0.0), document.size.height - 1e-3)
        point = PromptPoint(x, y, positive)
        feedback = self.model.capability.feedback
        self._put(document.now.draft.with_point(point, feedback=feedback))

    def box(self, box: Box) -> None:
        """A box around the object, clipped to the photo.

        Raises:
            InputError: the box is smaller than a pixel, or the model does not understand boxes.
        """
        document = self._open()
        if not self.model.capability.boxes:
            raise InputError(f"{self.model.title} does not understand boxes.")
        clipped = box.clipped(document.size)
        if clipped.width < 1 or clipped.height < 1:
            raise InputError("The box is smaller than a pixel; put its corners further apart.")
        self._put(document.now.draft.with_box(clipped))

    def turn(self, step: int) -> bool:
        """Look at the next or previous candidate; ``False`` where there is only one."""
        document, draft = self._open(), self._draft
        if draft.answer is None or draft.stale or len(draft.answer.candidates.items) < 2:
            return False
        document.change(draft=replace(draft, answer=draft.answer.turned(step)))
        self.resume()
        return True

    def clear(self) -> bool:
        """Forget the prompt; ``False`` when there was none."""
        document = self._open()
        if self._draft.is_blank and document.now.reopened is None:
            return False
        self.forget()
        document.change(draft=Draft(), reopened=None)
        return True

    def reopen(self, index: int) -> None:
        """Refine an object: its prompt comes back, or its box where the prompt is not known.

        Raises:
            InputError: only the box is known and the model does not understand boxes.
        """
        self.check_nothing_waits()
        document = self._open()
        prompt = document.now.entries[index].prompt
        if prompt is None:
            if not self.model.capability.boxes:
                raise InputError(f"{self.model.title} does not understand boxes.")
            prompt = Prompt(box=document.box(index).clipped(document.size))
        self.forget()
        document.change(draft=Draft(prompt, stale=True), reopened=index, selected=None)
        self.resume()

    def toggle_snap(self) -> bool:
        """Switch edge snapping; returns whether it is on now."""
        self.snap = not self.snap
        self.resume()
        return self.snap

    def forget(self) -> None:
        """Whatever is still on its way is not wanted any more."""
        self.engine.cancel()
        self._ticket += 1
        self.waiting_class = None

    def resume(self) -> None:
        """Ask for what the present draft lacks: its answer, or the snapped candidate."""
        draft = self._draft
        if draft.prompt.is_empty:
            return
        if draft.answer is None or draft.stale:
            self._ticket += 1
            self.failure = ""
            self.engine.decode(self._key, self._ticket, draft.prompt)
            return
        answer = draft.answer
        if not self.snap or not self.model.capability.snap or answer.chosen in answer.snapped:
            return
        self._ticket += 1
        self._snap_request = (self._ticket, answer.chosen)
        raw = answer.candidates.items[answer.chosen]
        self.engine.snap(self._key, self._ticket, draft.prompt, raw)

    def receive(self, event: Event) -> bool:
        """Take an answer of the engine, ignoring late ones; whether a prompt was answered."""
        match event:
            case ModelReady(title=title, capability=capability, is_builtin=is_builtin):
                self.model = Model(title, capability, is_builtin)
                self.model_failure = ""
            case Embedded(key=key) if key == self._key:
                self.embedded = True
            case Decoded(key=key, ticket=ticket, candidates=candidates):
                if self._is_newest(key, ticket) and self._document is not None:
                    self.failure = ""
                    self._document.answer(Answer(candidates))
                    return True
            case Snapped(key=key, ticket=ticket, candidate=candidate):
                if self._is_newest(key, ticket):
                    self._take_snapped(ticket, candidate)
            case Failed(key="", message=message):
                self.model_failure = message
            case Failed(key=key, ticket=ticket, message=message):
                if key == self._key and ticket in {None, self._ticket}:
                    self.failure = message
            case _:
                pass
        return False

    @property
    def _draft(self) -> Draft:
        return Draft() if self._document is None else self._document.now.draft

    def _open(self) -> Document:
        if self._document is None:
            raise InputError("The photo is still being opened.")
        return self._document

    def check_nothing_waits(self) -> None:
        """Raise :class:`InputError` while an accepted object still waits for its mask."""
        if self.waiting_class is not None:
            raise InputError(
                "The object that you accepted still waits for its mask.",
                "Do this when it is saved; escape drops the object.",
            )

    def _put(self, draft: Draft) -> None:
        # A point set now would mean the next object, and join the prompt of the last.
        self.check_nothing_waits()
        self._open().change(draft=draft, selected=None)
        self.resume()

    def _is_newest(self, key: str, ticket: int) -> bool:
        return key == self._key and ticket == self._ticket

    def _take_snapped(self, ticket: int, candidate: Candidate) -> None:
        answer = self._draft.answer
        wanted, position = self._snap_request
        if self._document is None or answer is None or self._draft.stale or ticket != wanted:
            return
        self._document.answer(replace(answer, snapped={**answer.snapped, position: candidate}))
