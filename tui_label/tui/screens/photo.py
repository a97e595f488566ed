"""Photos are decoded in threads of their own, huge ones in parts."""

from __future__ import annotations

from textual import on, work
from textual.screen import Screen
from textual.timer import Timer

from tui_label.editor.photo_cache import PhotoCache
from tui_label.editor.session import Session
from tui_label.editor.sharpening import Detail
from tui_label.errors import InputError, UserError
from tui_label.tui.messages import (
    PhotoFailed,
    PhotoNotSharpened,
    PhotoOpened,
    PhotoSharpened,
)
from tui_label.tui.widgets.canvas import Canvas

_SHARPEN_S = 0.15
"""After the last move: a part of a huge photo takes up to seconds to decode."""


class PhotoScreen(Screen[None]):
    """A screen with the photo of the image at hand.

    State: the session and the canvas, the part of a photo that is being decoded. Whoever
    derives from it says what is to be done when there is more to see.
    """

    def __init__(self, session: Session, canvas: Canvas, photos: PhotoCache) -> None:
        super().__init__()
        self.session = session
        self.canvas = canvas
        self._photos = photos
        self._sharpening: Detail | None = None
        self._soon: Timer | None = None

    def see_photo(self) -> None:
        """Look at another photo as a whole."""
        raise NotImplementedError

    def update(self) -> None:
        """Bring picture and words to the present state."""
        raise NotImplementedError

    def say(self, sentence: str, *, warning: bool = False) -> None:
        """Tell the person."""
        raise NotImplementedError

    def load_photo(self) -> None:
        """Decode the photo of the image at hand; it is shown when that is done."""
        self._decode(self.session.index)

    def sharpen_soon(self) -> None:
        """When nothing moves for a while, decode what is seen of a huge photo in its own pixels."""
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(_SHARPEN_S, self._sharpen_what_is_seen)

    @on(PhotoOpened)
    def _photo_opened(self, message: PhotoOpened) -> None:
        if message.index != self.session.index or self.session.photo is not None:
            return
        self.session.opened(message.index, message.photo)
        self.see_photo()
        if self.session.failure:
            self.say(self.session.failure, warning=True)
        self.update()

    @on(PhotoFailed)
    def _photo_failed(self, message: PhotoFailed) -> None:
        self.session.failed(message.index, message.sentence)
        self.update()

    @on(PhotoSharpened)
    def _photo_sharpened(self, message: PhotoSharpened) -> None:
        self._sharpening = None
        seen = self.session.seen
        if seen is not None:
            seen.sharpened(message.detail, message.layer)
        # Also when it came too late: the photo at hand could not be sharpened meanwhile.
        self.update()

    @on(PhotoNotSharpened)
    def _photo_not_sharpened(self, message: PhotoNotSharpened) -> None:
        self._sharpening = None
        seen = self.session.seen
        if seen is not None and seen.photo is message.detail.photo:
            seen.not_sharpened()
            self.say(message.sentence, warning=True)
            self.update()

    def _sharpen_what_is_seen(self) -> None:
        """A huge photo was decoded in a lower resolution than the part of it that is seen now."""
        self._soon = None
        viewport, seen = self.canvas.viewport, self.session.seen
        if viewport is None or seen is None or self._sharpening is not None:
            return
        detail = seen.wanted(viewport.visible, viewport.scale)
        if detail is not None:
            self._sharpening = detail
            self._decode_part(detail)

    @work(thread=True, exclusive=True, group="photo")
    def _decode(self, index: int) -> None:
        try:
            photo = self._photos.load(self.session.dataset.images[index])
        except InputError as error:
            self.post_message(PhotoFailed(index, str(error)))
        else:
            self.post_message(PhotoOpened(index, photo))

    @work(thread=True, exclusive=True, group="sharpen")
    def _decode_part(self, detail: Detail) -> None:
        try:
            layer = detail.decoded()
        except UserError as error:
            self.post_message(PhotoNotSharpened(detail, str(error)))
        else:
            self.post_message(PhotoSharpened(detail, layer))
