"""The mask that a click would give, seen before the click."""

from __future__ import annotations

from typing import Protocol

from tui_label.editor.draft import Draft
from tui_label.geometry.masks import Region
from tui_label.segment.events import Event, Previewed
from tui_label.segment.types import Capability, Prompt, PromptPoint


class Oracle(Protocol):
    """What is asked; ``segment.worker.InferenceWorker`` is one."""

    def preview(self, key: str, ticket: int, prompt: Prompt) -> None:
        """Answer a prompt that nobody has put yet, when nothing else is to be done."""


class Hovering:
    """What the pointer, or the cursor, rests on. Owned by the ``Session``, used on one thread.

    State: whether previews are wanted, where the last one was asked for, its mask.
    """

    def __init__(self, oracle: Oracle) -> None:
        self.wanted = False
        self.region: Region | None = None
        self._oracle = oracle
        self._place: tuple[float, float] | None = None
        self._key = ""
        self._ticket = 0

    def toggle(self) -> bool:
        """On or off; returns which."""
        self.wanted = not self.wanted
        self.forget()
        return self.wanted

    def move(self, x: float, y: float) -> bool:
        """To a place, image pixels, edge frame; whether the mask that was seen is gone.

        Within the mask it stays: a hand that moves on an object would make it flicker.
        """
        if self.region is None or self.region.contains(x, y):
            return False
        self.forget()
        return True

    def rest(
        self, key: str, draft: Draft, capability: Capability, place: tuple[float, float]
    ) -> None:
        """Ask what a positive point here would give, together with the prompt there is."""
        if not self.wanted or (place == self._place and key == self._key):
            return
        self._place, self._key = place, key
        self._ticket += 1
        pointed = draft.with_point(PromptPoint(*place, True), feedback=capability.feedback)
        self._oracle.preview(key, self._ticket, pointed.prompt)

    def receive(self, event: Event) -> bool:
        """Take an answer, ignoring late ones; whether there is another mask to see."""
        match event:
            case Previewed(key=key, ticket=ticket, candidate=candidate):
                if self.wanted and key == self._key and ticket == self._ticket:
                    self.region = candidate.region
                    return True
        return False

    def forget(self) -> None:
        """Nothing is seen, and an answer on its way is not wanted any more."""
        self.region, self._place = None, None
        self._ticket += 1
