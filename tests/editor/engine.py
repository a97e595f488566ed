"""An engine without a thread: the real built-in segmenter, whose answers wait to be delivered."""

from collections.abc import Callable

from tui_label.segment.builtin import BUILTIN
from tui_label.segment.events import Decoded, Embedded, Event, ModelReady, Previewed, Snapped
from tui_label.segment.types import Candidate, Embedding, Photo, Prompt, Segmenter


class HeldEngine:
    """Works at once and holds every answer until the test delivers it: late, or never.

    ``cancel`` takes nothing back: the worst engine has begun already when it is cancelled, and
    its answer arrives all the same.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self.segmenter = segmenter
        self.held: list[Event] = [
            ModelReady(
                segmenter.title,
                segmenter.key,
                segmenter.capability,
                segmenter.key.startswith(BUILTIN),
            )
        ]
        self.prompts: list[Prompt] = []
        self.looked_ahead: list[str] = []
        self._embeddings: dict[str, Embedding] = {}

    def focus(self, key: str, photo: Photo) -> None:
        self._embeddings[key] = self.segmenter.embed(photo)
        self.held.append(Embedded(key, self._embeddings[key].encode_ms, remembered=False))

    def decode(self, key: str, ticket: int, prompt: Prompt) -> None:
        self.prompts.append(prompt)
        candidates = self.segmenter.decode(self._embeddings[key], prompt)
        self.held.append(Decoded(key, ticket, candidates))

    def snap(self, key: str, ticket: int, prompt: Prompt, candidate: Candidate) -> None:
        snapped = self.segmenter.snap(self._embeddings[key], prompt, candidate)
        self.held.append(Snapped(key, ticket, snapped))

    def preview(self, key: str, ticket: int, prompt: Prompt) -> None:
        candidates = self.segmenter.decode(self._embeddings[key], prompt)
        self.held.append(Previewed(key, ticket, candidates.items[0]))

    def ahead(self, key: str, load_photo: Callable[[], Photo]) -> None:
        self.looked_ahead.append(key)

    def cancel(self) -> None:
        """Too late."""
