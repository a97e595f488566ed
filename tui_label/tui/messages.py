"""Events that travel through the app."""

from __future__ import annotations

from textual.message import Message

from tui_label.editor.sharpening import AnyPhoto, Detail
from tui_label.graphics.reattach import Client
from tui_label.graphics.scene import Layer
from tui_label.segment.events import Event


class EngineSpoke(Message):
    """The inference worker has something to say."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class PhotoOpened(Message):
    """A photo was decoded, or an overview of it."""

    def __init__(self, index: int, photo: AnyPhoto) -> None:
        super().__init__()
        self.index = index
        self.photo = photo


class PhotoFailed(Message):
    """A photo could not be decoded."""

    def __init__(self, index: int, sentence: str) -> None:
        super().__init__()
        self.index = index
        self.sentence = sentence


class PhotoSharpened(Message):
    """A part of a large photo was decoded in a higher resolution."""

    def __init__(self, detail: Detail, layer: Layer) -> None:
        super().__init__()
        self.detail = detail
        self.layer = layer


class PhotoNotSharpened(Message):
    """A part of a large photo could not be decoded."""

    def __init__(self, detail: Detail, sentence: str) -> None:
        super().__init__()
        self.detail = detail
        self.sentence = sentence


class TerminalSeen(Message):
    """Who looks at us now was found out; ``None`` where it could not be."""

    def __init__(self, client: Client | None) -> None:
        super().__init__()
        self.client = client


class Redrawn(Message):
    """The person wants everything drawn anew: the terminal may be another one."""
