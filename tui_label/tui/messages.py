"""Events that travel through the app."""

from __future__ import annotations

from textual.message import Message

from tui_label.segment.events import Event
from tui_label.segment.types import Photo


class EngineSpoke(Message):
    """The inference worker has something to say."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class PhotoOpened(Message):
    """A photo was decoded."""

    def __init__(self, index: int, photo: Photo) -> None:
        super().__init__()
        self.index = index
        self.photo = photo


class PhotoFailed(Message):
    """A photo could not be decoded."""

    def __init__(self, index: int, sentence: str) -> None:
        super().__init__()
        self.index = index
        self.sentence = sentence
