"""The object being made: a prompt, the answers to it, and which of them is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tui_label.geometry.boxes import Box
from tui_label.segment.types import Candidate, Candidates, Logits, Prompt, PromptPoint


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the model said to a prompt.

    ``snapped`` holds, by position, candidates that were drawn to the photo's edges later.
    """

    candidates: Candidates
    chosen: int = 0
    snapped: Mapping[int, Candidate] = field(default_factory=dict)

    def shown(self, snap: bool) -> Candidate:
        """The candidate on the screen: the snapped one where there is one and it is wanted."""
        raw = self.candidates.items[self.chosen]
        return self.snapped.get(self.chosen, raw) if snap else raw

    def turned(self, step: int) -> Answer:
        """The next (``1``) or previous (``-1``) candidate, round and round."""
        return replace(self, chosen=(self.chosen + step) % len(self.candidates.items))


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A prompt and its answer; ``stale`` while the answer is to an earlier prompt."""

    prompt: Prompt = field(default_factory=Prompt)
    answer: Answer | None = None
    stale: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing was said yet."""
        return not self.prompt.points and self.prompt.box is None

    def with_point(self, point: PromptPoint, *, feedback: bool) -> Draft:
        """One more click; the chosen logits go back with it where a model takes them."""
        prompt = replace(self.prompt, points=(*self.prompt.points, point))
        return Draft(replace(prompt, feedback=self._logits(feedback)), self.answer, stale=True)

    def with_box(self, box: Box) -> Draft:
        """A box instead of the box there was; what was fed back belonged to another object."""
        return Draft(replace(self.prompt, box=box, feedback=None), self.answer, stale=True)

    def answered(self, answer: Answer) -> Draft:
        """The answer to this very prompt has come."""
        return Draft(self.prompt, answer)

    def at_rest(self) -> Draft:
        """The same prompt without what was answered: it can be asked again."""
        return Draft(replace(self.prompt, feedback=None), stale=not self.is_blank)

    def _logits(self, feedback: bool) -> Logits | None:
        if not feedback:
            return None
        if self.answer is None or self.stale:
            return self.prompt.feedback
        # The raw candidate: a model is trained on its own logits, not on snapped ones.
        return self.answer.candidates.items[self.answer.chosen].logits
